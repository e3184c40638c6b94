"""Plain text and Markdown: the decoded file itself, so that offsets point into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.readers.base import Extract
from corpus.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_text(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield a file's text, untouched; see `corpus.readers.base.Reader`."""
    yield Extract(decode(data, str(path)))

"""Archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.base.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path


def read_place(path: Path) -> bytes:
    """Read a file, which may be one in an archive: the archive's path is then above its own."""
    return read_bytes(path)

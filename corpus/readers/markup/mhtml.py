"""Pages that a browser saved whole in one file (MHTML): the page in it, read as one of HTML."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.markup.html import decoded_page, read_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from corpus.readers.base import Extract


def read_mhtml(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the articles of a saved page; see `corpus.readers.base.Reader`.

    Places are bytes of the page as it was before it was packed into the file. Raises InputError where there
    is no page in it, or no article in that.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    page = _page(message)
    payload = None if page is None else page.get_payload(decode=True)
    if page is None or not isinstance(payload, bytes):
        raise InputError(f"{path}: no page in it: an MHTML file has a part of the type text/html")
    text, encoding, notes = decoded_page(payload, path, page.get_content_charset())
    address = page.get("Content-Location") or message.get("Snapshot-Content-Location")
    stated = {"url": str(address)} if address and str(address).startswith("http") else {}
    yield from read_page(text, str(path), encoding=encoding, stated=stated, notes=notes)


def _page(message: EmailMessage) -> EmailMessage | None:
    """Return the part that is the page: the first of HTML, which the others belong to."""
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
    return None

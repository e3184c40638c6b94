"""Web archives (WARC): the pages that were answered to a crawler, one after the other."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from corpus.base.errors import InputError
from corpus.base.limits import MAX_DOCUMENT
from corpus.text.decoding import codecs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What is read of an answer, by its content type, and what the name of such a file ends in.
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
}
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a web archive.

    Attributes
    ----------
    name
        Host and path of its address, with an ending that says what it is.
    url
        Its address.
    read
        Return its bytes; to be called before the next page is asked for.
    """

    name: str
    url: str
    read: Callable[[], bytes]


def pages(stream: IO[bytes], shown: str) -> Iterator[Page]:
    """Yield the pages and texts of an archive; pictures, scripts, errors and redirections are passed over.

    Raises
    ------
    InputError
        If `warcio` is not installed, or the archive is damaged; what comes before that is yielded.
    """
    if find_spec("warcio") is None:
        raise InputError(
            f"{shown}: to read web archives takes warcio, which is not installed: pip install 'duizhao[html]'"
        )
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(stream, no_record_parse=False):
            if record.rec_type not in ("response", "resource"):
                continue
            headers = record.http_headers or record.rec_headers
            kind, _, about = (headers.get_header("Content-Type") or "").partition(";")
            ending = _TYPES.get(kind.strip().lower())
            status = record.http_headers.get_statuscode() if record.http_headers else "200"
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if ending is None or status != "200":
                continue
            content = record.content_stream()
            yield Page(_name(url, ending), url, partial(_read, content, about, shown))
    except (ArchiveLoadFailed, ValueError, AttributeError) as error:
        raise InputError(f"{shown}: a damaged web archive ({error})") from None


def _read(content: IO[bytes], about: str, shown: str) -> bytes:
    data: bytes = content.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise InputError(
            f"{shown}: a page larger than {MAX_DOCUMENT:,} bytes, the most that is read of one file"
        )
    # What the server said of the encoding is not in the page: it is written into it, as a byte-order mark.
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", about, re.IGNORECASE)
    if charset is None or b"charset" in data[:2048].lower():
        return data
    for codec in codecs_of(charset[1]):
        try:
            return codecs.BOM_UTF8 + data.decode(codec).removeprefix("\ufeff").encode()
        except (UnicodeError, ValueError):
            continue
    return data


def _name(url: str, ending: str) -> str:
    parts = urlsplit(url.strip("<>"))
    path = unquote(parts.path, errors="replace")
    name = f"{parts.hostname or 'page'}/{path.strip('/') or 'index'}"
    if parts.query:
        name += f"_{unquote(parts.query, errors='replace')}"
    if not name.lower().endswith((ending, ".htm" if ending == ".html" else ending)):
        name += ending
    stem, dot, last = name.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{last}"

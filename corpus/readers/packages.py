"""Documents that are a zip of XML files (DOCX, ODT, EPUB), opened without trust.

A zip may unpack to any size, and XML may name entities that multiply, or files and addresses to be fetched.
Sizes are limited here, no document type is read, and nothing is resolved.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError, InputError
from corpus.base.limits import MAX_PACKAGE, MAX_PACKED_FILES, MAX_PART, MAX_RATIO
from corpus.readers.blocks import SCANNED, Found, documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lxml import etree

    from corpus.readers.base import AlignedSegments, Extract

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL = 1_000_000  # bytes; what is smaller may pack as well as it likes

# What stands before the root of an XML file, and a document type there.
_PROLOG = re.compile(r"(?:\s+|<\?.{0,10000}?\?>|<!--.{0,100000}?-->)*+(<!DOCTYPE)", re.DOTALL | re.IGNORECASE)


@contextmanager
def reading(name: str, kind: str) -> Iterator[None]:
    """Turn whatever a broken file makes a library raise into an InputError that names the file.

    Parameters
    ----------
    name, kind
        The file, and what it was taken for, with its article: ``a Word document``.
    """
    try:
        yield
    except (CorpusError, MemoryError, NameError, ImportError):
        raise
    except Exception as error:
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        msg = f"{name}: cannot be read as {kind}, it is damaged ({detail}); open it and save it anew"
        raise InputError(msg) from error


class Package:
    """A zip of files that belong together, in memory.

    Raises
    ------
    InputError
        If it is no zip, or has more than `corpus.base.limits.MAX_PACKED_FILES` files.
    """

    def __init__(self, data: bytes, name: str, kind: str) -> None:
        self.name, self.kind = name, kind
        if not data.startswith(b"PK"):
            raise InputError(f"{name}: not {kind} but {content_of(data)}")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            msg = f"{name}: {kind} that is cut off or damaged ({error}); copy it again from where it came"
            raise InputError(msg) from None
        self.files = {info.filename: info for info in self._zip.infolist()}
        if len(self.files) > MAX_PACKED_FILES:
            msg = f"{name}: holds {len(self.files):,} files, the most for {kind} is {MAX_PACKED_FILES:,}"
            raise InputError(msg)
        self._read = 0

    def __contains__(self, file: str) -> bool:
        return file in self.files

    def read(self, file: str) -> bytes:
        """Return the bytes of a file in it (InputError if it is too large, damaged, or under a password)."""
        info = self.files.get(file)
        if info is None:
            raise InputError(f"{self.name}: {file} is missing in it: {self.kind} that is damaged")
        if info.flag_bits & 1:
            raise InputError(f"{self.name}: under a password; open it, save it without one, and ingest that")
        packed, size = max(info.compress_size, 1), info.file_size
        self._read += size
        if size > MAX_PART or self._read > MAX_PACKAGE or (size > _SMALL and size > MAX_RATIO * packed):
            msg = (
                f"{self.name}: {file} unpacks to {size:,} bytes from {packed:,}; the most is "
                f"{MAX_PART:,} for one file, {MAX_PACKAGE:,} for all, and {MAX_RATIO} times the packed size"
            )
            raise InputError(msg)
        try:
            with self._zip.open(info) as packed_file:
                return packed_file.read(size)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
                RuntimeError) as error:  # fmt: skip
            raise InputError(f"{self.name}: {file} in it is damaged ({error}); copy it again") from None

    def xml(self, file: str) -> etree._Element:
        """Return the root of an XML file in it; see `parse_xml`."""
        return parse_xml(self.read(file), f"{self.name}: {file}")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse XML without entities, network, comments or a document type.

    Raises
    ------
    InputError
        If it is not well formed, or has a document type, by which entities come in.
    """
    from lxml import etree

    if _PROLOG.match(decoded_xml(data[:200_000], name)):
        raise InputError(f"{name}: has a DOCTYPE, which is not read: it can name files and multiply text")
    try:
        root = etree.fromstring(data, safe_parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise InputError(f"{name}: not well-formed XML ({_first_line(error)})") from None
    if root is None:
        raise InputError(f"{name}: no XML in it")
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that Python does not have
        raise InputError(f"{name}: has a DOCTYPE, which is not read: it can name files and multiply text")
    return root


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace: variants of a format differ in nothing else."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute by its name without a namespace; None without an element, too."""
    if element is None:
        return None
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Return the first child with a name, of that the first child with the next, and so on."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def safe_parser() -> etree.XMLParser:
    """Return a parser of XML that resolves nothing and refuses what is out of all proportion."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def decoded_xml(data: bytes, name: str) -> str:
    """Return an XML file as text without its declaration: as UTF-8 or UTF-16, or as it declares.

    Raises
    ------
    InputError
        If it declares an encoding that is none.
    """
    if data.startswith((b"\xff\xfe", b"<\0")):
        text = data.decode("utf-16-le", "replace")
    elif data.startswith((b"\xfe\xff", b"\0<")):
        text = data.decode("utf-16-be", "replace")
    else:
        declared = _DECLARED.match(data[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        try:
            text = data.decode(encoding, "replace")
        except (LookupError, UnicodeError):  # also of codecs that are no text's, such as rot13
            raise InputError(f"{name}: XML in {encoding!r}, which is no known encoding") from None
    text = text.removeprefix("\ufeff")
    return _DECLARATION.sub("", text, count=1)


_DECLARED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def content_of(data: bytes) -> str:
    """Say what bytes are that have another format than their file's name says, and what to do."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_OLE):
        return _ole_content(data)
    known = next((content for mark, content in _CONTENTS if mark.match(head)), None)
    if known is not None:
        return known
    return "something else" if _CONTROL.search(head) else "plain text; name it .txt"


_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTENTS = [
    (re.compile(mark, re.IGNORECASE | re.DOTALL), content)
    for mark, content in (
        (rb"\Z", "an empty file"),
        (rb"\{\\rtf", "RTF; name it .rtf"),
        (rb"%PDF", "a PDF; name it .pdf"),
        (rb"PK", "a zip of files"),
        (rb"\x1f\x8b|7z\xbc\xaf|Rar!", "an archive; unpack it first"),
        (rb"\xff\xd8\xff|\x89PNG|GIF8|II\*\0|MM\0\*", "a picture, which has no text"),
        (rb"(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html)", "HTML; name it .html"),
        (rb"<", "XML of another kind"),
        (rb"\d+\s+\d\d:\d\d:\d\d,\d+ -->", "subtitles; name it .srt"),
        (rb"WEBVTT", "subtitles; name it .vtt"),
    )
]


def _ole_content(data: bytes) -> str:
    """Say what an old Microsoft file is: of Word up to 2003, or a later one under a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "one under a password; open it, save it without one, and ingest that"
    if "WordDocument".encode("utf-16-le") in data:
        return "one of Word 2003 or before (.doc); convert it to DOCX with LibreOffice"
    return "an old Microsoft Office file; open it in the program it was made with, and save it as DOCX"


def read_package(
    data: bytes, path: Path, kind: str, find: Callable[[Package], Found], nothing: str = SCANNED
) -> Iterator[Extract | AlignedSegments]:
    """Yield what is found in a file that is a zip of others; see `corpus.readers.blocks.documents`.

    Parameters
    ----------
    data, path
        As in `corpus.readers.base.Reader`.
    kind
        What the file was taken for, with its article.
    find
        Finds what is in it.
    nothing
        What to say where it has no text.

    Raises
    ------
    InputError
        If it is damaged, something else than its name says, or has no text.
    """
    name = str(path)
    package = Package(data, name, kind)
    with reading(name, kind):
        found = find(package)
    yield from documents(found, name, nothing)

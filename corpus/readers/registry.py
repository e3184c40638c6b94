"""The formats that files come in: what they are known by, and which function reads each."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corpus.readers.base import Reader

GROUP = "duizhao.readers"
"""Entry points of packages that read further formats: each is named as its format, and is a `Format`."""

TEXT = "text"
"""The format of what shows no other one."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files that come in.

    A file is of the first format of the table that its content shows; if it shows none, of the one that its
    name's ending says; otherwise it is plain text.

    Attributes
    ----------
    endings
        What the names of such files end in, lower case, with the dot.
    module, function
        The `corpus.readers.base.Reader`, imported when a file is read.
    about, places
        A line about the format, and about the places in a file that are kept.
    needs
        Modules that it takes and that a base installation may lack.
    library
        What does the work, as a user would look it up; empty of what is ours.
    extra
        The extra of the package that brings `needs`; None of a plug-in, and of what is always there.
    opens
        A regular expression that the start of such a file matches, a byte-order mark and white space left
        out; of bytes that are in no Unicode encoding that opens with a mark, each is taken for a character.
    holds
        A name in a ZIP archive that shows the format.
    roots
        Local names of the XML element that such a file is.
    beside
        A function of `module` that returns of the bytes of a file and its path the other files that are read
        with it.
    paired
        Whether `beside` finds files by the names of both only, which shows the format.
    shows
        A function of `module` that tells of the bytes of a file, which its name does not say to be of another
        format, whether it is of this one.
    """

    endings: tuple[str, ...]
    module: str
    function: str
    about: str
    places: str
    needs: tuple[str, ...] = ()
    library: str = ""
    extra: str | None = None
    opens: str = ""
    holds: str = ""
    roots: tuple[str, ...] = ()
    shows: str = ""
    beside: str = ""
    paired: bool = False

    @property
    def installed(self) -> bool:
        """Whether the modules that it takes are there."""
        return all(find_spec(name) is not None for name in self.needs)


_B = "corpus.readers.bitext."
_MHTML = r"(?=.{0,2000}multipart/related)(?:from|mime-version|snapshot-content-location|subject|date):"
_HOCR = r"<.{0,4000}(?:name=[\"']ocr-system|class=[\"']ocr_page)"
_PAGE = r"(?:<\?xml[^>]*>\s*)?(?>(?><!--.*?-->)\s*)*<(?:!doctype\s+html|html(?=[\s>]))"

# One block of rows for each kind; what is more special comes before what is less.
FORMATS: Mapping[str, Format] = {
    # saved pages and structured text
    "mhtml": Format((".mhtml", ".mht"), "corpus.readers.markup.mhtml", "read_mhtml", "a page saved whole in one file", "byte of the page", ("trafilatura",), "trafilatura", "html", opens=_MHTML),  # noqa: E501
    "hocr": Format((".hocr",), "corpus.readers.markup.ocr", "read_hocr", "OCR of pages, as HTML", "page, box, confidence", library="lxml", opens=_HOCR),  # noqa: E501
    "html": Format((".html", ".htm", ".xhtml"), "corpus.readers.markup.html", "read_html", "saved pages: the article, without menus", "byte", ("trafilatura",), "trafilatura", "html", opens=_PAGE, roots=("html",), shows="is_page"),  # noqa: E501
    "tei": Format((".tei", ".xml"), "corpus.readers.markup.tei", "read_tei", "TEI: the text, without its apparatus", "page, block or its id", library="lxml", roots=("TEI", "TEI.2", "teiCorpus", "teiCorpus.2")),  # noqa: E501
    "alto": Format((".alto", ".alto.xml"), "corpus.readers.markup.ocr", "read_alto", "OCR of pages", "page, box, confidence", library="lxml", roots=("alto",)),  # noqa: E501
    "jsonl": Format((".jsonl", ".ndjson"), "corpus.readers.markup.jsonl", "read_jsonl", "an object a line: text, title, date, lang, url …", "line"),  # noqa: E501
    # documents of an office, books, subtitles
    "pdf": Format((".pdf",), "corpus.readers.pdf.reader", "read_pdf", "PDF with a text layer", "page", ("pypdfium2",), "pypdfium2", "pdf", r"%PDF-"),  # noqa: E501
    "docx": Format((".docx", ".docm", ".dotx", ".doc"), "corpus.readers.docx", "read_docx", "Word documents; .doc is to be converted", "paragraph, table cell, note", library="lxml", opens=r"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", holds="word/document.xml"),  # noqa: E501
    "odt": Format((".odt", ".ott"), "corpus.readers.odt", "read_odt", "OpenDocument texts", "paragraph, table cell, note", library="lxml", opens=r"PK.{28,200}?mimetypeapplication/vnd\.oasis\.opendocument\.text"),  # noqa: E501
    "rtf": Format((".rtf",), "corpus.readers.rtf", "read_rtf", "Rich Text Format", "paragraph, table cell, note", opens=r"\{\\rtf"),  # noqa: E501
    "epub": Format((".epub",), "corpus.readers.epub", "read_epub", "e-books", "chapter, paragraph", library="lxml", holds="META-INF/container.xml"),  # noqa: E501
    "subtitles": Format((".srt", ".vtt", ".ass", ".ssa"), "corpus.readers.subtitles", "read_subtitles", "subtitles (SRT, VTT, ASS)", "cue, time", library="pysubs2", opens=r"WEBVTT\b|\[Script Info\]|\d+\s+\d+:\d\d:\d\d[,.]\d+\s*-->"),  # noqa: E501
    # aligned segments
    "tmx": Format((".tmx",), _B + "tmx", "read_tmx", "translation memories, TMX 1.1 to 1.4", "unit", library="lxml", roots=("tmx",)),  # noqa: E501
    "xliff": Format((".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".mxliff"), _B + "xliff", "read_xliff", "XLIFF 1.x and 2.x of translation tools", "unit", library="lxml", roots=("xliff",)),  # noqa: E501
    "links": Format((".xml",), _B + "links", "read_links", "OPUS XCES, InterText: links, with the texts beside", "sentence id", library="lxml", roots=("cesAlign", "linkGrp"), beside="linked_files"),  # noqa: E501
    "table": Format((".tsv", ".csv", ".xlsx", ".ods"), _B + "tables", "read_table", "bilingual tables: a column a language, or src and tgt", "row", library="python-calamine"),  # noqa: E501
    "moses": Format((), _B + "moses", "read_moses", "files aligned line by line: news.zh, news.en, news.ids", "line", beside="moses_others", paired=True),  # noqa: E501
    # plain text
    "markdown": Format((".md", ".markdown"), "corpus.readers.text", "read_text", "Markdown; its markup is dropped", "line, offset"),  # noqa: E501
    TEXT: Format((".txt", ".text"), "corpus.readers.text", "read_text", "plain text", "line, offset"),
}  # fmt: skip


@cache
def formats() -> Mapping[str, Format]:
    """Return the formats by name: those of plug-ins after the toolkit's own, which they cannot replace."""
    found = dict(FORMATS)
    for point in entry_points(group=GROUP):
        try:
            loaded = point.load()
        except Exception as error:  # another's package: the files of all other formats are read
            loaded = Format((f".{point.name}",), "", "", f"does not load: {error}", "", extra=point.value)
        if isinstance(loaded, Format):
            found.setdefault(point.name, loaded)
    return found


def endings() -> frozenset[str]:
    """Return the endings of names by which files of a folder are taken."""
    return frozenset(ending for form in formats().values() for ending in form.endings)


def format_of(data: bytes, name: str) -> str:
    """Return the name of the format of a file, by its content or else by its name.

    Parameters
    ----------
    data
        Its bytes.
    name
        Its name, or a path.
    """
    start = _start(data)
    members = _members(data) if data.startswith(b"PK\x03\x04") else frozenset()
    root = _ROOT.match(start)
    for key, form in formats().items():
        opens = bool(form.opens) and re.match(form.opens, start, re.IGNORECASE | re.DOTALL) is not None
        if opens or form.holds in members or (root is not None and root["name"] in form.roots):
            return key
    named = format_named(name)
    if named != TEXT:
        return named
    return next((key for key, form in formats().items() if form.shows and _shows(form, data)), TEXT)


def format_paired(path: Path) -> str | None:
    """Return the name of the format that the names of files beside a file show it to be of, if any."""
    return next((key for key, form in formats().items() if form.paired and _beside(form, b"", path)), None)


def read_with(data: bytes, path: Path) -> tuple[Path, ...]:
    """Return the other files that are read with a file, because its format is of several.

    Parameters
    ----------
    data, path
        Its bytes, and where it is.
    """
    form = formats()[format_paired(path) or format_of(data, path.name)]
    return _beside(form, data, path) if form.beside else ()


def _beside(form: Format, data: bytes, path: Path) -> tuple[Path, ...]:
    return tuple(getattr(import_module(form.module), form.beside)(data, path))


def _shows(form: Format, data: bytes) -> bool:
    return bool(getattr(import_module(form.module), form.shows)(data))


def format_named(name: str) -> str:
    """Return the name of the format that the ending of a file's name says; `TEXT` if it says none."""
    lower = PurePath(name).name.lower()
    ends = {end: key for key, form in reversed(list(formats().items())) for end in form.endings}
    found = [end for end in ends if lower.endswith(end)]
    return ends[max(found, key=len)] if found else TEXT


def reader(name: str, file: str) -> Reader:
    """Return what reads a format.

    Parameters
    ----------
    name
        Of `formats`.
    file
        The file that is to be read, for messages.

    Raises
    ------
    InputError
        If a library that it takes is not installed; the message says what to install.
    """
    form = formats()[name]
    if not form.module:
        raise InputError(f"{file}: the plug-in for {name} files, {form.extra}, {form.about}")
    if not form.installed:
        lacking = next(need for need in form.needs if find_spec(need) is None)
        what = f"'duizhao[{form.extra}]'" if form.extra else lacking
        raise InputError(
            f"{file}: to read {name} files takes {lacking}, which is not installed: pip install {what}"
        )
    read: Reader = getattr(import_module(form.module), form.function)
    return read


# How much of a file is looked at; an XML file may have long comments above its first element.
_LOOKED_AT = 8_192
_ROOT = re.compile(
    r"(?:(?><\?.*?\?>)|(?><!--.*?-->)|(?><!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)|\s)*+"
    r"<(?:[\w.-]+:)?(?P<name>[\w.-]+)(?=[\s/>])",
    re.DOTALL,
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def _start(data: bytes) -> str:
    head = data[:_LOOKED_AT]
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "latin-1")
    return head.decode(encoding, "replace").lstrip("\ufeff \t\r\n\f\v")


def _members(data: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return frozenset(packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()

"""E-books (.epub): the chapters in the order of reading, their notes at the end."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html.entities import html5
from typing import TYPE_CHECKING
from urllib.parse import unquote

from corpus.base.errors import InputError
from corpus.readers.blocks import Block, Found, clean_block, left_out, properties
from corpus.readers.packages import Package, attribute, decoded_xml, local, parse_xml, read_package
from corpus.text.spans import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from corpus.readers.base import AlignedSegments, Extract

_KIND = "an EPUB book"
_NOTHING = "no text in it: its pages are pictures; have them read by OCR first"
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"


def read_epub(data: bytes, path: Path) -> Iterator[Extract | AlignedSegments]:
    """Yield the text of an e-book: one document, whose chapters follow each other as they are read.

    Notes come at the end; numbers that refer to them, page numbers, tables of contents and phonetic guides
    (ruby) are left out. What the book says of itself (title, author, date, publisher, language, rights) is
    stated. Places are ``chapter 3 paragraph 12``, counted over the files of the book that have text.

    Parameters
    ----------
    data, path
        As in `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is damaged, protected against copying, something else than its name says, or has no text.
    """
    return read_package(data, path, _KIND, _read_book, _NOTHING)


def _read_book(package: Package) -> Found:
    opf = _opf(package)
    root = package.xml(opf)
    chapters = list(_spine(root, opf))
    _refuse_protected(package, {file for file, _ in chapters})
    found = Found(stated=_stated(root))
    left: dict[str, int] = {}
    number = 0
    for file, is_contents in chapters:
        if file not in package:
            found.notes.append(f"{file} is named as a chapter, and is not in it")
            continue
        if is_contents:
            left["tables of contents"] = left.get("tables of contents", 0) + 1
            continue
        page = _Page(f"chapter {number + 1}", left)
        page.read(_parse_page(package.read(file), f"{package.name}: {file}", found.notes))
        if page.blocks or page.footnotes:
            number += 1
            found.items += page.blocks
            found.footnotes += page.footnotes
        else:
            left["pages without text"] = left.get("pages without text", 0) + 1
    found.notes += left_out(left)
    return found


# --- the package -----------------------------------------------------------------------------------------


def _opf(package: Package) -> str:
    """Return the name of the file that lists what is in the book."""
    if _CONTAINER in package:
        for item in package.xml(_CONTAINER).iter():
            file = item.get("full-path")
            if local(item) == "rootfile" and file and file in package:
                return str(file)
    file = next((file for file in package.files if file.endswith(".opf")), None)
    if file is None:
        raise InputError(f"{package.name}: not {_KIND} but another zip of files")
    return file


def _spine(root: etree._Element, opf: str) -> Iterator[tuple[str, bool]]:
    """Yield the files of the book in reading order, each with whether it is its table of contents.

    Those that are out of the order, as notes may be, come last.
    """
    items = {item.get("id"): item for item in root.iter() if local(item) == "item"}
    references = [item for item in root.iter() if local(item) == "itemref"]
    seen = set[str]()
    for reference in sorted(references, key=lambda item: item.get("linear") == "no"):
        item = items.get(reference.get("idref"))
        href = item.get("href") if item is not None else None
        if item is None or not href:
            continue
        file = posixpath.normpath(posixpath.join(posixpath.dirname(opf), unquote(href.partition("#")[0])))
        if file not in seen and (item.get("media-type") or "").endswith(("html+xml", "/html", "dtbook+xml")):
            seen.add(file)
            yield file, "nav" in (item.get("properties") or "").split()


_SCHEMES = {
    "META-INF/rights.xml": "Adobe",
    "META-INF/license.lcpl": "Readium LCP",
    "META-INF/sinf.xml": "Apple",
}


def _refuse_protected(package: Package, chapters: set[str]) -> None:
    """Refuse a book whose chapters are encrypted; that fonts are is no matter."""
    if _ENCRYPTION not in package:
        return
    references = (
        unquote(item.get("URI") or "")
        for item in package.xml(_ENCRYPTION).iter()
        if local(item) == "CipherReference"
    )
    if chapters.intersection(map(posixpath.normpath, references)):
        scheme = next((f" ({name})" for file, name in _SCHEMES.items() if file in package), "")
        msg = f"{package.name}: protected against copying by DRM{scheme}, so that its text cannot be read"
        raise InputError(f"{msg}; get a copy without from who sold or lent it")


_ISO_DAY = re.compile(r"([12]\d{3}(?:-\d\d(?:-\d\d)?)?)(?:T.*)?")


def _stated(root: etree._Element) -> dict[str, str]:
    """Return what a book says of itself."""
    metadata = next((item for item in root if local(item) == "metadata"), None)
    values: dict[str, list[str]] = {}
    for item in metadata.iter() if metadata is not None else ():
        event = attribute(item, "event") or attribute(item, "property") or ""
        name = "modified" if "modif" in event else local(item)
        text = " ".join("".join(str(piece) for piece in item.itertext()).split())
        if text and (name != "date" or event in ("", "publication", "original-publication")):
            values.setdefault(name, []).append(text)
    stated = properties("".join(values.get("title", [])[:1]), "; ".join(values.get("creator", [])))
    day = _ISO_DAY.fullmatch("".join(values.get("date", [])[:1]))
    # Programs that make books of other texts fill in the day on which they do so.
    if day is not None and day[1] not in {value[:10] for value in values.get("modified", [])}:
        stated["date"] = day[1]
    for name, key in (("lang", "language"), ("source", "publisher"), ("rights", "rights")):
        if key in values:
            stated[name] = values[key][0]
    return stated


# --- a page ----------------------------------------------------------------------------------------------

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*([\[>])", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}


def _parse_page(data: bytes, name: str, notes: list[str]) -> etree._Element:
    """Parse a page of XHTML; one that is not well formed as browsers do, with a note."""
    text = decoded_xml(data, name)
    doctype = _DOCTYPE.search(text[:100_000])
    if doctype is not None:
        if doctype[1] == "[":
            raise InputError(f"{name}: its DOCTYPE defines entities, which are not read")
        text = text[: doctype.start()] + text[doctype.end() :]
    text = _ENTITY.sub(lambda m: m[0] if m[1] in _OF_XML else html5.get(f"{m[1]};", m[0]), text)
    try:
        return parse_xml(text.encode(), name)
    except InputError:
        from lxml import etree, html

        parser = html.HTMLParser(
            no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
        )
        try:
            root = etree.fromstring(text.encode(), parser)
        except (etree.XMLSyntaxError, ValueError):
            root = None
        if root is None:
            raise
        notes.append(f"{name.rpartition(': ')[2]}: not well formed, read as a browser would")
        return root


_BREAKS = frozenset(
    {"p", "div", "section", "article", "aside", "header", "footer", "main", "h1", "h2", "h3", "h4", "h5",
     "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
     "caption", "blockquote", "pre", "figure", "figcaption", "hr", "body", "html", "address", "details",
     "summary"}
)  # fmt: skip
_NO_TEXT = frozenset(
    {"head", "script", "style", "svg", "math", "template", "noscript", "audio", "video", "object", "iframe",
     "rt", "rp", "rtc", "img", "nav", "select", "textarea", "button"}
)  # fmt: skip
_MARK = re.compile(r"[\[(（【〔]?(?:\d{1,4}|[*†‡§]{1,3}|注\d*|[a-z])[\])）】〕]?")


@dataclass(slots=True)
class _Page:
    """A page while it is read."""

    place: str
    left: dict[str, int]
    blocks: list[Block] = field(default_factory=list)
    footnotes: list[Block] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _paragraphs: int = 0
    _notes: int = 0

    def read(self, root: etree._Element) -> None:
        """Read a page's paragraphs."""
        self._walk(root, 0, is_note=False)
        self._close(0, is_note=False)

    def _walk(self, element: etree._Element, level: int, *, is_note: bool) -> None:
        self._pieces.append(element.text or "")
        for inner in element:
            kind, role = local(inner).lower(), attribute(inner, "type") or attribute(inner, "role") or ""
            if kind == "br":
                self._pieces.append("\v")  # kept apart from the line ends of the file, which are spaces
            elif (
                kind in _NO_TEXT
                or "pagebreak" in role
                or "backlink" in role
                or inner.get("hidden") is not None
            ):
                pass
            elif _refers_to_note(inner, kind, role):
                self.left["references to notes"] = self.left.get("references to notes", 0) + 1
            elif kind in _BREAKS:
                self._close(level, is_note=is_note)
                deeper = int(kind[1]) if kind[0] == "h" and kind[1:].isdecimal() else level
                noted = is_note or re.search(r"\b(?:doc-)?(?:foot|end|rear)notes?\b", role) is not None
                self._walk(inner, deeper, is_note=noted)
                self._close(deeper, is_note=noted)
            else:
                self._walk(inner, level, is_note=is_note)
            self._pieces.append(inner.tail or "")

    def _close(self, level: int, *, is_note: bool) -> None:
        """End a paragraph."""
        lines = (squeeze(line) for line in "".join(self._pieces).split("\v"))
        text = clean_block("\n".join(lines))
        self._pieces.clear()
        if not text:
            return
        if is_note:
            self._notes += 1
            self.footnotes.append(Block(text, f"{self.place} note {self._notes}"))
        else:
            self._paragraphs += 1
            self.blocks.append(Block(text, f"{self.place} paragraph {self._paragraphs}", level))


def _refers_to_note(element: etree._Element, kind: str, role: str) -> bool:
    """Whether an element is the number of a note: marked as one, or raised, short, and a link."""
    if "noteref" in role:
        return True
    if kind not in ("sup", "a"):
        return False
    text = "".join(str(piece) for piece in element.itertext()).strip()
    within = {local(inner).lower() for inner in element.iter()}
    return {"sup", "a"} <= within and _MARK.fullmatch(text) is not None

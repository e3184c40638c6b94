"""OpenDocument texts (.odt): paragraphs, headings, tables and notes, as they read with changes accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.blocks import Block, Found, Table, clean_block, flat, left_out, properties
from corpus.readers.packages import Package, attribute, child, local, read_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from corpus.readers.base import AlignedSegments, Extract

_KIND = "an OpenDocument text"
_MANIFEST = "META-INF/manifest.xml"


def read_odt(data: bytes, path: Path) -> Iterator[Extract | AlignedSegments]:
    """Yield the text of an OpenDocument text, and its tables with a language a column as aligned segments.

    Read are paragraphs, headings, lists, tables cell by cell, text boxes and, at the end, footnotes and
    endnotes. What tracked changes delete is left out, which a note says, as are comments and tables of
    contents. Places are ``paragraph 5``, ``table 2 row 3 column 1``, ``footnote 4``.

    Parameters
    ----------
    data, path
        As in `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is damaged, under a password, something else than its name says, or has no text.
    """
    return read_package(data, path, _KIND, lambda package: _Document(package).found())


_INDEXES = frozenset(
    {
        "table-of-content",
        "alphabetical-index",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
    }
)
# Deleted text, settings, what a form or a program holds, descriptions of pictures, phonetic guides.
_SKIPPED = frozenset(
    {"forms", "sequence-decls", "variable-decls", "user-field-decls", "title", "desc", "ruby-text",
     "annotation-end", "note-citation", "event-listeners", "script", "soft-page-break", "table-columns"}
)  # fmt: skip
_MOST_REPEATS = 1024  # of a cell; programs fill a row to its end with empty ones


class _Document:
    """One document while it is read."""

    def __init__(self, package: Package) -> None:
        self._package = package
        if "content.xml" not in package:
            raise InputError(f"{package.name}: not {_KIND} but another zip of files")
        if _MANIFEST in package:
            manifest = package.xml(_MANIFEST)
            if any(local(item) == "encryption-data" for item in manifest.iter()):
                msg = f"{package.name}: under a password; open it, save it without one, and ingest that"
                raise InputError(msg)
        content = package.xml("content.xml")
        self._body = child(content, "body", "text")
        own = child(content, "automatic-styles")
        titles = (
            [style for style in own if attribute(style, "parent-style-name") == "Title"]
            if own is not None
            else []
        )
        self._titles = {"Title", *(attribute(style, "name") for style in titles)}
        if self._body is None:
            raise InputError(f"{package.name}: not {_KIND} but a spreadsheet, slides or a drawing")
        self._found = Found()
        self._left: dict[str, int] = {}
        self._count = {"paragraph": 0, "table": 0}
        self._notes: list[tuple[str, etree._Element]] = []

    def found(self) -> Found:
        """Return what is in it."""
        if self._body is not None:
            self._found.items = self._blocks(self._body, None)
        numbers: dict[str, int] = {}
        for kind, body in self._notes:  # grows while a note has notes
            numbers[kind] = numbers.get(kind, 0) + 1
            self._found.footnotes += flat(self._blocks(body, f"{kind} {numbers[kind]}"))
        if "meta.xml" in self._package:
            meta = child(self._package.xml("meta.xml"), "meta")
            stated = {local(item): item.text or "" for item in meta} if meta is not None else {}
            author = stated.get("initial-creator") or stated.get("creator")
            self._found.stated = properties(stated.get("title"), author)
        self._found.notes += left_out(self._left)
        return self._found

    def _leave(self, what: str) -> None:
        self._left[what] = self._left.get(what, 0) + 1

    def _blocks(self, container: etree._Element, place: str | None) -> list[Block | Table]:
        """Return the blocks of a text, section, list, cell or note; those of one place have its name."""
        items: list[Block | Table] = []
        for element in container:
            kind = local(element)
            if kind in ("p", "h"):
                items += self._paragraph(element, place)
            elif kind == "table":
                items.append(self._table(element, place))
            elif kind == "tracked-changes":
                for change in element.iter():
                    if local(change) in ("deletion", "insertion"):
                        self._leave(f"{local(change)}s")
            elif kind in _INDEXES:
                self._leave("tables of contents and indexes")
            elif kind not in _SKIPPED:
                items += self._blocks(element, place)
        return items

    def _paragraph(self, paragraph: etree._Element, place: str | None) -> list[Block | Table]:
        if place is None:
            self._count["paragraph"] += 1
        where = place or f"paragraph {self._count['paragraph']}"
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        self._inline(paragraph, pieces, boxes)
        level = int(attribute(paragraph, "style-name") in self._titles)
        if local(paragraph) == "h":
            value = attribute(paragraph, "outline-level") or "1"
            level = max(1, int(value)) if value.isdecimal() else 1
        text = clean_block("".join(pieces))
        items: list[Block | Table] = [Block(text, where, level)] if text else []
        for box in boxes:
            items += self._blocks(box, f"{where} text box" if place is None else place)
        return items

    def _inline(self, element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
        """Add the text in a paragraph, and the text boxes anchored in it; put its notes aside."""
        pieces.append(_spaces(element.text))
        for inner in element:
            kind = local(inner)
            if kind == "s":
                pieces.append(" ")  # several count as one
            elif kind in ("tab", "line-break"):
                pieces.append("\n" if kind == "line-break" else "\t")
            elif kind == "note":
                body = child(inner, "note-body")
                if body is not None:
                    self._notes.append((attribute(inner, "note-class") or "footnote", body))
            elif kind == "annotation":
                self._leave("comments")
            elif kind == "text-box":
                boxes.append(inner)
            elif kind == "hidden-text":
                self._leave("pieces of hidden text")
            elif kind not in _SKIPPED:
                self._inline(inner, pieces, boxes)
            pieces.append(_spaces(inner.tail))

    def _table(self, table: etree._Element, place: str | None) -> Table:
        """Return a table; one within another has the place of its cell."""
        if place is None:
            self._count["table"] += 1
        name = place or f"table {self._count['table']}"
        rows: list[tuple[tuple[Block, ...], ...]] = []
        header = 0
        for row, is_head in _rows(table, head=False):
            header += is_head and len(rows) == header
            cells: list[tuple[Block, ...]] = []
            for cell in row:
                if local(cell) not in ("table-cell", "covered-table-cell"):
                    continue
                where = place or f"{name} row {len(rows) + 1} column {len(cells) + 1}"
                cells.append(tuple(flat(self._blocks(cell, where))))
                repeats = attribute(cell, "number-columns-repeated") or "1"
                cells += [()] * (min(int(repeats), _MOST_REPEATS) - 1 if repeats.isdecimal() else 0)
            rows.append(tuple(cells))
        return Table(tuple(rows), name, header)


def _spaces(text: str | None) -> str:
    """Return text with its white space as one space each: line ends in the file are none of the text."""
    if not text:
        return ""
    inner = " ".join(text.split(" ")) if "\n" not in text and "\r" not in text else " ".join(text.split())
    before = " " if text[0] in " \n\r\t" else ""
    after = " " if text[-1] in " \n\r\t" and inner else ""
    return before + inner.strip(" ") + after


def _rows(table: etree._Element, *, head: bool) -> Iterator[tuple[etree._Element, bool]]:
    """Yield the rows of a table, each with whether it is of its head."""
    for element in table:
        kind = local(element)
        if kind == "table-row":
            yield element, head
        elif kind in ("table-rows", "table-row-group", "table-header-rows"):
            yield from _rows(element, head=head or kind == "table-header-rows")

"""Word documents (.docx): paragraphs, headings, tables and notes, as they read with all changes accepted."""

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

_KIND = "a Word document"


def read_docx(data: bytes, path: Path) -> Iterator[Extract | AlignedSegments]:
    """Yield the text of a Word document, and its tables with a language a column as aligned segments.

    Read are paragraphs, tables cell by cell, text boxes and, at the end, footnotes and endnotes. Text that
    tracked changes insert is in, what they delete is out, which a note says. Comments, headers and footers
    are left out. Places are ``paragraph 5``, ``table 2 row 3 column 1``, ``footnote 4``.

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


_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Deleted or moved away; what stands in for a drawing in old programs; phonetic guides; settings.
_SKIPPED = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "fldData", "Fallback", "rt", "pPr", "rPr",
     "sectPr", "sdtPr", "sdtEndPr"}
)  # fmt: skip
_OUTSIDE = ("footnotes", "endnotes")


class _Document:
    """One document while it is read."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._parts = _relations(package, "", "_rels/.rels")
        main = self._parts.setdefault("officeDocument", "word/document.xml")
        self._root = package.xml(main) if main in package else None
        if self._root is None or local(self._root) != "document":
            raise InputError(f"{package.name}: not {_KIND} but another zip of files; {_OTHERS}")
        folder, _, base = main.rpartition("/")
        self._parts |= _relations(package, f"{folder}/", f"{folder}/_rels/{base}.rels")
        self._styles = self._read_styles()
        self._found = Found()
        self._left: dict[str, int] = {}
        self._count = {"paragraph": 0, "table": 0}
        self._carried = ""  # the text of paragraphs whose mark is deleted

    def found(self) -> Found:
        """Return what is in it."""
        body = child(self._root, "body")
        if body is not None:
            self._found.items = self._blocks(body, None)
            if carried := clean_block(self._carried):
                self._found.items.append(Block(carried, f"paragraph {self._count['paragraph']}"))
        for kind in _OUTSIDE:
            if self._parts.get(kind, "") in self._package:
                self._read_notes(self._package.xml(self._parts[kind]), kind.removesuffix("s"))
        core = self._parts.get("core-properties", "docProps/core.xml")
        if core in self._package:
            stated = {local(item): item.text or "" for item in self._package.xml(core)}
            self._found.stated = properties(stated.get("title"), stated.get("creator"))
            if stated.get("language"):
                self._found.stated["lang"] = stated["language"]
        self._found.notes += left_out(self._left)
        return self._found

    def _leave(self, what: str) -> None:
        self._left[what] = self._left.get(what, 0) + 1

    def _read_styles(self) -> dict[str, int | str]:
        """Return the level of each heading style by its id, ``toc`` for lines of a table of contents."""
        file = self._parts.get("styles", "")
        if file not in self._package:
            return {}
        known: dict[str, int | str] = {}
        bases: dict[str, str] = {}
        for style in self._package.xml(file):
            style_id = attribute(style, "styleId")
            if local(style) != "style" or not style_id:
                continue
            name = (attribute(child(style, "name"), "val") or "").lower()
            level = _level(attribute(child(style, "pPr", "outlineLvl"), "val"))
            if name.startswith("toc "):
                known[style_id] = "toc"
            elif name.startswith("heading ") and name[8:].isdigit():
                known[style_id] = int(name[8:])
            elif name == "title" or level:
                known[style_id] = level or 1
            bases[style_id] = attribute(child(style, "basedOn"), "val") or ""
        for style_id in bases:
            base, seen = style_id, set[str]()
            while base and base not in known and base not in seen:
                seen.add(base)
                base = bases.get(base, "")
            if base in known:
                known.setdefault(style_id, known[base])
        return known

    # --- blocks ------------------------------------------------------------------------------------------

    def _blocks(self, container: etree._Element, place: str | None) -> list[Block | Table]:
        """Return the blocks of a body, cell, text box or note; those of one place have its name."""
        items: list[Block | Table] = []
        for element in container:
            kind = local(element)
            if kind == "p":
                items += self._paragraph(element, place)
            elif kind == "tbl":
                items.append(self._table(element, place))
            elif kind == "altChunk":
                self._leave("embedded documents")
            elif kind in ("del", "moveFrom"):
                self._leave("deletions")
            elif kind not in _SKIPPED:  # content controls, custom XML, insertions of whole blocks
                items += self._blocks(element, place)
        return items

    def _paragraph(self, paragraph: etree._Element, place: str | None) -> list[Block | Table]:
        if place is None:
            self._count["paragraph"] += 1
        where = place or f"paragraph {self._count['paragraph']}"
        pieces: list[str] = []
        boxes: list[etree._Element] = []
        self._inline(paragraph, pieces, boxes)
        settings = child(paragraph, "pPr")
        style = self._styles.get(attribute(child(settings, "pStyle"), "val") or "", 0)
        text = self._carried + "".join(pieces)
        self._carried = ""
        if child(settings, "rPr", "del") is not None:
            self._carried, text = text, ""
        text = clean_block(text)
        if style == "toc" and text:
            self._leave("lines of a table of contents")
            text = ""
        if text and child(settings, "numPr") is not None:
            self._leave("numbers of lists that the program counts")
        own = _level(attribute(child(settings, "outlineLvl"), "val"))
        level = own or (style if isinstance(style, int) else 0)
        items: list[Block | Table] = [Block(text, where, level)] if text else []
        for box in boxes:
            items += self._blocks(box, f"{where} text box" if place is None else place)
        return items

    def _inline(self, element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
        """Add the text in a paragraph, and the text boxes anchored in it."""
        for inner in element:
            kind = local(inner)
            if kind == "t":
                pieces.append(inner.text or "")
            elif kind in _CHARACTERS:
                pieces.append(_CHARACTERS[kind])
            elif kind in ("del", "moveFrom"):
                self._leave("deletions")
            elif kind == "txbxContent":
                boxes.append(inner)
            elif kind == "commentReference":
                self._leave("comments")
            elif kind == "r" and _is_on(child(inner, "rPr", "vanish")):
                self._leave("pieces of hidden text")
            elif kind not in _SKIPPED:
                if kind in ("ins", "moveTo"):
                    self._leave("insertions")
                self._inline(inner, pieces, boxes)

    def _table(self, table: etree._Element, place: str | None) -> Table:
        """Return a table; one within another has the place of its cell."""
        if place is None:
            self._count["table"] += 1
        name = place or f"table {self._count['table']}"
        rows: list[tuple[tuple[Block, ...], ...]] = []
        header = 0
        for row in _unwrapped(table, "tr"):
            settings = child(row, "trPr")
            if child(settings, "del") is not None:
                self._leave("deletions")
                continue
            header += len(rows) == header and _is_on(child(settings, "tblHeader"))
            number = len(rows) + 1
            cells: list[tuple[Block, ...]] = [()] * _number(child(settings, "gridBefore"), 0)
            for cell in _unwrapped(row, "tc"):
                where = place or f"{name} row {number} column {len(cells) + 1}"
                cells.append(tuple(flat(self._blocks(cell, where))))
                cells += [()] * (_number(child(cell, "tcPr", "gridSpan"), 1) - 1)
            rows.append(tuple(cells))
        return Table(tuple(rows), name, header)

    def _read_notes(self, root: etree._Element, kind: str) -> None:
        number = 0
        for note in root:
            if local(note) == kind and attribute(note, "type") in (None, "normal"):
                number += 1
                self._found.footnotes += flat(self._blocks(note, f"{kind} {number}"))


_OTHERS = "spreadsheets are to be saved as .xlsx, slides are not read"


def _relations(package: Package, folder: str, file: str) -> dict[str, str]:
    """Return the files that a file of the package relates to, by their role."""
    parts: dict[str, str] = {}
    for relation in package.xml(file) if file in package else ():
        target = relation.get("Target") or ""
        if relation.get("TargetMode") != "External":
            role = (relation.get("Type") or "").rpartition("/")[2]
            parts.setdefault(role, target[1:] if target.startswith("/") else folder + target)
    return parts


def _level(value: str | None) -> int:
    """Return the heading level that an outline level (from 0; 9 is body text) means, 0 if none."""
    return int(value) + 1 if value is not None and value.isdecimal() and int(value) < 9 else 0


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and attribute(switch, "val") not in ("0", "false", "off")


def _number(element: etree._Element | None, default: int) -> int:
    value = attribute(element, "val") or ""
    return min(int(value), 63) if value.isdecimal() else default  # Word has 63 columns at most


def _unwrapped(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table, or the cells of a row, those in content controls and insertions, too."""
    for inner in element:
        kind = local(inner)
        if kind == name:
            yield inner
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _unwrapped(inner, name)

"""TEI: the text of each edition in a file, without its apparatus, and what its header says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.readers.base import Extract
from corpus.readers.blocks import assemble, marked_up
from corpus.readers.markup.xml import local_name, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.readers.blocks import Block

_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# What holds blocks or is one; what is left out: the header, running heads, what was struck out, and the
# reading that another one stands beside.
_BLOCKS = frozenset({
    "ab", "argument", "back", "body", "byline", "castItem", "castList", "cell", "closer",
    "dateline", "div", "div1", "div2", "div3", "div4", "div5", "div6", "div7", "docTitle",
    "epigraph", "figDesc", "figure", "floatingText", "front", "group", "head", "item", "l", "label",
    "lg", "list", "note", "opener", "p", "postscript", "quote", "row", "salute", "signed", "sp",
    "speaker", "stage", "table", "text", "titlePage", "titlePart", "trailer", "u",
})  # fmt: skip
_LEFT_OUT = frozenset({
    "teiHeader", "fw", "del", "sic", "orig", "abbr", "surplus", "rdg", "standOff", "facsimile",
    "graphic", "gap",
})  # fmt: skip
_HEADINGS = frozenset({"head", "titlePart", "docTitle"})
_CHOSEN = frozenset({"sic", "orig", "abbr"})  # left out only of a choice that has another
_WHITE = frozenset({"lb", "cb", "pb"})


def read_tei(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the texts of a file, one a ``TEI`` element; see `corpus.readers.base.Reader`.

    Of a correction the corrected reading is taken, notes come after the block they are in, and running heads
    are left out. A place is the page by its break, if there are any, and the number of the block or its id.
    """
    root = parse_xml(data, path)
    editions = [element for element in root.iter() if local_name(element) in ("TEI", "TEI.2")]
    if not editions:
        raise InputError(f"{path}: no TEI in it: its outermost element is <{local_name(root)}>")
    for number, edition in enumerate(editions, start=1):
        texts = [child for child in edition if local_name(child) == "text"]
        text, loci = assemble(block for one in texts for block in _blocks(one))
        part = None if len(editions) == 1 else edition.get(_XML_ID) or str(number)
        yield Extract(text, loci, _stated(edition), part)


def _stated(edition: Any) -> dict[str, str]:  # noqa: ANN401 - an element of lxml
    """Return what the header says, of the source rather than of the file that was made of it."""
    header = next((child for child in edition if local_name(child) == "teiHeader"), None)
    if header is None:
        return {}
    source = _first(header, "sourceDesc")
    title, publisher = _first(header, "titleStmt"), _first(source, "publisher")
    stated = {
        "title": _text(_first(title, "title")),
        "author": _text(_first(title, "author")),
        "source": _text(publisher if publisher is not None else _first(header, "publisher")),
        "rights": _text(_first(header, "licence")) or _text(_first(header, "availability")),
        "lang": _lang(edition, header),
    }
    date = None if source is None else _first(source, "date")  # the file's own is not the text's
    if date is not None:
        stated["date"] = date.get("when") or date.get("from") or _text(date)
    return {name: value for name, value in stated.items() if value}


def _lang(edition: Any, header: Any) -> str:  # noqa: ANN401
    text = next((child for child in edition if local_name(child) == "text"), None)
    used = _first(header, "language")
    return (
        (text.get(_XML_LANG) if text is not None else None)
        or edition.get(_XML_LANG)
        or (used.get("ident") if used is not None else None)
        or ""
    )


def _first(element: Any, name: str) -> Any:  # noqa: ANN401
    """Return the first element of a name inside one, None if there is none."""
    return None if element is None else next((one for one in element.iter() if local_name(one) == name), None)


def _text(element: Any) -> str:  # noqa: ANN401
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _blocks(text: Any) -> Iterator[Block]:  # noqa: ANN401
    """Yield the blocks of a text; not by recursion, since it may be nested deeper than Python's stack is."""
    line: list[str] = []
    notes: list[Block] = []
    number, page, place, heading = 0, "", "", False
    todo: list[tuple[Any, bool]] = [(text, True)]
    while todo:
        element, opens = todo.pop()
        name = local_name(element)
        is_note = name == "note" and bool("".join(line).strip())  # in the middle of a block
        if name in _BLOCKS and not is_note:
            if "".join(line).strip():
                yield marked_up("".join(line), place, heading=heading)
            yield from notes
            line, notes = [], []
            heading = opens and name in _HEADINGS
        if opens and name in _BLOCKS:
            number += 1
            at = f"{page}{element.get(_XML_ID) or f'{name} {number}'}"
            place = place if is_note else at
            notes += [marked_up(_text(element), at)] if is_note else []
        if name == "pb":
            page = f"page {element.get('n')}, " if element.get("n") else ""
        if opens and not is_note and name and not _is_left_out(element, name):
            line.append(" " if name in _WHITE and element.get("break") != "no" else "")
            line.append(_squeezed(element.text))
            todo.append((element, False))
            todo += [(child, True) for child in reversed(element)]
        elif element is not text:
            line.append(_squeezed(element.tail))
    if "".join(line).strip():
        yield marked_up("".join(line), place, heading=heading)
    yield from notes


def _squeezed(text: str | None) -> str:
    if not text:
        return ""
    ends = (" " if text[0].isspace() else "", " " if text[-1].isspace() and len(text) > 1 else "")
    return ends[0] + " ".join(text.split()) + ends[1] if text.strip() else " "


def _is_left_out(element: Any, name: str) -> bool:  # noqa: ANN401
    if name not in _LEFT_OUT:
        return False
    parent = element.getparent()
    if name not in _CHOSEN:
        return True
    return parent is not None and local_name(parent) == "choice" and len(parent) > 1

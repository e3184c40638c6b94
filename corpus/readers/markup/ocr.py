"""What was read from pictures of pages: ALTO and hOCR, with the box of each block and how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.readers.base import Extract
from corpus.readers.blocks import assemble, marked_up
from corpus.readers.markup.html import decoded_page
from corpus.readers.markup.xml import local_name, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_DOUBTFUL = 0.5
_POOR = 0.8


@dataclass(slots=True)
class _Block:
    """A block of print: its page, its box as four numbers, its lines, and the confidence of each word."""

    page: str
    box: str
    lines: list[str] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)

    def place(self) -> str:
        """Return where it is on its page, and how surely it was read."""
        place = f"page {self.page}" + (f", box {self.box}" if self.box else "")
        return f"{place}, read {_mean(self.sure):.2f}" if self.sure else place


def read_alto(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the text of an ALTO file; see `corpus.readers.base.Reader`.

    A block is a paragraph, its lines are kept. Places are pages with the box of the block (left, top, width,
    height, in the file's unit) and the mean confidence of its words, 0 to 1.
    """
    root = parse_xml(data, path)
    if local_name(root) != "alto":
        raise InputError(f"{path}: no ALTO in it: its outermost element is <{local_name(root)}>")
    yield _extract(_alto_blocks(root), path, _alto_language(root))


def _alto_blocks(root: Any) -> Iterator[_Block]:  # noqa: ANN401 - an element of lxml
    page = 0
    for element in root.iter():
        name = local_name(element)
        if name == "Page":
            page += 1
            number = element.get("PHYSICAL_IMG_NR") or str(page)
        elif name == "TextBlock":
            block = _Block(number if page else "1", _alto_box(element))
            for line in element.iter():
                if local_name(line) == "TextLine":
                    block.lines.append(_alto_line(line, block.sure))
            yield block


def _alto_box(element: Any) -> str:  # noqa: ANN401
    numbers = [element.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    return " ".join(numbers) if all(numbers) else ""


def _alto_line(line: Any, sure: list[float]) -> str:  # noqa: ANN401
    text = ""
    for element in line:
        name = local_name(element)
        if name == "SP":
            text += " "
        elif name == "HYP":
            text += element.get("CONTENT") or "-"
        elif name == "String":
            text += element.get("CONTENT") or ""
            sure += _number(element.get("WC"), 1)
    return text


def _alto_language(root: Any) -> str:  # noqa: ANN401
    found = root.xpath("(//@LANG | //@language)[1]")
    return str(found[0]) if found else ""


def read_hocr(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the text of an hOCR file; see `corpus.readers.base.Reader`.

    Places are as in `read_alto`, the box being left, top, right and bottom in points of the picture.
    """
    from lxml import html

    page, _, notes = decoded_page(data, path, None)
    page = re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", page)
    tree = html.document_fromstring(page, parser=html.HTMLParser(huge_tree=False, no_network=True))
    lang = next((one.get("lang") for one in tree.iter() if one.get("lang")), None)
    yield _extract(_hocr_blocks(tree), path, lang or "", notes)


_CONFIDENCE = re.compile(r"x_wconf\s+([\d.]+)")
_BOX = re.compile(r"bbox\s+(\d+(?:\s+\d+){3})")


def _hocr_blocks(tree: Any) -> Iterator[_Block]:  # noqa: ANN401
    pages = _of_class(tree, "ocr_page") or [tree]
    for number, page in enumerate(pages, start=1):
        paragraphs = _of_class(page, "ocr_par") or _of_class(page, "ocr_carea") or [page]
        for paragraph in paragraphs:
            title = paragraph.get("title") or ""
            box = _BOX.search(title)
            block = _Block(str(number), " ".join(box[1].split()) if box else "")
            lines = _of_class(paragraph, "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat") or [
                paragraph
            ]
            block.lines += [" ".join(line.text_content().split()) for line in lines]
            for word in _of_class(paragraph, "ocrx_word"):
                found = _CONFIDENCE.search(word.get("title") or "")
                block.sure += _number(found[1] if found else None, 100)
            yield block


def _of_class(element: Any, *names: str) -> list[Any]:  # noqa: ANN401
    wanted = set(names)
    return [one for one in element.iter() if wanted & set((one.get("class") or "").split())] if names else []


def _number(value: str | None, whole: int) -> list[float]:
    """Return a confidence as a share of one, in a list; none of what is no number."""
    try:
        return [] if value is None else [min(max(float(value) / whole, 0.0), 1.0)]
    except ValueError:
        return []


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _extract(found: Iterable[_Block], path: Path, lang: str, notes: tuple[str, ...] = ()) -> Extract:
    blocks = [block for block in found if any(line.strip() for line in block.lines)]
    if not blocks:
        raise InputError(f"{path}: no text in it: no page was read")
    text, loci = assemble(marked_up("\n".join(block.lines), block.place()) for block in blocks)
    return Extract(text, loci, {"lang": lang} if lang else {}, None, (*notes, *_notes(blocks)))


def _notes(blocks: list[_Block]) -> Iterator[str]:
    """Say how surely the words were read, and which pages worst."""
    sure = [one for block in blocks for one in block.sure]
    if not sure:
        return
    doubtful = sum(1 for one in sure if one < _DOUBTFUL)
    few = f"{doubtful:,} of {len(sure):,} words below {_DOUBTFUL}"
    yield f"read by a machine: mean confidence {_mean(sure):.2f}; {few}"
    pages: dict[str, list[float]] = {}
    for block in blocks:
        pages.setdefault(block.page, []).extend(block.sure)
    means = {page: _mean(found) for page, found in pages.items() if found}
    poor = [f"page {page} ({mean:.2f})" for page, mean in means.items() if mean < _POOR]
    if poor:
        more = f" and {len(poor) - _MOST_NAMED} more" if len(poor) > _MOST_NAMED else ""
        yield f"read with a confidence below {_POOR}: {', '.join(poor[:_MOST_NAMED])}{more}"


_MOST_NAMED = 10

"""What readers of documents find, paragraph by paragraph and table by table, as texts or aligned segments."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments, Extract, Locus
from corpus.text.joining import well_formed
from corpus.text.languages import UNDETERMINED, detect_language, main_script, meant_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Controls, what stands for an object that is no text, and what is no character.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffc\ufffe\uffff]")
_LINE_ENDS = re.compile(r"[ \t]*[\r\n\x85\u2028\u2029]+[ \t]*")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, cell or note.

    Attributes
    ----------
    text
        Of one line, or several where lines are broken by hand.
    place
        As in `corpus.readers.base.Locus`; empty where it is not known.
    level
        Of a heading, from 1; 0 for all else.
    turns
        Where further places begin in the text: code points from its start, in order, each with the place.
    """

    text: str
    place: str
    level: int = 0
    turns: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: of each row its cells, of each cell its paragraphs.

    Attributes
    ----------
    rows
        Cells that others span are there, empty.
    name
        What to call it, such as ``table 2``.
    header
        How many of the first rows are marked as its head.
    """

    rows: tuple[tuple[tuple[Block, ...], ...], ...]
    name: str
    header: int = 0


@dataclass(slots=True)
class Found:
    """What a reader found in a document.

    Attributes
    ----------
    items
        Its blocks and tables, in order.
    footnotes
        What stands below the text or after it; it comes at the end.
    stated, notes
        As in `corpus.readers.base.Extract`.
    """

    items: list[Block | Table] = field(default_factory=list)
    footnotes: list[Block] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def marked_up(text: str, place: str = "", *, heading: bool = False) -> Block:
    """Return a block of marked-up text, where white space says nothing and a heading is one line."""
    lines = [line for line in (" ".join(one.split()) for one in text.splitlines()) if line]
    return Block((" " if heading else "\n").join(lines), place, int(heading))


def clean_block(text: str) -> str:
    """Return the text of a block without what is no text, and without empty lines."""
    kept = _NOT_TEXT.sub("", well_formed(text).replace("\t", " "))
    lines = (line.strip(" \u00a0") for line in _LINE_ENDS.split(kept))
    return "\n".join(line for line in lines if line)


SCANNED = "no text in it; if it shows scanned pages, they are pictures: have them read by OCR first"
"""What to say of a document without text."""


def documents(found: Found, name: str, nothing: str = SCANNED) -> Iterator[Extract | AlignedSegments]:
    """Yield a document's text, and its bilingual tables as aligned segments.

    Parameters
    ----------
    found
        What was found in it.
    name, nothing
        The file, and what to say of it where it has no text.

    Raises
    ------
    InputError
        If there is no text.
    """
    tables = [item for item in found.items if isinstance(item, Table)]
    aligned = {id(table): columns for table in tables if (columns := language_columns(table)) is not None}
    rest: list[Block] = []
    for item in found.items:
        if isinstance(item, Block):
            rest.append(item)
        elif id(item) not in aligned:
            rest += flat([item])
    rest = [block for block in [*rest, *found.footnotes] if block.text]
    if not rest and not aligned:
        raise InputError(f"{name}: {nothing}")
    notes = list(found.notes)
    if found.footnotes:
        notes.append(f"notes, at the end of the text: {len(found.footnotes)}")
    bilingual = [table for table in tables if id(table) in aligned]
    short = bool(bilingual) and all(block.level or len(block.text) <= _SHORT for block in rest)
    if short and len(rest) <= _FEW:  # a title above the table, a line below it
        notes += [f"outside of the table, left out: {_shown(block.text)}" for block in rest]
        rest = []
    for number, table in enumerate(bilingual, start=1):
        part = None if len(bilingual) == 1 and not rest else f"table-{number}"
        yield _aligned(table, aligned[id(table)], found.stated, part, notes if not rest else ())
    if rest:
        yield extract_of(rest, found.stated, notes, "text" if bilingual else None)


def flat(items: Sequence[Block | Table]) -> Iterator[Block]:
    """Yield blocks, and those of tables row by row."""
    for item in items:
        if isinstance(item, Block):
            yield item
        else:
            yield from (block for row in item.rows for cell in row for block in cell)


def left_out(counts: Mapping[str, int]) -> list[str]:
    """Say what was left out, by what it is; of tracked changes (insertions, deletions) what was taken in."""
    inserted, deleted = counts.get("insertions", 0), counts.get("deletions", 0)
    changes = f"tracked changes: {inserted} insertions taken in, {deleted} deletions left out"
    others = [
        f"{what} left out: {n}" for what, n in counts.items() if what not in ("insertions", "deletions")
    ]
    return [changes, *others] if inserted or deleted else others


_SHORT = 80  # characters
_FEW = 4


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line}"'


def extract_of(
    blocks: Iterable[Block], stated: Mapping[str, str], notes: Sequence[str], part: str | None = None
) -> Extract:
    """Return blocks as a text (`assemble`), with what the file states of it."""
    text, loci = assemble(blocks)
    kept, said = _checked(stated, text)
    return Extract(text + "\n", loci, kept, part, (*notes, *said))


def assemble(blocks: Iterable[Block]) -> tuple[str, tuple[Locus, ...]]:
    """Return the text of blocks, and the place of each: an empty line between any two.

    Headings of one line are marked with ``#`` as in Markdown, by which cleaning knows them.
    """
    pieces: list[str] = []
    loci: list[Locus] = []
    length = 0
    for block in blocks:
        if not block.text:
            continue
        mark = "#" * min(block.level, 6) + " " if block.level and "\n" not in block.text else ""
        pieces.append(mark + block.text)
        start = length + len(mark)
        length += len(pieces[-1])
        turns = [(0, block.place), *block.turns, (length - start, "")]
        loci += [
            Locus(start + at, start + end, place)
            for (at, place), (end, _) in itertools.pairwise(turns)
            if at < end and place
        ]
        length += len(_BETWEEN)
    return _BETWEEN.join(pieces), tuple(loci)


_BETWEEN = "\n\n"


def _checked(stated: Mapping[str, str], text: str) -> tuple[dict[str, str], list[str]]:
    """Return what is stated, without a language that the text is not in: programs fill in their own."""
    kept = {name: " ".join(well_formed(value).split()) for name, value in stated.items()}
    kept = {name: value for name, value in kept.items() if value}
    if "lang" not in kept:
        return kept, []
    lang, found = meant_code(kept["lang"]), detect_language(text)
    if lang is not None and found in (lang, UNDETERMINED):
        return kept | {"lang": lang}, []
    stated_lang = kept.pop("lang")
    return kept, [f"says that its language is {stated_lang}; the text is in {found}"] if lang else []


_TOOL_TITLE = re.compile(
    r"untitled\W*\d*|(?:microsoft|openoffice|libreoffice) .*|(?:slide|document|dokument|文档|文書|문서)\W*\d*"
    r"|powerpoint presentation|title|.*\.(?:docx?|odt|rtf|pdf|indd|qxd|tex|dvi|html?|txt|wpd|pptx?|tiff?)",
    re.IGNORECASE,
)
_TOOL_AUTHOR = re.compile(
    r"(?:windows|microsoft office|default|hp|dell|lenovo|asus)? ?user\d*|admin(?:istrator)?|owner|unknown"
    r"|author|root|pc|python-docx|openpyxl|calibre.*|用户|微软用户|作者",
    re.IGNORECASE,
)


def properties(title: str | None, author: str | None) -> dict[str, str]:
    """Return a file's own title and author, unless a program or its installer filled them in.

    The day on which the file was made is none of them: the text may be a century older.
    """
    title, author = " ".join((title or "").split()), " ".join((author or "").split())
    stated = {} if not title or _TOOL_TITLE.fullmatch(title) else {"title": title}
    return stated if not author or _TOOL_AUTHOR.fullmatch(author) else stated | {"author": author}


# --- tables with a language a column ---------------------------------------------------------------------

_FEWEST_ROWS = 2
_FEWEST_ROWS_IN_ONE_SCRIPT = 4
_FEWEST_LETTERS = 8
_FEWEST_LETTERS_IN_ONE_SCRIPT = 200
_FACING = 0.6  # of the rows
_MOST_PARAGRAPHS = 8  # in a cell: what has more is a text of its own


def language_columns(table: Table) -> dict[str, int] | None:
    """Return the language of each column of text, by ISO 639-1 code, if there is a language a column.

    Columns of numbers are passed over. Languages in one script must have more text to be told by.
    """
    width = max((len(row) for row in table.rows), default=0)
    if width < 2 or width > _MOST_COLUMNS or len(table.rows) < _FEWEST_ROWS:
        return None
    columns = [[_cell(row, place) for row in table.rows] for place in range(width)]
    lettered = {place: texts for place, texts in enumerate(columns) if _letters(texts) > 0}
    texts = {place: cells for place, cells in lettered.items() if not _is_labels(cells)}
    if len(texts) < 2 or any(_letters(cells) < _FEWEST_LETTERS for cells in texts.values()):
        return None
    scripts = [main_script("\n".join(cells)) for cells in texts.values()]
    if len(set(scripts)) < len(scripts):
        letters = min(_letters(cells) for cells in texts.values())
        if len(table.rows) < _FEWEST_ROWS_IN_ONE_SCRIPT or letters < _FEWEST_LETTERS_IN_ONE_SCRIPT:
            return None
    langs = [_column_language(cells) for cells in texts.values()]
    facing = sum(all(cells[row] for cells in texts.values()) for row in range(len(table.rows)))
    if len(set(langs)) < len(langs) or UNDETERMINED in langs or facing < _FACING * len(table.rows):
        return None
    if any(len(cell) > _MOST_PARAGRAPHS for row in table.rows for cell in row):
        return None
    return dict(zip(langs, texts, strict=True))


_MOST_COLUMNS = 6


def _cell(row: Sequence[tuple[Block, ...]], place: int) -> str:
    return "\n".join(block.text for block in row[place] if block.text) if place < len(row) else ""


def _letters(texts: Sequence[str]) -> int:
    return sum(character.isalpha() for text in texts for character in text)


def _is_labels(cells: Sequence[str]) -> bool:
    """Whether a column holds numbers (1, 2a, iv, §3), all different, but for its head."""
    filled = [cell for cell in cells[1:] if cell]
    return bool(filled) and all(_LABEL.fullmatch(cell) for cell in filled)


_LABEL = re.compile(r"[\W_]*(?:\d+(?:[.:/-]\d+)*[a-zA-Z]?|[a-zA-Z]|[ivxlcIVXLC]{1,7})[\W_]*")


def _column_language(cells: Sequence[str]) -> str:
    """Return a column's language: as its head names it, or its text shows."""
    return _named(cells[0]) or detect_language("\n".join(cells))


def _named(head: str) -> str | None:
    """Return the language that the head of a column names."""
    name = head.strip().casefold()
    return meant_code(name) or next((lang for lang, names in _NAMES.items() if name in names.split()), None)


_NAMES = {
    "zh": "中文 汉语 漢語 华文 中文版 중국어 китайский chinois chinesisch",
    "en": "英文 英语 英語 영어 английский anglais englisch inglés",
    "ko": "朝文 韩文 朝鲜文 조선어 한국어 국문 корейский coréen koreanisch",
    "ja": "日文 日语 日本語 和文 일본어 японский japonais japanisch",
    "ru": "俄文 俄语 ロシア語 로어 러시아어 русский russe russisch",
    "fr": "法文 法语 フランス語 프랑스어 французский français französisch",
    "de": "德文 德语 ドイツ語 독일어 немецкий allemand deutsch",
    "es": "西文 西班牙语 スペイン語 스페인어 испанский espagnol español",
}
_ROLES = frozenset(
    {
        "source",
        "target",
        "original",
        "translation",
        "原文",
        "译文",
        "譯文",
        "訳文",
        "원문",
        "번역",
        "оригинал",
        "перевод",
    }
)


def _heads(table: Table, columns: Mapping[str, int]) -> int:
    """Count the rows that say what is in the columns."""
    cells = [_cell(table.rows[0], place).strip() for place in columns.values()]
    named = all(_named(cell) is not None or cell.casefold() in _ROLES for cell in cells)
    return table.header or int(named)


def _aligned(
    table: Table,
    columns: Mapping[str, int],
    stated: Mapping[str, str],
    part: str | None,
    notes: Sequence[str],
) -> AlignedSegments:
    """Return a table as aligned segments: a row is a bead, its paragraphs are the segments."""
    segments: dict[str, list[str]] = {lang: [] for lang in columns}
    places: dict[str, list[str]] = {lang: [] for lang in columns}
    beads: list[dict[str, tuple[int, ...]]] = []
    head = _heads(table, columns)
    for row in table.rows[head:]:
        bead: dict[str, tuple[int, ...]] = {}
        for lang, place in columns.items():
            blocks = [block for block in row[place] if block.text] if place < len(row) else []
            first = len(segments[lang])
            segments[lang] += [" ".join(block.text.split("\n")) for block in blocks]
            places[lang] += [block.place for block in blocks]
            if blocks:
                bead[lang] = tuple(range(first, first + len(blocks)))
        if bead:
            beads.append(bead)
    left = max((len(row) for row in table.rows), default=0) - len(columns)
    said = [f"{table.name}: a language a column ({', '.join(columns)}), taken as aligned"]
    said += [f"{table.name}: the first {head} rows are its head, left out"] if head > 1 else []
    said += [f"{table.name}: its first row is its head, left out"] if head == 1 else []
    said += [f"{table.name}: {left} columns of numbers left out"] if left else []
    kept = {name: value for name, value in stated.items() if name != "lang" and value}
    return AlignedSegments(
        segments={lang: tuple(texts) for lang, texts in segments.items()},
        beads=tuple(beads),
        scores=(None,) * len(beads),
        places={lang: tuple(names) for lang, names in places.items()},
        stated=kept,
        part=part,
        notes=(*notes, *said),
    )

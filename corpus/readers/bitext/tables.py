"""Bilingual tables (TSV, CSV, XLSX, ODS): a row a pair of texts, a column a language."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.formulas import unguarded
from corpus.readers.bitext.units import Segment, Tally, Unit, cut, documents, peeked
from corpus.readers.spreadsheets import is_spreadsheet, read_cells
from corpus.text.decoding import decode
from corpus.text.languages import UNDETERMINED, detect_language, meant_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corpus.readers.base import AlignedSegments

_SIDES = {
    "src": "src", "source": "src", "source text": "src", "original": "src",
    "tgt": "tgt", "target": "tgt", "target text": "tgt", "translation": "tgt",
}  # fmt: skip
_NO_LANGUAGES = frozenset({"id", "no"})  # columns of numbers far more often than Indonesian or Norwegian
_DOCUMENT = ("doc_id", "document")
_SAMPLE = 200  # rows that tell a column's language


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where in a row what is: texts by language or by side (`read_table`), and the rest by name."""

    texts: dict[str, int]
    names: dict[str, int]

    @property
    def a_line(self) -> bool:
        """Whether a sentence is a line of its cell, as in the sheets that reviewers are given."""
        return {"key", "langs", "src_ids", "tgt_ids"} <= self.names.keys()

    def language(self, row: Sequence[str], side: str) -> str | None:
        """Return the language that a row states of a side, or that the column is called by."""
        if side not in ("src", "tgt"):
            return side
        both = (self.cell(row, "langs") or "").split("-")
        of_pair = both[("src", "tgt").index(side)] if len(both) == 2 else None
        return self.cell(row, f"{side}_lang") or of_pair

    def cell(self, row: Sequence[str], *names: str) -> str | None:
        for name in names:
            if name in self.names and row[self.names[name]].strip():
                return row[self.names[name]].strip()
        return None


def is_table(data: bytes, name: str) -> bool:
    """Tell whether a file is a table of aligned texts, by its first row: see `read_table`."""
    try:
        header = next(_rows(data, name), (0, []))[1]
        _columns(header, name)
    except InputError:
        return False
    return True


def read_table(data: bytes, path: Path) -> Iterator[AlignedSegments]:
    """Yield the documents of a table whose first row names its columns.

    These are either called by their languages (``zh``, ``en``, ``zh-TW``, ``Chinese``), two or more; or
    ``src`` and ``tgt`` (or ``source`` and ``target``), with ``src_lang`` and ``tgt_lang`` where they are
    stated, else told by the texts. A column ``score`` is read, ``doc_id`` parts documents, ``date`` dates
    them, and ``src_segments``, ``tgt_segments`` say where several sentences of a row part; other columns are
    passed over.

    Parameters
    ----------
    data, path
        See `corpus.readers.base.Reader`. Text is separated by tabs, without quoting, or by commas or
        semicolons with it; of a spreadsheet the first sheet counts.

    Raises
    ------
    InputError
        If the columns are not named, a row has more cells than there are columns, or there is no text.
    """
    name = str(path)
    rows = _rows(data, name)
    columns = _columns(next(rows, (0, []))[1], name)
    tally = Tally()
    units = peeked(_units(rows, columns, name, tally), f"{name}: a table without text", tally)
    yield from documents(units, tally)


_JOINED = (
    "texts of several sentences that are read as one, since no columns src_segments, tgt_segments say where "
    "they part"
)


def _units(
    rows: Iterator[tuple[int, list[str]]], columns: _Columns, name: str, tally: Tally
) -> Iterator[Unit]:
    width = max((*columns.names.values(), *columns.texts.values())) + 1
    buffered, told = _told(rows, columns, name, tally)
    for number, cells in buffered:
        row = [*cells, *([""] * (width - len(cells)))]
        where = f"{name}: row {number}"
        texts = {}
        langs = []
        for side, at in columns.texts.items():
            stated = columns.language(row, side)
            langs.append(tally.language(stated, where) if stated or side not in told else told[side])
            spans = columns.cell(row, f"{side}_segments")
            ids = (columns.cell(row, f"{side}_ids") or "").split()
            segments = _by_line(row[at], ids) if columns.a_line else cut(row[at], spans, langs[-1], tally)
            if segments:
                texts[langs[-1]] = segments
            if spans is None and len(segments) < len(ids):
                tally.count(_JOINED)
        if len(set(langs)) < len(langs):
            raise InputError(f"{where}: both texts are in {langs[0]}")
        if texts:
            score, document = tally.score(columns.cell(row, "score")), columns.cell(row, *_DOCUMENT)
            date = columns.cell(row, "date")
            yield Unit(texts, f"row {number}", score, document, date, langs=tuple(langs))
        else:
            tally.count("rows without text, left out")


def _by_line(text: str, ids: Sequence[str]) -> tuple[Segment, ...]:
    """Cut a text into a sentence a line, if there are as many as its ids."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) == len(ids) and all(one.isdecimal() for one in ids):
        return tuple(Segment(line, int(one)) for line, one in zip(lines, ids, strict=True))
    joined = " ".join(lines)
    return (Segment(joined),) if joined else ()


def _told(
    rows: Iterator[tuple[int, list[str]]], columns: _Columns, name: str, tally: Tally
) -> tuple[Iterator[tuple[int, list[str]]], dict[str, str]]:
    """Tell the languages of columns that are called by their sides, where no column states them."""
    unstated = [
        side
        for side in columns.texts
        if side in ("src", "tgt") and not {f"{side}_lang", "langs"} & columns.names.keys()
    ]
    if not unstated:
        return rows, {}
    sample = list(islice(rows, _SAMPLE))
    told = {}
    for side in unstated:
        at = columns.texts[side]
        told[side] = detect_language("\n".join(row[at] for _, row in sample if at < len(row)))
        if told[side] == UNDETERMINED:
            raise InputError(
                f"{name}: the language of column {side} cannot be told; call the column by its code, like en"
            )
        tally.languages.setdefault(told[side], set()).add(f"column {side}")
    return chain(sample, rows), told


def _columns(header: Sequence[str], name: str) -> _Columns:
    names: dict[str, int] = {}
    for at, cell in enumerate(header):
        called = cell.strip('" \ufeff').casefold()
        if called in names and called:
            raise InputError(f"{name}: two columns are called {called}; which one counts? rename the other")
        names[called] = at
    sides = {_SIDES[called]: at for called, at in names.items() if called in _SIDES}
    if len(sides) == 2:
        return _Columns(sides, names)
    langs: dict[str, int] = {}
    for called, at in names.items():
        lang = meant_code(called) if called not in _NO_LANGUAGES else None
        if lang is not None and _is_code(called):
            if lang in langs:
                raise InputError(
                    f"{name}: two columns are in {lang}; one text a language is read: rename the other"
                )
            langs[lang] = at
    if len(langs) < 2:
        shown = ", ".join(cell.strip() for cell in header[:6]) or "nothing"
        raise InputError(
            f"{name}: its first row is to name the columns: src and tgt, or codes of languages such as zh "
            f"and en; it has {shown}"
        )
    return _Columns(langs, names)


def _is_code(called: str) -> bool:
    """Tell whether a heading is a code (``zh``, ``zh-tw``) or a name that is one language's."""
    stem, _, region = called.replace("_", "-").partition("-")
    return (len(stem) == 2 and (not region or (region.isalnum() and len(region) <= 4))) or (
        len(stem) > 2 and not region
    )


def _rows(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers; one with more cells than the first is refused."""
    if is_spreadsheet(data):
        found: Iterator[tuple[int, list[str]]] = iter(enumerate(read_cells(data, name), start=1))
    else:
        found = _split(data, name)
    width = 0
    for number, cells in found:
        if not any(cell.strip() for cell in cells):
            continue
        width = width or len(cells)
        if any(cell.strip() for cell in cells[width:]):
            raise InputError(
                f"{name}: row {number} has {len(cells)} cells, the first row names {width} columns"
            )
        yield number, cells[:width]


def _split(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    text = decode(data, name).removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    separator = max("\t;,", key=head.count)
    if separator == "\t":
        for number, line in enumerate(io.StringIO(text, newline="\n"), start=1):
            yield number, line.rstrip("\r\n").split("\t")
        return
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # what a C long holds anywhere
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [unguarded(cell) for cell in cells]
    except csv.Error as error:
        raise InputError(f"{name}: line {reader.line_num}: {error}") from None

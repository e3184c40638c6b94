"""Tables of beads that someone marked as right or wrong, as files and spreadsheets have them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.formulas import unguarded
from corpus.readers.spreadsheets import is_spreadsheet, read_cells
from corpus.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RIGHT = frozenset(("1", "1.0", "x", "y", "yes", "t", "true", "right", "ok", "✓", "对", "是"))
WRONG = frozenset(("0", "0.0", "n", "no", "f", "false", "wrong", "✗", "错", "否"))
"""What marks a bead as right, or as wrong, in any case."""

COLUMN = "right"
"""The column that a user fills in."""


def read_rows(data: bytes, name: str, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Split a table into rows by column, with their line numbers.

    Parameters
    ----------
    data, name
        A spreadsheet, of which the first sheet counts; or text separated by tabs, commas or semicolons, with
        or without quotes. And what to call it.
    needed
        Columns that it must have (else InputError; so if two have one name).
    """
    in_cells = is_spreadsheet(data)
    names: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(read_cells(data, name), start=1) if in_cells else _split(data, name):
        if not names:
            names = [cell.strip('" ').casefold() for cell in cells]
            if twice := sorted({column for column in names if column and names.count(column) > 1}):
                raise InputError(
                    f"{name}: two columns are called {', '.join(twice)}; which one counts? rename the other"
                )
        elif any(cell.strip() for cell in cells):
            row = dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))
            # What a spreadsheet wraps in quotation marks is unwrapped where none can be part of it.
            if not in_cells:
                row = {
                    key: unguarded(cell if key in _TEXT else cell.strip('" ')) for key, cell in row.items()
                }
            rows.append((number, row))
    if missing := [column for column in needed if column not in names]:
        raise InputError(
            f"{name}: no column {' or '.join(missing)} in the first line; `calibrate(sample=N)` draws "
            "beads into a file that has them"
        )
    return rows


_TEXT = frozenset(("src", "tgt", "note"))


def _split(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers and cells.

    Files with tabs have no quoting, a quotation mark is a quotation mark: unless their lines have too few
    cells or too many, and none has if cells in quotation marks hold line ends, as spreadsheets write them.
    """
    text = decode(data, name).removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    separator = max("\t;,", key=head.count)
    if separator == "\t":
        plain = [line.removesuffix("\r").split("\t") for line in text.split("\n")]
        yield from _with_line_ends(text, plain) or enumerate(plain, start=1)
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise InputError(f"{name}: line {reader.line_num}: {error}") from None


def _with_line_ends(text: str, plain: Sequence[list[str]]) -> list[tuple[int, list[str]]]:
    """Return the rows of a table with tabs whose cells in quotation marks hold line ends; none of another."""
    width = len(plain[0])
    if all(len(cells) == width for cells in plain if cells != [""]):
        return []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    try:
        rows = [(number, cells) for number, cells in enumerate(reader, start=1) if cells]
    except csv.Error:
        return []
    return rows if all(len(cells) == width for _, cells in rows) else []


def read_mark(cell: str, where: str) -> bool | None:
    """Read a mark: whether a bead is right, None for no mark (InputError for anything else)."""
    mark = cell.strip().casefold()
    if not mark:
        return None
    if mark in RIGHT:
        return True
    if mark in WRONG:
        return False
    raise InputError(
        f"{where}: {cell[:40]!r} is no mark; right is 1, x, yes, right or 对; wrong 0, no, wrong or 错"
    )


def read_score(cell: str, where: str) -> float:
    """Read a score, 0 to 1 (InputError for anything else)."""
    try:
        score = float(cell.strip().replace(",", "."))  # as spreadsheets in half of Europe write it
    except ValueError:
        score = -1.0
    if not 0.0 <= score <= 1.0:
        raise InputError(f"{where}: the score is a number from 0 to 1, not {cell[:40]!r}")
    return score


def is_null(row: dict[str, str]) -> bool:
    """Whether a side is empty; the text says so best, as spreadsheets take ``1:1`` for a time."""
    if "src" in row and "tgt" in row:
        return not (row["src"].strip() and row["tgt"].strip())
    return "0" in row.get("bead", "").split(":")

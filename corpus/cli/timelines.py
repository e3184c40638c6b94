"""A timeline for a terminal: figures and bars, a run of bins without documents in one line."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from corpus.cli.terminal import print_table, result_console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.timeline import Timeline

_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉█"

BY_ORIGINAL = "°"
"""Marks translations that stand under their original's date."""


def print_timeline(found: Timeline) -> None:
    """Print a timeline."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "lang", "documents", "words", "hits", "per 10,000", ""):
        table.add_column(name, justify="right" if name in _NUMBERS else "left", no_wrap=True)
    most = max((value for value in found.rows["per_10k"] if value is not None), default=0.0)
    for label, row in _lines(found):
        if isinstance(row, str):
            table.add_row(label, "", Text(row, style="dim"))
            continue
        mark = BY_ORIGINAL if row["dated_by_original"] else ""
        rate = row["per_10k"]
        cells = (label, row["lang"], f"{row['documents']}{mark}", f"{row['words']:,}", f"{row['hits']:,}")
        table.add_row(*cells, "–" if rate is None else f"{rate:.1f}", bar(rate or 0.0, most))
    print_table(table)
    if found.rows["dated_by_original"].sum():
        result_console().print(
            Text(f"{BY_ORIGINAL} translations, under the date of their original", style="dim")
        )


_NUMBERS = ("documents", "words", "hits", "per 10,000")


def _lines(found: Timeline) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Yield a label and a row of the timeline a line; for bins in a row without documents, what to say."""
    rows = found.rows.to_dicts()
    said = {(row["kind"], row["bin"]): "no documents" for row in rows}
    said |= {(row["kind"], row["bin"]): "none dated so closely" for row in rows if row["perhaps"]}
    said |= {(row["kind"], row["bin"]): "" for row in rows if row["documents"]}
    for without, group in groupby(rows, key=lambda row: said[row["kind"], row["bin"]]):
        members = list(group)
        if without:
            first, last = members[0]["bin"], members[-1]["bin"]
            yield (first if first == last else f"{first}–{last}"), without
            continue
        for row in members:
            if row["documents"]:
                yield _label(row), row


def _label(row: dict[str, Any]) -> str:
    if row["kind"] == "partial":
        return f"{row['bin']} (not known closer)"
    return "unknown date" if row["kind"] == "undated" else str(row["bin"])


def bar(value: float, most: float) -> str:
    """Return a bar of at most 30 columns, in eighths of one."""
    eighths = round(8 * _BAR * value / most) if most else 0
    if value and not eighths:
        eighths = 1
    return _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()

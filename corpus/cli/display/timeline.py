"""Timelines for a terminal: figures and bars, a run of bins without documents in one line."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.table import Table
from rich.text import Text

from corpus.cli.display.terminal import print_table, result_console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.search.threshold_search import Level

_BAR = 30
_EIGHTHS = " ▏▎▍▌▋▊▉█"

BY_ORIGINAL = "°"
"""Marks translations that stand under their original's date."""


def print_timeline(rows: pl.DataFrame, level: Level | None = None) -> None:
    """Print a timeline (`TIMELINE`); of similar sentences with the level they reach."""
    dense = level is not None
    table = _table("similar" if dense else "hits", "per 10,000", "", sentences=dense)
    most = max((value for value in rows["per_10k"] if value is not None), default=0.0)
    for label, row in _lines(rows):
        if isinstance(row, str):
            table.add_row(label, "", Text(row, style="dim"))
            continue
        rate = row["per_10k"]
        shown = "–" if rate is None else f"{rate:.1f}"
        searched = _searched(label, row, sentences=dense)
        table.add_row(*searched, f"{row['hits']:,}", shown, bar(rate or 0.0, most))
    print_table(table)
    say_by_original(rows)
    if level is not None:
        result_console().print(Text(f"similar: {level}", style="dim"))


def print_forms(rows: pl.DataFrame, forms: pl.DataFrame) -> None:
    """Print a timeline with a column a form that is found: hits, and per 10,000 words in brackets."""
    shown = forms.filter(pl.col("hits") > 0)["form"].unique(maintain_order=True).to_list()
    by_place = {(row["kind"], row["bin"], row["lang"], row["form"]): row for row in forms.to_dicts()}
    table = _table(*shown)
    for label, row in _lines(rows):
        if isinstance(row, str):
            table.add_row(label, "", Text(row, style="dim"))
            continue
        cells = (by_place[row["kind"], row["bin"], row["lang"], form] for form in shown)
        table.add_row(*_searched(label, row), *map(_hits, cells))
    print_table(table)
    say_by_original(rows)


def _table(*columns: str, sentences: bool = False) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("", "lang", "documents", *(["sentences"] if sentences else []), "words", *columns):
        table.add_column(Text(name), justify="left" if name in ("", "lang") else "right", no_wrap=True)
    return table


def _searched(label: str, row: dict[str, Any], *, sentences: bool = False) -> tuple[str, ...]:
    mark = BY_ORIGINAL if row["dated_by_original"] else ""
    counts = [f"{row[name]:,}" for name in (("sentences", "words") if sentences else ("words",))]
    return (label, row["lang"], f"{row['documents']:,}{mark}", *counts)


def _hits(row: dict[str, Any]) -> str:
    return f"{row['hits']:,} ({row['per_10k']:.1f})" if row["hits"] else "0"


def say_by_original(rows: pl.DataFrame) -> None:
    """Print what the mark means, where it is used."""
    if rows["dated_by_original"].sum():
        text = f"{BY_ORIGINAL} translations, under the date of their original"
        result_console().print(Text(text, style="dim"))


def _lines(table: pl.DataFrame) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Yield a label and a row of the timeline a line; for bins in a row without documents, what to say."""
    rows = table.to_dicts()
    remarks = {(row["kind"], row["bin"]): "no documents" for row in rows}
    remarks |= {(row["kind"], row["bin"]): "none dated so closely" for row in rows if row["perhaps"]}
    remarks |= {(row["kind"], row["bin"]): "" for row in rows if row["documents"]}
    for without, group in groupby(rows, key=lambda row: remarks[row["kind"], row["bin"]]):
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

"""Tables of words for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from corpus.cli.terminal import print_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


def print_words(words: pl.DataFrame) -> None:
    """Print a list of words (`corpus.words.WORDS`)."""
    print_rows(
        words,
        {
            "lang": "",
            "word": "",
            "n": ",",
            "per_10k": ".1f",
            "documents": ",",
            "dp": ".2f",
            "dp_norm": ".2f",
        },
    )


def print_collocates(words: pl.DataFrame) -> None:
    """Print words near a pattern (`corpus.collocates.COLLOCATES`)."""
    print_rows(
        words,
        {
            "lang": "",
            "word": "",
            "near": ",",
            "expected": ".1f",
            "n": ",",
            "documents": ",",
            "g2": ".1f",
            "log_dice": ".2f",
        },
    )


def print_rows(rows: pl.DataFrame, formats: Mapping[str, str]) -> None:
    """Print columns of a table: numbers in a format, to the right, text without one; – is unknown."""
    table = Table(box=None, pad_edge=False)
    for name, form in formats.items():
        table.add_column(_HEADINGS.get(name, name), justify="right" if form else "left", no_wrap=bool(form))
    for row in rows.select(formats.keys()).iter_rows(named=True):
        cells = ("–" if value is None else format(value, formats[name]) for name, value in row.items())
        table.add_row(*map(Text, cells))
    print_table(table)


_HEADINGS = {"per_10k": "per 10,000", "dp": "DP", "dp_norm": "DPnorm", "g2": "G2", "log_dice": "logDice"}

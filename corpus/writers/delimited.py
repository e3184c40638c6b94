"""Pairs as comma-separated values, which spreadsheets open."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.formulas import guarded
from corpus.documents.pairs import COLUMNS, chosen
from corpus.writers.output import encoded
from corpus.writers.records import columns_of
from corpus.writers.tsv import IDS, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.pairs import PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_FREE = ("src", "tgt")


def write_csv(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as comma-separated values (RFC 4180, UTF-8, LF).

    A byte order mark, without which spreadsheets take UTF-8 for something else, comes first; an apostrophe
    is put before what a spreadsheet would run as a formula (`corpus.base.formulas.guarded`). Line breaks
    stay. Scores have four decimals, sentence ids are separated by spaces and flags by commas.
    """
    columns = columns_of(options, COLUMNS if options.text else IDS)
    with out.open() as file:
        text = io.StringIO(newline="")
        rows = csv.writer(text, lineterminator="\n")
        if options.header:
            rows.writerow(columns)
        file.write(b"\xef\xbb\xbf" + encoded(text.getvalue()))
        for batch in batches:
            text = io.StringIO(newline="")
            table = plain(chosen(batch.pairs, columns, nulls=options.nulls))
            cells = table.select(
                pl.col(name).map_elements("{:.4f}".format, return_dtype=pl.String).fill_null("")
                if name == "score"
                else pl.col(name).cast(pl.String).fill_null("")
                for name in columns
            )
            rows = csv.writer(text, lineterminator="\n")
            rows.writerows([guarded(cell) for cell in row] for row in cells.iter_rows())
            file.write(encoded(text.getvalue()))

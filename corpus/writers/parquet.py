"""Pairs as Parquet: one file, or a folder as data sets are shared."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import polars as pl

from corpus.documents.pairs import NUMBERED, PAIRS, chosen
from corpus.writers.records import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.pairs import PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output


def write_parquet(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as one Parquet file (zstd), with all their columns unless some are named."""
    with out.open() as file:
        _write(batches, file, options)


def write_dataset(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as a Parquet file in a folder, where a card beside it can say what they are."""
    with out.open("pairs.parquet") as file:
        _write(batches, file, options)


def _write(batches: Iterable[PairBatch], file: IO[bytes], options: WriteOptions) -> None:
    """Write batches one by one to the disk, then put them together as a stream."""
    columns = columns_of(options, PAIRS.names())
    with tempfile.TemporaryDirectory() as folder:
        parts: list[Path] = []
        for batch in batches:
            rows = chosen(batch.pairs, columns, nulls=options.nulls)
            if len(rows) or not parts:
                parts.append(Path(folder) / f"{len(parts)}.parquet")
                rows.write_parquet(parts[-1], compression="lz4")
        if not parts:
            empty = pl.DataFrame(schema=NUMBERED).with_columns(review=pl.lit(None, pl.String))
            parts.append(Path(folder) / "0.parquet")
            chosen(empty, columns, nulls=True).write_parquet(parts[0])
        whole = Path(folder) / "whole.parquet"
        scanned = pl.scan_parquet(parts, glob=False, hive_partitioning=False)
        scanned.sink_parquet(whole, compression="zstd", row_group_size=16_384, maintain_order=True)
        with whole.open("rb") as made:
            shutil.copyfileobj(made, file)

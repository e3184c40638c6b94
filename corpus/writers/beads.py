"""Beads as text: one a line, as Vecalign and its scorer write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import align

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from corpus.documents.pairs import PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output


def to_beads(pairs: pl.DataFrame) -> str:
    """Return pairs as gold files have beads: ``[0, 1]:[2]``, one a line, null beads always included."""
    ids = pairs.select("src_ids", "tgt_ids").iter_rows()
    return align.format_beads(align.Bead(tuple(src), tuple(tgt)) for src, tgt in ids)


def write_beads(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write beads as `to_beads` has them."""
    del options  # the format is what it is
    with out.open() as file:
        for batch in batches:
            file.write(to_beads(batch.pairs).encode())

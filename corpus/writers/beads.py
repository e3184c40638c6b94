"""Beads as text: one a line, as Vecalign and its scorer write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import align

if TYPE_CHECKING:
    import polars as pl


def beads_text(pairs: pl.DataFrame) -> str:
    """Write pairs as gold files have beads: ``[0, 1]:[2]``, one a line, null beads included."""
    ids = pairs.select("src_ids", "tgt_ids").iter_rows()
    return align.format_beads(align.Bead(tuple(src), tuple(tgt)) for src, tgt in ids)

"""Beads as text: one a line, as Vecalign and its scorer write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import align

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


def to_beads(
    pairs: pl.DataFrame, *, columns: Sequence[str] = (), header: bool = True, nulls: bool = True
) -> str:
    """Write pairs as gold files have beads: ``[0, 1]:[2]``, one a line, null beads always included."""
    del columns, header, nulls  # the format is what it is
    ids = pairs.select("src_ids", "tgt_ids").iter_rows()
    return align.format_beads(align.Bead(tuple(src), tuple(tgt)) for src, tgt in ids)

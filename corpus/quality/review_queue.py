"""Which beads to look at next: the least certain that nobody judged yet, over all documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.quality.reviews import judged_pairs

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

_FEWEST = 200  # beads looked at in one go: texts are read for whole documents


def next_beads(workspace: Workspace, count: int = 10) -> pl.DataFrame:
    """Return the beads with the least scores that were neither judged nor set.

    Parameters
    ----------
    workspace
        Aligned; what is not aligned yet is not looked at.
    count
        How many at most.

    Returns
    -------
    polars.DataFrame
        As `corpus.quality.reviews.document_beads`, the least certain first, null beads left out; of beads
        with the same two texts in one document, one.

    Raises
    ------
    CorpusError
        If nothing is aligned, or the count is less than 1.
    """
    if count < 1:
        raise CorpusError("ask for one bead at least")
    workspace = workspace.pin()
    keys = ["doc_id", "number", "src_ids", "tgt_ids"]
    order = (
        workspace.scan("beads")
        .filter((pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0))
        .select("doc_id", "src_ids", "tgt_ids", "score", "src_version", "tgt_version", number="bead")
        .collect()
        .sort("score", "doc_id", "src_version", "tgt_version", "number", nulls_last=True)
    )
    if order.is_empty():
        raise CorpusError("nothing is aligned yet: `align()`")
    found: list[pl.DataFrame] = []
    held = at = 0
    step = max(_FEWEST, 4 * count)
    while held < count and at < len(order):
        part = order.slice(at, step)
        wanted = {repr(row): rank for rank, row in enumerate(part.select(keys).iter_rows())}
        rows = judged_pairs(workspace, part["doc_id"].unique().to_list())
        ranks = [wanted.get(repr(row)) for row in rows.select(keys).iter_rows()]
        ranked = rows.with_columns(rank=pl.Series(ranks, dtype=pl.Int64))
        own = ranked.filter(pl.col("rank").is_not_null() & pl.col("right").is_null()).sort("rank")
        found.append(own.drop("rank"))
        held = len(pl.concat(found).unique("review"))
        at += step
    return pl.concat(found).unique("review", keep="first", maintain_order=True).head(count)


def count_judged(workspace: Workspace) -> tuple[int, int]:
    """Return how many beads with two sides were judged or set, and how many there are.

    Judgements of texts that are no bead any more are not counted as beads; those of a bead that stands
    several times in a document count once, as the bead is asked about once.
    """
    workspace = workspace.pin()
    both = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    total = int(workspace.scan("beads").filter(both).select(pl.len()).collect().item())
    docs = workspace.scan("reviews").select("doc_id").unique().collect()["doc_id"].to_list()
    if not docs:
        return 0, total
    rows = judged_pairs(workspace, docs)
    judged = rows.filter(both & pl.col("right").is_not_null())
    return len(judged), total

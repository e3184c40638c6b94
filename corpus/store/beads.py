"""Beads by their two sides, each a version of a document: the same document, or two that are linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.store.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.store.transaction import Change
    from corpus.store.workspace import Workspace

IMPORTED = "imported"
"""The aligner of beads that came in with their document (the table `imported`)."""

PAIR = ["doc_id", "src_version", "tgt_doc", "tgt_version"]
"""What tells an aligned pair of versions from others, in a table of `scan_beads`."""


def scan_beads(workspace: Workspace) -> pl.LazyFrame:
    """Read the table of beads lazily, `tgt_doc` filled in: the document of the target side."""
    return workspace.scan("beads").with_columns(tgt_doc=pl.coalesce("tgt_doc", "doc_id"))


def beads_of(workspace: Workspace, doc_ids: Iterable[str]) -> pl.LazyFrame:
    """Read the beads with a side in some documents (`scan_beads`)."""
    wanted = pl.Series(list(doc_ids), dtype=pl.String).implode()
    return scan_beads(workspace).filter(pl.col("doc_id").is_in(wanted) | pl.col("tgt_doc").is_in(wanted))


def both_ways(beads: pl.LazyFrame, *columns: str) -> pl.LazyFrame:
    """Return the sides of beads, each once as `own` and once as the other one.

    Parameters
    ----------
    beads
        As `scan_beads` reads them.
    columns
        Of these, to keep.

    Returns
    -------
    polars.LazyFrame
        doc_id, version and ids (a list of sentence numbers) of a side; side, ``src`` or ``tgt``; other_doc,
        other_version and other_ids of the other one; and `columns`. Those of source sides first.
    """
    doc = {"src": "doc_id", "tgt": "tgt_doc"}
    return pl.concat(
        beads.select(
            pl.col(doc[own]).alias("doc_id"),
            pl.col(f"{own}_version").alias("version"),
            pl.col(f"{own}_ids").alias("ids"),
            pl.lit(own).alias("side"),
            pl.col(doc[other]).alias("other_doc"),
            pl.col(f"{other}_version").alias("other_version"),
            pl.col(f"{other}_ids").alias("other_ids"),
            *columns,
        )
        for own, other in (("src", "tgt"), ("tgt", "src"))
    )


def hide_beads(change: Change, workspace: Workspace, doc_ids: Iterable[str]) -> None:
    """Take out the beads with a side in some documents.

    Parameters
    ----------
    change
        One that has not changed beads yet, but as `workspace` shows them.
    workspace
        What the beads are read from.
    """
    gone = set(doc_ids)
    series = pl.Series(list(gone), dtype=pl.String).implode()
    beads = workspace.scan("beads")
    linked = (
        beads.filter(pl.col("tgt_doc").is_in(series) & ~pl.col("doc_id").is_in(series))
        .select(pl.col("doc_id").unique())
        .collect()["doc_id"]
    )
    kept = beads.filter(
        pl.col("doc_id").is_in(linked.implode()) & ~pl.col("tgt_doc").is_in(series).fill_null(value=False)
    ).collect()
    change.hide("beads", gone)
    change.replace("beads", linked, kept)


def hide_pairs(change: Change, workspace: Workspace, pairs: Iterable[tuple[str, str]]) -> None:
    """Take out the beads between pairs of documents, source and target; see `hide_beads`."""
    schema = {"doc_id": pl.String, "tgt_doc": pl.String}
    gone = pl.DataFrame([*pairs], schema=schema, orient="row")
    held = workspace.scan("beads").filter(pl.col("doc_id").is_in(gone["doc_id"].implode()))
    kept = held.join(gone.lazy(), on=[*schema], how="anti", maintain_order="left").collect()
    change.replace("beads", gone["doc_id"].unique(), kept)


def beads_as_imported(imported: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `beads` for rows of `imported`."""
    rows = imported.with_columns(flags=pl.lit([], dtype=pl.List(pl.String)), aligner=pl.lit(IMPORTED),
                                 tgt_doc=pl.lit(None, dtype=pl.String))  # fmt: skip
    return rows.select(SCHEMAS["beads"].names())

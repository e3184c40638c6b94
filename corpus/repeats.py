"""Sentences that repeat an earlier one: reprints are no independent evidence; counts can leave them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.reprints import reprint_groups
from corpus.selection import KEYS
from corpus.tables import schema

if TYPE_CHECKING:
    from corpus.workspace import Workspace

REPEATS = schema(
    {
        "doc_id": pl.String,
        "version": pl.Int32,
        "sentence": pl.Int32,
        "text_id": pl.Int64,
    }
)
"""One row a sentence that repeats an earlier one."""


def repeats(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    """Return the sentences of some versions that repeat an earlier one of these versions.

    A sentence repeats another if both are the same but for marks, case and spacing, or one is a lightly
    edited reprint of the other (`corpus.reprints.reprint_groups`, at its own threshold). Sentences too short
    for that to mean anything (``(Photo attached)``) repeat nothing. Earlier is by date, then by document and
    place; what has no date comes last.

    Parameters
    ----------
    workspace
        Pinned, if it may be changed meanwhile. `corpus.reprints.update_reprints` has to have seen its
        sentences: those that it has not seen repeat nothing yet.
    versions
        With doc_id, version and date_first (`selection.select_versions`).

    Returns
    -------
    polars.DataFrame
        `REPEATS`: all but the earliest of each.
    """
    candidates = _in_several_places(workspace, versions)
    if candidates.is_empty():
        return pl.DataFrame(schema=REPEATS)
    ordered = versions.select(*KEYS, "date_first").lazy()
    return (
        workspace.scan("sentences")
        .select(*KEYS, "sentence", "text_id")
        .join(ordered, on=KEYS)
        .join(candidates.lazy(), on="text_id")
        .sort(pl.col("date_first").is_null(), "date_first", *KEYS, "sentence")
        .filter(pl.int_range(pl.len()).over("group") > 0)
        .select(REPEATS.names())
        .collect()
    )


def _in_several_places(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    """Return text_id and group of what stands in several places of some versions, by their text alone."""
    groups = reprint_groups(workspace).lazy()
    counted = (
        workspace.scan("sentences")
        .join(versions.select(KEYS).lazy(), on=KEYS, how="semi")
        .group_by("text_id")
        .len()
        .join(groups, on="text_id", how="left")
        .with_columns(pl.coalesce("group", "text_id").alias("group"))
        .filter(pl.col("len").sum().over("group") > 1)
        .select("text_id", "group")
        .collect(engine="streaming")
    )
    compared = (
        workspace.scan("minhashes")
        .join(counted.lazy(), on="text_id", how="semi")
        .filter(pl.col("bands").is_not_null())
        .select("text_id")
    )
    return counted.lazy().join(compared, on="text_id", how="semi").collect(engine="streaming")


def without(places: pl.DataFrame, left_out: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table with doc_id, version and sentence that are not among some places."""
    return places.join(left_out, on=[*KEYS, "sentence"], how="anti", maintain_order="left")

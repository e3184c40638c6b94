"""Sentences that repeat an earlier one: reprints are no independent evidence; counts can leave them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import WorkspaceError
from corpus.documents.subcorpus import of_parts
from corpus.reuse.reprints import reprint_groups, update_reprints
from corpus.store.schemas import KEYS, PART

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

REPEATS = pl.Schema(
    {
        "doc_id": pl.String,
        "version": pl.Int32,
        "sentence": pl.Int32,
        "text_id": pl.Int64,
    }
)
"""One row a sentence that repeats an earlier one."""

EARLIEST = (pl.col("date_first").is_null(), pl.col("date_last"), -pl.col("date_first").to_physical())
"""Sorts what has `date_first` and `date_last`, the earliest first: by the last day that it may be of.

Of dates that overlap, that which is known closer comes first: what is of 5 March 1958 was printed by then,
what is of 1958 perhaps only in December. What has no date comes last."""


def ensure_compared(workspace: Workspace, *, once: bool) -> None:
    """Find out which sentences repeat others, as far as that is not known, before they are counted.

    Parameters
    ----------
    workspace
        Not pinned, if something is to be found out and kept.
    once
        Whether they are to be counted once. If not, a workspace that cannot be changed is taken as it is:
        how many repeat is then known of those that were compared before.

    Raises
    ------
    WorkspaceError
        If they are to be counted once, and what is found cannot be kept.
    ValueError
        The same, since the handle is pinned.
    """
    if not workspace.state().rows("sentences") or (workspace.pinned is not None and not once):
        return
    try:
        update_reprints(workspace)
    except WorkspaceError as error:
        if once:
            raise WorkspaceError(
                f"{error}; what came last is not compared with the rest: only `once=False` can be counted"
            ) from error


def repeats(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    """Return the sentences of some versions that repeat an earlier one of these versions.

    A sentence repeats another if both are the same but for marks, case and spacing, or one is a lightly
    edited reprint of the other that gives the same figures (`corpus.reuse.reprints.reprint_groups`, at its
    own threshold): last year's bulletin with this year's figures is another statement. Sentences too short
    for that to mean anything (``(Photo attached)``) repeat nothing. Earlier is by date (`EARLIEST`), then by
    document and place.

    Parameters
    ----------
    workspace
        Pinned, if it may be changed meanwhile; `ensure_compared` has to have seen its sentences: those that
        were not compared repeat nothing yet.
    versions
        With doc_id, version, quoted, date_first and date_last (`selection.select_versions`).

    Returns
    -------
    polars.DataFrame
        `REPEATS`: all but the earliest of each.
    """
    candidates = _in_several_places(workspace, versions)
    if candidates.is_empty():
        return pl.DataFrame(schema=REPEATS)
    dates = versions.select(*PART, "date_first", "date_last").lazy()
    return (
        workspace.scan("sentences")
        .select(*PART, "sentence", "text_id")
        .join(dates, on=PART, nulls_equal=True)
        .join(candidates.lazy(), on="text_id")
        .sort(*EARLIEST, *KEYS, "sentence")
        .filter(pl.int_range(pl.len()).over("group") > 0)
        .select(REPEATS.names())
        .collect()
    )


def _in_several_places(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    """Return text_id and group of what stands in several places of some versions, by their text alone."""
    groups = reprint_groups(workspace, same_figures=True).lazy()
    counted = (
        of_parts(workspace.scan("sentences"), versions)
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

"""Which sentences are in the texts and not in the index, or in the index and in no text any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt

    from corpus.search.index.segment import Ids, Segment
    from corpus.store.workspace import Workspace

TABLES = ("sentences", "versions")
"""While these are as they were, it need not be read that nothing is new."""

Known: TypeAlias = "dict[object, tuple[Ids, Ids]]"
"""What `differences` told of some texts and segments."""


def wanted_ids(workspace: Workspace) -> Ids:
    """Return the `text_id` of each different sentence of a workspace."""
    return workspace.scan("sentences").select(pl.col("text_id").unique()).collect()["text_id"].to_numpy()


def held_ids(segments: tuple[Segment, ...]) -> Ids:
    """Return what segments hold of sentences that are in a document."""
    parts = [segment.ids if segment.alive is None else segment.ids[segment.alive] for segment in segments]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _are_among(ids: Ids, others: Ids) -> npt.NDArray[np.bool_]:
    """Tell which ids are among others; none is twice in either."""
    # By hashing: numpy's `isin` sorts both, which takes 2.6 times as long at five million.
    return pl.Series(ids).is_in(pl.Series(others).implode()).to_numpy()


def among(ids: Ids, others: Ids) -> Ids:
    """Return the ids that are among others; none is twice in either."""
    return ids[_are_among(ids, others)] if len(ids) else ids


def without(ids: Ids, others: Ids) -> Ids:
    """Return the ids that are not among others; none is twice in either."""
    return ids[~_are_among(ids, others)] if len(ids) else ids


def differences(
    workspace: Workspace, segments: tuple[Segment, ...], known: Known | None = None
) -> tuple[Ids, Ids]:
    """Return the sentences that no segment holds, and those held that are in no document.

    Of millions that takes longer than to add a day's: what was told of the same texts and segments is taken
    from `known`, and put there.
    """
    known = {} if known is None else known
    state = workspace.state()
    removed = state.files.get("removed")
    key = state.files_digest(*TABLES), removed and removed.file, tuple(one.folder for one in segments)
    if key not in known:
        wanted, held = wanted_ids(workspace), held_ids(segments)
        new = without(wanted, held)
        # Neither has one twice: if as many are in both as are held, none is gone.
        gone = held[:0] if len(wanted) - len(new) == len(held) else without(held, wanted)
        known[key] = new, gone
    return known[key]

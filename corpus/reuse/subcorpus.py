"""A part of a corpus to look at or count in, as it is now: versions that pass, and what repeats in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.documents.subcorpus import BATCH, select_versions, sentence_batches
from corpus.reuse.repeats import ensure_compared, repeats, without
from corpus.store.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from corpus.base.progress import Progress
    from corpus.documents.subcorpus import Selection
    from corpus.store.workspace import Workspace


@dataclass(frozen=True)
class Subcorpus:
    """The versions that a selection lets pass, read from one state of the workspace.

    Attributes
    ----------
    workspace
        Pinned.
    versions
        The versions, and what they quote (`corpus.documents.subcorpus.Selected`).
    undated
        How many versions are left out because the selection is by date and they have none.
    once
        Whether a sentence that repeats an earlier one counts for nothing.
    """

    workspace: Workspace
    versions: pl.DataFrame
    undated: int
    once: bool

    @cached_property
    def repeated(self) -> pl.DataFrame:
        """The sentences that repeat an earlier one of these versions (`corpus.reuse.repeats.REPEATS`)."""
        return repeats(self.workspace, self.versions)

    @property
    def left_out(self) -> pl.DataFrame | None:
        """The sentences that count for nothing; None if all count."""
        return self.repeated if self.once else None

    @cached_property
    def snapshot(self) -> Snapshot:
        """Digests of what is read."""
        return snapshot(self.workspace)

    def first(self, places: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a table with doc_id, version and sentence that repeat nothing earlier."""
        return without(places, self.repeated)

    def sentences(
        self,
        versions: pl.DataFrame,
        columns: Sequence[str],
        *,
        size: int = BATCH,
        progress: Progress | None = None,
    ) -> Iterator[pl.DataFrame]:
        """Yield the sentences of some of the versions that count, in batches (`sentence_batches`)."""
        return sentence_batches(
            self.workspace, versions, columns, without=self.left_out, size=size, progress=progress
        )


def open_subcorpus(
    workspace: Workspace, selection: Selection | None = None, *, once: bool = False
) -> Subcorpus:
    """Select versions of a workspace as it is now; its sentences are compared first, if they were not.

    Parameters
    ----------
    workspace
        Not pinned, if its sentences have to be compared yet.
    selection
        Which versions; None is all.
    once
        Whether a sentence that stands in several places is to count at its earliest only.

    Raises
    ------
    CorpusError
        If the selection is refused (`corpus.documents.subcorpus.select_versions`), or sentences cannot be
        compared (`corpus.reuse.repeats.ensure_compared`).
    """
    ensure_compared(workspace, once=once)
    workspace = workspace.pin()
    selected = select_versions(workspace, selection)
    return Subcorpus(workspace, selected.versions, selected.undated, once)

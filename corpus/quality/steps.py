"""One step of a review, which can be taken back: the rows of reviews that it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError
from corpus.quality.review_store import REVIEWS, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.store.workspace import Workspace

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """What a judgement or a correction changed.

    Attributes
    ----------
    doc_id
        Of which document.
    before, after
        The reviews that changed, by their ids, as they were and as they are; of a new one, only `after`.
    """

    doc_id: str
    before: Rows
    after: Rows


def reviews_of(workspace: Workspace, doc_id: str) -> Rows:
    """Return a document's rows of the table of reviews, by their ids."""
    rows = workspace.scan(TABLE).filter(pl.col("doc_id") == doc_id).collect()
    return {row["review"]: row for row in rows.iter_rows(named=True)}


def step_between(
    doc_id: str, before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> Step:
    """Return the step from some reviews of a document to others."""
    changed = [key for key in (*before, *after) if before.get(key) != after.get(key)]
    return Step(
        doc_id,
        {key: before[key] for key in changed if key in before},
        {key: after[key] for key in changed if key in after},
    )


def take_step_back(workspace: Workspace, step: Step) -> None:
    """Put reviews back as they were before a step, and align the document anew around them.

    Raises
    ------
    CorpusError
        If one of them was changed since; nothing is changed then.
    """
    with workspace.change() as change:
        now = reviews_of(workspace, step.doc_id)
        touched = {*step.before, *step.after}
        if any(now.get(key) != step.after.get(key) for key in touched):
            raise CorpusError(
                f"{step.doc_id}: what was said there was changed since: it cannot be taken back"
            )
        kept = [row for row in workspace.table(TABLE).to_dicts() if row["review"] not in touched]
        REVIEWS.put(change, [*kept, *step.before.values()])
    align_missing(workspace, docs=[step.doc_id])

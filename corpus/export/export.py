"""Write a workspace's aligned pairs: chosen, counted, and said what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from corpus.documents.pair_selection import BatchSelection, PairFilter
from corpus.documents.pairs import PairCounts, counting, pair_batches
from corpus.quality.reviews import with_judgements
from corpus.store.beads import PAIR, scan_beads
from corpus.store.snapshot import snapshot
from corpus.writers.base import WriteOptions, write_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.base.progress import Progress
    from corpus.documents.pairs import PairBatch
    from corpus.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes
    ----------
    counts
        How many pairs, and sentences in none.
    left_out
        How many pairs were left out, by the reason.
    """

    counts: PairCounts
    left_out: dict[str, int] = field(default_factory=dict)


def export_pairs(
    workspace: Workspace,
    target: Path | str,
    form: str,
    *,
    wanted: PairFilter | None = None,
    options: WriteOptions | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the pairs that a workspace is aligned to, as many at a time as some documents have.

    Parameters
    ----------
    workspace
        Aligned (`corpus.alignment.incremental.align_missing`).
    target, form
        Where to, and the name of the format; see `corpus.writers.base.write_pairs`.
    wanted
        Which pairs; otherwise all that were not judged wrong.
    options
        What is asked of the writer. What the pairs rest on is added.
    progress
        Called with how many beads are written.

    Raises
    ------
    CorpusError
        If there are no pairs in the languages wanted, no such column, or the place cannot be written.
    """
    workspace = workspace.pin()
    wanted = PairFilter() if wanted is None else wanted
    options = WriteOptions() if options is None else options
    selection = select_batches(workspace, wanted, progress=progress)
    counts = PairCounts()
    said = options.about | {"snapshot": _snapshot(workspace)}
    write_pairs(counting(selection, counts), target, form, replace(options, about=said))
    return Exported(counts, selection.left_out)


def select_batches(
    workspace: Workspace, wanted: PairFilter, *, progress: Progress | None = None
) -> BatchSelection:
    """Return the pairs of a workspace that are asked for, in batches, with what was judged of them.

    Raises
    ------
    CorpusError
        If there are pairs, but none in the languages wanted.
    """
    total = workspace.state().rows("beads")

    def batches() -> Iterator[PairBatch]:
        done = 0
        for batch in pair_batches(workspace):
            yield replace(batch, pairs=with_judgements(workspace, batch.pairs))
            done += len(batch.pairs)
            if progress is not None:
                progress(min(done, total), total)

    return BatchSelection(batches, wanted, bead_languages(workspace))


def bead_languages(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the pairs of languages that a workspace is aligned in, source and target."""
    pairs = scan_beads(workspace).select(PAIR).unique()
    for side, doc in (("src", "doc_id"), ("tgt", "tgt_doc")):
        langs = workspace.scan("versions").select(
            pl.col("doc_id").alias(doc),
            pl.col("version").alias(f"{side}_version"),
            pl.col("lang").alias(side),
        )
        pairs = pairs.join(langs, on=[doc, f"{side}_version"])
    return [*pairs.select("src", "tgt").unique().collect().sort("src", "tgt").iter_rows()]


def _snapshot(workspace: Workspace) -> str:
    """Return the state of texts and beads, as messages have it."""
    taken = snapshot(workspace).to_dict()
    return " ".join(f"{name} {taken[name]}" for name in ("texts", "beads") if taken[name])

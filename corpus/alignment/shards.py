"""Aligning a workspace's pairs of versions elsewhere: a batch of them is a shard."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from align import Bead
from corpus.alignment.batches import How, Prepared, batches, beads_of, prepared, store
from corpus.encoders import load_encoder
from corpus.encoders.loading import loaded_by
from corpus.encoders.shards import load_version
from corpus.execution.shards import Shard, Tables, digest_of, done_shards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.base.progress import Progress
    from corpus.documents.bitext import Side
    from corpus.execution.executor import Executor
    from corpus.store.schemas import DataType
    from corpus.store.workspace import Workspace

STAGE = "align"

_SIZE = 1000  # sentences of a shard: some ten seconds of a processor, which is what a lost worker loses

_BEADS: dict[str, DataType] = {
    "item": pl.UInt32,
    "src": pl.List(pl.UInt32),
    "tgt": pl.List(pl.UInt32),
    "score": pl.Float64,
    "flags": pl.List(pl.String),
}


@dataclass(frozen=True, slots=True)
class _Task:
    """A batch of pairs; those that `kept` the beads they came in with are not aligned."""

    items: list[Prepared]
    how: How
    version: str


def align_in_shards(
    workspace: Workspace,
    missing: pl.DataFrame,
    how: How,
    executor: Executor,
    *,
    progress: Progress | None = None,
) -> None:
    """Have pairs of versions aligned by workers, and store their beads, batch by batch, in order.

    Parameters
    ----------
    workspace, missing
        Which pairs (`corpus.alignment.incremental.missing_pairs`).
    how, executor
        With what, and by whom. The encoder has to be known by its name.
    progress
        Called after each batch, with the number of pairs done, of how many.
    """
    named, version = how, ""
    if not missing["imported"].all():
        encoder = load_encoder(how.encoder) if isinstance(how.encoder, str) else how.encoder
        named, version = replace(how, encoder=loaded_by(encoder)), encoder.version

    def shards() -> Iterator[Shard[_Task]]:
        for batch in batches(missing, _SIZE):
            items = prepared(workspace, batch)
            about = [_about(item) for item in items]
            digest = digest_of(STAGE, how.aligner, how.weights is None, version, about)
            yield Shard(digest, _Task(items, named, version))

    done = 0
    folder = workspace.shards(STAGE)
    for task, result in done_shards(executor, folder, _align, shards()):
        beads: list[list[Bead]] = [item.kept or [] for item in task.items]
        for number, src, tgt, score, flags in result["beads"].iter_rows():
            beads[number].append(Bead(tuple(src), tuple(tgt), score, tuple(flags)))
        store(
            workspace,
            [item.aligned(own, how.aligner) for item, own in zip(task.items, beads, strict=True)],
        )
        done += len(task.items)
        if progress is not None:
            progress(done, len(missing))


def _align(task: _Task) -> Tables:
    """Align a batch, in a worker."""
    rows: list[tuple[object, ...]] = []
    wanted = [(number, item) for number, item in enumerate(task.items) if item.kept is None]
    if wanted:
        assert isinstance(task.how.encoder, str)
        encoder = load_version(task.how.encoder, task.version)
        for number, item in wanted:
            beads = beads_of(item, replace(task.how, encoder=encoder))
            rows += [(number, bead.src, bead.tgt, bead.score, bead.flags) for bead in beads]
    return {"beads": pl.DataFrame(rows, schema=_BEADS, orient="row")}


def _about(item: Prepared) -> list[object]:
    """Return all that the beads of a pair depend on."""
    return [
        asdict(item.pair),
        _side(item.src),
        _side(item.tgt),
        [[bead.src, bead.tgt] for bead in item.said.fixed],
        [[bead.src, bead.tgt] for bead in item.said.forbidden],
        item.kept is None,
    ]


def _side(side: Side) -> list[object]:
    return [side.lang, side.sentences, side.units(), side.about]

"""Pairs of versions in batches: aligned, and stored, so many sentences at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.alignment.align import align_sides
from corpus.alignment.constraints import constrained, constraints, document_reviews, moved_beads
from corpus.alignment.imported import imported_beads_of, keep_imported
from corpus.alignment.likeness import likeness, unpaired_beads
from corpus.documents.bitext import Side, workspace_sides
from corpus.documents.pairs import pairs_frame
from corpus.encoders import load_encoder
from corpus.store import schemas
from corpus.store.beads import IMPORTED, PAIR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import align
    from align import Bead
    from align.encoder import Encoder
    from corpus.alignment.constraints import Constraints
    from corpus.base.progress import Progress
    from corpus.store.workspace import Workspace


# Sentences aligned, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions to be aligned; whether a link says that they translate each other; if they came in so."""

    doc_id: str
    src_version: int
    tgt_doc: str
    tgt_version: int
    linked: bool
    imported: bool

    @property
    def versions(self) -> tuple[str, int, int]:
        """The document, and its two versions."""
        return self.doc_id, self.src_version, self.tgt_version

    @property
    def source(self) -> tuple[str, int]:
        """The source's document and version."""
        return self.doc_id, self.src_version

    @property
    def target(self) -> tuple[str, int]:
        """The target's document and version."""
        return self.tgt_doc, self.tgt_version


@dataclass(frozen=True, slots=True)
class How:
    """What pairs are aligned with.

    Attributes
    ----------
    encoder
        It, or its name.
    weights
        Of the aligner, where they are the encoder's own.
    aligner
        The id of both.
    moved
        Whether passages that stand in another place are looked for.
    """

    encoder: Encoder | str
    weights: align.Weights | None
    aligner: str
    moved: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pair of versions with all that its beads are made of.

    Attributes
    ----------
    pair, src, tgt
        The versions.
    reviews
        What was said of the document's beads.
    said
        What of it is heeded.
    kept
        The beads that it came in with, if it is to have these.
    """

    pair: Pair
    src: Side
    tgt: Side
    reviews: Sequence[Mapping[str, Any]]
    said: Constraints
    kept: list[Bead] | None

    def aligned(self, beads: list[Bead], aligner: str) -> Aligned:
        """Return it with its beads, which an aligner made if it did not come in with them."""
        by = aligner if self.kept is None else IMPORTED
        return Aligned(self.pair, self.src, self.tgt, beads, constrained(by, self.reviews))


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of versions, and the beads made of it."""

    pair: Pair
    src: Side
    tgt: Side
    beads: list[align.Bead]
    aligner: str


def align_here(
    workspace: Workspace, missing: pl.DataFrame, how: How, *, progress: Progress | None = None
) -> None:
    """Align pairs of versions in this process, and store their beads, batch by batch.

    Parameters
    ----------
    workspace, missing
        Which pairs (`corpus.alignment.incremental.missing_pairs`).
    how
        With what.
    progress
        Called after each pair.
    """
    done = 0
    for batch in batches(missing):
        made: list[Aligned] = []
        try:
            for item in prepared(workspace, batch):
                beads = beads_of(item, how) if item.kept is None else item.kept
                made.append(item.aligned(beads, how.aligner))
                done += 1
                if progress is not None:
                    progress(done, len(missing))
        except KeyboardInterrupt:
            store(workspace, made)
            raise
        store(workspace, made)


def batches(pairs: pl.DataFrame, most: int | None = None) -> Iterator[list[Pair]]:
    """Cut pairs of versions into batches of so many sentences, the pairs of a document together."""
    most = most or _BATCH
    batch: list[Pair] = []
    size = 0
    for _, group in pairs.group_by(["doc_id"], maintain_order=True):
        if batch and size + int(group["sentences"].sum()) > most:
            yield batch
            batch, size = [], 0
        batch += [Pair(*row) for row in group.select(*PAIR, "linked", "imported").iter_rows()]
        size += int(group["sentences"].sum())
    if batch:
        yield batch


def prepared(workspace: Workspace, batch: Sequence[Pair]) -> list[Prepared]:
    """Look up what a batch of pairs is aligned from; pairs of what was removed meanwhile are left out."""
    docs = {doc_id for one in batch for doc_id in (one.doc_id, one.tgt_doc)}
    sides = workspace_sides(workspace, docs)
    said = document_reviews(workspace, docs)
    came_in = imported_beads_of(workspace, (one.doc_id for one in batch if one.imported))
    known = moved_beads(workspace, docs) if said else {}
    found = []
    for one in batch:
        if one.source in sides and one.target in sides:
            pair = sides[one.source], sides[one.target]
            rows = said.get(one.doc_id, [])
            heeded = constraints(rows, *pair, moved=known.get((one.source, one.target), ()))
            kept = keep_imported(came_in[one.versions], *pair, rows) if one.imported else None
            found.append(Prepared(one, *pair, rows, heeded, kept))
    return found


def beads_of(item: Prepared, how: How) -> list[align.Bead]:
    """Align two versions; leave them unpaired if they do not look like translations and nobody says so.

    Without weights of the encoder's own scores are no probabilities: nothing is told by them. Who sets a bead
    with two sides says that the versions are translations.
    """
    one, src, tgt, said = item.pair, item.src, item.tgt, item.said
    beads = align_sides(
        src, tgt, encoder=how.encoder, weights=how.weights, fixed=said.fixed, forbidden=said.forbidden,
        moved=how.moved,
    )  # fmt: skip
    relations = (src.about["relation"], tgt.about["relation"])
    stated = one.linked or (
        one.doc_id == one.tgt_doc and (src.about["translated"] or "unknown" not in relations)
    )
    if stated or how.weights is None or not all(bead.is_null for bead in said.fixed):
        return beads
    chosen = load_encoder(how.encoder) if isinstance(how.encoder, str) else how.encoder
    if likeness(pairs_frame(one.doc_id, src, tgt, beads), chosen).is_translation:
        return beads
    return unpaired_beads(src, tgt)


def store(workspace: Workspace, made: Sequence[Aligned]) -> None:
    """Keep beads, but of texts that were changed while they were aligned."""
    if not made:
        return
    docs = {doc_id for item in made for doc_id in (item.pair.doc_id, item.pair.tgt_doc)}
    with workspace.change() as change:
        now = workspace_sides(workspace, docs)
        fresh = [
            item
            for item in made
            if _same_text(item.src, now.get(item.pair.source))
            and _same_text(item.tgt, now.get(item.pair.target))
        ]
        again = pl.DataFrame(
            [(*item.pair.source, *item.pair.target) for item in fresh],
            schema={key: schemas.SCHEMAS["beads"][key] for key in PAIR},
            orient="row",
        )
        docs = {item.pair.doc_id for item in fresh}
        others = (
            workspace.scan("beads")
            .filter(pl.col("doc_id").is_in(pl.Series(list(docs), dtype=pl.String).implode()))
            .with_columns(other=pl.coalesce("tgt_doc", "doc_id"))
            .join(
                again.rename({"tgt_doc": "other"}).lazy(),
                on=["doc_id", "src_version", "other", "tgt_version"],
                how="anti",
                maintain_order="left",
            )
            .drop("other")
            .collect()
        )
        rows = [row for item in fresh for row in bead_rows(item.pair, item.beads, item.aligner)]
        beads = pl.concat([others, schemas.frame("beads", rows)])
        order = ["doc_id", "tgt_doc", "src_version", "tgt_version", "bead"]
        change.replace("beads", docs, beads.sort(order, nulls_last=False))


def _same_text(one: Side, other: Side | None) -> bool:
    def aligned(side: Side) -> tuple[object, ...]:
        return side.lang, side.sentences, side.paragraphs, side.headings

    return other is not None and aligned(one) == aligned(other)


def bead_rows(pair: Pair, beads: Iterable[Bead], aligner: str) -> list[dict[str, Any]]:
    """Return the rows of `beads` for an aligned pair of versions, in order."""
    return [
        {
            "doc_id": pair.doc_id,
            "bead": number,
            "src_version": pair.src_version,
            "tgt_version": pair.tgt_version,
            "src_ids": list(bead.src),
            "tgt_ids": list(bead.tgt),
            "score": bead.score,
            "flags": list(bead.flags),
            "aligner": aligner,
            "tgt_doc": None if pair.tgt_doc == pair.doc_id else pair.tgt_doc,
        }
        for number, bead in enumerate(beads)
    ]

"""Aligned pairs: beads made for a workspace's bilingual documents or for two files, and their table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.alignment.align import align_sides
from corpus.alignment.constraints import (
    Constraints,
    aligners,
    constrained,
    constraints,
    document_reviews,
    moved_beads,
)
from corpus.alignment.imported import (
    imported_beads_of,
    imported_documents,
    imported_pairs,
    keep_imported,
    kept_or_current,
    to_keep,
)
from corpus.alignment.likeness import likeness, unpaired_beads
from corpus.alignment.settings import (
    aligner_name,
    check_encoder,
    finds_moved,
    keep_aligner,
    load_kept,
    looks_across,
    workspace_encoder,
    workspace_scorer,
)
from corpus.alignment.wanted import keep_langs, wanted_pairs
from corpus.base.errors import CorpusError
from corpus.documents.bitext import Side, workspace_sides
from corpus.documents.links import linked_documents, linked_pairs, unchanged
from corpus.documents.pairs import pairs_frame, workspace_pairs
from corpus.encoders import load_encoder
from corpus.ingestion.seeds import ensure_documents
from corpus.store import schemas
from corpus.store.beads import IMPORTED, PAIR, scan_beads

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    import align
    from align import Bead
    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.store.workspace import Workspace


def align_workspace(
    workspace: Workspace,
    *,
    encoder: Encoder | str | None = None,
    weights: align.Weights | None = None,
    langs: Sequence[tuple[str, str]] | None = None,
    wrong: bool = False,
    moved: bool | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Align every bilingual document and every link of a workspace that is not aligned yet; return all pairs.

    Beads that a person set are kept, and documents aligned anew around them.

    Versions that do not look like translations of each other (`corpus.alignment.likeness`) are left
    unpaired, their null beads flagged ``unlike``, unless a marker line or a manifest says that they are;
    so does a link, as long as both texts are what they were when it was made.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    encoder
        An encoder, or the name of one, which the workspace is aligned with from now on; otherwise the one
        it was last aligned with, or ``use``. It is loaded only if there is something to align with it, or
        it is another than before.
    weights
        Of the aligner, which the workspace keeps from now on; otherwise those it keeps, or those that ship.
        To name those that ship, and no encoder, goes back to ``use``. What another encoder or other weights
        aligned is aligned again.
    langs
        Pairs of languages, source and target, that are to be aligned in every work that has both, besides
        what is linked: kept from now on, until others are named.
    wrong
        Whether documents are aligned again of which beads were judged wrong since: those beads are not
        proposed another time. Otherwise they stay until something else has them aligned.
    moved
        Whether passages that stand in another place in the translation are looked for (flag ``moved``), from
        now on; otherwise as before, at first they are.
    progress
        Called after each document.

    Returns
    -------
    polars.DataFrame
        `PAIRS`.

    Raises
    ------
    CorpusError
        If no document holds text in two languages and none is linked, if weights are given that belong to
        another encoder, or if the encoder cannot be loaded.
    """
    align_missing(
        workspace, encoder=encoder, weights=weights, langs=langs, wrong=wrong, moved=moved, progress=progress
    )
    check_alignable(workspace)
    return workspace_pairs(workspace)


def check_alignable(workspace: Workspace) -> None:
    """Raise CorpusError if no document holds text in two languages and none is linked."""
    several, single = count_documents(workspace)
    if not several and not linked_pairs(workspace):
        raise CorpusError(
            f"no document holds text in two languages ({single} in one), and none is linked; to say which "
            "translate each other: `link(A, B)`, or `pair()` finds out"
        )


def align_missing(
    workspace: Workspace,
    *,
    encoder: Encoder | str | None = None,
    weights: align.Weights | None = None,
    langs: Sequence[tuple[str, str]] | None = None,
    wrong: bool = False,
    moved: bool | None = None,
    docs: Collection[str] | None = None,
    realign: Collection[str] | str = (),
    as_imported: Collection[str] | str = (),
    progress: Progress | None = None,
) -> None:
    """Align what is bilingual or linked in a workspace and not aligned yet, if there is anything.

    Documents are aligned and stored in batches: an interruption keeps what is aligned by then, and a
    process that is killed loses one batch. Nothing is locked while documents are aligned. See
    `align_workspace`; `docs` names those to look at, if not all.

    What came in aligned (`corpus.alignment.imported`) stays as it is, around beads that a person set, unless
    `realign` names its document; `as_imported` names those that are to go back to what came in.
    """
    if encoder is None:
        name = workspace_encoder(workspace, weights)
    else:
        name = encoder if isinstance(encoder, str) else encoder.name
    if weights is not None:
        check_encoder(weights, name)
    if isinstance(encoder, str) and name != workspace_encoder(workspace):
        encoder = load_encoder(name)  # what cannot be loaded must not be kept
    ensure_documents(workspace)
    keep_aligner(workspace, name, weights, moved=moved)
    keep_langs(workspace, langs)
    scorer = workspace_scorer(workspace, name)
    across = finds_moved(workspace)
    aligner = aligner_name(name, scorer) + looks_across(moved=across)
    given = scorer if scorer.encoder == name else None
    named = imported_documents(workspace, realign), imported_documents(workspace, as_imported)
    missing = missing_pairs(
        workspace, aligner, wrong=wrong, docs=docs, realign=named[0], as_imported=named[1]
    )
    if encoder is None:
        encoder = name if missing["imported"].all() else load_kept(name)
    done = 0
    for batch in _batches(missing):
        made: list[_Aligned] = []
        docs_of = {doc_id for one in batch for doc_id in (one.doc_id, one.tgt_doc)}
        sides = workspace_sides(workspace, docs_of)
        said = document_reviews(workspace, docs_of)
        came_in = imported_beads_of(workspace, (one.doc_id for one in batch if one.imported))
        known = moved_beads(workspace, docs_of) if said else {}
        try:
            for one in batch:
                if one.source not in sides or one.target not in sides:
                    continue  # removed since it was listed
                pair = sides[one.source], sides[one.target]
                rows = said.get(one.doc_id, [])
                heeded = constraints(rows, *pair, moved=known.get((one.source, one.target), ()))
                beads = (
                    keep_imported(came_in[one.versions], *pair, rows)
                    if one.imported
                    else _beads(one, *pair, encoder, given, heeded, moved=across)
                )
                by = IMPORTED if one.imported else aligner
                made.append(_Aligned(one, *pair, beads, constrained(by, rows)))
                done += 1
                if progress is not None:
                    progress(done, len(missing))
        except KeyboardInterrupt:
            _store(workspace, made)
            raise
        _store(workspace, made)


def _beads(
    one: _Pair,
    src: Side,
    tgt: Side,
    encoder: Encoder | str,
    weights: align.Weights | None,
    said: Constraints,
    *,
    moved: bool,
) -> list[align.Bead]:
    """Align two versions; leave them unpaired if they do not look like translations and nobody says so.

    Without weights of the encoder's own scores are no probabilities: nothing is told by them. Who sets a bead
    with two sides says that the versions are translations.
    """
    beads = align_sides(
        src, tgt, encoder=encoder, weights=weights, fixed=said.fixed, forbidden=said.forbidden, moved=moved
    )
    relations = (src.about["relation"], tgt.about["relation"])
    stated = one.linked or (
        one.doc_id == one.tgt_doc and (src.about["translated"] or "unknown" not in relations)
    )
    if stated or weights is None or not all(bead.is_null for bead in said.fixed):
        return beads
    chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
    if likeness(pairs_frame(one.doc_id, src, tgt, beads), chosen).is_translation:
        return beads
    return unpaired_beads(src, tgt)


# Sentences aligned, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two versions to be aligned; whether a link says that they translate each other; if they came in so."""

    doc_id: str
    src_version: int
    tgt_doc: str
    tgt_version: int
    linked: bool
    imported: bool

    @property
    def versions(self) -> tuple[str, int, int]:
        return self.doc_id, self.src_version, self.tgt_version

    @property
    def source(self) -> tuple[str, int]:
        return self.doc_id, self.src_version

    @property
    def target(self) -> tuple[str, int]:
        return self.tgt_doc, self.tgt_version


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A pair of versions, and the beads made of it."""

    pair: _Pair
    src: Side
    tgt: Side
    beads: list[align.Bead]
    aligner: str


def _batches(pairs: pl.DataFrame) -> Iterator[list[_Pair]]:
    """Cut pairs of versions into batches of so many sentences, the pairs of a document together."""
    batch: list[_Pair] = []
    size = 0
    for _, group in pairs.group_by(["doc_id"], maintain_order=True):
        if batch and size + int(group["sentences"].sum()) > _BATCH:
            yield batch
            batch, size = [], 0
        batch += [_Pair(*row) for row in group.select(*PAIR, "linked", "imported").iter_rows()]
        size += int(group["sentences"].sum())
    if batch:
        yield batch


def _store(workspace: Workspace, made: Sequence[_Aligned]) -> None:
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


def missing_pairs(
    workspace: Workspace,
    aligner: str,
    *,
    wrong: bool = False,
    docs: Collection[str] | None = None,
    realign: Collection[str] = (),
    as_imported: Collection[str] = (),
) -> pl.DataFrame:
    """Return the pairs of versions that an aligner has not aligned, or not with the beads that were set.

    Parameters
    ----------
    workspace, aligner
        Where, and the aligner's id.
    wrong, docs, realign, as_imported
        See `align_missing`; the latter two are of documents that came in aligned.

    They are those of a document with its original, or else its first version; those that are linked; and
    those in languages that were asked for (`keep_langs`).

    Returns
    -------
    polars.DataFrame
        doc_id, src_version, tgt_doc, tgt_version, whether they are `linked` and say what they said then,
        whether they are to have the beads they were `imported` with, and the count of both versions'
        sentences; by document.
    """
    wanted = wanted_pairs(workspace)
    if docs is not None:
        some = pl.Series(list(docs), dtype=pl.String).implode()
        wanted = wanted.filter(pl.col("doc_id").is_in(some) | pl.col("tgt_doc").is_in(some))
    made = scan_beads(workspace).select(*PAIR, "aligner").unique().collect()
    expected = made.join(aligners(workspace, aligner), on="doc_id", how="left", maintain_order="left")
    imported = imported_pairs(workspace).with_columns(tgt_doc="doc_id", imported=pl.lit(value=True))
    known = expected.with_columns(pl.col("expected").fill_null(aligner)).join(
        imported, on=PAIR, how="left", maintain_order="left"
    )
    done = known.filter(kept_or_current(aligner, wrong=wrong, realign=realign, as_imported=as_imported))
    kept = to_keep(imported, known, realign=realign, as_imported=as_imported)
    missing = wanted.join(done.select(PAIR), on=PAIR, how="anti")
    documents = pl.concat([missing["doc_id"], missing["tgt_doc"]]).unique().implode()
    counts = (
        workspace.scan("sentences")
        .filter(pl.col("doc_id").is_in(documents))
        .group_by("doc_id", "version")
        .len()
        .collect()
    )
    for side, doc in (("src", "doc_id"), ("tgt", "tgt_doc")):  # one without sentences has no counterpart
        sizes = counts.select(pl.col("doc_id").alias(doc), pl.col("version").alias(f"{side}_version"),
                              pl.col("len").alias(side))  # fmt: skip
        missing = missing.join(sizes, on=[doc, f"{side}_version"])
    same = unchanged(workspace, missing["link"].drop_nulls())
    linked = pl.col("link").is_in(pl.Series(same, dtype=pl.String).implode()).fill_null(value=False)
    missing = missing.join(kept.with_columns(imported=pl.lit(value=True)), on=PAIR, how="left")
    came_in = pl.col("imported").fill_null(value=False)
    return missing.select(
        *PAIR, linked=linked, imported=came_in, sentences=pl.col("src") + pl.col("tgt")
    ).sort(PAIR)


def count_documents(workspace: Workspace) -> tuple[int, int]:
    """Return the numbers of multilingual documents, and of those in one language that are not linked."""
    counts = workspace.scan("versions").group_by("doc_id").len().collect()
    several = counts.filter(pl.col("len") > 1)
    alone = counts.filter(pl.col("len") == 1).join(linked_documents(workspace), on="doc_id", how="anti")
    return len(several), len(alone)


def bead_rows(pair: _Pair, beads: Iterable[Bead], aligner: str) -> list[dict[str, Any]]:
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

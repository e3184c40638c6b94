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
    is_current,
)
from corpus.alignment.likeness import likeness, unpaired_beads
from corpus.alignment.settings import (
    aligner_name,
    check_encoder,
    keep_aligner,
    load_kept,
    workspace_encoder,
    workspace_scorer,
)
from corpus.base.errors import CorpusError
from corpus.documents.bitext import Side, workspace_sides
from corpus.documents.pairs import pairs_frame, workspace_pairs
from corpus.encoders import load_encoder
from corpus.ingestion.seeds import ensure_documents
from corpus.store import schemas

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
    wrong: bool = False,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Align every bilingual document of a workspace that is not aligned yet; return all pairs.

    Beads that a person set are kept, and documents aligned anew around them.

    Versions that do not look like translations of each other (`corpus.alignment.likeness`) are left
    unpaired, their null beads flagged ``unlike``, unless a marker line or a manifest says that they are.

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
    wrong
        Whether documents are aligned again of which beads were judged wrong since: those beads are not
        proposed another time. Otherwise they stay until something else has them aligned.
    progress
        Called after each document.

    Returns
    -------
    polars.DataFrame
        `PAIRS`.

    Raises
    ------
    CorpusError
        If no document holds text in two languages, if weights are given that belong to another encoder, or
        if the encoder cannot be loaded.
    """
    align_missing(workspace, encoder=encoder, weights=weights, wrong=wrong, progress=progress)
    several, single = count_documents(workspace)
    if not several:
        raise CorpusError(
            f"no document holds text in two languages ({single} in one); "
            "to align two files with each other: `align(SRC, TGT)`"
        )
    return workspace_pairs(workspace)


def align_missing(
    workspace: Workspace,
    *,
    encoder: Encoder | str | None = None,
    weights: align.Weights | None = None,
    wrong: bool = False,
    docs: Collection[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Align the bilingual documents of a workspace that are not aligned yet, if there are any.

    Documents are aligned and stored in batches: an interruption keeps what is aligned by then, and a
    process that is killed loses one batch. Nothing is locked while documents are aligned. See
    `align_workspace`; `docs` names those to look at, if not all.
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
    keep_aligner(workspace, name, weights)
    scorer = workspace_scorer(workspace, name)
    aligner = aligner_name(name, scorer)
    given = scorer if scorer.encoder == name else None
    missing = missing_pairs(workspace, aligner, wrong=wrong, docs=docs)
    if encoder is None:
        encoder = load_kept(name) if len(missing) else name
    done = 0
    for batch in _batches(missing):
        made: list[_Aligned] = []
        sides = workspace_sides(workspace, {doc_id for doc_id, _, _ in batch})
        said = document_reviews(workspace, {doc_id for doc_id, _, _ in batch})
        try:
            for doc_id, src, tgt in batch:
                if (doc_id, src) not in sides or (doc_id, tgt) not in sides:
                    continue  # removed since it was listed
                pair = sides[doc_id, src], sides[doc_id, tgt]
                rows = said.get(doc_id, [])
                beads = _beads(doc_id, *pair, encoder, given, constraints(rows, *pair))
                made.append(_Aligned(doc_id, src, tgt, *pair, beads, constrained(aligner, rows)))
                done += 1
                if progress is not None:
                    progress(done, len(missing))
        except KeyboardInterrupt:
            _store(workspace, made)
            raise
        _store(workspace, made)


def _beads(
    doc_id: str,
    src: Side,
    tgt: Side,
    encoder: Encoder | str,
    weights: align.Weights | None,
    said: Constraints,
) -> list[align.Bead]:
    """Align two versions; leave them unpaired if they do not look like translations and nobody says so.

    Without weights of the encoder's own scores are no probabilities: nothing is told by them. Who sets a bead
    with two sides says that the versions are translations.
    """
    beads = align_sides(
        src, tgt, encoder=encoder, weights=weights, fixed=said.fixed, forbidden=said.forbidden
    )
    stated = src.about["translated"] or "unknown" not in (src.about["relation"], tgt.about["relation"])
    if stated or weights is None or not all(bead.is_null for bead in said.fixed):
        return beads
    chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
    if likeness(pairs_frame(doc_id, src, tgt, beads), chosen).is_translation:
        return beads
    return unpaired_beads(src, tgt)


# Sentences aligned, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A pair of versions, and the beads made of it."""

    doc_id: str
    src_version: int
    tgt_version: int
    src: Side
    tgt: Side
    beads: list[align.Bead]
    aligner: str


def _batches(pairs: pl.DataFrame) -> Iterator[list[tuple[str, int, int]]]:
    """Cut pairs of versions into batches of so many sentences, the pairs of a document together."""
    batch: list[tuple[str, int, int]] = []
    size = 0
    for (doc_id,), group in pairs.group_by(["doc_id"], maintain_order=True):
        if batch and size + int(group["sentences"].sum()) > _BATCH:
            yield batch
            batch, size = [], 0
        versions = group.select("src_version", "tgt_version").iter_rows()
        batch += [(str(doc_id), src, tgt) for src, tgt in versions]
        size += int(group["sentences"].sum())
    if batch:
        yield batch


def _store(workspace: Workspace, made: Sequence[_Aligned]) -> None:
    """Keep beads, but of texts that were changed while they were aligned."""
    if not made:
        return
    docs = {item.doc_id for item in made}
    with workspace.change() as change:
        now = workspace_sides(workspace, docs)
        fresh = [
            item
            for item in made
            if _same_text(item.src, now.get((item.doc_id, item.src_version)))
            and _same_text(item.tgt, now.get((item.doc_id, item.tgt_version)))
        ]
        keys = ["doc_id", "src_version", "tgt_version"]
        again = pl.DataFrame(
            [(item.doc_id, item.src_version, item.tgt_version) for item in fresh],
            schema={key: schemas.SCHEMAS["beads"][key] for key in keys},
            orient="row",
        )
        docs = {item.doc_id for item in fresh}
        others = (
            workspace.scan("beads")
            .filter(pl.col("doc_id").is_in(pl.Series(list(docs), dtype=pl.String).implode()))
            .join(again.lazy(), on=keys, how="anti", maintain_order="left")
            .collect()
        )
        rows = [
            row
            for item in fresh
            for row in bead_rows(item.doc_id, item.src_version, item.tgt_version, item.beads, item.aligner)
        ]
        beads = pl.concat([others, schemas.frame("beads", rows)])
        change.replace("beads", docs, beads.sort("doc_id", "src_version", "tgt_version", "bead"))


def _same_text(one: Side, other: Side | None) -> bool:
    def aligned(side: Side) -> tuple[object, ...]:
        return side.lang, side.sentences, side.paragraphs, side.headings

    return other is not None and aligned(one) == aligned(other)


def missing_pairs(
    workspace: Workspace, aligner: str, *, wrong: bool = False, docs: Collection[str] | None = None
) -> pl.DataFrame:
    """Return the pairs of versions that an aligner has not aligned, or not with the beads that were set.

    Parameters
    ----------
    workspace, aligner
        Where, and the aligner's id.
    wrong, docs
        See `align_missing`.

    Returns
    -------
    polars.DataFrame
        doc_id, src_version, tgt_version, and the count of both versions' sentences; by document.
    """
    keys = ["doc_id", "src_version", "tgt_version"]
    several = workspace.scan("versions").filter(pl.len().over("doc_id") > 1)
    versions = several.select("doc_id", "version", "relation").collect()
    # The source is the original, else the first version.
    sources = (
        versions.sort("doc_id", pl.col("relation") != "original", "version")
        .unique("doc_id", keep="first", maintain_order=True)
        .select("doc_id", src_version="version")
    )
    pairs = (
        versions.select("doc_id", tgt_version="version")
        .join(sources, on="doc_id")
        .filter(pl.col("src_version") != pl.col("tgt_version"))
    )
    made = workspace.scan("beads").select(*keys, "aligner").unique().collect()
    expected = made.join(aligners(workspace, aligner), on="doc_id", how="left", maintain_order="left")
    done = expected.with_columns(pl.col("expected").fill_null(aligner)).filter(is_current(wrong=wrong))
    counts = (
        workspace.scan("sentences")
        .select("doc_id", "version")
        .join(versions.lazy().select("doc_id", "version"), on=["doc_id", "version"])
        .group_by("doc_id", "version")
        .len()
        .collect()
    )
    if docs is not None:
        pairs = pairs.filter(pl.col("doc_id").is_in(list(docs)))
    missing = pairs.join(done.select(keys), on=keys, how="anti")
    for side in ("src", "tgt"):  # a version without sentences has no counterpart
        missing = missing.join(
            counts.rename({"version": f"{side}_version", "len": side}), on=["doc_id", f"{side}_version"]
        )
    return missing.select(*keys, sentences=pl.col("src") + pl.col("tgt")).sort(keys)


def count_documents(workspace: Workspace) -> tuple[int, int]:
    """Return the numbers of multilingual and of monolingual documents."""
    counts = workspace.scan("versions").group_by("doc_id").len().collect()
    several = counts.filter(pl.col("len") > 1)
    return len(several), len(counts) - len(several)


def bead_rows(
    doc_id: str, src_version: int, tgt_version: int, beads: Iterable[Bead], aligner: str
) -> list[dict[str, Any]]:
    """Return the rows of `beads` for an aligned pair of versions, in order."""
    return [
        {
            "doc_id": doc_id,
            "bead": number,
            "src_version": src_version,
            "tgt_version": tgt_version,
            "src_ids": list(bead.src),
            "tgt_ids": list(bead.tgt),
            "score": bead.score,
            "flags": list(bead.flags),
            "aligner": aligner,
        }
        for number, bead in enumerate(beads)
    ]

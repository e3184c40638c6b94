"""Aligned pairs: beads made for a workspace's bilingual documents or for two files, and their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.alignment.batches import How, align_here
from corpus.alignment.constraints import (
    aligners,
)
from corpus.alignment.imported import (
    imported_documents,
    imported_pairs,
    kept_or_current,
    to_keep,
)
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
from corpus.alignment.shards import align_in_shards
from corpus.alignment.wanted import keep_langs, wanted_pairs
from corpus.base.errors import CorpusError
from corpus.documents.links import linked_documents, linked_pairs, unchanged
from corpus.documents.pairs import workspace_pairs
from corpus.encoders import load_encoder
from corpus.ingestion.seeds import ensure_documents
from corpus.store.beads import PAIR, scan_beads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import align
    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.store.workspace import Workspace


def align_workspace(
    workspace: Workspace,
    *,
    encoder: Encoder | str | None = None,
    weights: align.Weights | None = None,
    langs: Sequence[tuple[str, str]] | None = None,
    wrong: bool = False,
    moved: bool | None = None,
    executor: Executor | None = None,
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
    executor
        Whose workers align, in shards (`corpus.alignment.shards`); None aligns here.
    progress
        Called after each document, or each shard.

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
        workspace, encoder=encoder, weights=weights, langs=langs, wrong=wrong, moved=moved,
        executor=executor, progress=progress,
    )  # fmt: skip
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
    executor: Executor | None = None,
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
    how = How(encoder, given, aligner, across)
    if executor is None:
        align_here(workspace, missing, how, progress=progress)
    else:
        align_in_shards(workspace, missing, how, executor, progress=progress)


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

"""What reviews say of the aligner: how its own beads, those it makes unguided, were judged.

Scores are calibrated on these. An alignment that heeds reviews says nothing of the aligner: what a person set
has no score of its own, and what was wrong is not in it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from align import Bead
from corpus.alignment.align import align_sides
from corpus.alignment.constraints import clash, document_reviews, set_beads
from corpus.alignment.settings import aligner_name
from corpus.alignment.weights import weights_digest
from corpus.documents.bitext import workspace_sides
from corpus.documents.pairs import pairs_frame, without_nulls
from corpus.encoders import load_encoder
from corpus.quality.calibration import Marked
from corpus.quality.reviews import with_ids
from corpus.store.beads import PAIR, scan_beads

if TYPE_CHECKING:
    import align
    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.documents.bitext import Side
    from corpus.store.workspace import Workspace


def reviewed_beads(
    workspace: Workspace,
    pairs: pl.DataFrame,
    weights: align.Weights,
    *,
    encoder: Encoder | str | None = None,
    progress: Progress | None = None,
) -> tuple[Marked, int]:
    """Return the aligner's own beads that were judged, and how many reviews are of none of them.

    A bead that a person set judges those of the aligner that share a sentence with it: right if they are that
    bead, else wrong.

    Parameters
    ----------
    workspace
        Of the reviews.
    pairs
        `corpus.documents.pairs.PAIRS`, as they are scored now; of documents that were aligned under
        constraints, other ones are made without.
    weights
        What they are scored with.
    encoder
        The one that the workspace is aligned with; the weights' own if none is given.
    progress
        Called after each document that is aligned without constraints.
    """
    workspace = workspace.pin()
    reviews = workspace.table("reviews")
    said = document_reviews(workspace, reviews["doc_id"].unique().to_list())
    chosen = encoder or weights.encoder
    name = chosen if isinstance(chosen, str) else chosen.name
    plain = aligner_name(name, weights)
    versions = (
        scan_beads(workspace)
        .filter(pl.col("doc_id").is_in(list(said)))
        .select(*PAIR, "aligner")
        .unique()
        .collect()
        .sort(PAIR)
    )
    sides = workspace_sides(workspace, {*versions["doc_id"], *versions["tgt_doc"]})
    guided = versions.filter(pl.col("aligner") != plain)
    ours = pairs.filter(
        pl.col("doc_id").is_in(list(said)) & ~pl.col("doc_id").is_in(guided["doc_id"].implode())
    )
    again = versions.filter(pl.col("doc_id").is_in(guided["doc_id"].implode()))
    frames = [ours]
    loaded = load_encoder(chosen) if len(again) and isinstance(chosen, str) else chosen
    contradicted: list[pl.DataFrame] = []
    for done, (doc_id, one, tgt_doc, other, _) in enumerate(again.iter_rows(), start=1):
        src, tgt = sides[doc_id, one], sides[tgt_doc, other]
        beads = align_sides(src, tgt, encoder=loaded, weights=weights if weights.encoder == name else None)
        made = pairs_frame(doc_id, src, tgt, beads).with_columns(tgt_doc=pl.lit(tgt_doc))
        frames.append(made.select(ours.columns))
        if progress is not None:
            progress(done, len(again))
    own = with_ids(pl.concat(frames)).unique("review", keep="first", maintain_order=True)
    known = reviews.select("review", "right")
    judged = own.join(known, on="review", how="inner", maintain_order="left")
    rest = own.join(known, on="review", how="anti", maintain_order="left")
    used = set(judged["review"])
    for doc_id, one, tgt_doc, other, _ in versions.iter_rows():
        src, tgt = sides[doc_id, one], sides[tgt_doc, other]
        fixed, ids = _set_in(said[doc_id], src, tgt)
        used |= ids
        if fixed:
            with_ = rest.filter(pl.col("tgt_doc") == tgt_doc)
            contradicted.append(_contradicted(with_, doc_id, src, tgt, fixed))
    everything = pl.concat([judged, *contradicted])
    scored = without_nulls(everything)
    marked = Marked(
        tuple(scored["score"]),
        tuple(scored["right"]),
        nulls=len(everything) - len(scored),
        weights=weights_digest(weights),
    )
    return marked, len(known.filter(~pl.col("review").is_in(list(used))))


def _set_in(rows: list[dict[str, object]], src: Side, tgt: Side) -> tuple[list[Bead], set[str]]:
    """Return the beads that were set in a pair of versions, and the ids of their reviews."""
    found = [(str(row["review"]), bead) for row in rows for _, bead in set_beads(row, src, tgt)]
    return [bead for _, bead in found], {review for review, _ in found}


def _contradicted(pairs: pl.DataFrame, doc_id: str, src: Side, tgt: Side, fixed: list[Bead]) -> pl.DataFrame:
    """Return those of the pairs that share a sentence with a bead that was set, as wrong."""
    langs = (pl.col("src_lang") == src.lang) & (pl.col("tgt_lang") == tgt.lang)
    own = pairs.filter((pl.col("doc_id") == doc_id) & langs)
    wrong = [
        any(clash(Bead(tuple(ids), tuple(others)), bead) is not None for bead in fixed)
        for ids, others in own.select("src_ids", "tgt_ids").iter_rows()
    ]
    return own.filter(pl.Series(wrong, dtype=pl.Boolean)).with_columns(right=pl.lit(value=False))

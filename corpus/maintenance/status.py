"""What is in a workspace, and what is stale: counts read lazily, sizes from the state."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.documents.links import list_links
from corpus.documents.subcorpus import dated_versions, with_quotations
from corpus.ingestion.seeds import holds_seeds_only
from corpus.store.beads import PAIR, scan_beads
from corpus.store.schemas import PART
from corpus.store.workspace import EMBEDDINGS

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

UNKNOWN_DECADE = "unknown"

COUNTS = pl.Schema({"lang": pl.String, "decade": pl.String, "versions": pl.Int64, "sentences": pl.Int64})
"""Versions and sentences by language and decade, in that order; `decade` is like ``1950s``, or ``unknown``.

What a version quotes in another language is no version of that: only its sentences count there.

A translation without a date of its own counts in the decade of its original."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is in a workspace.

    Attributes
    ----------
    workspace
        Its folder.
    seeds
        Whether what it holds, if anything, is the seed documents rather than texts of the user's.
    documents, versions, paragraphs, sentences, pairs
        How many; `pairs` are beads with text on both sides.
    reviews, lost_reviews
        How many judgements of beads there are, and how many of those are of texts that are no bead now.
    links, lost_links
        How many links there are, and how many of those are not of two documents that are there, or of texts
        that have changed since.
    counts
        `COUNTS`.
    bilingual, unaligned, outdated, unlike
        Documents with several versions; documents with a pair of versions, or one that is linked, that was
        never aligned; those with one that other weights or another encoder than `aligner` aligned; and those
        whose versions do not look like translations of each other, and are left unpaired
        (`corpus.alignment.likeness`).
    aligner
        What `corpus align` aligns with unless told otherwise: encoder, and digest of the weights.
    indexes
        What is noted of each file of the index, by its name: encoder, version and more.
    unindexed
        How many different sentences the index lacks.
    disk
        Bytes by part: ``tables``, ``index``, ``embeddings``, and ``replaced``, which the next changes clear.
    change
        How many changes there have been.
    """

    workspace: str
    seeds: bool
    documents: int
    versions: int
    paragraphs: int
    sentences: int
    pairs: int
    reviews: int
    lost_reviews: int
    links: int
    lost_links: int
    counts: pl.DataFrame
    bilingual: int
    unaligned: int
    outdated: int
    unlike: int
    aligner: str
    indexes: dict[str, Any]
    unindexed: int
    disk: dict[str, int]
    change: int

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return values | {"counts": self.counts.to_dicts()}


def status(workspace: Workspace, *, encoder: str | None = None) -> Status:
    """Count what is in a workspace. Nothing is built, and no encoder is loaded.

    Parameters
    ----------
    workspace
        May be empty.
    encoder
        What alignments are compared with; the one that the workspace was last aligned with unless named.

    Raises
    ------
    WorkspaceError
        If the workspace is damaged.
    """
    from corpus.alignment.incremental import count_documents
    from corpus.alignment.settings import workspace_aligner
    from corpus.search.index.builder import count_missing

    workspace = workspace.pin()
    state = workspace.state()
    aligner = workspace_aligner(workspace, encoder)
    unaligned, outdated = _stale(workspace, aligner)
    aligned = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    return Status(
        workspace=str(workspace.path),
        seeds=holds_seeds_only(workspace),
        documents=state.rows("documents"),
        versions=state.rows("versions"),
        paragraphs=state.rows("paragraphs"),
        sentences=state.rows("sentences"),
        pairs=workspace.scan("beads").filter(aligned).select(pl.len()).collect().item(),
        reviews=state.rows("reviews"),
        lost_reviews=_lost_reviews(workspace),
        links=state.rows("links"),
        lost_links=int((list_links(workspace)["state"] != "linked").sum()) if state.rows("links") else 0,
        counts=count_by_decade(workspace),
        bilingual=count_documents(workspace)[0],
        unaligned=unaligned,
        outdated=outdated,
        unlike=_count_unlike(workspace),
        aligner=aligner,
        indexes={name: about for name, about in state.about.items() if name.startswith("index")},
        unindexed=count_missing(workspace),
        disk=_disk(workspace),
        change=state.change,
    )


def count_by_decade(workspace: Workspace) -> pl.DataFrame:
    """Return `COUNTS`."""
    sentences = workspace.scan("sentences").group_by(PART).len("sentences").collect()
    decade = (pl.col("date_first").dt.year() // 10 * 10).cast(pl.String).add("s")
    return (
        with_quotations(workspace, dated_versions(workspace))
        .join(sentences, on=PART, how="left", nulls_equal=True)
        .with_columns(decade=decade.fill_null(UNKNOWN_DECADE))
        .group_by("lang", "decade")
        .agg(
            versions=pl.col("quoted").is_null().sum().cast(pl.Int64),
            sentences=pl.col("sentences").fill_null(0).sum().cast(pl.Int64),
        )
        .sort("lang", "decade")
    )


def _lost_reviews(workspace: Workspace) -> int:
    if not workspace.state().rows("reviews"):
        return 0
    from corpus.quality.reviews import list_reviews

    # What was judged wrong is not meant to be in the alignment any more.
    return len(list_reviews(workspace).filter("right", pl.col("state") != "aligned"))


def _count_unlike(workspace: Workspace) -> int:
    from corpus.alignment.likeness import UNLIKE

    unlike = workspace.scan("beads").filter(pl.col("flags").list.contains(UNLIKE))
    return int(unlike.select(pl.col("doc_id").n_unique()).collect().item())


def _stale(workspace: Workspace, aligner: str) -> tuple[int, int]:
    """Return the numbers of documents unaligned, and aligned by another aligner."""
    from corpus.alignment.incremental import missing_pairs

    missing = missing_pairs(workspace, aligner)
    beads = scan_beads(workspace).select(PAIR).unique().collect()
    return (
        missing.join(beads, on=PAIR, how="anti")["doc_id"].n_unique(),
        missing.join(beads, on=PAIR, how="semi")["doc_id"].n_unique(),
    )


def _disk(workspace: Workspace) -> dict[str, int]:
    state = workspace.state()
    segments = [stored for table in state.tables.values() for segment in table for stored in segment.files()]
    replaced = [workspace.path / file for file in state.retired]
    copied = sum(state.files[name].bytes for name in ("reviews", "links") if name in state.files)
    return {
        "tables": sum(stored.bytes for stored in segments) + copied,
        "index": sum(stored.bytes for stored in state.files.values()) - copied,
        "embeddings": _size(workspace.path / EMBEDDINGS),
        "replaced": sum(_size(path) for path in replaced),
    }


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())

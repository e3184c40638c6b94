"""Align two files and keep them: read in, linked, aligned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from corpus.alignment.incremental import align_missing
from corpus.documents.links import Link, add_links
from corpus.documents.pairs import all_pairs
from corpus.ingestion.discovery import place_of
from corpus.ingestion.ingest import ingest
from corpus.ingestion.manifest import Entry

if TYPE_CHECKING:
    from pathlib import Path

    import align
    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.documents.pairs import PairBatch
    from corpus.store.workspace import Workspace


def align_and_keep(
    workspace: Workspace,
    src: Path,
    tgt: Path,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    encoding: str | None = None,
    encoder: Encoder | str | None = None,
    weights: align.Weights | None = None,
    moved: bool | None = None,
    progress: Progress | None = None,
) -> PairBatch:
    """Read two files into a workspace, link them, and align what is not aligned; return their pairs.

    Parameters
    ----------
    workspace
        Where to.
    src, tgt
        Files.
    src_lang, tgt_lang, encoding
        Facts of them, remembered as `corpus.ingestion.ingest.ingest` does; otherwise told from the files.
    encoder, weights, moved, progress
        See `corpus.alignment.incremental.align_workspace`.

    Returns
    -------
    PairBatch
        The pairs of these two, and their texts.

    Raises
    ------
    InputError
        If a file cannot be read.
    CorpusError
        See `corpus.alignment.incremental.align_workspace`.
    """
    ids = []
    for path, lang in ((src, src_lang), (tgt, tgt_lang)):
        ingest(workspace, [path], stated=Entry(lang=lang), encoding=encoding)
        at = pl.col("file") == place_of(path.resolve(), workspace.path)
        ids.append(str(workspace.scan("documents").filter(at, ~pl.col("seed")).collect()["doc_id"][0]))
    add_links(workspace, [Link(ids[0], ids[1], a_lang=src_lang, b_lang=tgt_lang)])
    align_missing(workspace, encoder=encoder, weights=weights, moved=moved, progress=progress)
    batch = all_pairs(workspace, [ids[0]])
    both = pl.col("doc_id").is_in(ids) & pl.col("tgt_doc").is_in(ids)
    return replace(batch, pairs=batch.pairs.filter(both & (pl.col("doc_id") != pl.col("tgt_doc"))))

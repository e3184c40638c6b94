"""Paragraphs and headings: the rows of their table, made of the sentences in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.store.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.store.workspace import Workspace

_KEYS = ["doc_id", "version", "paragraph"]


def paragraph_rows(sentences: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows of `paragraphs` for the sentences of some versions, which have to be whole."""
    last = pl.col("sentence").arg_max()
    return (
        sentences.group_by(_KEYS)
        .agg(
            pl.col("kind", "line", "start").get(pl.col("sentence").arg_min()),
            end=pl.col("end").get(last),
            sentence=pl.col("sentence").min(),
            sentences=pl.len().cast(pl.Int32),
        )
        .sort(_KEYS)
        .select(SCHEMAS["paragraphs"].names())
    )


def paragraphs_of(workspace: Workspace, doc_ids: Iterable[str]) -> pl.DataFrame:
    """Return the paragraphs of documents, by document, version and number."""
    wanted = pl.Series("doc_id", list(doc_ids), dtype=pl.String).unique()
    return workspace.scan("paragraphs").filter(pl.col("doc_id").is_in(wanted.implode())).sort(_KEYS).collect()

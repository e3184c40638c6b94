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
    """Return the paragraphs of documents, by document, version and number.

    Those of a document that has none in the table, as it was read before there was one, are made of its
    sentences.
    """
    wanted = pl.Series("doc_id", list(doc_ids), dtype=pl.String).unique()
    found = workspace.scan("paragraphs").filter(pl.col("doc_id").is_in(wanted.implode())).collect()
    lacking = wanted.filter(~wanted.is_in(found["doc_id"].implode()))
    if len(lacking):
        sentences = workspace.scan("sentences").filter(pl.col("doc_id").is_in(lacking.implode()))
        found = pl.concat([found, paragraph_rows(sentences).collect()])
    return found.sort(_KEYS)


def without_paragraphs(workspace: Workspace) -> pl.LazyFrame:
    """Return the `doc_id` of the documents whose paragraphs are not in the table.

    An earlier version of the toolkit read them; what it knew of their paragraphs is in their sentences.
    """
    sentences = workspace.scan("sentences").select("doc_id").unique()
    return sentences.join(workspace.scan("paragraphs").select("doc_id").unique(), on="doc_id", how="anti")

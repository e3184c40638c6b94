"""How many words each version holds, and without some of its sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.documents.word_counts import word_counts
from corpus.store.schemas import KEYS, PART, SCHEMAS
from corpus.text.tokens import tokenise

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.store.workspace import Workspace

COUNTS = pl.Schema({name: kind for name, kind in SCHEMAS["counts"].items() if name not in ("forms", "times")})
"""One row a version with text, and one a language that it quotes: how many sentences and words that holds, of
the document with this fingerprint."""


def version_words(
    workspace: Workspace, versions: pl.DataFrame, *, progress: Progress | None = None
) -> pl.DataFrame:
    """Return the counts of sentences and words of versions (`COUNTS`).

    Parameters
    ----------
    workspace, versions, progress
        See `corpus.documents.word_counts.word_counts`.
    """
    counts = word_counts(workspace, versions, progress=progress)
    return counts.select(COUNTS.names()).collect(engine="streaming")


def words_without(
    workspace: Workspace,
    versions: pl.DataFrame,
    left_out: pl.DataFrame,
    *,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Return `version_words` as they are without some sentences.

    Parameters
    ----------
    versions
        With doc_id, version, quoted and lang.
    left_out
        Sentences of these versions, by doc_id, version and sentence.
    """
    sizes = version_words(workspace, versions, progress=progress)
    if left_out.is_empty():
        return sizes
    texts = (
        workspace.scan("sentences")
        .join(left_out.lazy(), on=[*KEYS, "sentence"], how="semi")
        .join(versions.select(*PART, "lang").lazy(), on=PART, nulls_equal=True)
        .group_by(*PART, "lang", "text")
        .agg(times=pl.len())
        .collect()
    )
    different = texts.select("lang", "text").unique()
    lengths = [len(tokenise(text, lang)) for lang, text in different.iter_rows()]
    fewer = (
        texts.join(different.with_columns(length=pl.Series(lengths, dtype=pl.UInt64)), on=["lang", "text"])
        .group_by(PART)
        .agg(fewer=pl.col("times").sum(), fewer_words=(pl.col("length") * pl.col("times")).sum())
    )
    return (
        sizes.join(fewer, on=PART, how="left", nulls_equal=True)
        .with_columns(
            sentences=pl.col("sentences") - pl.col("fewer").fill_null(0),
            words=pl.col("words") - pl.col("fewer_words").fill_null(0),
        )
        .select(pl.col(name).cast(kind) for name, kind in COUNTS.items())
    )

"""How many words each version holds, counted once and kept in the workspace."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import WorkspaceError
from corpus.documents.subcorpus import sentence_batches
from corpus.store.schemas import KEYS, PART
from corpus.text.tokens import tokenise
from corpus.text.tokens import version as tokens_version

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.store.workspace import Workspace

NAME = "wordcounts"

COUNTS = pl.Schema(
    {
        "doc_id": pl.String,
        "version": pl.Int32,
        "quoted": pl.String,
        "fingerprint": pl.String,
        "sentences": pl.UInt32,
        "words": pl.UInt64,
    }
)
"""One row a version with text, and one a language that it quotes: how many sentences and words that holds, of
the document with this fingerprint."""

_BATCH = 20_000


def version_words(
    workspace: Workspace, versions: pl.DataFrame, *, progress: Progress | None = None
) -> pl.DataFrame:
    """Return the counts of sentences and words of versions (`COUNTS`).

    What was not counted yet is, and is kept for the next time; a workspace that cannot be written is
    counted again each time. An interruption keeps what is counted by then.

    Parameters
    ----------
    versions
        With doc_id, version, quoted and lang.
    progress
        Called with how many sentences are counted.
    """
    documents = workspace.scan("documents").select("doc_id", "fingerprint").collect()
    wanted = versions.select(*PART, "lang").join(documents, on="doc_id")
    known = _kept(workspace).join(wanted, on=[*PART, "fingerprint"], how="semi", nulls_equal=True)
    missing = wanted.join(known, on=PART, how="anti", nulls_equal=True)
    if missing.is_empty():
        return known
    found, interrupted = _count(workspace, missing, progress)
    _keep(workspace, found)
    if interrupted:
        raise KeyboardInterrupt
    return pl.concat([known, found])


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


def _count(
    workspace: Workspace, versions: pl.DataFrame, progress: Progress | None
) -> tuple[pl.DataFrame, bool]:
    """Return `COUNTS` of versions, and whether it was interrupted: then of those counted to their end."""
    words: Counter[tuple[str, int, str | None]] = Counter()
    sentences: Counter[tuple[str, int, str | None]] = Counter()
    interrupted = False
    batches = sentence_batches(workspace, versions, ["text"], size=_BATCH, progress=progress)
    try:
        for batch in batches:
            rows = batch.join(versions, on=PART, nulls_equal=True).select(*PART, "lang", "text")
            for doc_id, version, quoted, lang, text in rows.iter_rows():
                words[doc_id, version, quoted] += len(tokenise(text, lang))
                sentences[doc_id, version, quoted] += 1
    except KeyboardInterrupt:
        interrupted = True
    counted = pl.DataFrame(
        [(*key, count, words[key]) for key, count in sentences.items()],
        schema={name: COUNTS[name] for name in (*PART, "sentences", "words")},
        orient="row",
    )
    whole = workspace.scan("sentences").group_by(PART).agg(whole=pl.len()).collect()
    # A version without text is counted, too: it holds nothing.
    every = (
        versions.join(counted, on=PART, how="left", nulls_equal=True)
        .join(whole, on=PART, how="left", nulls_equal=True)
        .with_columns(pl.col("sentences", "words", "whole").fill_null(0))
    )
    complete = every.filter(pl.col("sentences") == pl.col("whole"))
    return complete.select(pl.col(name).cast(kind) for name, kind in COUNTS.items()), interrupted


def _kept(workspace: Workspace) -> pl.DataFrame:
    state = workspace.state()
    if NAME not in state.files or state.about.get(NAME, {}).get("tokens") != tokens_version():
        return pl.DataFrame(schema=COUNTS)
    try:
        file = workspace.whole_file(NAME)
        assert file is not None
        table = pl.read_parquet(file)
    except (OSError, WorkspaceError, pl.exceptions.PolarsError):
        return pl.DataFrame(schema=COUNTS)  # it is made anew
    return table if table.schema == COUNTS else pl.DataFrame(schema=COUNTS)


def _keep(workspace: Workspace, counts: pl.DataFrame) -> None:
    current = type(workspace)(workspace.path)  # what is read may be pinned, which is not to be changed from
    try:
        with current.change() as change:
            kept = _kept(current).join(counts, on=PART, how="anti", nulls_equal=True)
            # Counts of documents that are gone or have changed would stay for ever.
            current_documents = current.scan("documents").select("doc_id", "fingerprint").collect()
            kept = kept.join(current_documents, on=["doc_id", "fingerprint"], how="semi")
            buffer = io.BytesIO()
            pl.concat([kept, counts]).sort(PART).write_parquet(buffer)
            change.put_file(NAME, "parquet", buffer.getvalue(), {"tokens": tokens_version()})
    except WorkspaceError:
        return

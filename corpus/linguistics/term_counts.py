"""How often terms stand on the sides of beads: counted here, or elsewhere, so many beads at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.execution.shards import Shard, Tables, digest_of, done_shards
from corpus.linguistics.term_linking import Occurrences
from corpus.store.schemas import KEYS
from corpus.text.tokens import RULES, goes_on, stop_words, tokenise, word_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.execution.executor import Executor
    from corpus.store.workspace import Workspace
    from corpus.text.tokens import Token

STAGE = "terms"

LONGEST = 3
"""Words of the longest term."""

_BEADS = 20_000  # whose texts are read, and counted, at a time


def occurrences(
    workspace: Workspace,
    beads: pl.DataFrame,
    side: str,
    lang: str,
    least: int,
    executor: Executor | None = None,
) -> Occurrences:
    """Return the terms on one side of each bead, as hashes: most are seen once and need no name."""
    parts: list[pl.DataFrame] = []
    names: list[pl.DataFrame] = []
    for counted in _counts(workspace, beads, side, lang, executor):
        part = counted.with_columns(term=pl.col("name").hash(seed=0))
        parts.append(part.drop("name"))
        names.append(part.select("term", "name").unique("term"))
    every = pl.concat(parts)
    counts = every.group_by("term").agg(n=pl.len(), times=pl.col("times").sum()).filter(pl.col("n") >= least)
    named = pl.concat(part.join(counts, on="term", how="semi") for part in names).unique("term")
    return Occurrences(every.join(counts, on="term", how="semi"), counts.join(named, on="term"))


def _counts(
    workspace: Workspace, beads: pl.DataFrame, side: str, lang: str, executor: Executor | None
) -> Iterator[pl.DataFrame]:
    """Yield how often each term is in each bead, so many beads at a time: row, name, times."""
    tasks = (_Task(texts, lang) for texts in side_texts(workspace, beads, side))
    if executor is None:
        yield from map(_counted, tasks)
        return
    shards = (Shard(digest_of(STAGE, RULES, lang, task.texts.rows()), task) for task in tasks)
    for _, result in done_shards(executor, workspace.shards(STAGE), _count, shards):
        yield result["counted"]


@dataclass(frozen=True, slots=True)
class _Task:
    """Sentences of one side of beads: row, list of text."""

    texts: pl.DataFrame
    lang: str


def _count(task: _Task) -> Tables:
    """Count terms, in a worker."""
    return {"counted": _counted(task)}


def _counted(task: _Task) -> pl.DataFrame:
    counted = Counter(
        (row, term)
        for row, sentences in task.texts.iter_rows()
        for text in sentences
        for term, _, _ in candidates(text, task.lang)
    )
    rows = [(row, term, times) for (row, term), times in counted.items()]
    return pl.DataFrame(rows, schema=_COUNTED, orient="row")


_COUNTED = {"row": pl.UInt32, "name": pl.String, "times": pl.UInt32}


def side_texts(workspace: Workspace, beads: pl.DataFrame, side: str) -> Iterator[pl.DataFrame]:
    """Yield the sentences of one side of beads, so many beads at a time: row, list of text."""
    for part in beads.iter_slices(_BEADS):
        places = part.select(
            "row",
            pl.col(f"{side}_doc").alias("doc_id"),
            pl.col(f"{side}_version").alias("version"),
            pl.col(f"{side}_ids").alias("sentence"),
        ).explode("sentence")
        documents = places.select("doc_id").unique().lazy()
        yield (
            workspace.scan("sentences")
            .join(documents, on="doc_id", how="semi")
            .select(*KEYS, "sentence", "text")
            .join(places.lazy(), on=[*KEYS, "sentence"])
            .sort("row", "sentence")
            .group_by("row", maintain_order=True)
            .agg("text")
            .collect()
        )


def candidates(text: str, lang: str) -> Iterator[tuple[str, int, int]]:
    """Yield the terms of a sentence as stems, with their place: runs of one to three words.

    A term neither begins nor ends in a stop word, holds no number, and reaches over no mark.
    """
    tokens = tokenise(text, lang)
    stop = stop_words(lang)
    edges = [_can_be_edge(token, stop) for token in tokens]
    for first in range(len(tokens)):
        if not edges[first]:
            continue
        for last in range(first, min(first + LONGEST, len(tokens))):
            if last > first and not goes_on(text, tokens[last - 1], tokens[last]):
                break
            if tokens[last].text[0].isnumeric():
                break
            if edges[last]:
                stems = " ".join(token.normal for token in tokens[first : last + 1])
                yield stems, tokens[first].start, tokens[last].end


def _can_be_edge(token: Token, stop: frozenset[str]) -> bool:
    return not (token.normal in stop or word_form(token) in stop or token.text[0].isnumeric())

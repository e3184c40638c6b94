"""Segments of an index filled elsewhere, side by side: each is made of its own sentences and of nothing else.

A worker reads the sentences of a segment from a file, and their vectors from the workspace's embeddings, and
writes the folder of rows and words and the file of vectors; the process that holds the workspace's lock moves
these to their places. Cells are learnt in each segment anew: learning them once would save a hundredth of
building, and finds neither more nor less (docs/concepts/scale.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl

from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.loading import loaded_by
from corpus.encoders.shards import load_version
from corpus.execution.shards import Shard, digest_of, done_files
from corpus.search.index import vector_index
from corpus.search.index.segment import write_rows
from corpus.store.workspace import EMBEDDINGS
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from align.encoder import Encoder, Vectors
    from corpus.execution.executor import Executor
    from corpus.search.index.segment import Ids
    from corpus.store.workspace import Workspace

STAGE = "index"
ROWS, VECTORS, KIND = "rows", "vectors", "kind"
"""Names in a result's folder: see `corpus.search.index.builder`."""

_SENTENCES = "sentences.parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """What a segment is made of.

    Attributes
    ----------
    folder
        Holds its sentences: `text_id`, `lang`, `text`.
    rows
        How many there are.
    dictionary
        Of Chinese words.
    embeddings
        The folder of all vectors.
    encoder
        Who made them: its name, its version, and what loads it; None for words only.
    """

    folder: Path
    rows: int
    dictionary: Path | None
    embeddings: Path
    encoder: tuple[str, str, str] | None


def filled(
    workspace: Workspace,
    parts: Iterable[pl.DataFrame],
    executor: Executor,
    encoder: Encoder | None,
    dictionary: Path | None,
    cut_by: str,
) -> Iterator[tuple[int, Path]]:
    """Have segments made by workers; yield how many rows each has, and the folder of its files, in order.

    Parameters
    ----------
    workspace
        Locked, or pinned.
    parts
        Sentences of each segment, taken as there is room: one is held in memory, the others are in files.
    executor, encoder
        Who has the workers, and made the vectors; None makes words only.
    dictionary, cut_by
        See `corpus.text.tokens`.
    """
    folder = workspace.shards(STAGE).resolve()
    made_by = None if encoder is None else (encoder.name, encoder.version, loaded_by(encoder))

    def shards() -> Iterator[Shard[Part]]:
        for sentences in parts:
            ids = blake2b(sentences["text_id"].to_numpy().tobytes()).hexdigest()
            digest = digest_of(STAGE, ids, sentences["lang"].to_list(), cut_by, made_by and made_by[:2])
            given = folder / f"{digest}.given"
            given.mkdir(parents=True, exist_ok=True)
            sentences.write_parquet(given / _SENTENCES)
            embeddings = workspace.path.resolve() / EMBEDDINGS
            own = None if dictionary is None else dictionary.resolve()
            yield Shard(digest, Part(given, len(sentences), own, embeddings, made_by))

    for part, place in done_files(executor, folder, _fill, shards()):
        (part.folder / _SENTENCES).unlink()
        part.folder.rmdir()
        yield part.rows, place


def _fill(part: Part, draft: Path) -> None:
    """Make a segment, in a worker."""
    sentences = pl.read_parquet(part.folder / _SENTENCES)
    write_rows(draft / ROWS, sentences, part.dictionary)
    if part.encoder is None:
        return
    name, version, loading = part.encoder
    encoder = load_version(loading, version)
    if encoder.name != name:  # by which its vectors are kept
        encoder = replace(cast("Any", encoder), name=name)
    vectors = vectors_of(EmbeddingCache(part.embeddings, encoder), sentences, encoder.dim)
    index = vector_index.build(vectors, len(sentences), encoder.dim)
    vector_index.write(index, draft / VECTORS)
    (draft / KIND).write_text(vector_index.kind(index), "utf-8")


def vectors_of(cache: EmbeddingCache, sentences: pl.DataFrame, dim: int) -> Callable[[Ids], Vectors]:
    """Return what returns the vectors of some rows; of a sentence without a language, zeros."""
    places = np.full(len(sentences), -1, np.int64)
    langs = sentences["lang"].to_numpy()
    texts = sentences["text"]
    for lang in sentences["lang"].drop_nulls().unique():
        rows = np.flatnonzero(langs == lang)
        places[rows] = cache.rows(texts.gather(rows).to_list(), lang=known_lang(lang)).rows

    def vectors(rows: Ids) -> Vectors:
        out = np.zeros((len(rows), dim), np.float32)
        known = places[rows] >= 0
        # Mapped anew each time: what was read of the last part's vectors does not stay in memory.
        out[known] = cache.matrix[places[rows][known]]
        return out

    return vectors

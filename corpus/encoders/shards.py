"""Encoding texts elsewhere, in shards: workers make the vectors, and the cache that lacks them keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus.base.errors import EncoderError
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.loading import SENTENCE_TRANSFORMERS, load_encoder, loaded_by
from corpus.execution.shards import Shard, Tables, digest_of, done_shards
from corpus.store.workspace import EMBEDDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.store.workspace import Workspace

STAGE = "encode"

# Texts of a shard: some seconds of a processor, so that what it takes to give it out and to fetch its vectors
# (8 MB) is little beside it, and little is done again of a worker that is lost.
_SIZE = 4096


@dataclass(frozen=True, slots=True)
class _Task:
    """Texts in one language to be encoded, by an encoder that this loads (`loaded_by`)."""

    encoder: str
    version: str
    lang: str | None
    texts: list[str]


def encode_in_shards(
    workspace: Workspace,
    texts: Sequence[tuple[str | None, Sequence[str] | pl.Series]],
    encoder: Encoder,
    executor: Executor | None,
    *,
    progress: Progress | None = None,
) -> int:
    """Have the vectors of texts made by workers, and kept: the cache has them when they are asked for.

    Shards are cut from all texts, before it is looked which are known: so a run that takes up another cuts
    them alike, and finds those that were finished.

    Parameters
    ----------
    workspace
        Whose embedding cache keeps them.
    encoder
        Makes them; a worker loads it by its name.
    texts
        Languages (as `align.encoder.Encoder.encode` takes them; None is not known), each with texts, of which
        none need be different.
    executor
        Who has the workers; with None nothing is done.
    progress
        Called after every shard, with the number of texts that are done and of all.

    Returns
    -------
    int
        How many different texts were encoded.

    Raises
    ------
    EncoderError
        If a worker cannot load the encoder by its name, or has another version of it.
    OSError
        If the cache cannot be written.
    """
    if executor is None:
        return 0
    cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
    total, looked_at, encoded = sum(len(own) for _, own in texts), 0, 0

    def shards() -> Iterator[Shard[_Task]]:
        nonlocal looked_at
        for lang, own in texts:
            for start in range(0, len(own), _SIZE):
                part = list(own[start : start + _SIZE])
                looked_at += len(part)
                if missing := cache.missing(part, lang=lang):
                    task = _Task(loaded_by(encoder), encoder.version, lang, missing)
                    yield Shard(digest_of(STAGE, encoder.name, task.version, lang, missing), task)

    gpu = encoder.name.startswith(SENTENCE_TRANSFORMERS)  # of the encoders, only these know how to use one
    for task, result in done_shards(executor, workspace.shards(STAGE), _encode, shards(), gpu=gpu):
        vectors = result["vectors"]["vector"].to_numpy()
        cache.put(task.texts, np.ascontiguousarray(vectors, dtype=np.float32), lang=task.lang)
        encoded += len(task.texts)
        if progress is not None:
            progress(min(looked_at, total), total)
    return encoded


def _encode(task: _Task) -> Tables:
    """Encode texts, in a worker."""
    encoder = load_version(task.encoder, task.version)
    vectors = encoder.encode(task.texts, lang=task.lang)
    return {"vectors": pl.DataFrame({"vector": np.ascontiguousarray(vectors, dtype=np.float32)})}


def load_version(name: str, version: str) -> Encoder:
    """Load an encoder in a worker, where it has to be the one that was meant (EncoderError)."""
    encoder = load_encoder(name)
    if encoder.version != version:
        raise EncoderError(
            f"a worker has version {encoder.version} of the encoder {name}, and {version} is wanted: install "
            "the same packages, and models, on all nodes"
        )
    return encoder

"""Vectors of an index's sentences, made before anything is locked: this is what takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.documents.distinct import distinct_sentences
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.shards import encode_in_shards
from corpus.search.index.segment import FULL
from corpus.store.workspace import EMBEDDINGS
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.search.index.segment import Ids
    from corpus.store.workspace import Workspace

_BATCH = 4096


def encode(
    workspace: Workspace,
    ids: Ids,
    encoder: Encoder,
    executor: Executor | None,
    progress: Progress | None,
) -> int:
    """Have the vectors of sentences made and kept, by workers if there is an executor.

    Parameters
    ----------
    workspace, ids
        Whose sentences, by `text_id`.
    encoder, executor
        What makes them, and where; None for here.
    progress
        Called with how many sentences are done, of how many.

    Returns
    -------
    int
        How many were not kept already.
    """
    cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
    done = encoded = 0

    def tell(more: int, _: int = 0) -> None:
        if progress is not None:
            progress(done + more, len(ids))

    for sentences in distinct_sentences(workspace, ids, FULL) if len(ids) else ():
        by_lang = sentences.group_by(["lang"], maintain_order=True)
        groups = [(known_lang(str(lang)), group["text"]) for (lang,), group in by_lang]
        if executor is not None:
            encoded += encode_in_shards(workspace, groups, encoder, executor, progress=tell)
            done += len(sentences)
            continue
        for lang, texts in groups:
            for start in range(0, len(texts), _BATCH):
                part = texts[start : start + _BATCH]
                encoded += cache.encode(part.to_list(), lang=lang).new
                done += len(part)
                tell(0)
    return encoded

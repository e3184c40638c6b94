"""A workspace's FAISS index: one vector a distinct sentence, kept in step with the tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus.embedding_cache import EmbeddingCache
from corpus.workspace import EMBEDDINGS

if TYPE_CHECKING:
    from align.encoder import Encoder, Vectors
    from corpus.workspace import Workspace

Progress = Callable[[int, int], None]
Ids = npt.NDArray[np.int64]

_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Update:
    """An index in step with the tables.

    Attributes
    ----------
    index
        The FAISS index.
    encoded
        How many sentences had to be encoded for it; vectors that were made before are kept and reused.
    """

    index: Any
    encoded: int


def update_index(workspace: Workspace, encoder: Encoder, *, progress: Progress | None = None) -> Update:
    """Bring the index of a workspace in step with its tables: add what is new, remove what is gone.

    An interruption keeps what is encoded by then.

    Parameters
    ----------
    workspace
        Its sentences are indexed by `text_id`; an index that another encoder, or another version of
        it, made is made anew.
    encoder
        Makes the vectors; similarity is their inner product.
    progress
        Called with how many sentences of those missing are done.

    Raises
    ------
    WorkspaceError
        If the index cannot be written.
    """
    import faiss

    made_by = {"encoder": encoder.name, "version": encoder.version}
    index = _read(workspace, encoder.dim, made_by)
    missing, gone = _differences(workspace, index)
    if missing.is_empty() and not len(gone):
        return Update(index, 0)
    with workspace.change() as change:
        index = _read(workspace, encoder.dim, made_by)  # again, now that nobody else can change it
        missing, gone = _differences(workspace, index)
        index.remove_ids(faiss.IDSelectorBatch(gone))
        encoded = _add(index, missing, EmbeddingCache(workspace.path / EMBEDDINGS, encoder), progress)
        change.put_file("index", "faiss", faiss.serialize_index(index).tobytes(), made_by)
    return Update(index, encoded)


def count_missing(workspace: Workspace) -> int:
    """Return how many different sentences the index on disk lacks, whichever encoder made it."""
    import faiss

    texts = workspace.scan("sentences").select("text_id").unique()
    file = workspace.file("index")
    held = np.empty(0, np.int64)
    if file is not None:
        with suppress(OSError, RuntimeError):  # missing or damaged: it holds nothing then
            index: Any = faiss.deserialize_index(np.fromfile(file, dtype=np.uint8))
            held = faiss.vector_to_array(index.id_map).astype(np.int64)
    return len(texts.join(pl.LazyFrame({"text_id": held}), on="text_id", how="anti").collect())


def _differences(workspace: Workspace, index: Any) -> tuple[pl.DataFrame, Ids]:  # noqa: ANN401
    """Return the sentences an index lacks (text_id, lang, text), and the ids it should not hold."""
    import faiss

    versions = workspace.table("versions").select("doc_id", "version", "lang")
    wanted = (
        workspace.table("sentences")
        .join(versions, on=["doc_id", "version"])
        .unique("text_id", maintain_order=True)
        .select("text_id", "lang", "text")
    )
    held = faiss.vector_to_array(index.id_map).astype(np.int64)
    missing = wanted.filter(~pl.col("text_id").is_in(held.tolist()))
    return missing, np.setdiff1d(held, wanted["text_id"].to_numpy())


def _add(
    index: Any,  # noqa: ANN401
    sentences: pl.DataFrame,
    cache: EmbeddingCache,
    progress: Progress | None,
) -> int:
    """Add the vectors of sentences; return how many of them were not kept already."""
    done = encoded = 0
    for (lang,), group in sentences.group_by(["lang"], maintain_order=True):
        for part in group.iter_slices(_BATCH):
            cached = cache.encode(part["text"].to_list(), lang=None if lang == "und" else str(lang))
            index.add_with_ids(cached.vectors, part["text_id"].to_numpy())
            encoded += cached.new
            done += len(part)
            if progress is not None:
                progress(done, len(sentences))
    return encoded


def _read(workspace: Workspace, dim: int, made_by: dict[str, str]) -> Any:  # noqa: ANN401 - see above
    """Read the index on disk; an empty one if there is none that this encoder made."""
    import faiss

    file = workspace.file("index")
    if file is None or workspace.state().about.get("index") != made_by:
        return faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
    try:
        return faiss.deserialize_index(np.fromfile(file, dtype=np.uint8))
    except (OSError, RuntimeError):  # missing or damaged: it is made from the sentences, so make it again
        return faiss.IndexIDMap2(faiss.IndexFlatIP(dim))


def search(index: Any, query: Vectors, ids: Ids, count: int) -> tuple[Ids, Vectors]:  # noqa: ANN401
    """Find the nearest of some of an index's vectors.

    Parameters
    ----------
    index
        From `update_index`.
    query
        Shape (1, dim).
    ids
        The `text_id` of the sentences that may be found.
    count
        How many to find at most.

    Returns
    -------
    tuple
        Ids and similarities, best first, fewer than `count` where `ids` are fewer.
    """
    import faiss

    if not len(ids) or not index.ntotal:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    selector = faiss.IDSelectorBatch(np.ascontiguousarray(ids, dtype=np.int64))
    parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
    scores, found = index.search(query, min(count, index.ntotal), params=parameters)
    held = found[0] >= 0
    return found[0][held], scores[0][held]

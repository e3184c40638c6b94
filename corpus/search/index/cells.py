"""An index for asking about every vector once: many small cells, found through a graph of their centres.

`corpus.search.index.vector_index` answers a question at a time, and may look into many vectors for it. To
look all of a collection up in another, the cost of one must hardly grow with their number. So cells hold some
thirty vectors whatever their number, and which are near is looked up in a graph of their centres (HNSW,
Malkov & Yashunin 2018; inverted files with eight bits a number, Jégou et al. 2011; FAISS is Douze et al.
2024). Centres are learnt in two levels: to compare each vector with each of so many would be quadratic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.search.index.vector_index import add_all, inverted_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from align.encoder import Vectors
    from corpus.search.index.vector_index import Rows

_SIZE = 32  # vectors of a cell
_MOST_CELLS = 16_384  # beyond, cells grow
_SAMPLED = 131_072  # vectors to learn from, at most
_PER_CELL = 16  # vectors to learn from of each cell, where there are as many
_ROUNDS = 8  # of k-means
_LINKS = 16  # of a centre in the graph
_PROBED = 32  # cells looked into
_LOOKED_AT = 64  # centres looked at to find these
_BATCH = 16_384


def build(vectors: Callable[[Rows], Vectors], count: int, dim: int) -> Any:  # noqa: ANN401 - untyped
    """Make an index of vectors 0 … count - 1, to be asked with FAISS's ``search``.

    Parameters
    ----------
    vectors
        Returns the vectors of some rows: called with a sample, then with all of them, in order, in batches.
    count, dim
        How many there are, and their length.

    Notes
    -----
    Holds one byte for each number, and while it learns the sample, four bytes a number.
    """
    import faiss

    cells = max(1, min(count // _SIZE, _MOST_CELLS))
    size = min(count, cells * _PER_CELL, _SAMPLED)
    sample = vectors(np.sort(np.random.default_rng(0).choice(count, size, replace=False)))
    centres = _centres(np.ascontiguousarray(sample, dtype=np.float32), cells)
    graph: Any = faiss.IndexHNSWFlat(dim, _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = graph.hnsw.efSearch = _LOOKED_AT
    graph.add(centres)
    index = inverted_file(graph, dim, len(centres))
    index.train(sample)
    del sample
    add_all(index, vectors, count, _BATCH)
    index.nprobe = _PROBED
    return index


def _centres(sample: Vectors, count: int) -> Vectors:
    """Return about so many centres of a sample, learnt within those of a first, rougher clustering."""
    first = _clustered(sample, max(1, round(count**0.5)))
    cell = (sample @ first.T).argmax(axis=1)
    parts = []
    for number in range(len(first)):
        own = np.ascontiguousarray(sample[cell == number])
        wanted = round(len(own) / len(sample) * count)
        if wanted:
            parts.append(_clustered(own, wanted))
    return np.vstack(parts) if parts else first


def _clustered(vectors: Vectors, count: int) -> Vectors:
    import faiss

    if count >= len(vectors):
        return vectors
    found = faiss.Kmeans(
        vectors.shape[1], count, niter=_ROUNDS, spherical=True, seed=1, min_points_per_centroid=1,
        max_points_per_centroid=2 * _PER_CELL * len(vectors) // count,
    )  # fmt: skip
    found.train(vectors)
    return np.asarray(found.centroids, dtype=np.float32)

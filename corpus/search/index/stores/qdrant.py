"""Vectors in Qdrant: a server that several machines ask, or, without an address, its local mode in a folder.

The local mode compares all vectors one by one, holds them in memory, and lets one process in at a time: it is
there to try the store, and for tests. A server makes an HNSW graph.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.search.index.stores.base import BATCH, Lost
from corpus.search.index.vector_index import Nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from align.encoder import Vectors
    from corpus.search.index.stores.base import Place
    from corpus.search.index.vector_index import Rows


@lru_cache(maxsize=8)
def _client(where: str) -> Any:  # noqa: ANN401 - its two clients share no class
    """Return a client, one an address: the local mode's folder is locked by whoever opened it first."""
    from qdrant_client import QdrantClient

    client = QdrantClient(url=where) if "://" in where else QdrantClient(path=where)
    atexit.register(client.close)  # its own destructor comes too late
    return client


def put(place: Place, vectors: Callable[[Rows], Vectors], count: int, dim: int) -> str:
    """Write vectors as a new collection; see `base.Backend`."""
    from qdrant_client import models

    client = _client(place.address)
    client.create_collection(
        place.table, vectors_config=models.VectorParams(size=dim, distance=models.Distance.DOT)
    )
    for start in range(0, count, BATCH):
        rows = np.arange(start, min(start + BATCH, count))
        client.upload_collection(place.table, vectors=vectors(rows), ids=rows.tolist(), wait=True)
    return "qdrant, HNSW" if "://" in place.address else "qdrant, flat"


def opened(place: Place) -> QdrantVectors:
    """Open a collection; see `base.Backend`."""
    client = _client(place.address)
    if not client.collection_exists(place.table):
        raise Lost(place.table)
    count = client.count(place.table, exact=True).count
    return QdrantVectors(client, place.table, count, serves="://" in place.address)


def tables(where: str) -> list[str]:
    """List the collections there."""
    return [one.name for one in _client(where).get_collections().collections]


def dropped(where: str, table: str) -> None:
    """Do away with a collection."""
    _client(where).delete_collection(table)


@dataclass(frozen=True)
class QdrantVectors:
    """See `base.VectorStore`; `serves` is whether a server has them, which need not compare them all."""

    client: Any
    table: str
    ntotal: int
    serves: bool

    def found(self, query: Vectors, count: int, *, exhaustive: bool = False) -> Nearest:
        """Return about the nearest."""
        from qdrant_client import models

        exact = (
            models.SearchParams(exact=True)
            if self.serves and (exhaustive or count * 2 >= self.ntotal)
            else None
        )
        answer = self.client.query_points(self.table, query=query[0], limit=count, search_params=exact).points
        rows = np.array([point.id for point in answer], np.int64)
        return Nearest(rows, np.array([point.score for point in answer], np.float32))

    def fetched(self, rows: Rows) -> Vectors:
        """Return the vectors of rows."""
        wanted, places = np.unique(rows, return_inverse=True)
        parts = []
        for start in range(0, len(wanted), BATCH):
            ids = wanted[start : start + BATCH].tolist()
            points = self.client.retrieve(self.table, ids=ids, with_payload=False, with_vectors=True)
            parts.append(
                np.array([p.vector for p in sorted(points, key=lambda point: int(point.id))], np.float32)
            )
        vectors: Vectors = np.ascontiguousarray(np.concatenate(parts)[places])
        return vectors

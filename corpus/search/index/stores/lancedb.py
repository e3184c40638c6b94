"""Vectors in LanceDB: a folder or an object store, read by as many processes as like to.

Up to `corpus.search.index.vector_index.FLAT_UP_TO` vectors are compared one by one; above, an IVF index of
Lance's is made, of as many cells as FAISS gets (`vector_index.cell_count`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.search.index.stores.base import BATCH, Lost
from corpus.search.index.vector_index import FLAT_UP_TO, Nearest, cell_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from align.encoder import Vectors
    from corpus.search.index.stores.base import Place
    from corpus.search.index.vector_index import Rows

_LEAST_PROBED = 64  # or a sixteenth of all cells, where that is more: as of FAISS's


def put(place: Place, vectors: Callable[[Rows], Vectors], count: int, dim: int) -> str:
    """Write vectors as a new table; see `base.Backend`."""
    import lancedb
    import pyarrow as pa

    schema = pa.schema([("row", pa.int64()), ("vector", pa.list_(pa.float32(), dim))])

    def batches() -> Iterator[Any]:
        for start in range(0, count, BATCH):
            rows = np.arange(start, min(start + BATCH, count))
            flat = pa.array(np.ascontiguousarray(vectors(rows), np.float32).ravel())
            columns = [pa.array(rows), pa.FixedSizeListArray.from_arrays(flat, dim)]
            yield pa.record_batch(columns, schema=schema)

    table = lancedb.connect(place.address).create_table(place.table, data=batches(), schema=schema)
    if count <= FLAT_UP_TO:
        return "lancedb, flat"
    cells = cell_count(count)
    table.create_index("vector", config=lancedb.index.IvfFlat(distance_type="dot", num_partitions=cells))
    return f"lancedb, IVF{cells}"


def opened(place: Place) -> LanceVectors:
    """Open a table; see `base.Backend`."""
    import lancedb

    if place.table not in tables(place.address):
        raise Lost(place.table)
    table = lancedb.connect(place.address).open_table(place.table)
    return LanceVectors(table, table.count_rows(), bool(table.list_indices()))


def tables(where: str) -> list[str]:
    """List the tables there."""
    import lancedb

    connection = lancedb.connect(where)
    page = connection.list_tables()
    names = [*page.tables]
    while page.page_token:
        page = connection.list_tables(page_token=page.page_token)
        names += page.tables
    return names


def dropped(where: str, table: str) -> None:
    """Do away with a table."""
    import lancedb

    lancedb.connect(where).drop_table(table)


@dataclass(frozen=True)
class LanceVectors:
    """See `base.VectorStore`; `cells` is whether they are sorted into cells."""

    table: Any
    ntotal: int
    cells: bool

    def found(self, query: Vectors, count: int, *, exhaustive: bool = False) -> Nearest:
        """Return about the nearest; all cells are looked into where many are asked for."""
        asked = self.table.search(query[0], vector_column_name="vector").distance_type("dot")
        if self.cells:
            cells = cell_count(self.ntotal)
            wanted = max(_LEAST_PROBED, cells // 16) + 4 * count * cells // self.ntotal
            all_of_them = exhaustive or wanted >= cells
            asked = asked.bypass_vector_index() if all_of_them else asked.nprobes(wanted)
        answer = asked.select(["row", "_distance"]).limit(count).to_arrow()
        # Lance's distance for "dot" is one less the inner product.
        return Nearest(answer["row"].to_numpy(), 1 - answer["_distance"].to_numpy())

    def fetched(self, rows: Rows) -> Vectors:
        """Return the vectors of rows. Lance gives each once, in an order of its own."""
        wanted, places = np.unique(rows, return_inverse=True)
        answer = self.table.take_offsets(wanted.tolist()).to_arrow().combine_chunks()
        flat = answer["vector"].combine_chunks().values.to_numpy().reshape(len(answer), -1)
        order = np.argsort(answer["row"].to_numpy())
        vectors: Vectors = np.ascontiguousarray(flat[order][places], np.float32)
        return vectors

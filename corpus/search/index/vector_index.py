"""The dense side of an index: FAISS behind one interface, of a kind that suits the number of vectors.

Up to `FLAT_UP_TO` vectors are compared one by one. More are kept in an inverted file: vectors are sorted into
cells around centres learnt from a sample, eight bits a number, and a query looks into the nearest cells only
(Jégou et al. 2011; FAISS is Douze et al. 2024). `docs/concepts/scale.md` has what that costs and loses.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from align.encoder import Vectors

FLAT_UP_TO = 50_000
"""Vectors that are still compared one by one: a query takes milliseconds, and nothing is approximate."""

_SAMPLED_PER_CELL = 48  # vectors to train on; FAISS asks for 39 at least
_BATCH = 65_536
_CELLS_LOOKED_INTO = 64  # or a sixteenth of all, where that is more; measured by bench/index_scale.py

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Nearest(NamedTuple):
    """Rows and their similarities, best first."""

    rows: Rows
    scores: Vectors


def build(vectors: Callable[[Rows], Vectors], count: int, dim: int) -> Any:  # noqa: ANN401 - untyped
    """Make an index of vectors 0 … count - 1.

    Parameters
    ----------
    vectors
        Returns the vectors of some rows: called with a sample, then with all of them, in order, in batches.
    count, dim
        How many there are, and their length.
    """
    import faiss

    index: Any = faiss.IndexFlatIP(dim) if count <= FLAT_UP_TO else _trained(vectors, count, dim)
    for start in range(0, count, _BATCH):
        index.add(np.ascontiguousarray(vectors(np.arange(start, min(start + _BATCH, count)))))
    return index


def _trained(vectors: Callable[[Rows], Vectors], count: int, dim: int) -> Any:  # noqa: ANN401
    """Return an empty inverted file whose cells and scales are learnt from a sample."""
    import faiss

    cells = cell_count(count)
    quantizer: Any = faiss.IndexFlatIP(dim)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dim, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.own_fields = True
    quantizer.this.disown()
    index.cp.spherical = True
    sample = np.random.default_rng(0).choice(count, min(count, cells * _SAMPLED_PER_CELL), replace=False)
    index.train(np.ascontiguousarray(vectors(np.sort(sample))))
    return index


def cell_count(count: int) -> int:
    """Return into how many cells so many vectors are sorted: about twice the square root, a power of two."""
    return 1 << max(4, round(math.log2(2 * math.sqrt(count))))


def kind(index: Any) -> str:  # noqa: ANN401
    """Say what kind of index it is, for people: ``flat``, or ``IVF2048,SQ8``."""
    import faiss

    if isinstance(index, faiss.IndexIVFScalarQuantizer):
        return f"IVF{index.nlist},SQ8"
    return "flat"


def write(index: Any, path: Path) -> None:  # noqa: ANN401
    """Write an index to a file."""
    import faiss

    faiss.write_index(index, str(path))


def read(path: Path) -> Any:  # noqa: ANN401
    """Open an index; its vectors are mapped from the file, not read.

    Raises
    ------
    RuntimeError
        If the file is missing or damaged.
    """
    import faiss

    flags = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
    return faiss.read_index(str(path), flags)


def nearest(index: Any, query: Vectors, count: int, mask: Mask | None = None) -> Nearest:  # noqa: ANN401
    """Find the nearest of the vectors that a mask lets through.

    Parameters
    ----------
    index
        From `build` or `read`.
    query
        Shape (1, dim), a unit row.
    count
        How many to find at most. As many are found as there are: where a mask lets few through, more cells
        are looked into, all of them if need be.
    mask
        Shape (index.ntotal,): which rows may be found; None for all.
    """
    import faiss

    size = index.ntotal
    allowed = size if mask is None else int(mask.sum())
    count = min(count, allowed)
    if not count:
        return Nearest(np.empty(0, np.int64), np.empty(0, np.float32))
    selector = None
    if mask is not None:
        bits = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)  # type: ignore[arg-type, call-arg]
    if not isinstance(index, faiss.IndexIVF):
        return _search(index, query, count, faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]
    # So that about as many vectors are compared as without a mask, and as many as are asked for are met.
    cells = max(_CELLS_LOOKED_INTO, index.nlist // 16) * size / allowed + 4 * count * index.nlist / allowed
    while True:
        probed = min(index.nlist, int(cells))
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probed)  # type: ignore[call-arg]
        found = _search(index, query, count, parameters)
        if len(found.rows) == count or probed == index.nlist:
            return found
        cells *= 4


def reaching(index: Any, query: Vectors, least: float) -> Nearest:  # noqa: ANN401
    """Find all vectors whose similarity is at least so much: every one is compared, in the file it is in.

    Parameters
    ----------
    index
        From `build` or `read`.
    query
        Shape (1, dim), a unit row.
    least
        The least similarity, that itself included.
    """
    import faiss

    below = float(np.nextafter(np.float32(least), np.float32(-np.inf)))  # FAISS returns what is above
    parameters = None
    if isinstance(index, faiss.IndexIVF):
        parameters = faiss.SearchParametersIVF(nprobe=index.nlist)  # type: ignore[call-arg]
    _, scores, rows = index.range_search(query, below, params=parameters)
    order = np.argsort(-scores, kind="stable")
    return Nearest(rows[order], scores[order])


def similarities(index: Any, query: Vectors, rows: Rows) -> Vectors:  # noqa: ANN401
    """Return the similarities of some rows, in their order: shape (len(rows),)."""
    found: Vectors = vectors(index, rows) @ query[0]
    return found


def vectors(index: Any, rows: Rows) -> Vectors:  # noqa: ANN401
    """Return the vectors of some rows, as the index has them: shape (len(rows), dim)."""
    import faiss

    if isinstance(index, faiss.IndexIVF) and not index.direct_map.array.size():
        index.make_direct_map()  # where each row is: eight bytes a row, made once
    found: Vectors = index.reconstruct_batch(rows)
    return found


def _search(index: Any, query: Vectors, count: int, parameters: Any) -> Nearest:  # noqa: ANN401
    scores, found = index.search(query, count, params=parameters)
    held = found[0] >= 0
    return Nearest(found[0][held], scores[0][held])

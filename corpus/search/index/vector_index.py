"""The dense side of an index: FAISS behind one interface, of a kind that suits the number of vectors.

Up to `FLAT_UP_TO` vectors are compared one by one. More are kept in an inverted file: vectors are sorted into
cells around centres learnt from a sample, eight bits a number, and a query looks into the nearest cells only
(Jégou et al. 2011; FAISS is Douze et al. 2024). `docs/concepts/scale.md` has what that costs and loses.

Vectors may be in a store of another kind instead (`corpus.search.index.stores`). What that finds is compared
exactly, too, so that answers differ by what it overlooks, and in nothing else.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from align.exact import exact_dots, quantised
from corpus.search.index.stores.base import VectorStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from align.encoder import Vectors

FLAT_UP_TO = 50_000
"""Vectors that are still compared one by one: a query takes milliseconds, and nothing is approximate."""

_SAMPLED_PER_CELL = 48  # vectors to train on; FAISS asks for 39 at least
_BATCH = 65_536
_SPARE = 16  # rows asked for beyond those wanted: to tell whether more come as near as the last
_NOISE = 1e-5  # in FAISS's similarities: what may be better than it says by so much is compared anew
_FETCHED = 2048  # of a store that knows no masks: so few rows are compared, not searched for
_CELLS_LOOKED_INTO = 64  # or a sixteenth of all, where that is more; measured by bench/index_scale.py

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Nearest(NamedTuple):
    """Rows and their similarities, best first; of similarities equal on `SCORE_GRID`, the first row first."""

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
    add_all(index, vectors, count, _BATCH)
    return index


def add_all(index: Any, vectors: Callable[[Rows], Vectors], count: int, batch: int) -> None:  # noqa: ANN401
    """Add vectors 0 … count - 1 to a FAISS index, so many at a time."""
    for start in range(0, count, batch):
        index.add(np.ascontiguousarray(vectors(np.arange(start, min(start + batch, count)))))


def inverted_file(quantizer: Any, dim: int, cells: int) -> Any:  # noqa: ANN401
    """Return an inverted file with eight bits a number, to be trained, which owns what finds its cells."""
    import faiss

    index: Any = faiss.IndexIVFScalarQuantizer(
        quantizer, dim, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.own_fields = True
    quantizer.this.disown()
    return index


def _trained(vectors: Callable[[Rows], Vectors], count: int, dim: int) -> Any:  # noqa: ANN401
    """Return an empty inverted file whose cells and scales are learnt from a sample."""
    import faiss

    cells = cell_count(count)
    index = inverted_file(faiss.IndexFlatIP(dim), dim, cells)
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


def nearest(
    index: Any,  # noqa: ANN401
    query: Vectors,
    count: int,
    mask: Mask | None = None,
    ids: Rows | None = None,
) -> Nearest:
    """Find the nearest of the vectors that a mask lets through.

    FAISS finds them; what it finds, and what comes so near to the last that its rounding may have left it
    out, is then compared exactly (`align.exact`), so that every processor finds the same in the same order.
    Where there are cells, they are learnt with FAISS's own products, and which one a vector is in may still
    depend on the processor.

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
    ids
        Shape (index.ntotal,): what orders rows that are equally near; None for their numbers.
    """
    size = index.ntotal
    allowed = size if mask is None else int(mask.sum())
    count = min(count, allowed)
    if not count:
        return Nearest(np.empty(0, np.int64), np.empty(0, np.float32))
    more = count + _SPARE
    while True:
        rows, rough = _roughly_nearest(index, query, min(more, allowed), mask, allowed)
        # All that may be among the nearest is there where the last is clearly farther than they are.
        if len(rows) < more or rough[-1] < rough[count - 1] - _NOISE:
            return _in_order(index, query, rows, count, ids)
        more *= 4


def _in_order(
    index: Any,  # noqa: ANN401
    query: Vectors,
    rows: Rows,
    count: int,
    ids: Rows | None = None,
) -> Nearest:
    """Return the nearest of some rows, compared exactly."""
    scores = similarities(index, query, rows)
    order = np.lexsort((rows if ids is None else ids[rows], -quantised(scores)))[:count]
    return Nearest(rows[order], scores[order])


def _roughly_nearest(
    index: Any,  # noqa: ANN401
    query: Vectors,
    count: int,
    mask: Mask | None,
    allowed: int,
) -> Nearest:
    """Find the nearest by FAISS's similarities, which are rounded as the processor has it."""
    if isinstance(index, VectorStore):
        return _sifted(index, query, count, mask, allowed)
    import faiss

    size = index.ntotal
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


def _sifted(index: VectorStore, query: Vectors, count: int, mask: Mask | None, allowed: int) -> Nearest:
    """Find the nearest that a mask lets through, of a store that knows no masks."""
    if mask is None:
        return index.found(query, count)
    if allowed <= _FETCHED:
        rows = np.flatnonzero(mask)
        scores = similarities(index, query, rows)
        order = np.argsort(-scores, kind="stable")[:count]
        return Nearest(rows[order], scores[order])
    asked = 2 * count * index.ntotal // allowed
    while True:
        asked = min(asked, index.ntotal)
        found = index.found(query, asked)
        kept = np.flatnonzero(mask[found.rows])[:count]
        if len(kept) == count or asked == index.ntotal:
            return Nearest(found.rows[kept], found.scores[kept])
        asked *= 4


def reaching(index: Any, query: Vectors, least: float) -> Nearest:  # noqa: ANN401
    """Find all vectors whose similarity is at least so much: every one is compared, in the file it is in.

    Parameters
    ----------
    index
        From `build` or `read`.
    query
        Shape (1, dim), a unit row.
    least
        The least similarity, that itself and what is equal to it on `SCORE_GRID` included.
    """
    # What is above is found by rounded similarities; what is near the limit is compared exactly.
    below = float(np.float32(least) - np.float32(_NOISE))
    rows = _above(index, query, below)
    found = _in_order(index, query, rows, len(rows))
    enough = quantised(found.scores) >= quantised(np.float32(least))
    return Nearest(found.rows[enough], found.scores[enough])


def _above(index: Any, query: Vectors, below: float) -> Rows:  # noqa: ANN401
    """Return the rows whose similarity is above a limit, by FAISS's rounding or a store's, in any order."""
    if isinstance(index, VectorStore):
        asked = _FETCHED
        while True:
            near = index.found(query, min(asked, index.ntotal), exhaustive=True)
            if asked >= index.ntotal or (len(near.rows) and near.scores[-1] <= below):
                return near.rows[near.scores > below]
            asked *= 4
    import faiss

    parameters = None
    if isinstance(index, faiss.IndexIVF):
        parameters = faiss.SearchParametersIVF(nprobe=index.nlist)  # type: ignore[call-arg]
    _, _, rows = index.range_search(query, below, params=parameters)
    found: Rows = rows
    return found


def similarities(index: Any, query: Vectors, rows: Rows) -> Vectors:  # noqa: ANN401
    """Return the similarities of some rows, in their order: shape (len(rows),), float32, exactly rounded."""
    if not len(rows):
        return np.empty(0, np.float32)
    return exact_dots(vectors(index, rows), query)[:, 0].astype(np.float32)


def vectors(index: Any, rows: Rows) -> Vectors:  # noqa: ANN401
    """Return the vectors of some rows, as the index has them: shape (len(rows), dim)."""
    if isinstance(index, VectorStore):
        return index.fetched(rows)
    import faiss

    if isinstance(index, faiss.IndexIVF) and not index.direct_map.array.size():
        index.make_direct_map()  # where each row is: eight bytes a row, made once
    found: Vectors = index.reconstruct_batch(rows)
    return found


def _search(index: Any, query: Vectors, count: int, parameters: Any) -> Nearest:  # noqa: ANN401
    scores, found = index.search(query, count, params=parameters)
    held = found[0] >= 0
    return Nearest(found[0][held], scores[0][held])

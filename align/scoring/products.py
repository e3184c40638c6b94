"""Cosines of blocks for the cells of a band, or some of them, by dense products of small tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from align.exact import on_grid
from align.search import Band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from align.encoder import Vectors
    from align.search import Floats, Ints, Scores32

_CHUNK: Final = 64  # diagonals a tile
_READ: Final = 32 * _CHUNK  # diagonals whose vectors are read at a time

WIDER: Final = 8
"""Cells on either side of a band's that the sentences inside its beads may reach."""


def wider(band: Band) -> Band:
    """Return a band with :data:`WIDER` cells more on either side."""
    return Band(band.n, band.m, band.lo - WIDER, band.width + 2 * WIDER)


class Sliced(Protocol):
    """Vectors of which a slice can be read."""

    def __getitem__(self, rows: slice, /) -> Vectors: ...


def chunks(band: Band, size: int = _CHUNK) -> Iterator[tuple[slice, Ints, Ints]]:
    """Cut a band into runs of diagonals.

    Yields
    ------
    rows
        The diagonals.
    i, j
        Shape (len(rows), W): the cells, some of them outside the rectangle.
    """
    for start in range(0, band.lo.size, size):
        rows = slice(start, min(start + size, band.lo.size))
        i = band.lo[rows, None] + np.arange(band.width)
        yield rows, i, np.arange(rows.start, rows.stop)[:, None] - i


def span(cells: Ints, size: int) -> tuple[int, int]:
    """First and last-plus-one sentence that the cells of a chunk end at, within 0..size."""
    return max(0, int(cells.min()) - 1), max(0, min(size, int(cells.max())))


def band_cosines(src: Sliced, tgt: Sliced, band: Band) -> Scores32:
    """Dot products of the sentences that end at each cell, exact but for the last rounding; 0 outside.

    Parameters
    ----------
    src, tgt
        n and m rows of length 5 at most.

    Returns
    -------
    Scores32
        Shape (n + m + 1, W).
    """
    out = np.zeros((band.lo.size, band.width), dtype=np.float32)
    read = -1
    for rows, i, j in chunks(band):
        if rows.start // _READ != read:
            read = rows.start // _READ
            ends = band.lo[read * _READ : (read + 1) * _READ]
            across = np.arange(read * _READ, read * _READ + ends.size) - ends
            first = span(np.array([ends.min(), ends.max() + band.width - 1]), band.n)
            second = span(np.array([across.min() - band.width + 1, across.max()]), band.m)
            left, right = on_grid(src[slice(*first)]), on_grid(tgt[slice(*second)])
        i0, i1 = span(i, band.n)
        j0, j1 = span(j, band.m)
        if i0 >= i1 or j0 >= j1:
            continue
        # On a grid, products are exact: see `align.exact`.
        tile = left[i0 - first[0] : i1 - first[0]] @ right[j0 - second[0] : j1 - second[0]].T
        row, column = i - 1 - i0, j - 1 - j0
        inside = (row >= 0) & (row < i1 - i0) & (column >= 0) & (column < j1 - j0)
        out[rows] = np.where(inside, tile[np.clip(row, 0, i1 - i0 - 1), np.clip(column, 0, j1 - j0 - 1)], 0.0)
    return out


@dataclass(frozen=True, slots=True)
class Tiles:
    """Products of the blocks of some cells and around them.

    Attributes
    ----------
    products
        Those of all tiles, one tile's rows after the other's.
    cells
        Shape (k,): where the product of each cell is.
    strides
        Shape (k,): of its tile, how far it is to the next row.
    """

    products: Floats
    cells: Ints
    strides: Ints

    def at(self, rows: int, columns: int) -> Floats:
        """Products of the blocks so many sentences on; anything where these are outside the text."""
        places = self.cells
        if rows:
            places = places + rows * self.strides
        return np.asarray(self.products.take(places + columns if columns else places, mode="clip"))


def tiled(left: Floats, right: Floats, rows: Ints, columns: Ints, around: tuple[int, int]) -> Tiles:
    """Multiply the blocks of some cells, and those around them.

    Parameters
    ----------
    left, right
        Shapes (n, dim) and (m, dim), on `align.exact.VECTOR_GRID`.
    rows, columns
        Shape (k,): cells, by diagonal.
    around
        How many rows, and how many columns, to either side are wanted as well.
    """
    diagonal = (rows + columns) // _CHUNK
    starts = np.flatnonzero(np.diff(diagonal, prepend=-1)).tolist()
    parts = []
    cells, strides = np.empty_like(rows), np.empty_like(rows)
    size = 0
    for start, stop in zip(starts, [*starts[1:], rows.size], strict=True):
        part = slice(start, stop)
        i0, i1 = _reach(rows[part], around[0], len(left))
        j0, j1 = _reach(columns[part], around[1], len(right))
        parts.append((left[i0:i1] @ right[j0:j1].T).reshape(-1))
        cells[part] = size + (rows[part] - i0) * (j1 - j0) + columns[part] - j0
        strides[part] = j1 - j0
        size += parts[-1].size
    return Tiles(np.concatenate(parts), cells, strides)


def _reach(places: Ints, around: int, size: int) -> tuple[int, int]:
    return max(0, int(places.min()) - around), min(size, int(places.max()) + around + 1)

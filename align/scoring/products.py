"""Cosines of blocks for the cells of a band, by dense products of small tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.exact import exact_dots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from align.encoder import Vectors
    from align.search import Band, Ints, Scores32

_CHUNK = 256  # diagonals a tile


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


def band_cosines(src: Vectors, tgt: Vectors, band: Band) -> Scores32:
    """Dot products of the sentences that end at each cell, exact but for the last rounding; 0 outside.

    Parameters
    ----------
    src, tgt
        Shapes (n, dim) and (m, dim): rows of length 5 at most.

    Returns
    -------
    Scores32
        Shape (n + m + 1, W).
    """
    out = np.zeros((band.lo.size, band.width), dtype=np.float32)
    for rows, i, j in chunks(band):
        i0, i1 = span(i, band.n)
        j0, j1 = span(j, band.m)
        if i0 >= i1 or j0 >= j1:
            continue
        tile = exact_dots(src[i0:i1], tgt[j0:j1])
        row, column = i - 1 - i0, j - 1 - j0
        inside = (row >= 0) & (row < i1 - i0) & (column >= 0) & (column < j1 - j0)
        out[rows] = np.where(inside, tile[np.clip(row, 0, i1 - i0 - 1), np.clip(column, 0, j1 - j0 - 1)], 0.0)
    return out

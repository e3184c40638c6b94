"""Dynamic programmes over bead types, inside a band around a path.

Cells are (i, j): i source and j target sentences consumed. They are kept by anti-diagonal d = i + j,
each diagonal holding the W cells i = lo[d] .. lo[d] + W - 1, so that a diagonal depends on earlier
ones only and is computed in one numpy expression. `lo` grows by 0 or 1 a diagonal. Time and memory are
O((n + m) · W · types): linear in length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Scores32 = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

SCORE_UNIT = 2.0**-12
"""Log-scores are compared in whole numbers of this: some twenty times what rounding leaves in them, and odds
that differ by one in four thousand are the same to a reader."""

# No log-score: finite, so that sums and differences of impossible cells stay ordered and free of NaN.
IMPOSSIBLE = -1e9

_CHUNK = 1024  # diagonals
_GREAT = 1e50  # what sums of weights may grow to, or shrink to a part of, before they are scaled


@dataclass(frozen=True, slots=True)
class Band:
    """The cells a search may visit.

    Attributes
    ----------
    n, m
        Sentences on each side.
    lo
        Shape (n + m + 1,): first i of every diagonal; may be negative, steps are 0 or 1.
    width
        Cells a diagonal, W.
    """

    n: int
    m: int
    lo: Ints
    width: int

    @property
    def cells_i(self) -> Ints:
        """Shape (n + m + 1, W): i of every cell, also of cells outside the rectangle."""
        return self.lo[:, None] + np.arange(self.width)


def band_around(path_i: Ints, m: int, width: int) -> Band:
    """Centre a band on a path.

    Parameters
    ----------
    path_i
        Shape (n + m + 1,): i at every diagonal of a monotone path from (0, 0) to (n, m); steps 0 or 1.
    m
        Target sentences.
    width
        Cells a diagonal.
    """
    return Band(n=int(path_i[-1]), m=m, lo=path_i - width // 2, width=width)


def _predecessors(band: Band, steps: Ints, pad: int, rows: range) -> Ints:
    """Flat index, in a padded (D, W + 2·pad) table, of the first predecessor of some diagonals: (rows, T)."""
    d = np.arange(rows.start, rows.stop)[:, None]
    before = np.maximum(d - steps.sum(axis=1), 0)
    column = band.lo[rows.start : rows.stop, None] - steps[:, 0] - band.lo[before] + pad
    return np.asarray(before * (band.width + 2 * pad) + column)


def best_path(scores: Scores32 | Floats, band: Band, steps: Ints) -> tuple[list[tuple[int, int, int]], float]:
    """Find the sequence of beads with the greatest sum of scores.

    Scores are rounded to :data:`SCORE_UNIT` and added up exactly, so that sequences of equal beads are equal
    whatever their order. Of equal sequences that is taken whose last bead is 1:1; else, whose last bead is
    the smallest, and of equal size the one nearest to equal sides; else, the first in `steps`; and so on for
    the bead before.

    Parameters
    ----------
    scores
        Shape (n + m + 1, T, W): score of the bead of type t that ends at a cell;
        at most :data:`IMPOSSIBLE` where there can be none.
    band
        The cells.
    steps
        Shape (T, 2): source and target sentences of each type.

    Returns
    -------
    beads
        (type, i, j) of every bead in order, (i, j) being the cell where it ends.
    score
        The sum of their scores, not rounded; ``IMPOSSIBLE`` if the end cannot be reached inside the band.
    """
    order = _preference(steps)  # argmax takes the first of equals
    table = _greatest(scores, band, steps)
    flat, impossible = table.reshape(-1), IMPOSSIBLE / SCORE_UNIT
    i, j = band.n, band.m
    if table[-1, i - band.lo[-1] + _pad(steps)] < impossible / 2:
        return [], IMPOSSIBLE
    total = 0.0
    beads: list[tuple[int, int, int]] = []
    for rows in reversed(_parts(band)):
        first = _predecessors(band, steps, _pad(steps), rows)
        while rows.start <= i + j < rows.stop and (i or j):
            d, column = i + j, i - band.lo[i + j]
            if not 0 <= column < band.width:
                return [], IMPOSSIBLE
            ways = _in_units(scores[d, :, column], steps, d) + flat[first[d - rows.start] + column]
            kind = int(order[ways[order].argmax()])
            beads.append((kind, i, j))
            total += float(scores[d, kind, column])
            i, j = i - int(steps[kind, 0]), j - int(steps[kind, 1])
            if i < 0 or j < 0:
                return [], IMPOSSIBLE
    return beads[::-1], total


def best_through(scores: Scores32 | Floats, band: Band, steps: Ints) -> Floats:
    """Greatest sum of scores of a sequence of beads that passes a cell, less the greatest of all.

    Parameters
    ----------
    scores, band, steps
        As for :func:`best_path`.

    Returns
    -------
    Floats
        Shape (n + m + 1, W): 0 on the best path, less elsewhere; all 0 if the end cannot be reached.
    """
    pad = _pad(steps)
    inner = slice(pad, pad + band.width)
    forward = _greatest(scores, band, steps)
    backward = _greatest(*_mirror(scores, band, steps, IMPOSSIBLE), steps)
    best = forward[-1, band.n - band.lo[-1] + pad]
    if best < IMPOSSIBLE / SCORE_UNIT / 2:
        return np.zeros((band.lo.size, band.width))
    return np.asarray((forward[:, inner] + backward[::-1, inner][:, ::-1] - best) * SCORE_UNIT)


def _in_units(scores: Scores32 | Floats, steps: Ints, start: int) -> Floats:
    """Scores in whole numbers of :data:`SCORE_UNIT`, whose sums are exact; impossible before the start.

    Parameters
    ----------
    scores
        Shape (rows, T, W) of diagonals from `start` on, or (T,) of a cell of that one.
    """
    units = np.rint(scores * np.float64(1 / SCORE_UNIT))
    sizes = steps.sum(axis=1)
    if start < sizes.max():
        late = np.arange(start, start + len(units))[:, None] < sizes if units.ndim > 1 else start < sizes
        units[late] = IMPOSSIBLE / SCORE_UNIT
    return np.asarray(units)


def _pad(steps: Ints) -> int:
    """Columns of padding either side of a table, so that no bead starts outside."""
    return int(steps.max()) + 1


def _parts(band: Band) -> list[range]:
    """Cut a band into runs of diagonals: what is needed of each of their cells is held at a time."""
    return [range(k, min(k + _CHUNK, band.lo.size)) for k in range(0, band.lo.size, _CHUNK)]


def _greatest(scores: Scores32 | Floats, band: Band, steps: Ints) -> Floats:
    """Greatest sum of scores of a way to each cell, in units: shape (D, W + 2·pad)."""
    pad = _pad(steps)
    impossible = IMPOSSIBLE / SCORE_UNIT
    table = np.full((band.lo.size, band.width + 2 * pad), impossible)
    flat = table.reshape(-1)
    table[0, pad - band.lo[0]] = 0.0
    inner = table[:, pad : pad + band.width]
    for rows in _parts(band):
        units = _in_units(scores[rows.start : rows.stop], steps, rows.start)
        places = _predecessors(band, steps, pad, rows)[:, :, None] + np.arange(band.width)
        for d in rows[rows.start == 0 :]:
            ways = flat.take(places[d - rows.start])
            ways += units[d - rows.start]
            ways.max(axis=0, out=inner[d])
            np.maximum(inner[d], impossible, out=inner[d])
    return table


def _preference(steps: Ints) -> Ints:
    """Which types come first where scores are equal, shape (T,): see :func:`best_path`."""
    sizes, uneven = steps.sum(axis=1), np.abs(steps[:, 0] - steps[:, 1])
    one = (sizes == 2) & (uneven == 0)
    return np.asarray(np.lexsort((uneven, sizes, ~one)))


def _forward(weights: Scores32 | Floats, band: Band, steps: Ints) -> tuple[Floats, Floats, int]:
    """Sum the weights of all ways to reach each cell, scaled by a power now and then.

    Works on weights, not their logarithms: the band bounds how far the cells of a diagonal can differ.

    Parameters
    ----------
    weights
        Shape (D, T, W): 0 where a bead would start before the start.

    Returns
    -------
    table
        Shape (D, W + 2·pad).
    scale
        Shape (D,): logarithm of what each diagonal is to be multiplied by.
    pad
        Columns of padding either side.
    """
    pad = _pad(steps)
    table = np.zeros((band.lo.size, band.width + 2 * pad))
    flat = table.reshape(-1)
    places = _predecessors(band, steps, pad, range(band.lo.size))[:, :, None] + np.arange(band.width)
    scale = np.zeros(band.lo.size)
    table[0, pad - band.lo[0]] = 1.0
    inner = table[:, pad : pad + band.width]
    longest = int(steps.sum(axis=1).max())
    now = 0.0
    for d in range(1, band.lo.size):
        ways = flat.take(places[d])
        ways *= weights[d]
        # Not a product of matrices: its sums would be another processor's in the last bits.
        ways.sum(axis=0, out=inner[d])
        scale[d] = now
        peak = float(inner[d].max())
        if peak > _GREAT or 0.0 < peak < 1 / _GREAT:
            # Whatever a bead may still start from gets the same scale.
            recent = slice(max(d - longest, 0), d + 1)
            inner[recent] /= peak
            now += float(np.log(peak))
            scale[recent] = now
    return table, scale, pad


def _mirror(
    weights: Scores32 | Floats, band: Band, steps: Ints, nothing: float
) -> tuple[Scores32 | Floats, Band]:
    """Read the same problem from the end: weights by the cell where a bead *starts*, order reversed."""
    diagonals, width = band.lo.size, band.width
    mirrored = np.full_like(weights, nothing)
    for t, (a, b) in enumerate(steps):
        start = np.arange(max(0, diagonals - a - b))
        end = start + a + b
        column = band.lo[start][:, None] + np.arange(width) + a - band.lo[end][:, None]
        valid = (column >= 0) & (column < width)
        values = weights[end[:, None], t, np.clip(column, 0, width - 1)]
        mirrored[diagonals - 1 - start, t, ::-1] = np.where(valid, values, nothing)
    lo = band.n - (band.lo + width - 1)
    return mirrored, Band(n=band.n, m=band.m, lo=lo[::-1].copy(), width=width)


def marginals(scores: Scores32, band: Band, steps: Ints) -> tuple[Scores32, float]:
    """Posterior probability of every bead under p(path) ∝ exp(sum of its scores), by forward–backward.

    Parameters
    ----------
    scores, band, steps
        As for :func:`best_path`; scores below 600, so that their exponentials are finite.

    Returns
    -------
    probabilities
        Shape (n + m + 1, T, W), 0..1.
    log_z
        Log of the partition function; ``-inf`` if the end cannot be reached.
    """
    width = band.width
    weights = np.exp(scores, dtype=np.float64)
    d = np.arange(band.lo.size)[:, None]
    sizes = steps.sum(axis=1)
    weights[sizes > d] = 0.0
    forward, scale, pad = _forward(weights, band, steps)
    backward, back_scale, _ = _forward(*_mirror(weights, band, steps, 0.0), steps)
    goal = forward[-1, band.n - band.lo[-1] + pad]
    if goal <= 0.0:
        return np.zeros(scores.shape, dtype=np.float32), -np.inf
    log_z = float(np.log(goal) + scale[-1])
    first = _predecessors(band, steps, pad, range(band.lo.size))
    weights *= forward.reshape(-1)[first[:, :, None] + np.arange(width)]
    weights *= backward[::-1, pad : pad + width][:, None, ::-1]
    factor = np.exp(np.minimum(scale[np.maximum(d - sizes, 0)] + back_scale[::-1][:, None] - log_z, 700.0))
    weights *= factor[:, :, None]
    return np.minimum(weights, 1.0).astype(np.float32), log_z

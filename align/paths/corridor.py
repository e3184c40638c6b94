"""A path through two long texts, found coarse to fine, never by comparing all with all.

Both texts are halved repeatedly by adding up neighbouring vectors, until a full search is cheap; the
path found there is refined at each finer level within a band around it. The scheme is Vecalign's
(Thompson and Koehn, EMNLP 2019), itself after FastDTW (Salvador and Chan 2007); time and memory are linear.
"""

from __future__ import annotations

import numpy as np

from align.exact import exact_dots
from align.scoring.blocks import Directions, Rows
from align.scoring.products import band_cosines, chunks
from align.search import IMPOSSIBLE, Band, Ints, band_around, best_path

# One sentence for one, or one left out: enough to find where in the other text we are.
COARSE_STEPS = np.array([[1, 1], [1, 0], [0, 1]])
_FULL = 192  # vectors a side below which the whole rectangle is searched
_BAND = 48
_READ = 4096  # vectors, or diagonals, at a time


def find_path(src: Rows, tgt: Rows) -> Ints:
    """Find a rough path from the start of both texts to their ends.

    Parameters
    ----------
    src, tgt
        n and m vectors, one a sentence, any length (zero for blank ones).

    Returns
    -------
    Ints
        Shape (n + m + 1,): i, the number of source sentences passed, at every i + j; steps are 0 or 1.
    """
    levels = [(src, tgt)]
    while max(len(levels[-1][0]), len(levels[-1][1])) > _FULL:
        src, tgt = levels[-1]
        levels.append((_halve(src), _halve(tgt)))
    path: Ints | None = None
    for src, tgt in reversed(levels):
        n, m = len(src), len(tgt)
        if path is None:
            band = Band(n=n, m=m, lo=np.zeros(n + m + 1, dtype=np.int64), width=n + 1)
        else:
            band = band_around(_refine(path, n, m), m, _BAND)
        path = _walk(src, tgt, band)
    assert path is not None
    return path


def _halve(vectors: Rows) -> Rows:
    """Add up neighbours, two by two, in half precision: what is wanted of them is a direction."""
    dim = vectors.halves.shape[1]
    out = np.zeros(((len(vectors) + 1) // 2, dim), dtype=np.float16)
    for start in range(0, len(vectors), _READ):
        part = vectors[slice(start, start + _READ)]
        if len(part) % 2:
            part = np.concatenate([part, np.zeros_like(part[:1])])
        # Means, as sums of ever more would leave what half precision holds.
        out[start // 2 : (start + len(part)) // 2] = (part[0::2] + part[1::2]) / 2
    return Rows(out, np.zeros(dim))


def _walk(src: Rows, tgt: Rows, band: Band) -> Ints:
    """Best 1:1 path in a band; leaving out costs nothing, unlikely pairs cost. Of equals, 1:1 is taken."""
    left, right = Directions(src), Directions(tgt)
    scores = np.zeros((band.lo.size, 3, band.width), dtype=np.float32)
    np.subtract(
        band_cosines(left, right, band), _chance_level(left, right), out=scores[:, 0], casting="same_kind"
    )
    for rows, i, j in chunks(band, _READ):
        inside = (i >= 0) & (i <= band.n) & (j >= 0) & (j <= band.m)
        for t, (a, b) in enumerate(COARSE_STEPS):
            scores[rows, t][~(inside & (i >= a) & (j >= b))] = IMPOSSIBLE
    beads, _ = best_path(scores, band, COARSE_STEPS)
    points = np.array([(0, 0)] + [(i, j) for _, i, j in beads])
    return _interpolate(points, band.n, band.m)


def _chance_level(src: Directions, tgt: Directions) -> float:
    """Cosine that few pairs reach by chance: the 95th percentile over a regular sample of pairs."""
    if not len(src) or not len(tgt):
        return 0.0
    a = src[slice(None, None, max(1, len(src) // 256))]
    b = tgt[slice(None, None, max(1, len(tgt) // 256))]
    return float(np.quantile(exact_dots(a, b), 0.95))


def _interpolate(points: Ints, n: int, m: int) -> Ints:
    """Path at every diagonal from the points it goes through."""
    points = np.concatenate([points, [(n, m)]])
    return np.floor(np.interp(np.arange(n + m + 1), points.sum(axis=1), points[:, 0]) + 1e-9).astype(np.int64)


def _refine(path: Ints, n: int, m: int) -> Ints:
    """Bring the path of a level to the scale of the next finer one."""
    d = np.arange(path.size)
    points = np.stack([np.minimum(2 * path, n), np.minimum(2 * (d - path), m)], axis=1)
    return _interpolate(points, n, m)

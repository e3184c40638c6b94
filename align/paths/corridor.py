"""A path through two long texts, found coarse to fine, never by comparing all with all.

Both texts are halved repeatedly by adding up neighbouring vectors, until a full search is cheap; the
path found there is refined at each finer level within a band around it. The scheme is Vecalign's
(Thompson and Koehn, EMNLP 2019), itself after FastDTW (Salvador and Chan 2007); time and memory are linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.exact import exact_dots
from align.scoring.blocks import unit
from align.scoring.products import band_cosines
from align.search import IMPOSSIBLE, Band, Ints, band_around, best_path

if TYPE_CHECKING:
    from align.encoder import Vectors

# One sentence for one, or one left out: enough to find where in the other text we are.
COARSE_STEPS = np.array([[1, 1], [1, 0], [0, 1]])
_FULL = 192  # vectors a side below which the whole rectangle is searched
_BAND = 48


def find_path(src: Vectors, tgt: Vectors) -> Ints:
    """Find a rough path from the start of both texts to their ends.

    Parameters
    ----------
    src, tgt
        Shapes (n, dim) and (m, dim): one vector a sentence, centred, any length (zero for blank ones).

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


def _halve(vectors: Vectors) -> Vectors:
    """Add up neighbours, two by two."""
    if len(vectors) % 2:
        vectors = np.concatenate([vectors, np.zeros_like(vectors[:1])])
    return np.asarray(vectors[0::2] + vectors[1::2])


def _walk(src: Vectors, tgt: Vectors, band: Band) -> Ints:
    """Best 1:1 path in a band; leaving out costs nothing, unlikely pairs cost. Of equals, 1:1 is taken."""
    src, tgt = unit(src), unit(tgt)
    cosines = band_cosines(src, tgt, band)
    scores = np.zeros((band.lo.size, 3, band.width), dtype=np.float32)
    scores[:, 0] = cosines - _chance_level(src, tgt)
    i = band.cells_i
    j = np.arange(band.lo.size)[:, None] - i
    inside = (i >= 0) & (i <= band.n) & (j >= 0) & (j <= band.m)
    for t, (a, b) in enumerate(COARSE_STEPS):
        scores[:, t][~(inside & (i >= a) & (j >= b))] = IMPOSSIBLE
    beads, _ = best_path(scores, band, COARSE_STEPS)
    points = np.array([(0, 0)] + [(i, j) for _, i, j in beads])
    return _interpolate(points, band.n, band.m)


def _chance_level(src: Vectors, tgt: Vectors) -> float:
    """Cosine that few pairs reach by chance: the 95th percentile over a regular sample of pairs."""
    if not len(src) or not len(tgt):
        return 0.0
    a = src[:: max(1, len(src) // 256)]
    b = tgt[:: max(1, len(tgt) // 256)]
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

"""Training of the scorer: a conditional random field over the alignments of whole texts.

The probability of an alignment is proportional to exp(Σ w·f(bead)); training maximises that of the gold
alignments, with a quadratic penalty for moving away from a prior (Lafferty, McCallum and Pereira 2001).
Where gold is partial, crossing or of a type that the search does not propose, the sum runs over all
alignments that agree with the rest of it.

All texts of a training set are swept together, diagonal by diagonal, over the beads that are not hopeless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.scoring.features import FIRST_MATCH, NAMES, STEPS, band_features, possible
from align.search import marginals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from align.beads import Bead
    from align.paths.records import Window
    from align.search import Band, Floats, Ints, Scores32

_HOPELESS = 1e-6  # posterior, under the weights that training starts from, below which a bead is left out


@dataclass(frozen=True, slots=True)
class Candidates:
    """The beads of one text pair that training considers.

    Attributes
    ----------
    features
        Shape (c, F).
    start, end
        Shape (c,): the cells where each starts and ends, as diagonal · W + column.
    kind
        Shape (c,): its type.
    agrees
        Shape (c,), bool: whether it can be part of the gold alignment.
    first, last, diagonals, width
        Cells of the corners, and the size of the band.
    """

    features: Scores32
    start: Ints
    end: Ints
    kind: Ints
    agrees: np.ndarray
    first: int
    last: int
    diagonals: int
    width: int


def candidates(window: Window, gold: Sequence[Bead], weights: Floats) -> Candidates:
    """Collect the beads worth considering of a pair of texts with gold.

    Parameters
    ----------
    window
        All of both texts.
    gold
        Beads, in any order.
    weights
        Shape (F,): beads that are hopeless under these are left out, gold beads excepted.
    """
    band = window.band
    features = band_features(window.src, window.tgt, window.context, band)
    i = band.cells_i
    j = np.arange(band.lo.size)[:, None] - i
    allowed = possible(i, j, band.n, band.m)
    scores = np.where(allowed, np.tensordot(weights.astype(np.float32), features, axes=1), np.float32(-1e9))
    agrees = _agreement(band, i, j, gold) & allowed
    posterior, _ = marginals(scores, band, STEPS)
    among_gold, _ = marginals(np.where(agrees, scores, np.float32(-1e9)), band, STEPS)
    keep = (posterior > _HOPELESS) | (among_gold > 1e-4)
    d, t, x = np.nonzero(keep)
    before = d - STEPS[t].sum(axis=1)
    column = band.lo[d] + x - STEPS[t, 0] - band.lo[np.maximum(before, 0)]
    inside = (before >= 0) & (column >= 0) & (column < band.width)
    d, t, x, before, column = d[inside], t[inside], x[inside], before[inside], column[inside]
    return Candidates(
        features=np.ascontiguousarray(features[:, d, t, x].T),
        start=before * band.width + column,
        end=d * band.width + x,
        kind=t,
        agrees=agrees[d, t, x],
        first=int(-band.lo[0]),
        last=int((band.lo.size - 1) * band.width + band.n - band.lo[-1]),
        diagonals=band.lo.size,
        width=band.width,
    )


def _agreement(band: Band, i: Ints, j: Ints, gold: Sequence[Bead]) -> np.ndarray:
    """Which beads gold allows: its own, and any among sentences that it leaves free."""
    kept = _monotone(gold)
    covered = np.zeros(band.n + 1), np.zeros(band.m + 1)
    for bead in kept:
        covered[0][[s + 1 for s in bead.src]] = 1
        covered[1][[t + 1 for t in bead.tgt]] = 1
    src, tgt = covered[0].cumsum(), covered[1].cumsum()
    ii, jj = np.clip(i, 0, band.n), np.clip(j, 0, band.m)
    out = np.zeros((band.lo.size, len(STEPS), band.width), dtype=bool)
    index = {tuple(step): t for t, step in enumerate(STEPS.tolist())}
    for (a, b), t in index.items():
        out[:, t] = (src[ii] == src[np.maximum(ii - a, 0)]) & (tgt[jj] == tgt[np.maximum(jj - b, 0)])
    for bead in kept:
        t = index[len(bead.src), len(bead.tgt)]
        right = np.ones(i.shape, dtype=bool)
        if bead.src:
            right &= i == bead.src[-1] + 1
        if bead.tgt:
            right &= j == bead.tgt[-1] + 1
        out[:, t] |= right
    return out


def _monotone(gold: Sequence[Bead]) -> list[Bead]:
    """Choose gold beads that the search can propose together.

    Those of consecutive ids and known types, in the longest chain that does not cross.
    """
    known = {tuple(step) for step in STEPS.tolist()}
    usable = [
        bead
        for bead in gold
        if (len(bead.src), len(bead.tgt)) in known
        and all(ids == tuple(range(ids[0], ids[-1] + 1)) for ids in (bead.src, bead.tgt) if ids)
    ]
    matches = sorted((bead for bead in usable if not bead.is_null), key=lambda bead: bead.src)
    length: list[int] = []
    previous: list[int] = []
    for k, bead in enumerate(matches):
        earlier = [
            q for q in range(k) if matches[q].src[-1] < bead.src[0] and matches[q].tgt[-1] < bead.tgt[0]
        ]
        best = max(earlier, key=lambda q: length[q], default=-1)
        length.append((length[best] if best >= 0 else 0) + len(bead.src) + len(bead.tgt))
        previous.append(best)
    k = int(np.argmax(length)) if length else -1
    chain = []
    while k >= 0:
        chain.append(matches[k])
        k = previous[k]
    return chain + [bead for bead in usable if bead.is_null]


class ChainField:
    """Likelihood of gold under weights, over several text pairs at once.

    Parameters
    ----------
    texts
        Candidates of each pair; bands of the same width.
    """

    def __init__(self, texts: Sequence[Candidates]) -> None:
        self.size = len(texts)
        self.width = texts[0].width
        self.diagonals = max(text.diagonals for text in texts)
        counts = [len(text.kind) for text in texts]
        self.owner = np.repeat(np.arange(self.size), counts)
        self.features = np.concatenate([text.features for text in texts])
        self.agrees = np.concatenate([text.agrees for text in texts])
        self.kind = np.concatenate([text.kind for text in texts])
        base = self.owner * self.diagonals * self.width
        start = np.concatenate([text.start for text in texts])
        end = np.concatenate([text.end for text in texts])
        last = np.array([text.diagonals - 1 for text in texts])
        self.start, self.end = base + start, base + end
        self.start_row, self.end_row = start // self.width, end // self.width
        # The backward sweep counts diagonals from the end of each text.
        self.back_start, self.back_end = last[self.owner] - self.end_row, last[self.owner] - self.start_row
        self.corner: Ints = np.arange(self.size) * self.diagonals * self.width
        self.first: Ints = self.corner + np.array([text.first for text in texts])
        self.last: Ints = self.corner + np.array([text.last for text in texts])
        self.last_row = last

    def _sweep(
        self, weights: Floats, source: Ints, target: Ints, source_row: Ints, target_row: Ints, seed: Ints
    ) -> tuple[Floats, Floats]:
        """Sum the weights of all ways to each cell, scaled by text and diagonal; with the logs of scales."""
        order = np.argsort(target_row, kind="stable")
        bounds = np.searchsorted(target_row[order], np.arange(self.diagonals + 1))
        weights, source, target = weights[order], source[order], target[order]
        owner, source_row = self.owner[order], source_row[order]
        slot = owner * self.width + target % self.width
        table = np.zeros(self.size * self.diagonals * self.width)
        table[seed] = 1.0
        scale = np.zeros((self.diagonals, self.size))
        for d in range(1, self.diagonals):
            scale[d] = scale[d - 1]
            part = slice(bounds[d], bounds[d + 1])
            if part.start == part.stop:
                continue
            own = owner[part]
            value = weights[part] * table[source[part]]
            value *= np.exp(scale[source_row[part], own] - scale[d - 1, own])
            sums = np.bincount(slot[part], value, minlength=self.size * self.width)
            peak = sums.reshape(self.size, self.width).max(axis=1)
            alive = peak > 0.0
            scale[d, alive] += np.log(peak[alive])
            table[target[part]] = sums[slot[part]] / np.where(alive, peak, 1.0)[own]
        return table, scale

    def posterior(self, weights: Floats) -> tuple[Floats, Floats]:
        """Posterior of every candidate, and log-partition of every text, for exponentials of scores."""
        forward, scale = self._sweep(weights, self.start, self.end, self.start_row, self.end_row, self.first)
        backward, back_scale = self._sweep(
            weights, self.end, self.start, self.back_start, self.back_end, self.last
        )
        texts = np.arange(self.size)
        log_z = np.log(np.maximum(forward[self.last], 1e-300)) + scale[self.last_row, texts]
        log_scale = scale[self.start_row, self.owner] + back_scale[self.back_start, self.owner]
        factor = np.exp(np.minimum(log_scale - log_z[self.owner], 700.0))
        return weights * forward[self.start] * backward[self.end] * factor, log_z

    def loss(self, vector: Floats) -> tuple[float, Floats]:
        """Negative log-likelihood of gold, and its gradient."""
        weights = np.exp(self.features @ vector)
        everything, log_z = self.posterior(weights)
        gold, log_gold = self.posterior(weights * self.agrees)
        return float((log_z - log_gold).sum()), self.features.T @ (everything - gold)

    def expected(self, vector: Floats) -> Floats:
        """Posterior of every candidate."""
        return self.posterior(np.exp(self.features @ vector))[0]


def fit(
    loss: Callable[[Floats], tuple[float, Floats]],
    prior: Floats,
    strength: Floats,
    start: Floats,
    steps: int = 40,
) -> Floats:
    """Minimise a loss plus ``Σ strength / 2 · (w - prior)²`` by L-BFGS (Nocedal 1980) with backtracking.

    Parameters
    ----------
    loss
        Gives value and gradient at a point of shape (F,).
    prior, start
        Shape (F,).
    strength
        Shape (F,): of the penalty on each weight.
    steps
        Iterations at most.
    """

    def total(point: Floats) -> tuple[float, Floats]:
        value, gradient = loss(point)
        move = point - prior
        return value + 0.5 * float(strength @ move**2), gradient + strength * move

    point = start.copy()
    value, gradient = total(point)
    history: list[tuple[Floats, Floats]] = []
    for _ in range(steps):
        direction = -_inverse_hessian(history, gradient)
        slope = float(direction @ gradient)
        length = 1.0 if history else min(1.0, 1.0 / float(np.abs(gradient).max()))
        while True:
            new_point = point + length * direction
            new_value, new_gradient = total(new_point)
            if new_value <= value + 1e-4 * length * slope or length < 1e-8:
                break
            length *= 0.4
        move, change = new_point - point, new_gradient - gradient
        if float(move @ change) > 1e-10:
            history = [*history[-9:], (move, change)]
        improved = value - new_value
        point, value, gradient = new_point, new_value, new_gradient
        if improved < 1e-5 * max(1.0, abs(value)):
            break
    return point


def _inverse_hessian(history: Sequence[tuple[Floats, Floats]], gradient: Floats) -> Floats:
    """Product of the estimated inverse Hessian with a gradient: the two-loop recursion."""
    out = gradient.copy()
    factors = []
    for move, change in reversed(history):
        factor = float(move @ out) / float(move @ change)
        factors.append(factor)
        out -= factor * change
    if history:
        move, change = history[-1]
        out *= float(move @ change) / float(change @ change)
    for (move, change), factor in zip(history, reversed(factors), strict=True):
        out += move * (factor - float(change @ out) / float(move @ change))
    return out


def vector_of(weights: Mapping[str, float]) -> Floats:
    """Weights by name as a vector in the order of the features."""
    return np.array([weights.get(name, 0.0) for name in NAMES])


__all__ = ["FIRST_MATCH", "Candidates", "ChainField", "candidates", "fit", "vector_of"]

"""Sentences in two languages whose vectors are nearer to each other than to anything else.

The margin of two sentences is their cosine over the mean of what both have with their nearest neighbours in
the other language (Artetxe & Schwenk 2019, "Margin-based parallel corpus mining with multilingual sentence
embeddings", ACL, the ratio): a cosine of .6 says much of a sentence that nothing else comes near to, and
nothing of a formula that is near to hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from align.exact import on_grid, quantised
from corpus.search.index import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from align.encoder import Vectors
    from corpus.base.progress import Progress

NEAREST = 4
"""Neighbours that a margin is measured by, and that are candidates."""

LEAST_MARGIN = 1.0
"""Of candidates: others are no nearer to each other than either is to what it is near to."""

EXACT_UP_TO = 10_000
"""Sentences that are still compared one by one with those of the other language: more are put into cells."""

_BATCH = 4096  # sentences looked up at a time
_EXACT = 16_384  # pairs whose cosines are measured at a time

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The vectors of the sentences of one language, read as they are needed.

    Attributes
    ----------
    count, dim
        How many there are, and the length of a vector.
    vectors
        Returns those of some sentences, by their numbers: shape (len(numbers), dim), float32, unit rows.
    """

    count: int
    dim: int
    vectors: Callable[[Ints], Vectors]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of sentences, each once, by the number of the first, then the second.

    Attributes
    ----------
    src, tgt
        Numbers of sentences, shape (n,), int64.
    cosine, margin
        Shape (n,), float64.
    lead
        How much greater the margin is than that of the next best candidate of either sentence, the lesser of
        the two: shape (n,), float64, below 0 where another is better.
    density
        The mean cosine of either sentence with its nearest neighbours, the greater: shape (n,), float64.
    """

    src: Ints
    tgt: Ints
    cosine: Floats
    margin: Floats
    lead: Floats
    density: Floats

    def where(self, chosen: npt.NDArray[np.bool_]) -> Candidates:
        """Return some of them."""
        return Candidates(
            self.src[chosen], self.tgt[chosen], self.cosine[chosen], self.margin[chosen], self.lead[chosen],
            self.density[chosen],
        )  # fmt: skip


_NONE = Candidates(np.empty(0, np.int64), np.empty(0, np.int64), *(np.empty(0) for _ in range(4)))


def candidates(
    src: Sentences,
    tgt: Sentences,
    *,
    least: float = LEAST_MARGIN,
    known: Callable[[Ints, Ints], npt.NDArray[np.bool_]] | None = None,
    progress: Progress | None = None,
) -> Candidates:
    """Return the pairs of sentences that are among each other's nearest.

    Each sentence is looked up among those of the other language, through a FAISS index of them: exactly up to
    `EXACT_UP_TO` sentences, and in the nearest cells beyond (`corpus.search.index.cells`).

    Parameters
    ----------
    src, tgt
        Sentences of two languages, none twice.
    least
        The least margin.
    known
        Tells of pairs of numbers whether they are to be left out. What is left out stands no more in the way
        of others: it is neither a neighbour nor the next best.
    progress
        Called with how many sentences are looked up, of both languages.

    Notes
    -----
    Holds one language's index at a time, and `NEAREST` neighbours of each sentence, of which there are twice
    as many while those left out are looked for.
    """
    if not src.count or not tgt.count:
        return _NONE
    total = src.count + tgt.count
    forward = _neighbours(src, tgt, known, progress, 0, total)
    turned = None if known is None else lambda rows, others: known(others, rows)
    backward = _neighbours(tgt, src, turned, progress, src.count, total)
    density = [_density(found) for _, found in (forward, backward)]
    one, other = (_pairs(rows) for rows, _ in (forward, backward))
    keys = np.unique(np.concatenate([one[0] * tgt.count + one[1], other[1] * tgt.count + other[0]]))
    del forward, backward, one, other
    if not len(keys):
        return _NONE
    left, right = np.divmod(keys, tgt.count)
    cosine = _cosines(src, tgt, left, right)
    margin = cosine / np.maximum((density[0][left] + density[1][right]) / 2, 1e-6)
    lead = np.minimum(_leads(left, margin), _leads(right, margin))
    crowded = np.maximum(density[0][left], density[1][right])
    return Candidates(left, right, cosine, margin, lead, crowded).where(margin >= least)


def _neighbours(
    asked: Sentences,
    held: Sentences,
    known: Callable[[Ints, Ints], npt.NDArray[np.bool_]] | None,
    progress: Progress | None,
    done: int,
    total: int,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return the nearest of one side to each of another, -1 for none, and their cosines."""
    import faiss

    index: Any
    if held.count > EXACT_UP_TO:
        index = cells.build(held.vectors, held.count, held.dim)
    else:
        index = faiss.IndexFlatIP(held.dim)
        index.add(np.ascontiguousarray(held.vectors(np.arange(held.count))))
    count = min(NEAREST, held.count)
    wider = min(count if known is None else 2 * NEAREST, held.count)
    rows = np.full((asked.count, count), -1, dtype=np.int32)
    cosines = np.zeros((asked.count, count), dtype=np.float32)
    for start in range(0, asked.count, _BATCH):
        numbers = np.arange(start, min(start + _BATCH, asked.count))
        scores, found = index.search(np.ascontiguousarray(asked.vectors(numbers)), wider)
        if known is not None:
            out = known(np.repeat(numbers, wider), np.maximum(found, 0).ravel()).reshape(found.shape)
            found[out] = -1
            order = np.argsort(found < 0, axis=1, kind="stable")[:, :count]
            scores, found = np.take_along_axis(scores, order, 1), np.take_along_axis(found, order, 1)
        rows[numbers] = found
        cosines[numbers] = np.where(found >= 0, scores, 0.0)
        if progress is not None:
            progress(done + int(numbers[-1]) + 1, total)
    return rows, cosines


def _density(cosines: npt.NDArray[np.float32]) -> Floats:
    """Return the mean cosine of each sentence with its neighbours; of one without any, that of all."""
    there = cosines > 0
    count = there.sum(axis=1)
    means: Floats = cosines.sum(axis=1, where=there, dtype=np.float64) / np.maximum(count, 1)
    usual = float(means[count > 0].mean()) if count.any() else 1.0
    return np.where(count > 0, means, usual)


def _pairs(rows: npt.NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Return each number that was asked with the numbers that were found."""
    asked, place = np.nonzero(rows >= 0)
    return asked, rows[asked, place].astype(np.int64)


def _cosines(src: Sentences, tgt: Sentences, left: Ints, right: Ints) -> Floats:
    """Return the cosines of pairs, the same on every processor: an index of many gives them roughly."""
    out = np.empty(len(left))
    for start in range(0, len(left), _EXACT):
        part = slice(start, start + _EXACT)
        one, other = (on_grid(side.vectors(rows[part])) for side, rows in ((src, left), (tgt, right)))
        out[part] = np.einsum("ij,ij->i", one, other)
    return out


def _leads(owner: Ints, margin: Floats) -> Floats:
    """Return how much each margin is above the best other one of its owner; 1 where there is no other."""
    order = np.lexsort((-quantised(margin), owner))
    sorted_owner, sorted_margin = owner[order], margin[order]
    first = np.r_[True, sorted_owner[1:] != sorted_owner[:-1]]
    group = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    best = sorted_margin[starts]
    sizes = np.diff(np.r_[starts, len(owner)])
    second = np.where(sizes > 1, sorted_margin[np.minimum(starts + 1, len(owner) - 1)], -np.inf)
    against = np.where(first, second[group], best[group])
    lead = np.where(np.isinf(against), 1.0, sorted_margin - against)
    out = np.empty(len(owner))
    out[order] = lead
    return out

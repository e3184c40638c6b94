"""Evidence between single sentences, added up over beads.

Several features say how much of a sentence has its counterpart in which sentence of the other text. As
such evidence is a matrix over sentence pairs, that of a bead is a sum over a rectangle: four look-ups in
two-dimensional running sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.scoring.numerals import Quantity
    from align.search import Floats, Ints


@dataclass(frozen=True, slots=True)
class Evidence:
    """Running sums of evidence in both directions.

    Attributes
    ----------
    src_inside, tgt_inside
        Shape (n + 1, m + 1): running sums of what source sentences find in target sentences, and of what
        target sentences find in source sentences.
    src_total, tgt_total
        Shape (n + 1,) and (m + 1,): running sums of all there is to find.
    """

    src_inside: Floats
    tgt_inside: Floats
    src_total: Floats
    tgt_total: Floats

    def of_beads(self, i: Ints, j: Ints, a: int, b: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Evidence of the beads of a source and b target sentences that end at cells (i, j).

        Returns
        -------
        tuple of Floats
            What the source side finds inside, what it has; the same for the target side. Each of i's shape.
        """
        i0, j0 = np.maximum(i - a, 0), np.maximum(j - b, 0)
        return (
            inside(self.src_inside, i, j, a, b),
            self.src_total[i] - self.src_total[i0],
            inside(self.tgt_inside, i, j, a, b),
            self.tgt_total[j] - self.tgt_total[j0],
        )


def running(finds: Floats) -> Floats:
    """Return running sums, shape (n + 1, m + 1), of evidence given for sentence pairs, shape (n, m)."""
    out = np.zeros((finds.shape[0] + 1, finds.shape[1] + 1))
    np.cumsum(np.cumsum(finds, axis=0), axis=1, out=out[1:, 1:])
    return out


def inside(sums: Floats, i: Ints, j: Ints, a: int, b: int) -> Floats:
    """Evidence inside the beads of a source and b target sentences that end at cells (i, j)."""
    i0, j0 = np.maximum(i - a, 0), np.maximum(j - b, 0)
    flat, stride = sums.reshape(-1), sums.shape[1]  # one index into each is quicker than two
    below, above = i * stride, i0 * stride
    return np.asarray(flat[below + j] - flat[above + j] - flat[below + j0] + flat[above + j0])


def shared_numbers(src: Sequence[Sequence[Quantity]], tgt: Sequence[Sequence[Quantity]]) -> Evidence:
    """Evidence of quantities: how many certain ones of a sentence the other side's sentence has too."""
    totals = [
        np.array([0, *(sum(quantity.certain for quantity in sentence) for sentence in side)]).cumsum()
        for side in (src, tgt)
    ]
    return Evidence(
        running(_found_in(src, tgt)),
        running(_found_in(tgt, src).T),
        totals[0].astype(np.float64),
        totals[1].astype(np.float64),
    )


def _found_in(own: Sequence[Sequence[Quantity]], other: Sequence[Sequence[Quantity]]) -> Floats:
    """Count the certain quantities of each sentence that each of the other side has, certain or not."""
    places: dict[float, set[int]] = {}
    for j, sentence in enumerate(other):
        for quantity in sentence:
            for value in quantity.values:
                places.setdefault(value, set()).add(j)
    out = np.zeros((len(own), len(other)))
    for i, sentence in enumerate(own):
        for quantity in sentence:
            if quantity.certain:
                for j in set().union(*(places.get(value, ()) for value in quantity.values)):
                    out[i, j] += 1
    return out

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

    from align.numerals import Quantity
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
        inside = [
            sums[i, j] - sums[i0, j] - sums[i, j0] + sums[i0, j0]
            for sums in (self.src_inside, self.tgt_inside)
        ]
        return (
            inside[0],
            self.src_total[i] - self.src_total[i0],
            inside[1],
            self.tgt_total[j] - self.tgt_total[j0],
        )


def running(src_finds: Floats, tgt_finds: Floats, src_total: Floats, tgt_total: Floats) -> Evidence:
    """Add up evidence given for sentence pairs, shape (n, m), and for sentences, shapes (n,) and (m,)."""
    n, m = src_finds.shape
    sums = []
    for finds in (src_finds, tgt_finds):
        padded = np.zeros((n + 1, m + 1))
        padded[1:, 1:] = finds.cumsum(axis=0).cumsum(axis=1)
        sums.append(padded)
    return Evidence(
        sums[0],
        sums[1],
        np.concatenate([[0.0], src_total.cumsum()]),
        np.concatenate([[0.0], tgt_total.cumsum()]),
    )


def shared_numbers(src: Sequence[Sequence[Quantity]], tgt: Sequence[Sequence[Quantity]]) -> Evidence:
    """Evidence of quantities: how many certain ones of a sentence the other side's sentence has too."""
    return running(
        _found_in(src, tgt),
        _found_in(tgt, src).T,
        np.array([sum(quantity.certain for quantity in sentence) for sentence in src], dtype=np.float64),
        np.array([sum(quantity.certain for quantity in sentence) for sentence in tgt], dtype=np.float64),
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

"""What is usual in a window: how near the sides of its sure beads are, how long, how much is left out.

Whether a sentence adds anything to its bead is told against the text it is in: a free translation is far from
its original everywhere, and what has been abridged in one place has been in others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.exact import on_grid
from align.scoring.features import STEPS

if TYPE_CHECKING:
    from align.paths.records import Searched, Window
    from align.search import Floats

_SURE: Final = 0.8  # posterior of a 1:1 bead from which it is taken as an example
_AS_MANY: Final = 4.0  # beads that what is usual elsewhere counts as
_COSINE: Final = 0.55  # of their sides, elsewhere
_SPREAD: Final = 0.3  # of the logarithm of the ratio of their lengths, elsewhere
_GRID: Final = 2.0**-12  # of posteriors, so that their sums are exact
SLACK: Final = 0.25
"""Mean sentences that are added to lengths: in short ones a word more or less says nothing."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a window.

    Attributes
    ----------
    cosine
        Mean cosine of 1:1 beads that are sure, drawn to what is usual elsewhere.
    spread
        Root of the mean square of the logarithm of the ratio of their lengths, likewise.
    alone
        Shapes (n,) and (m,): posterior probability of each sentence of either side being a null bead.
    """

    cosine: float
    spread: float
    alone: tuple[Floats, Floats]

    def left_out(self, side: int) -> float:
        """Logarithm of the share of a side's sentences that have no counterpart."""
        alone = self.alone[side]
        return math.log((float(alone.sum()) + 0.5) / (len(alone) + 5))


def usual(window: Window, searched: Searched) -> Usual:
    """Look at what was found in a window."""
    sure = [
        bead for bead in searched.found if STEPS[bead.kind].tolist() == [1, 1] and bead.posterior >= _SURE
    ]
    ratios = [_ratio(window, bead.i, bead.j) for bead in sure]
    weight = len(sure) + _AS_MANY
    cosine = math.fsum([_AS_MANY * _COSINE, *(bead.cosine for bead in sure)]) / weight
    square = math.fsum([_AS_MANY * _SPREAD**2, *(ratio**2 for ratio in ratios)]) / weight
    sizes = len(window.src), len(window.tgt)
    return Usual(cosine, math.sqrt(square), (_alone(searched, 0, sizes[0]), _alone(searched, 1, sizes[1])))


def _ratio(window: Window, i: int, j: int) -> float:
    """Logarithm of the ratio of the lengths of two sentences, which end at a cell."""
    sides = (window.src, i), (window.tgt, j)
    one, other = (float(text.lengths[k] - text.lengths[k - 1]) / text.unit + SLACK for text, k in sides)
    return math.log(one / other)


def _alone(searched: Searched, side: int, size: int) -> Floats:
    """Posterior of each sentence of a side being a null bead: shape (size,)."""
    out = np.zeros(size)
    i = searched.band.cells_i
    place = i if side == 0 else np.arange(len(i))[:, None] - i
    inside = (place > 0) & (place <= size)
    np.add.at(out, place[inside] - 1, on_grid(searched.posterior[:, side][inside], _GRID))
    return np.minimum(out, 1.0)


__all__ = ["SLACK", "Usual", "usual"]

"""Where paragraphs end: beads that reach over the end of one are rare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.scoring.features import FIRST_MATCH, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.search import Band, Ints, Scores32

COST: Final = 6.5
"""Taken off a bead's log-score for each end of a paragraph inside it: one bead in some 700 holds one.

Set by hand, so that the item among the seeds comes out right with any of its paragraphs left out of one
side: the gold texts that the other weights are trained on have no paragraphs."""

_MET: Final = 0.7  # of the ends of paragraphs that correspond, at least, by a first look that errs
_CORRESPOND: Final = 3.0  # log-odds that they do, before anything is known
_COST_GRID: Final = 2.0**-8

_FEWEST_SHARED: Final = 0.2  # of sentences; with fewer in company, paragraphs are hardly more than sentences


def paragraph_numbers(paragraphs: Sequence[int] | None, kept: Sequence[int]) -> Ints:
    """Give every sentence that is kept the number of its paragraph, from 0 and without gaps.

    Parameters
    ----------
    paragraphs
        Number of the paragraph of each sentence, ascending; None where paragraphs are not known.
    kept
        The sentences wanted.

    Returns
    -------
    Ints
        Shape (len(kept),). All 0, as if it were one paragraph, where paragraphs are not known, or where
        they are mostly of one sentence and so say nothing.
    """
    if paragraphs is None or not len(kept):
        return np.zeros(len(kept), dtype=np.int64)
    _, numbers = np.unique([paragraphs[i] for i in kept], return_inverse=True)
    shared = 1 - (numbers[-1] + 1) / len(numbers)
    return numbers.astype(np.int64) if shared >= _FEWEST_SHARED else np.zeros_like(numbers, dtype=np.int64)


def charge_crossings(
    scores: Scores32, band: Band, src: Ints, tgt: Ints, costs: tuple[float, float] = (COST, COST)
) -> None:
    """Take the cost of every paragraph's end that a bead reaches over off its score, in place.

    Parameters
    ----------
    scores
        Shape (diagonals, bead types, cells), as `align.paths.shortlist.score_window` gives them.
    band
        Its cells.
    src, tgt
        Paragraph number of each sentence of the stretch.
    costs
        Of an end on either side.
    """
    if not (src.size and tgt.size) or (src[0] == src[-1] and tgt[0] == tgt[-1]):
        return
    i = band.cells_i
    j = np.arange(band.lo.size)[:, None] - i
    for kind, (a, b) in list(enumerate(STEPS.tolist()))[FIRST_MATCH:]:
        crossed = costs[0] * _crossed(src, i, a) + costs[1] * _crossed(tgt, j, b)
        scores[:, kind] -= crossed.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the ends of a side's paragraphs fall in an alignment that knows nothing of them.

    Attributes
    ----------
    met
        Ends that stand where a paragraph of the other side ends, too.
    missed
        Ends that do not, those inside a bead among them.
    chance
        Ends that would be met if the other side's stood anywhere.
    """

    met: int = 0
    missed: int = 0
    chance: float = 0.0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(self.met + other.met, self.missed + other.missed, self.chance + other.chance)

    def cost(self) -> float:
        """Cost of an end of this side inside a bead: :data:`COST`, as far as paragraphs correspond.

        A translator joins paragraphs and divides them, and still no bead reaches over the end of one. But the
        paragraphs of another edition, or of a scan's lines, end anywhere.
        """
        total = self.met + self.missed
        if not total:
            return COST
        share = min(max(self.chance / total, 0.02), 0.9 * _MET)
        odds = _CORRESPOND + self.met * np.log(_MET / share) - self.missed * np.log((1 - share) / (1 - _MET))
        return round(COST / (1 + float(np.exp(-np.clip(odds, -40, 40)))) / _COST_GRID) * _COST_GRID


def agreements(beads: Sequence[tuple[int, int]], src: Ints, tgt: Ints) -> tuple[Agreement, Agreement]:
    """Compare where the paragraphs of two sides end.

    Parameters
    ----------
    beads
        The cells (i, j) where the beads of a stretch end, in order.
    src, tgt
        Paragraph number of each sentence of the stretch.
    """
    sides = _ends(src), _ends(tgt)
    if not all(ends.size for ends in sides):
        return Agreement(), Agreement()
    cells = np.array([(0, 0), *beads])
    out = []
    for side in (0, 1):
        other = sides[1 - side]
        met = missed = 0
        chance = 0.0
        for end in sides[side].tolist():
            across = cells[cells[:, side] == end][:, 1 - side]
            found = across.size > 0 and bool(np.isin(across, other).any())
            met, missed = met + found, missed + (not found)
            chance += across.size * other.size / max(1, (tgt, src)[side].size - 1)
        out.append(Agreement(met, missed, chance))
    return out[0], out[1]


def _ends(numbers: Ints) -> Ints:
    """How many sentences come before each end of a paragraph but the last."""
    return np.asarray(np.flatnonzero(np.diff(numbers)) + 1)


def _crossed(numbers: Ints, end: Ints, size: int) -> Ints:
    """Count the ends of paragraphs inside runs of `size` sentences that end before `end`."""
    last = np.clip(end - 1, 0, numbers.size - 1)
    first = np.clip(end - size, 0, numbers.size - 1)
    crossed: Ints = np.maximum(numbers[last] - numbers[first], 0)
    return crossed

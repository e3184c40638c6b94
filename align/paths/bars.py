"""What a search must keep clear of: beads that are wrong, and places that no bead reaches over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.scoring.features import FIRST_MATCH, STEPS
from align.search import IMPOSSIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.beads import Bead
    from align.search import Band, Ints, Scores32

# Taken off the log-score of a bead that is barred: more than a text's other beads can make up for, and far
# from IMPOSSIBLE, so that there is a path even where nothing but what is barred is left.
_COST: Final = 1e4

_KINDS: Final = {(a, b): kind for kind, (a, b) in enumerate(STEPS.tolist())}


@dataclass(frozen=True, slots=True)
class Bars:
    """Where no bead may be.

    Attributes
    ----------
    beads
        (type, i, j) of beads that are not to be found, (i, j) being the cell where they end; j of a null bead
        of the source, and i of one of the target, is 0 and counts for any.
    src_walls, tgt_walls
        Places that no bead reaches over, by the number of sentences before them; ascending.
    """

    beads: tuple[tuple[int, int, int], ...] = ()
    src_walls: tuple[int, ...] = ()
    tgt_walls: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.beads or self.src_walls or self.tgt_walls)

    def part(self, start: tuple[int, int], stop: tuple[int, int]) -> Bars:
        """Take those between two cells, numbered from the first."""
        if not self:
            return self
        (i0, j0), (i1, j1) = start, stop
        beads = []
        for kind, i, j in self.beads:
            a, b = STEPS[kind].tolist()
            if (not a or i0 + a <= i <= i1) and (not b or j0 + b <= j <= j1):
                beads.append((kind, i - i0 if a else 0, j - j0 if b else 0))
        return Bars(
            tuple(beads),
            tuple(wall - i0 for wall in self.src_walls if i0 < wall < i1),
            tuple(wall - j0 for wall in self.tgt_walls if j0 < wall < j1),
        )

    def bar(self, kind: int, i: int, j: int) -> bool:
        """Whether a bead, by its type and the cell where it ends, is not to be found."""
        a, b = STEPS[kind].tolist()
        return (kind, i if a else 0, j if b else 0) in self.beads

    def charge(self, scores: Scores32, band: Band) -> None:
        """Make what is barred unlikely, in place.

        Parameters
        ----------
        scores
            Shape (diagonals, bead types, cells), as `align.paths.shortlist.score_window` gives them.
        band
            Its cells.
        """
        if not self:
            return
        i = band.cells_i
        j = np.arange(band.lo.size)[:, None] - i
        for kind, end_i, end_j in self.beads:
            a, b = STEPS[kind].tolist()
            there = ((i == end_i) if a else True) & ((j == end_j) if b else True)
            scores[:, kind][there] -= _COST
        for walls, end, size in ((self.src_walls, i, 0), (self.tgt_walls, j, 1)):
            if walls:
                for kind, step in list(enumerate(STEPS.tolist()))[FIRST_MATCH:]:
                    scores[:, kind][_reaches_over(walls, end, step[size])] = IMPOSSIBLE


def _reaches_over(walls: tuple[int, ...], end: Ints, size: int) -> np.ndarray:
    """Which runs of `size` sentences, by where they end, have a wall inside."""
    below = np.searchsorted(np.asarray(walls), end, side="left")
    return np.asarray(below > np.searchsorted(np.asarray(walls), end - size, side="right"))


def bars_of(
    forbidden: Sequence[Bead], kept: tuple[Sequence[int], Sequence[int]], alone: tuple[set[int], set[int]]
) -> Bars:
    """Say in numbers of sentences that are searched what is forbidden to it.

    Parameters
    ----------
    forbidden
        Beads not to be found; of those that the search does not propose nothing need be said.
    kept
        The sentences of each side that are searched, ascending.
    alone
        Those left out of it that no bead may reach over.
    """
    places = [{old: new for new, old in enumerate(ids)} for ids in kept]
    found: set[tuple[int, int, int]] = set()
    for bead in forbidden:
        runs = [[at[k] for k in ids if k in at] for ids, at in zip((bead.src, bead.tgt), places, strict=True)]
        kind = _KINDS.get((len(runs[0]), len(runs[1])))
        straight = all(run == list(range(run[0], run[-1] + 1)) for run in runs if run)
        cut = any(not own.isdisjoint(ids) for own, ids in zip(alone, (bead.src, bead.tgt), strict=True))
        if kind is not None and straight and not cut:
            i, j = (run[-1] + 1 if run else 0 for run in runs)
            found.add((kind, i, j))
    walls = [
        tuple(sorted({int(np.searchsorted(ids, k)) for k in own}))
        for ids, own in zip(kept, alone, strict=True)
    ]
    return Bars(tuple(sorted(found)), *walls)

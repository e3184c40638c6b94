"""Passages that stand in another place on the other side.

A path runs forward through both texts, so what was moved is left without a counterpart on both sides. What is
left over is compared once more, each run of sentences of one side with each run of the other, wherever they
stand. Text that was not moved has its leftovers, too, and of many pairs some are alike by chance: a bead
found across must be likely, as any bead, and its sides nearer to each other than to whatever else there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from align.exact import exact_dots, quantised
from align.paths.windows import signs
from align.scoring.blocks import unit
from align.scoring.features import FIRST_MATCH, STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.paths.records import Found
    from align.scoring.text import Text
    from align.search import Floats

LEAST: Final = 0.5
"""Score from which a bead found across is believed."""

AHEAD: Final = 0.1
"""By how much the sides of a bead must be nearer to each other than either is to anything else, by cosine."""

_NEAR: Final = 0.25  # centred cosine of two sentences below which their runs are not compared
_CHUNK: Final = 1024  # sentences compared at a time

_Spans: TypeAlias = "tuple[tuple[int, int], tuple[int, int]]"


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences in a row without a counterpart, and how many beads with two sides come before them."""

    start: int
    stop: int
    gap: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A bead found across: the cell where it ends and its type, its score, and its sides."""

    bead: Found
    score: float

    @property
    def spans(self) -> _Spans:
        """First and last-plus-one sentence of both sides."""
        a, b = STEPS[self.bead.kind].tolist()
        return (self.bead.i - a, self.bead.i), (self.bead.j - b, self.bead.j)


def find_moved(
    src: Text,
    tgt: Text,
    found: Sequence[Found],
    follows: Callable[[int, int], bool],
    score: Callable[[Sequence[Found], Floats], Floats],
    search: Callable[[Text, Text, tuple[int, int], tuple[int, int]], list[Found]],
) -> list[Moved]:
    """Compare what is left over on both sides.

    Parameters
    ----------
    src, tgt
        Two whole texts.
    found
        The beads of their path, in order.
    follows
        Tells of a sentence, by its side and number, whether nothing stood between it and the one before it.
    score
        Gives beads their scores by their signs (`align.paths.windows.signs`).
    search
        Aligns two parts of the texts, given with the cells where they start and stop.

    Returns
    -------
    list of Moved
        In the order of the source. No sentence is in two.
    """
    runs = _runs(found, follows)
    if not all(runs):
        return []
    out: list[Moved] = []
    size = float(len(src) + len(tgt))
    for left, right in _alike(src, tgt, runs):
        start, stop = (left.start, right.start), (left.stop, right.stop)
        parts = src.part(*_span(left), own=False), tgt.part(*_span(right), own=False)
        beads = [bead for bead in search(*parts, start, stop) if bead.kind >= FIRST_MATCH]
        sign = signs(beads)
        sign[:, -1] = size
        across = [
            Moved(replace(bead, i=bead.i + start[0], j=bead.j + start[1]), float(score))
            for bead, score in zip(beads, score(beads, sign), strict=True)
        ]
        out += _outstanding(src, tgt, [one for one in across if one.score >= LEAST])
    return _fitting(out)


def _span(run: Run) -> tuple[int, int]:
    return run.start, run.stop


def _runs(found: Sequence[Found], follows: Callable[[int, int], bool]) -> tuple[list[Run], list[Run]]:
    """Gather the sentences of null beads into runs."""
    out: tuple[list[Run], list[Run]] = ([], [])
    gap = 0
    for bead in found:
        if bead.kind >= FIRST_MATCH:
            gap += 1
            continue
        side = bead.kind
        at = (bead.i, bead.j)[side] - 1
        runs = out[side]
        if runs and runs[-1].stop == at and runs[-1].gap == gap and follows(side, at):
            runs[-1] = replace(runs[-1], stop=at + 1)
        else:
            runs.append(Run(at, at + 1, gap))
    return out


def _alike(src: Text, tgt: Text, runs: tuple[list[Run], list[Run]]) -> list[tuple[Run, Run]]:
    """Pair the runs of which some sentence is the other's nearest, both ways; not those in one gap."""
    ids = [np.concatenate([np.arange(*_span(run)) for run in side]) for side in runs]
    owner = [np.repeat(np.arange(len(side)), [run.stop - run.start for run in side]) for side in runs]
    gaps = [np.array([side[k].gap for k in own.tolist()]) for side, own in zip(runs, owner, strict=True)]
    left, right = (
        unit(text.blocks.exact[0][own] - text.blocks.centre[0])
        for text, own in zip((src, tgt), ids, strict=True)
    )
    best = [np.full(len(own), -1.0) for own in ids]
    where = [np.zeros(len(own), dtype=np.int64) for own in ids]
    for start in range(0, len(left), _CHUNK):
        rows = slice(start, start + _CHUNK)
        cosines = exact_dots(left[rows], right)
        cosines[gaps[0][rows][:, None] == gaps[1]] = -1.0
        best[0][rows], where[0][rows] = cosines.max(axis=1), cosines.argmax(axis=1)
        top = cosines.max(axis=0)
        better = top > best[1]
        best[1][better], where[1][better] = top[better], start + cosines.argmax(axis=0)[better]
    mutual = (where[1][where[0]] == np.arange(len(left))) & (best[0] >= _NEAR)
    pairs = {(int(owner[0][k]), int(owner[1][where[0][k]])) for k in np.flatnonzero(mutual)}
    return [(runs[0][a], runs[1][b]) for a, b in sorted(pairs)]


def _outstanding(src: Text, tgt: Text, passage: Sequence[Moved]) -> list[Moved]:
    """Keep the beads of a passage that stand out; if it does as a whole, also those that hardly do."""
    margins = [ahead(src, tgt, one) for one in passage]
    least = -AHEAD if quantised(np.float64(sum(margins))) >= quantised(np.float64(2 * AHEAD)) else AHEAD
    return [one for one, margin in zip(passage, margins, strict=True) if margin >= least]


def _fitting(beads: Sequence[Moved]) -> list[Moved]:
    """Of beads that share a sentence, keep the likeliest; of equals, the first in the source."""
    taken: tuple[set[int], set[int]] = (set(), set())
    kept = []
    for one in sorted(beads, key=lambda one: (-int(quantised(np.float64(one.score))), one.spans)):
        ids = [set(range(*span)) for span in one.spans]
        if taken[0].isdisjoint(ids[0]) and taken[1].isdisjoint(ids[1]):
            kept.append(one)
            taken[0].update(ids[0])
            taken[1].update(ids[1])
    return sorted(kept, key=lambda one: one.spans)


def ahead(src: Text, tgt: Text, one: Moved) -> float:
    """By how much the sides of a bead are nearer to each other than to anything else, by centred cosine."""
    sides = [_block(text, span) for text, span in zip((src, tgt), one.spans, strict=True)]
    own = float(exact_dots(sides[0], sides[1])[0, 0])
    rivals = [-1.0]
    for side, text, span in ((sides[0], tgt, one.spans[1]), (sides[1], src, one.spans[0])):
        for start in range(0, len(text), _CHUNK):
            part = unit(text.blocks.centred()[slice(start, start + _CHUNK)])
            cosines = exact_dots(side, part)[0]
            cosines[max(span[0] - start, 0) : max(span[1] - start, 0)] = -1.0
            rivals.append(float(cosines.max()))
    return own - max(rivals)


def _block(text: Text, span: tuple[int, int]) -> Floats:
    """Direction of a run of sentences from the mean of such runs: shape (1, dim)."""
    size = span[1] - span[0] - 1
    blocks = text.blocks.window(*span)
    return np.asarray(unit((blocks[size, -1] - text.blocks.centre[size])[None]), dtype=np.float64)

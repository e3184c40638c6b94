"""Beads that could as well be cut otherwise.

A clause moved over the end of a sentence leaves two readings: one bead of both sentences on either side, or
two whose sides are not quite each other's translation. Where neither is much likelier, both are reported, so
that who reviews chooses once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from align.scoring.features import FIRST_MATCH, STEPS
from align.search import IMPOSSIBLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.paths.records import Found, Searched

_Place: TypeAlias = "tuple[int, int, int]"

ODDS: Final = 3.0
"""Up to which the likelier of two readings is not much likelier."""

NEXT: Final = "next"
BEFORE: Final = "before"

_KINDS: Final = {(a, b): kind for kind, (a, b) in enumerate(STEPS.tolist())}


def with_ties(searched: Searched, found: Sequence[Found]) -> list[Found]:
    """Say of beads what they could as well be.

    Parameters
    ----------
    searched
        A window.
    found
        Its beads, in order.

    Returns
    -------
    list of Found
        The same, with :attr:`align.paths.records.Found.tied`: the types of the two beads, ``1:1 1:1``, that a
        bead could be cut into, or ``next`` and ``before`` for two that could be one. No bead is in two such
        readings.
    """
    out = list(found)
    for k, bead in enumerate(found):
        if bead.kind < FIRST_MATCH or out[k].tied:
            continue
        if parts := _as_two(searched, bead):
            out[k] = replace(out[k], tied=parts)
        elif k + 1 < len(found) and _as_one(searched, bead, found[k + 1]):
            out[k] = replace(out[k], tied=NEXT)
            out[k + 1] = replace(out[k + 1], tied=BEFORE)
    return out


def _near(searched: Searched, is_: Sequence[_Place], other: Sequence[_Place]) -> bool:
    """Whether another reading of the same sentences is about as likely, and not barred."""
    if any(searched.bars.bar(*bead) for bead in other):
        return False
    scores = [sum(searched.score(*bead) for bead in beads) for beads in (is_, other)]
    return min(scores) > IMPOSSIBLE / 2 and scores[1] >= scores[0] - float(np.log(ODDS))


def _as_two(searched: Searched, bead: Found) -> str:
    """Types of the two likeliest beads that a bead could as well be; empty if there are none."""
    a, b = STEPS[bead.kind].tolist()
    ways = [
        ((x, y), [(first, bead.i - a + x, bead.j - b + y), (second, bead.i, bead.j)])
        for x in range(1, a)
        for y in range(1, b)
        if (first := _KINDS.get((x, y))) is not None and (second := _KINDS.get((a - x, b - y))) is not None
    ]
    tied = [
        (sum(searched.score(*one) for one in parts), -k)
        for k, (_, parts) in enumerate(ways)
        if _near(searched, [(bead.kind, bead.i, bead.j)], parts)
    ]
    if not tied:
        return ""
    x, y = ways[-max(tied)[1]][0]
    return f"{x}:{y} {a - x}:{b - y}"


def _as_one(searched: Searched, bead: Found, after: Found) -> bool:
    """Whether a bead and the one after it could as well be one."""
    if after.kind < FIRST_MATCH:
        return False
    a, b = (STEPS[bead.kind] + STEPS[after.kind]).tolist()
    kind = _KINDS.get((a, b))
    return kind is not None and _near(
        searched, [(bead.kind, bead.i, bead.j), (after.kind, after.i, after.j)], [(kind, after.i, after.j)]
    )

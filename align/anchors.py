"""Beads that a person made: an alignment keeps them, and is made anew between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from align.beads import MOVED, Bead

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Anchors:
    """Beads to be kept, that fit each other.

    Attributes
    ----------
    matches
        Those with two sides, in order.
    nulls
        Those with one.
    moved
        Those that were found across: the path knows nothing of them.
    """

    matches: tuple[Bead, ...] = ()
    nulls: tuple[Bead, ...] = ()
    moved: tuple[Bead, ...] = ()

    @property
    def alone(self) -> tuple[set[int], set[int]]:
        """Sentences of each side that are known to have no counterpart, or none on the path."""
        apart = (*self.nulls, *self.moved)
        return {i for bead in apart for i in bead.src}, {j for bead in apart for j in bead.tgt}

    def between(
        self, start: tuple[int, int], stop: tuple[int, int]
    ) -> list[tuple[tuple[int, int], tuple[int, int], Bead | None]]:
        """Cut a stretch of the texts at the anchors in it.

        Returns
        -------
        list
            Of each gap the cell where it starts, the one where it stops, and the anchor after it; None after
            the last.
        """
        gaps: list[tuple[tuple[int, int], tuple[int, int], Bead | None]] = []
        for bead in self.matches:
            if start[0] <= bead.src[0] and bead.src[-1] < stop[0]:
                gaps.append((start, (bead.src[0], bead.tgt[0]), bead))
                start = bead.src[-1] + 1, bead.tgt[-1] + 1
        return [*gaps, (start, stop, None)]

    def with_nulls(self, beads: Sequence[Bead]) -> list[Bead]:
        """Join the null beads of single sentences that were set as one."""
        whole = {
            (side, k): bead
            for bead in self.nulls
            for side, ids in enumerate((bead.src, bead.tgt))
            for k in ids
        }
        out: list[Bead] = []
        for bead in beads:
            joined = whole.get((0, bead.src[0]) if bead.src else (1, bead.tgt[0])) if bead.is_null else None
            if joined is None:
                out.append(bead)
            elif bead.src[:1] == joined.src[:1] and bead.tgt[:1] == joined.tgt[:1]:
                out.append(Bead(joined.src, joined.tgt))
        return out


def anchors(fixed: Sequence[Bead], breaks: Sequence[tuple[int, int]], n: int, m: int) -> Anchors:
    """Check beads that are to be kept, and put them in order.

    Parameters
    ----------
    fixed
        The beads, in any order.
    breaks
        Places (i, j) that no bead crosses.
    n, m
        Sentences of both sides.

    Raises
    ------
    ValueError
        If a bead is empty or names a sentence that is not there, leaves one out between its own, or crosses a
        break; or if two share a sentence, or cross each other.
    """
    for bead in fixed:
        _check_bead(bead, n, m)
        for i, j in breaks:
            before = [k < i for k in bead.src] + [k < j for k in bead.tgt]
            if any(before) and not all(before):
                raise ValueError(f"the fixed bead {_named(bead)} crosses the break ({i}, {j})")
    for side in (0, 1):
        owner: dict[int, Bead] = {}
        for bead in fixed:
            for k in (bead.src, bead.tgt)[side]:
                if k in owner:
                    raise ValueError(
                        f"the fixed beads {_named(owner[k])} and {_named(bead)} share the "
                        f"{('source', 'target')[side]} sentence {k}"
                    )
                owner[k] = bead
    both = sorted((bead for bead in fixed if not bead.is_null), key=lambda bead: bead.src)
    matches = [bead for bead in both if MOVED not in bead.flags]
    for one, other in pairwise(matches):
        if one.tgt > other.tgt:
            raise ValueError(f"the fixed beads {_named(one)} and {_named(other)} cross")
    moved = tuple(Bead(bead.src, bead.tgt, 1.0, (MOVED,)) for bead in both if MOVED in bead.flags)
    return Anchors(tuple(matches), tuple(bead for bead in fixed if bead.is_null), moved)


def _check_bead(bead: Bead, n: int, m: int) -> None:
    if not bead.src and not bead.tgt:
        raise ValueError("a fixed bead has no sentences")
    for ids, count, side in ((bead.src, n, "source"), (bead.tgt, m, "target")):
        if any(not 0 <= k < count for k in ids):
            known = f"they are numbered 0 to {count - 1}" if count else "there are none"
            raise ValueError(f"the fixed bead {_named(bead)} names no {side} sentence; {known}")
        if ids and ids != tuple(range(ids[0], ids[0] + len(ids))):
            raise ValueError(
                f"the {side} sentences of the fixed bead {_named(bead)} do not follow each other"
            )


def _named(bead: Bead) -> str:
    return f"{list(bead.src)}:{list(bead.tgt)}"

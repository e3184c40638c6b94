"""Several rankings of the same things made into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Thing = TypeVar("Thing")

K = 60
"""What tempers the lead of first places: the value of the paper, and of most uses since."""


def reciprocal_ranks(rankings: Iterable[Sequence[Thing]], k: int = K) -> dict[Thing, float]:
    """Fuse rankings by reciprocal rank (Cormack, Clarke & Büttcher 2009).

    A thing's score is the sum of ``1 / (k + rank)`` over the rankings it is in, ranks from 1. Scores of the
    rankings themselves, which are on scales that do not compare, play no part.

    Parameters
    ----------
    rankings
        Each best first, nothing twice.
    k
        At least 0; the greater, the less first places count for.

    Returns
    -------
    dict
        The fused score of everything in any ranking; at most ``len(rankings) / (k + 1)``.
    """
    fused: dict[Thing, float] = {}
    for ranking in rankings:
        for rank, thing in enumerate(ranking, start=1):
            fused[thing] = fused.get(thing, 0.0) + 1 / (k + rank)
    return fused

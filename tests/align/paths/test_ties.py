from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from align import Bead
from align.beads import other_reading
from align.paths.bars import Bars
from align.paths.records import Found, Searched
from align.paths.ties import ODDS, with_ties
from align.scoring.features import STEPS
from align.search import IMPOSSIBLE, Band

KIND = {(a, b): kind for kind, (a, b) in enumerate(STEPS.tolist())}
ONE, TWO, NULL = KIND[1, 1], KIND[2, 2], KIND[1, 0]


def searched(scores: dict[tuple[int, int, int], float], n: int = 3) -> Searched:
    """A window of n sentences a side, of which some beads have scores."""
    band = Band(n, n, np.zeros(2 * n + 1, dtype=np.int64), n + 1)
    table = np.full((2 * n + 1, len(STEPS), n + 1), IMPOSSIBLE, dtype=np.float32)
    for (kind, i, j), score in scores.items():
        table[i + j, kind, i] = score
    return Searched([], table, np.zeros_like(table), band)


@pytest.mark.parametrize(("apart", "tied"), [(0.5, True), (-0.5, True), (np.log(ODDS) + 0.1, False)])
def test_a_bead_and_its_halves(apart: float, *, tied: bool) -> None:
    """Two by two sentences tie with two beads if the odds between both readings are small."""
    window = searched({(TWO, 2, 2): 10.0, (ONE, 1, 1): 6.0, (ONE, 2, 2): 4.0 - apart})
    (found,) = with_ties(window, [Found(TWO, 2, 2, 0.5)])
    assert found.tied == ("1:1 1:1" if tied else "")
    halves = [Found(ONE, 1, 1, 0.5), Found(ONE, 2, 2, 0.5)]
    window = searched({(TWO, 2, 2): 10.0 - apart, (ONE, 1, 1): 6.0, (ONE, 2, 2): 4.0})
    assert [one.tied for one in with_ties(window, halves)] == (["next", "before"] if tied else ["", ""])


def test_the_likeliest_cut_is_named() -> None:
    """Of several that tie, the best; of equals, the one whose first bead is smaller."""
    whole = KIND[3, 2]
    cuts = {(ONE, 1, 1): 5.0, (KIND[2, 1], 3, 2): 5.0, (KIND[2, 1], 2, 1): 5.0, (ONE, 3, 2): 5.5}
    (found,) = with_ties(searched({(whole, 3, 2): 10.0, **cuts}), [Found(whole, 3, 2, 0.5)])
    assert found.tied == "2:1 1:1"
    cuts[ONE, 3, 2] = 5.0
    (found,) = with_ties(searched({(whole, 3, 2): 10.0, **cuts}), [Found(whole, 3, 2, 0.5)])
    assert found.tied == "1:1 2:1"


def test_a_bead_is_in_one_reading_and_none_that_is_barred() -> None:
    """Three in a row that tie two by two make one pair; what a person calls wrong is no reading."""
    scores = {(ONE, k, k): 5.0 for k in (1, 2, 3)} | {(TWO, k, k): 10.0 for k in (2, 3)}
    three = [Found(ONE, k, k, 0.5) for k in (1, 2, 3)]
    window = searched(scores)
    assert [one.tied for one in with_ties(window, three)] == ["next", "before", ""]
    barred = replace(window, bars=Bars(beads=((TWO, 2, 2),)))
    assert [one.tied for one in with_ties(barred, three)] == ["", "next", "before"]
    nulls = [Found(ONE, 1, 1, 0.5), Found(NULL, 2, 1, 0.0)]
    assert [one.tied for one in with_ties(window, nulls)] == ["", ""]


def test_what_a_flag_says_a_bead_could_be() -> None:
    beads = [
        Bead((0,), (0,), 0.9),
        Bead((1, 2, 3), (1, 2), 0.5, ("merge", "tied: 1:1 2:1")),
        Bead((4,), (3,), 0.5, ("tied: next",)),
        Bead((5,), (4,), 0.5, ("tied: before",)),
    ]
    assert other_reading(beads, 0) is None
    assert other_reading(beads, 1) == ([beads[1]], [Bead((1,), (1,)), Bead((2, 3), (2,))])
    joined = ([beads[2], beads[3]], [Bead((4, 5), (3, 4))])
    assert other_reading(beads, 2) == other_reading(beads, 3) == joined
    assert other_reading(beads[:3], 2) is None

"""A person's beads are kept, wrong ones are not proposed again, and the rest is aligned around them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from align import Bead, Weights, align
from align.paths.bars import Bars
from tests.align.conftest import MeaningEncoder, sentence, story

if TYPE_CHECKING:
    from collections.abc import Sequence

Ids = tuple[int, ...]
Pair = tuple[Ids, Ids]


def lines(side: str, meanings: Sequence[Sequence[int]]) -> list[str]:
    return [sentence(side, words) for words in meanings]


def pairs(beads: Sequence[Bead]) -> list[Pair]:
    return [(bead.src, bead.tgt) for bead in beads]


def covers(beads: Sequence[Bead], n: int, m: int) -> bool:
    src = [i for bead in beads for i in bead.src]
    tgt = [j for bead in beads for j in bead.tgt]
    return src == list(range(n)) and tgt == list(range(m))


@st.composite
def fitting(draw: st.DrawFn, n: int, m: int) -> list[Bead]:
    """Beads that can be kept together: both sides cut into runs, some of the runs paired in order."""

    def runs(count: int) -> list[Ids]:
        cuts = sorted({0, count, *draw(st.lists(st.integers(0, count), max_size=6))})
        return [tuple(range(a, b)) for a, b in pairwise(cuts)]

    src, tgt = runs(n), runs(m)
    out = []
    while src and tgt:
        match draw(st.sampled_from(["pair", "source", "target", "source alone", "target alone"])):
            case "pair":
                out.append(Bead(src.pop(0), tgt.pop(0)))
            case "source":
                src.pop(0)
            case "target":
                tgt.pop(0)
            case "source alone":
                out.append(Bead(src.pop(0), ()))
            case _:
                out.append(Bead((), tgt.pop(0)))
    return draw(st.permutations(out))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    src=st.lists(st.sampled_from(["", "s1", "s2 s3", "s4, s5 s6", "s7"]), max_size=12),
    tgt=st.lists(st.sampled_from(["", "t1", "t2 t3", "t4 t5, t6", "t7 t7 t7"]), max_size=12),
    data=st.data(),
)
def test_fixed_beads_are_in_the_result_and_every_sentence_once(
    encoder: MeaningEncoder, weights: Weights, src: list[str], tgt: list[str], data: st.DataObject
) -> None:
    fixed = data.draw(fitting(len(src), len(tgt)))
    plain = align(src, tgt, encoder=encoder, weights=weights)
    kept = set(pairs(fixed))
    matches = [pair for pair in pairs(plain) if all(pair) and pair not in kept]
    forbidden = data.draw(st.lists(st.sampled_from(matches), max_size=3)) if matches else []
    beads = align(
        src, tgt, encoder=encoder, weights=weights, fixed=fixed, forbidden=[Bead(*pair) for pair in forbidden]
    )
    assert covers(beads, len(src), len(tgt))
    assert kept <= set(pairs(beads))
    assert not set(forbidden) & set(pairs(beads))
    scores = {(bead.src, bead.tgt): bead.score for bead in beads}
    assert all(scores[pair] == float(all(pair)) for pair in kept)


def test_nothing_to_keep_changes_nothing(encoder: MeaningEncoder, weights: Weights) -> None:
    src, tgt = lines("s", story(60, 1)), lines("t", story(60, 1))
    plain = align(src, tgt, encoder=encoder, weights=weights)
    assert align(src, tgt, encoder=encoder, weights=weights, fixed=(), forbidden=()) == plain
    # What is kept as it was found moves no other bead, whatever is learnt and wherever windows end.
    again = align(src, tgt, encoder=encoder, weights=weights, fixed=plain[10:50:10])
    assert pairs(again) == pairs(plain)


@pytest.mark.parametrize("n", [40, 900])
def test_neighbours_are_aligned_anew(encoder: MeaningEncoder, weights: Weights, n: int) -> None:
    meanings = story(n, 2)
    src, tgt = lines("s", meanings), lines("t", meanings)
    fixed = [Bead((20,), (20, 21)), Bead((n - 3, n - 2), (n - 3,)), Bead((n // 3,), ())]
    beads = align(src, tgt, encoder=encoder, weights=weights, fixed=fixed)
    assert covers(beads, n, n)
    found = set(pairs(beads))
    assert {(bead.src, bead.tgt) for bead in fixed} <= found
    touched = {20, 21, n // 3, n - 3, n - 2}
    assert sum(((i,), (i,)) in found for i in range(n) if i not in touched) >= n - len(touched) - 4
    assert all(21 not in bead.src or bead.tgt != (21,) for bead in beads)


def test_beads_of_any_size_are_kept(encoder: MeaningEncoder, weights: Weights) -> None:
    text = lines("s", story(60, 3)), lines("t", story(50, 3))
    fixed = [Bead(tuple(range(5, 25)), (7,)), Bead((), tuple(range(20, 45)))]
    beads = align(*text, encoder=encoder, weights=weights, fixed=fixed)
    assert covers(beads, 60, 50)
    assert {(bead.src, bead.tgt) for bead in fixed} <= set(pairs(beads))
    whole = align(["s1"], ["t1", "t2"], encoder=encoder, weights=weights, fixed=[Bead((0,), (0, 1))])
    assert [(bead.src, bead.tgt, bead.score) for bead in whole] == [((0,), (0, 1), 1.0)]


def test_blanks_in_a_fixed_bead_stay_in_it(encoder: MeaningEncoder, weights: Weights) -> None:
    src, tgt = ["s1", "", "s2", " "], ["", "t1", "t2"]
    for fixed in (Bead((0, 1), (1,)), Bead((1,), (1,)), Bead((2, 3), (0, 1)), Bead((3,), (0,))):
        beads = align(src, tgt, encoder=encoder, weights=weights, fixed=[fixed])
        assert covers(beads, 4, 3)
        assert (fixed.src, fixed.tgt) in pairs(beads)


def test_forbidden_beads_are_not_proposed_wherever_they_stand(
    encoder: MeaningEncoder, weights: Weights
) -> None:
    meanings = story(700, 4)  # more than a window
    src, tgt = lines("s", meanings), lines("t", meanings)
    wrong = [Bead((k,), (k,)) for k in range(0, 700, 50)]
    found = set(pairs(align(src, tgt, encoder=encoder, weights=weights, forbidden=wrong)))
    assert not {(bead.src, bead.tgt) for bead in wrong} & found
    assert sum(((k,), (k,)) in found for k in range(700)) >= 640
    alone = align(
        [*src[:9], *lines("s", story(1, 99)), *src[9:20]], tgt[:20], encoder=encoder, weights=weights
    )
    assert ((9,), ()) in pairs(alone)
    again = align(
        [*src[:9], *lines("s", story(1, 99)), *src[9:20]], tgt[:20], encoder=encoder, weights=weights,
        forbidden=[Bead((9,), ())],
    )  # fmt: skip
    assert ((9,), ()) not in pairs(again)
    assert covers(again, 21, 20)


def test_what_alone_is_left_is_taken_though_it_is_forbidden(
    encoder: MeaningEncoder, weights: Weights
) -> None:
    beads = align(["s1"], [], encoder=encoder, weights=weights, forbidden=[Bead((0,), ())])
    assert pairs(beads) == [((0,), ())]
    nothing = [Bead((0,), (0,)), Bead((0,), ()), Bead((), (0,))]
    assert covers(align(["s1"], ["t1"], encoder=encoder, weights=weights, forbidden=nothing), 1, 1)


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ([((), ())], "has no sentences"),
        ([((3,), (9,))], r"\[3\]:\[9\] names no target sentence; they are numbered 0 to 5"),
        ([((-1,), (0,))], "names no source sentence"),
        ([((1, 3), (2,))], "do not follow each other"),
        ([((3, 2), (2,))], "do not follow each other"),
        ([((1, 2), (2,)), ((2, 3), (3,))], "share the source sentence 2"),
        ([((1,), (2,)), ((), (2,))], "share the target sentence 2"),
        ([((1,), (3,)), ((2,), (2,))], r"\[1\]:\[3\] and \[2\]:\[2\] cross"),
        ([((3, 4), (3,))], r"crosses the break \(4, 4\)"),
        ([((5,), (5,))], "both fixed and forbidden"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    encoder: MeaningEncoder, weights: Weights, fixed: list[Pair], message: str
) -> None:
    src, tgt = lines("s", story(6, 5)), lines("t", story(6, 5))
    with pytest.raises(ValueError, match=message):
        align(
            src, tgt, encoder=encoder, weights=weights, breaks=[(4, 4)],
            fixed=[Bead(*pair) for pair in fixed], forbidden=[Bead((5,), (5,))],
        )  # fmt: skip


@given(
    walls=st.lists(st.integers(0, 20), unique=True, max_size=4).map(sorted),
    start=st.integers(0, 10),
    length=st.integers(1, 10),
)
def test_bars_of_a_part_are_those_inside_it(walls: list[int], start: int, length: int) -> None:
    stop = start + length
    assume(walls)
    part = Bars(((2, 7, 7), (0, 6, 0), (1, 0, 5)), tuple(walls), ()).part((start, start), (stop, stop))
    assert part.src_walls == tuple(wall - start for wall in walls if start < wall < stop)
    whole = [((2, 7, 7), 6, 7), ((0, 6, 0), 5, 6), ((1, 0, 5), 4, 5)]
    inside = [bead for bead, first, last in whole if start <= first and last <= stop]
    assert len(part.beads) == len(inside)

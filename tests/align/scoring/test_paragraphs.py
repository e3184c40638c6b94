"""Paragraphs hold beads back, softly, where they say anything."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from align import align
from align.scoring.features import STEPS
from align.scoring.paragraphs import COST, Agreement, agreements, charge_crossings, paragraph_numbers
from align.search import band_around
from tests.align.conftest import sentence, story

if TYPE_CHECKING:
    from align import Weights
    from tests.align.conftest import MeaningEncoder


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.data())
def test_numbers_have_no_gaps_and_keep_company_together(steps: list[int], data: st.DataObject) -> None:
    paragraphs = np.cumsum(steps).tolist()
    kept = sorted(data.draw(st.sets(st.integers(0, len(paragraphs) - 1), min_size=1)))
    numbers = paragraph_numbers(paragraphs, kept)
    assert numbers[0] == 0
    assert set(np.diff(numbers)) <= {0, 1}
    if numbers[-1]:
        together = [paragraphs[i] == paragraphs[j] for i, j in pairwise(kept)]
        assert [a == b for a, b in pairwise(numbers)] == together


def test_paragraphs_of_one_sentence_each_say_nothing() -> None:
    assert not paragraph_numbers(list(range(20)), list(range(20))).any()
    assert not paragraph_numbers(None, list(range(20))).any()


def test_a_bead_pays_for_each_end_inside_it() -> None:
    numbers = np.array([0, 0, 1, 1, 2, 2])
    band = band_around(np.arange(13) // 2, 6, 24)
    scores = np.zeros((13, len(STEPS), band.width), dtype=np.float32)
    charge_crossings(scores, band, numbers, numbers)
    for kind, (a, b) in enumerate(STEPS.tolist()):
        for i in range(a, 7):
            for j in range(b, 7):
                ends = len(set(numbers[i - a : i].tolist())) + len(set(numbers[j - b : j].tolist()))
                owed = COST * (ends - 2) if a and b else 0.0
                assert scores[i + j, kind, i - band.lo[i + j]] == -owed


def numbered(sizes: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(sizes)), sizes)


ONE_TO_ONE = [(k, k) for k in range(1, 61)]


def test_an_end_costs_as_far_as_paragraphs_correspond() -> None:
    same = numbered([4, 7, 3, 6, 5, 8, 2, 9, 6, 4, 6])
    joined = same // 2
    random = numbered([5, 5, 8, 6, 3, 7, 4, 5, 6, 3, 8])
    for other, cheap in ((same, False), (joined, False), (random, True)):
        costs = [one.cost() for one in agreements(ONE_TO_ONE, same, other)]
        assert all(cost < 0.2 if cheap else cost > COST - 0.2 for cost in costs), costs


def test_little_is_believed_until_there_is_more() -> None:
    """Two ends that do not meet are no evidence; nor are texts without paragraphs."""
    few = agreements(ONE_TO_ONE[:6], numbered([3, 3]), numbered([2, 4]))
    assert all(one.cost() > COST / 2 for one in few)
    assert Agreement().cost() == COST
    assert agreements(ONE_TO_ONE, numbered([60]), numbered([30, 30])) == (Agreement(), Agreement())


def test_a_chapter_with_paragraphs_of_its_own(encoder: MeaningEncoder, weights: Weights) -> None:
    """Paragraphs that do not correspond change nothing; those that do keep beads from reaching over them."""
    rng = np.random.default_rng(2)
    src: list[str] = []
    tgt: list[str] = []
    ends: tuple[list[int], list[int]] = ([], [])
    for k, words in enumerate(story(90, 8)):
        joined = rng.random() < 0.3
        src += [sentence("s", words[:3]), sentence("s", words[3:])] if joined else [sentence("s", words)]
        tgt.append(sentence("t", words))
        for side, text in zip(ends, (src, tgt), strict=True):
            side.extend([k // 5] * (len(text) - len(side)))

    def aligned(
        left: list[int] | None = None, right: list[int] | None = None
    ) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        beads = align(src, tgt, weights=weights, encoder=encoder, src_paragraphs=left, tgt_paragraphs=right)
        return [(bead.src, bead.tgt) for bead in beads]

    elsewhere = [int(k) for k in np.cumsum(rng.random(len(src)) < 0.25)]
    assert aligned(elsewhere, ends[1]) == aligned()
    found = aligned(*ends)
    assert all(len({ends[0][i] for i in one}) <= 1 for one, _ in found)

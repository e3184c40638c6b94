"""Paragraphs hold beads back, softly, where they say anything."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from align.scoring.features import STEPS
from align.scoring.paragraphs import COST, charge_crossings, paragraph_numbers
from align.search import band_around


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

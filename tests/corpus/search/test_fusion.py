"""Rankings made into one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.search.fusion import K, reciprocal_ranks

rankings = st.lists(st.lists(st.integers(0, 9), unique=True), max_size=4)


def test_as_the_paper_has_it() -> None:
    fused = reciprocal_ranks([["a", "b"], ["b", "c"]])
    assert fused == pytest.approx({"a": 1 / 61, "b": 1 / 62 + 1 / 61, "c": 1 / 62})


@given(rankings)
def test_what_leads_everywhere_leads(found: list[list[int]]) -> None:
    fused = reciprocal_ranks([[10, *ranking] for ranking in found])
    assert not found or max(fused, key=lambda thing: fused[thing]) == 10
    assert all(score <= len(found) / (K + 1) for score in fused.values())


@given(rankings)
def test_a_single_ranking_keeps_its_order(found: list[list[int]]) -> None:
    for ranking in found:
        fused = reciprocal_ranks([ranking])
        assert sorted(fused, key=lambda thing: -fused[thing]) == ranking

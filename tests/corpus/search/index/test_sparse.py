"""Values of few rows of many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.search.index.sparse import taken, united

rows = st.lists(st.integers(0, 30), max_size=12)


@given(st.lists(rows, max_size=4))
def test_what_is_in_any_part_is_there_once_and_in_order(parts: list[list[int]]) -> None:
    found = united(np.array(part, np.int64) for part in parts)
    assert found.tolist() == sorted({row for part in parts for row in part})


@given(st.sets(st.integers(0, 30)), rows)
def test_rows_without_a_value_have_none(held: set[int], wanted: list[int]) -> None:
    known = np.array(sorted(held), np.int64)
    dense = np.zeros(31, np.float32)
    dense[known] = known + 1
    found = taken(known, (known + 1).astype(np.float32), np.array(wanted, np.int64))
    assert found.tolist() == dense[wanted].tolist()

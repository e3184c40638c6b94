"""Candidates are what comes nearer to each other than to anything else, in whatever direction it is looked for."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.mining import margin
from corpus.mining.margin import NEAREST, Candidates, Sentences, candidates
from corpus.mining.sentences import one_to_one

if TYPE_CHECKING:
    from corpus.mining.margin import Ints


def side(matrix: np.ndarray) -> Sentences:
    unit = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)
    return Sentences(len(unit), unit.shape[1], lambda numbers: unit[numbers])


def hidden(count: int, of: int, dim: int = 64) -> tuple[Sentences, Sentences]:
    """Return sentences of two languages of which the first `count` are translations."""
    rng = np.random.default_rng(3)
    src, tgt = rng.normal(size=(of, dim)), rng.normal(size=(of, dim))
    tgt[:count] = src[:count] + rng.normal(size=(count, dim)) * 0.5
    return side(src), side(tgt)


def best(found: Candidates) -> set[tuple[int, int]]:
    taken = one_to_one(found.src, found.tgt, found.margin)
    return {(int(found.src[k]), int(found.tgt[k])) for k in taken if found.margin[k] > 1.6}


def test_what_is_hidden_is_found_both_ways() -> None:
    src, tgt = hidden(20, 400)
    found = candidates(src, tgt)
    assert best(found) == {(n, n) for n in range(20)}
    turned = candidates(tgt, src)
    assert set(zip(turned.tgt.tolist(), turned.src.tolist(), strict=True)) == set(
        zip(found.src.tolist(), found.tgt.tolist(), strict=True)
    )
    assert sorted(turned.margin.tolist()) == pytest.approx(sorted(found.margin.tolist()))


def test_margins_are_the_ratio_of_the_paper() -> None:
    src, tgt = hidden(5, 60)
    found = candidates(src, tgt, least=0.0)
    every = src.vectors(np.arange(60)) @ tgt.vectors(np.arange(60)).T
    near = [np.sort(rows, axis=1)[:, -NEAREST:].mean(axis=1) for rows in (every, every.T)]
    for i, j, value in zip(found.src, found.tgt, found.margin, strict=True):
        assert value == pytest.approx(every[i, j] / ((near[0][i] + near[1][j]) / 2), abs=1e-5)


def test_what_is_left_out_stands_in_nobodys_way() -> None:
    src, tgt = hidden(20, 400)
    left_out = candidates(src, tgt, known=lambda left, right: left == right)
    assert not any(left_out.src == left_out.tgt)
    # A translation that is known leaves a copy of it, farther off, to be found.
    rng = np.random.default_rng(5)
    one = src.vectors(np.arange(400))
    copy = np.vstack([tgt.vectors(np.arange(400)), one[:1] + rng.normal(size=(1, 64)) * 0.1])
    found = candidates(src, side(copy), known=lambda left, right: (left == right) & (left < 20))
    assert (0, 400) in best(found)


def test_with_cells_nearly_the_same_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    src, tgt = hidden(40, 3000, 32)
    exact = best(candidates(src, tgt))
    monkeypatch.setattr(margin, "EXACT_UP_TO", 1000)
    done: list[tuple[int, int]] = []
    rough = candidates(src, tgt, progress=lambda n, of: done.append((n, of)))
    assert len(best(rough) & exact) >= 0.95 * len(exact)
    assert done[-1] == (6000, 6000)


def test_of_nothing_there_is_nothing() -> None:
    src, _ = hidden(2, 10)
    nothing = Sentences(0, 64, lambda numbers: np.zeros((len(numbers), 64), np.float32))
    assert len(candidates(src, nothing).src) == 0
    assert len(candidates(nothing, src).src) == 0
    everything = candidates(src, src, known=lambda left, _: np.ones(left.shape, dtype=np.bool_))
    assert len(everything.src) == 0
    alone = side(np.eye(64)[:1])
    assert candidates(alone, alone).lead.tolist() == [1.0]


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 99))
def test_no_sentence_is_in_two_pairs(rows: int, columns: int, seed: int) -> None:
    pairs = np.array(list(product(range(rows), range(columns))))
    scores = np.random.default_rng(seed).integers(0, 4, len(pairs)) / 4
    taken = one_to_one(pairs[:, 0], pairs[:, 1], scores)
    assert len({*pairs[taken, 0]}) == len({*pairs[taken, 1]}) == len(taken) == min(rows, columns)
    if len(taken):
        assert scores[taken[0]] == scores.max()
    again = one_to_one(pairs[::-1, 0], pairs[::-1, 1], scores[::-1])
    assert {tuple(pairs[k]) for k in taken} == {tuple(pairs[::-1][k]) for k in again}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 8)), min_size=1, max_size=20))
def test_the_lead_is_the_distance_to_the_next_best(given_: list[tuple[int, int]]) -> None:
    owner: Ints = np.array([one for one, _ in given_], dtype=np.int64)
    values = np.array([value / 8 for _, value in given_])
    for place, lead in enumerate(margin._leads(owner, values)):
        others = [values[k] for k in range(len(owner)) if owner[k] == owner[place] and k != place]
        assert lead == (values[place] - max(others) if others else 1.0)

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from align.search import IMPOSSIBLE, Band, best_path, best_through, marginals

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = np.array([(1, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2)])


def problem(n: int, m: int, seed: int) -> tuple[np.ndarray, Band]:
    """Random scores over a whole rectangle."""
    band = Band(n=n, m=m, lo=np.zeros(n + m + 1, dtype=np.int64), width=n + 1)
    scores = np.random.default_rng(seed).normal(size=(n + m + 1, len(STEPS), n + 1)).astype(np.float32)
    i = band.cells_i
    j = np.arange(n + m + 1)[:, None] - i
    for t, (a, b) in enumerate(STEPS):
        scores[:, t][~((i >= a) & (j >= b) & (i <= n) & (j <= m))] = IMPOSSIBLE
    return scores, band


def all_paths(i: int, j: int) -> Iterator[list[tuple[int, int, int]]]:
    """Every way to (i, j)."""
    if i == j == 0:
        yield []
    for t, (a, b) in enumerate(STEPS.tolist()):
        if i >= a and j >= b:
            for path in all_paths(i - a, j - b):
                yield [*path, (t, i, j)]


@pytest.mark.parametrize(("n", "m", "seed"), [(3, 4, 0), (4, 3, 1), (1, 5, 2), (4, 4, 3)])
def test_against_enumeration(n: int, m: int, seed: int) -> None:
    scores, band = problem(n, m, seed)
    paths = list(all_paths(n, m))
    sums = [sum(float(scores[i + j, t, i]) for t, i, j in path) for path in paths]
    beads, total = best_path(scores, band, STEPS)
    assert total == pytest.approx(max(sums), abs=1e-4)
    assert beads == paths[int(np.argmax(sums))]
    posterior, log_z = marginals(scores, band, STEPS)
    weights = np.exp(sums)
    assert log_z == pytest.approx(math.log(weights.sum()), abs=1e-4)
    expected = np.zeros(scores.shape)
    for path, weight in zip(paths, weights / weights.sum(), strict=True):
        for t, i, j in path:
            expected[i + j, t, i] += weight
    np.testing.assert_allclose(posterior, expected, atol=1e-5)


def test_a_sliding_band_agrees_with_the_rectangle_where_it_holds_the_path() -> None:
    n = m = 12
    scores, band = problem(n, m, 5)
    d = np.arange(n + m + 1)
    narrow = Band(n=n, m=m, lo=d // 2 - 4, width=9)
    inside = np.full((n + m + 1, len(STEPS), 9), IMPOSSIBLE, dtype=np.float32)
    for row in d:
        for x in range(9):
            if 0 <= narrow.lo[row] + x <= n:
                inside[row, :, x] = scores[row, :, narrow.lo[row] + x]
    beads, total = best_path(inside, narrow, STEPS)
    assert sum(float(scores[i + j, t, i]) for t, i, j in beads) == pytest.approx(total, abs=1e-4)
    posterior, log_z = marginals(inside, narrow, STEPS)
    assert log_z <= marginals(scores, band, STEPS)[1] + 1e-6
    # Each source sentence is in exactly one bead.
    assert float((posterior * STEPS[:, 0][:, None]).sum()) == pytest.approx(n, abs=1e-3)


def test_the_best_way_through_each_cell() -> None:
    """As by trying all ways; 0 along the best."""
    scores, band = problem(3, 4, 8)
    paths = list(all_paths(3, 4))
    sums = [sum(float(scores[i + j, t, i]) for t, i, j in path) for path in paths]
    through = best_through(scores, band, STEPS)
    for i in range(4):
        for j in range(5):
            passing = [
                total
                for path, total in zip(paths, sums, strict=True)
                if (i, j) in [(0, 0), *((x, y) for _, x, y in path)]
            ]
            assert through[i + j, i] == pytest.approx(max(passing) - max(sums), abs=0.01)


def test_scores_far_from_nought_leave_posteriors_as_they_are() -> None:
    """What is added to every sentence's score is in every path: sums of weights are scaled as they grow."""
    scores, band = problem(30, 28, 3)
    far = scores + np.where(scores > IMPOSSIBLE / 2, 40.0 * STEPS.sum(axis=1)[:, None], 0.0)
    plain, log_z = marginals(scores, band, STEPS)
    shifted, log_far = marginals(far.astype(np.float32), band, STEPS)
    np.testing.assert_allclose(plain, shifted, atol=1e-3)
    assert log_far == pytest.approx(log_z + 40.0 * 58, rel=1e-5)

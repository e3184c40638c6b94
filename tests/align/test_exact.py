"""Products that are exact, and comparisons on a grid."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from align.exact import VECTOR_GRID, exact_dots, on_grid, quantised
from align.scoring.blocks import Blocks, given_blocks, unit
from align.search import Band, best_path

STEPS = np.array([[1, 0], [0, 1], [1, 1], [2, 2]])


def vectors(n: int, dim: int, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((n, dim))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_dot_products_are_those_of_the_rounded_rows() -> None:
    left, right = vectors(3, 512, 1), vectors(2, 512, 2)
    found = exact_dots(left, right)
    for i in range(3):
        for j in range(2):
            pairs = zip(on_grid(left[i]).tolist(), on_grid(right[j]).tolist(), strict=True)
            assert Fraction(float(found[i, j])) == sum(Fraction(x) * Fraction(y) for x, y in pairs)


def test_dot_products_do_not_depend_on_the_order_of_what_is_added() -> None:
    left, right = vectors(20, 512, 3), vectors(30, 512, 4)
    order = np.random.default_rng(5).permutation(512)
    assert np.array_equal(exact_dots(left, right), exact_dots(left[:, order], right[:, order]))


def test_half_precision_is_on_the_grid() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    assert np.array_equal(on_grid(finite), finite.astype(np.float64))


def test_what_differs_by_rounding_is_equal() -> None:
    score = np.float32(0.4321)
    assert quantised(score) == quantised(np.nextafter(score, np.float32(1)))
    assert quantised(score) < quantised(score + np.float32(1e-4))


def test_what_a_mean_leaves_of_equal_vectors_is_nothing() -> None:
    rows = np.repeat(vectors(1, 512, 6), 7, axis=0)[None]
    blocks: Blocks = given_blocks(rows, range(7), 1)
    assert not blocks.centred()[:].any()
    nearly = rows[0].astype(np.float16).astype(np.float32)
    nearly[3, :5] = np.nextafter(nearly[3, :5].astype(np.float16), np.float16(1))
    assert not unit(nearly - nearly.mean(axis=0)).any()
    assert np.allclose(np.linalg.norm(unit(vectors(3, 512, 7) * np.float32(0.1)), axis=1), 1)


@pytest.mark.parametrize("noise", [0.0, 1e-6])
def test_of_equal_paths_the_rule_decides(noise: float) -> None:
    """A 1:1 bead is worth two null beads, and a 2:2 bead two of 1:1: all ways to the end are equal."""
    n = 6
    scores = np.zeros((2 * n + 1, len(STEPS), n + 1))
    scores[:] = np.array([0.3, 0.3, 0.6, 1.2])[:, None]
    scores += noise * np.random.default_rng(8).standard_normal(scores.shape)
    i = np.arange(n + 1)
    for d in range(2 * n + 1):
        for t, (a, b) in enumerate(STEPS):
            scores[d, t, (i < a) | (d - i < b) | (d - i > n)] = -1e9
    band = Band(n=n, m=n, lo=np.zeros(2 * n + 1, dtype=np.int64), width=n + 1)
    # On the grid 0.3 is 1229, 0.6 2458 and 1.2 4915 units: all but the 2:2 bead, which is a unit short.
    beads, total = best_path(scores, band, STEPS)
    assert beads == [(2, k + 1, k + 1) for k in range(n)]
    assert total == pytest.approx(0.6 * n, abs=1e-4)


def test_the_grid_is_that_of_half_precision() -> None:
    assert float(np.finfo(np.float16).smallest_subnormal) == VECTOR_GRID

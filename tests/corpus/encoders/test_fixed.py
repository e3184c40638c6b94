"""Matrix products in fixed point."""

from __future__ import annotations

import numpy as np

from corpus.encoders.fixed import FixedMatrix, product, rounded


def numbers(*shape: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def test_about_as_precise_as_single_precision() -> None:
    rows, matrix = numbers(50, 1280, seed=1), numbers(1280, 64, seed=2)
    true = rows.astype(np.float64) @ matrix.astype(np.float64)
    lengths = np.outer(np.linalg.norm(rows, axis=1), np.linalg.norm(matrix, axis=0))
    assert (np.abs(product(rows, FixedMatrix.of(matrix)) - true) / lengths).max() < 1e-7


def test_the_order_of_addition_makes_no_difference() -> None:
    rows, matrix = 1000 * numbers(50, 1280, seed=3), numbers(1280, 64, seed=4)
    order = np.random.default_rng(5).permutation(1280)
    there = product(rows[:, order], FixedMatrix.of(matrix[order]))
    assert np.array_equal(product(rows, FixedMatrix.of(matrix)), there)
    assert not np.array_equal(rows @ matrix, rows[:, order] @ matrix[order])


def test_a_row_depends_on_no_other_row() -> None:
    rows, matrix = numbers(9, 300, seed=6), FixedMatrix.of(numbers(300, 40, seed=7))
    rows[0] *= 1e6
    assert np.array_equal(product(rows, matrix)[3:4], product(rows[3:4], matrix))


def test_zero_and_tiny_rows() -> None:
    matrix = FixedMatrix.of(numbers(8, 3, seed=8))
    assert not product(np.zeros((2, 8), dtype=np.float32), matrix).any()
    assert np.isfinite(product(np.full((1, 8), 1e-40, dtype=np.float32), matrix)).all()
    assert product(np.zeros((0, 8), dtype=np.float32), matrix).shape == (0, 3)


def test_rounding_to_a_grid() -> None:
    assert rounded(np.array([0.3, -0.3, 40.1], dtype=np.float32), 0.25).tolist() == [0.25, -0.25, 40.0]

"""Measures, against values worked out by hand."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.linguistics.measures import dice, dispersion, log_dice, log_likelihood, log_ratio, per_10k


def value(expression: pl.Expr) -> float:
    return float(pl.select(expression).item())


def g2(both: int, first: int, second: int, total: int) -> float:
    return value(log_likelihood(*map(pl.lit, (both, first, second, total))))


def test_log_likelihood_of_a_table() -> None:
    # Cells 10, 20 / 30, 940; expectations 1.2, 28.8 / 38.8, 931.2.
    expected = 2 * (
        10 * math.log(10 / 1.2)
        + 20 * math.log(20 / 28.8)
        + 30 * math.log(30 / 38.8)
        + 940 * math.log(940 / 931.2)
    )
    assert g2(10, 30, 40, 1000) == pytest.approx(expected)


def test_log_likelihood_of_dunnings_bigram() -> None:
    # The first row of table 2 of the paper: k(AB)=110, k(~AB)=2442, k(A~B)=111, k(~A~B)=29114.
    assert g2(110, 110 + 111, 110 + 2442, 110 + 2442 + 111 + 29114) == pytest.approx(270.72, abs=0.01)


def test_what_is_rarer_than_expected_is_negative() -> None:
    assert g2(0, 100, 100, 1000) < -20
    assert g2(10, 100, 100, 1000) == pytest.approx(0)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_log_likelihood_does_not_care_which_is_which(a: int, b: int, c: int, d: int) -> None:
    total = a + b + c + d
    assert g2(a, a + b, a + c, total) == pytest.approx(g2(a, a + c, a + b, total), abs=1e-9)
    assert math.isfinite(g2(a, a + b, a + c, total))


def test_log_dice_dice_and_log_ratio() -> None:
    assert value(log_dice(pl.lit(8), pl.lit(8), pl.lit(8))) == 14
    assert value(log_dice(pl.lit(1), pl.lit(8), pl.lit(8))) == 11  # an eighth: three less
    assert value(dice(pl.lit(3), pl.lit(4), pl.lit(8))) == 0.5
    assert value(log_ratio(pl.lit(8), pl.lit(1000), pl.lit(4), pl.lit(2000))) == 2
    assert value(log_ratio(pl.lit(1), pl.lit(1000), pl.lit(0), pl.lit(1000))) == 1  # half for none


def test_no_words_are_no_frequency() -> None:
    assert value(per_10k(pl.lit(3), pl.lit(1500))) == 20
    assert pl.select(per_10k(pl.lit(0), pl.lit(0))).item() is None


def spread(counts: list[int], sizes: list[int]) -> tuple[float, float | None]:
    rows = [("w", part, n) for part, n in enumerate(counts) if n]
    found = dispersion(
        pl.DataFrame(rows, schema=["word", "part", "n"], orient="row"),
        pl.DataFrame({"part": range(len(sizes)), "words": sizes}),
    )
    return found["dp"].item(), found["dp_norm"].item()


def test_the_dispersion_of_griess_example() -> None:
    # Gries 2008, the word "a" in five parts: counts 1 2 3 4 5 of sizes 9 10 10 10 11.
    dp, norm = spread([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])
    assert dp == pytest.approx(0.18, abs=0.005)
    by_hand = sum(abs(v / 15 - s / 50) for v, s in zip([1, 2, 3, 4, 5], [9, 10, 10, 10, 11], strict=True)) / 2
    assert dp == pytest.approx(by_hand)
    assert norm == pytest.approx(by_hand / (1 - 9 / 50))


def test_the_ends_of_dispersion() -> None:
    assert spread([2, 4], [100, 200]) == pytest.approx((0, 0))
    dp, norm = spread([5, 0], [100, 300])
    assert dp == 0.75
    assert norm == pytest.approx(1)
    assert spread([5], [100]) == (0, None)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 50)), min_size=2, max_size=8))
def test_dispersion_is_between_none_and_one(parts: list[tuple[int, int]]) -> None:
    counts, sizes = (list(column) for column in zip(*parts, strict=True))
    if not any(counts):
        return
    dp, norm = spread(counts, sizes)
    by_hand = sum(abs(v / sum(counts) - s / sum(sizes)) for v, s in parts) / 2
    assert dp == pytest.approx(by_hand, abs=1e-9)
    assert norm is not None
    assert -1e-9 <= dp <= norm <= 1 + 1e-9


def test_frequencies_of_large_counts_do_not_overflow() -> None:
    counts = pl.DataFrame({"n": [500_000], "words": [8_000_000]}, schema={"n": pl.UInt32, "words": pl.UInt32})
    assert counts.select(per_10k(pl.col("n"), pl.col("words"))).item() == pytest.approx(625.0)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from align import Calibration
from align.training.chain import vector_of
from align.training.study import GoldSet, Recipe, train_on_sets
from align.training.train import NULL_RATES
from tests.align.training.test_train import made_up

if TYPE_CHECKING:
    from tests.align.conftest import MeaningEncoder


def gold_set(name: str, first: int, texts: int, beads: int = 20) -> GoldSet:
    return GoldSet(name, tuple(made_up(seed, beads) for seed in range(first, first + texts)))


def test_texts_are_left_out_reported_on_and_calibrated_on(encoder: MeaningEncoder) -> None:
    lines: list[str] = []
    steps: list[tuple[int, int]] = []
    trained = train_on_sets(
        [gold_set("one", 0, 3), gold_set("two", 10, 1)],
        encoder,
        left_out=["one"],
        provenance={"script": "a test"},
        progress=lambda done, total: steps.append((done, total)),
        note=lines.append,
    )
    assert list(trained.report) == [
        "one, trained on the other sets",
        "two, trained on the other sets",
        "one, each text left out",
    ]
    assert len(lines) == 3
    assert all(len(row) == len(NULL_RATES) and min(row) > 0.8 for row in trained.report.values())
    # Four texts embedded, two sets tested on each other, three texts left out, and the weights themselves.
    assert steps == [(done, 10) for done in range(1, 11)]
    weights = trained.weights
    assert weights.encoder_version == "test"
    assert "held-out texts of one" in weights.calibration.basis
    assert "3 mismatched pairs" in weights.calibration.basis
    assert weights.provenance["script"] == "a test"
    assert weights.provenance["texts"] == [3, 1]
    assert weights.provenance["strict_f1_at_null_rates"] == trained.report
    assert trained.quality is not None
    assert trained.quality["beads"] == len(trained.scores) == len(trained.right)
    assert trained.quality["greatest score of unrelated texts"] < trained.scores[trained.right].mean()
    assert trained.quality["ece"] <= 0.15
    assert not trained.remarks


def test_the_same_seed_gives_the_same_weights(encoder: MeaningEncoder) -> None:
    sets = [gold_set("one", 0, 1)]
    once, again = (train_on_sets(sets, encoder, Recipe(seed=3)) for _ in range(2))
    assert once.weights == again.weights
    assert once.weights.features != train_on_sets(sets, encoder, Recipe(seed=4)).weights.features


def test_a_single_text_leaves_nothing_out_and_says_so(encoder: MeaningEncoder) -> None:
    shipped = Calibration(basis="something else")
    steps: list[tuple[int, int]] = []
    trained = train_on_sets(
        [gold_set("one", 0, 1)],
        encoder,
        fallback=shipped,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps == [(1, 2), (2, 2)]
    assert trained.report == {}
    assert trained.quality is None
    assert len(trained.scores) == 0
    assert any("one gold text only" in remark for remark in trained.remarks)
    assert any("too few to calibrate" in remark for remark in trained.remarks)
    calibration = trained.weights.calibration
    assert (calibration.raw, calibration.probability) == (shipped.raw, shipped.probability)
    assert calibration.basis.startswith("taken over from other weights")
    assert "something else" in calibration.basis


def test_little_gold_moves_little(encoder: MeaningEncoder) -> None:
    """Three beads leave the weights near those set by hand, the nearer the stronger these pull."""

    def trained(strength: float) -> np.ndarray:
        recipe = Recipe(strength=strength)
        return vector_of(train_on_sets([gold_set("one", 0, 1, 3)], encoder, recipe).weights.features)

    held = trained(1e6)
    moved = [float(np.abs(trained(strength) - held).max()) for strength in (100.0, 1.0, 0.01)]
    assert moved == sorted(moved)
    assert moved[0] < 0.1 < moved[1] < 2.0


def test_many_texts_are_left_out_in_groups(encoder: MeaningEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("align.training.study.FOLDS", 2)
    steps: list[tuple[int, int]] = []
    trained = train_on_sets(
        [gold_set("one", 0, 3, beads=8)], encoder, progress=lambda done, total: steps.append((done, total))
    )
    assert steps == [(done, 6) for done in range(1, 7)]  # three texts, two groups, the weights
    assert "3 mismatched pairs" in trained.weights.calibration.basis


def test_two_sets_of_one_text_each(encoder: MeaningEncoder) -> None:
    trained = train_on_sets([gold_set("one", 0, 1, beads=15), gold_set("two", 5, 1, beads=15)], encoder)
    assert "two, each text left out" in trained.report
    assert trained.quality is not None


def test_nothing_to_train_on(encoder: MeaningEncoder) -> None:
    with pytest.raises(ValueError, match="no gold texts"):
        train_on_sets([GoldSet("none", ())], encoder)
    with pytest.raises(ValueError, match="no set three among one"):
        train_on_sets([gold_set("one", 0, 1)], encoder, left_out=["three"])

"""What is calibrated on: beads of texts left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from align import Calibration, Weights
from align.paths.records import Found
from align.relatedness import SIGNS
from align.training.held_out import HeldOut, calibrate, left_out_scores

if TYPE_CHECKING:
    from align.search import Floats

BEAD = [0.9, 0.4, 0.3, 0.6, 0.5, 0.2, 0.0, 25.0, 1.0, 0.0, 0.5]


def held_out(
    kind: str,
    right: np.ndarray,
    draws: np.ndarray | None = None,
    *,
    fold: int = 0,
    text: Floats | None = None,
) -> HeldOut:
    """So many beads, all alike."""
    beads = tuple(Found(2, k + 1, k + 1, 0.9) for k in range(len(right)))
    draws = np.zeros(len(right), dtype=bool) if draws is None else draws
    return HeldOut(fold, kind, np.tile(BEAD, (len(right), 1)), right, draws, beads, "a", text)


def test_a_bead_that_draws_in_what_has_no_counterpart_counts_more() -> None:
    """The more they count, the less they and their like are believed."""
    right = np.arange(60) % 3 > 0
    means = []
    for draws in (np.zeros(60, dtype=bool), ~right):
        calibration, remark = calibrate([held_out("short", right, draws)], ["a"], Calibration())
        assert remark is None
        means.append(float(calibration.scores(np.tile(BEAD, (60, 1))).mean()))
    assert abs(means[0] - 2 / 3) < 0.05
    assert 0.5 < means[1] < means[0] - 0.05


def test_short_texts_of_all_kinds_are_counted() -> None:
    wrong = np.zeros(10, dtype=bool)
    kinds = ("whole", "cut", "mismatched", "short", "faced", "strangers", "neighbours")
    kept = [held_out(kind, wrong if kind > "m" else ~wrong, wrong) for kind in kinds]
    calibration, _ = calibrate(kept, ["a", "b"], Calibration())
    assert "1 mismatched pairs of texts, and for 4 short texts" in calibration.basis
    assert calibration.basis.startswith("beads proposed for held-out texts of a and b")
    assert calibrate([*kept, held_out("stretches", wrong)], ["a", "b"], Calibration())[0] == calibration


def test_what_is_left_out_is_scored_by_the_others_alone() -> None:
    """All beads of one fold are right, of the other wrong: each is scored as the other is."""
    right, weights = np.ones(40, dtype=bool), Weights("e", "1", {})
    scored = left_out_scores([held_out("whole", right), held_out("whole", ~right, fold=1)], weights)
    assert [one.fold for one, _ in scored] == [0, 1]
    assert scored[0][1].max() < 0.1
    assert scored[1][1].min() > 0.9
    assert left_out_scores([held_out("whole", right)], weights) == []


def test_scores_of_texts_that_look_unrelated_are_lowered() -> None:
    right = np.ones(40, dtype=bool)
    near, far = (np.array([1.0, cosine, 0.2, 0.1, 0.0]) for cosine in (0.6, 0.1))
    assert len(near) == len(SIGNS)
    kept = [
        held_out(kind, right, fold=fold, text=text)
        for fold in range(3)
        for kind, text in (("plain", near), ("strangers", far))
        for _ in range(6)
    ]
    scored = left_out_scores(kept, Weights("e", "1", {}))
    means = {
        kind: np.mean([one.mean() for kept, one in scored if kept.kind == kind])
        for kind in ("plain", "strangers")
    }
    assert means["strangers"] < 0.1
    assert means["plain"] > 0.9
    figures = [
        replace(kept[0], beads=tuple(replace(one, contradicted=1) for one in kept[0].beads)),
        *kept[1:],
    ]
    lowered = left_out_scores(figures, Weights("e", "1", {}, contradicted=0.5))
    assert np.allclose(lowered[0][1], scored[0][1] / 2)

"""What is calibrated on: beads of texts left out."""

from __future__ import annotations

import numpy as np

from align import Calibration
from align.training.held_out import HeldOut, calibrate


def test_a_bead_that_draws_in_what_has_no_counterpart_counts_more() -> None:
    """The more they count, the less they and their like are believed."""
    signs = np.tile([0.9, 0.4, 0.3, 0.6, 0.5, 0.2, 0.0, 25.0, 1.0, 0.0, 0.5], (60, 1))
    right = np.arange(60) % 3 > 0
    means = []
    for draws in (np.zeros(60, dtype=bool), ~right):
        calibration, remark = calibrate([HeldOut(0, "short", signs, right, draws)], ["a"], Calibration())
        assert remark is None
        means.append(float(calibration.scores(signs).mean()))
    assert abs(means[0] - 2 / 3) < 0.05
    assert 0.5 < means[1] < means[0] - 0.05


def test_short_texts_of_all_kinds_are_counted() -> None:
    one = np.tile([0.9, 0.4, 0.3, 0.6, 0.5, 0.2, 0.0, 25.0, 1.0, 0.0, 0.5], (10, 1))
    wrong = np.zeros(10, dtype=bool)
    kinds = ("whole", "cut", "mismatched", "short", "faced", "strangers", "neighbours")
    held_out = [HeldOut(0, kind, one, wrong if kind > "m" else ~wrong, wrong) for kind in kinds]
    calibration, _ = calibrate(held_out, ["a", "b"], Calibration())
    assert "1 mismatched pairs of texts, and for 4 short texts" in calibration.basis
    assert calibration.basis.startswith("beads proposed for held-out texts of a and b")

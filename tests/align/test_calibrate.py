from __future__ import annotations

import json

import numpy as np
import pytest

from align import Calibration, Weights, calibration_error, recalibrate, recalibration_errors
from align.calibrate import fit_calibration


def made_up_signs(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Beads whose chance of being right is a known function of overconfident posteriors and of margins."""
    rng = np.random.default_rng(seed)
    margin = rng.uniform(0, 0.6, n)
    logit = rng.normal(2, 2, n)
    truth = 1 / (1 + np.exp(-(0.5 * logit + 6 * (margin - 0.3))))
    signs = np.stack([1 / (1 + np.exp(-logit)), margin, margin], axis=1)
    return signs, rng.random(n) < truth


def test_fitted_probabilities_hold_on_new_beads() -> None:
    calibration = fit_calibration(*made_up_signs(4000, 0), "made up")
    signs, right = made_up_signs(4000, 1)
    scores = calibration.scores(signs)
    assert calibration_error(scores, right) < 0.03
    assert calibration_error(signs[:, 0], right) > 0.1
    assert scores.min() >= 0.0
    assert scores.max() <= 1.0


def test_a_higher_posterior_never_scores_lower() -> None:
    calibration = fit_calibration(*made_up_signs(2000, 2), "made up")
    signs = np.stack([np.linspace(0, 1, 50), np.full(50, 0.3), np.full(50, 0.3)], axis=1)
    assert (np.diff(calibration.scores(signs)) >= 0).all()


def test_recalibration_on_a_hundred_beads() -> None:
    calibration = fit_calibration(*made_up_signs(4000, 3), "made up")
    rng = np.random.default_rng(4)
    signs, _ = made_up_signs(4000, 5)
    scores = calibration.scores(signs)
    harder = (
        rng.random(len(scores)) < scores**3
    )  # the user's texts: fewer beads are right than the scores say
    adapted = recalibrate(calibration, scores[:200].tolist(), harder[:200].tolist(), "two hundred of mine")
    before = calibration_error(scores[200:], harder[200:])
    after = calibration_error(adapted.scores(signs[200:]), harder[200:])
    assert after < before / 2
    assert adapted.basis == "two hundred of mine"


def test_recalibration_does_little_harm_where_scores_are_right() -> None:
    """A hundred marks are noise, too: what they do to good scores must stay small."""
    rng = np.random.default_rng(6)
    errors = []
    for _ in range(20):
        scores = rng.beta(4, 1, size=100)
        adapted = recalibrate(Calibration(), scores.tolist(), (rng.random(100) < scores).tolist(), "")
        grid = rng.beta(4, 1, size=1000)
        new = np.interp(grid, adapted.raw, adapted.probability)
        errors.append(np.abs(new - grid).mean())
    assert np.mean(errors) < 0.04


def test_recalibrated_scores_keep_their_order() -> None:
    rng = np.random.default_rng(7)
    calibration = fit_calibration(*made_up_signs(2000, 8), "made up")
    scores = rng.random(60)
    adapted = recalibrate(calibration, scores.tolist(), (rng.random(60) < scores).tolist(), "")
    assert (np.diff(adapted.raw) > 0).all()
    assert (np.diff(adapted.probability) >= 0).all()
    assert 0 <= adapted.probability[0] <= adapted.probability[-1] <= 1


def test_scores_that_say_the_opposite_are_levelled() -> None:
    scores = np.linspace(0.05, 0.95, 200)
    adapted = recalibrate(Calibration(), scores.tolist(), (scores < 0.5).tolist(), "upside down")
    assert adapted.probability[-1] - adapted.probability[0] < 0.01
    assert adapted.probability[0] == pytest.approx(0.5, abs=0.05)


def test_errors_before_and_held_out_after() -> None:
    rng = np.random.default_rng(9)
    scores = rng.beta(4, 1, size=400)
    errors = recalibration_errors(scores.tolist(), (rng.random(400) < scores**3).tolist())
    assert errors.before > 0.15
    assert errors.after < 0.08
    assert 0.01 < errors.chance < 0.06
    # Marks that say nothing: a fit that was measured on its own beads would seem to gain by them.
    errors = recalibration_errors([0.5] * 10 + [0.6] * 10, [True, False] * 10)
    assert errors.after >= errors.before - 0.05
    with pytest.raises(ValueError, match="too few"):
        recalibration_errors([0.5] * 19, [True] * 19)


def test_too_few_or_unequal() -> None:
    with pytest.raises(ValueError, match="too few"):
        recalibrate(Calibration(), [0.5] * 19, [True] * 19, "")
    with pytest.raises(ValueError, match="verdicts"):
        recalibrate(Calibration(), [0.5] * 30, [True] * 29, "")


def test_weights_survive_json(weights: Weights) -> None:
    assert Weights.from_dict(json.loads(json.dumps(weights.to_dict()))) == weights


@pytest.mark.parametrize("broken", [{}, {"format": 99}, {"format": 1}, {"format": 1, "features": "x"}])
def test_broken_weights_are_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weights.from_dict(broken)


def test_the_weights_that_ship_say_what_they_are(weights: Weights) -> None:
    assert weights.encoder == "use"
    assert weights.provenance["seed"] == 7
    assert "mac-dev" in weights.calibration.basis
    assert weights.provenance["calibration"]["ece"] <= 0.05


def test_figures_that_differ_lower_the_score(weights: Weights) -> None:
    """Not only a flag: of two beads alike in all else, the one whose figures differ scores lower."""
    sign = [0.97, 0.4, 0.3, 0.7, 0.6, 0.0, 0.0, 60.0, 0.0, 0.0, 0.6, 0.0]
    differing = [[*sign[:6], count, *sign[7:]] for count in (0.0, 1.0, 2.0)]
    scores = weights.calibration.scores(np.array(differing))
    assert (np.diff(scores) < -0.01).all()


def test_doubt_about_a_sentence_at_the_edge_lowers_the_score(weights: Weights) -> None:
    sign = [0.97, 0.4, 0.3, 0.7, 0.6, 0.0, 0.0, 60.0, 0.0, 0.0, 0.6, 0.0]
    doubted = [[*sign[:5], spare, *sign[6:]] for spare in (0.01, 0.1, 0.2, 0.49)]
    assert (np.diff(weights.calibration.scores(np.array(doubted))) < -0.01).all()

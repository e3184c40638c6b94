"""From the search's confidence to the probability that a bead is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.search import Floats

_FEWEST: Final = 20
_CLIP: Final = 1e-6
_RELATED: Final = 0.2  # mean margin, null beads included, that unrelated texts do not come near


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the signs of a bead's rightness become a probability.

    First a logistic function of three signs, then linear interpolation between knots.

    Attributes
    ----------
    coefficients
        Intercept, and the slopes of the logit of the posterior, of the bead's margin (its cosine less what is
        expected by chance) and of ten times the mean margin of the beads around, up to 0.2. The posterior
        only compares alignments with each other: of two unrelated texts, too, one alignment is the best.
        The margins know.
    raw, probability
        Knots, both ascending, 0..1; outside them the end values hold.
    basis
        What it was fitted on, in words.
    """

    coefficients: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 0.0)
    raw: tuple[float, ...] = (0.0, 1.0)
    probability: tuple[float, ...] = (0.0, 1.0)
    basis: str = "uncalibrated"

    def scores(self, signs: Floats) -> Floats:
        """Probabilities of beads from their signs.

        Parameters
        ----------
        signs
            Shape (b, 3): posterior, margin, mean margin around.

        Returns
        -------
        Floats
            Shape (b,), 0..1.
        """
        raw = _logistic(_design(signs) @ np.array(self.coefficients))
        return np.asarray(np.interp(raw, self.raw, self.probability), dtype=np.float64)


def fit_calibration(signs: Floats, right: Sequence[bool] | np.ndarray, basis: str) -> Calibration:
    """Fit all of a calibration: logistic regression by Newton's method, then isotonic knots.

    Parameters
    ----------
    signs
        Shape (b, 3), as :meth:`Calibration.scores` takes them, of beads that are not null.
    right
        Shape (b,): whether each is right.
    basis
        What they come from, to be recorded.

    Raises
    ------
    ValueError
        If there are fewer than twenty beads, or the numbers differ.
    """
    verdicts = _checked(len(signs), right)
    design = _design(signs)
    coefficients = _logistic_regression(design, verdicts)
    raw, probability = _knots(_logistic(design @ coefficients), verdicts, 20)
    a, b, c, d = (round(float(x), 4) for x in coefficients)
    return Calibration((a, b, c, d), raw, probability, basis)


def _logistic_regression(design: Floats, verdicts: Floats, ridge: float = 0.1) -> Floats:
    """Coefficients of greatest penalised likelihood, by Newton's method, steps halved that overshoot."""

    def loss(point: Floats) -> float:
        logits = design @ point
        return float(np.logaddexp(0, logits).sum() - verdicts @ logits + 0.5 * ridge * point @ point)

    point = np.zeros(design.shape[1])
    for _ in range(50):
        p = _logistic(design @ point)
        gradient = design.T @ (p - verdicts) + ridge * point
        hessian = (design * (p * (1 - p))[:, None]).T @ design + ridge * np.eye(len(point))
        step = np.linalg.solve(hessian, gradient)
        while np.abs(step).max() > 1e-9 and loss(point - step) > loss(point):
            step = step / 2
        point = point - step
        if np.abs(step).max() < 1e-8:
            break
    return np.asarray(point)


def recalibrate(
    calibration: Calibration, scores: Sequence[float], right: Sequence[bool], basis: str
) -> Calibration:
    """Adapt a calibration to a user's texts, from beads that the user has marked.

    Parameters
    ----------
    calibration
        What the beads were scored with.
    scores
        Scores of marked beads, none of them null.
    right
        Whether each is right.
    basis
        What they come from, to be recorded.

    Raises
    ------
    ValueError
        If fewer than twenty beads are given (a hundred are better), or the numbers differ.
    """
    verdicts = _checked(len(scores), right)
    old, new = _knots(np.asarray(scores, dtype=np.float64), verdicts, max(2, len(scores) // 20))
    # The new map is applied to the old probabilities; its own knots become knots in between.
    between = np.interp(old, calibration.probability, calibration.raw)
    raw = np.unique(np.concatenate([calibration.raw, between]))
    probability = np.interp(np.interp(raw, calibration.raw, calibration.probability), old, new)
    return Calibration(calibration.coefficients, tuple(raw.tolist()), tuple(probability.tolist()), basis)


def calibration_error(
    scores: Sequence[float] | Floats, right: Sequence[bool] | np.ndarray, bins: int = 10
) -> float:
    """Measure the expected calibration error.

    The mean distance of the share right from the mean score, over bins of equal mass.
    """
    values, verdicts = np.asarray(scores, dtype=np.float64), np.asarray(right, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(
        sum(abs(values[part].mean() - verdicts[part].mean()) * len(part) for part in parts) / len(values)
    )


def _checked(count: int, right: Sequence[bool] | np.ndarray) -> Floats:
    verdicts = np.asarray(right, dtype=np.float64)
    if len(verdicts) != count:
        raise ValueError(f"{count} beads, but {len(verdicts)} verdicts")
    if count < _FEWEST:
        raise ValueError(f"{count} beads are too few to calibrate on; mark at least {_FEWEST}")
    return verdicts


def _design(signs: Floats) -> Floats:
    posterior = np.clip(signs[:, 0], _CLIP, 1 - _CLIP)
    # Around beads of texts that belong together it hardly matters how great the margins are.
    around = 10 * np.minimum(signs[:, 2], _RELATED)
    return np.stack([np.ones(len(signs)), np.log(posterior / (1 - posterior)), signs[:, 1], around], axis=1)


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def _knots(raw: Floats, verdicts: Floats, bins: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Isotonic regression by pooling adjacent violators (Ayer et al. 1955), over bins of equal mass."""
    order = np.argsort(raw, kind="stable")
    pools: list[tuple[float, float, int]] = []
    for part in np.array_split(order, max(2, min(bins, len(order) // 10))):
        pools.append((float(raw[part].mean()), float(verdicts[part].mean()), len(part)))
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            (x0, y0, n0), (x1, y1, n1) = pools[-2:]
            total = n0 + n1
            pools[-2:] = [((x0 * n0 + x1 * n1) / total, (y0 * n0 + y1 * n1) / total, total)]
    # The rule of succession, so that no score says "certain" or "impossible".
    points = [(0.0, 0.0), *((round(x, 5), round((y * n + 1) / (n + 2), 5)) for x, y, n in pools)]
    xs = [x for x, _ in points]
    ys = np.maximum.accumulate([y for _, y in points]).tolist()
    return tuple(xs), tuple(ys)

"""From the search's confidence to the probability that a bead is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.exact import quantised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.search import Floats

FEWEST: Final = 20
"""Fewer beads are not calibrated on."""
_CLIP: Final = 1e-6
_PULL: Final = np.array([1.0, 10.0])  # of recalibration's intercept and slope towards 0 and 1
SIGNS: Final = 12
"""How many signs a bead's score may rest on; weights of old rest on the first eleven, eight, or three."""
WIDTHS: Final = (4, 16, 21, 22)
"""Coefficients of a calibration on the first three signs, the first eight, the first eleven, and all."""
_FIGURES_AT: Final = 15  # the coefficient of differing figures
_SURE: Final = 1e-3  # a posterior nearer to certainty tells no more
_LIKE: Final = 0.45  # cosine of two sides, and the mean around, that unrelated ones hardly reach
_LIKE_AROUND: Final = 0.4
_FIGURES: Final = (20.0, -1.0)  # pull on the slope of differing figures, and to what
_NO_DOUBT: Final = 0.01  # of sentences without a counterpart: below it, less says nothing
_DOUBT: Final = (0.05, 0.15)  # of such sentences: from where to where a doubt becomes one that counts
_MANY: Final = 3  # sentences beyond 1:1 that count singly
_FEW: Final = 2  # of them, those that are not many
_RELATED: Final = 0.2  # mean margin, null beads included, that unrelated texts do not come near


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the signs of a bead's rightness become a probability.

    First a logistic function of signs, then linear interpolation between knots.

    Attributes
    ----------
    coefficients
        Intercept, and the slopes of the logit of the posterior, of the bead's margin (its cosine less what is
        expected by chance) and of ten times the mean margin of the beads around, up to 0.2. The posterior
        only compares alignments with each other: of two unrelated texts, too, one alignment is the best.
        The margins know, but in texts of a few sentences chance cannot be told. So newer weights have the
        slopes of all that :func:`_design` lists.
    raw, probability
        Knots, both ascending, 0..1; outside them the end values hold.
    basis
        What it was fitted on, in words.
    """

    coefficients: tuple[float, ...] = (0.0, 1.0, 0.0, 0.0)
    raw: tuple[float, ...] = (0.0, 1.0)
    probability: tuple[float, ...] = (0.0, 1.0)
    basis: str = "uncalibrated"

    def scores(self, signs: Floats) -> Floats:
        """Probabilities of beads from their signs.

        Parameters
        ----------
        signs
            Shape (b, 12): posterior, margin, mean margin around, cosine, mean cosine around, probability that
            a sentence at the edge has no counterpart, differing figures, sentences of both texts; sentences
            beyond 1:1, whether there are several on both sides, mean cosine of the bead and the two on
            either side, and how near the ends of its sides are, beyond what is usual. Four coefficients need
            but the first three of these, sixteen the first eight, twenty-one the first eleven.

        Returns
        -------
        Floats
            Shape (b,), 0..1.
        """
        # Added up in a fixed order, not as a product of matrices, whose last bits are the processor's.
        design = _design(signs, len(self.coefficients))
        raw = _logistic((design * np.array(self.coefficients)).sum(axis=1))
        return np.asarray(np.interp(raw, self.raw, self.probability), dtype=np.float64)


def fit_calibration(signs: Floats, right: Sequence[bool] | np.ndarray, basis: str) -> Calibration:
    """Fit all of a calibration: logistic regression by Newton's method, then isotonic knots.

    Parameters
    ----------
    signs
        Shape (b, 12), as :meth:`Calibration.scores` takes them, of beads that are not null.
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
    design = _design(signs, {8: WIDTHS[1], 11: WIDTHS[2], SIGNS: WIDTHS[3]}.get(signs.shape[1], WIDTHS[0]))
    size = design.shape[1]
    ridge, prior = np.full(size, 0.1), np.zeros(size)
    if size > _FIGURES_AT:
        # A bead whose figures differ is doubtful in any text, also where training texts hold hardly any.
        ridge[_FIGURES_AT], prior[_FIGURES_AT] = _FIGURES
    coefficients = logistic_regression(design, verdicts, ridge, prior)
    raw, probability = _knots(_logistic(design @ coefficients), verdicts, 20)
    return Calibration(tuple(round(float(x), 4) for x in coefficients), raw, probability, basis)


def logistic_regression(design: Floats, verdicts: Floats, ridge: Floats, prior: Floats) -> Floats:
    """Coefficients of greatest penalised likelihood, by Newton's method, steps halved that overshoot."""

    def loss(point: Floats) -> float:
        logits = design @ point
        penalty = 0.5 * float(ridge @ (point - prior) ** 2)
        return float(np.logaddexp(0, logits).sum() - verdicts @ logits) + penalty

    point = prior.copy()
    for _ in range(50):
        p = _logistic(design @ point)
        gradient = design.T @ (p - verdicts) + ridge * (point - prior)
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(ridge)
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

    Notes
    -----
    The logit of the new score is a straight line in that of the old one (Cox, "Two further applications of a
    model for binary regression", 1958), drawn to leaving it as it is. A hundred beads settle two
    parameters; they do not settle a curve.
    """
    line = _straight_line(np.asarray(scores, dtype=np.float64), _checked(len(scores), right))
    # Between the old knots the new map is curved: it gets enough of its own.
    more = np.concatenate([np.linspace(0, 1, 101), 1 - np.geomspace(1e-4, 1e-2, 9)])
    raw = np.unique(np.concatenate([calibration.raw, more]).round(6))
    old = np.interp(raw, calibration.raw, calibration.probability)
    probability = _logistic(line[0] + line[1] * _logit(old)).round(6)
    return Calibration(calibration.coefficients, tuple(raw.tolist()), tuple(probability.tolist()), basis)


def _straight_line(scores: Floats, verdicts: Floats) -> Floats:
    """Intercept and slope, not negative, of the logit of the new score in that of the old."""
    logits = _logit(scores)
    design = np.stack([np.ones(len(logits)), logits], axis=1)
    prior = np.array([0.0, 1.0])
    line = logistic_regression(design, verdicts, _PULL, prior)
    if line[1] < 0:  # scores that say the opposite of what is so tell nothing
        flat = logistic_regression(design[:, :1], verdicts, _PULL[:1], prior[:1])
        line = np.array([flat[0], 0.0])
    return line


@dataclass(frozen=True, slots=True)
class RecalibrationErrors:
    """Expected calibration errors on marked beads, over ten bins or fewer, so that each holds ten beads.

    Attributes
    ----------
    before
        Of the scores as they are.
    after
        Of recalibrated ones, each bead's by a recalibration on others.
    chance
        Of scores that are all true, on average: with so few beads, less than this cannot be told from it.
    """

    before: float
    after: float
    chance: float


def recalibration_errors(
    scores: Sequence[float], right: Sequence[bool], *, folds: int = 10, seed: int = 7
) -> RecalibrationErrors:
    """Measure what :func:`recalibrate` does for the expected calibration error.

    Parameters
    ----------
    scores, right
        As for :func:`recalibrate`.
    folds
        Each part of the beads, drawn at random, is scored by a recalibration on the others.
    seed
        Of the draw, and of the beads that `chance` is simulated with.

    Raises
    ------
    ValueError
        As :func:`recalibrate`.
    """
    values, verdicts = np.asarray(scores, dtype=np.float64), _checked(len(scores), right)
    rng = np.random.default_rng(seed)
    after = np.zeros(len(values))
    for part in np.array_split(rng.permutation(len(values)), folds):
        rest = np.setdiff1d(np.arange(len(values)), part)
        line = _straight_line(values[rest], verdicts[rest])
        after[part] = _logistic(line[0] + line[1] * _logit(values[part]))
    bins = max(2, min(10, len(values) // 10))
    drawn = errors_by_chance(values, rng, bins, 200)
    return RecalibrationErrors(
        before=calibration_error(values, verdicts, bins),
        after=calibration_error(after, verdicts, bins),
        chance=float(np.mean(drawn)),
    )


def calibration_error(
    scores: Sequence[float] | Floats, right: Sequence[bool] | np.ndarray, bins: int = 10
) -> float:
    """Measure the expected calibration error.

    The mean distance of the share right from the mean score, over bins of equal mass. Scores that are equal
    on `align.exact.SCORE_GRID` come in the order in which they are given.
    """
    values, verdicts = np.asarray(scores, dtype=np.float64), np.asarray(right, dtype=np.float64)
    order = np.argsort(quantised(values), kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(
        sum(abs(values[part].mean() - verdicts[part].mean()) * len(part) for part in parts) / len(values)
    )


def errors_by_chance(scores: Floats, rng: np.random.Generator, bins: int, draws: int) -> list[float]:
    """Draw the calibration errors that scores would have were they all true.

    Parameters
    ----------
    scores
        Shape (b,), 0..1.
    bins
        As for :func:`calibration_error`.
    draws
        How often it is drawn which beads are right.
    """
    return [calibration_error(scores, rng.random(len(scores)) < scores, bins) for _ in range(draws)]


def _checked(count: int, right: Sequence[bool] | np.ndarray) -> Floats:
    verdicts = np.asarray(right, dtype=np.float64)
    if len(verdicts) != count:
        raise ValueError(f"{count} beads, but {len(verdicts)} verdicts")
    if count < FEWEST:
        raise ValueError(f"{count} beads are too few to calibrate on; mark at least {FEWEST}")
    return verdicts


def _design(signs: Floats, width: int) -> Floats:
    """Columns that so many coefficients stand for, one of :data:`WIDTHS`: shape (b, width).

    Around beads of texts that belong together it hardly matters how great margins and cosines are: they count
    up to what unrelated texts do not come near. Products with one over the root of the text's length let
    short texts be judged by other signs than long ones.
    """
    posterior, margin, around = signs[:, :3].T
    related = 10 * np.minimum(around, _RELATED)
    ones = np.ones(len(signs))
    if width == WIDTHS[0]:
        return np.stack([ones, _logit(posterior), margin, related], axis=1)
    cosine, near, spare, figures, size = signs[:, 3:8].T
    brief = 1 / np.sqrt(np.maximum(size, 1))
    sure = _logit(
        np.clip(posterior, _SURE, 1 - _SURE)
    )  # of two texts of one sentence each, it is 1 whatever they say
    like, likely = np.minimum(cosine, _LIKE), np.minimum(near, _LIKE_AROUND)
    barely = 10 * np.minimum(around, _RELATED / 2)
    columns = [ones, sure, margin, related, cosine, like, likely, barely, brief]
    columns += [brief * margin, brief * related, brief * barely, brief * cosine, brief * likely]
    columns += [_logit(np.maximum(spare, _NO_DOUBT)), figures]
    if width >= WIDTHS[2]:
        # Where a sentence may well be there without a counterpart, how likely it is matters less than that.
        doubtful = np.clip((spare - _DOUBT[0]) / (_DOUBT[1] - _DOUBT[0]), 0, 1)
        more, both, beside = signs[:, 8:11].T
        columns += [doubtful, np.minimum(more, _MANY), np.maximum(more - _FEW, 0), both, beside]
    if width == WIDTHS[3]:
        columns.append(signs[:, 11])
    return np.stack(columns, axis=1)


def _logit(p: Floats) -> Floats:
    inside = np.clip(p, _CLIP, 1 - _CLIP)
    return np.asarray(np.log(inside / (1 - inside)))


def _logistic(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def _knots(raw: Floats, verdicts: Floats, bins: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Isotonic regression by pooling adjacent violators (Ayer et al. 1955), over bins of equal mass.

    Beads that are equal on `align.exact.SCORE_GRID` come in the order in which they are given.
    """
    order = np.argsort(quantised(raw), kind="stable")
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

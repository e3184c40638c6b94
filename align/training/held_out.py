"""What weights proposed for texts that they were not trained on: a calibration, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from align.aligner import Doubts
from align.calibrate import FEWEST, Calibration, calibration_error, fit_calibration
from align.training.relatedness import refit_relatedness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from align.paths.records import Found
    from align.search import Floats
    from align.weights import Weights


_DRAWS_COUNT = 2
"""How often a bead counts that holds a sentence without a counterpart: who believes it takes an omission
for a translation. Were it more, all beads of short texts would be believed too little."""

_NOT_FITTED: Final = frozenset({"in part", "stretches"})
"""Kinds that are not calibrated on. What looks translated bead by bead is told of all beads together."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Beads, none of them null, that weights proposed for texts they were not trained on.

    Attributes
    ----------
    fold
        Which texts were left out together.
    kind
        ``whole``, ``cut`` (with sentences left out), ``mismatched`` (two texts that do not belong together);
        ``short``, ``plain``, ``tiny`` and ``strangers``: the same of short texts, see
        :mod:`align.training.briefs`; ``faced`` and ``neighbours``, likewise. Not calibrated on, but reported:
        ``in part`` (as it is, but gold does not tell of all of it), and ``stretches``.
    signs
        Shape (b, 12): see :meth:`align.Calibration.scores`.
    right
        Shape (b,), bool: whether gold has the bead.
    draws
        Shape (b,), bool: whether it holds a sentence without a counterpart.
    beads
        They themselves, as many.
    name
        Of the set.
    text
        What tells whether the two texts are related (`align.relatedness.text_signs`).
    """

    fold: int
    kind: str
    signs: Floats
    right: np.ndarray
    draws: np.ndarray
    beads: tuple[Found, ...]
    name: str
    text: Floats | None


def calibrate(
    held_out: Sequence[HeldOut], names: Sequence[str], fallback: Calibration
) -> tuple[Calibration, str | None]:
    """Fit the calibration, or take over another and say so."""
    fitted = [one for one in held_out if one.kind not in _NOT_FITTED]
    count = sum(len(one.right) for one in fitted)
    if count < FEWEST:
        basis = f"taken over from other weights, as too little was left out to fit it: {fallback.basis}"
        remark = f"{count} beads of left-out texts are too few to calibrate on: scores are a ranking only"
        return replace(fallback, basis=basis), remark
    pairs = sum(one.kind == "mismatched" for one in fitted)
    brief = sum(one.kind not in ("whole", "cut", "mismatched") for one in fitted)
    basis = (
        f"beads proposed for held-out texts of {' and '.join(names)}, as they are and with 5 % null beads, "
        f"for {pairs} mismatched pairs of texts, and for {brief} short texts"
    )
    return fit_calibration(*_pooled(fitted), basis), None


def quality(held_out: Sequence[HeldOut]) -> tuple[Floats, np.ndarray, dict[str, Any] | None]:
    """Calibrate without each fold in turn, and score it: beads that neither weights nor knots have seen."""
    scores, rights, strange = [np.zeros(0)], [np.zeros(0, dtype=bool)], [0.0]
    for left_out, _, calibration in _calibrated(held_out):
        for one in left_out:
            if one.kind == "whole":
                scores.append(calibration.scores(one.signs))
                rights.append(one.right)
            if one.kind == "mismatched":
                strange += calibration.scores(one.signs).tolist()
    score, right = np.concatenate(scores), np.concatenate(rights)
    if not len(score):
        return score, right, None
    high = score >= 0.9
    quality = {
        "beads": len(score),
        "ece": round(calibration_error(score, right), 4),
        "precision at 0.9": round(float(right[high].mean()), 4) if high.any() else None,
        "share at 0.9": round(float(high.mean()), 4),
        "greatest score of unrelated texts": round(max(strange), 4),
    }
    return score, right, quality


def left_out_scores(held_out: Sequence[HeldOut], weights: Weights) -> list[tuple[HeldOut, Floats]]:
    """Score beads as `weights` would that had never seen their texts.

    Calibration, and the coefficients that tell whether texts are related, are fitted without each fold in
    turn; only what differing figures take off a score is that of `weights`, as it is one figure of all gold.

    Returns
    -------
    list
        What was held out, with the scores of its beads, shape (b,); folds that leave too little to calibrate
        on are not in it.
    """
    out = []
    for left_out, rest, calibration in _calibrated(held_out):
        fitted = replace(weights, calibration=calibration, relatedness=refit_relatedness(rest))
        out += [(one, Doubts(fitted, one.text).scores(one.beads, one.signs)) for one in left_out]
    return out


def _calibrated(
    held_out: Sequence[HeldOut],
) -> Iterator[tuple[list[HeldOut], list[HeldOut], Calibration]]:
    """Yield each fold, all others, and a calibration on these."""
    for fold in sorted({one.fold for one in held_out}):
        rest = [one for one in held_out if one.fold != fold]
        fitted = [one for one in rest if one.kind not in _NOT_FITTED]
        if sum(len(one.right) for one in fitted) >= FEWEST:
            calibration = fit_calibration(*_pooled(fitted), "")
            yield [one for one in held_out if one.fold == fold], rest, calibration


def _pooled(held_out: Sequence[HeldOut]) -> tuple[Floats, np.ndarray]:
    counts = np.concatenate([np.where(one.draws, _DRAWS_COUNT, 1) for one in held_out])
    pooled = (
        np.concatenate(parts) for parts in zip(*((one.signs, one.right) for one in held_out), strict=True)
    )
    signs, right = (np.repeat(part, counts, axis=0) for part in pooled)
    return signs, right


__all__ = ["HeldOut", "calibrate", "left_out_scores", "quality"]

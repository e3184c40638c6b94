"""Training of what tells texts that are related from those that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from align.aligner import find_beads
from align.calibrate import logistic_regression
from align.relatedness import SIGNS, text_signs
from align.scoring.numerals import differing, quantities
from align.training.briefs import STRANGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from align.scoring.text import Text
    from align.search import Floats
    from align.training.held_out import HeldOut
    from align.training.study import Study
    from align.training.train import Example
    from align.weights import Weights

_LONG: Final = 6  # how often a pair of long texts counts: there are few
_COUNTS: Final = {"strangers": 9, "neighbours": 3, "stretches": 2}
"""How often short texts count that are not related, so that of a hundred pairs of two works hardly one has a
bead above .2."""
_SHORT: Final = 12  # sentences of short texts of one subject, and how far they are apart
_EVERY: Final = 30
_FEWEST: Final = 10  # pairs of either kind
_CHANGED: Final = 0.05  # of beads with figures, taken to have one that was changed


def fit_relatedness(studies: Sequence[Study], weights: Weights) -> dict[str, float]:
    """Fit the coefficients of :data:`align.relatedness.SIGNS`.

    Related are gold texts and short ones cut out of them; not related are texts of two works, one half of
    a text, and pieces of it, against the other half of its translation, and short stretches of two works, or
    of two places in one (:mod:`align.training.briefs`).

    Returns
    -------
    dict
        Empty if there are fewer than ten pairs of either kind.
    """
    return _fitted(
        (text_signs(*texts, find_beads(*texts, weights, lambda _: None)[0]), true, times)
        for study in studies
        for texts, true, times in _pairs(study)
    )


def refit_relatedness(held_out: Iterable[HeldOut]) -> dict[str, float]:
    """Fit the coefficients to what was found in texts left out: see :func:`fit_relatedness`.

    Pieces of a text against the other half of its translation are not among them.
    """
    return _fitted(
        (one.text, one.kind not in {*STRANGE, "mismatched"}, _times(one.kind))
        for one in held_out
        if one.kind not in {"cut", "faced"}
    )


def _times(kind: str) -> int:
    """Say how often a pair of texts counts."""
    return _LONG if kind in {"whole", "in part", "mismatched"} else _COUNTS.get(kind, 1)


def _fitted(pairs: Iterable[tuple[Floats | None, bool, int]]) -> dict[str, float]:
    """Fit the coefficients to signs of texts, whether these are related, and how often each pair counts."""
    rows: list[Floats] = []
    related: list[bool] = []
    for signs, true, times in pairs:
        if signs is not None:
            rows += [signs] * times
            related += [true] * times
    if min(sum(related), len(related) - sum(related)) < _FEWEST:
        return {}
    design, verdicts = np.array(rows), np.array(related, dtype=np.float64)
    mean, scale = design.mean(axis=0), design.std(axis=0)
    mean[0], scale[0] = 0.0, 1.0
    scale[scale == 0.0] = 1.0  # what is the same everywhere tells nothing
    ridge = np.ones(len(SIGNS))
    ridge[0] = 1e-6
    fitted = logistic_regression((design - mean) / scale, verdicts, ridge, np.zeros(len(SIGNS))) / scale
    fitted[0] -= float((fitted[1:] * mean[1:]).sum())
    return {name: round(float(value), 4) for name, value in zip(SIGNS, fitted, strict=True)}


def _pairs(study: Study) -> Iterator[tuple[tuple[Text, Text], bool, int]]:
    """Yield pairs of texts, whether they are related, and how often they count."""
    for k, row in enumerate(study.texts):
        src, tgt = row[0]
        yield (src, tgt), True, _LONG
        halves = len(src) // 2, len(tgt) // 2
        yield (src.part(0, halves[0]), tgt.part(halves[1], len(tgt))), False, _LONG
        for i in range(0, halves[0], _EVERY):
            j = halves[1] + i * halves[1] // halves[0]
            yield (src.part(i, min(i + _SHORT, halves[0])), tgt.part(j, min(j + _SHORT, len(tgt)))), False, 1
        if len(study) > 1:
            yield (src, study.texts[k - 1][0][1]), False, _LONG
        for brief in study.briefs[k]:
            if brief.kind != "faced":
                yield brief.texts, brief.kind not in STRANGE, _times(brief.kind)


def fit_contradicted(examples: Sequence[Example]) -> float:
    """Say what is left of a bead's score where each side has a quantity that the other lacks.

    Gold beads have such, too: figures that are rounded, or misread. The more of them, the less is told by
    one: by Bayes' rule, with one bead in twenty taken to have a figure that was changed, which is seen.

    Returns
    -------
    float
        1 if there are fewer than twenty gold beads with quantities on both sides.
    """
    both = contradicted = 0
    for example in examples:
        for bead in example.gold:
            sides = [
                [one for k in ids for one in quantities(text[k])]
                for ids, text in ((bead.src, example.src), (bead.tgt, example.tgt))
            ]
            if all(any(one.certain for one in side) for side in sides):
                both += 1
                contradicted += all(differing(*sides))
    if both < 2 * _FEWEST:
        return 1.0
    share = max(contradicted, 1) / both
    return round(1 - _CHANGED / (_CHANGED + (1 - _CHANGED) * share), 4)


__all__ = ["fit_contradicted", "fit_relatedness", "refit_relatedness"]

"""Training from gold texts to finished weights, with a report and a calibration from texts left out.

:mod:`align.training.train` fits weights; here is decided to what, and what is measured on what. Every text is
used as it is and with sentences cut out of one side (:data:`align.training.train.NULL_RATES`). Texts are left
out of training in turn, and beads proposed for them: these give the figures of the report, and the beads that
the score is calibrated on, together with beads of mismatched texts, all of them wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from align.aligner import find_beads
from align.beads import Bead
from align.calibrate import FEWEST, Calibration, calibration_error, fit_calibration
from align.evaluate import Scores, evaluate
from align.training.train import NULL_RATES, Example, collect, ids_of, judged, read_example, train, with_nulls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from align.encoder import Encoder
    from align.paths.windows import Found
    from align.scoring.text import Text
    from align.search import Floats
    from align.training.chain import Candidates
    from align.weights import Weights

FOLDS: Final = 10
"""Texts of a set are left out one by one, or, if there are more, in so many groups."""

_STRANGERS: Final = Example((), (), ())
"""The gold of two texts that do not belong together: whatever is proposed is wrong."""

_CALIBRATED_ON: Final = 2  # null rates, the lowest, at which left-out texts count for the calibration


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A named set of gold texts, such as a folder of them."""

    name: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes
    ----------
    strength
        Of the pull towards `prior`.
    max_block
        Longest run of sentences that is encoded.
    drop
        Names of features to do without.
    seed
        Of the sentences that are cut out.
    prior
        Weights to start from; otherwise :data:`align.scoring.features.PRIOR`.
    """

    strength: float = 1.0
    max_block: int = 4
    drop: tuple[str, ...] = ()
    seed: int = 7
    prior: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A set's texts at every null rate, embedded, with their candidates.

    `examples`, `texts` and `collected` are lists of one list a text, of one item a null rate.
    """

    name: str
    examples: list[list[Example]]
    texts: list[list[tuple[Text, Text]]]
    collected: list[list[Candidates]]

    def __len__(self) -> int:
        return len(self.texts)

    def candidates(self, without: Collection[int] = ()) -> list[Candidates]:
        """Everything collected, but for some texts."""
        return [one for k, row in enumerate(self.collected) if k not in without for one in row]

    def find(self, weights: Weights, k: int, rate: int) -> list[Found]:
        """Align one text, at one of the null rates."""
        src, tgt = self.texts[k][rate]
        return find_beads(src, tgt, weights, _ignore)[0]

    def score(self, found: Sequence[Found], k: int, rate: int) -> Scores:
        """Evaluate what was found in one text, as far as gold tells."""
        example = self.examples[k][rate]
        told = [one for one, is_told in zip(found, example.told(found), strict=True) if is_told]
        return evaluate(example.gold, [Bead(*ids_of(one)) for one in told])

    def test(self, weights: Weights) -> list[Scores]:
        """Pooled scores of all texts at every null rate."""
        return [
            sum((self.score(self.find(weights, k, r), k, r) for k in range(len(self))), Scores())
            for r in range(len(NULL_RATES))
        ]


def open_study(
    gold: GoldSet, encoder: Encoder, recipe: Recipe, done: Callable[[], None] | None = None
) -> Study:
    """Cut, embed and collect the texts of a set; `done` is called after each."""
    study = Study(gold.name, with_nulls(gold.examples, recipe.seed), [], [])
    for row in study.examples:
        pairs = [read_example(one, encoder, recipe.max_block) for one in row]
        study.texts.append(pairs)
        study.collected.append(collect(pairs, [one.gold for one in row]))
        if done is not None:
            done()
    return study


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Beads, none of them null, that weights proposed for texts they were not trained on.

    Attributes
    ----------
    fold
        Which texts were left out together.
    rate
        Index of the null rate; None for two texts that do not belong together.
    signs
        Shape (b, 3): see :meth:`align.Calibration.scores`.
    right
        Shape (b,), bool: whether gold has the bead.
    """

    fold: int
    rate: int | None
    signs: Floats
    right: np.ndarray


@dataclass(frozen=True, slots=True)
class Trained:
    """What training gave.

    Attributes
    ----------
    weights
        Fitted to all texts, calibrated, with the figures in their provenance.
    report
        Strict F1 at every null rate of :data:`align.training.train.NULL_RATES`, by what was tested on what.
    quality
        Of the calibration, on beads of texts that neither weights nor calibration had seen; None if too few.
    scores, right
        Shape (b,): those beads' scores, and whether each is right: what `quality` sums up.
    remarks
        What could not be done, in words.
    """

    weights: Weights
    report: dict[str, list[float]]
    quality: dict[str, Any] | None
    scores: Floats
    right: np.ndarray
    remarks: tuple[str, ...]


def train_on_sets(
    sets: Sequence[GoldSet],
    encoder: Encoder,
    recipe: Recipe | None = None,
    *,
    left_out: Collection[str] | None = None,
    fallback: Calibration | None = None,
    provenance: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
    note: Callable[[str], None] | None = None,
) -> Trained:
    """Train and calibrate on sets of gold texts, and report on texts left out.

    Parameters
    ----------
    sets
        Of at least one text altogether.
    encoder
        Makes the embeddings; the weights are for it alone.
    recipe
        How to train.
    left_out
        Names of the sets whose texts are left out in turn, and calibrated on; otherwise all. A set whose gold
        is partial, and not said to be, is better not among them: beads that it does not mention count as
        wrong.
    fallback
        Calibration to take over where too little can be left out to fit one.
    provenance
        To be recorded beside the figures.
    progress
        Called with the number of steps done, and of all.
    note
        Called with each line of the report as soon as it is known.

    Raises
    ------
    ValueError
        If there is no text, one holds a blank sentence, or a set to be left out is not there.
    """
    if not any(gold.examples for gold in sets):
        raise ValueError("no gold texts to train on")
    names = [gold.name for gold in sets]
    if unknown := set(left_out or ()) - set(names):
        raise ValueError(f"no set {', '.join(sorted(unknown))} among {', '.join(names)}")
    work = _Work(encoder, recipe or Recipe(), _steps(sets, left_out), progress, note or _ignore)
    studies = [open_study(gold, encoder, work.recipe, work.tick) for gold in sets]
    chosen = [study for study in studies if left_out is None or study.name in left_out]
    report = _test_across(studies, work)
    held_out: list[HeldOut] = []
    for study in chosen:
        held_out += _leave_out(study, studies, report, len(held_out), work)
    remarks = []
    if not held_out:
        remarks.append("there is one gold text only: nothing could be left out of training to test it on")
    calibration, remark = _calibrate(held_out, [study.name for study in chosen], fallback or Calibration())
    scores, right, quality = _quality(held_out)
    details = {"strict_f1_at_null_rates": report, "calibration": quality}
    weights = work.train([one for study in studies for one in study.candidates()])
    weights = replace(
        weights, calibration=calibration, provenance={**(provenance or {}), **_facts(sets, work), **details}
    )
    return Trained(weights, report, quality, scores, right, (*remarks, *([remark] if remark else [])))


def _steps(sets: Sequence[GoldSet], left_out: Collection[str] | None) -> int:
    """Count the texts to be embedded and the weights to be trained."""
    sizes = {gold.name: len(gold.examples) for gold in sets}
    if sum(sizes.values()) == 1:
        return 2
    folds = sum(min(FOLDS, size) for name, size in sizes.items() if left_out is None or name in left_out)
    return sum(sizes.values()) + len(sets) * (len(sets) > 1) + folds + 1


class _Work:
    """What all steps share: encoder, recipe, and whom to tell."""

    def __init__(
        self,
        encoder: Encoder,
        recipe: Recipe,
        steps: int,
        progress: Callable[[int, int], None] | None,
        note: Callable[[str], None],
    ) -> None:
        self.encoder, self.recipe, self.note = encoder, recipe, note
        self._progress, self._done, self._steps = progress, 0, steps

    def train(self, collected: Sequence[Candidates]) -> Weights:
        recipe, encoder = self.recipe, self.encoder
        weights = train(
            collected,
            encoder=encoder.name,
            encoder_version=encoder.version,
            strength=recipe.strength,
            max_block=recipe.max_block,
            drop=recipe.drop,
            prior=recipe.prior,
        )
        self.tick()
        return weights

    def tick(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._steps)


def _facts(sets: Sequence[GoldSet], work: _Work) -> dict[str, Any]:
    """Say what it takes to make the weights again."""
    return {
        "sets": [gold.name for gold in sets],
        "texts": [len(gold.examples) for gold in sets],
        "beads": [sum(len(one.gold) for one in gold.examples) for gold in sets],
        "seed": work.recipe.seed,
        "strength": work.recipe.strength,
        "dropped": list(work.recipe.drop),
        "null_rates": list(NULL_RATES),
    }


def _test_across(studies: Sequence[Study], work: _Work) -> dict[str, list[float]]:
    """Test on each set what was trained on all others."""
    report: dict[str, list[float]] = {}
    for study in studies:
        others = [one for other in studies if other is not study for one in other.candidates()]
        if others:
            totals = study.test(work.train(others))
            _enter(report, f"{study.name}, trained on the other sets", totals, work)
    return report


def _enter(report: dict[str, list[float]], label: str, totals: Sequence[Scores], work: _Work) -> None:
    report[label] = [round(total.strict.f1, 4) for total in totals]
    work.note(f"{label}: {report[label]}")


def _folds(study: Study) -> list[list[int]]:
    """Numbers of the texts that are left out together."""
    count = min(FOLDS, len(study))
    return [list(range(start, len(study), count)) for start in range(count)]


def _leave_out(
    study: Study, studies: Sequence[Study], report: dict[str, list[float]], first: int, work: _Work
) -> list[HeldOut]:
    """Leave the texts of a set out in turn; train on everything else, other sets included."""
    others = [one for other in studies if other is not study for one in other.candidates()]
    totals = [Scores() for _ in NULL_RATES]
    out: list[HeldOut] = []
    for number, texts in enumerate(_folds(study)):
        rest = study.candidates(without=texts) + others
        if not rest:
            return []
        weights = work.train(rest)
        for k in texts:
            for rate in range(len(NULL_RATES)):
                found = study.find(weights, k, rate)
                totals[rate] += study.score(found, k, rate)
                if rate < _CALIBRATED_ON:
                    out.append(HeldOut(first + number, rate, *judged(found, study.examples[k][rate])))
            mismatched = _mismatched(study, k, studies)
            if mismatched is not None:
                found = find_beads(*mismatched, weights, _ignore)[0]
                out.append(HeldOut(first + number, None, *judged(found, _STRANGERS)))
    _enter(report, f"{study.name}, each text left out", totals, work)
    return out


def _mismatched(study: Study, k: int, studies: Sequence[Study]) -> tuple[Text, Text] | None:
    """Pair a text's source with another text's target, of the same set if there is one."""
    src = study.texts[k][0][0]
    if len(study) > 1:
        return src, study.texts[k - 1][0][1]
    strangers = [other for other in studies if other is not study and len(other)]
    return (src, strangers[0].texts[0][0][1]) if strangers else None


def _calibrate(
    held_out: Sequence[HeldOut], names: Sequence[str], fallback: Calibration
) -> tuple[Calibration, str | None]:
    """Fit the calibration, or take over another and say so."""
    count = sum(len(one.right) for one in held_out)
    if count < FEWEST:
        basis = f"taken over from other weights, as too little was left out to fit it: {fallback.basis}"
        remark = f"{count} beads of left-out texts are too few to calibrate on: scores are a ranking only"
        return replace(fallback, basis=basis), remark
    pairs = sum(one.rate is None for one in held_out)
    basis = (
        f"beads proposed for held-out texts of {' and '.join(names)}, as they are and with 5 % null beads, "
        f"and for {pairs} mismatched pairs of texts"
    )
    return fit_calibration(*_pooled(held_out), basis), None


def _quality(held_out: Sequence[HeldOut]) -> tuple[Floats, np.ndarray, dict[str, Any] | None]:
    """Calibrate without each fold in turn, and score it: beads that neither weights nor knots have seen."""
    scores, rights, strange = [np.zeros(0)], [np.zeros(0, dtype=bool)], [0.0]
    for fold in sorted({one.fold for one in held_out}):
        rest = [one for one in held_out if one.fold != fold]
        if sum(len(one.right) for one in rest) < FEWEST:
            continue
        calibration = fit_calibration(*_pooled(rest), "")
        for one in held_out:
            if one.fold == fold and one.rate == 0:
                scores.append(calibration.scores(one.signs))
                rights.append(one.right)
            if one.fold == fold and one.rate is None:
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


def _pooled(held_out: Sequence[HeldOut]) -> tuple[Floats, np.ndarray]:
    signs = np.concatenate([one.signs for one in held_out])
    return signs, np.concatenate([one.right for one in held_out])


def _ignore(_: object) -> None:
    pass


__all__ = ["FOLDS", "GoldSet", "HeldOut", "Recipe", "Study", "Trained", "open_study", "train_on_sets"]

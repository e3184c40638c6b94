"""Training from gold texts to finished weights, with a report and a calibration from texts left out.

:mod:`align.training.train` fits weights; here is decided to what, and what is measured on what. Every text is
used as it is and with sentences cut out of one side (:data:`align.training.train.NULL_RATES`). Texts are left
out of training in turn, and beads proposed for them: these give the figures of the report, and the beads that
the score is calibrated on, together with beads of mismatched texts, all of them wrong. Short texts cut out of
each text, with a run of sentences left out and without, and short texts that do not belong together, are for
the second look (`align.training.omissions`) and the calibration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from align.aligner import find_beads
from align.beads import Bead
from align.calibrate import Calibration
from align.evaluate import Scores, evaluate
from align.relatedness import text_signs
from align.training.briefs import STRANGE, brief_texts, neighbours, strangers
from align.training.held_out import HeldOut, calibrate, quality
from align.training.omissions import collect_edges, fit_omissions, pooled_edges
from align.training.relatedness import fit_contradicted, fit_relatedness
from align.training.remembered import Remembered
from align.training.train import NULL_RATES, Example, collect, ids_of, judged, read_example, train, with_nulls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from align.encoder import Encoder
    from align.paths.records import Found
    from align.scoring.text import Text
    from align.search import Floats
    from align.training.briefs import Brief
    from align.training.chain import Candidates
    from align.training.omissions import Edges
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

    `examples`, `texts` and `collected` are lists of one list a text, of one item a null rate; `briefs` are
    the short texts cut out of each text, and such that do not belong together. `edges` are what the second
    look is trained on, one item a text, once weights are known.
    """

    name: str
    examples: list[list[Example]]
    texts: list[list[tuple[Text, Text]]]
    collected: list[list[Candidates]]
    briefs: list[list[Brief]]
    edges: list[Edges]

    def __len__(self) -> int:
        return len(self.texts)

    def candidates(self, without: Collection[int] = ()) -> list[Candidates]:
        """Everything collected, but for some texts."""
        return [one for k, row in enumerate(self.collected) if k not in without for one in row]

    def collect_edges(self, weights: Weights) -> None:
        """Gather what the second look is trained on."""
        for row, pairs, briefs in zip(self.examples, self.texts, self.briefs, strict=True):
            whole = [collect_edges(*pair, one.gold, weights) for pair, one in zip(pairs, row, strict=True)]
            short = [
                collect_edges(*one.texts, one.example.gold, weights)
                for one in briefs
                if one.kind not in {*STRANGE, "faced"}
            ]
            # Whole texts twice: what is asked of them is where right beads are most to lose.
            self.edges.append(pooled_edges([*whole, *whole, *short]))

    def complete(self, k: int) -> bool:
        """Whether gold tells which beads are right: of all sentences, or it says that it does not."""
        one = self.examples[k][0]
        if one.partial:
            return True
        beads = one.gold
        return sum(len(bead.src) + len(bead.tgt) for bead in beads) == len(one.src) + len(one.tgt)

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
    study = Study(gold.name, with_nulls(gold.examples, recipe.seed), [], [], [], [])
    for k, row in enumerate(study.examples):
        pairs = [read_example(one, encoder, recipe.max_block) for one in row]
        study.texts.append(pairs)
        study.collected.append(collect(pairs, [one.gold for one in row]))
        rng = np.random.default_rng([recipe.seed, k])
        study.briefs.append(
            [
                *brief_texts(row[0], encoder, recipe.max_block, rng),
                *strangers(study.examples, k, encoder, recipe.max_block, recipe.seed),
                *neighbours(row[0], encoder, recipe.max_block, rng),
            ]
        )
        if done is not None:
            done()
    return study


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
    held_out
        All beads of such texts; :func:`align.training.held_out.left_out_scores` scores them.
    remarks
        What could not be done, in words.
    """

    weights: Weights
    report: dict[str, list[float]]
    quality: dict[str, Any] | None
    scores: Floats
    right: np.ndarray
    held_out: tuple[HeldOut, ...]
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
    remembered = Remembered(encoder)
    studies = [open_study(gold, remembered, work.recipe, work.tick) for gold in sets]
    chosen = [study for study in studies if left_out is None or study.name in left_out]
    weights = work.train([one for study in studies for one in study.candidates()], [])
    for study in studies:
        study.collect_edges(weights)
    report = _test_across(studies, work)
    held_out: list[HeldOut] = []
    for study in chosen:
        held_out += _leave_out(study, studies, report, len(held_out), work)
    remarks = []
    if not held_out:
        remarks.append("there is one gold text only: nothing could be left out of training to test it on")
    calibration, remark = calibrate(held_out, [study.name for study in chosen], fallback or Calibration())
    scores, right, figures = quality(held_out)
    details = {"strict_f1_at_null_rates": report, "calibration": figures}
    weights = replace(
        weights, omissions=fit_omissions(*pooled_edges([one for study in studies for one in study.edges]))
    )
    weights = replace(
        weights,
        relatedness=fit_relatedness(studies, weights),
        contradicted=fit_contradicted([one[0] for study in studies for one in study.examples]),
        calibration=calibration,
        provenance={**(provenance or {}), **_facts(sets, work), **details},
    )
    remarks += [remark] if remark else []
    return Trained(weights, report, figures, scores, right, tuple(held_out), tuple(remarks))


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

    def train(self, collected: Sequence[Candidates], edges: Sequence[Edges]) -> Weights:
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
        return replace(weights, omissions=fit_omissions(*pooled_edges(edges)))

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
            edges = [one for other in studies if other is not study for one in other.edges]
            totals = study.test(work.train(others, edges))
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
    other_edges = [one for other in studies if other is not study for one in other.edges]
    totals = [Scores() for _ in NULL_RATES]
    out: list[HeldOut] = []
    for number, texts in enumerate(_folds(study), start=first):
        keep = partial(_held_out, number, study.name)
        rest = study.candidates(without=texts) + others
        if not rest:
            return []
        edges = [one for k, one in enumerate(study.edges) if k not in texts] + other_edges
        weights = work.train(rest, edges)
        for k in texts:
            for rate in range(len(NULL_RATES)):
                found = study.find(weights, k, rate)
                totals[rate] += study.score(found, k, rate)
                example, complete = study.examples[k][rate], study.complete(k)
                if rate < _CALIBRATED_ON and complete:
                    out.append(keep("cut" if rate else "whole", study.texts[k][rate], found, example))
                elif not rate:
                    out.append(keep("in part", study.texts[k][0], found, replace(example, partial=True)))
            mismatched = _mismatched(study, k, studies)
            if mismatched is not None:
                found = find_beads(*mismatched, weights, _ignore)[0]
                out.append(keep("mismatched", mismatched, found, _STRANGERS))
            for one in study.briefs[k]:
                found = find_beads(*one.texts, weights, _ignore)[0]
                out.append(keep(one.kind, one.texts, found, one.example))
    _enter(report, f"{study.name}, each text left out", totals, work)
    return out


def _held_out(
    number: int, name: str, kind: str, texts: tuple[Text, Text], found: Sequence[Found], example: Example
) -> HeldOut:
    return HeldOut(number, kind, *judged(found, example), name=name, text=text_signs(*texts, found))


def _mismatched(study: Study, k: int, studies: Sequence[Study]) -> tuple[Text, Text] | None:
    """Pair a text's source with another text's target, of the same set if there is one."""
    src = study.texts[k][0][0]
    if len(study) > 1:
        return src, study.texts[k - 1][0][1]
    strangers = [other for other in studies if other is not study and len(other)]
    return (src, strangers[0].texts[0][0][1]) if strangers else None


def _ignore(_: object) -> None:
    pass


__all__ = ["FOLDS", "GoldSet", "Recipe", "Study", "Trained", "open_study", "train_on_sets"]

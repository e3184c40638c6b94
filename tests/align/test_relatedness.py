"""Texts that have nothing to do with each other are not believed; figures that contradict lower a score."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from align import Bead, Weights, align, coverage
from align.aligner import find_beads
from align.paths.records import Found
from align.relatedness import SIGNS, relatedness, text_signs
from align.training.relatedness import fit_contradicted, fit_relatedness
from align.training.study import GoldSet, Recipe, open_study
from align.training.train import Example, read_example
from tests.align.chronicle import chronicle
from tests.align.conftest import sentence, story
from tests.align.training.test_train import made_up

if TYPE_CHECKING:
    from align import Encoder
    from align.scoring.text import Text
    from tests.align.conftest import MeaningEncoder


@pytest.fixture(scope="module")
def use() -> Encoder:
    return pytest.importorskip("corpus.encoders").load_encoder("use")  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", range(4))
def test_a_few_unrelated_sentences_are_not_believed(use: Encoder, weights: Weights, seed: int) -> None:
    """Of two villages that have nothing in common, one to five sentences."""
    size = 1 + seed
    src, tgt = chronicle(size, seed, slice(0, None, 2)), chronicle(6 - size, seed, slice(1, None, 2))
    beads = align([e.zh for e in src], [e.en for e in tgt], weights=weights, encoder=use)
    assert max(bead.score for bead in beads) <= 0.2
    assert coverage(beads) == 0.0
    back = align([e.zh for e in src], [e.en for e in src], weights=weights, encoder=use)
    assert coverage(back) == 1.0


@pytest.mark.parametrize(("old", "new"), [("1959", "1995"), ("176", "167"), ("27.5%", "25.7%")])
def test_a_figure_that_contradicts_lowers_the_score(
    use: Encoder, weights: Weights, old: str, new: str
) -> None:
    src = [f"{event.zh[:-1]}，一共{old}。" if k == 4 else event.zh for k, event in enumerate(chronicle(9, 3))]
    texts = [
        [
            f"{event.en[:-1]}, {figure} in all." if k == 4 else event.en
            for k, event in enumerate(chronicle(9, 3))
        ]
        for figure in (old, new, "many")
    ]
    same, other, none = (
        next(bead for bead in align(src, tgt, weights=weights, encoder=use) if bead.src == (4,))
        for tgt in texts
    )
    assert same.tgt == other.tgt == none.tgt == (4,)
    assert other.score < 0.8 * same.score
    assert other.score < none.score <= same.score
    assert any(flag.startswith("numbers") for flag in other.flags)
    plain = align(src, texts[1], weights=replace(weights, contradicted=1.0), encoder=use)
    assert next(bead for bead in plain if bead.src == (4,)).score > other.score


def test_weights_of_before_score_as_before(encoder: MeaningEncoder, weights: Weights) -> None:
    assert relatedness(np.ones(len(SIGNS)), {}) == 1.0
    assert relatedness(None, {"intercept": -9.0}) == 1.0
    old = replace(weights, relatedness={}, contradicted=1.0)
    assert not {"relatedness", "contradicted"} & set(old.to_dict())
    assert Weights.from_dict(old.to_dict()) == old
    assert Weights.from_dict(weights.to_dict()) == weights
    src = [sentence("s", words) for words in story(20, 1)]
    tgt = [sentence("t", words) for words in story(20, 2)]
    low = [bead.score for bead in align(src, tgt, weights=weights, encoder=encoder)]
    high = [bead.score for bead in align(src, tgt, weights=old, encoder=encoder)]
    assert all(a <= b for a, b in zip(low, high, strict=True))


def test_a_person_who_sets_a_bead_says_that_texts_are_related(
    encoder: MeaningEncoder, weights: Weights
) -> None:
    src = [sentence("s", words) for words in story(20, 1)]
    tgt = [sentence("t", words) for words in story(20, 2)]
    fixed = [Bead((3,), (4,))]
    never = {"intercept": -30.0}
    loose = align(src, tgt, weights=replace(weights, relatedness=never), encoder=encoder)
    assert max(bead.score for bead in loose) < 1e-6
    held = align(src, tgt, weights=replace(weights, relatedness=never), encoder=encoder, fixed=fixed)
    assert held == align(src, tgt, weights=replace(weights, relatedness={}), encoder=encoder, fixed=fixed)


def test_without_beads_or_words_nothing_is_told(encoder: MeaningEncoder) -> None:
    src, tgt = read_example(made_up(4, 6), encoder, 4)
    assert text_signs(src, tgt, [Found(0, 1, 0, 0.0)]) is None
    bead = Found(2, 1, 1, 0.9, 0.5, 0.7)
    assert text_signs(replace(src, words=None), tgt, [bead]) is None
    signs = text_signs(src, tgt, [bead])
    assert signs is not None
    assert signs.shape == (len(SIGNS),)
    assert np.isfinite(signs).all()


def test_what_is_learnt_tells_related_texts(encoder: MeaningEncoder, weights: Weights) -> None:
    studies = [
        open_study(GoldSet(f"s{k}", (made_up(k, 36), made_up(k + 10, 36))), encoder, Recipe()) for k in (1, 2)
    ]
    model = fit_relatedness(studies, weights)
    assert set(model) == set(SIGNS)
    same = read_example(made_up(30, 40), encoder, 4)
    other = read_example(made_up(31, 40), encoder, 4)
    for texts, related in ((same, True), ((same[0], other[1]), False)):
        signs = text_signs(*texts, _found(texts, weights))  # None where nothing faces anything
        assert (signs is not None and relatedness(signs, model) > 0.5) is related
    assert fit_relatedness([], weights) == {}


def _found(texts: tuple[Text, Text], weights: Weights) -> list[Found]:
    return find_beads(*texts, weights, lambda _: None)[0]


def test_the_more_gold_contradicts_the_less_is_told_by_it() -> None:
    def example(wrong: int) -> Example:
        src = tuple(f"{k + 20} 吨" for k in range(50))
        tgt = tuple(f"{k + 20 + (500 if k < wrong else 0)} tons" for k in range(50))
        return Example(src, tgt, tuple(Bead((k,), (k,)) for k in range(50)))

    kept = [fit_contradicted([example(wrong)]) for wrong in (0, 5, 25)]
    assert 0 < kept[0] < kept[1] < kept[2] < 1
    assert fit_contradicted([]) == 1.0

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from align import Bead, Weights, align, evaluate
from align.aligner import find_beads
from align.paths.records import Found
from align.scoring.features import STEPS
from align.training.chain import ChainField, fit
from align.training.train import (
    Example,
    collect,
    cut_sentences,
    faced_text,
    ids_of,
    judged,
    read_example,
    short_texts,
    stretch,
    train,
)
from tests.align.conftest import MeaningEncoder, sentence, story


def made_up(seed: int, n: int = 50) -> Example:
    """A text with 1:1, 1:2 and 2:1 beads, its words partly replaced."""
    rng = np.random.default_rng(seed)
    src: list[str] = []
    tgt: list[str] = []
    gold = []
    for words in story(n, seed, words=8):
        changed = [word if rng.random() > 0.3 else int(rng.integers(5000)) for word in words]
        sides = [[words], [changed]]
        chance = rng.random()
        if chance < 0.2:
            sides[0] = [words[:4], words[4:]]
        elif chance < 0.4:
            sides[1] = [changed[:4], changed[4:]]
        gold.append(
            Bead(
                tuple(range(len(src), len(src) + len(sides[0]))),
                tuple(range(len(tgt), len(tgt) + len(sides[1]))),
            )
        )
        src += [sentence("s", part) for part in sides[0]]
        tgt += [sentence("t", part) for part in sides[1]]
    return Example(tuple(src), tuple(tgt), tuple(gold))


def test_cut_sentences_keeps_gold_right() -> None:
    example = made_up(0, 200)
    cut = cut_sentences(example, 0.15, np.random.default_rng(1))
    assert 10 < sum(bead.is_null for bead in cut.gold) < 100
    assert sorted(i for bead in cut.gold for i in bead.src) == list(range(len(cut.src)))
    assert sorted(j for bead in cut.gold for j in bead.tgt) == list(range(len(cut.tgt)))
    before = {
        tuple(example.src[i] for i in bead.src): [example.tgt[j] for j in bead.tgt] for bead in example.gold
    }
    for bead in cut.gold:
        if not bead.is_null:
            assert before[tuple(cut.src[i] for i in bead.src)] == [cut.tgt[j] for j in bead.tgt]


def test_short_texts_lose_a_run_on_one_side() -> None:
    example = made_up(8, 100)
    shorts = short_texts(example, np.random.default_rng(2))
    assert 7 <= len(shorts) <= 10
    for short in shorts:
        assert [i for bead in short.gold for i in bead.src] == list(range(len(short.src)))
        assert [j for bead in short.gold for j in bead.tgt] == list(range(len(short.tgt)))
        null = [k for k, bead in enumerate(short.gold) if bead.is_null]
        assert 1 <= len(null) <= 10
        assert null == list(range(null[0], null[0] + len(null)))
        assert len({bool(short.gold[k].src) for k in null}) == 1
        assert 5 <= len(short.gold) - len(null) <= 13


def test_in_a_faced_text_what_has_no_counterpart_stands_on_both_sides() -> None:
    example = made_up(8, 100)
    faced = faced_text(example, np.random.default_rng(2))
    assert faced is not None
    assert [i for bead in faced.gold for i in bead.src] == list(range(len(faced.src)))
    assert [j for bead in faced.gold for j in bead.tgt] == list(range(len(faced.tgt)))
    assert set(faced.src) < set(example.src)
    assert set(faced.tgt) < set(example.tgt)
    null = [k for k, bead in enumerate(faced.gold) if bead.is_null]
    places = np.split(np.array(null), np.flatnonzero(np.diff(null) > 1) + 1)
    assert len(places) >= 2
    for place in places:  # one side, then the other
        sides = [bool(faced.gold[k].src) for k in place]
        assert sides in (sorted(sides), sorted(sides, reverse=True))
        assert len(set(sides)) == 2
    assert faced_text(made_up(8, 9), np.random.default_rng(2)) is None


def test_a_bead_that_draws_in_what_has_no_counterpart_is_told() -> None:
    src, tgt = ("a", "b", "c"), ("A", "C")
    example = Example(src, tgt, (Bead((0,), (0,)), Bead((1,), ()), Bead((2,), (1,))))
    steps = STEPS.tolist()
    two, one = steps.index([2, 1]), steps.index([1, 1])
    found = [Found(two, 2, 1, 0.9, 0.5, 0.7), Found(one, 3, 2, 0.9, 0.5, 0.7)]
    _, right, draws, beads = judged(found, example)
    assert beads == tuple(found)
    assert draws.tolist() == [True, False]
    assert right.tolist() == [False, True]


def test_a_stretch_of_gold_that_leaves_sentences_out_is_no_text() -> None:
    example = made_up(9, 20)
    gold = example.gold[:5] + example.gold[6:]
    partial = Example(example.src, example.tgt, gold)
    assert stretch(partial, 0, 10) is None
    whole = stretch(partial, 7, 5)
    assert whole is not None
    assert [bead.kind for bead in whole.gold] == [bead.kind for bead in gold[7:12]]
    assert whole.src == tuple(example.src[i] for bead in gold[7:12] for i in bead.src)


def test_gradient_of_the_likelihood(encoder: MeaningEncoder) -> None:
    example = made_up(2, 15)
    field = ChainField(collect([read_example(example, encoder, 4)], [example.gold]))
    rng = np.random.default_rng(3)
    point: np.ndarray = rng.normal(scale=0.3, size=field.features.shape[1:])
    value, gradient = field.loss(point)
    assert value > 0
    for k in range(len(point)):
        step = np.zeros(len(point))
        step[k] = 1e-5
        slope = (field.loss(point + step)[0] - field.loss(point - step)[0]) / 2e-5
        assert gradient[k] == pytest.approx(slope, abs=2e-3)


def test_fit_finds_the_minimum() -> None:
    matrix = np.diag([1.0, 10.0, 100.0])
    goal = np.array([1.0, -2.0, 3.0])

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        return 0.5 * float((x - goal) @ matrix @ (x - goal)), matrix @ (x - goal)

    np.testing.assert_allclose(fit(loss, np.zeros(3), np.zeros(3), np.zeros(3), steps=100), goal, atol=1e-2)
    pinned = fit(loss, np.zeros(3), np.array([0.0, 0.0, 1e6]), np.zeros(3), steps=100)
    assert abs(pinned[2]) < 1e-2


def test_trained_weights_beat_none_and_hold_on_a_new_text(encoder: MeaningEncoder) -> None:
    examples = [made_up(seed) for seed in (4, 5, 6)]
    collected = collect([read_example(one, encoder, 4) for one in examples], [one.gold for one in examples])
    weights = train(collected, encoder="use", encoder_version="test")
    new = made_up(7)

    def f1(scorer: Weights) -> float:
        return evaluate(new.gold, align(new.src, new.tgt, encoder=encoder, weights=scorer)).strict.f1

    assert f1(weights) > 0.9
    assert f1(weights) > f1(Weights(encoder="use", encoder_version="test", features={"cosine": 1.0}))
    assert "words" not in train(collected, encoder="use", encoder_version="test", drop=["words"]).features


def test_partial_gold_says_nothing_of_what_it_leaves_out(encoder: MeaningEncoder, weights: Weights) -> None:
    whole = made_up(9, 30)
    part = replace(whole, gold=whole.gold[10:13], partial=True)
    src, tgt = read_example(whole, encoder, 4)
    found = find_beads(src, tgt, weights, lambda _: None)[0]
    assert whole.told(found).all()
    touched = {i for bead in part.gold for i in bead.src}, {j for bead in part.gold for j in bead.tgt}
    told = [one for one, is_told in zip(found, part.told(found), strict=True) if is_told]
    assert 0 < len(told) < len(found) / 2
    for one in told:
        ids = ids_of(one)
        assert touched[0] & set(ids[0]) or touched[1] & set(ids[1])
    signs, right, draws, beads = judged(found, part)
    assert (
        len(signs) == len(right) == len(draws) == len(beads) == len([one for one in told if all(ids_of(one))])
    )
    assert right.sum() == len({(bead.src, bead.tgt) for bead in part.gold} & set(map(ids_of, told)))


def test_weights_are_drawn_to_the_prior_that_is_given(encoder: MeaningEncoder, weights: Weights) -> None:
    example = made_up(10, 30)
    collected = collect([read_example(example, encoder, 4)], [example.gold])

    def trained(strength: float) -> float:
        made = train(collected, encoder="use", encoder_version="1", strength=strength, prior=weights.features)
        return max(abs(value - weights.features.get(name, 0.0)) for name, value in made.features.items())

    assert trained(1e6) < 1e-3 < trained(1.0)

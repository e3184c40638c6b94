"""Sentences without a counterpart that a neighbour's bead draws in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from align import Bead, align
from align.aligner import find_beads
from align.calibrate import SIGNS as SIGNS_OF_BEADS
from align.paths.corridor import find_path
from align.paths.omissions import LEAST, SIGNS, chance, find_edges
from align.paths.usual import usual
from align.paths.windows import first_habits, learn_habits, open_window, refine_habits, search_window, signs
from align.scoring.features import FIRST_MATCH, STEPS
from align.training.omissions import collect_edges, fit_omissions, pooled_edges
from align.training.train import Example, read_example, short_texts
from tests.align.conftest import sentence
from tests.align.training.test_train import made_up

if TYPE_CHECKING:
    from align import Weights
    from tests.align.conftest import MeaningEncoder


def shorts(seed: int) -> list[Example]:
    """Short texts, a run left out of one side of each, of one subject, so that neighbours are alike."""
    rng = np.random.default_rng(seed)
    subject = rng.integers(0, 5000, 8)
    src: list[str] = []
    tgt: list[str] = []
    gold: list[Bead] = []
    for _ in range(60):
        words = [int(word) for word in (*rng.choice(subject, 5), *rng.integers(0, 5000, 4))]
        parts = [[rng.permutation(words).tolist()] for _ in range(2)]
        if rng.random() < 0.4:
            parts[int(rng.integers(2))] = [words[:5], words[5:]]
        ids = [
            tuple(range(len(side), len(side) + len(part)))
            for side, part in zip((src, tgt), parts, strict=True)
        ]
        gold.append(Bead(ids[0], ids[1]))
        src += [sentence("s", part) for part in parts[0]]
        tgt += [sentence("t", part) for part in parts[1]]
    return short_texts(Example(tuple(src), tuple(tgt), tuple(gold)), rng)


def test_every_sign_is_asked_of_every_edge(encoder: MeaningEncoder, weights: Weights) -> None:
    """Beads of several sentences on a side have edges, all others none; the rest is one sentence smaller."""
    one = shorts(1)[0]
    src, tgt = read_example(one, encoder, 4)
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    window = open_window(src, tgt, path, (0, 0), (len(src), len(tgt)), learn_habits(src, tgt, path))
    searched = search_window(window, weights.features)
    here = usual(window, searched)
    many = 0
    for bead in searched.found:
        edges = find_edges(window, searched, bead, (None, None), here)
        sides = STEPS[bead.kind]
        if bead.kind < FIRST_MATCH or max(sides) == 1:
            assert not edges
        for edge in edges:
            many += 1
            assert edge.signs.shape == (len(SIGNS),)
            assert np.isfinite(edge.signs).all()
            assert STEPS[edge.rest.kind].sum() == sides.sum() - 1
            assert (edge.rest.i, edge.rest.j) == (
                bead.i - (edge.last and edge.side == 0),
                bead.j - (edge.last and edge.side == 1),
            )
    assert many >= 4


def test_what_is_learnt_splits_off_what_has_no_counterpart(encoder: MeaningEncoder, weights: Weights) -> None:
    """Trained on some short texts, the second look finds more of what others leave out, and spoils little.

    The first look is made to leave out nothing if it can: made-up words hardly ever deceive it.
    """
    plain = replace(weights, omissions={}, features={**weights.features, "null": -12.0})
    parts = [
        collect_edges(*read_example(one, encoder, 4), one.gold, plain)
        for seed in range(20, 27)
        for one in shorts(seed)
    ]
    model = fit_omissions(*pooled_edges(parts))
    assert set(model) == set(SIGNS)
    drawn = {"before": 0, "after": 0}
    right = {"before": 0, "after": 0}
    for one in (one for seed in range(40, 43) for one in shorts(seed)):
        gold = {(bead.src, bead.tgt) for bead in one.gold if not bead.is_null}
        lone = [
            {i for bead in one.gold if bead.is_null for i in getattr(bead, side)} for side in ("src", "tgt")
        ]
        for name, omissions in (("before", {}), ("after", model)):
            beads = align(one.src, one.tgt, weights=replace(plain, omissions=omissions), encoder=encoder)
            assert [i for bead in beads for i in bead.src] == list(range(len(one.src)))
            assert [j for bead in beads for j in bead.tgt] == list(range(len(one.tgt)))
            matched = [bead for bead in beads if not bead.is_null]
            drawn[name] += sum(len(lone[0] & {*b.src}) + len(lone[1] & {*b.tgt}) for b in matched)
            right[name] += sum((bead.src, bead.tgt) in gold for bead in matched)
    assert drawn["after"] < drawn["before"] / 2
    assert right["after"] > right["before"]


def test_without_coefficients_nothing_is_split_off(encoder: MeaningEncoder, weights: Weights) -> None:
    one = shorts(3)[0]
    texts = read_example(one, encoder, 4)
    found, _ = find_beads(*texts, replace(weights, omissions={}), lambda _: None)
    assert all(bead.spare == 0.0 for bead in found)
    always = {name: float(name == "intercept") * 20 for name in SIGNS}
    found, _ = find_beads(*texts, replace(weights, omissions=always), lambda _: None)
    assert all(max(STEPS[bead.kind]) == 1 for bead in found if bead.kind >= FIRST_MATCH)


def test_too_little_to_learn_from() -> None:
    assert fit_omissions(np.zeros((30, len(SIGNS))), np.arange(30) < 5) == {}
    assert fit_omissions(*pooled_edges([])) == {}


def test_the_chance_is_a_logistic_function() -> None:
    unit = np.eye(len(SIGNS))[0]
    assert chance(unit, np.zeros(len(SIGNS))) == 0.5
    assert chance(unit, 50 * unit) > LEAST > chance(unit, -50 * unit)


@pytest.mark.parametrize("size", [6, 200])
def test_only_short_texts_are_counted_twice(encoder: MeaningEncoder, weights: Weights, size: int) -> None:
    src, tgt = read_example(made_up(4, size), encoder, 4)
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    habits = first_habits(src, tgt)
    assert (refine_habits(src, tgt, path, habits, weights.features) == habits) is (size == 200)


def test_signs_of_no_beads() -> None:
    assert signs([]).shape == (0, SIGNS_OF_BEADS)

"""Short texts that the second look and the calibration learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.training.briefs import STRANGE, brief_texts, neighbours, strangers
from tests.align.training.test_train import made_up

if TYPE_CHECKING:
    from tests.align.conftest import MeaningEncoder


def test_short_texts_lose_a_run_and_tiny_ones_nothing(encoder: MeaningEncoder) -> None:
    briefs = brief_texts(made_up(1, 40), encoder, 4, np.random.default_rng(1))
    assert {one.kind for one in briefs} == {"short", "plain", "tiny", "faced"}
    for one in briefs:
        assert any(bead.is_null for bead in one.example.gold) is (one.kind in ("short", "faced"))
        assert [len(text) for text in one.texts] == [len(one.example.src), len(one.example.tgt)]


def test_strangers_are_of_different_texts(encoder: MeaningEncoder) -> None:
    examples = [[made_up(seed, 20)] for seed in (2, 3)]
    pairs = strangers(examples, 0, encoder, 4, seed=7)
    assert pairs
    for one in pairs:
        assert one.kind == "strangers"
        assert not one.example.gold
        assert 1 <= len(one.example.src) <= 5
        assert set(one.example.src) <= set(examples[0][0].src)
        assert set(one.example.tgt) <= set(examples[1][0].tgt)
    assert strangers(examples[:1], 0, encoder, 4, seed=7) == []


def test_neighbours_are_of_one_text_and_never_overlap(encoder: MeaningEncoder) -> None:
    example = made_up(4, 90)
    pairs = neighbours(example, encoder, 4, np.random.default_rng(5))
    assert {len(one.example.src) <= 5 for one in pairs} == {True, False}
    counterpart = {i: {*bead.tgt} for bead in example.gold for i in bead.src}
    for one in pairs:
        assert one.kind in STRANGE
        assert not one.example.gold
        start = _place(example.src, one.example.src)
        other = _place(example.tgt, one.example.tgt)
        theirs = range(other, other + len(one.example.tgt))
        assert all(counterpart[start + k].isdisjoint(theirs) for k in range(len(one.example.src)))
    assert neighbours(made_up(4, 12), encoder, 4, np.random.default_rng(5)) == []


def _place(text: tuple[str, ...], part: tuple[str, ...]) -> int:
    """Where a part of a text starts; made-up sentences are all different."""
    start = text.index(part[0])
    assert text[start : start + len(part)] == part
    return start

"""Short texts that the second look and the calibration learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.training.briefs import brief_texts, strangers
from tests.align.training.test_train import made_up

if TYPE_CHECKING:
    from tests.align.conftest import MeaningEncoder


def test_short_texts_lose_a_run_and_tiny_ones_nothing(encoder: MeaningEncoder) -> None:
    briefs = brief_texts(made_up(1, 40), encoder, 4, np.random.default_rng(1))
    assert {one.kind for one in briefs} == {"short", "plain", "tiny"}
    for one in briefs:
        assert any(bead.is_null for bead in one.example.gold) is (one.kind == "short")
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

"""What is usual in a window."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from align.paths.corridor import find_path
from align.paths.usual import Usual, usual
from align.paths.windows import learn_habits, open_window, search_window
from align.training.train import Example, read_example
from tests.align.conftest import sentence, story

if TYPE_CHECKING:
    from align import Weights
    from tests.align.conftest import MeaningEncoder


def look(encoder: MeaningEncoder, weights: Weights, left_out: range) -> tuple[Usual, int]:
    """What is usual in a text of forty sentences of which the translation lacks some."""
    meanings = story(40, 3)
    kept = [words for k, words in enumerate(meanings) if k not in left_out]
    one = Example(
        tuple(sentence("s", words) for words in meanings), tuple(sentence("t", words) for words in kept), ()
    )
    src, tgt = read_example(one, encoder, 4)
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    window = open_window(src, tgt, path, (0, 0), (len(src), len(tgt)), learn_habits(src, tgt, path))
    return usual(window, search_window(window, weights.features)), len(tgt)


def test_what_is_left_out_of_one_side_is_known_of_that_side(
    encoder: MeaningEncoder, weights: Weights
) -> None:
    here, size = look(encoder, weights, range(12, 17))
    assert (len(here.alone[0]), len(here.alone[1])) == (40, size)
    assert np.flatnonzero(here.alone[0] > 0.5).tolist() == [12, 13, 14, 15, 16]
    assert here.alone[1].max() < 0.5
    assert here.left_out(0) > here.left_out(1) + 1


def test_where_nothing_is_left_out_little_is_expected_to_be(
    encoder: MeaningEncoder, weights: Weights
) -> None:
    here, _ = look(encoder, weights, range(0))
    assert here.left_out(0) == pytest.approx(math.log(0.5 / 45), abs=0.3)
    # The two languages' vectors of equal meaning have a cosine of some .74: near to that, drawn to .55.
    assert 0.7 < here.cosine < 0.74
    assert 0.0 < here.spread < 0.3

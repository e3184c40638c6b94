from __future__ import annotations

from align import Bead, Weights, align
from tests.align.conftest import MeaningEncoder, sentence, story


def aligned(encoder: MeaningEncoder, weights: Weights, old: str, new: str) -> Bead:
    """A bead in the middle of a text, with something added to each side of it."""
    meanings = story(21, 30)
    src = [sentence("s", words) for words in meanings]
    tgt = [sentence("t", words) for words in meanings]
    src[10] += old
    tgt[10] += new
    return next(b for b in align(src, tgt, encoder=encoder, weights=weights) if 10 in b.src)


def test_equal_numbers_are_not_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    flags = aligned(encoder, weights, " 176", " 176").flags
    assert not any(flag.startswith("numbers") for flag in flags)


def test_a_changed_number_is_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    assert "numbers: 176 ≠ 167" in aligned(encoder, weights, " 176", " 167").flags


def test_a_lost_number_is_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    assert "numbers: 176 ≠ –" in aligned(encoder, weights, " 176", "").flags


def test_a_side_much_too_long_is_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    long = " " + sentence("t", [word for words in story(3, 31) for word in words])
    assert "length" in aligned(encoder, weights, "", long).flags
    assert "length" not in aligned(encoder, weights, "", "").flags

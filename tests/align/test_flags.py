from __future__ import annotations

from align import Bead, Weights, align
from align.clauses import split_clauses
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
    assert "numbers" not in aligned(encoder, weights, " 176", " 176").flags


def test_a_changed_number_is_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    assert "numbers" in aligned(encoder, weights, " 176", " 167").flags


def test_a_lost_number_is_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    assert "numbers" in aligned(encoder, weights, " 176", "").flags


def test_a_side_much_too_long_is_flagged(encoder: MeaningEncoder, weights: Weights) -> None:
    long = " " + sentence("t", [word for words in story(3, 31) for word in words])
    assert "length" in aligned(encoder, weights, "", long).flags
    assert "length" not in aligned(encoder, weights, "", "").flags


def test_clauses_rejoin_to_their_sentence() -> None:
    text = "目前，朝鲜地方工业总共已经拥有两千以上的中、小型企业，今年，总产值将要达到去年的二点六倍，共1,000个。"
    parts = split_clauses(text)
    assert len(parts) > 2
    assert "".join(parts) == text
    assert split_clauses("Short.") == ["Short."]
    assert all(
        "1,000" in part or "000" not in part
        for part in split_clauses("We counted 1,000 men, all of the guard.")
    )

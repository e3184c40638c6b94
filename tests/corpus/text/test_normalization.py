"""What makes two sentences one text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.store.schemas import text_id
from corpus.text.normalization import count_minus_signs, wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("-5 degrees", "5 degrees"),
        ("It was −5 degrees.", "It was 5 degrees."),
        ("气温-5度", "气温5度"),
        ("It rose by 5%.", "It rose by 5."),
        ("27.5％", "27.5‰"),
        ("at 20°", "at 20"),
        ("It cost $5.", "It cost £5."),
        ("It cost $5.", "It cost 5."),
        ("价值￥100", "价值€100"),
        ("±5", "5"),
        (">5", "<5"),
        ("2.6", "26"),
        ("3×4", "34"),
        ("1950–60", "195060"),
        ("rooms 5, 6 and 7", "rooms 56 and 7"),
        ("10² tons", "102 tons"),
        ("①50人", "150人"),
        ("①②", "12"),
        ("2½ tons", "21⁄2 tons"),
        ("½² of it", "1⁄22 of it"),
        ("⒈5万人", "1.5万人"),
        ("⒈ 5万人", "1.5万人"),
        ("2㏠", "21日"),
        ("㎡5", "m25"),
        ("一九五○年", "一九五年"),
        ("They told us.", "They told US."),
        ("résumé", "resume"),
    ],
)
def test_what_carries_meaning_makes_two_texts(one: str, other: str) -> None:
    assert text_id("en", one) != text_id("en", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("−5 degrees", "-5 degrees!"),
        ("–5 degrees", "﹣５ degrees"),
        ("It rose by 27.5％.", "“It rose by 27.5%”"),
        ("COVID-19 cases", "COVID 19 cases"),
        ("1950–60", "1950-60"),
        ("1950 – 60", "1950-60"),
        ("LOCAL INDUSTRY GROWS", "Local industry grows"),
        ("LOCAL INDUSTRY GROWS", "Local Industry Grows"),
        ("地方工业，发展。", "地方工业 发展"),
        ("一九五○年", "一九五〇年"),
        ("￥100", "¥100"),
        ("2½ tons", "2 ½ tons"),
        ("½ a ton", "1⁄2 a ton"),
        ("①５０人", "① 50人"),
        ("５㎡", "5 m2"),
        ("I am here.", "i am here"),
    ],
)
def test_ways_of_printing_are_one_text(one: str, other: str) -> None:
    assert text_id("en", one) == text_id("en", other)


def test_no_character_becomes_a_figure_that_runs_into_the_next() -> None:
    for character in filter(_is_composed_figure, map(chr, range(0x80, 0x20000))):
        plain = unicodedata.normalize("NFKC", character)
        if plain[0].isdecimal():
            assert wording(f"2{character}") != wording(f"2{plain}"), character
        if plain[-1].isdecimal():
            assert wording(f"{character}2") != wording(f"{plain}2"), character
            assert wording(f"{character}½") != wording(f"{plain}1⁄2"), character


def _is_composed_figure(character: str) -> bool:
    plain = unicodedata.normalize("NFKC", character)
    return plain != character and not character.isdecimal() and any(map(str.isdecimal, plain))


def test_texts_of_marks_alone_are_told_apart() -> None:
    assert wording("……") == wording("!!!") == ""
    assert text_id("zh", "……") != text_id("zh", "!!!")
    assert text_id("zh", "工业") != text_id("ja", "工业")


@given(st.text(max_size=60), st.sampled_from(["", " ", "\t", "\u3000"]))
def test_an_id_is_of_63_bits_and_spaces_around_do_not_count(text: str, space: str) -> None:
    assert 0 <= text_id("en", text) < 2**63
    assert wording(f"{space}{text}{space}") == wording(text)


@given(st.integers(0, 10**9), st.sampled_from(["-", "+", "±", "$", "€", "<", "~"]))
def test_a_sign_before_a_figure_counts(number: int, sign: str) -> None:
    assert wording(f"about {sign}{number} of it") != wording(f"about {number} of it")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It was -5, then −12 degrees.", 2),
        ("1950–60", 0),
        ("COVID-19", 0),
        ("-$5", 1),
        ("气温-5度", 1),
        ("5", 0),
    ],
)
def test_minus_signs_are_counted(text: str, count: int) -> None:
    assert count_minus_signs(text) == count

"""Names by rule."""

from __future__ import annotations

import pytest

from corpus.lexicons.names import (
    chinese_name,
    korean_name,
    korean_reading,
    spelt_by_rule,
    wade_giles,
)


@pytest.mark.parametrize(
    ("syllable", "spelt"),
    [
        ("zhou", "chou"), ("en", "en"), ("lai", "lai"), ("ze", "tse"), ("dong", "tung"), ("qing", "ch'ing"),
        ("xian", "hsien"), ("zhi", "chih"), ("shi", "shih"), ("ri", "jih"), ("si", "szu"), ("zi", "tzu"),
        ("guo", "kuo"), ("duo", "to"), ("ju", "chü"), ("xue", "hsüeh"), ("ren", "jen"), ("ge", "ko"),
        ("jiang", "chiang"), ("ping", "p'ing"), ("yan", "yen"), ("yuan", "yüan"), ("lie", "lieh"), ("he", "ho"),
        ("gui", "kuei"), ("er", "erh"), ("you", "yu"), ("cao", "ts'ao"), ("bei", "pei"), ("chen", "ch'en"),
        ("zhen", "chen"), ("chi", "ch'ih"), ("ci", "tz'u"), ("ti", "t'i"), ("ru", "ju"),
    ],
)  # fmt: skip
def test_wade_giles(syllable: str, spelt: str) -> None:
    assert wade_giles(syllable) == spelt


@pytest.mark.parametrize(
    ("name", "spelling"),
    [("周恩来", "zhou enlai"), ("周恩来", "chou en lai"), ("毛泽东", "mao tse tung"), ("北京", "beijing")],
)
def test_a_chinese_name_is_spelt_in_pinyin_and_wade_giles(name: str, spelling: str) -> None:
    assert spelling in chinese_name(name)


@pytest.mark.parametrize("text", ["", "周", "Zhou", "中华人民共和国", "周e来"])
def test_what_is_no_chinese_name_has_no_spelling(text: str) -> None:
    assert chinese_name(text) == []


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("김화", {"gimhwa", "kimhwa"}),
        ("김일성", {"kim il song", "gim il seong"}),
        ("성천", {"seongcheon", "songchon"}),
    ],
)
def test_a_korean_name_is_spelt_in_each_system(name: str, spellings: set[str]) -> None:
    assert spellings <= set(korean_name(name))


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("金化", {"김화"}),
        ("咸兴", {"함흥"}),  # in simplified characters
        ("劳动", {"로동", "노동"}),  # as the North spells it, and the South
        ("李承晚", {"리승만", "이승만"}),
        ("平壤", {"평양"}),
    ],
)
def test_chinese_characters_are_read_in_korean(name: str, readings: set[str]) -> None:
    assert readings <= set(korean_reading(name))


@pytest.mark.parametrize("text", ["", "金", "Kim", "金e化", "朝鲜民主主义人民"])
def test_what_is_no_name_in_characters_is_not_read(text: str) -> None:
    assert korean_reading(text) == []


@pytest.mark.parametrize(
    ("text", "lang", "other", "spelling"),
    [
        ("金化", "zh", "en", "kimhwa"),
        ("金化", "zh", "fr", "gimhwa"),
        ("金化", "zh", "ko", "김화"),
        ("周恩来", "zh", "de", "chou enlai"),
        ("김화", "ko", "en", "kimhwa"),
    ],
)
def test_one_rule_spells_names_for_searches_and_for_showing(
    text: str, lang: str, other: str, spelling: str
) -> None:
    assert spelling in spelt_by_rule(text, lang, other)


@pytest.mark.parametrize(
    ("text", "lang", "other"), [("金化", "zh", "ru"), ("김화", "ko", "ja"), ("Kimhwa", "en", "zh")]
)
def test_where_no_rule_applies_nothing_is_spelt(text: str, lang: str, other: str) -> None:
    assert spelt_by_rule(text, lang, other) == []

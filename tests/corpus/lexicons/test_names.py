"""Names by rule."""

from __future__ import annotations

import pytest

from corpus.lexicons.names import (
    chinese_name,
    korean_name,
    korean_reading,
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

"""Words, and the forms they are looked up under."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.base.errors import InputError
from corpus.text import tokens
from corpus.text.chinese import simplified
from corpus.text.tokens import stop_words, terms, tokenise

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def without_kiwi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_kiwi", lambda: None)


@settings(deadline=None)  # analysers load their dictionaries at first
@given(
    st.text(st.sampled_from("地方工業著後a’b1,.２％ 김화\n한ガーé'")),
    st.sampled_from(["zh", "en", "ko", "ja", "und"]),
)
def test_tokens_stand_where_they_say(text: str, lang: str) -> None:
    for search in (False, True):
        found = tokenise(text, lang, search=search)
        assert all(text[token.start : token.end] == token.text and token.normal for token in found)
        assert [token.start for token in found] == sorted(token.start for token in found)
    plain = tokenise(text, lang)
    assert all(one.end <= two.start for one, two in pairwise(plain))


def test_traditional_and_simplified_are_one() -> None:
    assert terms("朝鮮地方工業猶如雨後春筍", "zh") == terms("朝鲜地方工业犹如雨后春笋", "zh")
    assert simplified("乾隆年間的乾淨臺灣") == "乾隆年间的干净台湾"


def test_a_long_word_is_followed_by_the_words_in_it_when_searching() -> None:
    assert terms("雨后春笋", "zh") == ["雨后春笋", "雨后", "春笋"]
    assert [token.normal for token in tokenise("雨后春笋", "zh")] == ["雨后春笋"]


def test_english_is_stemmed_and_numbers_are_whole() -> None:
    assert terms("Local-industry factories of the people's", "en") == [
        "local",
        "industri",
        "factori",
        "of",
        "the",
        "peopl",
    ]
    assert terms("１，０００ or 1,000 or 1000; 27.5％ and 2.6", "en") == [
        "1000",
        "or",
        "1000",
        "or",
        "1000",
        "27.5",
        "and",
        "2.6",
    ]


def test_korean_particles_do_not_hide_a_word() -> None:
    pytest.importorskip("kiwipiepy")
    found = terms("김화군의 지방공업공장들은 지난해에 일떠섰다.", "ko")
    assert {"김화", "지방", "공업", "공장"} <= set(found)
    assert not {"의", "은", "들"} & set(found)


@pytest.mark.usefixtures("without_kiwi")
def test_korean_without_its_analyser_is_pairs_of_syllables() -> None:
    assert terms("김화군의 공업", "ko") == ["김화", "화군", "군의", "공업"]
    assert [token.text for token in tokenise("김화군의 공업", "ko")] == ["김화군의", "공업"]


def test_a_dictionary_keeps_words_whole(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("郡郡都辦 100 n\n", "utf-8")
    assert "郡郡都办" not in terms("郡郡都办工厂", "zh")
    assert "郡郡都办" in terms("郡郡都办工厂", "zh", dictionary=words)
    assert tokens.version(words) != tokens.version()
    words.with_name("bad.txt").write_text("词 1.5x\n", "utf-8")
    with pytest.raises(InputError, match=r"bad.txt: '1.5x' is no frequency"):
        terms("词", "zh", dictionary=words.with_name("bad.txt"))
    with pytest.raises(InputError, match=r"none.txt"):
        terms("词", "zh", dictionary=tmp_path / "none.txt")


def test_stop_words_are_normal_forms() -> None:
    assert {"the", "of", "be"} <= stop_words("en")
    assert {"的", "了"} <= stop_words("zh")
    assert stop_words("xx") == frozenset()
    assert not {"industri", "peopl", "工业"} & (stop_words("en") | stop_words("zh"))


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", "工厂 ²".encode(), "工厂 ٣x".encode(), b"a " + b"9" * 5000, "工厂 ½ n".encode()],
)
def test_a_damaged_dictionary_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "dictionary.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"dictionary\.txt"):
        tokenise("食品工厂", "zh", dictionary=file)

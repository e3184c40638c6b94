"""Files of lexicons: what is written is found again, and damage is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.lexicons.format import Link, hashed, read_lexicon, write_lexicon
from corpus.lexicons.lexicon import FileLexicon, Through, WordPairs, merged
from corpus.lexicons.words import RULES, normal_form

if TYPE_CHECKING:
    from pathlib import Path

LINKS = [
    Link("签字", "sign", 0.5, 0.1, 0),
    Link("签字", "signature", 0.5, 0.9, 0),
    Link("标志", "sign", 1.0, 0.4, 1),
    Link("地方工业", "local industry", 1.0, 1.0, 0),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "zh-en.lexicon"
    write_lexicon(made, ("zh", "en"), LINKS, ["one", "other"], normal_form, RULES)
    return made


def test_words_are_found_in_either_direction(path: Path) -> None:
    file = read_lexicon(path)
    chinese, english = FileLexicon(file), FileLexicon(file, turned=True)
    assert [entry.word for entry in chinese.translations("签字")] == ["sign", "signature"]
    assert [entry.word for entry in english.translations("sign")] == ["标志", "签字"]
    assert english.translations("sign")[0].weight == pytest.approx(0.4, abs=0.01)
    assert english.translations("sign")[0].source == "other"
    assert english.langs == ("en", "zh")


@pytest.mark.parametrize(
    "asked", ["local industry", "Local Industries", "LOCAL  industry", "the local industry"]
)
def test_case_number_and_articles_make_no_difference(path: Path, asked: str) -> None:
    english = FileLexicon(read_lexicon(path), turned=True)
    assert [entry.word for entry in english.translations(asked)] == ["地方工业"]


def test_traditional_characters_are_the_simplified_ones(path: Path) -> None:
    assert FileLexicon(read_lexicon(path)).translations("簽字")[0].word == "sign"


@pytest.mark.parametrize("asked", ["", "…", "工业", "local"])
def test_what_is_not_there_has_no_translations(path: Path, asked: str) -> None:
    file = read_lexicon(path)
    assert FileLexicon(file).translations(asked) == []
    assert FileLexicon(file, turned=True).translations(asked) == []


def test_words_of_one_hash_are_told_apart(tmp_path: Path) -> None:
    assert hashed("plumless") == hashed("buckeroo")
    write_lexicon(
        tmp_path / "x.lexicon",
        ("en", "zh"),
        [Link("plumless", "甲", 1, 1, 0), Link("buckeroo", "乙", 1, 1, 0)],
        ["s"],
        lambda word, _: word,
        RULES,
    )
    side = read_lexicon(tmp_path / "x.lexicon").sides[0]
    assert {side.word(number) for number in side.numbered("plumless")} == {"plumless", "buckeroo"}


def test_an_empty_lexicon_can_be_opened(tmp_path: Path) -> None:
    write_lexicon(tmp_path / "x.lexicon", ("en", "zh"), [], [], normal_form, RULES)
    assert FileLexicon(read_lexicon(tmp_path / "x.lexicon")).translations("sign") == []


def test_a_word_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="255 bytes"):
        write_lexicon(
            tmp_path / "x.lexicon", ("en", "zh"), [Link("a" * 256, "甲", 1, 1, 0)], ["s"], normal_form, RULES
        )


@pytest.mark.parametrize("size", [0, 4, 12, 40, 300])
def test_a_file_cut_short_is_said_to_be_damaged(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(InputError, match=r"zh-en\.lexicon"):
        read_lexicon(path)


def test_a_file_that_is_missing_or_no_lexicon_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.lexicon"):
        read_lexicon(tmp_path / "none.lexicon")
    (tmp_path / "text.lexicon").write_text("nothing of the kind, but long enough to be read")
    with pytest.raises(InputError, match="no lexicon"):
        read_lexicon(tmp_path / "text.lexicon")


def test_of_several_lexicons_the_surest_entry_stands(path: Path) -> None:
    own = WordPairs.of(("zh", "en"), "workspace", [("签字", "Sign", 3), ("签字", "initialled", 1)])
    both = merged([FileLexicon(read_lexicon(path)), None, own])
    assert both is not None
    assert [(entry.word, entry.source) for entry in both.translations("签字")] == [
        ("Sign", "workspace"),
        ("signature", "one"),
        ("initialled", "workspace"),
    ]


def test_lexicons_of_several_directions_are_not_merged() -> None:
    with pytest.raises(ValueError, match="en-zh"):
        merged([WordPairs(("zh", "en"), "a"), WordPairs(("en", "zh"), "b")])
    assert merged([None]) is None


def test_through_a_third_language_probabilities_multiply(path: Path) -> None:
    german = WordPairs.of(("en", "de"), "x", [("sign", "Zeichen", 1), ("sign", "unterschreiben", 3)])
    through = Through(FileLexicon(read_lexicon(path)), german)
    assert through.langs == ("zh", "de")
    first = through.translations("签字")[0]
    assert (first.word, first.source) == ("unterschreiben", "through en")
    assert first.weight == pytest.approx(0.375, abs=0.01)

"""What two sentences say: words that a lexicon has, figures, names, whatever the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.mining.evidence.sentence_words import rarities, read_sentence
from corpus.mining.evidence.sentences import SAID, Said, compare
from corpus.mining.evidence.words import word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

ZH = "周恩来总理昨天在北京会见了由三百四十人组成的日本工人代表团。"
EN = "Premier Zhou Enlai met a delegation of 340 Japanese workers in Beijing yesterday."
DE = "Der Bergführer Kaspar Blatter stieg am Morgen mit 27 Touristen auf den Gipfel."
FR = "Le matin , le guide Kaspar Blatter monta avec 27 touristes au sommet ."


def said(src: tuple[str, str], tgt: tuple[str, str]) -> Said:
    one, other = read_sentence(*src), read_sentence(*tgt)
    vectors = word_vectors((one.words, other.words), encode)
    return compare(one, other, (rarities([one]), rarities([other])), vectors)


def encode(words: Sequence[str], side: int) -> np.ndarray:
    """Return vectors of words that say nothing: no word is near to another."""
    rng = np.random.default_rng(side)
    return rng.normal(size=(len(words), 512)).astype(np.float32)


def test_translations_share_words_figures_and_names() -> None:
    found = said((ZH, "zh"), (EN, "en"))
    assert min(share or 0 for share in found.words) > 0.5
    assert (found.shared, found.differing, found.loosely) == (1, 0, 0)
    assert found.names >= 2
    assert found.missing <= 1  # of Japanese, the lexicon has the language
    german = said((DE, "de"), (FR, "fr"))
    assert min(share or 0 for share in german.words) > 0.6
    assert (german.shared, german.differing, german.missing) == (1, 0, 0)


@pytest.mark.parametrize(
    ("src", "tgt"),
    [
        ((ZH, "zh"), (EN.replace("340", "430"), "en")),
        ((DE, "de"), (FR.replace("27", "72"), "fr")),
        (("去年的产量增长了百分之十二。", "zh"), ("Output rose by 21 per cent last year.", "en")),
    ],
)
def test_another_figure_is_told(src: tuple[str, str], tgt: tuple[str, str]) -> None:
    assert said(src, tgt).differing == 2


def test_a_small_number_is_told_loosely() -> None:
    right = said(("Vier Männer gingen.", "de"), ("Quatre hommes partirent.", "fr"))
    wrong = said(("Vier Männer gingen.", "de"), ("Cinq hommes partirent.", "fr"))
    assert (right.loosely, wrong.loosely) == (0, 2)
    assert wrong.differing == 0


@pytest.mark.parametrize(
    ("src", "tgt"),
    [
        ((ZH, "zh"), ("Premier Deng Yingchao met a delegation of 340 Japanese workers in Beijing.", "en")),
        ((DE, "de"), (FR.replace("Kaspar Blatter", "Ulrich Fuhrer"), "fr")),
        (("김일성수상은 평양에서 연설하였다.", "ko"), ("Premier Nguyen spoke at length in Pyongyang.", "en")),
    ],
)
def test_another_name_is_told(src: tuple[str, str], tgt: tuple[str, str]) -> None:
    assert said(src, tgt).missing >= 1


def test_names_are_known_by_sound_and_in_older_spellings() -> None:
    assert (
        said(
            ("艾森豪威尔总统在电视上讲话。", "zh"), ("In the evening Eisenhower spoke on television.", "en")
        ).missing
        == 0
    )
    assert said(("周恩来讲话。", "zh"), ("Then Chou Enlai spoke.", "en")).missing == 0


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("剧院 (Wojciech Bogusławski) 是最好的。", "The Wojciech Bogusławski theatre is the best."),
        ("艾森豪威尔的声明发表于5月。", "In May they read Eisenhower’s statement."),
    ],
)
def test_no_name_is_missed_for_its_ending_or_for_being_left_in_its_letters(
    chinese: str, english: str
) -> None:
    found = said((chinese, "zh"), (english, "en"))
    assert found.names >= 1
    assert found.missing == 0


def test_of_names_the_share_that_is_missing_counts() -> None:
    few = said((ZH, "zh"), ("He met Zhou and Fforde.", "en")).features()
    many = said((ZH, "zh"), ("He met Zhou Enlai and Fforde in Beijing.", "en")).features()
    assert 0 < many["names missing"] < few["names missing"] < 1


def test_of_what_says_nothing_the_evidence_is_neither_for_nor_against() -> None:
    empty = said(("……", "zh"), ("…", "en"))
    assert empty.words == (None, None)
    assert set(empty.features()) == set(SAID)
    assert empty.features()["words"] == 0.35
    cyrillic = said(("Премьер Чжоу Эньлай встретил гостей.", "ru"), (EN, "en"))
    assert cyrillic.missing == 0  # names in Cyrillic letters are not compared


@pytest.mark.parametrize(
    ("src", "tgt", "lost"),
    [
        (("漏洞在 Security Bug Tracker 上公布。", "zh"), ("They are in the Security Bug Tracker.", "en"), 0),
        (("漏洞在 Security Bug Tracker 上公布。", "zh"), ("They are in the Security Bug Fforde.", "en"), 1),
        ((DE, "de"), (FR, "fr"), 0),
        ((DE, "de"), (FR.replace("Kaspar", "Ulrich"), "fr"), 2),
        (("Премьер читал Pravda.", "ru"), ("Премьер читал Times.", "ru"), 2),
    ],
)
def test_what_is_kept_as_it_is_is_missed(src: tuple[str, str], tgt: tuple[str, str], lost: int) -> None:
    assert said(src, tgt).lost == lost

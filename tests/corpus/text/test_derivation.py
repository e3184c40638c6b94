"""Words that one is derived from another, whose stems a stemmer keeps apart."""

from __future__ import annotations

import pytest

from corpus.text.derivation import derived
from corpus.text.tokens import stem


@pytest.mark.parametrize(
    ("lang", "word", "other"),
    [
        ("en", "recover", "recovery"),
        ("en", "delivery", "deliver"),
        ("en", "economic", "economy"),
        ("en", "produce", "production"),
        ("en", "build", "builder"),
        ("en", "farmer", "farm"),
        ("de", "Handwerk", "Handwerker"),
        ("fr", "constructeur", "constructif"),
    ],
)
def test_kin_is_found(lang: str, word: str, other: str) -> None:
    here, there = stem(word, lang), stem(other, lang)
    assert here == there or there in derived(here, lang, lambda one: int(one == there))


@pytest.mark.parametrize(
    ("word", "other"), [("port", "portal"), ("cat", "cater"), ("form", "former"), ("pen", "penal")]
)
def test_what_is_left_of_short_words_is_too_little(word: str, other: str) -> None:
    assert len(stem(word, "en")) > 3 or stem(other, "en") not in derived(stem(word, "en"), "en", lambda _: 1)


def test_only_what_stands_in_the_vocabulary_is_returned() -> None:
    assert derived("recov", "en", lambda _: 0) == []


def test_a_language_without_a_list_has_none() -> None:
    assert derived("завод", "ru", lambda _: 1) == []

"""The language of a query, told from the query."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.lexicons.lexicon import has_word
from corpus.search.query import language_by_texts
from corpus.text.tokens import terms


class English:
    """Two English texts and a Chinese one."""

    languages: tuple[str, ...] = ("en", "zh")
    texts: tuple[tuple[str, str], ...] = (
        ("en", "The factory makes soap for the county."),
        ("en", "Local industry."),
        ("zh", "地方工业"),
    )

    def count(self, lang: str) -> int:
        return sum(code == lang for code, _ in self.texts)

    def rows(self, term: str, lang: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(
            [i for i, (code, text) in enumerate(self.texts) if code == lang and term in terms(text, lang)],
            np.int64,
        )


@pytest.mark.parametrize(
    ("query", "lang"),
    [
        ("local industry", "en"),
        ("usine de produits alimentaires", "fr"),
        ("savon", "fr"),
        ("Seife", "de"),
        ("Überschwemmung", "de"),
        ("Wirtschaft des Landes", "de"),
        ("penguin migration", "en"),  # words of the language that no text has
        ("Kimhwa", "en"),  # a word of none
        ("завод", "ru"),
        ("地方工业", "zh"),
    ],
)
def test_dictionaries_tell_the_language_of_words_that_no_text_has(query: str, lang: str) -> None:
    assert language_by_texts(query, ["en", "en", "zh"], English(), has_word) == lang


def test_without_dictionaries_the_corpus_decides() -> None:
    assert language_by_texts("savon", ["en", "en", "zh"], English()) == "en"


class Chinese(English):
    """No English text."""

    languages = ("zh",)
    texts = (("zh", "工人生产肥皂"),)


@pytest.mark.parametrize(
    ("query", "lang"), [("soap", "en"), ("machine", "en"), ("police", "en"), ("savon", "fr"), ("Seife", "de")]
)
def test_of_languages_that_the_archive_has_not_english_comes_first(query: str, lang: str) -> None:
    assert language_by_texts(query, ["zh"], Chinese(), has_word) == lang


def test_a_language_whose_texts_are_all_removed_is_asked_nothing() -> None:
    class Gone(English):
        def count(self, lang: str) -> int:
            return 0 if lang == "en" else 1

    assert language_by_texts("soap", ["zh"], Gone(), has_word) == "en"

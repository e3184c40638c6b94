"""The language of a query, told from the query."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.lexicons.lexicon import has_word
from corpus.search.query import language_by_texts
from corpus.text.tokens import terms


class English:
    """Two English texts and a Chinese one."""

    languages = ("en", "zh")
    texts = (("en", "The factory makes soap for the county."), ("en", "Local industry."), ("zh", "地方工业"))

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

"""Words of what is written without spaces, by the words that a lexicon knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.lexicons.cutting import cut_by_words

KNOWN = {"地方", "工業", "発展", "の", "東京", "大会", "オリンピック", "使う", "工", "業", "ナビ"}


def cut(run: str) -> list[str]:
    return [run[start:end] for start, end in cut_by_words(run, KNOWN.__contains__)]


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("地方工業の発展", ["地方", "工業", "の", "発展"]),
        ("東京オリンピック大会", ["東京", "オリンピック", "大会"]),
        # A foreign name that is not known is one word, though it begins as another does.
        ("ナビゲーション", ["ナビゲーション"]),
        # What is not known stays together, beside what is.
        ("東京平壌", ["東京", "平壌"]),
        ("", []),
    ],
)
def test_words_that_are_known_are_told_from_what_is_not(run: str, words: list[str]) -> None:
    assert cut(run) == words


@given(st.text(alphabet="地方工業の発展東京オリンピック使うあA", max_size=30))
def test_the_words_are_the_run(run: str) -> None:
    assert "".join(cut(run)) == run
    assert all(start < end for start, end in cut_by_words(run, KNOWN.__contains__))

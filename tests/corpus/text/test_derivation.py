"""Words that one is derived from another, whose stems a stemmer keeps apart."""

from __future__ import annotations

import pytest

from corpus.text.derivation import derived
from corpus.text.tokens import stem


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("recover", "recovery"),
        ("delivery", "deliver"),
        ("discover", "discovery"),
        ("economic", "economy"),
        ("geography", "geographic"),
        ("produce", "production"),
        ("reduction", "reduce"),
    ],
)
def test_kin_is_found(word: str, other: str) -> None:
    here, there = stem(word, "en"), stem(other, "en")
    assert here != there
    assert derived(here, "en", lambda one: int(one == there)) == [there]


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("part", "party"), ("count", "county"), ("general", "generate"), ("event", "even"),
        ("factory", "factor"), ("port", "portal"), ("former", "form"), ("number", "numb"), ("show", "shower"),
        ("flow", "flower"), ("quarter", "quart"), ("matter", "matt"),
    ],
)  # fmt: skip
def test_words_that_only_look_alike_are_no_kin(word: str, other: str) -> None:
    here, there = stem(word, "en"), stem(other, "en")
    assert there not in derived(here, "en", lambda _: 1)
    assert here not in derived(there, "en", lambda _: 1)


def test_only_what_stands_in_the_vocabulary_is_returned() -> None:
    assert derived("recov", "en", lambda _: 0) == []


def test_a_language_without_a_list_has_none() -> None:
    assert derived("завод", "ru", lambda _: 1) == []

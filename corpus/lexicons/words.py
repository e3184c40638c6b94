"""The form under which a lexicon knows a word or a phrase."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.text.chinese import simplified
from corpus.text.tokens import stem, stop_words, tokenise

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = "1"
"""Version of the rules in this module."""

UNSPACED = frozenset({"zh", "ja", "ko", "th"})
"""Languages whose words a lexicon knows as they are written, without stemming."""

INDEXED_IN_PARTS = frozenset({"ja", "ko", "th"})
"""Languages of which an index holds pairs of characters, or stems, instead of words as they are written."""

# What a dictionary puts before a verb or a noun, by language.
_BEFORE = {
    "en": frozenset(["to", "a", "an", "the", "be"]),
    "de": frozenset(["der", "die", "das", "ein", "eine", "einen", "sich"]),
    "fr": frozenset(["le", "la", "les", "un", "une", "des", "se"]),
}


@lru_cache(maxsize=100_000)
def normal_form(word: str, lang: str) -> str:
    """Return the form a word is looked up under: one width and case, one Chinese script, stems.

    A phrase is the stems of its words, a space between; articles and the "to" of a verb are left out,
    function words elsewhere are not: "give up" is not "give".

    Parameters
    ----------
    word
        A word or a phrase.
    lang
        ISO 639-1 code of its language.

    Returns
    -------
    str
        Empty where nothing of it is a letter or digit.
    """
    if lang in UNSPACED:
        plain = unicodedata.normalize("NFKC", word)
        if lang == "zh":
            plain = simplified(plain)
        return "".join(char for char in plain.casefold() if char.isalnum() or char in "々ー")
    tokens = tokenise(word, lang)
    folded = [unicodedata.normalize("NFKC", token.text).casefold() for token in tokens]
    first = 0
    while first < len(folded) - 1 and folded[first] in _BEFORE.get(lang, ()):
        first += 1
    return " ".join(token.normal for token in tokens[first:])


def content_terms(phrase: str, lang: str, frequency: Callable[[str], int] | None = None) -> tuple[str, ...]:
    """Return the words of a phrase as an index has them, without function words where others are left.

    Parameters
    ----------
    phrase, lang
        The phrase and its language.
    frequency
        In how many texts a term stands: Chinese is then cut by the words that there are, and no dictionary
        is loaded for it.
    """
    cut = tokenise(phrase, lang, search=lang in INDEXED_IN_PARTS, frequency=frequency)
    found = tuple(dict.fromkeys(token.normal for token in cut))
    return tuple(term for term in found if term not in stop_words(lang)) or found


def same_word(word: str, lang: str) -> str:
    """Return the normal form of a word in Latin letters as a text in another language would have it."""
    return stem(word, lang)

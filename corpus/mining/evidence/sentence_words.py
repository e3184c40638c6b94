"""A sentence taken apart, and which of its words have a translation in another."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import regex

from align.scoring.numerals import quantities
from corpus.lexicons.inflection import base_forms, compound
from corpus.lexicons.lexicon import open_lexicon
from corpus.lexicons.words import UNSPACED, content_terms, normal_form
from corpus.mining.texts import plain
from corpus.text.tokens import stop_words, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from align.scoring.numerals import Quantity

_FORMS = 12  # translations of a word that are looked for, the likeliest
_STEM = 5  # letters of a word that longer ones may begin with, and be its derivations
_CAPITALS = frozenset({"en", "fr", "es", "it", "pt", "nl"})  # languages in which names alone have them
_NAME = regex.compile(r"(?<=[\p{L}\p{N},;»”]\s)\p{Lu}[\p{L}’'-]{2,}")
_ELIDED = regex.compile(r"^[DLdl]['’](?=\p{Lu})|['’]s?$")
_CALENDAR = frozenset(
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]
)  # fmt: skip
"""What has a capital in English and is no name: a translation may have a figure for it."""

LATIN = regex.compile(r"\p{Latin}")
_KEPT = regex.compile(r"\p{Latin}[\p{Latin}\d]{2,}")

Forms: TypeAlias = "tuple[tuple[str, ...], ...]"
"""What a word may be in another language: the words of each translation, as `Read` has them."""


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence taken apart.

    Attributes
    ----------
    text, lang
        The sentence, and the language it is in.
    words
        Its words but for function words, as they stand, by their normal form (`corpus.text.tokens`).
    terms
        All of its words in that form.
    written
        In languages without spaces, the sentence without marks, in which words are looked for; else empty.
    figures
        The quantities in it.
    names
        Its names in Latin letters, told by their capitals, in plain small letters.
    latin
        Its words in Latin letters, as they stand, by their plain small letters: what may be kept as it is.
    """

    text: str
    lang: str
    words: Mapping[str, str]
    terms: frozenset[str]
    written: str
    figures: tuple[Quantity, ...]
    names: frozenset[str]
    latin: Mapping[str, str]


def read_sentence(text: str, lang: str) -> Read:
    """Take a sentence apart.

    Parameters
    ----------
    text
        A sentence.
    lang
        ISO 639-1 code of its language.
    """
    tokens = tokenise(text, lang)
    stops = _stop_words(lang)
    capitals = [_ELIDED.sub("", name) for name in _NAME.findall(text)] if lang in _CAPITALS else []
    return Read(
        text, lang,
        words={token.normal: token.text for token in tokens if token.normal not in stops},
        terms=frozenset(token.normal for token in tokens),
        written=normal_form(text, lang) if lang in UNSPACED else "",
        figures=tuple(quantities(text)),
        names=frozenset(name for name in map(plain, capitals) if len(name) >= 3) - _CALENDAR,
        latin=_latin(text),
    )  # fmt: skip


def _latin(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in _KEPT.findall(text):
        found.setdefault(plain(word) or word, word)
    return found


@lru_cache(maxsize=64)
def _stop_words(lang: str) -> frozenset[str]:
    return stop_words(lang)


def lookups(src: Read, tgt: Read) -> tuple[dict[str, bool], dict[str, bool]]:
    """Return of either sentence's words whether the other has a translation of them.

    Words that no lexicon has are among them only where the other sentence has them as they are.
    """
    forward, told = _looked_up(src, tgt)
    backward, told_back = _looked_up(tgt, src)
    # A lexicon may have a pair of words in one direction only.
    backward |= dict.fromkeys(told & tgt.words.keys(), True)
    forward |= dict.fromkeys(told_back & src.words.keys(), True)
    return forward, backward


def _looked_up(own: Read, other: Read) -> tuple[dict[str, bool], set[str]]:
    """Return whether the other sentence has a translation of each word, and the words of all these."""
    met: dict[str, bool] = {}
    told: set[str] = set()
    for word, written in own.words.items():
        if _is_same(word, other):
            met[word] = True
            told.add(word)
        elif known := forms(written, own.lang, other.lang):
            found = [terms for form in known if (terms := holding(other, form))]
            met[word] = bool(found)
            told.update(*found)
    return met, told


@lru_cache(maxsize=200_000)
def forms(word: str, lang: str, other: str) -> Forms:
    """Return what a word may be in another language, as `Read` has it; nothing where no lexicon has it."""
    lexicon = open_lexicon(lang, other)
    if lexicon is None:
        return ()
    found = lexicon.translations(word)
    if not found:

        def known(form: str) -> bool:
            return bool(lexicon.translations(form))

        bases = base_forms(word, lang, known)[:1] or compound(word, lang, known) or ()
        found = [entry for base in bases for entry in lexicon.translations(base)]
    likeliest = sorted(found, key=lambda entry: -entry.weight)[:_FORMS]
    return tuple(dict.fromkeys(form for entry in likeliest if (form := _form(entry.word, other))))


def _form(word: str, lang: str) -> tuple[str, ...]:
    if lang in UNSPACED:
        written = normal_form(word, lang)
        return (written,) if written and written not in _stop_words(lang) else ()
    terms = content_terms(word, lang)
    return () if set(terms) <= _stop_words(lang) else terms


def holding(sentence: Read, form: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a sentence that a translation is, nothing where it has not all of them.

    A word may go on where its translation ends: japan is in japanes, which are the stems of both.
    """
    if sentence.written:
        return form if form[0] in sentence.written else ()
    found = []
    for term in form:
        if term in sentence.terms:
            found.append(term)
        elif len(term) < _STEM or not (longer := sorted(t for t in sentence.terms if t.startswith(term))):
            return ()
        else:
            found.append(longer[0])
    return tuple(found)


def _is_same(word: str, other: Read) -> bool:
    """Tell whether a sentence has a word as it is: a name or a number in the same letters."""
    return word in other.terms and (word.isdigit() or (len(word) >= 3 and LATIN.match(word) is not None))


def rarities(sentences: Iterable[Read]) -> dict[str, float]:
    """Return how telling each word of some sentences is: the logarithm of how few have it, at least .2."""
    counts: Counter[str] = Counter()
    size = 0
    for sentence in sentences:
        counts.update(sentence.words.keys())
        size += 1
    return {
        word: max(math.log((size + 1) / count) / math.log(size + 2), 0.2) for word, count in counts.items()
    }

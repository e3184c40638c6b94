"""Foreign names in Chinese, by sound: 卡瓦诺 is Kavanaugh, 艾森豪威尔 Eisenhower.

Transcription keeps consonants in their order and little else: vowels are added between them, l and r are one,
b and p, d and t, g and k, final m and n. So a name is compared by its consonants, in classes, as in Soundex
(Russell 1918), with those of Chinese syllables as they are used in transcriptions (Xinhua's tables of names
have the same classes). What may be written in two ways has two keys.

This is weak evidence: names of two consonants are left alone, and words that a dictionary has are no names.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.lexicons.names import pinyin

if TYPE_CHECKING:
    from collections.abc import Callable

_FEWEST = 3  # sounds of a name that may be told by them
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{3,8}")  # of two, a word is meant most often
_LATIN_NAME = re.compile(r"[a-z]{4,20}")

# In order, on a word in small Latin letters without diacritics. Capitals are classes: P, T, K, F, L, N, S,
# and A for a vowel that the name begins with.
_RULES = (
    (r"^wr", "r"), (r"^kn", "n"), (r"ph|v", "F"), (r"sch|tch|ch|sh|j|z|c(?=[eiy])|tz|ts", "S"),
    (r"gh(?=[^aeiouy]|$)", ""), (r"ng(?=[^aeiouy]|$)", "N"), (r"x", "KS"),
    (r"kh|gh|ck|qu|[cgkq]", "K"), (r"th|[dt]", "T"), (r"[bp]", "P"), (r"f", "F"), (r"s", "S"),
    (r"[mn]", "N"), (r"l", "L"), (r"w(?=[aeiouy])", "F"), (r"h(?=[aeiouy])", "K"), (r"[hw]", ""),
    (r"^[aeiouy]", "A"),
)  # fmt: skip
_LATIN = tuple((re.compile(pattern), replacement) for pattern, replacement in _RULES)
_CODA = re.compile(r"r(?![aeiouyAEIOU])")
_VOWELS = re.compile(r"[aeiouy]+")
_TWICE = re.compile(r"(.)\1+")

_INITIALS = {
    "b": "P", "p": "P", "m": "N", "f": "F", "d": "T", "t": "T", "n": "N", "l": "L", "g": "K", "k": "K",
    "h": "K", "zh": "S", "ch": "S", "sh": "S", "z": "S", "c": "S", "s": "S", "r": "L", "w": "F", "y": "",
    "q": "S",
}  # fmt: skip
_EITHER = {"j": "SK", "x": "SK"}  # before i: 基 of Kissinger, 吉 of Churchill; 希 of Hitler, 西 of Sidney
_SYLLABLE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcswy]?)([a-zü]*?)(n|ng|r)?")


def plain(word: str) -> str:
    """Return a word in small letters without diacritics."""
    parts = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


@lru_cache(maxsize=20_000)
def latin_keys(word: str) -> frozenset[str]:
    """Return the sounds of a name in Latin letters, in classes; none where they are too few to tell by.

    An r that ends a syllable is often left out in Chinese: with it and without are two keys.
    """
    letters = plain(word)
    if not _LATIN_NAME.fullmatch(letters):
        return frozenset()
    keys = set()
    for coda in ("L", ""):
        key = _CODA.sub(coda, letters).replace("r", "L")
        for pattern, replacement in _LATIN:
            key = pattern.sub(replacement, key)
        keys.add(_TWICE.sub(r"\1", _VOWELS.sub("", key)))
    return frozenset(key for key in keys if len(key) >= _FEWEST)


@lru_cache(maxsize=20_000)
def han_keys(name: str) -> frozenset[str]:
    """Return the sounds of a name in Chinese characters as those who transcribe foreign names use them."""
    if not _HAN_NAME.fullmatch(name):
        return frozenset()
    syllables = pinyin(name)
    if len(syllables) != len(name):
        return frozenset()
    parts = [_of_syllable(syllable, first=not place) for place, syllable in enumerate(syllables)]
    keys = {_TWICE.sub(r"\1", "".join(one)) for one in itertools.product(*parts)}
    return frozenset(key for key in keys if len(key) >= _FEWEST)


def _of_syllable(syllable: str, *, first: bool) -> tuple[str, ...]:
    if syllable == "er":
        return ("L", "")
    match = _SYLLABLE.fullmatch(syllable)
    if match is None:
        return ("",)
    initial, vowels, coda = match.groups()
    end = "N" if coda in ("n", "ng") else ""
    if initial in _EITHER:
        return tuple(one + end for one in _EITHER[initial])
    if initial == "h" and vowels.startswith("u") and len(vowels) > 1:  # 华 of Washington, 霍 of Hollywood
        return ("F" + end, "K" + end)
    begin = _INITIALS.get(initial, "")
    return (("A" if first and not begin else begin) + end,)


# What may stand for a sound in a word, and what between two: a first sieve, which lets too much through.
_SIEVE = {
    "A": "[aeiouyh]+", "P": "[bp]+", "T": "(?:[dt]h?)+", "K": "(?:[ckgqhx]u?)+", "F": "(?:ph|[fvw])+",
    "L": "[lr]+", "N": "(?:[mn]g?)+|kn", "S": "(?:[sc]?[sczjtg]+h?|x)+",
}  # fmt: skip
_BETWEEN = "[aeiouyhwrgx]*"
_STEPS = re.compile("KS|.")


def _passing(step: str) -> str:
    """Return a pattern for a sound, as often as it comes, and what may follow; x is two sounds."""
    if step == "KS":
        return f"(?:{_passing('K')}{_passing('S')}|(?:x{_BETWEEN})+)"
    return f"(?:(?:{_SIEVE[step]}){_BETWEEN})+"


def sound_alike(name: str, words: Callable[[], str]) -> list[str]:
    """Return the words in Latin letters that a name in Chinese characters sounds like, the nearest first.

    Parameters
    ----------
    name
        Three to eight characters; of others, and of names of fewer than three sounds, there are none.
    words
        Returns those to choose from, in small letters without diacritics (`plain`), a line each; asked for
        names that have sounds only.
    """
    from rapidfuzz import fuzz

    sought = han_keys(name)
    if not sought:
        return []
    sieve = "|".join(_BETWEEN + "".join(map(_passing, _STEPS.findall(key))) for key in sorted(sought))
    found = re.findall(rf"^(?:{sieve})$", words(), re.MULTILINE)
    written = "".join(pinyin(name))
    alike = {word for word in found if sought & latin_keys(word)}
    return sorted(alike, key=lambda word: (-fuzz.ratio(written, word), word))

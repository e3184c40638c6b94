"""Stems of words that one is derived from another: recover and recovery, which a stemmer keeps apart.

A dictionary has "to recover" where a text says recovery. Snowball's stemmer takes endings off that change a
word's number, tense or kind, but leaves some: recov and recoveri, economi and econom. What is left of them
is listed here, and a stem is one word's family with another if they differ by such an ending only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# What Snowball's stems still end in, by language.
ENDINGS = {
    "en": (
        "", "i", "eri", "t", "at", "it", "er", "or", "al", "ic",
        "ist", "ism", "iti", "ment", "anc", "enc", "if",
    ),
    "de": ("", "ung", "er", "lich", "isch", "ier", "schaft", "heit", "keit", "ion"),
    "fr": ("", "eur", "euse", "ier", "ist", "iqu", "it", "al", "el", "aire", "ment", "ateur", "at"),
}  # fmt: skip
_SHORTEST = 4  # letters of what two words share


def derived(stem: str, lang: str, frequency: Callable[[str], int]) -> list[str]:
    """Return the stems in a vocabulary that differ from a stem by an ending of derivation.

    Parameters
    ----------
    stem
        As `corpus.text.tokens` gives it.
    lang
        ISO 639-1 code; languages without a list have none.
    frequency
        In how many texts a stem stands.
    """
    endings = ENDINGS.get(lang, ())
    found = []
    for ending in endings:
        base = stem.removesuffix(ending)
        if len(base) < _SHORTEST or (ending and base == stem):
            continue
        found += [base + other for other in endings if base + other != stem and frequency(base + other)]
    return list(dict.fromkeys(found))

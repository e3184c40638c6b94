"""Stems of words that one is derived from another: recover and recovery, which a stemmer keeps apart.

A dictionary has "to recover" where a text says recovery. Snowball's stemmer takes most endings off, but keeps
recov and recoveri apart, econom and economi, produc and product. Those pairs are listed here, each with what
the words must begin with: short ones would make factor of factory and part of party.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# By language: what two stems share, and the endings in which they differ.
_PAIRS = {
    "en": tuple(
        (re.compile(shared), endings)
        for shared, endings in (
            (r"\w{3,}v", ("", "eri")),  # recover, deliver, discover
            (r"\w{3,}[mgh]", ("", "i")),  # economic, technological, geographic
            (r"\w{2,}(?:duc|struc)", ("", "t")),  # produce, reduce
        )
    )
}


def derived(stem: str, lang: str, frequency: Callable[[str], int]) -> list[str]:
    """Return the stems in a vocabulary that differ from a stem by an ending of derivation.

    Parameters
    ----------
    stem
        As `corpus.text.tokens` gives it.
    lang
        ISO 639-1 code; English only has a list.
    frequency
        In how many texts a stem stands.
    """
    found = []
    for shared, endings in _PAIRS.get(lang, ()):
        for ending, other in (endings, endings[::-1]):
            base = stem.removesuffix(ending)
            if base + ending == stem and shared.fullmatch(base) and frequency(base + other):
                found.append(base + other)
    return list(dict.fromkeys(found))

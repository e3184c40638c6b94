"""What is a word of a language, and where one may be divided: `pyspellchecker`'s lists, `pyphen`'s patterns.

Both are loaded when the first divided word of their language is met.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyphen
    from spellchecker import WordFrequency

# Chinese, Japanese and Korean texts quote English.
_LISTS = {"en": "en", "de": "de", "fr": "fr", "ru": "ru", "es": "es", "it": "it", "pt": "pt", "nl": "nl"}
_ENGLISH = frozenset({"zh", "ja", "ko", "und"})


@lru_cache(maxsize=100_000)
def is_word(word: str, lang: str | None) -> bool:
    """Return whether a language's list holds a word, whatever its case; False where there is no list."""
    words = None if lang is None else _words("en" if lang in _ENGLISH else lang)
    return words is not None and word.casefold() in words


@lru_cache(maxsize=100_000)
def may_divide(left: str, right: str, lang: str) -> bool:
    """Return whether a printer may divide a word so (Liang 1983); False where there are no patterns."""
    patterns = _patterns("en" if lang in _ENGLISH else lang)
    return patterns is not None and len(left) in patterns.positions(left + right)


@cache
def _words(lang: str) -> WordFrequency | None:
    from spellchecker import SpellChecker

    return SpellChecker(language=_LISTS[lang], distance=1).word_frequency if lang in _LISTS else None


@cache
def _patterns(lang: str) -> pyphen.Pyphen | None:
    import pyphen

    name = pyphen.language_fallback(lang) or {"en": "en_US"}.get(lang)
    return None if name is None else pyphen.Pyphen(lang=name)

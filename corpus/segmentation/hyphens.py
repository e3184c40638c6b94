"""Words that a hyphen divides at the end of a printed line, put together for reading.

The file and all offsets into it stay as they are: only a sentence's text is mended. A hyphen goes where
the next line begins in lower case and the two halves make a word: one that stands in the same file
undivided; that the vocabulary of the encoder that ships or the word list of its language holds
(`corpus.segmentation.wordlists`; "industry" is there, "wellknown" is not); or that may be divided there and
has no word for a half. Where the file has the word with its hyphen elsewhere, and
where the halves make no known word ("well-/known", "North-/South"), the hyphen stays and only the break
goes; "pre-/and post-war" keeps its space, and "up-/to-date" has none.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from corpus.base.patterns import lazy_pattern
from corpus.segmentation.wordlists import is_word, may_divide

if TYPE_CHECKING:
    from collections.abc import Collection

    import sentencepiece

_BREAK = r"[ \t]*(?:\r\n|\r|\n)[ \t]*"
_LETTERS = r"[^\W\d_]+"
# Longer runs of letters are no words, and to look for a hyphen behind each of their letters takes the square.
_LONGEST = 40
_DIVIDED = lazy_pattern(
    rf"(?<![^\W\d_])(?P<left>(?:[^\W\d_]{{1,{_LONGEST}}}-){{0,4}}[^\W\d_]{{1,{_LONGEST}}})-{_BREAK}"
    rf"(?P<right>[^\W\d_]{{1,{_LONGEST}}})(?![^\W\d_])"
)
_BEFORE_FIGURE = lazy_pattern(rf"(?<=[^\W_])-{_BREAK}(?=\d)")  # mid-/1958, 1958-/59
_SOFT = lazy_pattern(rf"\u00ad(?:{_BREAK})?")  # a hyphen that is only there to be broken at
_WORD = lazy_pattern(rf"{_LETTERS}(?:-{_LETTERS})*")
_RUSSIAN_HYPHEN = lazy_pattern("(?:северо|юго|кое)-.+|по-.+(?:[сц]ки|[оеь]му)", re.IGNORECASE)
_SHARED = {"and", "or", "to", "und", "oder", "bis", "et", "ou", "и", "или"}  # "pre- and post-war"


def has_divided(text: str) -> bool:
    """Whether there is anything in a text for `mend` to look at."""
    return "\u00ad" in text or (
        _HYPHEN_AT_END.search(text) is not None
        and (_DIVIDED.search(text) is not None or _BEFORE_FIGURE.search(text) is not None)
    )


_HYPHEN_AT_END = lazy_pattern(r"-[ \t]*[\r\n]")


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, folded, and those with hyphens inside a line."""
    return frozenset(_WORD.findall(text.casefold()))


def mend(piece: str, words: Collection[str], lang: str | None = None) -> str:
    """Put divided words of a piece of text together.

    Parameters
    ----------
    piece
        A sentence as it stands in the file.
    words
        Those of the whole file, from `words_of`.
    lang
        ISO 639-1 code of its language, whose word list and rules of division are asked; None to ask the
        encoder's vocabulary only.
    """
    whole = _BEFORE_FIGURE.sub("-", _SOFT.sub("", piece))
    return _DIVIDED.sub(partial(_mended, words=words, lang=lang), whole)


def _mended(match: re.Match[str], words: Collection[str], lang: str | None) -> str:
    left, right = match["left"], match["right"]
    if right.casefold() in _SHARED:
        # "up-/to-date" is one word, and "pre-/and post-war" are two.
        goes_on = match.string.startswith("-", match.end())
        return f"{left}-{right}" if goes_on else match.group()
    joined = left + right
    keeps = lang == "ru" and _RUSSIAN_HYPHEN.fullmatch(f"{left}-{right}") is not None
    if right[0].islower() and not keeps and f"{left}-{right}".casefold() not in words:
        # Of "co-opera-/tive": the word as it is, its last part, or it without any hyphen.
        last = joined.rpartition("-")[2]
        forms = {joined, last, joined.replace("-", "")}
        if any(form.casefold() in words or _is_known(form) or is_word(form, lang) for form in forms):
            return joined
        if lang is not None and _is_divided(last[: -len(right)], right, lang):
            return joined
    return f"{left}-{right}"


def _is_divided(left: str, right: str, lang: str) -> bool:
    """Whether two halves are a word that no list holds: it may be divided there, and they are no words.

    In German the second half of a compound with a hyphen has a capital if the first has: "Nord-Süd".
    """
    if lang == "de" and left[:1].isupper():
        return may_divide(left, right, lang)
    halves = [is_word(left, lang), is_word(right, lang)]
    return not (all(halves) or (halves[0] and len(left) > _LONGEST_PREFIX)) and may_divide(left, right, lang)


_LONGEST_PREFIX = 3  # "re", "con", "pro" are in lists of words, too


@lru_cache(maxsize=100_000)
def _is_known(word: str) -> bool:
    """Whether the vocabulary of the encoder that ships holds a word whole, small or with a capital."""
    pieces = (f"▁{form}" for form in (word.lower(), word.capitalize()))
    vocabulary = _vocabulary()
    return any(vocabulary.piece_to_id(piece) != vocabulary.unk_id() for piece in pieces)


@cache
def _vocabulary() -> sentencepiece.SentencePieceProcessor:
    import sentencepiece

    from corpus.base.resources import resource_dir

    return sentencepiece.SentencePieceProcessor(model_file=str(resource_dir() / "sp.model"))

"""Cut what is written without spaces into words, by the words that a lexicon knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 12  # characters of a word
_WORD, _CHARACTER = (
    1.0,
    1.5,
)  # what a known word costs, and one of a single character, which most are parts of
_REST = 1.5  # what something unknown costs
_EACH = {"katakana": 0.3, "hiragana": 0.6, "other": 0.6}  # and each of its characters: foreign names are long
_KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc\uff66-\uff9d]")
_HIRAGANA = re.compile(r"[\u3041-\u3096]")


def cut_by_words(run: str, known: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Cut a run of characters into the fewest words that are known; what is none is kept together.

    Parameters
    ----------
    run
        Without spaces or punctuation.
    known
        Whether a string is a word.

    Returns
    -------
    list of (int, int)
        Where each word begins and ends; together they are the run. What is no known word is one as far as
        it is in one kind of letters. Of two ways to cut that cost the same, that with the longer last word is
        taken.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        found = []
        for start in range(max(0, end - _LONGEST), end):
            piece = run[start:end]
            if known(piece):
                cost = _WORD if len(piece) > 1 else _CHARACTER
            elif len({_kind(character) for character in piece}) == 1:
                cost = _REST + _EACH[_kind(piece[0])] * len(piece)
            else:
                continue
            found.append((best[start][0] + cost, start))
        best.append(min(found))
    words: list[tuple[int, int]] = []
    end = len(run)
    while end:
        words.append((best[end][1], end))
        end = best[end][1]
    return words[::-1]


def _kind(character: str) -> str:
    """Tell kinds of letters that are not written in one word where no lexicon knows it."""
    if _KATAKANA.fullmatch(character):
        return "katakana"
    return "hiragana" if _HIRAGANA.fullmatch(character) else "other"

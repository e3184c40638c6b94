"""When two sentences are one text: what of a sentence carries meaning, and what is a way of printing it."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus.base.patterns import lazy_pattern

if TYPE_CHECKING:
    from re import Match

_ONE_FORM = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | {"〜": "~"})
_WORD = lazy_pattern(r"[^\W\d_]+")
# NFKC makes plain figures of these, which would run into those beside them: 102 of 10², 21/2 of 2½, 150 of
# ①50, 1.5 of ⒈5. Full-width figures are plain ones.
_RAISED = "⁰¹²³⁴-⁹₀-₉"
_COMPOSED = "¼-¾⅐-⅟↉①-⒛⓪㉑-㉟㊱-㊿㋀-㋋㍘-㍰㍸㍹㎟-㎦㎨㎯㏠-㏾\U0001f100-\U0001f10a"
_POWER = lazy_pattern(rf"(?<=[\d{_COMPOSED}])(?=[{_RAISED}⁺⁻])")
_APART = lazy_pattern(rf"(?<=[\d{_RAISED}{_COMPOSED}])(?=[{_COMPOSED}])|(?<=[{_RAISED}{_COMPOSED}])(?=\d)")
_LISTED = lazy_pattern(r"(?<=[⒈-⒛\U0001f100-\U0001f10a])(?=\s*\d)")
_MINUS = lazy_pattern(r"(?<!\d)-(?=\D?\d)")
# What newspapers print for 〇.
_ZERO = lazy_pattern(r"(?<=[〇零一二三四五六七八九十])[○◯]")


def wording(text: str) -> str:
    """Return what two texts of a language have in common if they are one text, printed in two ways.

    What carries meaning is kept: letters with their marks; figures, and what stands between two (2.6 is not
    26, 5, 6 not 56, nor ①50 the figure 150); a sign right before a figure (-5, ±5, >5), which after a Latin
    letter is none (COVID-19); signs of per cent, per mille, degrees and currencies. Spaces and all other
    punctuation are left out; widths, dashes and ligatures have one form.

    Case is folded: one newspaper prints in capitals the headline that another prints as a sentence, and that
    is one text. But a word in capitals keeps them in a text that has small letters as well, so that
    "they told us" is not "they told US"; which makes two texts of "US LEAVES" and "US leaves". To part what
    is one costs a second result; to join what is two costs a wording that no search would compare.
    """
    if not text.isascii():
        text = _APART.sub(" ", _LISTED.sub("|", _POWER.sub("^", text)))
        text = unicodedata.normalize("NFKC", text).translate(_ONE_FORM)
        text = _ZERO.sub("〇", text)
    folded = text.casefold() if text.isupper() else _WORD.sub(_fold_word, text)
    return "".join(piece if piece.isalnum() else "".join(piece.split()) or " " for piece in _meant(folded))


def count_minus_signs(text: str) -> int:
    """Return how many figures of a text have a minus sign right before them."""
    return len(_MINUS.findall(wording(text)))


def _fold_word(match: Match[str]) -> str:
    word = match[0]
    return word if len(word) > 1 and word.isupper() else word.casefold()


@cache
def _pattern() -> Any:  # noqa: ANN401 - imported when it is needed
    import regex

    return regex.compile(
        r"[\p{L}\p{N}\p{M}]+"
        r"|(?<=\p{N})[^\p{L}\p{N}\p{M}]+(?=\p{N})"
        r"|[\p{Sc}%‰‱°]"
        r"|(?:(?<!\p{Latin})-|\p{Sm})(?=\p{Sc}?\p{N})"
    )


def _meant(text: str) -> list[str]:
    found: list[str] = _pattern().findall(text)
    return found

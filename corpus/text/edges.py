"""Where a word begins and ends: the one definition, for search, variants and concordances.

Chinese, Japanese and Thai have no such places, and Korean puts particles there; letters and digits of all
other scripts make up a word, which ends where they do: Kimhwa is a word in 在Kimhwa郡, and 23.4 a number in
占比23.4％.
"""

from __future__ import annotations

from corpus.base.patterns import lazy_pattern

_UNSPACED = (
    "\u0e00-\u0e7f\u1100-\u11ff\u2e80-\u312f\u3130-\u318f\u3190-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uffdc\U00020000-\U0003ffff"
)
OF_WORD = rf"[^\W_{_UNSPACED}]"
"""A letter or digit of a script that puts spaces between words; for `re`, `regex` and polars alike."""

UNSPACED_LETTER = rf"[\w&&[{_UNSPACED}]]"
"""A letter or digit of another script; for polars, which writes an intersection so."""

_IS_UNSPACED = lazy_pattern(f"[{_UNSPACED}]")
_NOT_OF_WORD = rf"[\W_{_UNSPACED}]"
_NO_POINT = rf"[[\W_{_UNSPACED}]&&[^.,]]"  # an intersection, as polars writes it
_CHARACTER = lazy_pattern(OF_WORD)


def is_of_word(character: str) -> bool:
    """Return whether a character is a letter or digit of a script that puts spaces between words."""
    return _CHARACTER.match(character) is not None


def is_unspaced(character: str) -> bool:
    """Return whether a character is of a script that puts no spaces between words, its marks included."""
    return _IS_UNSPACED.match(character) is not None


def left_edge(first: str) -> str:
    """Return what has to hold before a word or number that begins with a character, looking behind."""
    if not is_of_word(first):
        return ""
    return f"(?<!{OF_WORD})" + (r"(?<!\d[.,])" if first.isdigit() else "")


def right_edge(last: str) -> str:
    """Return what has to hold after a word or number that ends with a character, looking ahead."""
    if not is_of_word(last):
        return ""
    return f"(?!{OF_WORD})" + (r"(?![.,]\d)" if last.isdigit() else "")


def standing_alone(body: str, first: str, last: str) -> str:
    """Return an expression for a text that holds a word, in polars, which cannot look around.

    Parameters
    ----------
    body
        An expression for the word.
    first, last
        The characters that it begins and ends with.
    """
    left = right = ""
    if is_of_word(first):
        left = rf"(?:^|(?:^|\D)[.,]|{_NO_POINT})" if first.isdigit() else f"(?:^|{_NOT_OF_WORD})"
    if is_of_word(last):
        right = rf"(?:$|[.,](?:$|\D)|{_NO_POINT})" if last.isdigit() else f"(?:$|{_NOT_OF_WORD})"
    return f"{left}(?:{body}){right}"

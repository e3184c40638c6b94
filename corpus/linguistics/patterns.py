"""Patterns to look for in text: words, phrases with wildcards, regular expressions, and their matches.

Text is compared folded (`corpus.text.folding`): width, case, kind of quote, and traditional or simplified
characters do not count. Offsets are those of the text as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import regex

from corpus.base.errors import CorpusError
from corpus.base.limits import MAX_SECONDS
from corpus.text.chinese import simplified
from corpus.text.edges import OF_WORD, is_of_word, left_edge, right_edge
from corpus.text.folding import INVISIBLE, fold, fold_with_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.text.variants import Variants

_WORD = OF_WORD
_HANGUL = r"\p{Hangul}"
_DASH = r"\p{Pd}"
_BETWEEN = r"[\s\p{Pd}]+"

_QUOTES = "‘’´`“”"


_HANGUL_CHARACTER = regex.compile(_HANGUL)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matches.

    Attributes
    ----------
    start, end
        Code-point offsets into the text as it stands, end exclusive.
    form
        Number of the pattern's form that matches.
    """

    start: int
    end: int
    form: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, ready to be looked for.

    Attributes
    ----------
    query
        As the user wrote it.
    forms
        What is looked for: the query, or all forms of its group of variants. A regular expression is
        one form.
    expression
        Over folded text; group ``f0``, ``f1`` … says which form matches.
    prefilter
        A looser expression for polars, true of every text that the pattern matches, folded or not; None
        for a regular expression of the user's.
    """

    query: str
    forms: tuple[str, ...]
    expression: Any
    prefilter: str | None

    def matches(self, text: str) -> Iterator[Match]:
        """Yield where a text matches, from left to right, without overlaps and empty matches.

        Raises
        ------
        CorpusError
            If a regular expression takes more than `MAX_SECONDS` seconds on the text.
        """
        try:
            yield from self._matches(text)
        except TimeoutError:
            msg = (
                f"{self.query!r} was stopped: it took more than {MAX_SECONDS:g} seconds on one sentence "
                f"({text[:40]!r}…). A repetition inside a repetition, such as (a+)+, tries every way to "
                "share out the letters: write it once"
            )
            raise CorpusError(msg) from None

    def _matches(self, text: str) -> Iterator[Match]:
        if self.prefilter is None and self.expression.search(fold(text), timeout=MAX_SECONDS) is None:
            return  # places take longer to find than to tell that there are none
        folded, places = fold_with_places(text)
        for found in self.expression.finditer(folded, timeout=MAX_SECONDS):
            start, end = found.span()
            if start < end:
                form = int(found.lastgroup[1:]) if len(self.forms) > 1 else 0
                while end < len(folded) and places[end] == places[end - 1]:
                    end += 1  # what one stretch of the text was folded to is taken whole
                yield Match(places[start], places[end], form)

    def possible(self) -> pl.Expr | None:
        """Return whether the column `text` can match, None where only matching itself can tell."""
        return None if self.prefilter is None else pl.col("text").str.contains(self.prefilter)


def compile_pattern(query: str, *, as_regex: bool = False, forms: Sequence[str] = ()) -> Pattern:
    r"""Make a pattern of a word, a phrase or a regular expression.

    Parameters
    ----------
    query
        In a word or phrase, ``*`` stands for the rest of a word, or alone for a word; a space for white
        space or a hyphen. A form in letters of a script with spaces between words matches whole words
        only, and one that begins or ends in a digit whole numbers only.
    as_regex
        Whether the query is a regular expression of the `regex` library (``\p{Han}``, ``(?<!a)b``); it
        is looked for in folded text. Its ``\b`` is a word's edge as everywhere here: 在Kimhwa郡 has two.
    forms
        What to look for instead of the query: forms of one thing (`forms_of`).

    Raises
    ------
    CorpusError
        If the query holds nothing to look for, or is no regular expression.
    """
    _refuse_empty(query)
    if as_regex:
        return Pattern(query, (query,), _compiled_regex(query), None)
    _refuse_wordless(query)
    wanted = tuple(dict.fromkeys(forms)) or (query,)
    # Of forms that begin alike the longer is tried first.
    order = sorted(range(len(wanted)), key=lambda number: -len(wanted[number]))
    exact, loose = zip(*(_expressions(wanted[number]) for number in order), strict=True)
    named = "|".join(f"(?P<f{number}>{part})" for number, part in zip(order, exact, strict=True))
    prefilter = f"(?i:{'|'.join(loose)})|{_folding_to(''.join(wanted))}"
    return Pattern(query, wanted, regex.compile(named, regex.V1), prefilter)


def forms_of(query: str, variants: Variants) -> tuple[str, ...]:
    """Return the forms of the thing that a query names as a whole; none where it names no such thing.

    A wildcard in the query counts for nothing here: "local industr*" names what "local industry" does.
    """
    whole = fold(query.replace("*", ""))
    for start, end, variant in variants.places(whole):
        if (start, end) == (0, len(whole)):
            return tuple(form.text for form in variant.forms)
    return ()


def _refuse_empty(query: str) -> None:
    try:
        query.encode()
    except UnicodeEncodeError:
        msg = "the pattern is not valid UTF-8: check the terminal's or the file's encoding"
        raise CorpusError(msg) from None
    if not query.strip():
        msg = "the pattern holds no letter or number: name a word or a phrase to look for"
        raise CorpusError(msg)


def _refuse_wordless(query: str) -> None:
    if not any(character.isalnum() for character in query):
        msg = "the pattern holds no letter or number: name a word or a phrase to look for"
        raise CorpusError(msg)


# What is looked at whole: an escape, a class of characters.
_TOKEN = re.compile(r"\\b|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_EDGE = rf"(?:\b|(?<!{OF_WORD})(?={OF_WORD})|(?<={OF_WORD})(?!{OF_WORD}))"


def _with_edges(expression: str) -> str:
    r"""Return an expression whose ``\b`` is also where a word ends beside Chinese: 在Kimhwa郡."""
    return _TOKEN.sub(lambda token: _EDGE if token[0] == r"\b" else token[0], expression)


def _compiled_regex(query: str) -> Any:  # noqa: ANN401
    """Compile a user's expression, its letters folded as the text is; marks may be syntax and stay."""
    folded = "".join(character if character.isascii() else _folded_literal(character) for character in query)
    try:
        return regex.compile(_with_edges(folded), regex.V0 | regex.IGNORECASE)
    except regex.error as error:
        msg = f"{query!r} is not a regular expression: {error}"
        raise CorpusError(msg) from None


def _folded_literal(character: str) -> str:
    folded = fold(character)
    return folded if all(part.isalnum() for part in folded) else re.escape(folded)


def _expressions(form: str) -> tuple[str, str]:
    """Return the expression of a form, and a looser one for polars, which has no look-around."""
    _refuse_wordless(form)
    # As the text is folded, character by character: some are simplified otherwise in a phrase.
    words = fold_with_places(form)[0].split()
    first, last = words[0].lstrip("*")[:1] or "a", words[-1].rstrip("*")[-1:] or "a"
    exact = left_edge(first) + _BETWEEN.join(map(_word, words)) + right_edge(last)
    loose = _BETWEEN.join(map(_word, words))
    if not loose.isascii():
        loose = "".join(_unsimplified().get(character, character) for character in loose)
    return exact, loose.replace("'", "['‘’´`]").replace('"', '["“”]')


def _folding_to(characters: str) -> str:
    """Return a class of what may be folded to some characters in ways that polars does not see.

    That is all but case, quotes and simplification: full-width forms, ligatures, marks that are joined to
    letters. To fold every text before it is looked at would take ten times as long.
    """
    wanted = set(fold(characters))
    found = "".join(character for character, folded in _unfolded().items() if wanted & folded)
    return rf"[\p{{M}}\x{{1100}}-\x{{11ff}}{INVISIBLE}{found}]"


@cache
def _unfolded() -> dict[str, frozenset[str]]:
    """Return what each character is folded to that is not simply another case of it."""
    blocks = (range(0x80, 0x3400), range(0xA000, 0xD800), range(0xF900, 0x10000), range(0x1D400, 0x1D800))
    characters = (chr(code) for block in (*blocks, range(0x2F800, 0x2FA20)) for code in block)
    folded = (
        (character, fold(character))
        for character in characters
        if character not in _QUOTES and not _is_plain(character)
    )
    return {
        character: frozenset(plain)
        for character, plain in folded
        if len(plain) != 1 or plain != character.lower()
    }


def _is_plain(character: str) -> bool:
    """Whether a character is folded to its lower case at most; a quick look, which leaves out Chinese ones.

    To fold all of them takes longer than to search a small corpus.
    """
    return (
        not "\u2e80" <= character < "\ua000"
        and unicodedata.is_normalized("NFKC", character)
        and character.casefold() == (lower := character.lower())
        and len(lower) == 1
        and not character.isspace()
    )


@cache
def _unsimplified() -> dict[str, str]:
    """Return a class of all characters that are simplified to one, for each such character."""
    classes: dict[str, str] = {"着": "着著"}
    # One call for all of them, a line each, so that no two make a phrase.
    written = [chr(code) for block in (range(0x3400, 0xA000), range(0x20000, 0x323B0)) for code in block]
    for character, plain in zip(written, simplified("\n".join(written)).split("\n"), strict=True):
        if plain != character:
            classes[plain] = classes.get(plain, plain) + character
    return {plain: f"[{characters}]" for plain, characters in classes.items()}


def _word(word: str) -> str:
    if not word.strip("*"):
        return f"{_WORD}+"
    parts: list[str] = []
    for place, character in enumerate(word):
        if character == "*":
            parts.append(_rest(word[:place].rstrip("*")[-1:] or word[place:].lstrip("*")[:1]))
        else:
            parts.append(_DASH if unicodedata.category(character) == "Pd" else re.escape(character))
    return "".join(parts)


def _rest(beside: str) -> str:
    """Return what a wildcard beside a character stands for: in Chinese, whose words have no end, nothing."""
    if _HANGUL_CHARACTER.match(beside):
        return f"{_HANGUL}*"
    return f"{_WORD}*" if beside and is_of_word(beside) else ""

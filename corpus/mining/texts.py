"""Texts to be paired: their sentences, vectors, figures and names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import regex

from align.scoring.numerals import quantities
from corpus.lexicons.names import korean_name, pinyin, wade_giles
from corpus.lexicons.sounds import plain as unaccented

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from align.encoder import Vectors
    from align.scoring.numerals import Quantity

MOST_SENTENCES = 400
"""Of a longer text, so many sentences are looked at, evenly spaced."""

MOST_ASKED = 32
"""So many sentences of a text look for their translation, evenly spaced."""

_NAME = regex.compile(r"(?<=[\p{L}\p{N},;»”]\s)\p{Lu}[\p{L}’'-]{3,}")
_WORD = regex.compile(r"[\p{L}’'-]{3,}")
_PLAIN = regex.compile(r"[^a-z]+")
_RUN = regex.compile(r"\p{Han}+|\p{Hangul}+")


@dataclass(frozen=True)
class Text:
    """A version of a document, as far as it is looked at.

    Attributes
    ----------
    doc_id, version, lang
        Which it is.
    sentences
        Not blank; `MOST_SENTENCES` at most.
    vectors
        Shape (len(sentences), dim), unit rows.
    first, last
        The days that its date stands for, None where none is known.
    paragraphs
        The number of the paragraph that each sentence is in, as the aligner counts them; empty if not known.
    rest
        A digest of all its sentences, where these are some of them; empty where they are all.
    """

    doc_id: str
    version: int
    lang: str
    sentences: Sequence[str]
    vectors: Vectors
    first: date | None = None
    last: date | None = None
    paragraphs: Sequence[int] = ()
    rest: str = ""

    @cached_property
    def digest(self) -> str:
        """What it says, and in which language: 24 hexadecimal digits."""
        parts = "\0".join([self.lang, self.rest, *self.sentences, *map(str, self.paragraphs)])
        return blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()

    @cached_property
    def key(self) -> str:
        """Which version of which document it is, and what it says."""
        return f"{self.digest} {self.version} {self.doc_id}"

    @cached_property
    def asked(self) -> np.ndarray:
        """Numbers of the sentences that look for their translation, ascending."""
        return spaced(len(self.sentences), MOST_ASKED)

    @cached_property
    def figures(self) -> list[Quantity]:
        """The quantities in it that a translation has to keep."""
        return [one for sentence in self.sentences for one in quantities(sentence) if one.certain]

    @cached_property
    def names(self) -> set[str]:
        """Its names in Latin letters, as far as they are told by their capitals: plain small letters."""
        found = Counter(plain(name) for text in self.sentences for name in _NAME.findall(text))
        return {name for name in found if len(name) >= 4}

    @cached_property
    def spelt(self) -> set[str]:
        """What its names may be in Latin letters: of Chinese and Korean, runs of two to four characters."""
        if self.lang not in ("zh", "ko"):
            return self.names
        return {spelt for text in self.sentences for spelt in name_spellings(text, self.lang)}


@lru_cache(4096)
def name_spellings(text: str, lang: str) -> frozenset[str]:
    """Return what names in a text may be in Latin letters, in plain small letters.

    Parameters
    ----------
    text, lang
        Of Chinese and Korean all runs of two to four characters are spelt by the rules for names; of what is
        in Latin letters each word of three letters or more is itself.
    """
    if lang not in ("zh", "ko"):
        return frozenset(word for found in _WORD.findall(text) if len(word := plain(found)) >= 3)
    runs = set(_RUN.findall(text))
    if lang == "ko":
        pieces = {run[i : i + n] for run in runs for n in (2, 3, 4) for i in range(len(run) - n + 1)}
        return frozenset(spelt for piece in pieces for spelt in _korean(piece))
    found = set()
    for run in runs:
        for way in zip(*(_syllables(char) for char in run), strict=True):
            found |= {"".join(way[i : i + n]) for n in (2, 3, 4) for i in range(len(way) - n + 1)}
    return frozenset(found)


@lru_cache(4096)
def syllables(text: str) -> frozenset[str]:
    """Return how the characters of a Chinese text are read, one by one, in plain small letters."""
    return frozenset(spelt for char in text for spelt in _syllables(char) if spelt)


@cache
def _syllables(char: str) -> tuple[str, str]:
    """Return how a Chinese character is read, in Pinyin and in Wade–Giles; empty where it is not known."""
    spelt = pinyin(char)
    return (plain(spelt[0]), plain(wade_giles(spelt[0]))) if spelt else ("", "")


@lru_cache(200_000)
def _korean(text: str) -> tuple[str, ...]:
    return tuple({plain(name) for name in korean_name(text)})


def plain(name: str) -> str:
    """Return a name's letters a to z, in small letters without diacritics."""
    return str(_PLAIN.sub("", unaccented(name)))


def spaced(count: int, most: int) -> np.ndarray:
    """Return the numbers of `most` of `count` things, evenly spaced; of all if there are no more."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).round().astype(np.int64))

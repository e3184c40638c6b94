"""What speaks for a passage being about a query: its words, their translations, its meaning, its length.

A word's evidence is a likelihood ratio. If a text speaks of the thing, form `e` stands in it with the
probability `w` that a lexicon gives; if it does not, with the share `p` of texts that hold it anyway. A text
that holds it is the more likely about the thing by

    log(1 + w (1 − p) / p)

so that a rare form says much, a common one little, and an improbable translation less: translated words as
in cross-language language models (Xu, Weischedel & Nguyen 2001, "Evaluating a probabilistic model for
cross-lingual information retrieval"), the rarity of all forms of a word together as in probabilistic
structured queries (Darwish & Oard 2003). Of several forms in one text the one that says most counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from corpus.search.index.sparse import taken, united

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.search.relevance.expansion import Form, Phrase, Word

CERTAIN = 0.9
"""Weight of a form that is the query's word itself."""

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


class Postings(Protocol):
    """Where words stand: the lexical side of an index, seen one language at a time."""

    @property
    def size(self) -> int:
        """How many texts there are, in all languages: rows are numbered up to it."""
        ...

    @property
    def living(self) -> int:
        """How many of them are still in a document."""
        ...

    def count(self, lang: str) -> int:
        """Return how many texts there are in a language."""
        ...

    def rows(self, term: str, lang: str) -> Rows:
        """Return the texts of a language that hold a term, ascending."""
        ...


@dataclass(frozen=True)
class WordEvidence:
    """What the words of a query say of texts.

    Attributes
    ----------
    rows
        Of which texts: shape (n,), ascending. Of all others they say nothing.
    own, translated
        Shape (n,): share of the query that a text's words make up, 0 to 1, by the query's own words and by
        translations; words count by their rarity.
    strength
        Shape (n,): the log-likelihood ratios summed, against that of the rarest word there could be: one
        that stands in one text counts 1, whatever the number of texts.
    least
        Shape (n,): how far a text holds the word of the query that it holds least of, 0 to 1, in whatever
        language: "dress" alone says nothing of a wedding dress.
    words
        How many words the query has.
    weight
        The rarity of all of them: what `strength` can be at most, about.
    """

    rows: Rows
    own: Floats
    translated: Floats
    strength: Floats
    least: Floats
    words: int
    weight: float

    def of(self, rows: Rows) -> WordEvidence:
        """Return what they say of these texts, in this order: nothing of those that hold none of them."""
        own, translated, strength, least = (
            taken(self.rows, column, rows)
            for column in (self.own, self.translated, self.strength, self.least)
        )
        return WordEvidence(rows, own, translated, strength, least, self.words, self.weight)


class _Held:
    """The texts that hold any form of a query's words, numbered from 0, and which of them hold which."""

    def __init__(self, phrases: Sequence[Phrase], langs: Sequence[str], postings: Postings) -> None:
        self.postings = postings
        self.langs = langs
        self._found: dict[tuple[str, tuple[str, ...]], Rows] = {}
        forms = [phrase.forms for phrase in phrases]
        forms += [word.forms for phrase in phrases for word in phrase.words]
        for lang in langs:
            for form in (form for one in forms for form in one.get(lang, ())):
                if (lang, form.terms) not in self._found:
                    self._found[lang, form.terms] = _holding(form.terms, lang, postings)
        self.rows = united(self._found.values())
        self._places = {key: np.searchsorted(self.rows, rows) for key, rows in self._found.items()}

    def places(self, lang: str, terms: tuple[str, ...]) -> Rows:
        """Return the numbers of the texts of a language that hold all of some terms."""
        return self._places[lang, terms]


def word_evidence(phrases: Sequence[Phrase], langs: Sequence[str], postings: Postings) -> WordEvidence:
    """Look the words of a query up in all texts, through the inverted index.

    Nothing is computed for texts that hold none of them.
    """
    held = _Held(phrases, langs, postings)
    size = len(held.rows)
    own, translated = np.zeros(size, np.float32), np.zeros(size, np.float32)
    strength = np.zeros(size, np.float32)
    least = np.ones(size, np.float32)
    total = 0.0
    for phrase in phrases:
        share = np.zeros(size, np.float32)
        direct = np.zeros(size, np.float32)
        fewest = np.ones(size, np.float32)
        weight = 0.0
        for word in phrase.words:
            found, mine, rarity = _word(word, held)
            share += found * np.float32(rarity)
            direct += mine * np.float32(rarity)
            np.minimum(fewest, found, out=fewest)
            weight += rarity
        if any(phrase.forms.values()):
            whole, _ = _match(phrase.forms, held)
            np.maximum(share, np.minimum(whole, weight), out=share)
            np.maximum(fewest, np.minimum(whole / np.float32(max(weight, 1e-6)), 1), out=fewest)
        np.minimum(least, fewest, out=least)
        own += direct
        translated += np.maximum(share - direct, 0)
        strength += share
        total += weight
    total = max(total, 1e-6)
    rarest = np.float32(math.log1p(postings.living))
    count = sum(len(phrase.words) for phrase in phrases)
    if not phrases:
        least[:] = 0
    return WordEvidence(held.rows, own / total, translated / total, strength / rarest, least, count, total)


def _word(word: Word, held: _Held) -> tuple[Floats, Floats, float]:
    """Return how far each text holds a word, 0 to 1, how far by the query's own form, and its rarity."""
    every, expected = _match(word.forms, held)
    only = {
        lang: tuple(form for form in forms if form.source == "query") for lang, forms in word.forms.items()
    }
    mine, _ = _match(only, held)
    # As rare as all its forms together, in texts of whatever language.
    rarity = math.log(1 + (held.postings.living - expected + 0.5) / (expected + 0.5))
    # The query's own word, in its own language, is the word itself, however few texts there are.
    certain, _ = _match(
        {lang: tuple(f for f in forms if f.weight >= CERTAIN) for lang, forms in only.items()}, held
    )
    mine = np.where(certain > 0, 1, np.minimum(mine / rarity, 1)).astype(np.float32)
    return np.maximum(np.minimum(every / rarity, 1), mine), mine, rarity


def _match(forms: dict[str, tuple[Form, ...]], held: _Held) -> tuple[Floats, float]:
    """Return the log-likelihood ratio of each text, and how many texts hold any form, each by its weight."""
    postings = held.postings
    found = np.zeros(len(held.rows), np.float32)
    expected = 0.0
    for lang in held.langs:
        # A language of few texts has no shares to speak of: as if it had as many as the others.
        size = max(postings.count(lang), postings.size // max(1, len(held.langs)))
        for form in forms.get(lang, ()):
            rows = held.places(lang, form.terms)
            if not len(rows):
                continue
            chance = (len(rows) + 0.5) / (size + 1)
            ratio = math.log1p(form.weight * (1 - chance) / chance)
            found[rows] = np.maximum(found[rows], np.float32(ratio))
            expected += form.weight * len(rows)
    return found, min(expected, float(postings.living))


def _holding(terms: Sequence[str], lang: str, postings: Postings) -> Rows:
    rows: Rows | None = None
    for term in terms:
        column = postings.rows(term, lang)
        rows = column if rows is None else np.intersect1d(rows, column, assume_unique=True)
        if not len(rows):
            break
    return np.empty(0, np.int64) if rows is None else rows


FEATURES = (
    "cosine", "margin", "own words", "translations", "whole", "every word", "cosine × words", "strength",
    "literal", "length",
)  # fmt: skip
"""Names of the evidence, in the order of the columns of `features`."""


def features(
    words: WordEvidence, cosines: Floats, background: Floats, literal: npt.NDArray[np.bool_], lengths: Floats
) -> Floats:
    """Put the evidence together.

    Parameters
    ----------
    words
        Of the texts asked about.
    cosines
        Shape (n,): of query and text.
    background
        Shape (n,): how near the nearest of a sample of the text's language come to the query.
    literal
        Shape (n,): whether a text holds the query letter by letter.
    lengths
        Shape (n,): words of each text.

    Returns
    -------
    Floats
        Shape (n, len(FEATURES)); the greater each, the more it speaks for the text.
    """
    covered = np.minimum(words.own + words.translated, 1)
    columns = [
        np.clip(cosines, 0, 1),
        np.clip(cosines - background + 0.3, 0, 0.8),
        words.own,
        words.translated,
        covered**3,  # half of a query's words say less than half of what all of them say
        words.least,
        np.clip(cosines, 0, 1) * covered,
        np.minimum(words.strength / 3, 1),
        literal.astype(np.float32),
        np.minimum(np.log1p(lengths) / math.log1p(6), 1),
    ]
    return np.stack(columns, axis=1).astype(np.float32)

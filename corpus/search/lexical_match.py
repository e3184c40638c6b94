"""Which sentences hold a query's words, and how much of the query each covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.search.index.bm25 import rarity
from corpus.search.index.sparse import taken, united
from corpus.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.search.index.bm25 import Column, Floats
    from corpus.search.index.segment import Segment
    from corpus.search.index.vector_index import Rows
    from corpus.search.query import Concept, Query


@dataclass(frozen=True)
class Matches:
    """What of a query stands in the rows of a segment.

    Attributes
    ----------
    rows
        Those that any of it stands in: shape (n,), ascending.
    scores
        BM25 of each of them: shape (n,).
    coverage
        How much of the query each of them holds, its things weighted by how rare they are: shape (n,), 0 to
        1.
    literal
        The rows that hold the query word for word, in order.
    named
        Those, and where the query is nothing but a form of one thing, those that hold another form; in order.
    """

    rows: Rows
    scores: Floats
    coverage: Floats
    literal: Rows
    named: Rows

    def scores_at(self, rows: Rows) -> Floats:
        """Return the scores of some rows of the segment, 0 where nothing of the query stands."""
        return taken(self.rows, self.scores, rows)

    def coverage_at(self, rows: Rows) -> Floats:
        """Return how much of the query some rows of the segment hold."""
        return taken(self.rows, self.coverage, rows)


@dataclass(frozen=True)
class _Found:
    """A concept looked up: of each segment the columns of its terms, and the rows of its letters."""

    terms: Sequence[float]
    columns: Sequence[Sequence[Column]]
    letters: Sequence[Column] | None
    weight: float

    def rows(self, place: int) -> Iterator[Rows]:
        """Yield the rows of a segment that hold some of it."""
        yield from (column.rows for column in self.columns[place])
        if self.letters is not None:
            yield self.letters[place].rows


def match(segments: Sequence[Segment], query: Query) -> list[Matches]:
    """Look for a query's words and phrases in all the rows of some segments.

    A thing that the variants file knows, or that is found by its letters only, scores as one word would that
    stood in all the texts that hold any form of it, once in each: whatever the form and its language.

    Parameters
    ----------
    segments
        Of an index. How rare a word is, is counted over all of them.
    query
        What to look for.
    """
    total = sum(segment.words.size for segment in segments)
    concepts = [_look_up(concept, segments, total) for concept in query.concepts]
    weights = sum(concept.weight for concept in concepts)
    found = []
    for place, segment in enumerate(segments):
        rows = united(part for concept in concepts for part in concept.rows(place))
        scores, coverage = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
        for concept in concepts:
            _add(concept, place, rows, scores, coverage)
        if weights:
            np.divide(coverage, weights, out=coverage)
        found.append(Matches(rows, scores, coverage, *_named(segment, query)))
    return found


def _named(segment: Segment, query: Query) -> tuple[Rows, Rows]:
    """Return the rows that hold the query word for word, and those that hold it or another form of it."""
    literal = named = segment.holding(query.literal)
    if len(query.concepts) == 1 and query.concepts[0].variant is not None:
        forms = query.concepts[0].sought
        assert forms is not None
        named = np.union1d(literal, segment.holding(forms))
    return literal, named


def variant_in(text: str, query: Query) -> str | None:
    """Return the form of a thing that a text names otherwise than a query does; None where there is none."""
    folded, asked = fold(text), fold(query.text)
    for variant in query.variants:
        words = [folded[start:end] for start, end, _ in variant.find(folded)]
        same = [asked[start:end] for start, end, _ in variant.find(asked)]
        if words and not set(words) & set(same):
            return words[0]
    return None


def _look_up(concept: Concept, segments: Sequence[Segment], total: int) -> _Found:
    """Look a concept up in all segments, and weigh it: how rare it is among all their texts."""
    terms = [
        rarity(sum(segment.words.frequency(term) for segment in segments), total) for term in concept.terms
    ]
    columns = [[segment.words.column(term) for term in concept.terms] for segment in segments]
    if concept.sought is None:
        return _Found(terms, columns, None, sum(terms))
    letters = [segment.words.once(segment.holding(concept.sought)) for segment in segments]
    return _Found(terms, columns, letters, rarity(sum(len(one.rows) for one in letters), total))


def _add(concept: _Found, place: int, rows: Rows, scores: Floats, coverage: Floats) -> None:
    """Add what a concept scores, and covers, to the rows of a segment."""
    # Shares of the concept's weight: a form found by its letters counts as much as one by its words.
    own, covers = np.zeros_like(scores), np.zeros_like(coverage)
    terms_weight = sum(concept.terms)
    for rare, column in zip(concept.terms, concept.columns[place], strict=True):
        at = np.searchsorted(rows, column.rows)
        own[at] += rare / terms_weight * column.saturation
        covers[at] += rare / terms_weight
    if concept.letters is not None:
        column = concept.letters[place]
        at = np.searchsorted(rows, column.rows)
        own[at] = column.saturation
        covers[at] = 1
    scores += np.float32(concept.weight) * own
    coverage += np.float32(concept.weight) * covers

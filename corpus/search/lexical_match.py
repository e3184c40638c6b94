"""Which sentences hold a query's words, and how much of the query each covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.search.index.bm25 import rarity
from corpus.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.search.index.bm25 import Floats
    from corpus.search.index.segment import Segment
    from corpus.search.index.vector_index import Rows
    from corpus.search.query import Concept, Query


@dataclass(frozen=True)
class Matches:
    """What of a query stands in the rows of a segment.

    Attributes
    ----------
    scores
        BM25: shape (rows,), 0 where no word of the query stands.
    coverage
        How much of the query each row holds, its things weighted by how rare they are: shape (rows,), 0 to 1.
    literal
        The rows that hold the query word for word, in order.
    named
        Those, and where the query is nothing but a form of one thing, those that hold another form; in order.
    """

    scores: Floats
    coverage: Floats
    literal: Rows
    named: Rows


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
    found = [_named(segment, query) for segment in segments]
    weights = 0.0
    for concept in query.concepts:
        weights += _add(concept, segments, found, total)
    for matches in found:
        if weights:
            np.divide(matches.coverage, weights, out=matches.coverage)
    return found


def _named(segment: Segment, query: Query) -> Matches:
    size = segment.words.size
    literal = named = segment.holding(query.literal)
    if len(query.concepts) == 1 and query.concepts[0].variant is not None:
        forms = query.concepts[0].sought
        assert forms is not None
        named = np.union1d(literal, segment.holding(forms))
    return Matches(np.zeros(size, np.float32), np.zeros(size, np.float32), literal, named)


def variant_in(text: str, query: Query) -> str | None:
    """Return the form of a thing that a text names otherwise than a query does; None where there is none."""
    folded, asked = fold(text), fold(query.text)
    for variant in query.variants:
        words = [folded[start:end] for start, end, _ in variant.find(folded)]
        same = [asked[start:end] for start, end, _ in variant.find(asked)]
        if words and not set(words) & set(same):
            return words[0]
    return None


def _add(concept: Concept, segments: Sequence[Segment], found: Sequence[Matches], total: int) -> float:
    """Add what a concept scores, and covers, to the matches; return its weight in the query."""
    terms = [
        (term, rarity(sum(segment.words.frequency(term) for segment in segments), total))
        for term in concept.terms
    ]
    terms_weight = sum(weight for _, weight in terms)
    sought = concept.sought
    rows = [segment.holding(sought) for segment in segments] if sought is not None else None
    weight = terms_weight if rows is None else rarity(sum(map(len, rows)), total)
    for place, (segment, matches) in enumerate(zip(segments, found, strict=True)):
        # Shares of the concept's weight: a form found by its letters counts as much as one by its words.
        scores, covers = np.zeros_like(matches.scores), np.zeros_like(matches.coverage)
        for term, rare in terms:
            column = segment.words.column(term)
            scores[column.rows] += rare / terms_weight * column.saturation
            covers[column.rows] += rare / terms_weight
        if rows is not None:
            column = segment.words.once(rows[place])
            scores[column.rows] = column.saturation
            covers[column.rows] = 1
        matches.scores[:] += np.float32(weight) * scores
        matches.coverage[:] += np.float32(weight) * covers
    return weight

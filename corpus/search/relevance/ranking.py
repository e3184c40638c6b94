"""The order of hits by one probability, from all that speaks for a passage being about a query."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from align.exact import exact_dots, quantised
from corpus.search.index.held import of_each
from corpus.search.index.sparse import united
from corpus.search.language_bias import draw_samples
from corpus.search.ranking import Candidate
from corpus.search.relevance.evidence import WordEvidence, features

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from align.encoder import Vectors
    from corpus.search.index.segment import Segment
    from corpus.search.index.vector_index import Mask, Rows
    from corpus.search.lexical_match import Matches
    from corpus.search.relevance.model import Relevance

    Floats = npt.NDArray[np.float32]

_AT_LEAST = 200  # rows of each language to look at by each kind of evidence
_FEW = 3
_NEAREST = 0.02  # a language's background is as near as this share of its texts come


class Postings:
    """The words of an index's segments, seen one language at a time (`corpus.search.relevance.evidence`).

    Rows are numbered through all segments, in their order.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = segments
        self.starts = np.concatenate([[0], np.cumsum([len(one.ids) for one in segments])]).astype(np.int64)
        self._counts: dict[str, int] = {}

    @property
    def size(self) -> int:
        """How many texts there are, in all languages."""
        return int(self.starts[-1])

    @cached_property
    def living(self) -> int:
        """How many of them are still in a document."""
        return sum(segment.living for segment in self.segments)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the texts."""
        return tuple(sorted({lang for segment in self.segments for lang in segment.languages}))

    def count(self, lang: str) -> int:
        """Return how many texts there are in a language."""
        if lang not in self._counts:
            self._counts[lang] = sum(int(_living(segment, lang).sum()) for segment in self.segments)
        return self._counts[lang]

    def rows(self, term: str, lang: str) -> Rows:
        """Return the texts of a language that hold a term, ascending."""
        parts = []
        for segment, start in zip(self.segments, self.starts.tolist(), strict=False):
            rows = segment.words.column(term).rows
            rows = rows[segment.of(lang)[rows]]
            if segment.alive is not None:
                rows = rows[segment.alive[rows]]
            parts.append(np.sort(rows) + start)
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def frequency(self, term: str) -> int:
        """Return in how many texts a term stands."""
        return sum(segment.words.frequency(term) for segment in self.segments)


def _living(segment: Segment, lang: str) -> Mask:
    return segment.of(lang) if segment.alive is None else segment.of(lang) & segment.alive


def samples_of(segments: Sequence[Segment]) -> dict[str, Vectors]:
    """Draw texts of each language, to know how near the nearest come to a query; of few, all."""
    return draw_samples(segments, fewest=1)


def backgrounds(samples: Mapping[str, Vectors], vector: Vectors) -> dict[str, float]:
    """Return how near the nearest fiftieth of each language's sample comes to a query, or its third text.

    In a small sample the nearest may well be what is looked for, and no background to it.
    """
    near: dict[str, float] = {}
    for lang, vectors in samples.items():
        scores = np.sort(exact_dots(vectors, vector)[:, 0])[::-1]
        near[lang] = float(scores[min(max(round(_NEAREST * len(scores)), _FEW) - 1, len(scores) - 1)])
    return near


class _Scored(NamedTuple):
    """Rows with what is known of each, in columns of one length: `Candidate` says what they mean."""

    ids: Rows
    scores: Floats
    meanings: Floats
    bm25: Floats
    coverage: Floats
    literal: Mask
    close: Mask
    stands_out: Mask

    def candidates(self, places: Rows) -> list[Candidate]:
        """Return some of the rows, each with all that is known of it."""
        columns = zip(*(column[places].tolist() for column in self), strict=True)
        return [
            Candidate(
                text_id=one, score=score, lift=0.0, fused=score, bm25=bm25, coverage=coverage,
                dense_rank=None, lexical_rank=None, literal=literal, meaning=meaning, stands_out=stands_out,
            )
            for one, score, meaning, bm25, coverage, literal, _, stands_out in columns
        ]  # fmt: skip


@dataclass(frozen=True)
class RelevanceRanking:
    """The rows of an index that a query may find, by the probability that they are about it.

    Attributes
    ----------
    segments, masks
        The index, and which rows of each segment may be found; None for all.
    vector
        The query's: shape (1, dim).
    matches
        What of the query stands in each segment, by its own words and by variants.
    words
        What the query's words and their translations say of the rows that hold any, numbered through all
        segments.
    background
        By language (`backgrounds`).
    model
        Weights.
    threshold
        The least probability of a hit, but for rows that hold the query word for word.
    fill
        Whether, where something is close, the best below the threshold are hits, too, if they stand out.
    known
        Whether something is close in languages that are not searched here.
    """

    segments: Sequence[Segment]
    masks: Sequence[Mask | None]
    vector: Vectors
    matches: Sequence[Matches]
    words: WordEvidence
    background: Mapping[str, float]
    model: Relevance
    threshold: float
    fill: bool = False
    known: bool = False

    @cached_property
    def nearest(self) -> float | None:
        """The greatest probability of a row that may be found; None where there is none."""
        scored = self._scored(_AT_LEAST)
        return float(scored.scores[0]) if len(scored.scores) else None

    def best(self, count: int) -> tuple[list[Candidate], bool]:
        """Return the best hits, in order, and whether they are all there are.

        Parameters
        ----------
        count
            How many rows of each language to look at by each kind of evidence, at least, and how many hits
            to return at most: two hundred where fewer are asked for.
        """
        count = max(count, _AT_LEAST)
        scored = self._scored(count)
        places = np.flatnonzero(scored.close)
        if self.fill and (self.known or len(places)):
            places = np.concatenate([places, np.flatnonzero(~scored.close & scored.stands_out)])
        whole = all(len(segment.ids) <= count for segment in self.segments)
        return scored.candidates(places[:count]), len(places) < count or (whole and len(places) <= count)

    @cached_property
    def close(self) -> bool:
        """Whether any row reaches the threshold, or holds the query word for word."""
        return bool(self._scored(_AT_LEAST).close.any())

    def is_close(self, one: Candidate) -> bool:
        """Whether a row reaches the threshold, or holds the query word for word."""
        return one.literal or (one.score is not None and int(quantised(np.float64(one.score))) >= self._least)

    @cached_property
    def _least(self) -> int:
        return int(quantised(np.float64(self.threshold)))

    @cached_property
    def _kept(self) -> dict[int, _Scored]:
        return {}

    def _scored(self, count: int) -> _Scored:
        if count not in self._kept:
            parts = of_each(self.segments, lambda place: self._of_segment(place, count))
            columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
            if not parts:
                columns = [np.empty(0, np.int64) for _ in _Scored._fields]
            scored = _Scored(*columns)
            # By probability, then by meaning, each on a grid; of equals, by text.
            order = np.lexsort((scored.ids, -quantised(scored.meanings), -quantised(scored.scores)))
            self._kept[count] = _Scored._make(column[order] for column in scored)
        return self._kept[count]

    def _of_segment(self, place: int, count: int) -> _Scored:
        segment, mask, matches = self.segments[place], self.masks[place], self.matches[place]
        start = sum(len(one.ids) for one in self.segments[:place])
        part = slice(*np.searchsorted(self.words.rows, [start, start + len(segment.ids)]))
        held = united([self.words.rows[part] - start, matches.rows, matches.named])
        said = self.words.of(held + start)
        by_words = matches.coverage_at(held)
        # A form that the variants know of counts as the query's own word.
        own = np.maximum(said.own, np.minimum(by_words, 1))
        translated = np.minimum(said.translated, 1 - own)
        living = sum(one.living for one in self.segments)
        known = by_words * np.float32(self.words.weight / np.log1p(living))
        strength = np.maximum(said.strength, known)
        every = np.maximum(said.least, np.floor(np.minimum(by_words, 1) + 1e-6))
        said = replace(said, rows=held, own=own, translated=translated, strength=strength, least=every)
        rows = self._candidates(segment, mask, matches, said, count)
        said = said.of(rows)
        cosines = segment.similarities(self.vector, rows).astype(np.float32)
        langs = segment.langs.gather(rows).to_list()
        near = np.array([self.background.get(lang, 0.0) for lang in langs], np.float32)
        evidence = features(
            said,
            cosines,
            near,
            np.isin(rows, matches.named, assume_unique=True),
            segment.words.different[rows].astype(np.float32),
        )
        probabilities = self.model.probabilities(evidence, max(self.words.words, 1), living)
        literal = np.isin(rows, matches.literal, assume_unique=True)
        covered = said.own + said.translated
        return _Scored(
            ids=np.asarray(segment.ids)[rows].astype(np.int64),
            scores=probabilities,
            meanings=cosines,
            bm25=matches.scores_at(rows),
            coverage=np.minimum(covered, 1),
            literal=literal,
            close=literal | (quantised(probabilities) >= self._least),
            stands_out=(quantised(cosines) >= quantised(near)) | (covered > 0),
        )

    def _candidates(
        self, segment: Segment, mask: Mask | None, matches: Matches, said: WordEvidence, count: int
    ) -> Rows:
        """Return rows to look at: of each language the nearest, and those whose words say most."""
        named = matches.named if mask is None else matches.named[mask[matches.named]]
        found = [_most(named, said, segment, count)]
        for lang in segment.languages:
            of_lang = segment.of(lang) if mask is None else segment.of(lang) & mask
            found.append(segment.nearest(self.vector, count, mask, (lang,)).rows)
            found.append(_most(said.rows[of_lang[said.rows] & (said.strength > 0)], said, segment, count))
        return np.unique(np.concatenate(found)).astype(np.int64)


def _most(rows: Rows, said: WordEvidence, segment: Segment, count: int) -> Rows:
    """Return the rows whose words say most; of many that say as much, four times as many as asked for."""
    if len(rows) > count:
        # Whatever holds as much as the last: which of them a partition takes is not the processor's.
        of_rows = said.of(rows)
        ranks = -quantised(of_rows.strength + (of_rows.own + of_rows.translated))
        rows = rows[ranks <= np.partition(ranks, count - 1)[count - 1]]
    if len(rows) > 4 * count:
        rows = rows[np.argsort(segment.ids[rows])]
    return rows[: 4 * count]

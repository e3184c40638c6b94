"""The order of hits: by meaning, by words, or by both."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from align.exact import SCORE_GRID, quantised
from corpus.search.fusion import K, reciprocal_ranks
from corpus.search.index.held import of_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from align.encoder import Vectors
    from corpus.search.index.segment import Segment
    from corpus.search.index.vector_index import Mask, Rows
    from corpus.search.lexical_match import Matches

Mode: TypeAlias = Literal["dense", "lexical", "hybrid"]
MODES: tuple[Mode, ...] = ("dense", "lexical", "hybrid")

COVERED = 2 / 3
"""The share of a query that a sentence's words must make up for it to be a hit by its words alone."""

_FOR_WORDS = (
    0.5  # what a rank by meaning counts besides, in a language that the query's words do not stand in
)


# Fused ranks are sums of fractions, without noise but for their last bits; far down they differ by little.
_FUSED_GRID = 2.0**-40


class Row(NamedTuple):
    """A row of an index: the place of its segment, and its number there."""

    segment: int
    row: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that is a hit, and why (`corpus.search.results.HITS` says what the fields mean).

    `through` is the sentence it is aligned with, and its language, where the evidence is of that one
    (`corpus.search.through_beads`). `stands_out` says whether it holds something of the query, or is nearer
    to it than most of its language.
    """

    text_id: int
    score: float | None
    lift: float
    fused: float
    bm25: float
    coverage: float
    dense_rank: int | None
    lexical_rank: int | None
    literal: bool
    meaning: float | None = None
    through: tuple[str, str] | None = None
    stands_out: bool = True

    def evidence(self) -> dict[str, Any]:
        """Return the columns of a hit that say why it is one."""
        names = (
            "score", "lift", "fused", "bm25", "coverage", "dense_rank", "lexical_rank", "literal", "meaning",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Ranking:
    """The rows of an index that a query may find, in order.

    Attributes
    ----------
    segments, masks
        The index, and which rows of each segment may be found; None for all.
    mode
        What to order by.
    vector
        The query's: shape (1, dim); None in lexical mode.
    matches
        What of the query stands in each segment.
    threshold
        The least score of a hit that is one by its score, lift included.
    lifts
        What is added to the scores of a language (`corpus.search.language_bias`), where that is more than
        nothing.
    """

    segments: Sequence[Segment]
    masks: Sequence[Mask | None]
    mode: Mode
    vector: Vectors | None
    matches: Sequence[Matches]
    threshold: float
    lifts: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def nearest(self) -> float | None:
        """The score of the nearest row that may be found, lifted; None where there is none, or no vector."""
        found = next(iter(self._kept.values()), None) or self._by_meaning(1)
        return found[0][1] + self._lift(found[0][0]) if found else None

    def best(self, count: int) -> tuple[list[Candidate], bool]:
        """Return the best hits, in order, and whether they are all there are.

        Parameters
        ----------
        count
            How many rows to look at by each kind of evidence.
        """
        by_meaning = self._by_meaning(count)
        by_words = [] if self.mode == "dense" else self._by_words(count)
        # Most of what has a word of the query has not enough of it: what has, is looked for by itself.
        covering = self._by_words(count, COVERED) if self.mode == "hybrid" else by_words
        named = self._named(count)
        scores = dict(by_meaning)
        if self.vector is not None:
            scores |= self._scores({*named, *by_words, *covering} - set(scores))
        rankings = [[row for row, _ in by_meaning], by_words]
        fused = reciprocal_ranks(ranking for ranking in rankings if ranking)
        ranks = [{row: rank for rank, row in enumerate(ranking, start=1)} for ranking in rankings]
        # Where hardly a word of the query can stand, its meaning speaks for them in part: so that passages of
        # either language take half of the places of a parallel corpus (bench/fairness.py). A figure, which
        # stands in any language, is counted as it is found, not on top of that.
        for row, rank in ranks[0].items():
            if self.lang(row) in self._wordless:
                in_words = 1 / (K + ranks[1][row]) if row in ranks[1] else 0.0
                fused[row] += max(0.0, _FOR_WORDS / (K + rank) - in_words)
        by_score, by_coverage = self._of_words([*{*fused, *named, *covering}])
        hits = [row for row in by_score if row in named or self._is_hit(row, scores, by_coverage[row])]
        candidates = [
            Candidate(
                text_id=int(self.segments[row.segment].ids[row.row]),
                score=scores.get(row),
                lift=self._lift(row),
                fused=fused.get(row, 0.0),
                bm25=by_score[row],
                coverage=by_coverage[row],
                dense_rank=ranks[0].get(row),
                lexical_rank=ranks[1].get(row),
                literal=_holds(self.matches[row.segment].literal, row.row),
            )
            for row in hits
        ]
        candidates.sort(key=self._order)
        last = by_meaning[-1] if len(by_meaning) == count else None
        beyond = last is not None and bool(
            _reaches(np.float64(last[1] + self._lift(last[0])), self.threshold)
        )
        return candidates, not beyond and len(covering) < count and len(named) < count

    def _order(self, candidate: Candidate) -> tuple[int, int, int]:
        """Sort by the score that the mode orders by, then by meaning, each on a grid, then by text."""
        score = -2.0 if candidate.score is None else candidate.score + candidate.lift
        first = {"dense": score, "lexical": candidate.bm25, "hybrid": candidate.fused}[self.mode]
        rank = int(quantised(np.float64(first), _FUSED_GRID if self.mode == "hybrid" else SCORE_GRID))
        return -rank, -int(quantised(np.float64(score))), candidate.text_id

    def _of_words(self, rows: Sequence[Row]) -> tuple[dict[Row, float], dict[Row, float]]:
        """Return by BM25 what rows score, and how much of the query each holds."""
        scores: dict[Row, float] = {}
        coverage: dict[Row, float] = {}
        for place, matches in enumerate(self.matches):
            own = [row for row in rows if row.segment == place]
            numbers = np.array([row.row for row in own], np.int64)
            scores |= zip(own, matches.scores_at(numbers).tolist(), strict=True)
            coverage |= zip(own, matches.coverage_at(numbers).tolist(), strict=True)
        return scores, coverage

    def _is_hit(self, row: Row, scores: dict[Row, float], coverage: float) -> bool:
        if self.mode == "lexical":
            return True
        covers = self.mode == "hybrid" and _reaches(np.float32(coverage), COVERED)
        return bool(covers) or bool(_reaches(np.float64(scores[row] + self._lift(row)), self.threshold))

    def _lift(self, row: Row) -> float:
        return self.lifts.get(self.lang(row), 0.0) if self.lifts else 0.0

    def lang(self, row: Row) -> str:
        """Return the language of a row."""
        return str(self.segments[row.segment].langs[row.row])

    @cached_property
    def _wordless(self) -> frozenset[str]:
        """The languages in which hardly a word of the query stands anywhere, as in others it does."""
        if self.mode != "hybrid":
            return frozenset()
        best: dict[str, float] = {}
        for segment, matches in zip(self.segments, self.matches, strict=True):
            for lang in segment.languages:
                covered = float(matches.coverage[segment.of(lang)[matches.rows]].max(initial=0.0))
                best[lang] = max(covered, best.get(lang, 0.0))
        most = max(best.values(), default=0.0)
        return frozenset(lang for lang, covered in best.items() if covered < most / 2)

    def _by_meaning(self, count: int) -> list[tuple[Row, float]]:
        """Return the rows nearest to the query, languages lifted, and their scores without that."""
        if self.vector is None:
            return []
        if count in self._kept:
            return self._kept[count]
        parts = of_each(self.segments, lambda place: self._nearest_in(place, count))
        found = sorted(chain.from_iterable(parts))
        self._kept[count] = [(row, score) for *_, row, score in found[:count]]
        return self._kept[count]

    def _nearest_in(self, place: int, count: int) -> list[tuple[int, int, Row, float]]:
        """Return the nearest rows of a segment, each with what it is ordered by, before its score."""
        assert self.vector is not None
        segment, mask = self.segments[place], self.masks[place]
        found: list[tuple[int, int, Row, float]] = []
        for lift, langs in self._by_lift(segment):
            rows, scores = segment.nearest(self.vector, count, mask, langs)
            ranks, ids = -quantised(scores + lift), segment.ids[rows]
            best = zip(ranks.tolist(), ids.tolist(), rows.tolist(), scores.tolist(), strict=True)
            found += [(rank, text_id, Row(place, row), score) for rank, text_id, row, score in best]
        return found

    def _by_lift(self, segment: Segment) -> Iterator[tuple[float, list[str] | None]]:
        """Yield which languages of a segment are lifted, each by itself, and all others; None for all."""
        lifted = [lang for lang in segment.languages if lang in self.lifts] if self.lifts else []
        for lang in lifted:
            yield self.lifts[lang], [lang]
        if not lifted:
            yield 0.0, None
        elif others := [lang for lang in segment.languages if lang not in lifted]:
            yield 0.0, others

    @cached_property
    def _kept(self) -> dict[int, list[tuple[Row, float]]]:
        return {}

    def _by_words(self, count: int, least: float = 0.0) -> list[Row]:
        """Return the best rows by BM25, of those that cover so much of the query; of equals, by text."""
        found: list[tuple[int, int, Row]] = []
        for place, (matches, mask) in enumerate(zip(self.matches, self.masks, strict=True)):
            held = matches.scores > 0
            if mask is not None:
                held &= mask[matches.rows]
            if least:
                held &= _reaches(matches.coverage, least)
            rows, ranks = matches.rows[held], -quantised(matches.scores[held])
            if len(rows) > count:
                # With all that equal the last: which of them a partition takes is the processor's choice.
                near = ranks <= np.partition(ranks, count - 1)[count - 1]
                rows, ranks = rows[near], ranks[near]
            best = zip(ranks.tolist(), self.segments[place].ids[rows].tolist(), rows.tolist(), strict=True)
            found += [(rank, text_id, Row(place, row)) for rank, text_id, row in best]
        return [row for *_, row in sorted(found)[:count]]

    def _named(self, count: int) -> set[Row]:
        """Return the rows that hold the query by its letters; of very many, the nearest by meaning."""
        found: list[Row] = []
        for place, (matches, mask) in enumerate(zip(self.matches, self.masks, strict=True)):
            rows = matches.named if mask is None else matches.named[mask[matches.named]]
            ids = self.segments[place].ids
            if len(rows) > count and self.vector is not None:
                only = np.zeros(len(ids), np.bool_)
                only[rows] = True
                rows = self.segments[place].nearest(self.vector, count, only).rows
            elif len(rows) > count:
                rows = rows[np.argsort(ids[rows])]
            found += [Row(place, row) for row in rows[:count].tolist()]
        return set(found)

    def _scores(self, rows: Iterable[Row]) -> dict[Row, float]:
        """Return the similarities of rows that the nearest were not searched for."""
        assert self.vector is not None
        by_segment: dict[int, list[int]] = {}
        for place, row in rows:
            by_segment.setdefault(place, []).append(row)
        found: dict[Row, float] = {}
        for place, chosen in by_segment.items():
            numbers: Rows = np.array(sorted(chosen), dtype=np.int64)
            scores = self.segments[place].similarities(self.vector, numbers)
            found |= {
                Row(place, row): score for row, score in zip(numbers.tolist(), scores.tolist(), strict=True)
            }
        return found


def _reaches(values: npt.NDArray[Any] | np.floating[Any], least: float) -> Mask:
    """Whether values are at least so much, or equal to it on `align.exact.SCORE_GRID`."""
    return np.asarray(quantised(np.asarray(values)) >= int(quantised(np.float64(least))))


def _holds(rows: Rows, row: int) -> bool:
    """Whether a row is among some that are in order."""
    place = int(np.searchsorted(rows, row))
    return place < len(rows) and int(rows[place]) == row

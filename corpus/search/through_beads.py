"""Hits by way of a translation: a sentence is about a query if the sentence it is aligned with is.

Where only texts in some language are searched, what the other side of a bead says is known all the same: 签字
stands in the Chinese sentence, so its English counterpart is found, though none of its words is a translation
that a lexicon has. It is as probable as its counterpart is, times the score of the bead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from align.exact import quantised

if TYPE_CHECKING:
    import polars as pl

    from corpus.search.passages import Passages
    from corpus.search.ranking import Candidate
    from corpus.search.relevance.ranking import RelevanceRanking

_FEWEST = 200  # counterparts to look at


@dataclass(frozen=True)
class ThroughBeads:
    """A ranking of what is searched, together with one of what is aligned with it.

    Attributes
    ----------
    own
        Of the sentences that may be found.
    others
        Of sentences in other versions of the same documents.
    passages, versions, other_versions
        Where both stand.
    """

    own: RelevanceRanking
    others: RelevanceRanking
    passages: Passages
    versions: pl.DataFrame
    other_versions: pl.DataFrame

    @property
    def nearest(self) -> float | None:
        """The greatest probability of a row that may be found, by what it says itself."""
        return self.own.nearest

    def best(self, count: int) -> tuple[list[Candidate], bool]:
        """Return the best hits, in order, and whether they are all there are (`RelevanceRanking.best`)."""
        if count not in self._kept:
            self._kept[count] = self._merged(count)
        return self._kept[count]

    @cached_property
    def _kept(self) -> dict[int, tuple[list[Candidate], bool]]:
        return {}

    def _merged(self, count: int) -> tuple[list[Candidate], bool]:
        found, all_of_them = self.own.best(count)
        theirs, all_of_theirs = self.others.best(count)
        theirs = theirs[: max(count, _FEWEST)]
        merged = {one.text_id: one for one in found}
        for one in self._counterparts(theirs):
            known = merged.get(one.text_id)
            if known is None or (one.score or 0.0) > (known.score or 0.0):
                merged[one.text_id] = replace(one, literal=known is not None and known.literal)
        ordered = sorted(merged.values(), key=lambda one: (not self.own.is_close(one), *_order(one)))
        return ordered, all_of_them and all_of_theirs

    def _counterparts(self, theirs: list[Candidate]) -> list[Candidate]:
        """Return the sentences that some others are aligned with, as probable as those make them."""
        by_id = {one.text_id: one for one in theirs}
        beside = self.passages.beside([*by_id], self.other_versions, self.versions)
        made = [
            replace(by_id[other], text_id=text_id, score=(by_id[other].score or 0.0) * score,
                    through=(text, lang))
            for other, text_id, score, text, lang in beside.iter_rows()
        ]  # fmt: skip
        least = int(quantised(np.float64(self.own.threshold)))
        return [one for one in made if one.literal or int(quantised(np.float64(one.score or 0.0))) >= least]


def _order(one: Candidate) -> tuple[int, int, int]:
    """Sort as `RelevanceRanking` does."""
    score, meaning = (int(quantised(np.float64(value or 0.0))) for value in (one.score, one.meaning))
    return -score, -meaning, one.text_id

"""Bins of time, and which bin a date that is known in part belongs to."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError
from corpus.text.dates import PartialDate

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS = ("decade", "year", "month")

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of time.

    Attributes
    ----------
    label
        Like ``1950s``, ``1959``, ``1959-05``, ``1960–2021``, ``before 1960``, ``2024–``.
    first, last
        Its first and last day; None where it is open.
    """

    label: str
    first: dt.date | None
    last: dt.date | None

    def holds(self, first: dt.date, last: dt.date) -> bool:
        """Whether an interval lies wholly in the bin."""
        return (self.first is None or self.first <= first) and (self.last is None or last <= self.last)


def bins_by(unit: str, first: dt.date, last: dt.date) -> list[Bin]:
    """Return the bins of a unit from one day's to another's, without a gap.

    Raises
    ------
    CorpusError
        If there is no such unit, or there would be more bins than anyone can read.
    """
    if unit not in UNITS:
        raise CorpusError(f"`by` is one of {', '.join(UNITS)}, not {unit!r}")
    if unit == "decade":
        years = range(first.year // 10 * 10, last.year + 1, 10)
        return [
            Bin(f"{year}s", dt.date(max(year, 1), 1, 1), dt.date(min(year + 9, 9999), 12, 31))
            for year in years
        ]
    dates = [PartialDate(year) for year in range(first.year, last.year + 1)]
    if unit == "month":
        dates = [
            PartialDate(date.year, month)
            for date in dates
            for month in range(1, 13)
            if (first.year, first.month) <= (date.year, month) <= (last.year, last.month)
        ]
    if len(dates) > _MOST:
        raise CorpusError(
            f"{len(dates)} bins from {first} to {last}: name larger ones, or narrow `since` and `until`"
        )
    return [Bin(str(date), date.first, date.last) for date in dates]


def bins_cut(cuts: Sequence[PartialDate]) -> list[Bin]:
    """Return the bins that begin at cut points, and the one before the first.

    Raises
    ------
    CorpusError
        If the cut points do not follow each other.
    """
    starts = [cut.first for cut in cuts]
    if not starts or any(one >= next_one for one, next_one in pairwise(starts)):
        raise CorpusError(
            f"`cuts` takes dates in order, like 1960,2022: not {','.join(map(str, cuts)) or 'nothing'}"
        )
    bins = [Bin(f"before {cuts[0]}", None, starts[0] - dt.timedelta(days=1))]
    for number, cut in enumerate(cuts):
        if number + 1 == len(cuts):
            bins.append(Bin(f"{cut}–", cut.first, None))
            continue
        last = starts[number + 1] - dt.timedelta(days=1)
        bins.append(Bin(_span(cut, last), cut.first, last))
    return bins


def _span(cut: PartialDate, last: dt.date) -> str:
    """Name a bin by its first and last year, month or day, as finely as it takes."""
    for parts in ((last.year,), (last.year, last.month), (last.year, last.month, last.day)):
        end = PartialDate(*parts)
        if end.last == last:
            break
    return str(cut) if str(cut) == str(end) else f"{cut}–{end}"


def bin_of(bins: Sequence[Bin], first: dt.date, last: dt.date) -> int | None:
    """Return the number of the bin that an interval lies in, None where it lies in none or in several.

    Bins are in order and do not overlap.
    """
    number = bisect_right(bins, first, key=lambda one: one.first or dt.date.min) - 1
    return number if number >= 0 and bins[number].holds(first, last) else None

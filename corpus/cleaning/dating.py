"""Decide an item's date from the evidence in it, and say how sure its reading is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TypeAlias

from corpus.base.errors import CorpusError
from corpus.text.dates import PartialDate, parse_date

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corpus.cleaning.datelines import Dateline
    from corpus.cleaning.records import DateEvidence
    from corpus.text.dates import DateMention

Basis: TypeAlias = Literal["stated", "manifest", "option", "inferred", "metadata"]
"""Where a date comes from: the text, the user's manifest or options, the file's name, or its own data."""

# An item is printed on the day of its dateline or some days later.
_LONGEST_LAG = dt.timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Dating:
    """A date with its basis; both None where it is unknown."""

    date: PartialDate | None = None
    basis: Basis | None = None


def date_item(
    evidence: Sequence[DateEvidence], datelines: Sequence[Dateline], years: Collection[int] = ()
) -> Dating:
    """Date an item by what its text states.

    A labelled date outweighs one on a line of its own, that the closing line, and that the dateline,
    which may be some days older. Where day and month can be exchanged (10/02/2025), the closing line and
    the dateline decide; if they do not, only the year is taken. Where the century is left out ('64),
    another date decides, or `years`, those that the text writes in full, if just one of them fits; if
    nothing does, that date is passed over. The day a page was captured is never the item's date.
    """
    order = {"label": 0, "line": 1, "closing": 2, "dateline": 3}
    usable = sorted((item for item in evidence if item.kind in order), key=lambda item: order[item.kind])
    for item in usable:
        others = [other.mention.readings[0] for other in usable if len(other.mention.readings) == 1]
        date = _decide(item.mention, others, datelines, years)
        if date is not None:
            return Dating(date, "stated")
    return Dating()


def _decide(
    mention: DateMention, others: Sequence[PartialDate], datelines: Sequence[Dateline], years: Collection[int]
) -> PartialDate | None:
    """Return the one reading of a date that other evidence supports, or what is certain without it."""
    readings = mention.readings
    if len(readings) == 1:
        return readings[0]
    tests: list[Sequence[PartialDate]] = [
        [reading for reading in readings if reading in others],
        [reading for reading in readings if any(_fits(reading, line) for line in datelines)],
        [reading for reading in readings if reading.year in years],
    ]
    supported = (found[0] for found in tests if len(found) == 1)
    return next(supported, None) or mention.certain


def _fits(date: PartialDate, dateline: Dateline) -> bool:
    """Whether an item of this date can carry this dateline."""
    if dateline.day is None or date.day is None:
        return False
    sent = [date.first - dt.timedelta(days=lag) for lag in range(_LONGEST_LAG.days + 1)]
    return any(day.day == dateline.day and dateline.month in (None, day.month) for day in sent)


def date_file_name(name: str) -> Dating:
    """Infer a date from a file name such as ``1959-05-20_page5.txt``."""
    match = re.match(r"((?:1[89]|20)\d\d-\d\d(?:-\d\d)?)(?!\d)", PurePath(name).stem)
    try:
        return Dating(parse_date(match[1]), "inferred") if match else Dating()
    except CorpusError:  # 2024-02-30
        return Dating()

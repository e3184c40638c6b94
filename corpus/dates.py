"""Dates as press texts state them: to the year, the month or the day, and never finer than stated.

A date found in a text may have more than one reading (10/02/2025). All readings are kept until other
evidence in the document decides; see `corpus.dating`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>1[89]\d\d|20\d\d)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"

# The Juche calendar of the DPRK and that of the Republic of China both count 1912 as their first year.
_EPOCH_1912 = 1911
_ERA = r"(?:Juche|主体|주체|民国|民國|中華民國|中华民国)\s?"

_DIGITS = {character: digit for digit, character in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_HAN_YEAR = r"(?P<han_year>[一二][〇○零一二三四五六七八九]{3})"
_HAN_MONTH = r"(?P<han_month>十[一二]?|[一二三四五六七八九])"
_HAN_DAY = r"(?P<han_day>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day.

    Attributes
    ----------
    year
        1..9999.
    month
        1..12, or None where only the year is known.
    day
        1..31, or None where only the year or month is known.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is not on the calendar (ValueError)."""
        if self.day is not None and self.month is None:
            msg = "a day needs a month"
            raise ValueError(msg)
        dt.date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        """ISO 8601 with the precision that is known: ``2024``, ``2024-02``, ``2024-02-07``."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @property
    def first(self) -> dt.date:
        """First day of the interval the date stands for."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> dt.date:
        """Last day of the interval the date stands for."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def decade(self) -> str:
        """Decade label, e.g. ``1950s``."""
        return f"{self.year // 10 * 10}s"

    def agrees_with(self, other: PartialDate) -> bool:
        """Whether both can be the same date, given their precision."""
        return self.first <= other.last and other.first <= self.last


def parse_date(text: str) -> PartialDate:
    """Read an ISO date with year, month or day precision.

    Raises
    ------
    CorpusError
        If the text is not such a date.
    """
    match = re.fullmatch(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\s*", text)
    if match:
        try:
            return PartialDate(*(int(part) for part in match.groups() if part is not None))
        except ValueError:
            pass
    msg = f"{text!r} is not a date: write 2024, 2024-02 or 2024-02-07"
    raise CorpusError(msg)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as it stands in a text.

    Attributes
    ----------
    readings
        What it can mean: one date, or two for an ambiguous day/month order.
    start, end
        Code-point offsets into the text searched.
    """

    readings: tuple[PartialDate, ...]
    start: int
    end: int


_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}-(?P<month>1[0-2]|0[1-9])-{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}/(?P<month>1[0-2]|0?[1-9])/{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}\.\s?(?P<month>1[0-2]|0?[1-9])\.\s?{_DAY}(?!\d)\.?",
        rf"(?<!\d){_YEAR}年(?:(?P<month>1[0-2]|0?[1-9])月(?:{_DAY}日)?)?",
        rf"{_HAN_YEAR}年(?:{_HAN_MONTH}月(?:{_HAN_DAY}日)?)?",
        rf"(?<!\d){_YEAR}년(?:\s?(?P<month>1[0-2]|0?[1-9])월(?:\s?{_DAY}일)?)?",
        rf"{_ERA}\d{{1,3}}\s?[(（]{_YEAR}[)）]\s?[년年]\s?(?P<month>1[0-2]|0?[1-9])[월月]\s?{_DAY}[일日]",
        rf"Juche\s?\d{{1,3}}\s?\({_YEAR}\)\s{_MONTH}\s{_DAY}(?!\d)",
        rf"{_ERA}(?P<era>\d{{1,3}})\.\s?(?P<month>1[0-2]|0?[1-9])\.\s?{_DAY}(?!\d)\.?",
        rf"{_ERA}(?P<era>\d{{1,3}})年(?P<month>1[0-2]|0?[1-9])月{_DAY}日",
        rf"(?<![a-z]){_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th)?\s+{_MONTH},?\s+{_YEAR}(?!\d)",
        rf"(?<![a-z]){_MONTH},?\s+{_YEAR}(?!\d)",
        rf"(?<!\d)(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep){_YEAR}(?!\d)",
    )
)


def _readings(match: re.Match[str]) -> tuple[PartialDate, ...]:
    found = match.groupdict()
    candidates: list[tuple[int, int | None, int | None]]
    if found.get("a"):
        year, a, b = (int(found[key]) for key in ("year", "a", "b"))
        candidates = [(year, b, a), (year, a, b)]  # day/month/year before month/day/year
    elif found.get("han_year"):
        year = int("".join(str(_DIGITS[character]) for character in found["han_year"]))
        month, day = (
            _han_number(part) if (part := found[name]) else None for name in ("han_month", "han_day")
        )
        candidates = [(year, month, day)]
    else:
        year = _EPOCH_1912 + int(found["era"]) if found.get("era") else int(found["year"])
        name, day_text = found.get("month"), found.get("day")
        number = None if name is None else _MONTHS.get(name.lower()) or int(name)
        candidates = [(year, number, None if day_text is None else int(day_text))]
    dates: list[PartialDate] = []
    for candidate in candidates:
        try:
            date = PartialDate(*candidate)
        except ValueError:
            continue
        if date not in dates:
            dates.append(date)
    return tuple(dates)


def _han_number(text: str) -> int:
    """Read a Chinese numeral from one to ninety-nine."""
    tens, ten, ones = text.rpartition("十")
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + (_DIGITS[ones] if ones else 0)


def find_dates(text: str) -> list[DateMention]:
    """Find the full dates of a text, in order, the longest reading where patterns overlap.

    Formats: ``1959-05-20``, ``2025.02.10.``, ``1959年5月20日``, ``Juche112.9.18.``,
    ``November 11, 2022``, ``11 November 2022``, ``Nov 2022``, ``18/09/2023``, ``1959年``. Digits alone are
    not a date, but for what `read_date` makes of a label's value.
    """
    found = [
        DateMention(readings, match.start(), match.end())
        for pattern in _PATTERNS
        for match in pattern.finditer(text)
        if (readings := _readings(match))
    ]
    found.sort(key=lambda mention: (mention.start, -mention.end))
    return list(_without_overlaps(found))


def read_date(value: str) -> DateMention | None:
    """Read the value of a date label, where a year, a year and month, or eight digits are dates too."""
    value = value.strip()
    if (compact := re.fullmatch(r"((?:1[89]|20)\d\d)(\d\d)(\d\d)", value)) is not None:
        value = "-".join(compact.groups())
    try:
        return DateMention((parse_date(value),), 0, len(value))
    except CorpusError:
        return next(iter(find_dates(value)), None)


def _without_overlaps(mentions: list[DateMention]) -> Iterator[DateMention]:
    end = 0
    for mention in mentions:
        if mention.start >= end:
            yield mention
            end = mention.end


_BESIDE_DATES = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|(?:星期|周|礼拜)[一二三四五六日天]|[월화수목금토일]요일"
    r"|\d{1,2}[:：]\d{2}(?:[:：]\d{2})?|\b(?:GMT|UTC|KST|CST|BJT|a\.?m\.?|p\.?m\.?)(?![a-z])|[上下]午",
    re.IGNORECASE,
)


def without_dates(text: str) -> tuple[str, list[DateMention]]:
    """Return what a text says beside dates, weekdays and times of day, and the dates."""
    mentions = find_dates(text)
    rest = list(text)
    for mention in mentions:
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    return (_BESIDE_DATES.sub(" ", "".join(rest)) if mentions else text), mentions


def only_dates(text: str) -> list[DateMention]:
    """Return the dates of a text that says nothing else (weekday, time and marks aside), or none."""
    rest, mentions = without_dates(text)
    return [] if any(character.isalnum() for character in rest) else mentions


def month_number(name: str) -> int | None:
    """Return the number of an English month name or abbreviation, None for other words."""
    return _MONTHS.get(name.lower().rstrip("."))

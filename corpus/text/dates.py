"""Dates as press texts state them: to the year, the month or the day, and never finer than stated.

A date found in a text may have more than one reading (10/02/2025). All readings are kept until other
evidence in the document decides; see `corpus.cleaning.dating`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError
from corpus.base.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan", "janvier", "janv", "januar", "jänner", "января", "январь", "янв"),
            ("february", "feb", "février", "févr", "februar", "февраля", "февраль", "февр", "фев"),
            ("march", "mar", "mars", "märz", "марта", "март", "мар"),
            ("april", "apr", "avril", "avr", "апреля", "апрель", "апр"),
            ("may", "mai", "мая", "май"),
            ("june", "jun", "juin", "juni", "июня", "июнь", "июн"),
            ("july", "jul", "juillet", "juil", "juli", "июля", "июль", "июл"),
            ("august", "aug", "août", "августа", "август", "авг"),
            ("september", "sept", "sep", "septembre", "сентября", "сентябрь", "сент", "сен"),
            ("october", "oct", "octobre", "oktober", "okt", "октября", "октябрь", "окт"),
            ("november", "nov", "novembre", "ноября", "ноябрь", "нояб", "ноя"),
            ("december", "dec", "décembre", "déc", "dezember", "dez", "декабря", "декабрь", "дек"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_YEAR = r"(?P<year>1[89]\d\d|20\d\d)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_NUMBER = r"(?P<month>1[0-2]|0?[1-9])"
_TH = r"(?:st|nd|rd|th|er)?"
# The end of an interval: the same parts, of its last day.
_DAY2, _MONTH2, _NUMBER2 = (
    part.replace("(?P<day>", "(?P<day2>").replace("(?P<month>", "(?P<month2>")
    for part in (_DAY, _MONTH, _NUMBER)
)
_TO = r"\s?[-–—~〜～至到]\s?"

# The Juche calendar of the DPRK and that of the Republic of China both count 1912 as their first year.
_EPOCH_1912 = 1911
_ERA = r"(?:Juche|主体|주체|民国|民國|中華民國|中华民国)\s?"
_JUCHE = r"Juche\s?\d{1,3}\s?\("

_DIGITS = {character: digit for digit, character in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0}
_HAN_YEAR = r"(?P<han_year>(?:一[八九]|二[〇○零])[〇○零一二三四五六七八九]{2})"
_HAN_ONE = "[一二三四五六七八九]"
HAN_MONTH = rf"(?P<han_month>十[一二]?|{_HAN_ONE})"
HAN_DAY = rf"(?P<han_day>(?:三十|卅)一?|(?:二?十|廿){_HAN_ONE}?|{_HAN_ONE})"
_HAN_DAY2 = HAN_DAY.replace("han_day", "han_day2")
_HAN_MONTH2 = HAN_MONTH.replace("han_month", "han_month2")
_HAN_ERA = rf"(?P<han_era>元|(?:{_HAN_ONE}?十|廿|卅){_HAN_ONE}?|{_HAN_ONE})"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, a day, or the days or months from one to another.

    Attributes
    ----------
    year
        1..9999.
    month
        1..12, or None where only the year is known.
    day
        1..31, or None where only the year or month is known.
    until
        The last day or month of a bulletin's or a survey's, later than the first, which `year`, `month` and
        `day` then are; None where the date is not of several.
    """

    year: int
    month: int | None = None
    day: int | None = None
    until: PartialDate | None = None

    def __post_init__(self) -> None:
        """Refuse what is not on the calendar (ValueError)."""
        if self.day is not None and self.month is None:
            msg = "a day needs a month"
            raise ValueError(msg)
        start = dt.date(self.year, self.month or 1, self.day or 1)
        until = self.until
        if until is not None and (
            None in (self.month, until.month)
            or (self.day is None) != (until.day is None)
            or until.first <= start
        ):
            msg = "days or months from one to a later one need both"
            raise ValueError(msg)

    def __str__(self) -> str:
        """ISO 8601 with the precision that is known: ``2024``, ``2024-02``, ``2024-02/2024-03``."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts) + ("" if self.until is None else f"/{self.until}")

    @property
    def first(self) -> dt.date:
        """First day of the interval the date stands for."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> dt.date:
        """Last day of the interval the date stands for."""
        if self.until is not None:
            return self.until.last
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
    """Read an ISO date with year, month or day precision, or an interval of days or months.

    Raises
    ------
    CorpusError
        If the text is not such a date.
    """
    matches = [re.fullmatch(_ISO, part) for part in text.split("/")]
    if 1 <= len(matches) <= 2 and all(matches):
        try:
            start, *end = (_iso_date(match) for match in matches if match is not None)
            return replace(start, until=end[0]) if end else start
        except ValueError:
            pass
    msg = f"{text!r} is not a date: write 2024, 2024-02, 2024-02-07 or 2024-02-07/2024-02-09"
    raise CorpusError(msg)


def _iso_date(match: re.Match[str]) -> PartialDate:
    year, month, day = match.groups()
    return PartialDate(int(year), int(month) if month else None, int(day) if day else None)


_ISO = r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\s*"


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as it stands in a text.

    Attributes
    ----------
    readings
        What it can mean: one date, two for an ambiguous day/month order, or one a century for ``'64``.
    start, end
        Code-point offsets into the text searched.
    """

    readings: tuple[PartialDate, ...]
    start: int
    end: int

    @property
    def certain(self) -> PartialDate | None:
        """What it says for certain: the date, the year where only that is sure, or None."""
        if len(self.readings) == 1:
            return self.readings[0]
        years = {reading.year for reading in self.readings}
        return PartialDate(years.pop()) if len(years) == 1 else None


_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}-(?P<month>1[0-2]|0[1-9])-{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}/{_NUMBER}/{_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}\.\s?{_NUMBER}\.\s?{_DAY}(?!\d)\.?",
        rf"(?<!\d){_YEAR}年(?:{_NUMBER}月(?:{_DAY}日)?)?",
        rf"(?<!\d){_YEAR}年{_NUMBER}月{_DAY}日?{_TO}(?:{_NUMBER2}月)?{_DAY2}日",
        rf"(?<!\d){_YEAR}年{_NUMBER}月?{_TO}{_NUMBER2}月",
        rf"{_HAN_YEAR}年(?:{HAN_MONTH}月(?:{HAN_DAY}日)?)?",
        rf"{_HAN_YEAR}年{HAN_MONTH}月{HAN_DAY}日?{_TO}(?:{_HAN_MONTH2}月)?{_HAN_DAY2}日",
        rf"{_HAN_YEAR}年{HAN_MONTH}月?{_TO}{_HAN_MONTH2}月",
        rf"(?<!\d){_YEAR}년(?:\s?{_NUMBER}월(?:\s?{_DAY}일)?)?",
        rf"(?<!\d){_YEAR}년\s?{_NUMBER}월\s?{_DAY}일?(?:부터\s?|{_TO})(?:{_NUMBER2}월\s?)?{_DAY2}일(?:까지)?",
        rf"(?<!\d){_YEAR}년\s?{_NUMBER}월?(?:부터\s?|{_TO}){_NUMBER2}월(?:까지)?",
        rf"{_ERA}\d{{1,3}}\s?[(（]{_YEAR}[)）]\s?[년年](?:\s?{_NUMBER}[월月](?:\s?{_DAY}[일日])?)?",
        rf"{_JUCHE}{_YEAR}\)\s{_MONTH}\s{_DAY}(?!\d)",
        rf"(?<![a-z]){_MONTH}\s{_DAY},?\s{_JUCHE}{_YEAR}\)",
        rf"{_ERA}\d{{1,3}}\s?\({_YEAR}\)\.\s?{_NUMBER}\.\s?{_DAY}(?!\d)\.?",
        rf"{_ERA}(?P<era>\d{{1,3}})\.\s?{_NUMBER}\.\s?{_DAY}(?!\d)\.?",
        rf"{_ERA}(?P<era>\d{{1,3}})[년年]\s?{_NUMBER}[월月]\s?{_DAY}[일日]",
        rf"{_ERA}{_HAN_ERA}年(?:{HAN_MONTH}月(?:{HAN_DAY}日)?)?",
        rf"(?<![a-z]){_MONTH}\s+{_DAY}{_TH},?\s+{_YEAR}(?!\d)",
        rf"(?<![a-z]){_MONTH}\s+{_DAY}{_TO}(?:{_MONTH2}\s+)?{_DAY2},?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_DAY}(?:{_TH}|\.)\s+{_MONTH},?\s+{_YEAR}(?!\d)(?:\s?(?:г\.|года))?",
        rf"(?<!\d){_DAY}\.?(?:\s+{_MONTH})?{_TO}{_DAY2}\.?\s+{_MONTH2},?\s+{_YEAR}(?!\d)(?:\s?(?:г\.|года))?",
        rf"(?<![^\W\d_]){_MONTH},?\s+{_YEAR}(?!\d)",
        rf"(?<![^\W\d_]){_MONTH}(?:{_TO}|\s(?:to|bis)\s){_MONTH2},?\s+{_YEAR}(?!\d)(?:\s?(?:г\.|года))?",
        rf"(?<!\d)(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep){_YEAR}(?!\d)",
        rf"(?<![a-z]){_MONTH}\s+{_DAY}{_TH},?\s+['’‘](?P<short>\d\d)(?!\d)",
        rf"(?<!\d){_DAY}{_TH}\s+{_MONTH},?\s+['’‘](?P<short>\d\d)(?!\d)",
    )
)
# What no date is without: most lines are none, and this is far quicker than all patterns.
_HINT = lazy_pattern(r"\d{4}|['’‘]\d\d|[年년]|(?:Juche|主体|주체)\s?\d", re.IGNORECASE)
_CENTURIES = (1800, 1900, 2000)  # those that `_YEAR` reads


def _readings(match: re.Match[str]) -> tuple[PartialDate, ...]:
    found = {name: part for name, part in match.groupdict().items() if part is not None}
    month, day = _number(found, "month"), _number(found, "day")
    month2, day2 = _number(found, "month2"), _number(found, "day2")
    turns = month is not None and month2 is not None and month2 < month
    year_last = match.lastgroup in ("year", "short")
    dates: list[PartialDate] = []
    for year in _years(found):
        # The year is that of the end it is written beside: "Dec 30 - Jan 2, 1964", "1963年12月30日至1月2日".
        first = year - (turns and year_last)
        last = year + (turns and not year_last)
        orders = [(month, day)]
        if "a" in found:
            a, b = int(found["a"]), int(found["b"])
            orders = [(b, a), (a, b)]  # day/month/year before month/day/year
        for this_month, this_day in orders:
            try:
                several = month2 is not None or day2 is not None
                until = PartialDate(last, month2 or this_month, day2) if several else None
                date = PartialDate(first, this_month or month2, this_day, until)
            except ValueError:
                continue
            if date not in dates:
                dates.append(date)
    if not dates and month is not None and month2 is not None:
        return tuple(map(PartialDate, _years(found)))  # what is certain of an end before the beginning
    return tuple(dates)


def _years(found: Mapping[str, str]) -> list[int]:
    """Return the year of a match, or one a century where only two digits of it are written."""
    if "short" in found:
        return [century + int(found["short"]) for century in _CENTURIES]
    if "han_year" in found:
        return [int("".join(str(_DIGITS[character]) for character in found["han_year"]))]
    if "han_era" in found:
        return [_EPOCH_1912 + (1 if found["han_era"] == "元" else han_number(found["han_era"]))]
    return [_EPOCH_1912 + int(found["era"]) if "era" in found else int(found["year"])]


def _number(found: Mapping[str, str], part: str) -> int | None:
    """Return the number of a month or day, however it is written."""
    if (han := found.get(f"han_{part}")) is not None:
        return han_number(han)
    name = found.get(part)
    return None if name is None else _MONTHS.get(name.lower()) or int(name)


def han_number(text: str) -> int:
    """Read a Chinese numeral from one to ninety-nine."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + (_DIGITS[ones] if ones else 0)


FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
"""Full-width digits to those of ASCII, one for one, so that offsets stay true."""


def find_dates(text: str) -> list[DateMention]:
    """Find the full dates of a text, in order, the longest reading where patterns overlap.

    Formats: ``1959-05-20``, ``2025.02.10.``, ``18/09/2023``, ``1959年5月20日``, ``1959年``,
    ``Juche112.9.18.``, ``民國廿三年五月三日``, ``November 11, 2022``, ``11 November 2022``, ``Nov 2022``,
    ``4 октября 1963 г.``, and days or months from one to another, ``May 20-25, 1964``,
    ``Dec 30 - Jan 2, 1964``, ``1964年5月至6月``. Of ``Nov 17, '64`` the century is not known: one reading
    each. Digits alone are not a date, but for what `read_date` makes of a label's value.
    """
    if _HINT.search(text) is None:
        return []
    text = text.translate(FULL_WIDTH)
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


_BESIDE_DATES = lazy_pattern(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|le)\b"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|den)\b"
    r"|\b(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b"
    r"|(?:星期|周|礼拜|禮拜)[一二三四五六日天]|[월화수목금토일]요일|[(（][월화수목금토일][)）]"
    r"|\b(?:first |last )?(?:published|posted)(?: on)?\b:?|(?:发布|發佈|发表|發表)(?:时间|時間|于|於)?[:：]?"
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
    """Return the number of a month's name or abbreviation, None for other words."""
    return _MONTHS.get(name.lower().rstrip("."))

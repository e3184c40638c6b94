"""Quantities in running text, whatever script they are written in.

一百七十六 and 176, 二点六倍 and "2.6 times", 27.5％ and 27,5 %, 3万 and "thirty thousand", 民国四十八年 and
1959, 第二十次 and "twentieth" read the same. Digits of any script, Chinese (and Sino-Japanese) numerals,
Korean and European words for powers of ten after digits, months' names and English number words are read;
number words of other languages are not.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from align.scoring.foreign_words import foreign_quantities
from align.scoring.han_numerals import DIGITS, ERAS, FUSED, MYRIADS, TENS, chinese_value
from align.scoring.numeral_spelling import spelled
from align.scoring.numeral_words import POWERS, english_quantities, months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_KOREAN_TENS: Final = {"십": 10, "백": 100, "천": 1000}
_SMALL: Final = TENS | _KOREAN_TENS
_UNITS = "".join(_SMALL | MYRIADS)
_CN = "".join(DIGITS) + "".join(TENS) + "".join(FUSED)
_CN_MYRIADS = "万萬亿億兆"
_SINGLE = "".join(char for char, value in DIGITS.items() if value)
_MORE = "多余餘来來"  # 三百六十多万: about so many

_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_POWER = "|".join(sorted(map(re.escape, POWERS), key=len, reverse=True))
_SCALED = (
    rf"(?:\s?[{_MORE}]?[{_UNITS}]+(?:[{_MORE}][{_CN_MYRIADS}]+)?(?:\s?[零〇]?{_NUMBER}[{_MORE}]?[{_UNITS}]+)*"
    r"(?:(?:(?<=[만억조천백])\s)?\d+(?![\d.,년월일]))?)"
)
_DIGITS = re.compile(
    rf"(?P<number>{_NUMBER})(?:(?P<scaled>{_SCALED})|\s?(?P<power>(?:{_POWER})(?![^\W\d_]))\.?)?(?P<decade>s\b|年代|년대)?",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"(?P<percent>[百千]分之)?(?P<whole>[{_CN}{_CN_MYRIADS}]+)"
    rf"(?:[点點](?P<fraction>[{''.join(DIGITS)}]+)(?![{''.join(TENS)}]))?"
    rf"(?P<scale>(?:[{_MORE}](?=[{_CN_MYRIADS}]))?[{_CN_MYRIADS}]*)(?P<tenths>成(?:半|[{''.join(DIGITS)}](?![{_CN}{_CN_MYRIADS}]))?)?(?P<decade>年代)?"
)
# "10-15万吨", "ten" aside: the first figure of a range has the second one's scale.
_RANGE = re.compile(r"\s?(?:[-–—~～〜至到]|to|and|or|bis|à)\s?", re.IGNORECASE)
_ERA = re.compile(rf"({'|'.join(ERAS)})\s?(?:(\d{{1,4}})|([{_CN}]+|元)年)")
_CENTURY = re.compile(rf"(\d{{1,2}}|[{_CN}]+)(?:世[纪紀]的?|세기\s?)(\d0|[{_CN}]+)(?:年代|년대)")
_CLOCK = re.compile(
    rf"(?<![\d:])(?P<hour>\d{{1,2}})[:：](?P<minute>[0-5]\d)(?![\d:])"
    r"|(?<![\d.])(?P<hour2>\d{1,2})\.(?P<minute2>[0-5]\d)(?=\s?(?:[ap]\.?m\b|Uhr\b))"
    rf"|(?P<hour3>\d{{1,2}}|[{_CN}]{{1,3}})[点點时時시](?P<minute3>\s?\d{{1,2}}|半|[一三]刻|[零〇]?[{_CN}]{{1,3}})(?P<mark>[分분])?"
)
_HOUR = re.compile(
    rf"(?<![\d:.])(?P<hour>\d{{1,2}})\s?[ap]\.?\s?m\b|(?P<hour2>(?<!\d)\d{{1,2}}|(?<![{_CN}])[{_CN}]{{1,3}})[点點时時시](?![{_CN}\d])",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"([{_CN}]+|\d+)[几幾数數]([{_CN_MYRIADS}])")
# Characters beside a Chinese numeral that make it vague (几十, 数百, 十几) or part of a fraction.
_VAGUE = frozenset("几幾数數分")
_CERTAIN = 12  # number words up to here are often no quantity: 一起, "one of them", 十分
_ONE_HALF = re.compile(
    r"一半|半数|半數|절반|\bhalf\b(?!-)|\bHälfte\b|\bhalb(?:e[nrsm]?)?\b|\bmoitié\b|\bdemi(?:e|s)?\b|\bполовин[аыуе]\b",
    re.IGNORECASE,
)
# 8.15 is a day before what days are named after, or where it stands alone.
_NAMES_OF_DAYS = (
    "节|節|光[复復]|解放|革命|[运運][动動]|事[变變]|惨案|慘案|[战戰][争爭]|起[义義]|[独獨]立|[国國][庆慶]|停[战戰]"
    r"|광복|해방|혁명|운동|사건|사변|절|봉기|독립|전쟁|항쟁|학살|국경|(?:Movement|Revolution|Incident|Uprising|Liberation)\b"
)
_NAMED_DAY = rf"(?=[”’\"」』》]?\s?(?:{_NAMES_OF_DAYS}))"
_DAY = re.compile(
    rf"(?<![\d.,])(?P<month>1[0-2]|[1-9])[.·](?P<day>3[01]|[12]\d|[1-9])(?![\d.,]\d|\d){_NAMED_DAY}",
    re.IGNORECASE,
)
_SHORT = 12  # characters of a text that is a day and nothing else, with marks around it
_YEAR_BEFORE = re.compile(r"(?<!\d)(1[5-9]|20)\d\d[-–—~～/]\Z")
_LONE_DAY = re.compile(r"\W*(?P<month>1[0-2]|[1-9])\.(?P<day>3[01]|[12]\d)\W*")
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<year>(?:1[5-9]|20)\d\d)\.\s?(?P<month>1[0-2]|0?[1-9])\.\s?(?P<day>3[01]|[12]\d|0?[1-9])"
    r"|(?P<day2>3[01]|[12]\d|0?[1-9])\.\s?(?P<month2>1[0-2]|0?[1-9])\.\s?(?P<year2>(?:1[5-9]|20)\d\d))(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number read from text.

    Attributes
    ----------
    values
        What it may mean: ``1.234`` is 1.234 or, as some languages write thousands, 1234.
    certain
        Whether it surely is a quantity that a translation has to keep. Small numbers in words are not:
        一个以上 is "at least one", but 一起 is "together".
    """

    values: frozenset[float]
    certain: bool

    def __str__(self) -> str:
        """Return the largest number that it may mean, in digits without separators of thousands."""
        value = max(self.values)
        return str(int(value)) if value == int(value) else repr(value)


def quantities(text: str) -> list[Quantity]:
    """Read the quantities in a text, in no particular order."""
    text = spelled(text)
    found: list[Quantity] = []
    if not text.isascii():
        text = _take(text, _CENTURY, _century, found)
        text = _take(text, _ERA, _era, found)
        text = _take(text, _ABOUT, _about, found)
    text = _take(text, _DATE, _date, found)
    text = _take(text, _DAY, _day, found)
    text = _take(text, _CLOCK, _clock, found)
    text = _take(text, _HOUR, _hour, found)
    return [*found, *_read_digits(text), *_read_chinese(text), *_read_words(text)]


def unmatched(src: Iterable[Quantity], tgt: Iterable[Quantity]) -> int:
    """Count the certain quantities of either side that the other side does not have."""
    return sum(map(len, differing(src, tgt)))


def differing(src: Iterable[Quantity], tgt: Iterable[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Return the certain quantities of each side that the other side does not have.

    Each quantity answers for one of the other side: two of three 176s remain unmatched against one.
    """
    # Certain ones first, so that an uncertain namesake does not take their counterpart.
    left = sorted(src, key=lambda quantity: not quantity.certain)
    free = sorted(tgt, key=lambda quantity: not quantity.certain)
    missing = []
    for quantity in left:
        match = next((other for other in free if quantity.values & other.values), None)
        if match is not None:
            free.remove(match)
        elif quantity.certain:
            missing.append(quantity)
    return missing, [quantity for quantity in free if quantity.certain]


def _take(
    text: str,
    pattern: re.Pattern[str],
    read: Callable[[re.Match[str]], list[Quantity]],
    found: list[Quantity],
) -> str:
    """Read what a pattern matches, and blank it, so that nothing else reads its parts."""
    blanked: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        if taken := read(match):
            found += taken
            blanked += [text[end : match.start()], "\0" * len(match.group())]
            end = match.end()
    return "".join([*blanked, text[end:]])


def _century(match: re.Match[str]) -> list[Quantity]:
    century, decade = _plain(match[1]), _plain(match[2])
    if century is None or decade is None or not 0 < century <= 21 or decade % 10 or decade > 90:
        return []
    return [
        Quantity(frozenset({100 * (century - 1) + decade, decade}), certain=True),
        Quantity(frozenset({century}), certain=False),  # "the eighties of the nineteenth century"
    ]


def _date(match: re.Match[str]) -> list[Quantity]:
    """Read 1959.5.20, whose points are none of decimals."""
    year, month, day = (match[name] or match[f"{name}2"] for name in ("year", "month", "day"))
    return [
        Quantity(frozenset({float(year)}), certain=True),
        Quantity(frozenset({float(month)}), certain=False),
        Quantity(frozenset({float(day)}), certain=float(day) > _CERTAIN),
    ]


def _day(match: re.Match[str]) -> list[Quantity]:
    """Read 8.15광복: a day of a month, which has a name."""
    day = float(match["day"])
    return [
        Quantity(frozenset({float(match["month"])}), certain=False),
        Quantity(frozenset({day}), certain=day > _CERTAIN),
    ]


def _era(match: re.Match[str]) -> list[Quantity]:
    year = 1.0 if match[3] == "元" else _plain(match[2] or match[3])
    if year is None:
        return []
    return [Quantity(frozenset({year, year + ERAS[match[1]]}), certain=True)]


def _about(match: re.Match[str]) -> list[Quantity]:
    """Read 十几万, which a translation may give as "more than 100,000", or as it is."""
    value = _plain(match[1])
    return [] if value is None else [Quantity(frozenset({value * MYRIADS[match[2]]}), certain=False)]


def _hour(match: re.Match[str]) -> list[Quantity]:
    hour = _plain(match["hour"] or match["hour2"])
    return [] if hour is None or hour > 24 else [_hours(hour)]


def _hours(hour: float) -> Quantity:
    return Quantity(frozenset({hour, (hour + 12) % 24, hour - 12 if hour > 12 else hour}), certain=False)


def _clock(match: re.Match[str]) -> list[Quantity]:
    """Read a time of day: its hour may be counted to 12 or to 24."""
    hour = _plain(match["hour"] or match["hour2"] or match["hour3"])
    written = match["minute"] or match["minute2"] or match["minute3"].strip()
    minute = {"半": 30.0, "一刻": 15.0, "三刻": 45.0}.get(written) or _plain(written)
    # 三点五分 may be points: a minute has two digits, or a zero before it, or a mark of its own.
    spoken = match["minute3"] is not None
    certain = written not in ("半", "一刻", "三刻")
    if (
        spoken
        and certain
        and (match["mark"] is None or (len(written) == 1 and "点點".find(match.group()[-2]) >= 0))
    ):
        return []
    if hour is None or minute is None or hour > 24 or minute > 59:
        return []
    return [
        _hours(hour),
        Quantity(frozenset({minute}), certain=certain and minute > _CERTAIN),
    ]


def _plain(written: str) -> float | None:
    return float(written) if written.isdigit() else chinese_value(written)


def _read_digits(text: str) -> Iterator[Quantity]:
    open_range: tuple[re.Match[str], set[Decimal]] | None = None
    lone_day = _LONE_DAY.fullmatch(text) if len(text) < _SHORT else None
    for match in _DIGITS.finditer(text):
        number, scaled, power, decade = match.group("number", "scaled", "power", "decade")
        values = _decimal_readings(number, scaled=bool(scaled or power))
        factor = Decimal(1)
        if scaled:
            factor = _factor(scaled)
            values = {_scaled_value(value, scaled) for value in values}
        elif power:
            factor = Decimal(POWERS[power.casefold()])
            values = {value * factor for value in values}
        if decade:
            values |= {value % 100 for value in values}
        elif len(number) == 2:
            values |= {century + value for value in values for century in _centuries(text, match)}
        elif lone_day is not None and "." in number:
            values.add(Decimal(lone_day["day"]))
        if open_range is not None:
            before, low = open_range
            joined = factor > 1 and _RANGE.fullmatch(text, before.end(), match.start())
            yield _quantity(low | ({value * factor for value in low} if joined else set()), before["number"])
        if scaled or power or decade:
            yield _quantity(values, number, certain=True)
            open_range = None
        else:
            open_range = match, values
    if open_range is not None:
        yield _quantity(open_range[1], open_range[0]["number"])


def _centuries(text: str, match: re.Match[str]) -> Iterator[int]:
    """Yield the centuries that two digits may belong to: 1959/60; 59年 and '59 of this one, or none."""
    before = _YEAR_BEFORE.search(text, max(0, match.start() - 5), match.start())
    if before is not None:
        yield int(before[1]) * 100
    elif text.startswith("年", match.end()) or text[match.start() - 1 : match.start()] in ("'", "’"):
        yield 1900


def _quantity(values: Iterable[Decimal], number: str, *, certain: bool = False) -> Quantity:
    # A lone 1 or 2 is often a list number, a footnote or a page.
    return Quantity(frozenset(map(float, values)), certain=certain or len(number) > 1)


def _decimal_readings(number: str, *, scaled: bool) -> set[Decimal]:
    """Values of a digit string with separators, under the customs that fit."""
    groups = re.split(r"[.,\u00a0\u202f]", number)
    if len(groups) == 1:
        return {Decimal(number)}
    thousands = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3 and groups[0] != "0"
    readings = set()
    if thousands:
        readings.add(Decimal("".join(groups)))
    # "120,000" is no decimal that anyone writes, nor is "1,234" unless a power of ten follows.
    rare = thousands and (groups[-1].endswith("0") or ("." not in number and not scaled))
    if not rare and (len(groups) == 2 or all(len(group) == 3 for group in groups[1:-1])):
        readings.add(Decimal("".join(groups[:-1]) + "." + groups[-1]))
    return readings or {Decimal("".join(groups))}


_PART = re.compile(rf"({_NUMBER})|([{_UNITS}])")


def _scaled_value(first: Decimal, scaled: str) -> Decimal:
    """Value of digits with Chinese or Korean powers between: 1亿2000万, 3千5百, 1万2."""
    total = section = Decimal(0)
    digits = first
    last = Decimal(1)
    for number, unit in _PART.findall(scaled):
        if number:
            digits = Decimal(number.replace(",", ""))
            colloquial = len(number) == 1 and scaled.endswith(number) and last >= 100
            if colloquial:
                digits *= last / 10
        elif unit in _SMALL:
            last = Decimal(_SMALL[unit])
            section += (digits or section or 1) * last
            digits = Decimal(0)
        else:
            last = Decimal(MYRIADS[unit])
            total = (total or 1) * last if not section + digits else total + (section + digits) * last
            section = digits = Decimal(0)
    return total + section + digits


def _factor(scaled: str) -> Decimal:
    """Power of ten that stands right behind a number."""
    factor = Decimal(1)
    for unit in re.findall(f"[{_UNITS}]", re.split(r"\d", scaled)[0]):
        factor *= (_SMALL | MYRIADS)[unit]
    return factor


def _read_chinese(text: str) -> Iterator[Quantity]:
    low: tuple[int, float, Quantity] | None = None  # what may be the first of a range: its end and value
    for match in _CHINESE.finditer(text):
        if (read := _chinese_number(text, match)) is None:
            yield from _approximate(match["whole"], match["scale"])
            continue
        exact, factor, found = read
        if low is not None:
            joined = factor > 1 and _RANGE.fullmatch(text, low[0], match.start())
            yield Quantity(low[2].values | {low[1] * float(factor)}, low[2].certain) if joined else low[2]
        low = match.end(), float(exact), found
    if low is not None:
        yield low[2]


_EITHER = re.compile(
    rf"(?P<head>[{_CN}{_CN_MYRIADS}]*?)(?P<low>[{_SINGLE}])(?P<high>[{_SINGLE}])(?P<tail>[{''.join(TENS)}]?[{_CN_MYRIADS}]*)"
)


def _approximate(whole: str, scale: str) -> Iterator[Quantity]:
    """Read 两三千, "two or three thousand": neither is certain, but a translation may give both in digits."""
    match = _EITHER.fullmatch(whole)
    if match is None or not 0 < DIGITS[match["high"]] - DIGITS[match["low"]] <= 2:
        return
    factor = math.prod(MYRIADS.get(char, 1) for char in scale)
    for digit in (match["low"], match["high"]):
        value = chinese_value(match["head"] + digit + match["tail"])
        if value is not None:
            yield Quantity(frozenset({value * factor}), certain=False)


def _chinese_number(text: str, match: re.Match[str]) -> tuple[Decimal, Decimal, Quantity] | None:
    """Return the value of a Chinese numeral, the myriads it ends with, and what it may mean."""
    percent, whole, fraction, scale, tenths, decade = match.groups()
    before, after = text[match.start("whole") - 1 : match.start("whole")], text[match.end() : match.end() + 1]
    vague = not percent and (before in _VAGUE or after in _VAGUE) and before + after
    value = None if vague or before.isdigit() else chinese_value(whole)
    if value is None:
        return None
    exact = Decimal(str(value))
    if fraction:
        exact += Decimal("0." + "".join(str(DIGITS[char]) for char in fraction))
    scale = scale.lstrip(_MORE)
    factor = Decimal(math.prod(MYRIADS.get(char, 1) for char in scale or whole[-1]))
    if scale:
        exact *= factor
    values = {float(exact)}
    if tenths:
        values.add(float(exact * 10) + (5 if "半" in tenths else DIGITS.get(tenths[-1], 0)))
    days = len(whole) < 4 and all(char in DIGITS for char in whole)  # 五一, 九一八
    if days and len(whole) == 3:  # its month and day are given, too
        values.add(value % 100)
    if decade or (days and len(whole) == 2 and after == "年"):
        values.add(1900 + value)
    # 千 or 万 by itself is more often a figure of speech or a name than a number.
    # 百八十 is about a hundred in Chinese, though 180 in Japanese.
    about = whole[0] in TENS and TENS[whole[0]] > 10 and len(whole) > 1 and whole[1] not in MYRIADS
    large = (
        not about and (len(whole) > 1 or whole in FUSED) and value > _CERTAIN and (not days or after == "年")
    )
    certain = large or bool((scale and value > 1) or fraction or percent)
    return exact, factor, Quantity(frozenset(values), certain=certain)


def _read_words(text: str) -> Iterator[Quantity]:
    yield from (Quantity(frozenset(values), certain) for values, certain in english_quantities(text))
    yield from (Quantity(frozenset({float(month)}), certain=False) for month in months(text))
    yield from (Quantity(frozenset({value}), certain=False) for value in foreign_quantities(text))
    yield from (Quantity(frozenset({0.5, 50.0}), certain=False) for _ in _ONE_HALF.finditer(text))

"""Quantities in running text, whatever script they are written in.

一百七十六 and 176, 二点六倍 and "2.6 times", 27.5％ and 27,5 %, 3万 and "thirty thousand" read the same.
Digits of any script, Chinese (and Sino-Japanese) numerals, Korean 만/억/조 after digits, and English
number words and month names are read; number words of other languages are not.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CN_DIGITS: Final = (
    {char: value for value, char in enumerate("零一二三四五六七八九")}
    | {char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
    | {"〇": 0, "○": 0, "两": 2, "兩": 2}
)
_CN_TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS: Final = {
    "万": 10**4, "萬": 10**4, "만": 10**4, "亿": 10**8, "億": 10**8, "억": 10**8, "兆": 10**12, "조": 10**12,
}  # fmt: skip


def _numbered(words: str, start: int = 0, step: int = 1) -> dict[str, int]:
    """Map number words to their values, from a start on."""
    return {word: step * value for value, word in enumerate(words.split(), start)}


_EN_UNITS: Final = (
    _numbered("zero one two three four five six seven eight nine ten eleven twelve")
    | _numbered("thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 13)
    | _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2, 10)
)
_EN_ORDINALS: Final = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 1
)
_EN_SCALES: Final = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_EN_MONTHS: Final = _numbered(
    "january february march april may june july august september october november december", 1
)

_CN_CHARS = "".join(_CN_DIGITS) + "".join(_CN_TENS)
_MYRIAD_CHARS = "".join(_MYRIADS)
_KOREAN: Final = {"십": 10, "백": 100, "천": 1000}
_SCALES: Final = _EN_SCALES | _MYRIADS | _KOREAN
_DIGITS = re.compile(
    rf"(?<![\w.])?(\d+(?:[.,\u00a0\u202f]\d+)*)(?:\s?([{_MYRIAD_CHARS}십백천]+|hundred\b|thousand\b|million\b|billion\b|trillion\b))?"
    r"(s\b|年代)?",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"(百分之)?([{_CN_CHARS}{_MYRIAD_CHARS}]+)(?:[点點]([{''.join(_CN_DIGITS)}]+))?([{_MYRIAD_CHARS}]*)(年代)?"
)
_WORD = re.compile(r"[A-Za-z]+")
# Characters beside a Chinese numeral that make it vague (几十, 数百, 十几) or part of a fraction.
_VAGUE = frozenset("几幾数數余餘分")
_CERTAIN = 12  # number words up to here are often no quantity: 一起, "one of them", 十分


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number read from text.

    Attributes
    ----------
    values
        What it may mean: ``1,234`` is 1234 or, as some languages write decimals, 1.234.
    certain
        Whether it surely is a quantity that a translation has to keep. Small numbers in words are not:
        一个以上 is "at least one", but 一起 is "together".
    """

    values: frozenset[float]
    certain: bool


def quantities(text: str) -> list[Quantity]:
    """Read the quantities in a text, in no particular order."""
    text = unicodedata.normalize("NFKC", text)
    return [*_read_digits(text), *_read_chinese(text), *_read_english(text)]


def unmatched(src: Iterable[Quantity], tgt: Iterable[Quantity]) -> int:
    """Count the certain quantities of either side that the other side does not have.

    Each quantity answers for one of the other side: two of three 176s remain unmatched against one.
    """
    left, right = list(src), list(tgt)
    # Certain ones first, so that an uncertain namesake does not take their counterpart.
    left.sort(key=lambda quantity: not quantity.certain)
    free = sorted(right, key=lambda quantity: not quantity.certain)
    missing = 0
    for quantity in left:
        match = next((other for other in free if quantity.values & other.values), None)
        if match is not None:
            free.remove(match)
        elif quantity.certain:
            missing += 1
    return missing + sum(quantity.certain for quantity in free)


def _read_digits(text: str) -> Iterator[Quantity]:
    for match in _DIGITS.finditer(text):
        number, scale, decade = match.groups()
        values = _decimal_readings(number)
        if scale:
            factor = 1
            for name in [scale.lower()] if scale.lower() in _EN_SCALES else list(scale):
                factor *= _SCALES[name]
            values = {round(value * _real(factor), 6) for value in values}
        if decade:
            values |= {value % 100 for value in values}
        # A lone 1 or 2 is often a list number, a footnote or a page.
        yield Quantity(frozenset(values), certain=len(number) > 1 or bool(scale))


def _decimal_readings(number: str) -> set[float]:
    """Values of a digit string with separators, under the customs that fit."""
    groups = re.split(r"[.,\u00a0\u202f]", number)
    if len(groups) == 1:
        return {float(number)}
    readings = set()
    if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3:
        readings.add(float("".join(groups)))
    if len(groups) == 2 or all(len(group) == 3 for group in groups[1:-1]):
        readings.add(float("".join(groups[:-1]) + "." + groups[-1]))
    return readings or {float("".join(groups))}


def _read_chinese(text: str) -> Iterator[Quantity]:
    for match in _CHINESE.finditer(text):
        percent, whole, fraction, scale, decade = match.groups()
        start, end = match.span(2)
        before, after = text[start - 1 : start], text[match.end() : match.end() + 1]
        if before.isdigit() or (not percent and (before in _VAGUE or after in _VAGUE) and before + after):
            continue
        value = _chinese_value(whole)
        if value is None:
            continue
        if fraction:
            value += float("0." + "".join(str(_CN_DIGITS[char]) for char in fraction))
        for char in scale:
            value *= _MYRIADS[char]
        # 千 or 万 by itself is more often a figure of speech or a name than a number.
        certain = (end - start > 1 and value > _CERTAIN) or bool(fraction) or bool(percent)
        values = {round(float(value), 6)}
        if decade:
            values.add(1900 + value)
        yield Quantity(frozenset(values), certain=certain)


def _chinese_value(numeral: str) -> float | None:
    """Value of a Chinese numeral, positional (二〇二三) or with units (二千零二十三)."""
    if all(char in _CN_DIGITS for char in numeral):
        return float("".join(str(_CN_DIGITS[char]) for char in numeral))
    total = section = digit = 0
    smallest = 0
    pending = False
    for char in numeral:
        if char in _CN_DIGITS:
            if pending and _CN_DIGITS[char]:
                return None  # 三五百, "three to five hundred"
            digit = _CN_DIGITS[char]
            pending = digit > 0
        elif char in _CN_TENS:
            section += (digit or 1) * _CN_TENS[char]
            digit, pending = 0, False
        else:
            unit = _MYRIADS[char]
            if smallest > unit:  # 十二亿五千万: a lower place
                total += (section + digit or 1) * unit
            else:  # 一万亿: a multiple of what came before
                total = (total + section + digit or 1) * unit
            smallest = unit
            section = digit = 0
            pending = False
    return _real(total + section + digit)


def _real(whole: int) -> float:
    """Return a whole number as a float; infinity beyond those, as for 5 and thirty 兆."""
    try:
        return float(whole)
    except OverflowError:
        return math.inf


def _read_english(text: str) -> Iterator[Quantity]:
    run: list[str] = []  # number words in a row
    end = 0
    for match in _WORD.finditer(text):
        word = match[0].lower()
        joined = not text[end : match.start()].strip(" -\u2010\u2011")
        if run and not (joined and _continues(run, word)):
            yield _english_quantity(run)
            run = []
        end = match.end()
        if run or word in _EN_UNITS:
            run.append(word)
        # "May" and "March" are words too, hence the capital.
        elif word in _EN_MONTHS and match[0][0].isupper():
            yield Quantity(frozenset({float(_EN_MONTHS[word])}), certain=False)
        elif word in _EN_ORDINALS or word == "dozen":
            yield Quantity(frozenset({float(_EN_ORDINALS.get(word, 12))}), certain=False)
    if run:
        yield _english_quantity(run)


def _continues(run: list[str], word: str) -> bool:
    """Whether a word carries on a number: "and" only after a hundred or more, as in "one hundred and six"."""
    return word in _EN_UNITS or word in _EN_SCALES or (word == "and" and run[-1] in _EN_SCALES)


def _english_quantity(run: list[str]) -> Quantity:
    total = group = 0
    for word in run:
        if word in _EN_UNITS:
            group += _EN_UNITS[word]
        elif word == "hundred":
            group *= 100
        elif word in _EN_SCALES:
            total += group * _EN_SCALES[word]
            group = 0
    return Quantity(frozenset({_real(total + group)}), certain=total + group > _CERTAIN)

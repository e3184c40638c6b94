"""One spelling for figures that are written in several ways, before they are read.

Only characters and separators are changed here; what a number is worth is `align.scoring.numerals`' matter.
"""

from __future__ import annotations

import re
import unicodedata

from align.scoring.han_numerals import DIGITS, FUSED, MYRIADS, TENS
from align.scoring.numeral_words import halves

_SINGLE = "".join(char for char, value in DIGITS.items() if value)
_CN = "".join(DIGITS) + "".join(TENS) + "".join(FUSED)
_SCALE = "".join(TENS | MYRIADS)

# A raised point is a decimal one before what is measured, and where no day of a month can stand: 2·6倍 and
# 0·57, but 8·15 and 五·四 are days.
MEASURED = r"(?:[%倍배万萬만亿億억千百元吨噸톤米斤克度圆圓원]|公|평방|times\b|per\s?cent\b)"
_RAISED_POINT = re.compile(
    rf"(?<=[\d{''.join(DIGITS)}])[·‧・](?=[\d{''.join(DIGITS)}]+\s?{MEASURED})"
    r"|(?<=\d)[·‧・](?=(?:[4-9]\d|3[2-9]|00|\d{3,})(?!\d))|(?<=(?<!\d)0)[·‧・](?=\d)"
)
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
_HALF = re.compile(r"(\d?)\s?([½¼¾])")
_HALF_IN_FIGURES = re.compile(r"(?<![\d/.,])(\d{1,3})\s(?:and\s)?1/2(?![\d/])")
# 两年半, 三个半月, 2.5倍; but 三点半 is a time of day, and 三月半 one of the year.
_HALF_MORE = re.compile(
    rf"(?:(?<![\d.,])(\d{{1,3}})|(?<![{_CN}{''.join(MYRIADS)}第])([{_CN}]{{1,4}}))(个|個|年|天|倍|里|斤|亩|畝|公里|小时|小時|년|배|시간|개월)\s?[半반]"
)
_SPACED = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?!\d|\.\d|,\d{3})|(?<![\w'’])\d{1,3}(?:['’]\d{3})+(?!\d)"
)
_RAISED = re.compile("(?<=\\d)[²³¹⁰⁴-⁹]+")
# 二、三十 and 十七、八岁 are one number that is not certain.
_EITHER = re.compile(
    rf"([{_SINGLE}])[、,，]([{_SINGLE}])(?=[{_SCALE}])|(?<=[十百千])([{_SINGLE}])[、,，]([{_SINGLE}])(?![{_CN}])"
)


def spelled(text: str) -> str:
    """Return a text whose figures are written in one way, NFKC where it is not ASCII."""
    if not text.isascii():
        text = _RAISED.sub(" ", _HALF.sub(lambda half: (half[1] or "0") + _HALVES[half[2]], text))
        text = unicodedata.normalize("NFKC", _HALF_MORE.sub(_and_a_half, text))
        text = _EITHER.sub(_either, text)
        text = _RAISED_POINT.sub(lambda point: "." if text[point.start() - 1].isdecimal() else "点", text)
    text = _HALF_IN_FIGURES.sub(r"\1.5", text)
    return halves(_SPACED.sub(lambda number: re.sub(r"[\s'’]", "", number[0]), text))


def _and_a_half(match: re.Match[str]) -> str:
    return f"{match[1]}.5{match[3]}" if match[1] else f"{match[2]}点五{match[3]}"


def _either(match: re.Match[str]) -> str:
    low, high = match[1] or match[3], match[2] or match[4]
    return low + high if 0 < DIGITS[high] - DIGITS[low] <= 2 else match[0]

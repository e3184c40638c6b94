"""Chinese and Sino-Japanese numerals: characters, and what a row of them is worth."""

from __future__ import annotations

import re
from typing import Final

from align.scoring.numeral_words import as_float

DIGITS: Final = (
    {char: value for value, char in enumerate("零一二三四五六七八九")}
    | {char: value for value, char in enumerate("壹贰叁肆伍陆柒捌玖", 1)}
    | {char: value for value, char in enumerate("壹貳參肆伍陸柒捌玖", 1)}
    | {"〇": 0, "○": 0, "两": 2, "兩": 2}
)
TENS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
FUSED: Final = {"廿": "二十", "卅": "三十", "卌": "四十"}
MYRIADS: Final = {
    "万": 10**4, "萬": 10**4, "만": 10**4, "亿": 10**8, "億": 10**8, "억": 10**8, "兆": 10**12, "조": 10**12,
}  # fmt: skip
ERAS: Final = {
    "民国": 1911, "民國": 1911, "主体": 1911, "主體": 1911, "주체": 1911, "Juche": 1911,
    "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "단기": -2333, "檀紀": -2333,
    "민국": 1911, "명치": 1867, "메이지": 1867, "대정": 1911, "다이쇼": 1911, "소화": 1925,
    "쇼와": 1925, "헤이세이": 1988, "光绪": 1874, "光緒": 1874, "宣统": 1908, "宣統": 1908,
}  # fmt: skip
"""What the first year of an era is counted from: the year before it."""


# 千百万, 亿万, 万一 and 千千万万 count nothing; 百万 and 千万 may.
_FIGURE_OF_SPEECH: Final = re.compile("[万萬亿億兆].|[千仟][百佰千仟]")


def chinese_value(numeral: str) -> float | None:
    """Value of a Chinese numeral, positional (二〇二三) or with units (二千零二十三); None if it is vague."""
    if _FIGURE_OF_SPEECH.match(numeral) is not None:
        return None
    for fused, written in FUSED.items():
        numeral = numeral.replace(fused, written)
    if all(char in DIGITS for char in numeral):
        digits = [DIGITS[char] for char in numeral]
        if len(digits) == 2 and digits[0] > 0 and (digits[1] == digits[0] + 1 or digits == [3, 5]):
            return None  # 两三个, "two or three"
        return float("".join(map(str, digits)))
    total = section = digit = 0
    smallest = unit = 0
    pending = False
    for char in numeral:
        if char in DIGITS:
            if pending and DIGITS[char]:
                return None  # 三五百, "three to five hundred"
            digit = DIGITS[char]
            pending = digit > 0
            unit = unit if digit else 0  # 一万零二
            continue
        if char in TENS:
            unit = TENS[char]
            section += (digit or 1) * unit
        else:
            unit = MYRIADS[char]
            if smallest > unit:  # 十二亿五千万: a lower place
                total += (section + digit or 1) * unit
            else:  # 一万亿: a multiple of what came before
                total = (total + section + digit or 1) * unit
            smallest = unit
            section = 0
        digit, pending = 0, False
    # 一万二 is 12,000, but 十二 is 12.
    return as_float(total + section + digit * (unit // 10 if unit >= 100 else 1))

"""Numbers in words of Korean, Russian, German and French, and in Roman figures.

Many of them are other words as well (이천 is a town, "elf" a fairy), so a text that has one is never held to
it: it only answers for a figure of the other side.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from align.scoring.han_numerals import chinese_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_SINO_KOREAN: Final = str.maketrans(
    "영공일이삼사오육륙칠팔구십백천만억조", "零零一二三四五六六七八九十百千万亿兆"
)
_HAN: Final = re.compile(
    r"(?<![가-힣\d])제?([일이삼사오육륙칠팔구십백천][영공일이삼사오육륙칠팔구십백천만억조]+)"
)
_NATIVE_TENS: Final = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70,
    "여든": 80, "아흔": 90,
}  # fmt: skip
_NATIVE_UNITS: Final = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE: Final = re.compile(rf"(?<![가-힣])({'|'.join(_NATIVE_TENS)})({'|'.join(_NATIVE_UNITS)})?")
_ROMAN: Final = re.compile(r"(?<![A-Za-z])([IVXLC]{2,7}|[VX])(?:e|er|ème|th)?(?![A-Za-z])")
_ROMAN_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_VALID_ROMAN: Final = re.compile("(?:XC|XL|L?X{0,3}|C{1,3}(?:XC|XL|L?X{0,3}))(?:IX|IV|V?I{0,3})")

# Stems and the endings that they take, so that cases and ordinals are read as well.
_RUSSIAN: Final = {
    2: "два|две|двух|двум|двумя|втор", 3: "три|трех|трём|трем|трёх|тремя|треть",
    4: "четыре|четырех|четырёх|четверт", 5: "пять|пяти|пятью|пят", 6: "шесть|шести|шестью|шест",
    7: "семь|семи|седьм", 8: "восемь|восьми|восьм", 9: "девять|девяти|девят", 10: "десять|десяти|десят",
    11: "одиннадцат", 12: "двенадцат", 13: "тринадцат", 14: "четырнадцат", 15: "пятнадцат",
    16: "шестнадцат", 17: "семнадцат", 18: "восемнадцат", 19: "девятнадцат", 20: "двадцат",
    30: "тридцат", 40: "сорок|сорока|сороков", 50: "пятьдесят|пятидесяти|пятидесят",
    60: "шестьдесят|шестидесяти|шестидесят", 70: "семьдесят|семидесяти|семидесят",
    80: "восемьдесят|восьмидесяти|восьмидесят", 90: "девяносто|девяноста|девяност", 100: "сто|ста|сот",
    200: "двести|двухсот", 300: "триста|трехсот|трёхсот", 400: "четыреста|четырехсот|четырёхсот",
    500: "пятьсот|пятисот", 600: "шестьсот|шестисот", 700: "семьсот|семисот", 800: "восемьсот|восьмисот",
    900: "девятьсот|девятисот", 1000: "тысяч|тысячн", 10**6: "миллион", 10**9: "миллиард",
}  # fmt: skip
_RUSSIAN_ENDINGS: Final = (
    "(?:[ьи]|ью|ый|ой|ий|[ая]я|ое|ье|ую|ью|ого|его|ому|ему|ым|им|ом|ем|ые|ие|ых|их|ыми|ими"
    "|ья|ьи|ьего|ьей|ей|а|у|ов|ам|ами|ах)?"
)
_GERMAN: Final = {
    1: "ein|eins", 2: "zwei|zwo", 3: "drei|drit", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben|sieb",
    8: "acht|ach", 9: "neun", 10: "zehn", 11: "elf", 12: "zwölf", 16: "sechzehn", 17: "siebzehn",
    20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig", 60: "sechzig", 70: "siebzig",
    80: "achtzig", 90: "neunzig", 100: "hundert", 1000: "tausend", 10**6: "million|millionen",
    10**9: "milliarde|milliarden",
}  # fmt: skip
_FRENCH: Final = {
    1: "un|une|uni", 2: "deux", 3: "trois", 4: "quatre|quatr", 5: "cinq|cinqu", 6: "six", 7: "sept",
    8: "huit", 9: "neuf|neuv", 10: "dix", 11: "onze|onz", 12: "douze|douz", 13: "treize|treiz",
    14: "quatorze|quatorz", 15: "quinze|quinz", 16: "seize|seiz", 20: "vingt|vingts", 30: "trente|trent",
    40: "quarante|quarant", 50: "cinquante|cinquant", 60: "soixante|soixant", 100: "cent|cents",
    1000: "mille|mill", 10**6: "million|millions", 10**9: "milliard|milliards",
}  # fmt: skip


def _stems(table: dict[int, str]) -> dict[str, int]:
    return {stem: value for value, stems in table.items() for stem in stems.split("|")}


def _alternatives(stems: dict[str, int]) -> str:
    return "|".join(sorted(stems, key=len, reverse=True))


_OF_RUSSIAN, _OF_GERMAN, _OF_FRENCH = _stems(_RUSSIAN), _stems(_GERMAN), _stems(_FRENCH)
_RUSSIAN_WORD: Final = rf"({_alternatives(_OF_RUSSIAN)}){_RUSSIAN_ENDINGS}"
_FRENCH_WORD: Final = rf"({_alternatives(_OF_FRENCH)})(?:i[eè]mes?)?"
_RUSSIAN_RUN: Final = re.compile(
    rf"(?<!\w){_RUSSIAN_WORD}(?:[ -]{_RUSSIAN_WORD}){{0,9}}(?!\w)", re.IGNORECASE
)
_RUSSIAN_ONE: Final = re.compile(rf"(?<!\w){_RUSSIAN_WORD}(?!\w)", re.IGNORECASE)
_FRENCH_RUN: Final = re.compile(
    rf"(?<!\w){_FRENCH_WORD}(?:(?:-|\s|\set\s|-et-){_FRENCH_WORD}){{0,9}}(?!\w)", re.IGNORECASE
)
_FRENCH_ONE: Final = re.compile(rf"(?<!\w){_FRENCH_WORD}(?!\w)", re.IGNORECASE)
_GERMAN_RUN: Final = re.compile(
    rf"(?<!\w)(?:{_alternatives(_OF_GERMAN)}|und)+(?:s?te[nrsm]?)?(?:\s(?:Million(?:en)?|Milliarden?))?(?!\w)",
    re.IGNORECASE,
)
_GERMAN_PART: Final = re.compile(_alternatives(_OF_GERMAN), re.IGNORECASE)
_ENGLISH: Final = frozenset({"six", "cent", "cents", "million", "millions"})
_CYRILLIC: Final = re.compile("[а-яё]")


def foreign_quantities(text: str) -> Iterator[float]:
    """Yield the numbers above one that words of these languages, or Roman figures, may mean."""
    if not text.isascii():
        yield from _korean(text)
        if _CYRILLIC.search(text) is not None:
            for match in _RUSSIAN_RUN.finditer(text):
                yield from _composed([_OF_RUSSIAN[one[1].lower()] for one in _RUSSIAN_ONE.finditer(match[0])])
    yield from _roman(text)
    for match in _GERMAN_RUN.finditer(text):
        yield from _composed([_OF_GERMAN[part[0].lower()] for part in _GERMAN_PART.finditer(match[0])])
    for match in _FRENCH_RUN.finditer(text):
        words = [part[1].lower() for part in _FRENCH_ONE.finditer(match[0])]
        if not _ENGLISH.issuperset(words):
            yield from _composed([_OF_FRENCH[word] for word in words])


def _korean(text: str) -> Iterator[float]:
    for match in _HAN.finditer(text):
        if (value := chinese_value(match[1].translate(_SINO_KOREAN))) is not None:
            yield value
    for match in _NATIVE.finditer(text):
        yield float(_NATIVE_TENS[match[1]] + _NATIVE_UNITS.get(match[2], 0))


def _roman(text: str) -> Iterator[float]:
    for match in _ROMAN.finditer(text):
        if _VALID_ROMAN.fullmatch(match[1]) is not None:
            figures = [_ROMAN_VALUES[figure] for figure in match[1]]
            after = [*figures[1:], 0]
            yield float(sum(-one if one < two else one for one, two in zip(figures, after, strict=True)))


def _composed(parts: list[int]) -> Iterator[float]:
    """Yield the number that a row of parts makes: none for a power alone, which is one behind digits."""
    if parts[:1] and parts[0] >= 10**6:
        return
    total = group = 0
    for part in parts:
        if part >= 1000:
            total += max(group, 1) * part
            group = 0
        elif part == 100 or (part == 20 and group % 100 == 4):  # quatre-vingts
            low = group % 100 or group or 1
            group += low * part - (low if group else 0)
        else:
            group += part
    if total + group > 1:
        yield float(total + group)

"""Numbers in words: English ones, powers of ten behind digits and names of months in European languages."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


def _numbered(words: str, start: int = 0, step: int = 1) -> dict[str, int]:
    """Map number words to their values, from a start on."""
    return {word: step * value for value, word in enumerate(words.split(), start)}


_UNITS: Final = (
    _numbered("zero one two three four five six seven eight nine ten eleven twelve")
    | _numbered("thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 13)
    | _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 2, 10)
)
_ORDINALS: Final = (
    _numbered("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
    | _numbered("thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth", 13)
    | _numbered("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 2, 10)
    | {"hundredth": 100, "thousandth": 1000}
)
_DECADES: Final = _numbered("twenties thirties forties fifties sixties seventies eighties nineties", 2, 10)
_SCALES: Final = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}

POWERS: Final = (
    _SCALES
    | dict.fromkeys(
        ("bn", "milliard", "milliards", "milliarde", "milliarden", "mrd", "млрд", "миллиард"), 10**9
    )
    | dict.fromkeys(("миллиарда", "миллиардов"), 10**9)
    | dict.fromkeys(
        ("mn", "mln", "millions", "millionen", "mill", "mio", "млн", "миллион", "миллиона"), 10**6
    )
    | {"миллионов": 10**6, "billions": 10**9, "billionen": 10**12, "трлн": 10**12, "триллион": 10**12}
    | dict.fromkeys(("mille", "tausend", "тыс", "тысяч", "тысяча", "тысячи"), 10**3)
)
"""Powers of ten that stand behind digits, folded.

A German billion is a million millions: "Billion" is read as the English one, "Billionen" as the German.
"""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner janvier января",
            "february februar février февраля",
            "march märz mars марта",
            "april avril апреля",
            "may mai мая",
            "june juni juin июня",
            "july juli juillet июля",
            "august août августа",
            "september septembre сентября",
            "october oktober octobre октября",
            "november novembre ноября",
            "december dezember décembre декабря",
        ),
        start=1,
    )
    for name in names.split()
}
_SHORT_MONTHS: Final = _numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1) | {
    "sept": 9, "okt": 10, "dez": 12, "janv": 1, "févr": 2, "avr": 4, "juil": 7, "déc": 12,
}  # fmt: skip
_MONTH = re.compile(rf"(?<![^\W\d_])(?P<name>{'|'.join(_MONTHS)})(?![^\W\d_])", re.IGNORECASE)
_SHORT_MONTH = re.compile(
    rf"(?<![^\W\d_])(?P<name>{'|'.join(sorted(_SHORT_MONTHS, key=len, reverse=True))})(?:\.|(?=\s\d))",
    re.IGNORECASE,
)
_SMALL_MONTHS: Final = frozenset({"may", "march", "august", "mars", "mai"})  # words, too, if they are small
_MEASURES: Final = (
    "years?|months?|weeks?|days?|hours?|times|tons?|miles?|li|mu|catties|jin|yuan|dollars|million|billion"
)
_HALF = re.compile(
    rf"\b({'|'.join(_UNITS)}|(?<![\d.,])\d{{1,3}})(?:\s+(?:{_MEASURES}))?\s+and\s+(?:a|one)[\s-]half\b|\bhalf\s+an?\s+(?=million|billion|dozen)",
    re.IGNORECASE,
)


def months(text: str) -> Iterator[int]:
    """Yield the months that a text names in English, German, French or Russian."""
    for match in _MONTH.finditer(text):
        if match[0] not in _SMALL_MONTHS:
            yield _MONTHS[match[0].casefold()]
    for match in _SHORT_MONTH.finditer(text):
        if match["name"][0].isupper() and match["name"].casefold() != "may":
            yield _SHORT_MONTHS[match["name"].casefold()]


def halves(text: str) -> str:
    """Return a text with "two and a half" and "half a million" in digits."""
    return (
        _HALF.sub(lambda half: f"{_UNITS.get(half[1].lower(), half[1])}.5" if half[1] else "0.5 ", text)
        if "half" in text
        else text
    )


_WORD = re.compile(r"[A-Za-z]+")
_CERTAIN = 12  # "one of them", "at first": small numbers in words often count nothing


def english_quantities(text: str) -> Iterator[tuple[set[float], bool]]:
    """Yield what English number words of a text may mean, and whether each surely is a quantity."""
    found = list(_runs(text))
    for place, (values, certain, start, end) in enumerate(found):
        # "forty or fifty" is neither for certain.
        beside = [text[other[3] : start] for other in found[place - 1 : place]]
        beside += [text[end : other[2]] for other in found[place + 1 : place + 2]]
        yield values, certain and all(between.strip() != "or" for between in beside)


def _runs(text: str) -> Iterator[tuple[set[float], bool, int, int]]:
    run: list[str] = []  # number words in a row
    last = ""
    start = end = 0
    for match in _WORD.finditer(text):
        word = match[0].lower()
        joined = not text[end : match.start()].strip(" -\u2010\u2011")
        if run and not (joined and _continues(run, word)):
            yield *_value(run), start, end
            run = []
        if not run:
            start = match.start()
        if run or word in _UNITS or word in _DECADES:
            run.append(word)
        elif word in _SCALES and word != "dozen" and joined and last in ("a", "an"):
            run = ["one", word]
        elif word in _ORDINALS:
            run = [word]
        elif word == "dozen":
            yield {12.0}, False, match.start(), match.end()
        end = match.end()
        last = word
    if run:
        yield *_value(run), start, end


def _continues(run: list[str], word: str) -> bool:
    """Whether a word carries on a number: "and" only after a hundred or more, as in "one hundred and six"."""
    if run[-1] in _ORDINALS or run[-1] in _DECADES:
        return False
    in_tens = run[-1] in _UNITS and _UNITS[run[-1]] >= 20 and _ORDINALS.get(word, 10) < 10
    if word in _ORDINALS:
        return in_tens or run[-1] in _SCALES or run[-1] == "and" or word in ("hundredth", "thousandth")
    return (
        word in _UNITS
        or word in _SCALES
        or (word in _DECADES and len(run) == 1 and run[0] in ("eighteen", "nineteen"))
        or (word == "and" and run[-1] in _SCALES)
    )


def _value(run: list[str]) -> tuple[set[float], bool]:
    if run[-1] in _DECADES:
        decade = _DECADES[run[-1]]
        century = 100 * _UNITS[run[0]] if len(run) > 1 else 1900
        return {float(century + decade), float(decade)}, True
    numbers = [_UNITS.get(word) or _ORDINALS.get(word) for word in run]
    century, rest = numbers[0] or 0, [number for number in numbers[1:] if number is not None]
    if 13 <= century <= 20 and len(rest) == len(numbers) - 1 and rest and rest[0] >= 10:
        return {float(100 * century + sum(rest))}, True  # nineteen fifty-nine
    total = group = 0
    for word in run:
        if word in _UNITS or (word in _ORDINALS and word not in ("hundredth", "thousandth")):
            group += _UNITS.get(word) or _ORDINALS.get(word, 0)
        elif word in ("hundred", "dozen", "hundredth"):
            group = max(group, 1) * (_SCALES.get(word) or _ORDINALS[word])
        elif word in _SCALES or word in _ORDINALS:
            total += max(group, 1) * (_SCALES.get(word) or _ORDINALS[word])
            group = 0
    return {as_float(total + group)}, total + group > _CERTAIN


def as_float(whole: int) -> float:
    """Return a whole number as a float; infinity beyond those, as for 5 and thirty 兆."""
    try:
        return float(whole)
    except OverflowError:
        return math.inf

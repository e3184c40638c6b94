"""Where in the two texts of a bead the numbers stand that differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from align.scoring.numerals import differing, quantities

if TYPE_CHECKING:
    from align.scoring.numerals import Quantity

_WORD = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)"
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*(?:\s?(?:[万亿萬億百千만억천]+|%|％|percent|hundred|thousand|million|billion))?"
    r"|[〇零一二两兩三四五六七八九十百千万萬亿億点點]+"
    rf"|\b{_WORD}(?:[\s-]+(?:and\s+)?{_WORD})*\b",
    re.IGNORECASE,
)


def differing_numbers(src: str, tgt: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return where the numbers stand that one of two texts has and the other lacks.

    Which differ, `align.scoring.numerals` says; a number whose place cannot be told is not marked.

    Returns
    -------
    src, tgt
        Code points of either text, the end exclusive, in order.
    """
    missing = differing(quantities(src), quantities(tgt))
    return _places(src, missing[0]), _places(tgt, missing[1])


def _places(text: str, wanted: list[Quantity]) -> list[tuple[int, int]]:
    left = list(wanted)
    found = []
    for match in _NUMBER.finditer(text) if left else ():
        read = quantities(match[0])
        hit = next((one for one in left if any(one.values & other.values for other in read)), None)
        if hit is not None:
            left.remove(hit)
            found.append(match.span())
    return found

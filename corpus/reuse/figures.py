"""The figures in a sentence, which tell a reprint from a sentence of the same wording."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

from align.scoring.numerals import quantities
from corpus.text.normalization import count_minus_signs

# 1,234 is 1234, and 一千余 is 一千多: ways of writing a figure, not other figures.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_AND_MORE = re.compile(r"(?<=[\d十百千万萬亿億])[余餘]")
_MAY_BE_MINUS = re.compile(r"[-‐‑‒–—―−]\s*\D?\s*\d")  # to look closer takes half of the time
Figures: TypeAlias = tuple[int, tuple[tuple[float, ...], ...]]
"""How many figures of a text are below zero, and what each may mean, in order of size."""


def figures(text: str) -> Figures:
    """Return the figures in a text, by which near duplicates are told apart.

    Number words count (`align.scoring.numerals`), and so do those that may be none: 一 in 一起, "one" in
    "one of".
    """
    written = unicodedata.normalize("NFKC", text)
    below_zero = count_minus_signs(text) if _MAY_BE_MINUS.search(written) else 0
    read = quantities(_AND_MORE.sub("多", _THOUSANDS.sub("", written)))
    return below_zero, tuple(sorted(tuple(sorted(number.values)) for number in read))

"""Invented press texts, for measuring: sentences of made-up words with the frequencies of real ones.

Words are syllables strung together at random, 50,000 of them; how often each is used falls with its rank
(Zipf), as in any language. A sentence has 6 to 24 words, a document 20 sentences, a dateline and a date of
its own. Every tenth document is bilingual: Latin letters above, Chinese characters drawn at random
below. Every fiftieth repeats a paragraph of an earlier one with a word changed, as reprints do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = 20
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_WORDS = 50_000
_CHARACTERS = [chr(0x4E00 + 7 * number) for number in range(2500)]
_SPOKEN = ["的", "是", "在", "了", "和", "有", "这", "我们", "国家", "工业"]


class Press:
    """Makes documents, the same ones for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = np.random.default_rng(seed)
        sizes = self._random.integers(2, 5, _WORDS)
        self._words = ["".join(self._random.choice(_SYLLABLES, size)) for size in sizes]
        self._paragraphs: list[str] = []

    def write(self, folder: Path, sentences: int, start: int = 0) -> int:
        """Write documents of so many sentences in all into folders of a thousand; return how many."""
        count = -(-sentences // SENTENCES)
        for number in range(start, start + count):
            place = folder / f"{number // 1000:04d}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"item-{number:07d}.txt").write_text(self._document(number), encoding="utf-8")
        return count

    def _document(self, number: int) -> str:
        year, month, day = 1946 + number % 80, 1 + number % 12, 1 + number % 28
        if number % 10 == 9:
            latin, chinese = self._paragraph(SENTENCES // 2), self._chinese(SENTENCES // 2)
            return (
                f"{year}-{month:02d}-{day:02d}\n\n### English\n\n{latin}\n\n<hr>\n\n### 中文\n\n{chinese}\n"
            )
        paragraphs = [self._paragraph(5) for _ in range(SENTENCES // 5)]
        if number % 50 == 49 or (number % 50 == 48 and self._paragraphs):
            paragraphs[1] = self._edited(self._paragraphs[int(self._random.integers(len(self._paragraphs)))])
        elif number % 25 == 0:
            self._paragraphs.append(paragraphs[1])
        return f"Headline {number}\n\n{year}-{month:02d}-{day:02d}\n\n" + "\n\n".join(paragraphs) + "\n"

    def _paragraph(self, sentences: int) -> str:
        return " ".join(self._sentence() for _ in range(sentences))

    def _sentence(self) -> str:
        size = int(self._random.integers(6, 25))
        ranks = (_WORDS ** self._random.random(size)).astype(int) - 1
        return " ".join(self._words[rank] for rank in ranks).capitalize() + "."

    def _chinese(self, sentences: int) -> str:
        made = []
        for _ in range(sentences):
            picked = self._random.integers(len(_CHARACTERS), size=int(self._random.integers(10, 40)))
            words = [_CHARACTERS[int(number)] for number in picked]
            words[::4] = [_SPOKEN[int(self._random.integers(len(_SPOKEN)))] for _ in words[::4]]
            made.append("".join(words) + "。")
        return "".join(made)

    def _edited(self, paragraph: str) -> str:
        words = paragraph.split(" ")
        words[int(self._random.integers(1, len(words) - 1))] = "changed"
        return " ".join(words)

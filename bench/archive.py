"""An invented archive in files: what `corpus ingest` reads, at any size.

Documents of twenty invented sentences (`bench/topics.py`), Chinese and English in turn, with a headline and a
date, 1946 to 2025. Every twentieth is bilingual: ten sentences, and below them the same ten in
the other language by a dictionary that is drawn at random, so that which words are translations of each
other is known. Every fiftieth repeats a paragraph of an earlier one with a word changed, as reprints do.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from topics import sentences, template_pairs, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = 20
_PARAGRAPH = 5


class Archive:
    """Writes documents, the same ones for the same seed.

    Attributes
    ----------
    dictionary
        The translation of each English word that bilingual documents use.
    """

    def __init__(self, count: int, seed: int = 1) -> None:
        self._draw = random.Random(seed)
        self._texts = sentences(count, seed)
        words = vocabulary()
        english = self._draw.sample(words["en"], 1500)
        self.dictionary = dict(zip(english, self._draw.sample(words["zh"], 1500), strict=True))
        self._places = list(zip(words["en-place"], words["zh-place"], strict=False))
        self._kept: list[str] = []
        self._number = 0

    def write(self, folder: Path, count: int) -> int:
        """Write the next documents, of so many sentences in all, a thousand a folder; return how many."""
        documents = -(-count // SENTENCES)
        for number in range(self._number, self._number + documents):
            place = folder / f"{number // 1000:04d}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"item-{number:07d}.txt").write_text(self._document(number), encoding="utf-8")
        self._number += documents
        return documents

    def _document(self, number: int) -> str:
        written = [next(self._texts) for _ in range(SENTENCES)]
        date = f"{1946 + number % 80}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        if number % 20 == 19:
            english, chinese = zip(*(self._pair() for _ in range(SENTENCES // 2)), strict=True)
            return f"{date}\n\n### English\n\n{' '.join(english)}\n\n<hr>\n\n### 中文\n\n{''.join(chinese)}\n"
        lang = written[0][0]
        between = " " if lang == "en" else ""
        lines = [_sentence(text, lang) for _, text in written]
        paragraphs = [
            between.join(lines[start : start + _PARAGRAPH]) for start in range(0, SENTENCES, _PARAGRAPH)
        ]
        if number % 50 == 48 and self._kept:
            paragraphs[1] = self._draw.choice(self._kept)
        elif number % 50 == 0 and lang == "en":
            self._kept.append(paragraphs[1].replace(" the ", " their ", 1))
        return f"Item {number}\n\n{date}\n\n" + "\n\n".join(paragraphs) + "\n"

    def _pair(self) -> tuple[str, str]:
        draw = self._draw
        english = [draw.choice(list(self.dictionary)) for _ in range(4)]
        place = draw.choice(self._places)
        figures = {"y": draw.randint(1946, 2025), "d": draw.randint(2, 900)}
        first, second = (
            template.format(**dict(zip(("n0", "n1", "n2", "v"), words, strict=True)), p=where, **figures)
            for template, words, where in zip(
                draw.choice(template_pairs()),
                (english, [self.dictionary[word] for word in english]),
                place,
                strict=True,
            )
        )
        return _sentence(first, "en"), _sentence(second, "zh")


def _sentence(text: str, lang: str) -> str:
    if lang == "zh":
        return text if text.endswith("。") else f"{text}。"
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")

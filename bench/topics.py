"""Invented sentences by the million, for measuring at sizes that no corpus in this tree has.

Topics are drawn first: each has a few dozen words, Chinese and English ones, and some topics are far more
frequent than others (Zipf). Documents of twenty sentences draw their words from one topic mostly, so that
vectors and word counts are clustered as a newspaper's are, and near-duplicates occur. What they say is
nonsense. Chinese words are from the dictionary of `jieba`; English ones, and names, from the vocabulary of the
encoder `use`. Nothing third-party is written anywhere.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import sentencepiece

from corpus.base.resources import resource_dir
from corpus.text.chinese import load_jieba

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZH = (
    "{p}的{n0}在{y}年{v}了{n1}，比上年增长百分之{d}。",
    "{p}{n0}{v}{n1}，{n2}也有了很大的提高。",
    "据{p}消息，{n0}和{n1}的{n2}已经{v}。",
    "这个{n0}今年生产{n1}{d}吨，{n2}{d}件。",
    "为了{v}{n0}，{p}的工人们改进了{n1}。",
    "{n0}{v}{n1}",
)
_EN = (
    "The {n0} of {p} has {v} the {n1} since {y}, up {d} percent on the year before.",
    "In {p}, {n0} and {n1} {v} while the {n2} was improved.",
    "According to reports from {p}, the {n0} {v} a new {n1}.",
    "This year the {n0} produced {d} tons of {n1} and {d} pieces of {n2}.",
    "To {v} the {n0}, workers of {p} renewed the {n1} with the {n2}.",
    "{n0} {v} {n1}",
)


def template_pairs() -> list[tuple[str, str]]:
    """Return what sentences are made of, in English and Chinese, that say the same."""
    return list(zip(_EN, _ZH, strict=True))


def vocabulary() -> dict[str, list[str]]:
    """Return words to write with: lists ``zh`` and ``en``, and names ``zh-place`` and ``en-place``."""
    words: dict[str, list[str]] = {"zh": [], "zh-place": []}
    jieba = load_jieba()
    with jieba.get_dict_file() as file:
        for line in file:
            word, frequency, tag = line.decode("utf-8").split()
            if 2 <= len(word) <= 4 and int(frequency) >= 20:
                words["zh-place" if tag == "ns" else "zh"].append(word)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(resource_dir() / "sp.model"))
    written = [pieces.id_to_piece(i) for i in range(pieces.get_piece_size())]
    words["en"] = [piece[1:] for piece in written if re.fullmatch("▁[a-z]{4,}", piece)]
    words["en-place"] = [piece[1:] for piece in written if re.fullmatch("▁[A-Z][a-z]{4,}", piece)]
    return words


def sentences(count: int, seed: int = 1, topics: int = 3000) -> Iterator[tuple[str, str]]:
    """Yield so many sentences as (language, text), documents of twenty at a time, languages in turn."""
    draw = random.Random(seed)
    words = vocabulary()
    subjects = [
        {name: draw.sample(words[name], 40 if "-" not in name else 6) for name in words}
        for _ in range(topics)
    ]
    weights = [1 / (rank + 10) for rank in range(topics)]
    for place in range(count):
        if place % 20 == 0:
            subject = draw.choices(subjects, weights)[0]
            lang = ("zh", "en")[place // 20 % 2]
        yield lang, _sentence(draw, words, subject, lang)


def _sentence(
    draw: random.Random, words: dict[str, list[str]], subject: dict[str, list[str]], lang: str
) -> str:
    n0, n1, n2, verb = (
        draw.choice(subject[lang]) if draw.random() < 0.7 else draw.choice(words[lang]) for _ in range(4)
    )
    return draw.choice(_ZH if lang == "zh" else _EN).format(
        p=draw.choice(subject[f"{lang}-place"]), n0=n0, n1=n1, n2=n2, v=verb,
        y=draw.randint(1946, 2025), d=draw.randint(2, 900),
    )  # fmt: skip

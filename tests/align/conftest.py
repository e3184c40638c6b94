"""A synthetic encoder and texts: the aligner's tests need no model."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from align import Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Role, Vectors

WEIGHTS = Path(__file__).parents[2] / "models" / "aligner" / "default.json"


class MeaningEncoder:
    """Embeds made-up sentences by meaning.

    A sentence is a list of words such as ``s17`` or ``t17``: the letter is the language, the number
    the meaning. A text's vector is the sum of its words' random vectors, with a little of its own noise.
    """

    name = "use"
    version = "test"
    dim = 96
    languages = ("xx",)
    licence = "CC0-1.0"

    @staticmethod
    @cache
    def _word(word: str) -> Vectors:
        meaning = np.random.default_rng([1, int(word[1:])]).standard_normal(MeaningEncoder.dim)
        noise = np.random.default_rng([2, ord(word[0]), int(word[1:])]).standard_normal(MeaningEncoder.dim)
        return (meaning + 0.6 * noise).astype(np.float32)

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        del role, lang
        words = {word: self._word(word) for text in texts for word in text.replace(",", " ").split()}
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for k, text in enumerate(texts):
            for word in text.replace(",", " ").split():
                out[k] += words[word]
            out[k] /= max(1e-9, float(np.linalg.norm(out[k])))
        return out

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        out = np.zeros((k, len(sentences), self.dim), dtype=np.float32)
        for size in range(1, k + 1):
            runs = [" ".join(sentences[i - size + 1 : i + 1]) for i in range(size - 1, len(sentences))]
            if runs:
                out[size - 1, size - 1 :] = self.encode(runs, lang=lang)
        return out


def sentence(side: str, meanings: Sequence[int]) -> str:
    """A sentence in one of the two made-up languages."""
    return " ".join(f"{side}{meaning}" for meaning in meanings)


def story(n: int, seed: int, words: int = 6) -> list[list[int]]:
    """Meanings of n sentences."""
    rng = np.random.default_rng(seed)
    return [[int(w) for w in rng.integers(0, 5000, size=words)] for _ in range(n)]


@pytest.fixture(scope="session")
def encoder() -> MeaningEncoder:
    return MeaningEncoder()


@pytest.fixture(scope="session")
def weights() -> Weights:
    return Weights.from_dict(json.loads(WEIGHTS.read_text(encoding="utf-8")))

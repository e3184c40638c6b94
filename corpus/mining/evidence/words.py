"""How much of two sentences' words is in the other: lexicons where they have a word, its vector where not.

An encoder that knows both languages is also a dictionary (`align.scoring.words`): the words of two sentences
that translate each other lie nearest, once each is corrected for how near it is to just any word of the other
language (CSLS, Conneau et al. 2018, "Word translation without parallel data"). So a word without an entry, an
inflected one or a name, still says whether the other sentence has what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.exact import exact_dots
from align.scoring.blocks import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from align.encoder import Vectors
    from corpus.mining.margin import Floats

_BATCH = 8192  # words encoded at a time
_SAMPLE = 1024  # words of the other language that nearness to just any word is measured on
_NEAREST = 7  # of them, the nearest ones
_MET = 0.8  # nearness that counts as a translation: that of a word that a lexicon has
_LEAST = -0.2  # nearness of words that have nothing to do with each other

NOTHING = 0.25
"""The coverage where a sentence has no words: neither for nor against."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """The vectors of the words of some sentences in one language.

    Attributes
    ----------
    rows
        The row of each word, by its normal form.
    vectors
        Shape (v, dim), half precision: less their mean, unit length.
    hubness
        Shape (v,), float32: how near each is to the nearest of just any words of the other language.
    """

    rows: Mapping[str, int]
    vectors: npt.NDArray[np.float16]
    hubness: Vectors


def word_vectors(
    words: tuple[Mapping[str, str], Mapping[str, str]], encode: Callable[[Sequence[str], int], Vectors]
) -> tuple[WordVectors, WordVectors]:
    """Have the words of two languages encoded, each once.

    Parameters
    ----------
    words
        Those of either language: how each is written, by its normal form.
    encode
        Returns the vectors of words of the first language (0) or the second (1): shape (len(words), dim).

    Notes
    -----
    Holds two bytes for each number of each word's vector: 1 KB a word.
    """
    vectors = [_centred([*own.values()], side, encode) for side, own in enumerate(words)]
    hubness = [_hubness(vectors[0], vectors[1]), _hubness(vectors[1], vectors[0])]
    made = [
        WordVectors({word: row for row, word in enumerate(own)}, vectors[side], hubness[side])
        for side, own in enumerate(words)
    ]
    return made[0], made[1]


def _centred(
    words: list[str], side: int, encode: Callable[[Sequence[str], int], Vectors]
) -> npt.NDArray[np.float16]:
    parts = []
    total = np.zeros(0)
    for start in range(0, len(words), _BATCH):
        made = encode([word.lower() for word in words[start : start + _BATCH]], side)
        total = (total if total.size else np.zeros(made.shape[1])) + made.sum(axis=0, dtype=np.float64)
        parts.append(made.astype(np.float16))
    centre = (total / max(len(words), 1)).astype(np.float32)
    return np.vstack([np.zeros((0, centre.size), np.float16), *(_less(part, centre) for part in parts)])


def _less(vectors: npt.NDArray[np.float16], centre: Vectors) -> npt.NDArray[np.float16]:
    return unit(vectors.astype(np.float32) - centre).astype(np.float16)


def _hubness(own: npt.NDArray[np.float16], other: npt.NDArray[np.float16]) -> Vectors:
    if not len(own) or not len(other):
        return np.zeros(len(own), dtype=np.float32)
    sample = other[np.linspace(0, len(other) - 1, min(len(other), _SAMPLE)).astype(int)]
    count = min(_NEAREST, len(sample))
    out = np.zeros(len(own), dtype=np.float32)
    for start in range(0, len(own), _BATCH):
        cosines = exact_dots(own[start : start + _BATCH], sample)
        out[start : start + _BATCH] = np.partition(cosines, -count, axis=1)[:, -count:].mean(axis=1)
    return out


def nearest_words(
    words: tuple[Sequence[str], Sequence[str]], vectors: tuple[WordVectors, WordVectors]
) -> tuple[Floats, Floats]:
    """Return how near the nearest word of the other sentence is to each word of two sentences.

    Parameters
    ----------
    words
        Normal forms of the words of either sentence, n and m; none of them without a vector.
    vectors
        Those of either language.

    Returns
    -------
    tuple of Floats
        Shapes (n,) and (m,): from about -.2, nothing to do with each other, to .8 and more, a translation.
    """
    if not words[0] or not words[1]:
        return np.full(len(words[0]), _LEAST), np.full(len(words[1]), _LEAST)
    rows = [[of.rows[word] for word in own] for own, of in zip(words, vectors, strict=True)]
    cosines = exact_dots(vectors[0].vectors[rows[0]], vectors[1].vectors[rows[1]])
    nearness = 2 * cosines - vectors[0].hubness[rows[0]][:, None] - vectors[1].hubness[rows[1]]
    return nearness.max(axis=1), nearness.max(axis=0)


def coverage(
    words: Sequence[str], nearness: Floats, met: Mapping[str, bool], rarity: Mapping[str, float]
) -> tuple[float, float]:
    """Return how much of a sentence's words is in the other, by their rarity; and how much is not.

    Parameters
    ----------
    words, nearness
        The words, and how near the nearest of the other sentence is to each (`nearest_words`).
    met
        Words whose translation by a lexicon, or which themselves, the other sentence has; those it has not.
    rarity
        How telling each word is, 0 to 1.

    Returns
    -------
    covered
        From -.2, nothing, to .8, all of it; `NOTHING` where there are no words.
    lacking
        How many words' worth is missing, each up to 1 by its rarity.
    """
    if not words:
        return NOTHING, 0.0
    weights = np.array([rarity.get(word, 1.0) for word in words])
    each = np.clip(nearness, _LEAST, _MET)
    each[np.array([met.get(word, False) for word in words])] = _MET
    return float((weights * each).sum() / weights.sum()), float((weights * (_MET - each)).sum())

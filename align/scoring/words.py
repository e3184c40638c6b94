"""Which words of a sentence have their counterparts in which sentence of the other text.

An encoder that knows both languages is also a dictionary: among the words of two texts, those that
translate each other lie nearest. Embedding every distinct word once costs far less than embedding the
text, and tells, within a long sentence, which part of it went where. So every word shares itself out over
the sentences near its place in the other text, by how near the nearest word there is, and a bead is
judged by how much of its words stays inside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from align.exact import exact_dots
from align.scoring.blocks import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Vectors
    from align.scoring.blocks import Halves
    from align.search import Floats, Ints

_BATCH: Final = 8192  # words encoded at a time
_SAMPLE: Final = 1024  # words of the other text that a word's hubness is measured on
_NEAREST: Final = 7  # of them, the nearest ones
_RARE: Final = 300  # a word in no more than one of so many sentences has full weight
_CHUNK: Final = 48  # sentences whose words are compared at a time
TEMPERATURE: Final = 0.3  # of the nearness of words
FARTHEST: Final = 0.0  # nearness, corrected for hubness, that two words have by chance
NOWHERE: Final = 1.0  # share, against those of sentences, of a word that may have no counterpart

_WORD: Final = re.compile(r"[^\W_]+")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
"""Scripts without spaces between words, as a regular expression's class has them: Han and kana, Thai, Lao,
Burmese, Khmer."""
_UNSPACED: Final = re.compile(f"[{UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text.

    Attributes
    ----------
    vectors
        Shape (v, dim): embeddings of the distinct words less their mean, unit length, half precision.
    weights
        Shape (v,): how telling each is, 0..1: the logarithm of its rarity.
    hubness
        Shape (v,): mean cosine to the nearest words of the other text, by which nearness is corrected
        (CSLS, Conneau et al. 2018); zero until both texts are known, see :func:`relate`.
    tokens
        Shape (t,): number of every word of the text, in order.
    starts
        Shape (n + 1,): the first token of every sentence, and t.
    mass
        Weight of the words of a mean sentence.
    """

    vectors: Halves
    weights: Vectors
    hubness: Vectors
    tokens: Ints
    starts: Ints
    mass: float

    def part(self, start: int, stop: int) -> Words:
        """Take the words of a stretch of sentences; vectors and weights stay those of the text."""
        first, last = int(self.starts[start]), int(self.starts[stop])
        return replace(self, tokens=self.tokens[first:last], starts=self.starts[start : stop + 1] - first)


def split_words(text: str, lang: str | None) -> list[str]:
    """Cut a text into words, in lower case, without punctuation.

    Chinese is cut by jieba; other text without spaces between words into overlapping pairs of characters.
    """
    out: list[str] = []
    for run in _WORD.findall(text.lower()):
        if not _UNSPACED.search(run):
            out.append(run)
        elif lang in (None, "zh") and _HAN.search(run):
            out += _cut_chinese(run)
        else:
            out += _cut_pairs(run)
    return out


def _cut_chinese(run: str) -> list[str]:
    import jieba  # noqa: PLC0415 - reads a dictionary, which texts in other languages can do without

    jieba.setLogLevel("ERROR")
    return [str(word) for word in jieba.cut(run)]


def _cut_pairs(run: str) -> list[str]:
    out: list[str] = []
    end = 0
    for match in _UNSPACED.finditer(run):
        out += [run[end : match.start()]] if match.start() > end else []
        piece, end = match.group(), match.end()
        out += [piece[k : k + 2] for k in range(max(1, len(piece) - 1))]
    return out + ([run[end:]] if end < len(run) else [])


def encode_words(texts: Sequence[str], encoder: Encoder, lang: str | None) -> Words:
    """Cut the sentences of a text into words, and embed each distinct one."""
    number: dict[str, int] = {}
    sentences = [
        np.array([number.setdefault(word, len(number)) for word in split_words(text, lang)], dtype=np.int64)
        for text in texts
    ]
    tokens = np.concatenate([*sentences, np.zeros(0, dtype=np.int64)])
    starts = np.concatenate([[0], np.cumsum([len(words) for words in sentences], dtype=np.int64)])
    occurs_in = np.bincount(np.concatenate([*map(np.unique, sentences), tokens[:0]]), minlength=len(number))
    vocabulary = list(number)
    vectors = np.zeros((len(number), encoder.dim), dtype=np.float16)
    total = np.zeros(encoder.dim)
    for start in range(0, len(number), _BATCH):
        rows = encoder.encode(vocabulary[start : start + _BATCH], lang=lang)
        total += rows.sum(axis=0)
        vectors[start : start + _BATCH] = rows
    centre = (total / max(1, len(number))).astype(np.float32)
    for start in range(0, len(number), _BATCH):
        rows = vectors[start : start + _BATCH].astype(np.float32)
        vectors[start : start + _BATCH] = unit(rows - centre)
    rarity = np.log((len(texts) + 1) / np.maximum(occurs_in, 1)) / np.log(min(len(texts), _RARE) + 1)
    weights = np.minimum(rarity, 1.0).astype(np.float32)
    mass = max(float(weights[tokens].sum()), 1e-6) / max(1, len(texts))
    return Words(vectors, weights, np.zeros_like(weights), tokens, starts.astype(np.int64), mass)


def relate(src: Words, tgt: Words) -> tuple[Words, Words]:
    """Measure the hubness of each text's words: how near to just any word of the other they are."""
    return replace(src, hubness=_hubness(src, tgt)), replace(tgt, hubness=_hubness(tgt, src))


def _hubness(own: Words, other: Words) -> Vectors:
    size = len(other.vectors)
    if not size or not len(own.vectors):
        return np.zeros(len(own.vectors), dtype=np.float32)
    sample = other.vectors[np.linspace(0, size - 1, min(size, _SAMPLE)).astype(int)].astype(np.float32)
    k = min(_NEAREST, len(sample))
    out = np.zeros(len(own.vectors), dtype=np.float32)
    for start in range(0, len(out), _BATCH):
        cosines = exact_dots(own.vectors[start : start + _BATCH], sample).astype(np.float32)
        # In double precision, so that the mean is the same in whatever order the partition leaves them.
        out[start : start + _BATCH] = np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1, dtype=np.float64)
    return out


def shares(
    src: Words, tgt: Words, window: tuple[int, int, int, int], near: np.ndarray
) -> tuple[Floats, Floats]:
    """Share out the words of both sides of a window over each other's sentences.

    Parameters
    ----------
    src, tgt
        Words of the whole texts, made for each other by :func:`relate`.
    window
        First and last-plus-one source sentence, first and last-plus-one target sentence.
    near
        Shape (n, m), bool: which sentences of the window may be counterparts.

    Returns
    -------
    src_shares, tgt_shares
        Shape (n, m): weight of the words of source sentence i that goes to target sentence j, and of target
        sentence j that goes to source sentence i, in mean sentences of the text whose words they are. What
        finds no counterpart goes nowhere.
    """
    i0, i1, j0, j1 = window
    src, tgt = src.part(i0, i1), tgt.part(j0, j1)
    return _share(src, tgt, near) / src.mass, _share(tgt, src, near.T).T / tgt.mass


def masses(words: Words, start: int, stop: int) -> Floats:
    """Weigh the words of the sentences of a stretch, in mean sentences of their text: shape (n,)."""
    part = words.part(start, stop)
    return _sums(part.weights[part.tokens][:, None], part.starts)[:, 0] / words.mass


def _share(own: Words, other: Words, near: np.ndarray) -> Floats:
    """Weight of each sentence's words that goes to each sentence of the other side."""
    out = np.zeros(near.shape)
    for start in range(0, len(near), _CHUNK):
        rows = slice(start, min(start + _CHUNK, len(near)))
        columns = np.flatnonzero(near[rows].any(axis=0))
        if columns.size:
            across = slice(int(columns[0]), int(columns[-1]) + 1)
            out[rows, across] = _share_chunk(
                own.part(rows.start, rows.stop), other.part(across.start, across.stop), near[rows, across]
            )
    return out


def _share_chunk(own: Words, other: Words, near: np.ndarray) -> Floats:
    kinds, token = np.unique(own.tokens, return_inverse=True)
    other_kinds, other_token = np.unique(other.tokens, return_inverse=True)
    if not kinds.size or not other_kinds.size:
        return np.zeros(near.shape)
    nearness = exact_dots(own.vectors[kinds], other.vectors[other_kinds]).astype(np.float32)
    nearness = 2 * nearness - own.hubness[kinds][:, None] - other.hubness[other_kinds]
    strength = np.exp(np.minimum(nearness, 1.2) / np.float32(TEMPERATURE)) * other.weights[other_kinds]
    strength[nearness <= FARTHEST] = 0.0
    best = _greatest(strength[:, other_token], other.starts)[token]  # of each word, in each sentence
    owner = np.repeat(np.arange(len(near)), np.diff(own.starts))
    best *= near[owner]
    best *= (own.weights[own.tokens] / (best.sum(axis=1) + NOWHERE))[:, None]
    return _sums(best, own.starts)


def _greatest(values: Vectors, starts: Ints) -> Vectors:
    """Greatest value of every run of columns; 0 for empty runs. `starts` holds the ends as well."""
    filled = np.flatnonzero(np.diff(starts))
    out = np.zeros((len(values), len(starts) - 1), dtype=np.float32)
    out[:, filled] = np.maximum.reduceat(values, starts[filled], axis=1)
    return out


def _sums(values: Vectors, starts: Ints) -> Floats:
    """Sum of every run of rows; 0 for empty runs."""
    filled = np.flatnonzero(np.diff(starts))
    out = np.zeros((len(starts) - 1, values.shape[1]))
    out[filled] = np.add.reduceat(values, starts[filled], axis=0)
    return out

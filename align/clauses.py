"""Where in the other text the clauses of a sentence have their counterparts.

A long Chinese sentence is often several English ones, cut at its commas. Whether a bead has
the right ends shows in its clauses: each should have its best counterpart inside the bead. So every clause
shares out its length over the sentences near its place in the other text, by a softmax over cosines,
and a bead is judged by the share of its clauses that stays inside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.blocks import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.blocks import Halves
    from align.encoder import Encoder
    from align.search import Floats, Ints, Scores32

_BREAK: Final = re.compile(r"(?<=[，,；;：:。！？!?、—…])(?!\d)|(?<=[.?!][\"”’])")
_SHORTEST: Final = 15  # bytes of UTF-8: five Chinese characters, three short English words
_WINDOW: Final = 8192  # clauses encoded at a time
TEMPERATURE: Final = 0.05  # of the softmax over cosines


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one text.

    Attributes
    ----------
    vectors
        Shape (c, dim): embeddings less their mean, unit length, half precision.
    starts
        Shape (n + 1,): the first clause of every sentence, and c.
    lengths
        Shape (c,): bytes.
    """

    vectors: Halves
    starts: Ints
    lengths: Floats


def split_clauses(sentence: str) -> list[str]:
    """Cut a sentence after its inner punctuation; pieces too short to mean much join their neighbour."""
    out: list[str] = []
    current = ""
    for part in _BREAK.split(sentence):
        current += part
        if len(current.strip().encode(errors="replace")) >= _SHORTEST:
            out.append(current.strip())
            current = ""
    if current.strip():
        if out:
            out[-1] += current if current[0].isspace() else " " * (ord(current[0]) < 0x2E80) + current
        else:
            out.append(current.strip())
    return out or [sentence]


def encode_clauses(texts: Sequence[str], encoder: Encoder, lang: str | None) -> Clauses:
    """Split and embed the clauses of a text."""
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    pieces: list[str] = []
    for i, text in enumerate(texts):
        pieces += split_clauses(text)
        starts[i + 1] = len(pieces)
    vectors = np.zeros((len(pieces), encoder.dim), dtype=np.float16)
    total = np.zeros(encoder.dim)
    for start in range(0, len(pieces), _WINDOW):
        rows = encoder.encode(pieces[start : start + _WINDOW], lang=lang)
        total += rows.sum(axis=0)
        vectors[start : start + _WINDOW] = rows
    centre = (total / max(1, len(pieces))).astype(np.float32)
    for start in range(0, len(pieces), _WINDOW):
        rows = vectors[start : start + _WINDOW].astype(np.float32)
        vectors[start : start + _WINDOW] = unit(rows - centre)
    lengths = np.array([max(1, len(piece.encode(errors="replace"))) for piece in pieces], dtype=np.float64)
    return Clauses(vectors, starts, lengths)


def part_of(clauses: Clauses, start: int, stop: int) -> Clauses:
    """Take the clauses of a stretch of sentences."""
    first, last = int(clauses.starts[start]), int(clauses.starts[stop])
    return Clauses(
        clauses.vectors[first:last], clauses.starts[start : stop + 1] - first, clauses.lengths[first:last]
    )


def shares(
    src: Clauses, tgt: Clauses, window: tuple[int, int, int, int], near: np.ndarray
) -> tuple[Floats, Floats]:
    """Share out the clauses of both sides of a window over each other's sentences.

    Parameters
    ----------
    window
        First and last-plus-one source sentence, first and last-plus-one target sentence.
    near
        Shape (n, m), bool: which sentences of the window may be counterparts.

    Returns
    -------
    src_shares, tgt_shares
        Shape (n, m): bytes of source sentence i that go to target sentence j, and bytes of target sentence j
        that go to source sentence i.
    """
    i0, i1, j0, j1 = window
    rows = slice(int(src.starts[i0]), int(src.starts[i1]))
    columns = slice(int(tgt.starts[j0]), int(tgt.starts[j1]))
    src_starts = src.starts[i0:i1] - rows.start
    tgt_starts = tgt.starts[j0:j1] - columns.start
    cosines = src.vectors[rows].astype(np.float32) @ tgt.vectors[columns].astype(np.float32).T
    return (
        _share(cosines, src_starts, tgt_starts, src.lengths[rows], near),
        _share(cosines.T, tgt_starts, src_starts, tgt.lengths[columns], near.T).T,
    )


def _share(cosines: Scores32, own: Ints, other: Ints, lengths: Floats, near: np.ndarray) -> Floats:
    """Bytes of each sentence that go to each of the other side's."""
    owner = np.repeat(np.arange(own.size), np.diff(np.append(own, len(cosines))))
    best = np.maximum.reduceat(cosines, other, axis=1)
    logits = np.where(near[owner], best / TEMPERATURE, -np.inf)
    peak = logits.max(axis=1, keepdims=True)
    weight = np.exp(logits - np.where(np.isfinite(peak), peak, 0.0))
    weight *= (lengths / np.maximum(weight.sum(axis=1), 1e-12))[:, None]
    return np.asarray(np.add.reduceat(weight, own, axis=0), dtype=np.float64)

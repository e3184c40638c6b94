"""How sentences begin and end, by which it is told where beads do.

A clause that a translator moved over a full stop, or the tag that says who speaks, leaves the vector of a
long bead nearly as it was. The first and the last words of its sides are then not each other's any more. So
the few words at either end of every sentence are embedded as a text of their own, and a bead is judged by how
near the beginnings of its two sides are, and how near their ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.exact import on_grid
from align.scoring.blocks import unit
from align.scoring.products import WIDER, band_cosines, wider
from align.scoring.words import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from align.scoring.blocks import Halves
    from align.search import Band, Floats, Ints, Scores32

AMOUNT: Final = 27
"""Bytes of UTF-8 that the words at an end have at least: nine Chinese characters, or five English words.
docs/concepts/alignment.md says what other amounts gave."""
USUAL: Final = 0.25
"""Mean of both cosines from which ends speak for a bead: under that of most right ones, over that of others,
so that where ends are not known nothing is said."""
_AS_MANY: Final = 10  # sentences that a mean of nothing counts as: that of a few says little
_BATCH: Final = 4096  # texts encoded at a time

# Words with what is attached to them; of scripts without spaces, characters.
_PIECE: Final = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of one text's sentences.

    Attributes
    ----------
    heads, tails
        Shape (n, dim), half precision: embeddings of the first and of the last words of every sentence, less
        their mean, unit length.
    """

    heads: Halves
    tails: Halves

    def part(self, start: int, stop: int) -> Ends:
        """Take those of a stretch of sentences; they stay those of the text."""
        return Ends(self.heads[start:stop], self.tails[start:stop])


def split_ends(text: str) -> tuple[str, str]:
    """Return the first and the last words of a sentence, at least :data:`AMOUNT` bytes, or all of it.

    Words have the punctuation that is written with them; of text without spaces between words, characters
    are taken.
    """
    pieces = [match.span() for match in _PIECE.finditer(text)]
    if not pieces:
        return text, text
    first, last = pieces[0][0], pieces[-1][1]
    head = next((stop for _, stop in pieces if _size(text[first:stop]) >= AMOUNT), last)
    tail = next((start for start, _ in reversed(pieces) if _size(text[start:last]) >= AMOUNT), first)
    return text[first:head], text[tail:last]


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))


def encode_ends(sentences: Sequence[str], encoder: Encoder, lang: str | None) -> Ends:
    """Embed the first and the last words of the sentences of a text, each distinct ones once."""
    split = [split_ends(text) for text in sentences]
    number: dict[str, int] = {}
    heads, tails = (
        np.array([number.setdefault(ends[side], len(number)) for ends in split], dtype=np.int64)
        for side in (0, 1)
    )
    texts = list(number)
    vectors = np.zeros((len(texts), encoder.dim), dtype=np.float16)
    for start in range(0, len(texts), _BATCH):
        vectors[start : start + _BATCH] = encoder.encode(texts[start : start + _BATCH], lang=lang)
    return Ends(_centred(vectors, heads), _centred(vectors, tails))


def _centred(vectors: Halves, rows: Ints) -> Halves:
    """Directions, from the mean of some rows, of each of these."""
    out = np.zeros((len(rows), vectors.shape[1]), dtype=np.float16)
    total = np.zeros(vectors.shape[1])
    for start in range(0, len(rows), _BATCH):
        # Half precision: the sum is exact, in whatever order.
        total += vectors[rows[start : start + _BATCH]].sum(axis=0, dtype=np.float64)
    centre = on_grid(total / (len(rows) + _AS_MANY)).astype(np.float32)
    for start in range(0, len(rows), _BATCH):
        out[start : start + _BATCH] = unit(vectors[rows[start : start + _BATCH]].astype(np.float32) - centre)
    return out


@dataclass(frozen=True, slots=True)
class EndCosines:
    """Cosines of the ends of the sentences in a band and around it.

    Attributes
    ----------
    heads, tails
        Shape (n + m + 1, W + 2 · `align.scoring.products.WIDER`): of the sentences that end at each cell.
    lo
        Shape (n + m + 1,): of the band.
    """

    heads: Scores32
    tails: Scores32
    lo: Ints

    def of_beads(self, i: Ints, j: Ints, a: int, b: int) -> Floats:
        """Mean cosine of both ends of the beads of a source and b target sentences that end at cells (i, j).

        Less :data:`USUAL`, so that 0 says nothing. Each of i's shape.
        """
        return np.asarray((self.head(i - a, j - b) + self.tail(i, j)) / 2 - USUAL, dtype=np.float64)

    def head(self, i: Ints, j: Ints) -> Scores32:
        """How near the beginnings are of the sentences that begin at some cells."""
        return self._at(self.heads, i + 1, j + 1)

    def tail(self, i: Ints, j: Ints) -> Scores32:
        """How near the ends are of the sentences that end at some cells."""
        return self._at(self.tails, i, j)

    def _at(self, cosines: Scores32, i: Ints, j: Ints) -> Scores32:
        return np.asarray(cosines[i + j, i - self.lo[i + j] + WIDER])


def end_cosines(src: Ends, tgt: Ends, band: Band) -> EndCosines:
    """Compare the ends of the sentences of two stretches, in a band and around it."""
    heads, tails = (
        band_cosines(one.astype(np.float32), other.astype(np.float32), wider(band))
        for one, other in ((src.heads, tgt.heads), (src.tails, tgt.tails))
    )
    return EndCosines(heads, tails, band.lo)


__all__ = ["AMOUNT", "USUAL", "EndCosines", "Ends", "encode_ends", "end_cosines", "split_ends"]

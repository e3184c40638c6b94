"""One side of an alignment: its sentences and what is computed of them once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from align.scoring.numerals import quantities
from align.scoring.words import relate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.scoring.blocks import Blocks
    from align.scoring.ends import Ends
    from align.scoring.numerals import Quantity
    from align.scoring.words import Words
    from align.search import Floats, Ints


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences, none of them blank, with their embeddings and surface.

    Attributes
    ----------
    blocks, words, ends
        Embeddings of runs of sentences, of words, and of the ends of sentences; the latter two are None where
        no encoder was given.
    lengths
        Shape (n,): bytes of UTF-8, by which Chinese and English come out of similar length.
    numbers
        Quantities of each sentence.
    paragraphs
        Shape (n,): number of each sentence's paragraph; all 0 where that is not known.
    """

    blocks: Blocks
    words: Words | None
    ends: Ends | None
    lengths: Floats
    numbers: tuple[tuple[Quantity, ...], ...]
    paragraphs: Ints

    def __len__(self) -> int:
        return self.lengths.size

    def part(self, start: int, stop: int, *, own: bool = True) -> Text:
        """Take a stretch as a text of its own, or as one that still belongs to the whole.

        The latter keeps the whole text's mean embeddings: a few sentences have no mean that says anything.
        All of it is itself.
        """
        if (start, stop) == (0, len(self)):
            return self
        return Text(
            self.blocks.part(start, stop, own=own),
            None if self.words is None else self.words.part(start, stop),
            None if self.ends is None else self.ends.part(start, stop),
            self.lengths[start:stop],
            self.numbers[start:stop],
            self.paragraphs[start:stop],
        )


@dataclass(frozen=True, slots=True)
class WindowSide:
    """A stretch of one text, as the features see it.

    Attributes
    ----------
    blocks
        Shape (MAX_RUN, n, dim): row [b - 1, i] embeds the b sentences that end at i.
    centre
        Shape (MAX_RUN, dim): mean embedding of the whole text's runs of each length. Both are on
        `align.exact.VECTOR_GRID`.
    lengths
        Shape (n + 1,): running sum of sentence lengths, in bytes: whole numbers, so that the lengths of equal
        beads are equal wherever they stand.
    unit
        Bytes of a mean sentence.
    numbers
        Quantities of each sentence.
    paragraphs
        Shape (n,): number of each sentence's paragraph.
    """

    blocks: Floats
    centre: Floats
    lengths: Floats
    unit: float
    numbers: tuple[tuple[Quantity, ...], ...]
    paragraphs: Ints

    def __len__(self) -> int:
        return len(self.numbers)


def read_text(
    sentences: Sequence[str],
    blocks: Blocks,
    words: Words | None,
    ends: Ends | None,
    paragraphs: Ints | None = None,
) -> Text:
    """Measure the sentences of a text."""
    return Text(
        blocks=blocks,
        words=words,
        ends=ends,
        lengths=np.array([len(text.encode(errors="replace")) for text in sentences], dtype=np.float64),
        numbers=tuple(tuple(quantities(text)) for text in sentences),
        paragraphs=np.zeros(len(sentences), dtype=np.int64) if paragraphs is None else paragraphs,
    )


def relate_texts(src: Text, tgt: Text) -> tuple[Text, Text]:
    """Make two texts' words comparable with each other."""
    if src.words is None or tgt.words is None:
        return replace(src, words=None), replace(tgt, words=None)
    words = relate(src.words, tgt.words)
    return replace(src, words=words[0]), replace(tgt, words=words[1])


def side(text: Text, start: int, stop: int, unit_length: float) -> WindowSide:
    """Take a stretch of a text, its lengths in units of so many bytes."""
    return WindowSide(
        blocks=text.blocks.window(start, stop),
        centre=text.blocks.centre,
        lengths=_running(text.lengths[start:stop]),
        unit=unit_length,
        numbers=text.numbers[start:stop],
        paragraphs=text.paragraphs[start:stop],
    )


def _running(values: Floats) -> Floats:
    return np.concatenate([[0.0], values.cumsum()])

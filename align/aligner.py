"""From two lists of sentences to beads."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from align.beads import Bead
from align.flags import bead_flags
from align.paths.corridor import find_path
from align.paths.omissions import look_again
from align.paths.windows import (
    Found,
    Habits,
    first_habits,
    learn_habits,
    refine_habits,
    search_windows,
    signs,
)
from align.scoring.blocks import encode_text, given_blocks
from align.scoring.features import FIRST_MATCH, STEPS
from align.scoring.paragraphs import paragraph_numbers
from align.scoring.text import read_text, relate_texts
from align.scoring.words import encode_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import Encoder, Vectors
    from align.scoring.text import Text
    from align.weights import Weights


def align(
    src: Sequence[str],
    tgt: Sequence[str],
    *,
    weights: Weights,
    encoder: Encoder | None = None,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    src_blocks: Vectors | None = None,
    tgt_blocks: Vectors | None = None,
    src_paragraphs: Sequence[int] | None = None,
    tgt_paragraphs: Sequence[int] | None = None,
    breaks: Sequence[tuple[int, int]] = (),
    progress: Callable[[float], None] | None = None,
) -> list[Bead]:
    """Align the sentences of two texts that are translations of each other.

    Parameters
    ----------
    src, tgt
        Sentences in order. Blank ones (white space only) are never matched: a blank inside a bead's
        range belongs to that bead, any other is a null bead of its own.
    weights
        The scorer.
    encoder
        Makes the embeddings; may be left out where both `src_blocks` and `tgt_blocks` are given.
    src_lang, tgt_lang
        ISO 639-1 codes, passed to the encoder.
    src_blocks, tgt_blocks
        Embeddings made before, shape (k, n, dim) as :meth:`Encoder.encode_blocks` returns them, with
        k at least ``weights.max_block`` and n counting blank sentences.
    src_paragraphs, tgt_paragraphs
        Number of the paragraph that each sentence is in, ascending, where known: a bead that reaches over
        the end of one is less likely. Lines of one headline count as one paragraph.
    breaks
        Places (i, j) that no bead crosses: i source and j target sentences come before. Ascending.
    progress
        Called now and then with the share done, 0..1.

    Returns
    -------
    list of Bead
        Every sentence of both sides in exactly one bead, in order.

    Raises
    ------
    ValueError
        If neither encoder nor embeddings are given, if shapes do not fit, if the weights belong to
        another encoder, or if breaks are out of range or out of order.

    Notes
    -----
    Time and memory grow linearly with the number of sentences.
    """
    if encoder is not None and encoder.name != weights.encoder:
        raise ValueError(f"weights are for encoder {weights.encoder!r}, not {encoder.name!r}")
    _check_breaks(breaks, len(src), len(tgt))
    src_kept = [i for i, text in enumerate(src) if text.strip()]
    tgt_kept = [j for j, text in enumerate(tgt) if text.strip()]
    report = _Progress(progress, 3 * (len(src_kept) + len(tgt_kept)))
    left = _read(src, src_kept, encoder, src_lang, src_blocks, weights, report.add)
    right = _read(tgt, tgt_kept, encoder, tgt_lang, tgt_blocks, weights, report.add)
    left, right = relate_texts(left, right)
    left = replace(left, paragraphs=paragraph_numbers(src_paragraphs, src_kept))
    right = replace(right, paragraphs=paragraph_numbers(tgt_paragraphs, tgt_kept))
    cuts = [
        (int(np.searchsorted(src_kept, i)), int(np.searchsorted(tgt_kept, j)))
        for i, j in [*breaks, (len(src), len(tgt))]
    ]
    beads: list[Bead] = []
    i0 = j0 = 0
    for i1, j1 in cuts:
        found, habits = find_beads(left.part(i0, i1), right.part(j0, j1), weights, report.add)
        scores = weights.calibration.scores(signs(found))
        beads += [
            _bead(one, (i0, j0), left, right, habits, float(score))
            for one, score in zip(found, scores, strict=True)
        ]
        i0, j0 = i1, j1
    report.finish()
    return _restore_blanks(beads, src_kept, tgt_kept, len(src), len(tgt))


def find_beads(
    src: Text, tgt: Text, weights: Weights, progress: Callable[[int], None]
) -> tuple[list[Found], Habits]:
    """Align two texts without blanks and breaks; what is found is numbered from their start."""
    n, m = len(src), len(tgt)
    habits = first_habits(src, tgt)
    if not n or not m:
        progress(n + m)
        return [Found(0, i + 1, 0, 0.0) for i in range(n)] + [
            Found(1, 0, j + 1, 0.0) for j in range(m)
        ], habits
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    habits = learn_habits(src, tgt, path)
    if weights.omissions:  # weights of before score as they did
        habits = refine_habits(src, tgt, path, habits, weights.features)
    look = partial(look_again, model=weights.omissions)
    return search_windows(src, tgt, path, habits, weights.features, progress, look), habits


class _Progress:
    """Adds up what is done and passes on the share."""

    def __init__(self, report: Callable[[float], None] | None, total: int) -> None:
        self._report = report
        self._total = max(1, total)
        self._done = 0

    def add(self, count: int) -> None:
        self._done += count
        if self._report is not None:
            self._report(min(1.0, self._done / self._total))

    def finish(self) -> None:
        self.add(max(0, self._total - self._done))


def _check_breaks(breaks: Sequence[tuple[int, int]], n: int, m: int) -> None:
    before = (0, 0)
    for i, j in breaks:
        if not (before[0] <= i <= n and before[1] <= j <= m):
            raise ValueError(f"break ({i}, {j}) is out of order or outside {n} x {m} sentences")
        before = (i, j)


def prepare(
    sentences: Sequence[str],
    encoder: Encoder,
    lang: str | None,
    max_block: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Text:
    """Embed and measure the sentences of a text, none of them blank."""
    blocks = encode_text(sentences, encoder, max_block, lang, progress)
    words = encode_words(sentences, encoder, lang)
    progress(len(sentences))
    return read_text(sentences, blocks, words)


def _read(
    texts: Sequence[str],
    kept: list[int],
    encoder: Encoder | None,
    lang: str | None,
    blocks: Vectors | None,
    weights: Weights,
    progress: Callable[[int], None],
) -> Text:
    """Embed, if need be, and measure the sentences that are not blank."""
    sentences = [texts[i] for i in kept]
    if blocks is None:
        if encoder is None:
            raise ValueError("align needs an encoder, or the embeddings of both sides")
        return prepare(sentences, encoder, lang, weights.max_block, progress)
    if blocks.ndim != 3 or blocks.shape[0] < weights.max_block or blocks.shape[1] != len(texts):
        raise ValueError(
            f"embeddings of shape {blocks.shape} do not fit {len(texts)} sentences in blocks of "
            f"1 to {weights.max_block}"
        )
    progress(2 * len(kept))
    words = None if encoder is None else encode_words(sentences, encoder, lang)
    return read_text(sentences, given_blocks(blocks, kept, weights.max_block), words)


def _bead(found: Found, offset: tuple[int, int], src: Text, tgt: Text, habits: Habits, score: float) -> Bead:
    """Make the bead with its flags, numbered from the start of the texts."""
    a, b = STEPS[found.kind].tolist()
    i, j = found.i + offset[0], found.j + offset[1]
    if found.kind < FIRST_MATCH:
        return Bead(tuple(range(i - a, i)), tuple(range(j - b, j)))
    flags = bead_flags(src, tgt, (i - a, i), (j - b, j), habits, score)
    return Bead(tuple(range(i - a, i)), tuple(range(j - b, j)), score, flags)


def _restore_blanks(
    beads: list[Bead], src_kept: list[int], tgt_kept: list[int], n: int, m: int
) -> list[Bead]:
    """Give back the caller's numbers of sentences, and give blank ones a bead."""
    if len(src_kept) == n and len(tgt_kept) == m:
        return beads
    out: list[Bead] = []
    i = j = 0
    for bead in beads:
        first_i = src_kept[bead.src[0]] if bead.src else i
        first_j = tgt_kept[bead.tgt[0]] if bead.tgt else j
        out += [Bead((k,), ()) for k in range(i, first_i)] + [Bead((), (k,)) for k in range(j, first_j)]
        i = src_kept[bead.src[-1]] + 1 if bead.src else i
        j = tgt_kept[bead.tgt[-1]] + 1 if bead.tgt else j
        src = tuple(range(first_i, i)) if bead.src else ()
        tgt = tuple(range(first_j, j)) if bead.tgt else ()
        out.append(Bead(src, tgt, bead.score, bead.flags))
    return out + [Bead((k,), ()) for k in range(i, n)] + [Bead((), (k,)) for k in range(j, m)]

"""Where paragraphs end: beads that reach over the end of one are rare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from align.scoring.features import FIRST_MATCH, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.search import Band, Ints, Scores32

COST: Final = 6.5
"""Taken off a bead's log-score for each end of a paragraph inside it: one bead in some 700 holds one.

Set by hand, so that the item among the seeds comes out right with any of its paragraphs left out of one
side: the gold texts that the other weights are trained on have no paragraphs."""

_FEWEST_SHARED: Final = 0.2  # of sentences; with fewer in company, paragraphs are hardly more than sentences


def paragraph_numbers(paragraphs: Sequence[int] | None, kept: Sequence[int]) -> Ints:
    """Give every sentence that is kept the number of its paragraph, from 0 and without gaps.

    Parameters
    ----------
    paragraphs
        Number of the paragraph of each sentence, ascending; None where paragraphs are not known.
    kept
        The sentences wanted.

    Returns
    -------
    Ints
        Shape (len(kept),). All 0, as if it were one paragraph, where paragraphs are not known, or where
        they are mostly of one sentence and so say nothing.
    """
    if paragraphs is None or not len(kept):
        return np.zeros(len(kept), dtype=np.int64)
    _, numbers = np.unique([paragraphs[i] for i in kept], return_inverse=True)
    shared = 1 - (numbers[-1] + 1) / len(numbers)
    return numbers.astype(np.int64) if shared >= _FEWEST_SHARED else np.zeros_like(numbers, dtype=np.int64)


def charge_crossings(scores: Scores32, band: Band, src: Ints, tgt: Ints) -> None:
    """Take the cost of every paragraph's end that a bead reaches over off its score, in place.

    Parameters
    ----------
    scores
        Shape (diagonals, bead types, cells), as `align.scoring.features.band_scores` gives them.
    band
        Its cells.
    src, tgt
        Paragraph number of each sentence of the stretch.
    """
    if not (src.size and tgt.size) or (src[0] == src[-1] and tgt[0] == tgt[-1]):
        return
    i = band.cells_i
    j = np.arange(band.lo.size)[:, None] - i
    for kind, (a, b) in list(enumerate(STEPS.tolist()))[FIRST_MATCH:]:
        crossed = _crossed(src, i, a) + _crossed(tgt, j, b)
        scores[:, kind] -= COST * crossed.astype(np.float32)


def _crossed(numbers: Ints, end: Ints, size: int) -> Ints:
    """Count the ends of paragraphs inside runs of `size` sentences that end before `end`."""
    last = np.clip(end - 1, 0, numbers.size - 1)
    first = np.clip(end - size, 0, numbers.size - 1)
    crossed: Ints = np.maximum(numbers[last] - numbers[first], 0)
    return crossed

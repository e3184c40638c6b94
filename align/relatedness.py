"""Whether two texts have anything to do with each other, by how their beads look as a whole.

A search finds the best alignment of any two texts. Bead by bead, text on one subject looks much like a
translation, and a sentence or two like anything; all beads together, it does not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from align.exact import on_grid
from align.scoring.features import FIRST_MATCH, STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from align.paths.records import Found
    from align.scoring.text import Text
    from align.search import Floats

SIGNS: Final = (
    "intercept",  # 1
    "cosine",  # mean cosine of beads with two sides, by length
    "brief",  # one over the root of the number of sentences of both texts
    "nulls",  # share of both texts' length that is in null beads
    "ends",  # mean of how near the ends of the sides of beads are, by length
)
"""What tells whether two texts are related.

How many words find a counterpart inside their bead says nothing beside these: held-out unrelated texts of one
to five sentences are told as well without.
"""

SURE: Final = 0.35
"""Probability of being related from which a text's scores are left as they are."""

_GRID: Final = 2.0**-12  # of the signs


def text_signs(src: Text, tgt: Text, found: Sequence[Found], size: int | None = None) -> Floats | None:
    """Gather what tells whether two texts are related.

    Parameters
    ----------
    src, tgt
        The texts.
    found
        Beads, numbered from their start.
    size
        Sentences of both that the beads are of; all, if it is not given.

    Returns
    -------
    Floats or None
        Shape (len(SIGNS),); None where there is no bead with two sides, or no embeddings of words.
    """
    if src.words is None or tgt.words is None or not any(bead.kind >= FIRST_MATCH for bead in found):
        return None
    running = [np.concatenate([[0.0], text.lengths.cumsum()]) for text in (src, tgt)]
    lengths = [
        float(running[0][i1] - running[0][i0] + running[1][j1] - running[1][j0])
        for (i0, i1), (j0, j1) in map(_spans, found)
    ]
    matched = [
        length if bead.kind >= FIRST_MATCH else 0.0 for bead, length in zip(found, lengths, strict=True)
    ]
    cosine = _mean([bead.cosine for bead in found], matched)
    ends = _mean([bead.ends for bead in found], matched)
    nulls = 1 - math.fsum(matched) / math.fsum(lengths)
    brief = 1 / math.sqrt(len(src) + len(tgt) if size is None else size)
    return on_grid(np.array([1.0, cosine, brief, nulls, ends]), _GRID)


def relatedness(signs: Floats | None, model: Mapping[str, float]) -> float:
    """Probability that two texts are related, 0..1; 1 where nothing tells.

    Parameters
    ----------
    signs
        As :func:`text_signs` gives them.
    model
        Coefficient of every sign of :data:`SIGNS`; none of weights that know nothing of this.
    """
    if signs is None or not model:
        return 1.0
    logit = math.fsum(value * model.get(name, 0.0) for name, value in zip(SIGNS, signs.tolist(), strict=True))
    return 1 / (1 + math.exp(-min(max(logit, -40.0), 40.0)))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = math.fsum(weights)
    return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / total if total else 0.0


def _spans(bead: Found) -> tuple[tuple[int, int], tuple[int, int]]:
    a, b = STEPS[bead.kind].tolist()
    return (bead.i - a, bead.i), (bead.j - b, bead.j)

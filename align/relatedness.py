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
from align.scoring.words import masses, shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from align.paths.records import Found
    from align.scoring.text import Text
    from align.search import Floats

SIGNS: Final = (
    "intercept",  # 1
    "cosine",  # mean cosine of beads
    "words",  # logarithm of the mean share of words found inside their bead; less in short texts
    "brief",  # one over the root of the number of sentences of both texts
)
"""What tells whether two texts are related; means are by length, over beads with two sides."""

SURE: Final = 0.35
"""Probability of being related from which a text's scores are left as they are."""

_SAMPLE: Final = 64  # beads whose words are looked at, evenly spaced
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
    beads = [bead for bead in found if bead.kind >= FIRST_MATCH]
    if not beads or src.words is None or tgt.words is None:
        return None
    running = [np.concatenate([[0.0], text.lengths.cumsum()]) for text in (src, tgt)]
    lengths = [
        float(running[0][i1] - running[0][i0] + running[1][j1] - running[1][j0])
        for (i0, i1), (j0, j1) in map(_spans, beads)
    ]
    cosine = _mean([bead.cosine for bead in beads], lengths)
    some = range(0, len(beads), -(-len(beads) // _SAMPLE))
    words = _mean([_words(src, tgt, beads[k]) for k in some], [lengths[k] for k in some])
    brief = 1 / math.sqrt(len(src) + len(tgt) if size is None else size)
    # Of a few sentences, any word is the nearest to some other: that words are found says little there.
    telling = max(0.0, 1 - 1.5 * brief) * math.log(words + 0.03)
    return on_grid(np.array([1.0, cosine, telling, brief]), _GRID)


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


def _words(src: Text, tgt: Text, bead: Found) -> float:
    """Share of the words of a bead's sides that find a counterpart inside, of the side that has less."""
    assert src.words is not None
    assert tgt.words is not None
    (i0, i1), (j0, j1) = _spans(bead)
    both = shares(src.words, tgt.words, (i0, i1, j0, j1), np.ones((i1 - i0, j1 - j0), dtype=bool))
    whole = masses(src.words, i0, i1), masses(tgt.words, j0, j1)
    return min(float(one.sum()) / max(float(mass.sum()), 0.05) for one, mass in zip(both, whole, strict=True))

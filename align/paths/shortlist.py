"""Which beads of a window are worth scoring.

There are 25 types of beads, and at most places the text goes on sentence by sentence. So those of three
sentences at most are scored first; from what they say, the larger ones that may be better are few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from align.scoring.features import SMALL, STEPS, Beads, places_of, possible
from align.search import IMPOSSIBLE, best_through

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from align.paths.records import Window
    from align.scoring.features import Places
    from align.search import Scores32

WORSE: Final = 20.0
"""Log-odds, against the best way of small beads, up to which a way makes its cells places where larger beads
may begin and end. On 2,305 beads of gold none comes out otherwise than with all scored; at 14, scores differ
by less than 1e-4, with 8 by up to .07."""


def score_window(window: Window, features: Mapping[str, float], charges: Scores32 | None = None) -> Scores32:
    """Log-scores of the beads of a window that are worth a look; IMPOSSIBLE where there is none.

    Every bead of three sentences at most is scored. Most larger ones, at most cells, need not be: only
    those are whose first and last cell a way of small beads can pass that is not much worse than the best.

    Parameters
    ----------
    charges
        What is added to the scores, such as costs of paragraphs' ends: shape (diagonals, bead types, cells).

    Returns
    -------
    Scores32
        Of the same shape.
    """
    band = window.band
    scores = np.full((band.lo.size, len(STEPS), band.width), IMPOSSIBLE, dtype=np.float32)
    i = band.cells_i
    allowed = possible(i, np.arange(band.lo.size)[:, None] - i, band.n, band.m)
    beads = Beads(window.src, window.tgt, window.context, band)
    beads.score(scores, ((kind, places_of(allowed[:, kind])) for kind in SMALL), features)
    if charges is None:
        charges = np.zeros_like(scores)
    scores += charges
    small = list(SMALL)
    near = best_through(scores[:, small], band, STEPS[small]) >= -WORSE
    larger = {}
    for kind in range(len(SMALL), len(STEPS)):
        d, column = places_of(near & allowed[:, kind])
        a, b = STEPS[kind].tolist()
        before = band.lo[d] + column - a - band.lo[d - a - b]
        inside = (before >= 0) & (before < band.width)
        inside[inside] = near[(d - a - b)[inside], before[inside]]
        larger[kind] = d[inside], column[inside]
    _score_more(beads, larger, scores, features, charges)
    return scores


def _score_more(
    beads: Beads,
    places: Mapping[int, Places],
    scores: Scores32,
    features: Mapping[str, float],
    charges: Scores32,
) -> None:
    """Score beads by type and place, charges included, in place."""
    beads.score(scores, places.items(), features)
    for kind, (d, column) in places.items():
        scores[d, kind, column] += charges[d, kind, column]


def score_parts(
    window: Window,
    beads: Sequence[tuple[int, int, int]],
    scores: Scores32,
    features: Mapping[str, float],
    charges: Scores32,
) -> None:
    """Score what larger beads would be with sentences at their edges left out, in place.

    Whether they should be is asked of every bead that is found.
    """
    band = window.band
    places: dict[int, set[tuple[int, int]]] = {}
    for whole, i, j in beads:
        a, b = STEPS[whole].tolist()
        for kind in range(len(SMALL), len(STEPS)):
            x, y = STEPS[kind].tolist()
            for end_i in range(i - a + x, i + 1) if y <= b else ():
                for end_j in range(j - b + y, j + 1):
                    d, column = end_i + end_j, end_i - int(band.lo[end_i + end_j])
                    if 0 <= column < band.width and scores[d, kind, column] <= IMPOSSIBLE / 2:
                        places.setdefault(kind, set()).add((d, column))
    arrays = {kind: np.array(sorted(some)).T for kind, some in places.items()}
    _score_more(
        Beads(window.src, window.tgt, window.context, band),
        {kind: (some[0], some[1]) for kind, some in arrays.items()},
        scores, features, charges,
    )  # fmt: skip

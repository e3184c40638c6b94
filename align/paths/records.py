"""What is known of two texts and of windows of them, and what is found there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from align.paths.bars import Bars
from align.scoring.paragraphs import COST
from align.search import IMPOSSIBLE

if TYPE_CHECKING:
    from align.scoring.features import Context
    from align.scoring.text import WindowSide
    from align.search import Band, Floats, Scores32

NO_BARS: Final = Bars()


@dataclass(frozen=True, slots=True)
class Habits:
    """What is particular to a pair of texts.

    Attributes
    ----------
    src_unit, tgt_unit
        Bytes that make a unit of length on each side: texts of equal content come out of equal length,
        and a mean sentence of length 1.
    prior
        Logarithms of the odds of null beads, and of other beads, against 1:1, over those in :data:`USUAL`.
    crossing
        What the end of a paragraph of either side costs a bead that it is in.
    """

    src_unit: float
    tgt_unit: float
    prior: tuple[float, float] = (0.0, 0.0)
    crossing: tuple[float, float] = (COST, COST)


@dataclass(frozen=True, slots=True)
class Found:
    """A bead found.

    Attributes
    ----------
    kind
        Its type, an index of :data:`align.scoring.features.STEPS`.
    i, j
        The cell where it ends.
    posterior
        Its probability among all alignments of the window.
    margin
        Its cosine less what is expected by chance; 0 for null beads.
    cosine
        Of its two sides; 0 for null beads.
    spare
        Probability that a sentence at its edge is there without a counterpart; 0 where none may be.
    figures
        Certain quantities that only one side has, at most 3.
    contradicted
        Those that the other side has others in place of, at most 3: the fewer of both sides' own.
    ends
        How near the beginnings of its sides are, and their ends, beyond what is usual; 0 for null beads.
    tied
        What it could as well be, see :func:`align.paths.ties.with_ties`; empty if nothing.
    """

    kind: int
    i: int
    j: int
    posterior: float
    margin: float = 0.0
    cosine: float = 0.0
    spare: float = 0.0
    figures: float = 0.0
    contradicted: int = 0
    ends: float = 0.0
    tied: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of both texts, ready to be scored.

    Attributes
    ----------
    src, tgt, band, context
        What the features are made of.
    shares
        What :func:`align.scoring.words.shares` gives; None if there are no embeddings of words.
    masses
        Shapes (n,) and (m,): weight of the words of each sentence, in the same unit.
    crossing
        What the end of a paragraph of either side costs a bead that it is in.
    """

    src: WindowSide
    tgt: WindowSide
    band: Band
    context: Context
    shares: tuple[Floats, Floats] | None
    masses: tuple[Floats, Floats]
    crossing: tuple[float, float] = (COST, COST)


@dataclass(frozen=True, slots=True)
class Searched:
    """What the search of a window gave.

    Attributes
    ----------
    found
        The best beads, in order, numbered from the start of the window.
    scores, posterior
        Log-score and posterior of every bead: shape (diagonals, bead types, cells).
    band
        The cells.
    bars
        Where no bead may be.
    """

    found: list[Found]
    scores: Scores32
    posterior: Scores32 | Floats
    band: Band
    bars: Bars = NO_BARS

    def score(self, kind: int, i: int, j: int) -> float:
        """Log-score of a bead, IMPOSSIBLE outside the band."""
        column = i - int(self.band.lo[i + j])
        inside = 0 <= column < self.band.width
        return float(self.scores[i + j, kind, column]) if inside else IMPOSSIBLE

    def posterior_of(self, kind: int, i: int, j: int) -> float:
        """Posterior of a bead inside the band."""
        return float(self.posterior[i + j, kind, i - self.band.lo[i + j]])

    def expected(self) -> Floats:
        """Sum the posteriors of the beads of each type."""
        return np.asarray(self.posterior.sum(axis=(0, 2), dtype=np.float64))

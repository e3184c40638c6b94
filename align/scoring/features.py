"""What a bead is scored on: named features of every bead type at every cell of a band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from align.scoring.blocks import NOTHING
from align.scoring.evidence import inside
from align.scoring.products import WIDER, tiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from align.scoring.ends import EndCosines
    from align.scoring.evidence import Evidence
    from align.scoring.text import WindowSide
    from align.search import Band, Floats, Ints, Scores32

STEPS: Final[Ints] = np.array(
    [(1, 0), (0, 1), (1, 1)]
    + [step for k in range(2, 9) for step in ((1, k), (k, 1))]
    + [(2, 2), (2, 3), (3, 2), (2, 4), (4, 2), (3, 3), (3, 4), (4, 3), (4, 4)]
)
"""Bead types the search proposes, shape (T, 2); the first two are the null beads."""

FIRST_MATCH: Final = 2
"""Index of the first type that is not null."""

SMALL: Final = tuple(range(5))
"""Types of three sentences at most: those that a first look makes do with."""

NAMES: Final = (
    "one",  # 1 for a 1:1 bead
    "size",  # sentences beyond 1:1
    "both",  # sentences beyond one on the smaller side
    "cosine",
    "cosine_size",
    "local",  # centred cosine less its mean with the neighbouring blocks: Bertalign's margin, centred
    "local_size",  # the same, times the logarithm of the bead's length
    "local_best",  # centred cosine less the greatest with a neighbouring block
    "global",  # cosine less what is expected against the other text at large
    "length",  # difference of lengths over the root of their sum
    "null",
    "null_length",  # logarithm of the length of what is left out
    "null_best",  # greatest cosine of what is left out to any sentence near by
    "prior_null",  # logarithm of the odds of null beads against 1:1 here, over those in training
    "prior_more",  # the same for other beads than 1:1
    "words",  # logarithm of how many words find their counterpart inside
    "support",  # of beads beyond 1:1, greatest centred cosine inside of the sentence for which it is least
    "numbers",  # certain quantities without a counterpart
    "ends",  # mean cosine of the first words, and of the last, of both sides, less what is usual
)

ADDED: Final = frozenset({"ends"})
"""Features that older weights do not have: to these they are nothing."""


PRIOR: Final[Mapping[str, float]] = {
    "size": -2.0,
    "both": -0.2,
    "cosine": 8.0,
    "cosine_size": 4.0,
    "local": 1.0,
    "local_size": 2.0,
    "local_best": 1.0,
    "global": 5.0,
    "length": -4.0,
    "null": -2.0,
    "null_best": 1.5,
    "prior_null": 1.0,
    "prior_more": 0.7,
    "words": 8.0,
    "support": 2.0,
    "numbers": -1.0,
}
"""Round weights set by hand after first trials on mac-dev. A first look at a pair of texts uses them, and
training starts from them and is drawn to them."""


Places: TypeAlias = "tuple[Ints, Ints]"
"""Diagonals of a band, ascending, and columns in them: shape (beads,) each."""

_Values: TypeAlias = "dict[str, Scores32 | Floats | float]"


@dataclass(frozen=True, slots=True)
class Context:
    """What the features of a window draw on beside its two sides.

    Attributes
    ----------
    src_best, tgt_best
        Shapes (n,) and (m,): greatest centred cosine of each sentence to any of the other side in the band.
    numbers
        Evidence of quantities; None if there are none.
    words
        Running sums of what words find, both ways; None if there are no embeddings of words.
    prior
        Logarithms of the odds of null and of other beads against 1:1, over the usual odds.
    singles
        Shape (n + m + 1, W + 2 · `WIDER`): centred cosines of the sentences that end at each cell of the
        band, and of so many cells more to either side.
    ends
        The same of the ends of the sentences; None if there are no embeddings of them.
    """

    src_best: Floats
    tgt_best: Floats
    numbers: Evidence | None
    words: Floats | None
    prior: tuple[float, float]
    singles: Scores32
    ends: EndCosines | None


def band_features(src: WindowSide, tgt: WindowSide, context: Context, band: Band) -> Scores32:
    """Features of every bead; shape (F, n + m + 1, T, W), 0 where no bead can end."""
    out = np.zeros((len(NAMES), band.lo.size, len(STEPS), band.width), dtype=np.float32)
    beads = Beads(src, tgt, context, band)
    i = band.cells_i
    allowed = possible(i, np.arange(band.lo.size)[:, None] - i, band.n, band.m)
    for kind in range(len(STEPS)):
        places = places_of(allowed[:, kind])
        for name, values in beads.features(kind, places).items() if places[0].size else ():
            out[_INDEX[name], places[0], kind, places[1]] = values
    return out


def possible(i: Ints, j: Ints, n: int, m: int) -> np.ndarray:
    """Which types can end at which cells: bool, shape (rows, T, W)."""
    a, b = STEPS[:, 0][:, None], STEPS[:, 1][:, None]
    i, j = i[:, None, :], j[:, None, :]
    return np.asarray((i >= a) & (j >= b) & (i <= n) & (j <= m))


def places_of(cells: np.ndarray) -> Places:
    """Where a mask of a band's cells, shape (n + m + 1, W), is true."""
    d, column = np.nonzero(cells)
    return d.astype(np.int64), column.astype(np.int64)


class Beads:
    """The beads of a window, whose features and scores are asked for type by type.

    Parameters
    ----------
    src, tgt, context, band
        Of the window.
    """

    def __init__(self, src: WindowSide, tgt: WindowSide, context: Context, band: Band) -> None:
        self._src, self._tgt, self._context, self._band = src, tgt, context, band
        self._norms: dict[tuple[int, int], Floats] = {}

    def score(
        self, scores: Scores32, kinds: Iterable[tuple[int, Places]], weights: Mapping[str, float]
    ) -> None:
        """Write the weighted sum of the features of some beads.

        Parameters
        ----------
        scores
            Shape (n + m + 1, T, W).
        kinds
            Types, and where beads of each end: diagonals and columns of the band, ascending. They must be
            possible there.
        weights
            Of the features, by name.
        """
        for kind, places in kinds:
            if places[0].size:
                total = np.zeros(places[0].size, dtype=np.float32)
                for name, values in self.features(kind, places).items():
                    if weight := np.float32(weights.get(name, 0.0)):
                        total += weight * values
                scores[places[0], kind, places[1]] = total

    def features(self, kind: int, places: Places) -> _Values:
        """Features, by name, of the beads of a type that end at some cells: shape (cells,), or one number."""
        a, b = STEPS[kind].tolist()
        context = self._context
        i = self._band.lo[places[0]] + places[1]
        j = places[0] - i
        src_length = (self._src.lengths[i] - self._src.lengths[i - a]) / self._src.unit
        tgt_length = (self._tgt.lengths[j] - self._tgt.lengths[j - b]) / self._tgt.unit
        if kind < FIRST_MATCH:
            return {
                "null": 1.0,
                "null_length": np.log((src_length if a else tgt_length) + 0.01),
                "null_best": context.src_best[i - 1] if a else context.tgt_best[j - 1],
                "prior_null": context.prior[0],
            }
        values = {
            **_shape_features(a, b, context),
            **self._cosine_features(i, j, a, b, src_length, tgt_length),
            **_evidence_features(context, i, j, a, b),
        }
        if a + b > 2:
            values["support"] = _support(context.singles, self._band, places, a, b)
        return values

    def _cosine_features(
        self, i: Ints, j: Ints, a: int, b: int, src_length: Floats, tgt_length: Floats
    ) -> _Values:
        """Features of the embeddings and lengths of beads of a type.

        Blocks and centres are on a grid, so that the products are exact, and with them the differences: what
        is equal to the mean of its text has a cosine beyond chance of 0, not of whatever rounding leaves.
        """
        src, tgt = self._src, self._tgt
        left, right = src.blocks[a - 1], tgt.blocks[b - 1]
        src_centre, tgt_centre = src.centre[a - 1], tgt.centre[b - 1]
        tiles = tiled(left, right, i - 1, j - 1, (a, b))
        # By how many sentences come before its last one, a run has a row; there is none that ends so early.
        chance = _bordered(left @ tgt_centre, a), _bordered(right @ src_centre, b)
        both = float(src_centre @ tgt_centre)
        norms = _bordered(self._lengths(0, a), a), _bordered(self._lengths(1, b), b)

        def beyond(rows: int, columns: int) -> tuple[Floats, Floats]:
            """Cosines less chance, and lengths, of the blocks so far away; NaN where there are none."""
            x, y = i - 1 + rows + _REACH, j - 1 + columns + _REACH
            products = tiles.at(rows, columns)
            return products - ((chance[0][x] + chance[1][y]) - both), norms[0][x] * norms[1][y]

        here = beyond(0, 0)
        local, local_best = _margins(
            _scaled(*here), [_scaled(*beyond(*shift)) for shift in ((0, -b), (0, b), (-a, 0), (a, 0))]
        )
        cosine = tiles.at(0, 0).astype(np.float32)
        return {
            "cosine": cosine,
            "cosine_size": cosine * (a + b - 2),
            "local": local,
            "local_size": local * np.log1p(src_length + tgt_length),
            "local_best": local_best,
            "global": here[0].astype(np.float32),
            "length": np.abs(src_length - tgt_length) / np.sqrt(np.maximum(src_length + tgt_length, 1e-6)),
        }

    def _lengths(self, side: int, size: int) -> Floats:
        """Lengths of the vectors of a side's runs of a size less their mean: shape (n,)."""
        if (side, size) not in self._norms:
            text = (self._src, self._tgt)[side]
            rest = text.blocks[size - 1] - text.centre[size - 1]
            self._norms[side, size] = np.linalg.norm(rest, axis=1)
        return self._norms[side, size]


_INDEX: Final = {name: k for k, name in enumerate(NAMES)}

_REACH: Final = int(STEPS.max())


def _bordered(values: Floats, size: int) -> Floats:
    """Values of the runs of a size by their last sentence, NaN where there is none, as far as beads reach."""
    out = np.full(values.size + 2 * _REACH, np.nan)
    out[_REACH + size - 1 : _REACH + values.size] = values[size - 1 :]
    return out


def _shape_features(a: int, b: int, context: Context) -> dict[str, float]:
    """Features of a bead type alone."""
    return {
        "one": float(a == b == 1),
        "size": float(a + b - 2),
        "both": float(min(a, b) - 1),
        "prior_more": 0.0 if a == b == 1 else context.prior[1],
    }


def _scaled(beyond: Floats, norms: Floats) -> Scores32:
    """Centred cosines, 0 where what a mean leaves of a vector is rounding; NaN where there is no block."""
    scaled = np.where(norms >= NOTHING, beyond / np.maximum(norms, NOTHING), 0.0)
    scaled[np.isnan(norms)] = np.nan
    return scaled.astype(np.float32)


def _margins(here: Scores32, around: list[Scores32]) -> tuple[Scores32, Scores32]:
    """Value of every bead of a type less the mean, and less the greatest, of its neighbouring blocks'."""
    total = np.zeros(here.shape, dtype=np.float32)
    count = np.zeros(here.shape, dtype=np.float32)
    greatest = np.full(here.shape, -np.inf, dtype=np.float32)
    for neighbour in around:
        there = neighbour == neighbour  # noqa: PLR0124 - false for NaN alone, and faster than isnan
        total += np.where(there, neighbour, 0.0)
        count += there
        greatest = np.fmax(greatest, neighbour)
    known = count > 0
    mean = np.where(known, here - total / np.maximum(count, 1.0), 0.0)
    return mean, np.where(known, here - greatest, 0.0)


def _support(singles: Scores32, band: Band, places: Places, a: int, b: int) -> Scores32:
    """How well the worst supported sentence of beads of a type is supported from the other side.

    A sentence that has no counterpart is easily swallowed by its neighbour's bead, as the embedding of the
    whole hardly changes; by itself it fits none of the other side's sentences.
    """
    d, column = places
    i = band.lo[d] + column
    pairs = np.empty((a, b, d.size), dtype=np.float32)
    for k in range(a):
        for x in range(b):
            pairs[k, x] = singles[d - k - x, i - k - band.lo[d - k - x] + WIDER]
    return np.asarray(np.minimum(pairs.max(axis=1).min(axis=0), pairs.max(axis=0).min(axis=0)))


def _evidence_features(context: Context, i: Ints, j: Ints, a: int, b: int) -> dict[str, Floats]:
    """Features of words, quantities and ends of beads of a type."""
    out = {}
    if context.numbers is not None:
        found, has, tgt_found, tgt_has = context.numbers.of_beads(i, j, a, b)
        out["numbers"] = np.minimum(np.maximum(has - found, 0) + np.maximum(tgt_has - tgt_found, 0), 3)
    if context.words is not None:
        out["words"] = np.log1p(np.maximum(inside(context.words, i, j, a, b), 0.0))
    if context.ends is not None:
        out["ends"] = context.ends.of_beads(i, j, a, b)
    return out

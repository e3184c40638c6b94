"""What a bead is scored on: named features of every bead type at every cell of a band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from align.exact import exact_dots
from align.scoring.blocks import NOTHING, unit
from align.scoring.evidence import inside
from align.scoring.products import chunks, span
from align.search import IMPOSSIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
)


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


_Plane: TypeAlias = "tuple[int, int, Scores32 | Floats | float]"


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
    """

    src_best: Floats
    tgt_best: Floats
    numbers: Evidence | None
    words: Floats | None
    prior: tuple[float, float]


def band_features(src: WindowSide, tgt: WindowSide, context: Context, band: Band) -> Scores32:
    """Features of every bead; shape (F, n + m + 1, T, W), meaningless where no bead can end."""
    out = np.zeros((len(NAMES), band.lo.size, len(STEPS), band.width), dtype=np.float32)
    for rows, i, j in chunks(band):
        for k, t, plane in _planes(src, tgt, context, i, j):
            out[k, rows, t] = plane
    return out


def band_scores(
    src: WindowSide, tgt: WindowSide, context: Context, band: Band, weights: Mapping[str, float]
) -> Scores32:
    """Weighted sum of the features of every bead; shape (n + m + 1, T, W), IMPOSSIBLE where none can end."""
    vector = np.array([weights.get(name, 0.0) for name in NAMES], dtype=np.float32)
    out = np.zeros((band.lo.size, len(STEPS), band.width), dtype=np.float32)
    for rows, i, j in chunks(band):
        part = out[rows]
        for k, t, plane in _planes(src, tgt, context, i, j):
            if vector[k]:
                part[:, t] += vector[k] * plane
        part[~possible(i, j, band.n, band.m)] = IMPOSSIBLE
    return out


def possible(i: Ints, j: Ints, n: int, m: int) -> np.ndarray:
    """Which types can end at which cells: bool, shape (rows, T, W)."""
    a, b = STEPS[:, 0][:, None], STEPS[:, 1][:, None]
    i, j = i[:, None, :], j[:, None, :]
    return np.asarray((i >= a) & (j >= b) & (i <= n) & (j <= m))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the cells of a run of diagonals lie in the dense products of their sentences.

    Attributes
    ----------
    rows, columns
        Sentences of each side that the products span.
    cells
        Shape (d, W): flat index of the cells in a product padded with NaN, by more than any bead's size.
    stride
        Columns of the padded product.
    """

    rows: slice
    columns: slice
    cells: Ints
    stride: int

    def padded(self, product: Floats) -> Scores32:
        """Give a product a border of NaN, and flatten it."""
        pad = _REACH + 1
        out = np.full((product.shape[0] + 2 * pad, self.stride), np.nan, dtype=np.float32)
        out[pad:-pad, pad:-pad] = product
        return out.reshape(-1)


_REACH: Final = int(STEPS.max())


def _frame(i: Ints, j: Ints, n: int, m: int) -> _Frame:
    i0, i1 = span(i, n)
    j0, j1 = span(j, m)
    rows = slice(max(0, i0 - _REACH), min(n, i1 + _REACH))
    columns = slice(max(0, j0 - _REACH), min(m, j1 + _REACH))
    stride = columns.stop - columns.start + 2 * (_REACH + 1)
    # Cells outside the rectangle are put into the border: clipped, they stay there whatever a bead's size.
    row = np.clip(i - 1 - rows.start, -1, rows.stop - rows.start) + _REACH + 1
    column = np.clip(j - 1 - columns.start, -1, columns.stop - columns.start) + _REACH + 1
    return _Frame(rows, columns, row * stride + column, stride)


def _planes(src: WindowSide, tgt: WindowSide, context: Context, i: Ints, j: Ints) -> Iterator[_Plane]:
    """Yield (feature, type, values of shape (rows, W)) for a run of diagonals."""
    n, m = len(src), len(tgt)
    ii, jj = np.clip(i, 0, n), np.clip(j, 0, m)
    src_end, tgt_end = src.lengths[ii], tgt.lengths[jj]
    src_length = {a: (src_end - src.lengths[np.maximum(ii - a, 0)]) / src.unit for a in range(_REACH + 1)}
    tgt_length = {b: (tgt_end - tgt.lengths[np.maximum(jj - b, 0)]) / tgt.unit for b in range(_REACH + 1)}
    best = context.src_best[np.maximum(ii - 1, 0)], context.tgt_best[np.maximum(jj - 1, 0)]
    for t in range(FIRST_MATCH):
        yield _INDEX["null"], t, 1.0
        length = src_length[1] if t == 0 else tgt_length[1]
        yield _INDEX["null_length"], t, np.log(length + 0.01)
        yield _INDEX["null_best"], t, best[t]
        yield _INDEX["prior_null"], t, context.prior[0]
    if not n or not m:
        return
    frame = _frame(i, j, n, m)
    singles = _single_cosines(src, tgt, frame)
    for t, (a, b) in list(enumerate(STEPS.tolist()))[FIRST_MATCH:]:
        values = {
            **_shape_features(a, b, context),
            **_cosine_features(src, tgt, frame, a, b, src_length[a], tgt_length[b]),
            **_evidence_features(context, ii, jj, a, b),
        }
        if a + b > 2:
            values["support"] = _support(singles, frame, a, b)
        for name, plane in values.items():
            yield _INDEX[name], t, plane


_INDEX: Final = {name: k for k, name in enumerate(NAMES)}


def _shape_features(a: int, b: int, context: Context) -> dict[str, float]:
    """Features of a bead type alone."""
    return {
        "one": float(a == b == 1),
        "size": float(a + b - 2),
        "both": float(min(a, b) - 1),
        "prior_more": 0.0 if a == b == 1 else context.prior[1],
    }


def _cosine_features(
    src: WindowSide, tgt: WindowSide, frame: _Frame, a: int, b: int, src_length: Floats, tgt_length: Floats
) -> dict[str, Scores32 | Floats]:
    """Features of the embeddings and lengths of beads of a type.

    Blocks and centres are on a grid, so that the products are exact, and with them the differences: what is
    equal to the mean of its text has a cosine beyond chance of 0, not of whatever rounding leaves.
    """
    left, right = src.blocks[a - 1, frame.rows], tgt.blocks[b - 1, frame.columns]
    product = left @ right.T
    product[: max(0, a - 1 - frame.rows.start)] = np.nan  # no block of a sentences ends so early
    product[:, : max(0, b - 1 - frame.columns.start)] = np.nan
    cosine = np.nan_to_num(frame.padded(product)[frame.cells])
    src_centre, tgt_centre = src.centre[a - 1], tgt.centre[b - 1]
    chance = np.add.outer(left @ tgt_centre, right @ src_centre) - src_centre @ tgt_centre
    beyond = product - chance
    norms = np.outer(np.linalg.norm(left - src_centre, axis=1), np.linalg.norm(right - tgt_centre, axis=1))
    centred = np.where(norms >= NOTHING, beyond / np.maximum(norms, NOTHING), 0.0)
    centred[np.isnan(product)] = np.nan
    local, local_best = _margins(frame.padded(centred), frame, a, b)
    return {
        "cosine": cosine,
        "cosine_size": cosine * (a + b - 2),
        "local": local,
        "local_size": local * np.log1p(src_length + tgt_length),
        "local_best": local_best,
        "global": np.nan_to_num(frame.padded(beyond)[frame.cells]),
        "length": np.abs(src_length - tgt_length) / np.sqrt(np.maximum(src_length + tgt_length, 1e-6)),
    }


def _margins(flat: Scores32, frame: _Frame, a: int, b: int) -> tuple[Scores32, Scores32]:
    """Value of every bead of a type less the mean, and less the greatest, of its neighbouring blocks'."""
    here = flat[frame.cells]
    total = np.zeros(here.shape, dtype=np.float32)
    count = np.zeros(here.shape, dtype=np.float32)
    greatest = np.full(here.shape, -np.inf, dtype=np.float32)
    for shift in (-b, b, -a * frame.stride, a * frame.stride):
        neighbour = flat[frame.cells + shift]
        there = neighbour == neighbour  # noqa: PLR0124 - false for NaN alone, and faster than isnan
        total += np.where(there, neighbour, 0.0)
        count += there
        greatest = np.fmax(greatest, neighbour)
    known = (count > 0) & (here == here)  # noqa: PLR0124
    mean = np.where(known, here - total / np.maximum(count, 1.0), 0.0)
    return mean, np.where(known, here - greatest, 0.0)


def _single_cosines(src: WindowSide, tgt: WindowSide, frame: _Frame) -> Scores32:
    """Centred cosines of single sentences, padded and flattened."""
    left = unit(src.blocks[0, frame.rows] - src.centre[0])
    return frame.padded(exact_dots(left, unit(tgt.blocks[0, frame.columns] - tgt.centre[0])))


def _support(singles: Scores32, frame: _Frame, a: int, b: int) -> Scores32:
    """How well the worst supported sentence of beads of a type is supported from the other side.

    A sentence that has no counterpart is easily swallowed by its neighbour's bead, as the embedding of the
    whole hardly changes; by itself it fits none of the other side's sentences.
    """
    pairs = np.stack(
        [np.stack([singles[frame.cells - k * frame.stride - x] for x in range(b)]) for k in range(a)]
    )
    return np.asarray(np.nan_to_num(np.minimum(pairs.max(axis=1).min(axis=0), pairs.max(axis=0).min(axis=0))))


def _evidence_features(context: Context, i: Ints, j: Ints, a: int, b: int) -> dict[str, Floats]:
    """Features of words and quantities of beads of a type."""
    out = {}
    if context.numbers is not None:
        found, has, tgt_found, tgt_has = context.numbers.of_beads(i, j, a, b)
        out["numbers"] = np.minimum(np.maximum(has - found, 0) + np.maximum(tgt_has - tgt_found, 0), 3)
    if context.words is not None:
        out["words"] = np.log1p(np.maximum(inside(context.words, i, j, a, b), 0.0))
    return out

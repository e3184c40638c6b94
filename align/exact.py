"""Numbers that come out the same on every processor.

A matrix product is a sum, and every processor's library adds in an order of its own: the last bits of the
result differ, and a choice between near equals with them. Two remedies, used wherever results are compared:

- *Exact products.* Factors that are multiples of a power of two, and few enough bits long, have products and
  sums that float64 holds without rounding. The order of addition then makes no difference.
- *Quantised comparisons.* What is compared is first rounded to a grid, far coarser than rounding noise and
  far finer than what matters. What is equal on the grid is equal, and a stated rule decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from align.search import Floats

VECTOR_GRID: Final = 2.0**-24
"""Vectors are multiples of this: as fine as half precision gets, so that float16 numbers are already."""

SCORE_GRID: Final = 2.0**-20
"""Similarities, probabilities and lexical scores that differ by less than about this, 1e-6, are equal."""


def on_grid(values: npt.NDArray[Any], grid: float = VECTOR_GRID) -> Floats:
    """Round to multiples of a grid, halves to the even one.

    Parameters
    ----------
    values
        Numbers of any shape and precision.
    grid
        A power of two.

    Returns
    -------
    Floats
        The same shape, float64.
    """
    out: Floats = np.multiply(values, 1 / grid, dtype=np.float64)
    np.rint(out, out=out)
    out *= grid
    return out


def exact_dots(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Floats:
    """Dot products of all rows of one side with all of the other, without rounding in the sums.

    Parameters
    ----------
    left, right
        Shapes (n, dim) and (m, dim): rows of length 5 at most; they are rounded to :data:`VECTOR_GRID`.

    Returns
    -------
    Floats
        Shape (n, m), float64, the same whatever library multiplies: products are multiples of 2⁻⁴⁸, and their
        sums, at most 25 by Cauchy and Schwarz, have 53 bits.
    """
    return np.asarray(on_grid(left) @ on_grid(right).T)


def quantised(values: npt.NDArray[Any] | np.floating[Any], grid: float = SCORE_GRID) -> npt.NDArray[np.int64]:
    """Return the number of the nearest multiple of a grid, to compare and sort by: equal numbers are ties.

    Parameters
    ----------
    values
        Finite numbers of any shape, less than 2³² in magnitude.
    grid
        A power of two; :data:`SCORE_GRID` unless given.
    """
    return np.asarray(np.rint(np.multiply(values, 1 / grid, dtype=np.float64)), dtype=np.int64)

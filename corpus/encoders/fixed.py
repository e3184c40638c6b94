"""Matrix products in fixed point, for a network whose vectors are the same on every processor.

Libraries of linear algebra add up in the order that suits the processor, and with floating-point numbers the
order shows in the last bits. Here both factors are rounded to whole numbers, of rows and columns with lengths
of 26 bits. By Cauchy and Schwarz no sum of their products, nor a part of one, then has more than 53 bits:
float64 holds them all, and the order is of no account. It costs the difference between a product in float64
and one in float32, twice the time, and is about as precise as the latter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from corpus.encoders.use.weights import Matrix

BITS: Final = 26

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FixedMatrix:
    """A matrix of whole numbers.

    Attributes
    ----------
    numbers
        Shape (k, m), float64.
    units
        Shape (m,): what each column is to be multiplied by, a power of two.
    """

    numbers: Floats
    units: Floats

    @classmethod
    def of(cls, matrix: Matrix, bits: int = BITS) -> FixedMatrix:
        """Round a matrix, each column to a length of so many bits."""
        units = _units(np.ascontiguousarray(matrix.T), bits)
        return cls(np.rint(matrix.astype(np.float64) / units), units)


def product(rows: Matrix, matrix: FixedMatrix) -> Matrix:
    """Multiply rows with a matrix: each row's result depends on nothing but that row.

    Parameters
    ----------
    rows
        Shape (n, k), float32, finite; each is rounded to a length of `BITS` bits.
    matrix
        Shape (k, m), of as many bits at most.

    Returns
    -------
    Matrix
        Shape (n, m), float32.
    """
    units = _units(rows, BITS)[:, None]
    numbers = rows / units.astype(np.float32)  # by a power of two: exact
    np.rint(numbers, out=numbers)
    out = numbers.astype(np.float64) @ matrix.numbers
    out *= matrix.units
    out *= units
    return out.astype(np.float32)


def rounded(values: Matrix, grid: float) -> Floats:
    """Round to multiples of a power of two: the same shape, float64."""
    out = values * np.float32(1 / grid)
    np.rint(out, out=out)
    return np.asarray(np.multiply(out, grid, dtype=np.float64))


def _units(rows: Matrix, bits: int) -> Floats:
    """Return of each row the power of two in whose multiples its length has so many bits: shape (n,)."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    # No unit so small that it is no normal float32: where numbers are that small, they may as well be zero.
    return np.asarray(np.ldexp(1.0, np.maximum(np.frexp(lengths)[1], -80) - bits))

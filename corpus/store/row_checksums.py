"""Checksums of kept embeddings, one a row, so that a damaged one is not taken for a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

APPENDING = "appending"
"""The file that is there while rows are added: it holds how many there were before."""


def row_checksums(keys: npt.NDArray[np.uint64], vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.uint32]:
    """Return the CRC-32 of each key and its vector, as they are on disk (little-endian).

    Parameters
    ----------
    keys
        Shape (n, 2), uint64.
    vectors
        Shape (n, dim), float32.

    Returns
    -------
    numpy.ndarray
        Shape (n,), uint32.
    """
    key_rows = np.ascontiguousarray(keys, "<u8")
    vector_rows = np.ascontiguousarray(vectors, "<f4")
    sums = (crc32(vector, crc32(key)) for key, vector in zip(key_rows, vector_rows, strict=True))
    return np.fromiter(sums, dtype=np.uint32, count=len(key_rows))

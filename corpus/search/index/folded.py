"""The texts of a segment as they are compared letter by letter, mapped: a search reads those it looks at.

In the segment's folder: ``folded-text`` (uint8: the texts in UTF-8, one after the other) and ``folded-ends``
(int64: where each ends). Segments that were made before have them as a column of ``rows.parquet``, which is
read whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

Rows = npt.NDArray[np.int64]

_AT_A_TIME = 50_000  # texts that are read, and held, together
_TEXT, _ENDS = "folded-text.npy", "folded-ends.npy"


class Folded(Protocol):
    """Texts, by their numbers."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def gather(self, rows: Rows) -> pl.Series:
        """Return some of them, in this order."""
        ...


@dataclass(frozen=True)
class Mapped:
    """Texts in mapped files (the module says what the arrays are)."""

    text: npt.NDArray[np.uint8]
    ends: Rows

    def __len__(self) -> int:
        return len(self.ends)

    def gather(self, rows: Rows) -> pl.Series:
        """Return some of them, in this order."""
        ends = self.ends[rows].tolist()
        starts = np.where(rows > 0, self.ends[rows - 1], 0).tolist() if len(rows) else []
        read = self.text.data
        texts = [str(read[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)]
        return pl.Series("folded", texts, dtype=pl.String)


def containing(texts: Folded, regex: str, rows: Rows | None = None) -> Rows:
    """Return which texts an expression is found in, ascending.

    Parameters
    ----------
    texts
        Read some at a time.
    regex
        As polars has it.
    rows
        Which to look in, ascending; None for all.
    """
    rows = np.arange(len(texts)) if rows is None else rows
    found = [np.empty(0, np.int64)]
    for start in range(0, len(rows), _AT_A_TIME):
        part = rows[start : start + _AT_A_TIME]
        found.append(part[texts.gather(part).str.contains(regex).to_numpy()])
    return np.concatenate(found)


def write_folded(folder: Path, folded: pl.Series) -> None:
    """Write the texts of a segment to its folder, which exists."""
    np.save(folder / _ENDS, folded.str.len_bytes().cast(pl.Int64).cum_sum().to_numpy())
    size = int(folded.str.len_bytes().cast(pl.Int64).sum())
    # A file of no bytes cannot be mapped.
    text = np.lib.format.open_memmap(folder / _TEXT, mode="w+", dtype=np.uint8, shape=(max(size, 1),))
    filled = 0
    for start in range(0, len(folded), _AT_A_TIME):
        part = "".join(folded.slice(start, _AT_A_TIME)).encode()
        text[filled : filled + len(part)] = np.frombuffer(part, np.uint8)
        filled += len(part)
    text.flush()


def read_folded(folder: Path, rows: Path) -> Folded:
    """Open what `write_folded` wrote, or the column of a segment that was made before."""
    try:
        text, ends = (
            np.load(folder / name, mmap_mode="r", allow_pickle=False).view(np.ndarray)
            for name in (_TEXT, _ENDS)
        )
    except FileNotFoundError:
        return pl.read_parquet(rows, columns=["folded"])["folded"]
    return Mapped(text, ends)

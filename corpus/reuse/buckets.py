"""The signatures of texts sorted by what they share, on disk: who may be like whom is looked up.

A *run* is a folder of the workspace, ``buckets-N``: ``ids`` (int64, shape (n,): the `text_id` of texts with a
signature, in the order in which they were compared), and of each band ``values`` (uint32, shape (`BANDS`, n),
ascending) and ``rows`` (uint32, the same shape: which text has each, of equal values the earliest first). All
are mapped. What is compared becomes a run of its own, and small runs at the end are merged, as an index's
segments are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.store.schemas import BANDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Ids = npt.NDArray[np.int64]
Bands = npt.NDArray[np.uint32]

LONGEST = 4_000_000
"""Texts of a run that is not merged any more."""

_MERGED_WITHIN = 4
_NONE = -1


class Ends(NamedTuple):
    """The first and the last text that has each of some values in a band; -1 where none has."""

    first: Ids
    last: Ids


@dataclass(frozen=True)
class Run:
    """Texts that were compared, by their bands (the module says what the arrays are)."""

    ids: Ids
    values: Bands
    rows: Bands

    def __len__(self) -> int:
        return len(self.ids)

    def ends(self, band: int, wanted: Bands) -> Ends:
        """Return who has each of some values, ascending, in a band."""
        values, rows = self.values[band], self.rows[band]
        left = np.searchsorted(values, wanted)
        right = np.searchsorted(values, wanted, side="right")
        held = np.flatnonzero(right > left)
        first, last = (np.full(len(wanted), _NONE, np.int64) for _ in range(2))
        first[held] = self.ids[rows[left[held]]]
        last[held] = self.ids[rows[right[held] - 1]]
        return Ends(first, last)


def proposed(runs: Sequence[Run], ids: Ids, bands: Bands) -> Ids:
    """Return pairs of texts that share a band, one of them new: shape (n, 2), the earlier text first.

    Of many that share one, each is paired with the one before it and with the first, so that the number
    of pairs stays near that of texts.

    Parameters
    ----------
    runs
        The texts compared before, in their order.
    ids, bands
        The new texts, in their order, which come after those: shapes (m,) and (m, `BANDS`).
    """
    pairs = [np.empty((0, 2), np.int64)]
    for band in range(BANDS if len(ids) else 0):
        order = np.argsort(bands[:, band], kind="stable")
        values, texts = bands[order, band], ids[order]
        begins = np.flatnonzero(np.diff(values, prepend=values[:1] ^ np.uint32(1)))
        known = _known(runs, band, values[begins])
        sizes = np.diff(begins, append=len(values))
        before = np.concatenate([[_NONE], texts[:-1]])
        before[begins] = known.last
        first = np.repeat(np.where(known.first == _NONE, texts[begins], known.first), sizes)
        for other in (first, before):
            paired = (other != texts) & (other != _NONE)
            pairs.append(np.stack([other[paired], texts[paired]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0)


def _known(runs: Sequence[Run], band: int, wanted: Bands) -> Ends:
    """Return who of all runs has each of some values first, and last."""
    first, last = (np.full(len(wanted), _NONE, np.int64) for _ in range(2))
    for run in runs:
        ends = run.ends(band, wanted)
        first = np.where(first == _NONE, ends.first, first)
        last = np.where(ends.last == _NONE, last, ends.last)
    return Ends(first, last)


def to_merge(runs: Sequence[Run], new: int) -> int:
    """Return how many of the last runs a new one, of so many texts, takes in."""
    taken, size = 0, new
    for run in reversed(runs):
        if len(run) >= _MERGED_WITHIN * size or len(run) + size > LONGEST:
            break
        taken += 1
        size += len(run)
    return taken


def write_run(folder: Path, runs: Sequence[Run], ids: Ids, bands: Bands) -> None:
    """Write a run of the texts of some runs, and of new texts after them, to a folder, which is made."""
    folder.mkdir()
    sizes = [len(run) for run in runs]
    total = sum(sizes) + len(ids)
    np.save(folder / "ids.npy", np.concatenate([*(run.ids for run in runs), ids]))
    values, rows = (
        np.lib.format.open_memmap(
            folder / f"{name}.npy", mode="w+", dtype=np.uint32, shape=(BANDS, max(total, 1))
        )
        for name in ("values", "rows")
    )
    for band in range(BANDS):
        own = [*(run.values[band] for run in runs), bands[:, band]]
        numbers = [
            (run.rows[band] + np.uint32(sum(sizes[:place]))).astype(np.uint32)
            for place, run in enumerate(runs)
        ]
        numbers.append(np.arange(sum(sizes), total, dtype=np.uint32))
        together, numbered = np.concatenate(own), np.concatenate(numbers)
        order = np.argsort(together, kind="stable")
        values[band, :total], rows[band, :total] = together[order], numbered[order]
    values.flush()
    rows.flush()


def read_run(folder: Path) -> Run:
    """Open what `write_run` wrote; it is mapped, not read (OSError or ValueError if it is damaged)."""
    ids, values, rows = (
        np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
        for name in ("ids", "values", "rows")
    )
    return Run(ids, values[:, : len(ids)], rows[:, : len(ids)])

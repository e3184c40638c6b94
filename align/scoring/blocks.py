"""Embeddings of runs of sentences, as the aligner holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from align.exact import on_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import Encoder, Vectors
    from align.search import Floats

Halves = npt.NDArray[np.float16]

_WINDOW = 4096  # sentences encoded at a time
MAX_RUN = 8  # sentences, longest side of a bead
NOTHING = 2.0**-8
"""Length below which what is left of a unit vector, when a mean is taken off, is rounding: half precision
leaves some 4e-4. Texts of one sentence, or of one many times over, have nothing else left."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors kept in half precision, less their mean where they are read: a slice of them at a time.

    Attributes
    ----------
    halves
        Shape (n, dim).
    centre
        Shape (dim,).
    """

    halves: Halves
    centre: Floats

    def __len__(self) -> int:
        return len(self.halves)

    def __getitem__(self, rows: slice) -> Vectors:
        return np.asarray(self.halves[rows] - self.centre, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Directions:
    """The same vectors at length 1."""

    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: slice) -> Vectors:
        return unit(self.rows[rows])


@dataclass(frozen=True, slots=True)
class Blocks:
    """One text's embeddings.

    Attributes
    ----------
    exact
        Shape (k, n, dim), half precision to halve the memory: row [b - 1, i] is the run of b
        sentences that ends at i, zero where there is none.
    centre
        Shape (MAX_RUN, dim): mean embedding of the text's runs of each length, on `align.exact.VECTOR_GRID`.
    """

    exact: Halves
    centre: Floats

    def __len__(self) -> int:
        return int(self.exact.shape[1])

    def centred(self) -> Rows:
        """Embeddings of single sentences less their mean."""
        return Rows(self.exact[0], self.centre[0])

    def part(self, start: int, stop: int, *, own: bool) -> Blocks:
        """Take a stretch, with means of its own or those of the whole."""
        exact = self.exact[:, start:stop].copy()
        for b in range(1, len(exact)):
            exact[b, :b] = 0
        return Blocks(exact, _centres(exact) if own else self.centre)

    def window(self, start: int, stop: int) -> Floats:
        """Embeddings of the runs inside a stretch, up to MAX_RUN long: shape (MAX_RUN, stop - start, dim).

        On `align.exact.VECTOR_GRID`, so that their dot products, and those of the centres, are exact. Runs
        longer than were encoded are made of shorter ones, see :func:`extend`.
        """
        part = self.exact[:, start:stop].astype(np.float32)
        for b in range(1, len(part)):
            part[b, :b] = 0.0
        return on_grid(extend(part))


def extend(exact: Vectors) -> Vectors:
    """Make longer runs out of encoded ones: the direction of the sum of a run of k and the rest before it.

    Each part is weighted by the root of its number of sentences. An approximation, for the
    few beads that are so long.

    Parameters
    ----------
    exact
        Shape (k, n, dim), k ≥ 1.

    Returns
    -------
    Vectors
        Shape (MAX_RUN, n, dim).
    """
    k, n, dim = exact.shape
    if k >= MAX_RUN:
        return exact[:MAX_RUN]
    out = np.zeros((MAX_RUN, n, dim), dtype=np.float32)
    out[:k] = exact
    for size in range(k + 1, MAX_RUN + 1):
        rest = size - k
        if n < size:
            break
        total = exact[k - 1, size - 1 :] * np.float32(np.sqrt(k))
        total += out[rest - 1, rest - 1 : n - k] * np.float32(np.sqrt(rest))
        out[size - 1, size - 1 :] = unit(total)
    return out


def unit(vectors: Vectors) -> Vectors:
    """Scale rows to length 1; those shorter than :data:`NOTHING` become zero, lest rounding be scaled up.

    Parameters
    ----------
    vectors
        Shape (..., dim): unit vectors less a mean, or sums of such; float32 or float64.

    Returns
    -------
    Vectors
        The same shape, float32.
    """
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms >= NOTHING)
    return np.asarray(scaled, dtype=np.float32)


def encode_text(
    texts: Sequence[str], encoder: Encoder, k: int, lang: str | None, progress: Callable[[int], None]
) -> Blocks:
    """Embed a text's runs of up to k sentences, a window at a time.

    Windows overlap by k - 1 sentences, so that every run is encoded in one of them.

    Parameters
    ----------
    progress
        Called with the number of sentences done since the last call.
    """
    n = len(texts)
    exact: Halves | None = None
    for start in range(0, n, _WINDOW):
        stop = min(start + _WINDOW, n)
        back = min(start, k - 1)
        rows = encoder.encode_blocks(texts[start - back : stop], k, lang=lang)
        if exact is None:
            exact = np.zeros((k, n, rows.shape[2]), dtype=np.float16)
        exact[:, start:stop] = rows[:, back:]
        progress(stop - start)
    if exact is None:
        exact = np.zeros((k, 0, encoder.dim), dtype=np.float16)
    return Blocks(exact, _centres(exact))


def given_blocks(blocks: Vectors | Halves, kept: Sequence[int], k: int) -> Blocks:
    """Take embeddings made before, leaving out blank sentences."""
    if blocks.dtype == np.float16 and len(kept) == blocks.shape[1]:
        exact = np.asarray(blocks[:k], dtype=np.float16)
    else:
        exact = np.empty((k, len(kept), blocks.shape[2]), dtype=np.float16)
        for start in range(0, len(kept), _WINDOW):  # no copy of all in the precision they come in
            stop = start + _WINDOW
            exact[:, start:stop] = blocks[:k, np.asarray(kept[start:stop], dtype=np.int64)]
    return Blocks(exact, _centres(exact))


def _centres(exact: Halves) -> Floats:
    """Mean embedding of the runs of each length; those of long runs are taken from the longest encoded."""
    k, n, dim = exact.shape
    out = np.zeros((MAX_RUN, dim))
    for b in range(min(k, MAX_RUN)):
        if n > b:
            # The sum is exact, so that the mean of equal vectors is that vector.
            out[b] = on_grid(exact[b, b:].sum(axis=0, dtype=np.float64) / (n - b))
        else:
            out[b] = out[b - 1]
    out[k:] = out[k - 1]
    return out

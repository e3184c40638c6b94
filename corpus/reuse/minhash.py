"""Which sentences are near duplicates: MinHash signatures (Broder 1997) and their comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus.store.schemas import BANDS
from corpus.text.languages import main_script
from corpus.text.spans import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence


LEAST = 0.5
"""The least similarity that is kept; a threshold may be anything from here to 1."""
_ROWS = 4  # signature values a band: a pair of similarity s is proposed with probability 1 - (1 - s^4)^20,
# which is .996 at .7, .94 at .6 and .73 at .5
_LETTERS, _SIGNS = 4, 2  # length of an n-gram in letters, and in Chinese, Japanese and Korean
_SHORTEST = {True: 12, False: 36}  # characters, of signs and of letters; shorter sentences repeat by chance
_SLICE = 4096  # of them hashed at a time
_SEED = 1
_PRIMES = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)


def signatures(texts: Sequence[str]) -> pl.Series:
    """Return the banded MinHash signature of each text, null for one too short to compare.

    Returns
    -------
    polars.Series
        `BANDS` numbers each, unsigned, 32 bits: texts that have one in common in the same place may be
        similar.
    """
    import rensa

    keys = [normalised(text) for text in texts]
    sizes = [_size(key) for key in keys]
    places = [place for place, size in enumerate(sizes) if size]
    bands = np.zeros((len(texts), BANDS), dtype=np.uint32)
    for size in (_SIGNS, _LETTERS):
        own = [place for place in places if sizes[place] == size]
        for start in range(0, len(own), _SLICE):
            part = own[start : start + _SLICE]
            hashes, offsets = _ngrams([keys[place] for place in part], size)
            made = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
                hashes, offsets, num_perm=BANDS * _ROWS, seed=_SEED
            )
            values = np.array(made.to_rows(), dtype=np.uint64).reshape(len(part), BANDS, _ROWS)
            bands[part] = _mixed(values @ np.array(_PRIMES, dtype=np.uint64)) >> np.uint64(32)
    rows = pl.Series("bands", bands, dtype=pl.Array(pl.UInt32, BANDS))
    compared = pl.Series([size > 0 for size in sizes], dtype=pl.Boolean)
    return pl.select(pl.when(compared).then(rows)).to_series()


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of the character n-grams of two texts, 0 to 1.

    Letters, digits and marks count, in one form; case, width, spaces and punctuation do not. An n-gram has
    two characters where the first text is Chinese, Japanese or Korean, four otherwise.
    """
    keys = normalised(one), normalised(other)
    size = _SIGNS if _is_of_signs(keys[0]) else _LETTERS
    first, second = ({key[at : at + size] for at in range(max(1, len(key) - size + 1))} for key in keys)
    return len(first & second) / len(first | second)


def _is_of_signs(key: str) -> bool:
    return main_script(key) in ("cjk", "kana", "hangul")


def _size(key: str) -> int:
    """Return the length of a normalised text's n-grams, 0 where it is too short to compare."""
    if len(key) < _SHORTEST[True]:
        return 0
    signs = _is_of_signs(key)
    return 0 if len(key) < _SHORTEST[signs] else _SIGNS if signs else _LETTERS


def _ngrams(keys: Sequence[str], size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return a 64-bit hash of every n-gram of texts, one text after another, and where each text begins."""
    points = np.frombuffer("".join(keys).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(key) for key in keys])
    windows = len(points) - size + 1
    hashes = np.zeros(windows, dtype=np.uint64)
    for at in range(size):
        hashes += _mixed(points[at : at + windows] * np.uint64(_PRIMES[at]))
    # What begins in one text and ends in the next is none of its n-grams.
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(points))
    offsets = np.concatenate([[0], np.cumsum(lengths - size + 1)]).astype(np.uint64)
    return hashes[left[:windows] >= size], offsets


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread the bits of numbers (the finaliser of splitmix64: Steele, Lea & Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))

"""The lexical side of an index: BM25 over the words of its texts, made by `bm25s`.

`bm25s` computes the score of every word in every text once, when the matrix is made (Lù 2024, "BM25S:
Orders of magnitude faster lexical search via eager sparse scoring"; the scores are Lucene's BM25), and a
query sums a few columns. The matrix is mapped from disk. Reading it needs numpy only: importing `bm25s`
takes longer than a query does.

An index is several segments, and what is rare in one need not be in all. A column is therefore freed of
the weight its segment gave the word, and weighted by how rare it is in the whole index.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus.store.segments import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

K1 = 1.2
B = 0.75

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


class Column(NamedTuple):
    """Where a word stands in a segment.

    Attributes
    ----------
    rows
        Numbers of the texts that hold it.
    saturation
        Of each: its frequency against the text's length, in 0..1 (BM25 without the weight of the word).
    """

    rows: Rows
    saturation: Floats


_NOWHERE = Column(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True)
class Lexical:
    """The words of a segment's texts.

    Attributes
    ----------
    size
        How many texts there are.
    terms
        Number of each word.
    scores, texts, starts
        The matrix, by columns: of word `t`, ``starts[t]`` to ``starts[t + 1]``.
    lengths
        Words of each text, against the mean: shape (size,).
    counted
        How many different words each text has: shape (size,); None of what was written before that was kept.
    """

    size: int
    terms: Mapping[str, int]
    scores: Floats
    texts: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    lengths: Floats
    counted: npt.NDArray[np.int32] | None = None

    @cached_property
    def different(self) -> npt.NDArray[np.integer[Any]]:
        """How many different words each text has: shape (size,)."""
        if self.counted is not None:
            return self.counted
        return np.bincount(self.texts, minlength=self.size)

    def frequency(self, term: str) -> int:
        """Return in how many texts a word stands."""
        number = self.terms.get(term)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])

    def column(self, term: str) -> Column:
        """Return where a word stands, and how much."""
        number = self.terms.get(term)
        if number is None:
            return _NOWHERE
        part = slice(int(self.starts[number]), int(self.starts[number + 1]))
        own_weight = rarity(part.stop - part.start, self.size)
        return Column(
            np.asarray(self.texts[part], dtype=np.int64),
            np.asarray(self.scores[part]) / np.float32(own_weight),
        )

    def once(self, rows: Rows) -> Column:
        """Return what a thing scores that stands once in each of some texts."""
        saturation = 1 / (1 + K1 * (1 - B + B * self.lengths[rows]))
        return Column(rows, saturation.astype(np.float32))


def rarity(texts: int, of: int) -> float:
    """Return the weight of a word that stands in so many of the texts (Lucene's inverse text frequency)."""
    return math.log(1 + (of - texts + 0.5) / (texts + 0.5))


def write_lexical(folder: Path, documents: Iterable[list[str]]) -> None:
    """Make the matrix of some texts and write it to a folder.

    Parameters
    ----------
    folder
        Exists.
    documents
        Each text's words, in normal form; gone through once.
    """
    import bm25s

    numbers: dict[str, int] = {}
    # Four bytes a word, where lists of numbers would take forty.
    coded = [array("i", [numbers.setdefault(word, len(numbers)) for word in words]) for words in documents]
    lengths = np.fromiter(map(len, coded), dtype=np.float32, count=len(coded))
    if numbers:
        retriever = bm25s.BM25(method="lucene", k1=K1, b=B, backend="numpy")
        retriever.index((coded, dict(numbers)), create_empty_token=False, show_progress=False)
        scores, texts, starts = (retriever.scores[name] for name in ("data", "indices", "indptr"))
    else:
        scores, texts, starts = np.empty(0), np.empty(0), np.zeros(1)
    np.save(folder / "scores.npy", scores.astype(np.float32))
    np.save(folder / "texts.npy", texts.astype(np.int32))
    np.save(
        folder / "different.npy", np.bincount(texts.astype(np.int64), minlength=len(lengths)).astype(np.int32)
    )
    np.save(folder / "starts.npy", starts.astype(np.int64))
    np.save(folder / "lengths.npy", lengths / max(float(lengths.mean()) if len(lengths) else 1.0, 1e-9))
    write(pl.LazyFrame({"term": list(numbers)}, schema={"term": pl.String}), folder / "terms.parquet")


def read_lexical(folder: Path) -> Lexical:
    """Open what `write_lexical` wrote; the matrix is mapped, not read.

    Raises
    ------
    OSError, ValueError, polars.exceptions.PolarsError
        If a file is missing or damaged.
    """
    scores, texts, starts, lengths = (
        np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        for name in ("scores", "texts", "starts", "lengths")
    )
    terms = pl.read_parquet(folder / "terms.parquet")["term"].to_list()
    numbers = {term: number for number, term in enumerate(terms)}
    counted = folder / "different.npy"
    different = np.load(counted, mmap_mode="r", allow_pickle=False) if counted.exists() else None
    return Lexical(len(lengths), numbers, scores, texts, starts, lengths, different)

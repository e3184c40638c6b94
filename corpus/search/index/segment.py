"""The pieces an index is made of: each holds some of the corpus's distinct sentences, and is never changed.

What is new becomes a segment of its own, so that adding a day's issue to an archive costs what the issue
does. Small segments are made into larger ones as they come (O'Neil et al. 1996), so that there are few. A
sentence that is gone from the tables stays in its segment, unseen, until the segment is made anew.

A segment is a folder of rows and words, and a file of vectors for the encoder in use. Its rows are numbered
from 0, in the order of the folder's `rows.parquet`: `text_id` and `lang`. The text as it is compared letter
by letter (`corpus.text.folding`) is in files of its own, which are mapped.

A segment holds `FULL` rows at most: what is more becomes several, so that making one, and a merge, take
memory for so many at most, whatever the size of the corpus.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus.search.index import vector_index
from corpus.search.index.bm25 import Lexical, read_lexical, write_lexical
from corpus.search.index.folded import Folded, containing, read_folded, write_folded
from corpus.search.index.letters import Letters, Sought, read_letters, write_letters
from corpus.search.index.stores.base import read_store
from corpus.store.segments import write
from corpus.text.folding import fold
from corpus.text.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from align.encoder import Vectors
    from corpus.search.index.vector_index import Mask, Nearest

Ids = npt.NDArray[np.int64]

FULL = 1_000_000
"""Rows that a segment holds at most."""

_ROWS = "rows.parquet"
_MERGED_WITHIN = 4  # a segment is merged into a new one that is at least a quarter of its size
_MOST_GONE = 0.25


@dataclass(frozen=True)
class Segment:
    """An open segment.

    Attributes
    ----------
    number
        Its name: segments are numbered as they are made.
    folder
        Of its rows and words.
    vectors
        The file of its vectors; None where it is opened for its words only.
    removed
        The `text_id` of sentences that are in no document any more.
    """

    number: int
    folder: Path
    vectors: Path | None
    removed: Ids

    @cached_property
    def ids(self) -> Ids:
        """`text_id` of every row."""
        return pl.read_parquet(self.folder / _ROWS, columns=["text_id"])["text_id"].to_numpy()

    @cached_property
    def langs(self) -> pl.Series:
        """Language of every row, as a category."""
        return pl.read_parquet(self.folder / _ROWS, columns=["lang"])["lang"].cast(pl.Categorical)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that rows are in."""
        return tuple(self.langs.unique().cast(pl.String).sort())

    def of(self, lang: str) -> Mask:
        """Return which rows are in a language."""
        if lang not in self._of:
            self._of[lang] = (self.langs == lang).to_numpy()
        return self._of[lang]

    @cached_property
    def _of(self) -> dict[str, Mask]:
        return {}

    @cached_property
    def folded(self) -> Folded:
        """Text of every row, folded."""
        return read_folded(self.folder, self.folder / _ROWS)

    @cached_property
    def words(self) -> Lexical:
        """Words of every row."""
        return read_lexical(self.folder)

    @cached_property
    def letters(self) -> Letters | None:
        """Letters of every row; None in a segment that was made before they were kept."""
        return read_letters(self.folder)

    def holding(self, sought: Sought) -> Ids:
        """Return the rows that hold something letter by letter, ascending."""
        candidates = None if self.letters is None else self.letters.candidates(sought)
        if candidates is None:
            return containing(self.folded, sought.regex)
        # What is one of several phrases may be found by more than one of them.
        read = [rows for rows, whole in candidates if not whole]
        found = [rows for rows, whole in candidates if whole]
        if any(map(len, read)):
            found.append(containing(self.folded, sought.regex, np.unique(np.concatenate(read))))
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    @cached_property
    def dense(self) -> Any:  # noqa: ANN401 - faiss has no types for its indexes
        """The rows' vectors: a FAISS index, or a `corpus.search.index.stores.base.VectorStore`."""
        assert self.vectors is not None
        in_file = self.vectors.suffix == ".faiss"
        return vector_index.read(self.vectors) if in_file else read_store(self.vectors)

    def nearest(
        self, query: Vectors, count: int, mask: Mask | None = None, langs: Sequence[str] | None = None
    ) -> Nearest:
        """Find the nearest rows that a mask lets through, of some languages if any are named."""
        if langs is not None:
            of_langs = np.logical_or.reduce([self.of(lang) for lang in langs])
            mask = of_langs if mask is None else of_langs & mask
        return vector_index.nearest(self.dense, query, count, mask, self.ids)

    def similarities(self, query: Vectors, rows: Ids) -> Vectors:
        """Return how near some rows are to a query, in their order."""
        return vector_index.similarities(self.dense, query, rows)

    def vectors_of(self, rows: Ids) -> Vectors:
        """Return the vectors of some rows."""
        return vector_index.vectors(self.dense, rows)

    @cached_property
    def alive(self) -> Mask | None:
        """Which rows are still in a document; None where all are."""
        if not len(self.removed):
            return None
        gone = np.isin(self.ids, self.removed, assume_unique=True)
        return ~gone if gone.any() else None

    @cached_property
    def living(self) -> int:
        """How many rows are still in a document."""
        return len(self.ids) if self.alive is None else int(self.alive.sum())


def write_rows(folder: Path, sentences: pl.DataFrame, dictionary: Path | None) -> None:
    """Write the rows and words of a segment to a folder, which is made.

    Parameters
    ----------
    sentences
        `text_id`, `lang` and `text` of each row, in order.
    dictionary
        Of Chinese words (`corpus.text.tokens.tokenise`).
    """
    folder.mkdir()
    folded = pl.Series("folded", [fold(text) for text in sentences["text"]], dtype=pl.String)
    write(sentences.lazy().select("text_id", "lang"), folder / _ROWS)
    write_folded(folder, folded)
    write_letters(folder, folded)
    write_lexical(folder, _words(sentences, dictionary))


def _words(sentences: pl.DataFrame, dictionary: Path | None) -> Iterator[list[str]]:
    for lang, text in sentences.select("lang", "text").iter_rows():
        yield terms(text, lang, dictionary=dictionary)


def to_merge(segments: Sequence[Segment], new: int) -> list[Segment]:
    """Return which segments new sentences are put together with, in one or in several of `FULL` rows.

    Those at the end that are not much larger than what has come together by then. One of which much is gone
    is made anew, and those after it with it, so that their order stays; one that is more than half full is
    not merged with others, and made anew by itself.

    Parameters
    ----------
    segments
        The oldest first; those that are not half full, the largest first.
    new
        How many sentences there are to add.
    """

    def worn(segment: Segment) -> bool:
        return len(segment.ids) - segment.living > _MOST_GONE * len(segment.ids)

    small = [segment for segment in segments if 2 * len(segment.ids) <= FULL]
    taken = 0
    size = new
    for place, segment in enumerate(reversed(small), start=1):
        if worn(segment) or segment.living < _MERGED_WITHIN * size:
            taken = place
            size += segment.living
    merged = small[len(small) - taken :]
    return [segment for segment in segments if segment in merged or (segment not in small and worn(segment))]

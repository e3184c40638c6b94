"""Which texts of a segment may hold some letters, and which do: what a search for a phrase need not read.

A text is taken apart into the runs of letters and digits of scripts that put spaces between words
(`corpus.text.edges.OF_WORD`), and, of all other scripts, into every two letters that stand side by side,
the last of a run by itself. A phrase stands only in texts that hold all of its parts. Those are few, and are
read; a phrase of one part stands in all of them, and nothing is read.

No dictionary cuts anything here, so that 业工 is found in 工业工厂, as it is when all texts are read: what is
found is the same, letter by letter.

In the segment's folder, mapped and not read: ``letters-text`` (uint8: the parts, one after the other, in the
order of their UTF-8), ``letters-ends`` (int64: where each ends), ``letters-rows`` (uint8: of each part the
texts that hold it, as differences from the one before, seven bits a byte, the last byte of a number below
128), and ``letters-starts`` (int64: where each part's begin there, and where all end).
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from unicodedata import category

import numpy as np
import numpy.typing as npt
import polars as pl

from corpus.text.edges import OF_WORD, UNSPACED_LETTER, is_of_word, is_unspaced
from corpus.text.folding import fold

if TYPE_CHECKING:
    from pathlib import Path

Rows: TypeAlias = npt.NDArray[np.int64]
Bytes: TypeAlias = npt.NDArray[np.uint8]

_AT_A_TIME = 50_000  # texts that are taken apart together
_NUMBERS = 4_000_000  # that are written together
_WORD, _RUN = f"{OF_WORD}+", f"{UNSPACED_LETTER}+"
# Categories of characters that Python and polars agree on whether they are letters or digits.
_AGREED = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Zs", "Sm"))
_NONE: Rows = np.empty(0, np.int64)


class Part(NamedTuple):
    """A part that a text must have to hold a phrase.

    Attributes
    ----------
    text
        Of it.
    begins
        Whether parts that begin with it will do.
    """

    text: str
    begins: bool = False


@dataclass(frozen=True)
class Sought:
    """A phrase, or several of which any will do, to be looked for letter by letter in folded texts.

    Attributes
    ----------
    regex
        Finds it, in polars (`corpus.text.folding.containing`).
    phrases
        As written.
    wildcards
        Whether ``*`` at the end of a word stands for any ending, as it does in `regex`.
    """

    regex: str
    phrases: tuple[str, ...]
    wildcards: bool = False

    @cached_property
    def parts(self) -> list[tuple[list[Part], bool]]:
        """Of each phrase the parts that a text must have, and whether every text that has them holds it."""
        return [_parts(fold(phrase), wildcards=self.wildcards) for phrase in self.phrases]


def _parts(folded: str, *, wildcards: bool) -> tuple[list[Part], bool]:
    found: list[Part] = []
    # Between these words white space or a hyphen stands in the text, too (`corpus.text.folding`).
    words = [word for word in re.split("[ -]+" if wildcards else " ", folded) if word]
    whole = len(words) == 1
    for place, word in enumerate(words):
        starred = wildcards and word.endswith("*")
        body = word.removesuffix("*") if starred else word
        runs = _runs(body)
        # A number is bounded by more than letters: 3.4 does not stand in 23.4.
        whole = whole and runs == [body] and not (body[0].isdigit() or body[-1].isdigit())
        for number, run in enumerate(runs):
            # A mark by itself bounds nothing, in the expression: there may be more of the run in the text.
            first = number == place == 0 and body.startswith(run) and not is_of_word(run[0])
            last = number == len(runs) - 1 and body.endswith(run)
            open_end = last and (starred or (place == len(words) - 1 and not is_of_word(run[-1])))
            if is_unspaced(run[0]):
                found += [Part(run[i : i + 2]) for i in range(len(run) - 1)] or [Part(run, begins=True)]
                whole = whole and len(run) <= 2
            elif first:
                whole = False
            else:
                found.append(Part(run, open_end))
                whole = whole and open_end == starred
    return found, whole


def _runs(text: str) -> list[str]:
    """Return the runs of letters of a text, as the expressions of polars have them that look for it."""
    if all(category(char) in _AGREED for char in text):
        runs = itertools.groupby(text, key=lambda char: char.isalnum() and 1 + is_unspaced(char))
        return ["".join(run) for kind, run in runs if kind]
    # Of marks, numbers in circles and the like only polars knows what it takes for a letter.
    found: list[str] = pl.Series([text]).str.extract_all(f"{_WORD}|{_RUN}").to_list()[0]
    return found


@dataclass(frozen=True)
class Letters:
    """The parts of a segment's texts, mapped (the module says what the arrays are)."""

    text: Bytes
    ends: Rows
    rows: Bytes
    starts: Rows

    def candidates(self, sought: Sought) -> list[tuple[Rows, bool]] | None:
        """Return for each phrase the texts that may hold it, ascending, and whether all of them do.

        None where a phrase has no part to look for.
        """
        if not all(parts for parts, _ in sought.parts):
            return None
        return [(self._holding(parts), whole) for parts, whole in sought.parts]

    def words(self) -> list[str]:
        """Return the parts that are words of scripts that put spaces between them."""
        text = bytes(self.text)
        ends = self.ends.tolist()
        parts = pl.Series(
            [text[a:b].decode() for a, b in zip([0, *ends], ends, strict=False)], dtype=pl.String
        )
        found: list[str] = parts.filter(~parts.str.contains(UNSPACED_LETTER)).to_list()
        return found

    def _holding(self, parts: list[Part]) -> Rows:
        spans = [self._span(part) for part in dict.fromkeys(parts)]
        # The rarest first: of the others only what it leaves is looked at.
        spans.sort(key=lambda span: int(self.starts[span[1]] - self.starts[span[0]]))
        found = self._texts(*spans[0])
        for span in spans[1:]:
            if not len(found):
                break
            others = self._texts(*span)
            places = np.minimum(np.searchsorted(others, found), max(len(others) - 1, 0))
            found = found[others[places] == found] if len(others) else _NONE
        return found

    def _span(self, part: Part) -> tuple[int, int]:
        """Return the numbers of the parts to look for: from, to."""
        key, numbers = part.text.encode(), range(len(self.ends))
        first = bisect_left(numbers, key, key=self._part)
        beyond = key + b"\xff" if part.begins else key + b"\0"
        return first, bisect_left(numbers, beyond, lo=first, key=self._part)

    def _part(self, number: int) -> bytes:
        return bytes(self.text[int(self.ends[number - 1]) if number else 0 : int(self.ends[number])])

    def _texts(self, first: int, beyond: int) -> Rows:
        """Return the texts that hold any of some parts, ascending."""
        if first >= beyond:
            return _NONE
        offset = int(self.starts[first])
        coded = np.asarray(self.rows[offset : int(self.starts[beyond])])
        ends = np.flatnonzero(coded < 128)
        starts = np.concatenate([[0], ends[:-1] + 1])
        values = (coded[starts] & 127).astype(np.int64)
        sizes = ends - starts
        for more in range(1, int(sizes.max()) + 1):
            longer = np.flatnonzero(sizes >= more)
            values[longer] += (coded[starts[longer] + more].astype(np.int64) & 127) << (7 * more)
        rows = np.cumsum(values)
        if beyond - first > 1:
            heads = np.searchsorted(starts, self.starts[first:beyond] - offset)
            before = rows[heads] - values[heads]
            rows = np.unique(rows - np.repeat(before, np.diff(np.append(heads, len(rows)))))
        return rows


def write_letters(folder: Path, folded: pl.Series) -> None:
    """Take texts apart and write the parts to a folder.

    Parameters
    ----------
    folder
        Exists.
    folded
        The texts as they are compared word for word (`corpus.text.folding.fold`).
    """
    numbers: dict[str, int] = {}
    held: list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]] = []
    for start in range(0, len(folded), _AT_A_TIME):
        pairs = _apart(folded.slice(start, _AT_A_TIME))
        known = pairs.select(pl.col("part").unique())
        coded = [numbers.setdefault(part, len(numbers)) for part in known["part"]]
        numbered = (
            pairs.join(known.with_columns(number=pl.Series(coded, dtype=pl.UInt32)), on="part")
            .select("number", row=pl.col("row") + pl.lit(start, pl.UInt32))
            .unique()
            .sort("number", "row")
        )
        held.append((numbered["number"].to_numpy(), numbered["row"].to_numpy()))
    words = list(numbers)
    encoded = [word.encode() for word in words]
    order = sorted(range(len(words)), key=encoded.__getitem__)
    place = np.empty(len(words), np.int64)
    place[order] = np.arange(len(words))
    counts = np.zeros(len(words) + 1, np.int64)
    for number, _ in held:
        counts[1:] += np.bincount(place[number], minlength=len(words))
    heads = np.cumsum(counts)
    rows = _gathered(held, place, heads)
    np.save(folder / "letters-text.npy", np.frombuffer(b"".join(encoded[i] for i in order), np.uint8))
    np.save(folder / "letters-ends.npy", np.cumsum([len(encoded[i]) for i in order], dtype=np.int64))
    coded_rows, starts = _coded(rows, heads)
    np.save(folder / "letters-rows.npy", coded_rows)
    np.save(folder / "letters-starts.npy", starts)


def read_letters(folder: Path) -> Letters | None:
    """Open what `write_letters` wrote; None in a segment that was made before there were such files."""
    try:
        text, ends, rows, starts = (
            np.load(folder / f"letters-{name}.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
            for name in ("text", "ends", "rows", "starts")
        )
    except FileNotFoundError:
        return None
    return Letters(text, ends, rows, starts)


def _apart(folded: pl.Series) -> pl.DataFrame:
    """Return row, part: the parts of texts, some of them twice."""
    runs = (
        pl.DataFrame({"run": folded.str.extract_all(f"{_WORD}|{_RUN}")})
        .with_row_index("row")
        .explode("run")
        .drop_nulls()
    )
    unspaced = pl.col("run").str.contains(f"^{UNSPACED_LETTER}")
    letters = (
        runs.filter(unspaced)
        .with_row_index("number")
        .with_columns(letter=pl.col("run").str.extract_all("."))
        .explode("letter")
        .select("row", "number", "letter")
    )
    beside = pl.when(pl.col("number") == pl.col("number").shift(-1)).then(pl.col("letter").shift(-1))
    return pl.concat(
        [
            runs.filter(~unspaced).select("row", part="run"),
            letters.select("row", part=pl.col("letter") + beside.fill_null("")),
        ]
    )


def _gathered(
    held: list[tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]], place: Rows, heads: Rows
) -> npt.NDArray[np.uint32]:
    """Return the texts of all parts, the parts in order, from pairs of number and text by text."""
    rows = np.empty(int(heads[-1]), np.uint32)
    filled = heads[:-1].copy()
    for number, row in held:
        own, first, count = np.unique(number, return_index=True, return_counts=True)
        within = np.arange(len(number)) - np.repeat(first, count)
        rows[np.repeat(filled[place[own]], count) + within] = row
        filled[place[own]] += count
    return rows


def _coded(rows: npt.NDArray[np.uint32], heads: Rows) -> tuple[Bytes, Rows]:
    """Return texts as differences, seven bits a byte, and where those of each part begin."""
    differences = np.diff(rows, prepend=np.uint32(0))
    firsts = heads[:-1]
    differences[firsts] = rows[firsts]
    pieces: list[Bytes] = []
    sizes = np.empty(len(rows), np.uint8)
    for start in range(0, len(rows), _NUMBERS):
        values = differences[start : start + _NUMBERS]
        size = np.ones(len(values), np.uint8)
        for more in range(1, 5):
            size += values >= 1 << (7 * more)
        sizes[start : start + _NUMBERS] = size
        begins = np.cumsum(size, dtype=np.int64) - size
        piece = np.empty(int(size.sum(dtype=np.int64)), np.uint8)
        for more in range(int(size.max(initial=0))):
            longer = np.flatnonzero(size > more)
            low = (values[longer] >> np.uint32(7 * more)) & np.uint32(127)
            piece[begins[longer] + more] = low + 128 * (size[longer] > more + 1)
        pieces.append(piece)
    ends = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    return np.concatenate(pieces) if pieces else np.empty(0, np.uint8), ends[heads]

"""The file of a translation lexicon: two lists of words, and which of one translate which of the other.

A file is mapped, not read, so that opening one costs the same whatever its size. It is

- the eight bytes `MAGIC`, and a little-endian uint64: the length of what follows;
- a JSON object: ``langs`` (two ISO 639-1 codes), ``sources`` (names, by number), ``rules`` (of
  `corpus.lexicons.words`), ``arrays`` (of each: its name, dtype, length, and place in bytes from the end of
  the object, padded to a multiple of 64);
- the arrays.

Of each side, ``a`` and ``b``:

========== ======= ===========================================================================
text       uint8   its words, one after the other, UTF-8
lengths    uint8   shape (n,): bytes of each
keys       uint32  shape (n,), ascending: a hash (CRC-32) of the normal form of each word
counts     uint16  shape (n,): translations of each word
targets    uint32  shape (m,): numbers of words of the other side, the likeliest first
weights    uint8   shape (m,): 1 to 255, probability of the translation times 255
sources    uint8   shape (m,): by number
========== ======= ===========================================================================

Words are found by the hash and told apart by themselves, so that another version of a stemmer loses a word
at most, and never returns a wrong one.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from corpus.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

MAGIC = b"duizhaoL"
SUFFIX = ".lexicon"

Array: TypeAlias = npt.NDArray[Any]

_SIDES = ("a", "b")
_DTYPES = {
    "text": "<u1", "lengths": "<u1", "keys": "<u4", "counts": "<u2", "targets": "<u4", "weights": "<u1",
    "sources": "<u1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """The words of one language, mapped.

    The arrays are those of the table above, but for `ends` and `starts`: sums of lengths and counts, each
    with 0 before, which are made when the file is opened (and are half of it if kept there).
    """

    text: Array
    ends: Array
    keys: Array
    starts: Array
    targets: Array
    weights: Array
    sources: Array

    def __len__(self) -> int:
        return len(self.keys)

    def word(self, number: int) -> str:
        """Return a word by its number."""
        return bytes(self.text[int(self.ends[number]) : int(self.ends[number + 1])]).decode()

    def numbered(self, key: str) -> range:
        """Return the numbers of the words whose hash is that of a normal form; some may be other words."""
        code = np.uint32(hashed(key))
        first = int(np.searchsorted(self.keys, code, "left"))
        return range(first, int(np.searchsorted(self.keys, code, "right")))

    def links(self, number: int) -> list[tuple[int, float, int]]:
        """Return a word's translations: number on the other side, probability, source."""
        part = slice(int(self.starts[number]), int(self.starts[number + 1]))
        return [
            (int(target), int(weight) / 255, int(source))
            for target, weight, source in zip(
                self.targets[part], self.weights[part], self.sources[part], strict=True
            )
        ]


@dataclass(frozen=True, slots=True)
class LexiconFile:
    """An open file.

    Attributes
    ----------
    langs
        Of side ``a`` and side ``b``.
    sources
        Names of what it was made of.
    rules
        Version of the rules that its normal forms were made under.
    sides
        Both, in the order of `langs`.
    """

    langs: tuple[str, str]
    sources: tuple[str, ...]
    rules: str
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Link:
    """A translation to be written: a word of each side, probabilities either way, and its source."""

    a: str
    b: str
    forward: float
    backward: float
    source: int


def hashed(key: str) -> int:
    """Return the hash of a normal form."""
    return zlib.crc32(key.encode())


def write_lexicon(
    path: Path,
    langs: tuple[str, str],
    links: Iterable[Link],
    sources: Sequence[str],
    normal: Callable[[str, str], str],
    rules: str,
) -> None:
    """Write a lexicon.

    Parameters
    ----------
    path
        Of the file to make.
    langs
        Of the words ``a`` and ``b`` of the links.
    links
        No pair of words twice.
    sources
        Names, which the links' `source` numbers.
    normal
        Returns the normal form of a word (word, language), by which it will be looked up.
    rules
        Version of `normal`.

    Raises
    ------
    ValueError
        If a word is longer than 255 bytes.
    """
    every = list(links)
    words = [sorted({getattr(link, side) for link in every}) for side in _SIDES]
    codes = [[hashed(normal(word, lang)) for word in side] for side, lang in zip(words, langs, strict=True)]
    orders = [np.argsort(np.array(own, np.int64), kind="stable").tolist() for own in codes]
    words = [[side[i] for i in order] for side, order in zip(words, orders, strict=True)]
    number = [{word: i for i, word in enumerate(side)} for side in words]
    arrays: dict[str, Array] = {}
    for place, side in enumerate(_SIDES):
        encoded = [word.encode() for word in words[place]]
        if max(map(len, encoded), default=0) > 255:
            msg = f"a word is longer than 255 bytes: {max(encoded, key=len).decode()}"
            raise ValueError(msg)
        arrays[f"{side}.text"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays[f"{side}.lengths"] = np.array(list(map(len, encoded)), np.int64)
        arrays[f"{side}.keys"] = np.array([codes[place][i] for i in orders[place]], np.uint32)
        rows = sorted(
            (
                number[place][link.b if place else link.a],
                -max(1, round(255 * (link.backward if place else link.forward))),
                number[1 - place][link.a if place else link.b],
                link.source,
            )
            for link in every
        )
        table = np.array(rows, np.int64).reshape(-1, 4)
        arrays[f"{side}.counts"] = np.bincount(table[:, 0], minlength=len(encoded))
        arrays[f"{side}.targets"] = table[:, 2].astype(np.uint32)
        arrays[f"{side}.weights"] = (-table[:, 1]).astype(np.uint8)
        arrays[f"{side}.sources"] = table[:, 3].astype(np.uint8)
    entries: list[tuple[str, str, int, int]] = []
    place = 0
    for name, array in arrays.items():
        kind: np.dtype[Any] = np.dtype(_DTYPES[name[2:]])
        entries.append((name, kind.str, len(array), place))
        place = _padded(place + len(array) * kind.itemsize)
    header = json.dumps(
        {"langs": langs, "sources": list(sources), "rules": rules, "arrays": entries}, ensure_ascii=False
    ).encode()
    header += b" " * (_padded(len(header) + 16) - len(header) - 16)
    with path.open("wb") as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        for (_, dtype, _, _), array in zip(entries, arrays.values(), strict=True):
            data = array.astype(dtype).tobytes()
            file.write(data + b"\0" * (_padded(len(data)) - len(data)))


def read_lexicon(path: Path) -> LexiconFile:
    """Open a lexicon; its words are mapped, not read.

    Raises
    ------
    InputError
        If the file is missing, or is no lexicon, or is shorter than it says.
    """
    try:
        data = np.memmap(path, np.uint8, "r")
    except (OSError, ValueError) as error:
        msg = f"{path}: {getattr(error, 'strerror', None) or error}"
        raise InputError(msg) from None
    try:
        if bytes(data[:8]) != MAGIC:
            msg = "it does not begin as a lexicon does"
            raise ValueError(msg)  # noqa: TRY301 - one message for whatever is wrong
        size = int.from_bytes(bytes(data[8:16]), "little")
        header = json.loads(bytes(data[16 : 16 + size]))
        first, second = header["langs"]
        arrays = {
            name: _view(data, 16 + size + place, np.dtype(dtype), length)
            for name, dtype, length, place in header["arrays"]
        }
        a, b = (_side({name: arrays[f"{side}.{name}"] for name in _DTYPES}) for side in _SIDES)
        return LexiconFile((first, second), tuple(header["sources"]), header["rules"], (a, b))
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: damaged, or no lexicon: {error}"
        raise InputError(msg) from None


def _side(arrays: dict[str, Array]) -> Side:
    ends, starts = (
        np.concatenate([[0], np.cumsum(arrays.pop(name), dtype=np.int64)]) for name in ("lengths", "counts")
    )
    return Side(ends=ends, starts=starts, **arrays)


def _padded(size: int) -> int:
    return -(-size // 64) * 64


def _view(data: Array, place: int, dtype: np.dtype[Any], length: int) -> Array:
    part = data[place : place + length * dtype.itemsize]
    if len(part) != length * dtype.itemsize:
        msg = "it is shorter than it says"
        raise ValueError(msg)
    # A plain view of the mapping: every slice of a `memmap` object costs microseconds more.
    return np.asarray(part).view(dtype)

"""Chinese: jieba and its dictionary, simplified forms, and whether bytes read as Chinese."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.base.converted import converted
from corpus.text.languages import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.base.converted import Arrays


_MOST_HELD = 1 << 20  # words, and what is none, whose frequencies are at hand


@cache
def load_jieba() -> Any:  # noqa: ANN401 - an untyped library
    """Import jieba and give it its dictionary, quietly (it logs to the terminal otherwise).

    To read its half a million words takes a second, however few are asked for: they are kept in the user's
    cache folder, and looked up there. Where the cache cannot be written, they are read each time.
    """
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    path = Path(jieba.__file__).with_name("dict.txt")
    arrays = converted("jieba", path, lambda: _looked_up(*jieba.Tokenizer.gen_pfdict(path.open("rb"))))
    jieba.dt.FREQ = _Frequencies(arrays)
    jieba.dt.total = int(arrays["total"][0])
    jieba.dt.initialized = True
    return jieba


def _looked_up(frequencies: dict[str, int], total: int) -> Arrays:
    """Make arrays of jieba's table, in which words are found by their digests."""
    keys = np.array([_digest(word) for word in frequencies], dtype=np.uint64)
    values = np.fromiter(frequencies.values(), dtype=np.int64, count=len(frequencies))
    order = np.argsort(keys)
    return {"keys": keys[order], "values": values[order], "total": np.array([total])}


def _digest(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest(), "little")


class _Frequencies(dict[str, int | None]):
    """Frequencies of words and of what words begin with (0), as jieba asks for them.

    It holds what was asked for, with None for what is not there.
    """

    def __init__(self, arrays: Arrays) -> None:
        super().__init__()
        self._keys, self._values = arrays["keys"], arrays["values"]

    def __missing__(self, word: str) -> int | None:
        if len(self) >= _MOST_HELD:
            self.clear()
        key = _digest(word)
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        there = place < len(self._keys) and int(self._keys[place]) == key
        self[word] = found = int(self._values[place]) if there else None
        return found

    def __contains__(self, word: object) -> bool:
        return self[str(word)] is not None

    def get(self, word: str, default: Any = None) -> Any:  # noqa: ANN401 - as of a dict
        """Return the frequency of a word, or else what is given."""
        found = self[word]
        return default if found is None else found


def reads_as_chinese(text: str) -> bool:
    """Whether decoded text is Chinese, rather than another encoding's bytes seen as Chinese characters.

    GB18030 accepts nearly any bytes: Big5, EUC-KR, Shift-JIS and even accented Latin decode to Chinese
    characters that form no words. Real text is mostly words of the `jieba` dictionary: at least half of
    its characters stand in one, in classical novels too, against at most 2% for misread text.
    """
    foreign = [character for character in text if character > "\x7f"]
    han = [character for character in foreign if SCRIPTS["han"].match(character)]
    known = sum(1 for character in foreign if SCRIPTS["han"].match(character) or is_mark(character))
    if len(han) < 8 or known < 0.9 * len(foreign):
        return False
    return _share_in_words(text) >= 0.3


def is_mark(character: str) -> bool:
    """Whether a character is one of the marks that Chinese, Japanese and Korean print share."""
    return (
        character in "　、。，．：；？！（）《》〈〉“”‘’…—·％「」『』【】〔〕─×°" or "０" <= character <= "ｚ"
    )


def _share_in_words(text: str) -> float:
    """Share of the Chinese characters of a text that stand in dictionary words of two or more."""
    jieba = load_jieba()
    runs = re.findall(SCRIPTS["han"].pattern + "+", text[:20_000])
    total = sum(map(len, runs))
    words: Iterable[str] = (word for run in runs for word in jieba.cut(run, HMM=False))
    lengths = Counter(len(word) for word in words)
    return sum(size * count for size, count in lengths.items() if size > 1) / total if total else 0.0


def simplified(text: str) -> str:
    """Return a text with its Chinese characters in simplified form, each in the place it had.

    Conversion is by phrase where that keeps the length, and by character otherwise.
    """
    return _converted(text, "t2s")


def traditional(text: str) -> str:
    """Return a text with its Chinese characters in traditional form, each in the place it had."""
    return _converted(text, "s2t")


def _converted(text: str, conversion: str) -> str:
    if text.isascii():
        return text
    converter = _opencc(conversion)
    converted = str(converter.convert(text))
    if len(converted) != len(text):
        converted = "".join(
            one if len(one := str(converter.convert(character))) == 1 else character for character in text
        )
    return converted


@cache
def _opencc(conversion: str) -> Any:  # noqa: ANN401 - its annotations say nothing
    import opencc

    return opencc.OpenCC(conversion)

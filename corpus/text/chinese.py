"""Chinese: jieba and its dictionary, simplified forms, and whether bytes read as Chinese."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus.text.languages import SCRIPTS

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def load_jieba() -> Any:  # noqa: ANN401 - an untyped library
    """Import jieba and load its dictionary, quietly (it logs to the terminal otherwise).

    What it makes of its dictionary is kept in the user's cache folder: its own choice, a file of a fixed
    name in the folder for temporary files, another user may own, or may have put there. Where the cache
    cannot be written, the dictionary is read each time, which takes half a second more.
    """
    import logging

    import jieba

    from corpus.base.resources import cache_dir

    folder = cache_dir() / "jieba"
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    jieba.dt.tmp_dir = str(folder.absolute())
    jieba.setLogLevel(logging.CRITICAL)  # a cache that cannot be written is an error to it, with a traceback
    jieba.initialize()
    jieba.setLogLevel(logging.WARNING)
    return jieba


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

"""Making texts fit for a tokenizer, and joining sentences the way their language does."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from corpus.base.patterns import lazy_pattern
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence


UNSPACED = frozenset({"zh", "ja", "yue", "wuu", "lzh"})
"""Languages that write nothing between two sentences. (Thai, Lao and Khmer do put a space there.)"""

# Han (with its extensions), kana and full-width punctuation: what such texts are made of.
_UNSPACED_CHARACTER = lazy_pattern(
    "[\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff0f\U00020000-\U0003ffff]"
)
_LETTER = lazy_pattern(r"[^\W\d_]")


def well_formed(text: str) -> str:
    """Return the text with lone surrogates turned into U+FFFD, and surrogate pairs into their character.

    Python strings may hold surrogates (a file name, a broken JSON escape); UTF-8 cannot.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def separator(sentences: Sequence[str], lang: str | None) -> str:
    """Return what stands between two sentences when they are joined: nothing, or a space.

    Parameters
    ----------
    sentences
        The sentences of one text; looked at only where the language is not told: when most of their
        letters are Chinese or Japanese, nothing stands between them.
    lang
        ISO 639 code of their language (``zh-TW`` counts as ``zh``), or None.
    """
    if lang is not None:
        return "" if lang.lower().replace("_", "-").split("-")[0] in UNSPACED else " "
    unspaced = sum(len(_UNSPACED_CHARACTER.findall(sentence)) for sentence in sentences)
    letters = sum(len(_LETTER.findall(sentence)) for sentence in sentences)
    return "" if 2 * unspaced > letters else " "


def block_text(sentences: Sequence[str], first: int, last: int, sep: str) -> str:
    """Return the text of sentences first..last, both included, joined; empty ones leave no gap."""
    stripped = (sentence.strip() for sentence in sentences[first : last + 1])
    return sep.join(sentence for sentence in stripped if sentence)


def passage_text(sentences: Sequence[str], paragraphs: Sequence[int], lang: str) -> str:
    """Join consecutive sentences as their language does, with a space wherever a paragraph ends.

    Chinese puts nothing between sentences, but two lines of a headline are not one; what keeps them
    apart in print is an ideographic space.
    """
    between = separator(sentences, known_lang(lang))
    parts = [
        between.join(sentence for _, sentence in group if sentence)
        for _, group in groupby(zip(paragraphs, sentences, strict=True), key=lambda pair: pair[0])
    ]
    return (between or "\u3000").join(part for part in parts if part)


def segment_spans(text: str, ids: Sequence[int], sentences: Sequence[str]) -> str:
    """Return where sentences stand in the text that they were joined to (`passage_text`).

    Parameters
    ----------
    text
        The text.
    ids, sentences
        The numbers of those that are in it; and all that there are.

    Returns
    -------
    str
        Of each its number, and its start and end, half open, in code points of `text`: ``4:0-12 5:12-30``.
    """
    at = 0
    parts = []
    for number in ids:
        sentence = sentences[number]
        start = text.index(sentence, at)
        at = start + len(sentence)
        parts.append(f"{number}:{start}-{at}")
    return " ".join(parts)

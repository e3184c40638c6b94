"""Cut paragraphs into sentences with `sentencex`, keeping every sentence's place in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sentencex

from corpus.cleaning.datelines import find_dateline
from corpus.segmentation.hyphens import has_divided, mend, words_of
from corpus.text.spans import Span, line_number, squeeze, strip_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.cleaning.records import Block, Kind


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a version.

    Attributes
    ----------
    paragraph
        Zero-based number of its paragraph or heading in the version.
    kind
        ``heading`` or ``paragraph``.
    text
        The sentence for reading: white space squeezed, words that a line's end divides put together
        (`corpus.segmentation.hyphens`), nothing else changed.
    span
        Its place in the untouched file.
    """

    paragraph: int
    kind: Kind
    text: str
    span: Span


def segment(text: str, blocks: Sequence[Block], lang: str) -> list[Sentence]:
    """Cut blocks into sentences.

    Parameters
    ----------
    text
        The untouched file.
    blocks
        Headings, which are one sentence each, and paragraphs.
    lang
        ISO 639-1 code; `sentencex` falls back to English rules for one it does not know.
    """
    divided = has_divided(text)
    words = words_of(text) if divided else frozenset()

    def readable(piece: str) -> str:
        return squeeze(mend(piece, words) if divided else piece)

    return [
        Sentence(number, block.kind, readable(text[span.start : span.end]), span)
        for number, block in enumerate(blocks)
        for span in ([block.span] if block.kind == "heading" else _cut(text, block.span, lang))
    ]


def _cut(text: str, span: Span, lang: str) -> list[Span]:
    # One code point for one, so that offsets stay true: a line break inside a paragraph is a space.
    paragraph = text[span.start : span.end].replace("\r", " ").replace("\n", " ")
    dateline = find_dateline(paragraph)
    opening = span.start + (0 if dateline is None else dateline.length)
    spans: list[Span] = []
    for boundary in sentencex.get_sentence_boundaries(lang, paragraph):
        start, end = span.start + boundary["start_index"], span.start + boundary["end_index"]
        piece = strip_span(text, Span(start, end, line_number(text, start, span)))
        if piece is None:
            continue
        # "Berlin, 3. Oktober (ADN)." is no sentence, but what the first one opens with.
        in_opening = dateline is not None and piece.start <= opening
        if spans and (
            in_opening or _goes_on(text[spans[-1].start : spans[-1].end], text[piece.start : piece.end])
        ):
            spans[-1] = Span(spans[-1].start, piece.end, spans[-1].line)
        else:
            spans.append(piece)
    return spans


# Abbreviations before a number that `sentencex` takes for the end of a sentence.
_BEFORE_NUMBER = re.compile(
    r"\b(?:vols?|pp?|nos?|figs?|arts?|secs?|chs?|paras?|approx|ca|cf|op)\.$", re.IGNORECASE
)


def _goes_on(before: str, piece: str) -> bool:
    """Whether a piece belongs to the sentence before it."""
    if not any(character.isalnum() for character in piece):
        return True  # nothing but marks: a closing quote or bracket stays with what it closes
    return piece[0].isdigit() and _BEFORE_NUMBER.search(before) is not None

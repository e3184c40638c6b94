"""Cut paragraphs into sentences, keeping every sentence's place in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.cleaning.datelines import find_dateline
from corpus.cleaning.markdown import without_marks
from corpus.segmentation.boundaries import pieces
from corpus.segmentation.hyphens import has_divided, mend, words_of
from corpus.segmentation.quotations import stretches
from corpus.text.spacing import NOTHING, close_gaps, read
from corpus.text.spans import Span, squeeze, strip_span

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
        The sentence for reading: white space squeezed, words and figures that a line's end divides put
        together (`corpus.segmentation.hyphens`, `corpus.text.spacing`), Markdown's marks left out
        (`corpus.cleaning.markdown`), nothing else changed.
    span
        Its place in the untouched file.
    quoted
        Its language where that is another one than its version's (`corpus.segmentation.quotations`).
    """

    paragraph: int
    kind: Kind
    text: str
    span: Span
    quoted: str | None = None


def segment(text: str, blocks: Sequence[Block], lang: str) -> list[Sentence]:
    """Cut blocks into sentences.

    Parameters
    ----------
    text
        The untouched file.
    blocks
        Headings, which are one sentence each, and paragraphs; in the order of the file.
    lang
        ISO 639-1 code; English rules serve for one that has none of its own. A passage in another language
        is read by that one's.
    """
    divided = has_divided(text)
    words = words_of(text) if divided else frozenset()
    sentences: list[Sentence] = []
    parts = stretches([text[block.span.start : block.span.end] for block in blocks], lang)
    for number, (block, cut) in enumerate(zip(blocks, parts, strict=True)):
        whole = block.span
        line = whole.line
        if block.kind == "heading" and len(cut) > 1:
            cut = [(0, whole.end - whole.start, None)]  # noqa: PLW2901 - it is one sentence
        for start, end, quoted in cut:
            here = quoted or lang
            part = Span(whole.start + start, whole.start + end, line)
            line += len(_LINE_END.findall(text, part.start, part.end)) if end < cut[-1][1] else 0
            shown = close_gaps(without_marks(text[part.start : part.end], NOTHING), here)
            for span in [part] if block.kind == "heading" else _cut(text, shown, part, here):
                piece = shown[span.start - part.start : span.end - part.start]
                readable = squeeze(mend(piece, words, here) if divided else piece)
                if readable:
                    sentences.append(Sentence(number, block.kind, readable, span, quoted))
    return sentences


_LINE_END = re.compile(r"\r\n|\r|\n")


def _cut(text: str, shown: str, span: Span, lang: str) -> list[Span]:
    # One code point for one, so that offsets stay true: a line break inside a paragraph is a space.
    paragraph = shown.replace("\r", " ").replace("\n", " ")
    breaks = [match.end() for match in _LINE_END.finditer(shown)]
    dateline = find_dateline(paragraph)
    opening = span.start + (0 if dateline is None else dateline.length)
    bare, places = read(paragraph)
    if not bare:
        return []
    spans: list[Span] = []
    for start, end in pieces(bare, lang):
        first, last = span.start + places[start], span.start + places[end - 1]
        piece = strip_span(text, Span(first, last + 1, span.line))
        if piece is None:
            continue
        # "Berlin, 3. Oktober (ADN)." is no sentence, but what the first one opens with; nor are marks alone.
        in_opening = dateline is not None and piece.start <= opening
        if spans and (in_opening or not any(map(str.isalnum, text[piece.start : piece.end]))):
            spans[-1] = Span(spans[-1].start, piece.end, spans[-1].line)
        else:
            line = span.line + bisect_right(breaks, piece.start - span.start)
            spans.append(Span(piece.start, piece.end, line))
    return spans

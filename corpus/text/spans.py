"""Lines of a file with their place in it, and the paragraphs they form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.base.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

# A byte-order mark, zero-width spaces, joiners and soft hyphens carry no text by themselves.
_BLANK = "\ufeff\u200b\u200c\u200d\u2060\u00ad \t\f\v\u00a0\u3000"
_BLANK_OR_BREAK = _BLANK + "\r\n"

TERMINAL = ".!?…。！？；;:："
_CLOSING = "\"'”’»）)】」』》〉]"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the untouched file.

    Attributes
    ----------
    start, end
        Code-point offsets, end exclusive.
    line
        One-based number of the line it starts on.
    """

    start: int
    end: int
    line: int


def split_lines(text: str) -> list[Span]:
    """Return the lines that hold text, without the white space around it."""
    spans: list[Span] = []
    for number, match in enumerate(re.finditer(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)", text), start=1):
        line = match[1]
        if (kept := line.strip(_BLANK)) != "":
            start = match.start() + (0 if len(kept) == len(line) else len(line) - len(line.lstrip(_BLANK)))
            spans.append(Span(start, start + len(kept), number))
    return spans


def strip_span(text: str, span: Span) -> Span | None:
    """Return a span without the white space at its ends, None if nothing else is in it."""
    start, end = span.start, span.end
    while start < end and text[start] in _BLANK_OR_BREAK:
        start += 1
    while end > start and text[end - 1] in _BLANK_OR_BREAK:
        end -= 1
    if start == span.start and end == span.end:
        return span if start < end else None
    return Span(start, end, span.line) if start < end else None


def squeeze(text: str) -> str:
    """Return a text for reading: line breaks and runs of white space are one space, none inside Chinese.

    An ideographic space is kept: in headlines it separates phrases as a comma would.
    """
    text = text.replace("\ufeff", "").replace("\u200b", "")
    if "\n" in text or "\r" in text:
        text = _BREAK_IN_CHINESE.sub("", text)
    return _SPACES.sub(" ", text).strip()


_BREAK_IN_CHINESE = lazy_pattern(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t\u00a0]*(?:\r\n|\r|\n)\s*(?=[\u3000-\u9fff\uff00-\uffef])"
)
_SPACES = lazy_pattern(r"(?! (?!\s))[^\S\u3000]+")  # all but a single plain space, which most are


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does, closing quotes and brackets aside."""
    return text.rstrip(_CLOSING + _BLANK)[-1:] in TERMINAL if text else False


def width(text: str) -> int:
    """Columns a text takes on a terminal or a printed page, East Asian characters counting two."""
    if text.isascii():  # many lines are, and it is far quicker
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def join_wrapped(text: str, lines: Sequence[Span], alone: Collection[Span] = ()) -> list[Span]:
    """Join the lines of hard-wrapped paragraphs; leave lines that are paragraphs as they are.

    A file is hard-wrapped if it has a block (lines without a blank one between them) of at least three
    lines, none wider than a page, all but the last nearly as wide as the widest, and most of those
    breaking off mid-sentence. In such a file a line goes on in the next one of its block if it is nearly
    as wide as those, and the next is not indented. In any file a line that ends within a word goes on: after
    a small letter and a hyphen, if the next begins with a small letter.

    Parameters
    ----------
    text, lines
        The file, and its lines.
    alone
        Lines that are never part of a paragraph, such as labels.
    """
    blocks = _blocks(lines, alone)
    margin = max((_margin(text, block) for block in blocks), default=0)
    joined: list[Span] = []
    for block in blocks:
        indents = [_indent(text, span) for span in block] if margin else [0] * len(block)
        goes_on = False
        for place, (span, indent) in enumerate(zip(block, indents, strict=True)):
            divided = place > 0 and _is_divided(text, block[place - 1], span)
            if divided or (goes_on and indent == min(indents)):
                joined[-1] = Span(joined[-1].start, span.end, joined[-1].line)
            else:  # an indented line opens a paragraph
                joined.append(span)
            goes_on = margin > 0 and 0.6 * margin <= width(text[span.start : span.end]) <= margin
    return joined


_DIVIDED = lazy_pattern(r"[a-zà-öø-ÿа-яё]-[ \t]*(?:\r\n|\r|\n)[ \t]*[a-zà-öø-ÿа-яё]")


# A figure that goes on in the next line: "2./6 times", "1,/234 tons", "27./5％".
_FIGURE = lazy_pattern(r"(?<![\d.,．])[\d０-９]{1,3}(?:,\d{3})*[.,．]\Z")
_REST_OF_FIGURE = lazy_pattern(
    r"\d{3}(?!\d|[.,]\d|\))|[\d０-９]{1,2}(?:\s?[%％‰]|\s*[a-zà-ÿа-я\u3040-\u9fff\uac00-\ud7a3])"
)


def _is_divided(text: str, before: Span, span: Span) -> bool:
    """Whether a word or a figure stands on two lines."""
    if _DIVIDED.match(text, before.end - 2) is not None:
        return True
    if text[before.end - 1] not in ".,．" or not text[before.end - 2 : before.end - 1].isdigit():
        return False
    opening = text[max(before.start, before.end - 16) : before.end]
    alone = before.end - before.start <= len("000.")  # the number of an item
    return not alone and bool(_FIGURE.search(opening) and _REST_OF_FIGURE.match(text, span.start, span.end))


def _blocks(lines: Sequence[Span], alone: Collection[Span]) -> list[list[Span]]:
    """Group lines that follow each other without a blank one, or one that stands alone, between them."""
    blocks: list[list[Span]] = []
    for span in lines:
        follows = blocks and blocks[-1][-1].line == span.line - 1 and blocks[-1][-1] not in alone
        if follows and span not in alone:
            blocks[-1].append(span)
        else:
            blocks.append([span])
    return blocks


def _indent(text: str, span: Span) -> int:
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    return width(text[start : span.start])


_PAGE_WIDTH = 120


def _margin(text: str, block: Sequence[Span]) -> int:
    """Return the width to which a block is wrapped, 0 if it is not."""
    if len(block) < 3:
        return 0
    body = [text[span.start : span.end] for span in block[:-1]]
    widths = [width(line) for line in body]
    broken_off = sum(not ends_sentence(line) for line in body)
    wrapped = (
        max(widths) <= _PAGE_WIDTH
        and min(widths) >= max(30, 0.6 * max(widths))
        and broken_off > 0.5 * len(body)
    )
    return max(widths) if wrapped else 0


_LINE_END = lazy_pattern(r"\r\n|\r|\n")
_SEPARATED = lazy_pattern(r"(?<=\d)[.,:/-](?=\d)")


def normalised(text: str) -> str:
    """Return what is compared to find repeats: letters and numbers in one form, no marks and spaces.

    What separates the digits of a number is kept: 2.6 is not 26.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    points = {match.start() for match in _SEPARATED.finditer(folded)}
    if not points and folded.isascii():
        return "".join(filter(str.isalnum, folded))
    return "".join(
        character
        for place, character in enumerate(folded)
        if character.isalnum() or place in points or unicodedata.category(character).startswith("M")
    )


def uncovered(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the stretches of a text that are in none of the spans and are not white space."""
    position = 0
    for span in sorted(spans, key=lambda span: span.start):
        gap = strip_span(text, Span(position, max(position, span.start), 0))
        if gap is not None:
            yield gap
        position = max(position, span.end)
    gap = strip_span(text, Span(position, len(text), 0))
    if gap is not None:
        yield gap


def line_number(text: str, offset: int, near: Span) -> int:
    """Return the one-based number of the line an offset is on, given a span that begins before it."""
    return near.line + len(_LINE_END.findall(text, near.start, offset))

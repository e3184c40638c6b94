"""Separate an item's text from what a page or a database printed around it.

Everything left out is kept as a `Dropped` span with its reason, so that every character of a file is
white space, in a block, or accounted for.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from corpus.cleaning.boilerplate import (
    CLOSING,
    END_MARK,
    MARKUP,
    RULE,
    TAIL,
    is_notice,
    is_site_text,
    labels_header,
    match_label,
    read_imprint,
    stands_alone,
)
from corpus.cleaning.datelines import find_dateline
from corpus.cleaning.header import cut_mark, read_header, read_mail_header
from corpus.cleaning.markdown import drop_markdown
from corpus.cleaning.records import Block, Cleaned, DateEvidence, Dropped, Facts
from corpus.text.dates import find_dates, only_dates
from corpus.text.spans import Span, ends_sentence, join_wrapped, normalised, squeeze, strip_span, width

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_HEADER = 12
_SHORTEST_BODY_LINE = 40
_LONGEST_HEADLINE = 160
_MOST_HEADLINES = 4

# A shorter repeat may be a refrain or a slogan. In columns of a page: what takes 40 in Chinese takes 88 in
# English.
_SHORTEST_REPEAT = 176
_SHORTEST_REPEATED_RUN = 352
_WIDE = 2.2
_MOST_PLACES = 8  # of earlier paragraphs that may begin a run; a refrain has any number of them


def clean_item(text: str, lines: Sequence[Span]) -> Cleaned:
    """Separate the text of one item from the furniture, boilerplate and repeats around it.

    Parameters
    ----------
    text
        The untouched file.
    lines
        The lines of it that belong to the item, from `corpus.text.spans.split_lines`.
    """
    result = Cleaned()
    lines = read_mail_header(text, drop_markdown(text, lines, result), result)
    lines = _drop_running_heads(text, lines, result)
    alone = {span for span in lines if stands_alone(_slice(text, span))}
    spans: Sequence[Span] = join_wrapped(text, lines, alone)
    spans = _drop_tail(text, spans, result)
    body = _body_start(text, spans)
    headings = read_header(text, spans[:body], result)
    paragraphs = _read_body(text, spans[body:], result)
    result.facts.dates += [
        DateEvidence("dateline", line.date) for line in result.facts.datelines[:1] if line.date is not None
    ]
    if any(evidence.mention.certain is None for evidence in result.facts.dates):
        result.facts.years = {int(year) for span in lines for year in _YEAR.findall(_slice(text, span))}
    blocks = [Block(span, "heading") for span in headings]
    blocks += [_strip_markup(text, span, result) for span in paragraphs]
    blocks.sort(key=lambda block: block.span.start)
    result.blocks = _drop_repeats(text, blocks, result)
    result.dropped.sort(key=lambda dropped: dropped.span.start)
    return result


_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")


def _slice(text: str, span: Span) -> str:
    return text[span.start : span.end]


# --- what is printed on every page -----------------------------------------------------------------------

_RUNNING_HEAD = re.compile(
    r"(?:[^\w\s]*\s*(?P<before>\d{1,4})\b\W*\s)?(?P<words>[^\d\r\n]{2,60}?)(?:\s\W*(?P<after>\d{1,4})\s*[^\w\s]*)?"
)


def _drop_running_heads(text: str, lines: Sequence[Span], result: Cleaned) -> list[Span]:
    """Drop the words that stand on each page with its number, at its top or foot.

    Such lines have the same words and a number that grows. "Chapter 1" does, too: at least one of them
    must stand in the middle of a sentence, which goes on in small letters below it.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for place, span in enumerate(lines):
        match = _RUNNING_HEAD.fullmatch(text, span.start, span.end) if span.end - span.start <= 80 else None
        number = match and (match["before"] or match["after"])
        if match is not None and number and not (match["before"] and match["after"]):
            found.setdefault(normalised(match["words"]), []).append((place, int(number)))
    heads: set[int] = set()
    for words, occurrences in found.items():
        places, numbers = [place for place, _ in occurrences], [number for _, number in occurrences]
        grows = all(one < other for one, other in itertools.pairwise(numbers))
        if words and len(places) > 1 and grows and any(_interrupts(text, lines, place) for place in places):
            heads |= set(places)
    result.dropped += [Dropped(lines[place], "furniture") for place in sorted(heads)]
    return [span for place, span in enumerate(lines) if place not in heads]


def _interrupts(text: str, lines: Sequence[Span], place: int) -> bool:
    """Whether a sentence of running text goes on across a line, and other furniture beside it."""
    around = [
        next((line for span in side if not stands_alone(line := _slice(text, span))), "")
        for side in (lines[place - 1 :: -1] if place else [], lines[place + 1 :])
    ]
    long = all(width(line) >= _SHORTEST_BODY_LINE for line in around)
    return long and not ends_sentence(around[0]) and around[1][:1].islower()


# --- where the text begins and ends -----------------------------------------------------------------


def _is_running_text(line: str) -> bool:
    """Whether a line is text of the story by itself: a dateline, a long sentence, or several lines."""
    if stands_alone(line):
        return False
    wide = ends_sentence(line) and width(line) >= _SHORTEST_BODY_LINE
    return wide or "\n" in line or "\r" in line or find_dateline(line) is not None


def _drop_tail(text: str, spans: Sequence[Span], result: Cleaned) -> Sequence[Span]:
    """Drop what follows a "More from …" line: teasers of other items, down to the end.

    The words alone may be a heading of the story. Teasers show by being printed twice, by dates of their
    own, or by there being no sentences among them.
    """
    seen_text = False
    for position, span in enumerate(spans):
        line = _slice(text, span)
        if seen_text and TAIL.fullmatch(line) and not ends_sentence(line):
            tail = [_slice(text, following) for following in spans[position + 1 :]]
            teasers = len(set(tail)) < len(tail) or any(map(only_dates, tail))
            if teasers or not any(map(_is_running_text, tail)):
                result.dropped += [Dropped(dropped, "boilerplate") for dropped in spans[position:]]
                return spans[:position]
        seen_text = seen_text or _is_running_text(line)
    return spans


def _body_start(text: str, spans: Sequence[Span]) -> int:
    """Return the index of the first span of running text.

    A headline may look like a sentence; what has a label, a page number or a date below it is still
    header. Where no running text is near the top (a poem, a list), only labels and the first line are
    header.
    """
    top = _top(text, spans)
    first = next((place for place, line in enumerate(top) if _is_running_text(line)), None)
    if first is None:
        labels = [match_label(line) is not None or is_site_text(line) for line in top]
        first = labels.index(False) + 1 if False in labels else len(top)
    headlines = 0
    last = max((place for place, line in enumerate(top) if not stands_alone(line)), default=len(top))
    for place, line in enumerate(top):
        if labels_header(line):
            if place > last and len(top) == len(spans):
                break  # at the end of the item
            first = max(first, place + 1)
        elif not stands_alone(line):
            headlines += 1
            if not _may_be_headline(line) or headlines > _MOST_HEADLINES:
                break
    if first == 0 and len(top) > 1 and top[0].endswith(("?", "？", "!", "！")) and _may_be_headline(top[0]):
        return 1  # a question or a call, with the story under it
    return min(first, len(spans))


def _top(text: str, spans: Sequence[Span]) -> list[str]:
    """Return the lines that may be header; what a site prints of its own is not counted."""
    top: list[str] = []
    counted = 0
    for span in spans:
        if counted > _LONGEST_HEADER:
            break
        top.append(_slice(text, span))
        counted += not is_site_text(top[-1])
    return top


def _may_be_headline(line: str) -> bool:
    if ends_sentence(line) and not line.endswith(("?", "？", "!", "！")) and _is_running_text(line):
        return False
    one_line = "\n" not in line and "\r" not in line
    return one_line and width(line) <= _LONGEST_HEADLINE and find_dateline(line) is None


# --- body -------------------------------------------------------------------------------------------


def _read_body(text: str, spans: Sequence[Span], result: Cleaned) -> list[Span]:
    """Drop marks, rules, closing lines and notices; return the spans of running text."""
    kept: list[Span] = []
    last = max((n for n, span in enumerate(spans) if not stands_alone(_slice(text, span))), default=-1)
    for place, span in enumerate(spans):
        line = _slice(text, span)
        dateline = find_dateline(line)
        if dateline is not None:
            result.facts.datelines.append(dateline)
        if is_notice(line):
            result.facts.notices.append(squeeze(line))
            result.dropped.append(Dropped(span, "boilerplate"))
        elif is_site_text(line):
            result.dropped.append(Dropped(span, "boilerplate"))
        elif (place > last and _read_closing(line, result.facts)) or (
            RULE.fullmatch(line)
            or _is_stray_furniture(line)
            or (dateline is not None and dateline.length >= len(line))
        ):
            result.dropped.append(Dropped(span, "furniture"))
        elif (mark := END_MARK.search(line)) is not None:
            start = span.start + mark.start("mark")
            result.dropped.append(Dropped(Span(start, span.end, span.line), "furniture"))
            if (rest := strip_span(text, Span(span.start, start, span.line))) is not None:
                kept.append(rest)
        else:
            kept.append(span)
    return kept


def _read_closing(line: str, facts: Facts) -> bool:
    """Read an address or a date below the last paragraph; False if the line is neither."""
    closing = CLOSING.fullmatch(line)
    mentions = only_dates(line) if closing is None else find_dates(closing["rest"] or "")
    if closing is not None:
        facts.labels.setdefault("url", closing["url"])
    facts.dates += [DateEvidence("closing", mention) for mention in mentions[:1]]
    return closing is not None or bool(mentions)


def _is_stray_furniture(line: str) -> bool:
    """Whether a line in the body is a page number or an empty label (a date may be text, and A4 a word)."""
    label = match_label(line)
    imprint = read_imprint(line)
    empty_label = label is not None and not label["value"].strip()
    return empty_label or (imprint is not None and imprint.page is not None and len(line) > 3)


def _strip_markup(text: str, span: Span, result: Cleaned) -> Block:
    """Read a heading's or list item's mark off a paragraph."""
    line = _slice(text, span)
    mark = MARKUP.match(line)
    if mark is None or "\n" in line:
        return Block(span, "paragraph")
    is_heading = mark["mark"].startswith("#") or not ends_sentence(line)
    return Block(cut_mark(span, mark, result), "heading" if is_heading else "paragraph")


# --- repeats ----------------------------------------------------------------------------------------


def _drop_repeats(text: str, blocks: Sequence[Block], result: Cleaned) -> list[Block]:
    """Drop paragraphs that stand in the item already: a long one, or a run of several."""
    keys = [normalised(_slice(text, block.span)) for block in blocks]
    places: dict[str, list[int]] = {}
    kept: list[Block] = []
    position = 0
    while position < len(blocks):
        earlier = places.setdefault(keys[position], [])
        length = max((_run_length(keys, place, position) for place in earlier), default=0)
        run = blocks[position : position + length]
        total = sum(_extent(_slice(text, block.span)) for block in run)
        if length and total >= (_SHORTEST_REPEAT if length == 1 else _SHORTEST_REPEATED_RUN):
            result.dropped += [Dropped(block.span, "repeat") for block in run]
            result.repeats += run
            position += length
            continue
        kept.append(blocks[position])
        if len(earlier) < _MOST_PLACES:
            earlier.append(position)
        position += 1
    return kept


def _extent(line: str) -> float:
    """Return how much a paragraph says, in columns of English."""
    columns = width(line)
    return columns + (_WIDE - 1) * 2 * (columns - len(line))


_SAME_PLACE = 0.15  # of a text's paragraphs


def are_balanced(texts: Sequence[tuple[Sequence[int], Sequence[int]]]) -> bool:
    """Whether repeats were dropped at the same places of texts that are to face each other.

    Parameters
    ----------
    texts
        Of each, the offsets at which the paragraphs that were kept begin, and those of the repeats.
    """
    places: list[list[float]] = []
    for kept, repeats in texts:
        every = sorted([*kept, *repeats])
        places.append([bisect_left(every, start) / len(every) for start in sorted(repeats)])
    return all(
        len(one) == len(places[0])
        and all(abs(x - y) <= _SAME_PLACE for x, y in zip(one, places[0], strict=True))
        for one in places
    )


def restore_repeats(item: Cleaned) -> None:
    """Put back the paragraphs that were dropped as repeats.

    Of texts that are aligned they are dropped of all or of none, or these would not face each other any more.
    """
    restored = {block.span for block in item.repeats}
    item.blocks = sorted([*item.blocks, *item.repeats], key=lambda block: block.span.start)
    item.dropped = [left for left in item.dropped if left.span not in restored]
    item.repeats = []


def _run_length(keys: Sequence[str], earlier: int, later: int) -> int:
    """Count the paragraphs from `later` on that repeat those from `earlier` on."""
    length = 0
    while (
        keys[earlier + length]
        and later + length < len(keys)
        and earlier + length < later
        and keys[earlier + length] == keys[later + length]
    ):
        length += 1
    return length

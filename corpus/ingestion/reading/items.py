"""Several news items in one text, such as a day's bulletin: each a document, where that is beyond doubt."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.cleaning.boilerplate import match_label
from corpus.cleaning.datelines import find_dateline
from corpus.readers.base import Extract, Locus
from corpus.text.dates import find_dates, only_dates
from corpus.text.languages import UNDETERMINED, detect_language, script_weights
from corpus.text.spans import Span, ends_sentence, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_HEADLINE = 300  # characters, of all its lines
_MOST_LINES = 3  # of a headline, and of labels between it and the dateline
_LEAST_TEXT = 150.0  # weighed letters of a story that is whole
_LONG_LINE = 40  # characters: a shorter one may stand twice


def split_items(extract: Extract) -> list[Extract]:
    """Return the news items of a text, each as an extract of its own, or the text alone.

    It is split where at least two stories each have a headline of their own, a dateline below it, and a text
    that is whole, all in one language, no two alike. A translation that stands below its original is in
    another language, a story that is printed twice is the same, and teasers break off or are printed again
    below their pictures: none of these is split. What stands above the first headline is in no item if it is
    a few lines without a sentence; a date in it is evidence for all.
    """
    text = extract.text
    lines = split_lines(text)
    starts = list(_starts(text, lines))
    if len(starts) < 2:
        return [extract]
    bounds = [*(lines[start].start for start, _ in starts), len(text)]
    stories = [text[a:b] for a, b in pairwise(bounds)]
    if not _are_items(text, lines, starts, stories):
        return [extract]
    head = text[: bounds[0]]
    dates = {str(mention.certain) for mention in find_dates(head) if mention.certain is not None}
    stated = dict(extract.stated) | ({"date": dates.pop()} if len(dates) == 1 else {})
    notes = extract.notes
    if any(ends_sentence(text[line.start : line.end]) for line in lines[: starts[0][0]]):
        bounds[0] = 0
    elif head.strip():
        notes = (
            *notes,
            f"above the first of its items, and in none: {' '.join(head.split())[:_MOST_SHOWN]!r}",
        )
    above = [
        0 if bounds[0] == 0 else lines[starts[0][0]].line - 1,
        *(lines[n].line - 1 for n, _ in starts[1:]),
    ]
    return [
        replace(
            extract,
            text=text[a:b],
            loci=_within(extract.loci, a, b),
            stated=stated,
            part=f"{extract.part}.{number}" if extract.part else str(number),
            notes=notes if number == 1 else (),
            offset=extract.offset + a,
            line=extract.line + line,
        )
        for number, ((a, b), line) in enumerate(zip(pairwise(bounds), above, strict=True), start=1)
    ]


_MOST_SHOWN = 80  # characters


def _starts(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Yield, of each headline with a dateline below it, the numbers of its first line and of the dateline."""
    for number, line in enumerate(lines):
        if number and find_dateline(text[line.start : line.end]) is not None:
            place = number - 1
            while place > 0 and number - place <= _MOST_LINES and _is_label(text, lines[place]):
                place -= 1
            first = place
            while first > 0 and place - first < _MOST_LINES - 1 and _goes_on(text, lines, first - 1):
                first -= 1
            headline = text[lines[first].start : lines[place].end]
            begins = first == 0 or _is_apart(text, lines, first)
            if begins and _is_headline(text, lines[place]) and len(headline) <= _LONGEST_HEADLINE:
                yield first, number


def _is_apart(text: str, lines: Sequence[Span], number: int) -> bool:
    """Whether a line does not go on with what is above it."""
    above = lines[number - 1]
    return above.line < lines[number].line - 1 or ends_sentence(text[above.start : above.end])


def _is_label(text: str, line: Span) -> bool:
    shown = text[line.start : line.end]
    return match_label(shown) is not None or bool(only_dates(shown))


def _is_headline(text: str, line: Span) -> bool:
    shown = text[line.start : line.end].lstrip("#* ")
    plain = not ends_sentence(shown) and find_dateline(shown) is None and not _is_label(text, line)
    return plain and sum(script_weights(shown).values()) >= _SHORTEST_HEADLINE


_SHORTEST_HEADLINE = 8.0  # weighed letters


def _goes_on(text: str, lines: Sequence[Span], number: int) -> bool:
    """Whether a line is of the same headline as the one below it."""
    return lines[number + 1].line == lines[number].line + 1 and _is_headline(text, lines[number])


def _are_items(
    text: str, lines: Sequence[Span], starts: Sequence[tuple[int, int]], stories: Sequence[str]
) -> bool:
    langs = {detect_language(story) for story in stories}
    heads = {text[lines[first].start : lines[first].end].casefold() for first, _ in starts}
    openings = {text[lines[dateline].start : lines[dateline].end].casefold() for _, dateline in starts}
    different = len(heads) == len(openings) == len(stories)
    return (
        different
        and len(langs) == 1
        and UNDETERMINED not in langs
        and all(sum(script_weights(story).values()) >= _LEAST_TEXT for story in stories)
        and all(_ends(text, lines, dateline) for _, dateline in starts)
        and not any(map(_repeats, stories))
    )


def _ends(text: str, lines: Sequence[Span], number: int) -> bool:
    """Whether the paragraph that a line begins ends as a sentence does."""
    while number + 1 < len(lines) and lines[number + 1].line == lines[number].line + 1:
        number += 1
    return ends_sentence(text[lines[number].start : lines[number].end])


def _repeats(story: str) -> bool:
    """Whether a story has a long line twice, as a teaser has below its picture."""
    lines = [line for line in map(str.strip, story.splitlines()) if len(line) >= _LONG_LINE]
    return len(set(lines)) < len(lines)


def _within(loci: Sequence[Locus], start: int, end: int) -> tuple[Locus, ...]:
    """Return the places in a stretch of a text, counted from its beginning."""
    return tuple(
        Locus(max(locus.start, start) - start, min(locus.end, end) - start, locus.place)
        for locus in loci
        if locus.start < end and locus.end > start
    )

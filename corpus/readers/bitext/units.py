"""From units, the texts that a file says translate each other, to documents with aligned segments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING, NamedTuple

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments
from corpus.text.joining import separator
from corpus.text.languages import language_code, meant_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_UNITS = 50_000
"""Units of a document, if the file does not say which documents they are from: the next are another's."""

_SPAN = re.compile(r"(\d{1,9}):(\d{1,9})-(\d{1,9})")


class Segment(NamedTuple):
    """A segment of a unit.

    Attributes
    ----------
    text
        As it is, without white space around it.
    number
        Its number in its text, if the file states it, from 0.
    follows
        Whether it stands in the same paragraph as the one before it in its unit.
    """

    text: str
    number: int | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts that translate each other, as a file has them.

    Attributes
    ----------
    texts
        Of each language (ISO 639-1), the segments; without those that have none.
    place
        Where it stands in the file.
    score
        0 to 1, if the file states one.
    document
        What the file calls the document it is from.
    date, original
        Date of the document and language of its original, if the file states them.
    langs
        The languages in the file's order, also those that have no text here.
    """

    texts: Mapping[str, tuple[Segment, ...]]
    place: str
    score: float | None = None
    document: str | None = None
    date: str | None = None
    original: str | None = None
    langs: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """What a user should know of how a file was read, gathered while it is."""

    languages: dict[str, set[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """Count one more of something, such as ``units without text, left out``."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def language(self, code: str | None, where: str) -> str:
        """Return the ISO 639-1 code that a file's code means: ``zh`` for ``zh-TW``, ``ZH_Hant`` and ``zho``.

        Raises
        ------
        InputError
            If there is none, or it is the code of no language.
        """
        if code is None or not code.strip():
            raise InputError(f"{where}: its language is not stated")
        stem = re.split("[-_]", code.strip())[0]
        try:
            lang = meant_code(code.strip()) or language_code(stem)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
        if lang != code:
            self.languages.setdefault(lang, set()).add(code)
        return lang

    def score(self, text: str | None) -> float | None:
        """Return a score that a file states, None if it is none from 0 to 1; that is counted."""
        if text is None or not text.strip():
            return None
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if 0.0 <= value <= 1.0:
            return value
        self.count("scores that are no number from 0 to 1, left out")
        return None

    def notes(self) -> tuple[str, ...]:
        """Return what was gathered, a line each."""
        codes = [
            f"{', '.join(sorted(found))} read as {lang}" for lang, found in sorted(self.languages.items())
        ]
        return (*codes, *(f"{what}: {count:,}" for what, count in self.counts.items()))


def cut(text: str, spans: str | None, lang: str, tally: Tally) -> tuple[Segment, ...]:
    """Cut a unit's text into its segments.

    Parameters
    ----------
    text
        Of one language; white space around it is left out.
    spans
        Where its segments stand, as `corpus.text.joining.segment_spans` has them: number, start and end, code
        points of `text`; None where the text is one segment.
    lang
        Its language: where nothing is written between sentences, what is parts paragraphs.
    tally
        Counts texts that are not as long as the spans say, since somebody edited them: these are one segment.
    """
    if spans is not None:
        segments: list[Segment] = []
        at = 0
        for span in spans.split():
            match = _SPAN.fullmatch(span)
            number, start, end = map(int, match.groups()) if match else (0, -1, -1)
            if start < at or end < start or text[at:start].strip():
                break
            gap = text[at:start]
            follows = bool(segments) and gap == separator([text], lang)
            segments.append(Segment(text[start:end], number, follows))
            at = end
        else:
            if segments and at == len(text):
                return tuple(segments)
        tally.count("texts that were edited since they were exported, each read as one segment")
    stripped = text.strip()
    return (Segment(stripped),) if stripped else ()


def documents(units: Iterable[Unit], tally: Tally) -> Iterator[AlignedSegments]:
    """Make documents of a file's units, each of the units that follow each other and name the same one.

    Parameters
    ----------
    units
        In the order of the file.
    tally
        Its notes are those of the last document.
    """
    seen: dict[str, int] = {}
    waiting: tuple[str, list[Unit]] | None = None
    several = False
    for name, group in _groups(units):
        if waiting is not None:
            several = True
            yield assemble(waiting[1], part=_part(waiting[0], seen))
        waiting = name, group
    if waiting is not None:
        part = _part(waiting[0], seen) if several else None
        yield assemble(waiting[1], part=part, notes=tally.notes())


def _groups(units: Iterable[Unit]) -> Iterator[tuple[str, list[Unit]]]:
    group: list[Unit] = []
    chunk = 1
    for unit in units:
        full = group and unit.document is None and len(group) == MAX_UNITS
        if group and (full or unit.document != group[-1].document):
            yield group[0].document or str(chunk), group
            chunk += 1
            group = []
        group.append(unit)
    if group:
        yield group[0].document or str(chunk), group


def _part(name: str, seen: dict[str, int]) -> str:
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}~{seen[name]}"


def assemble(
    units: Sequence[Unit], *, part: str | None = None, notes: tuple[str, ...] = ()
) -> AlignedSegments:
    """Make one document of units.

    Segments are numbered as they come, unless the file numbers all of them, and no number has two texts or
    two units of the same languages: then in the order of these numbers, so that a text that several units
    name, each with another language, is there once.
    """
    filled = {lang for unit in units for lang in unit.texts}
    order_of = dict.fromkeys(lang for unit in units for lang in (*unit.langs, *unit.texts))
    langs = [lang for lang in order_of if lang in filled]
    original = _agreed(unit.original for unit in units)
    date = _agreed(unit.date for unit in units)
    order = _numbered(units) or _as_they_come(units)
    places: dict[str, dict[int, str]] = {lang: {} for lang in langs}
    texts: dict[str, dict[int, Segment]] = {lang: {} for lang in langs}
    beads: list[dict[str, tuple[int, ...]]] = []
    for unit, numbers in zip(units, order, strict=True):
        for lang, segments in unit.texts.items():
            for number, segment in zip(numbers[lang], segments, strict=True):
                texts[lang].setdefault(number, segment)
                places[lang].setdefault(number, unit.place)
        beads.append(numbers)
    sorted_ids = {lang: sorted(found) for lang, found in texts.items()}
    rank = {lang: {number: at for at, number in enumerate(ids)} for lang, ids in sorted_ids.items()}
    return AlignedSegments(
        segments={
            lang: tuple(texts[lang][number].text for number in ids) for lang, ids in sorted_ids.items()
        },
        beads=tuple(
            {lang: tuple(rank[lang][k] for k in ids) for lang, ids in bead.items()} for bead in beads
        ),
        scores=tuple(unit.score for unit in units),
        original=original if original in langs else None,
        places={lang: tuple(places[lang][number] for number in ids) for lang, ids in sorted_ids.items()},
        paragraphs={
            lang: _paragraphs([texts[lang][number] for number in ids]) for lang, ids in sorted_ids.items()
        },
        stated={"date": date} if date else {},
        part=part,
        notes=notes,
    )


def _agreed(values: Iterable[str | None]) -> str | None:
    """Return what all units state; None if they differ, or one states nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _paragraphs(segments: Sequence[Segment]) -> tuple[int, ...]:
    numbers: list[int] = []
    for segment in segments:
        numbers.append((numbers[-1] + (not segment.follows)) if numbers else 0)
    return tuple(numbers)


def _as_they_come(units: Iterable[Unit]) -> list[dict[str, tuple[int, ...]]]:
    next_of: dict[str, int] = {}
    order = []
    for unit in units:
        numbers = {}
        for lang, segments in unit.texts.items():
            first = next_of.get(lang, 0)
            next_of[lang] = first + len(segments)
            numbers[lang] = tuple(range(first, first + len(segments)))
        order.append(numbers)
    return order


def _numbered(units: Iterable[Unit]) -> list[dict[str, tuple[int, ...]]] | None:
    """Return the numbers that the file states; None unless all are stated, and fit each other."""
    known: dict[tuple[str, int], str] = {}
    used: set[tuple[str, str, str, int]] = set()
    order = []
    for unit in units:
        numbers = {}
        for lang, segments in unit.texts.items():
            ids = tuple(segment.number for segment in segments if segment.number is not None)
            if len(ids) < len(segments) or list(ids) != sorted(set(ids)):
                return None
            if any(
                known.setdefault((lang, k), one.text) != one.text
                for k, one in zip(ids, segments, strict=True)
            ):
                return None
            numbers[lang] = ids
        taken = {
            (one, other, lang, k)
            for one, other in combinations(sorted(numbers), 2)
            for lang in (one, other)
            for k in numbers[lang]
        }
        if taken & used:
            return None
        used |= taken
        order.append(numbers)
    return order


def peeked(units: Iterator[Unit], empty: str, tally: Tally) -> Iterator[Unit]:
    """Return units as they come, once the first is there.

    Raises
    ------
    InputError
        If there is none: `empty`, and what the tally counted.
    """
    first = next(units, None)
    if first is None:
        raise InputError("; ".join((empty, *tally.notes())))
    return chain((first,), units)

"""Cut a file into the versions of one document that it holds: by marker lines, then by language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from align.scoring.numerals import quantities, unmatched
from corpus.text.languages import heaviest_script, script_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.text.spans import Span

Relation: TypeAlias = Literal["original", "translation", "unknown"]

# Brackets may stand around a marker. In English a colon or a bracket is needed: "Translation" alone may
# be a heading.
_MARKERS: dict[Relation, re.Pattern[str]] = {
    "original": re.compile(
        r"(?:original(?: text| version)?|source text)\s*[:：]|\[original(?: text)?\]"
        r"|[【\[（(]?(?:原文|원문)[】\]）)]?\s*[:：]?",
        re.IGNORECASE,
    ),
    "translation": re.compile(
        r"(?:(?:english |chinese )?translation|translated text)\s*[:：]|\[(?:english |chinese )?translation\]"
        r"|[【\[（(]?(?:译文|譯文|번역문?)[】\]）)]?\s*[:：]?",
        re.IGNORECASE,
    ),
}
_LONGEST_MARKER = 40
_MARKED = re.compile(r"[【\[（(]?(?:[原译譯원번]|[oste]|chinese)", re.IGNORECASE)
_COUNTERPART: dict[Relation, Relation] = {"original": "translation", "translation": "original"}

# A smaller share of a file's letters is quotation, not a version of its own.
_SMALLEST_SHARE = 0.2
_SMALLEST_SHARE_OF_A_LINE = 0.35
_SMALLEST_SHARE_STATED = 0.05


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a file that are one version of its document.

    `marker` is the line that announces the version, where there is one.
    """

    lines: tuple[Span, ...]
    relation: Relation = "unknown"
    marker: Span | None = None


def split_versions(text: str, lines: Sequence[Span], *, stated: bool = False) -> list[Part]:
    """Cut the lines of a file into versions, in the order of the file.

    A line that says "Original:" or "Translation:" (in English, Chinese or Korean) ends one version and
    names both. Without such a line, the lines of two scripts are two versions if each holds a fifth of
    the letters or more (a single line, a third) and they face each other as a text and its translation do
    (`_face_each_other`), whether they stand apart or alternate. Otherwise one quotes the other: they are one
    version.

    Parameters
    ----------
    text, lines
        The file, and its lines.
    stated
        Whether a manifest says that the file holds several versions: then scripts are enough.
    """
    return [piece for part in _at_markers(text, lines) for piece in _by_script(text, part, stated=stated)]


def _at_markers(text: str, lines: Sequence[Span]) -> list[Part]:
    parts: list[Part] = []
    current: list[Span] = []
    relation: Relation = "unknown"
    marker: Span | None = None
    for span in lines:
        announced = _announced(text[span.start : span.end])
        if announced is None:
            current.append(span)
            continue
        if current or marker:
            before = relation if relation != "unknown" else _COUNTERPART[announced]
            parts.append(Part(tuple(current), before, marker))
        current, relation, marker = [], announced, span
    parts.append(Part(tuple(current), relation, marker))
    return parts


def _announced(line: str) -> Relation | None:
    if len(line) > _LONGEST_MARKER or _MARKED.match(line) is None:  # most lines
        return None
    return next((relation for relation, marker in _MARKERS.items() if marker.fullmatch(line)), None)


def _by_script(text: str, part: Part, *, stated: bool) -> list[Part]:
    scripts: list[str | None] = []
    totals: dict[str, float] = {}
    for span in part.lines:
        weights = script_weights(text[span.start : span.end])
        script = heaviest_script(weights)
        scripts.append(script)
        if script is not None:
            totals[script] = totals.get(script, 0.0) + sum(weights.values())
    whole = sum(totals.values())
    lines = Counter(scripts)
    large = {
        script
        for script, weight in totals.items()
        if weight >= whole * _smallest_share(lines[script], stated=stated)
    }
    if len(large) < 2:
        return [part]
    groups: dict[str, list[Span]] = {}
    current = next(script for script in scripts if script in large)
    for span, script in zip(part.lines, scripts, strict=True):
        if script in large and script is not None:
            current = script
        if current is not None:  # lines of digits or a stray third script go with their neighbours
            groups.setdefault(current, []).append(span)
    if not stated and len(groups) == 2 and not _face_each_other(text, groups):
        return [part]
    pieces = [Part(tuple(lines), part.relation) for lines in groups.values()]
    pieces[0] = Part(pieces[0].lines, part.relation, part.marker)
    return pieces


def _smallest_share(lines: int, *, stated: bool) -> float:
    if stated:
        return _SMALLEST_SHARE_STATED
    return _SMALLEST_SHARE if lines > 1 else _SMALLEST_SHARE_OF_A_LINE


# How much longer or shorter than expected a translation may be, and how much of a text may face nothing.
_LONGEST_RATIO = 1.8
_SHORT = 120.0  # weighted letters below which lengths say little
_SHORT_RATIO = 3.5
_MOST_UNFACED = 0.25
_FEWEST_FIGURES = 2
_LEAST_SHARED = 0.4


def _face_each_other(text: str, groups: dict[str, list[Span]]) -> bool:
    """Whether lines of two scripts may be a text and its translation, by their lengths, order and figures.

    A translation is about as long as its original and gives its figures; where the two alternate, so are
    the stretches of them. A statement that an article quotes is shorter, stands between two parts of it, and
    gives figures of its own.
    """
    one, other = groups.values()
    weights = {span: sum(script_weights(text[span.start : span.end]).values()) for span in (*one, *other)}
    totals = [sum(weights[span] for span in spans) for spans in (one, other)]
    if not _alike(*totals):
        return False
    if _is_quoted(text, one) != _is_quoted(text, other):
        return False
    first = set(one)
    runs: list[float] = []
    before: Span | None = None
    announced = 0
    for span in sorted((*one, *other), key=lambda span: span.start):
        if before is None or (span in first) is not (before in first):
            runs.append(0.0)
            announced += before is not None and _ANNOUNCES.search(text[before.start : before.end]) is not None
        runs[-1] += weights[span]
        before = span
    if announced * 2 >= len(runs) - 1:
        return False  # "The statement says:"
    if len(runs) > 2:
        # Pairs from the first run on, or from the second: a title may stand above both.
        unfaced = min(_unfaced(runs, start) for start in (0, 1))
        if unfaced > _MOST_UNFACED * sum(totals):
            return False
    return _share_figures(text, one, other)


_ANNOUNCES = re.compile(
    r"(?:说|說|称|稱|道|表示|写道|指出|全文|原文|原话|said|says|reads?|wrote|dit|sagte|сказал)[^。.]{0,12}[:：]\Z",
    re.IGNORECASE,
)
_QUOTE = '"“„«『「《‘'


def _is_quoted(text: str, spans: Sequence[Span]) -> bool:
    """Whether most lines open with a quotation mark."""
    return sum(text[span.start] in _QUOTE for span in spans) * 2 > len(spans)


def _alike(one: float, other: float) -> bool:
    shorter, longer = sorted((one, other))
    return longer <= (_LONGEST_RATIO if shorter >= _SHORT else _SHORT_RATIO) * max(shorter, 1.0)


def _unfaced(runs: Sequence[float], start: int) -> float:
    """Return the weight of runs that no neighbour of about their length faces, paired from a place on."""
    pairs = [runs[place : place + 2] for place in range(start, len(runs), 2)]
    return sum(runs[:start]) + sum(sum(pair) for pair in pairs if len(pair) < 2 or not _alike(*pair))


def _share_figures(text: str, one: Sequence[Span], other: Sequence[Span]) -> bool:
    figures = [
        [number for span in spans for number in quantities(text[span.start : span.end])]
        for spans in (one, other)
    ]
    certain = sum(number.certain for side in figures for number in side)
    if min(sum(number.certain for number in side) for side in figures) < _FEWEST_FIGURES:
        return True
    return unmatched(*figures) <= (1 - _LEAST_SHARED) * certain

"""Cut a file into the versions of one document that it holds: by marker lines, then by language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from corpus.text.languages import main_script, script_weights

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
_COUNTERPART: dict[Relation, Relation] = {"original": "translation", "translation": "original"}

# A smaller share of a file's letters is quotation, not a version of its own.
_SMALLEST_SHARE = 0.2
_SMALLEST_SHARE_OF_A_LINE = 0.35


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a file that are one version of its document.

    `marker` is the line that announces the version, where there is one.
    """

    lines: tuple[Span, ...]
    relation: Relation = "unknown"
    marker: Span | None = None


def split_versions(text: str, lines: Sequence[Span]) -> list[Part]:
    """Cut the lines of a file into versions, in the order of the file.

    A line that says "Original:" or "Translation:" (in English, Chinese or Korean) ends one version and
    names both. Without such a line, the lines of two scripts are two versions if each holds a fifth of
    the letters or more (a single line, a third), whether they stand apart or alternate.
    """
    return [piece for part in _at_markers(text, lines) for piece in _by_script(text, part)]


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
    return next((relation for relation, marker in _MARKERS.items() if marker.fullmatch(line)), None)


def _by_script(text: str, part: Part) -> list[Part]:
    scripts: list[str | None] = [main_script(text[span.start : span.end]) for span in part.lines]
    totals: dict[str, float] = {}
    for span, script in zip(part.lines, scripts, strict=True):
        if script is not None:
            weight = sum(script_weights(text[span.start : span.end]).values())
            totals[script] = totals.get(script, 0.0) + weight
    whole = sum(totals.values())
    lines = Counter(scripts)
    large = {
        script
        for script, weight in totals.items()
        if weight >= (_SMALLEST_SHARE if lines[script] > 1 else _SMALLEST_SHARE_OF_A_LINE) * whole
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
    pieces = [Part(tuple(lines), part.relation) for lines in groups.values()]
    pieces[0] = Part(pieces[0].lines, part.relation, part.marker)
    return pieces

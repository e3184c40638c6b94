"""Markdown: what of it is text, and what is dropped: front matter, code, tables, images, emphasis."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.base.patterns import lazy_pattern
from corpus.cleaning.boilerplate import match_label
from corpus.cleaning.records import Cleaned, Dropped
from corpus.text.edges import OF_WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.text.spans import Span

# Tildes alone may be a rule between two stories, which is not to take what follows along.
_FENCE = lazy_pattern(r"(?P<fence>`{3,}|~{3,}(?=\s?\w))[^`~]*")
_SEPARATOR = lazy_pattern(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
# An address that the text refers to by a name, and a remark that no reader sees.
_UNSEEN = lazy_pattern(
    r"\[[^\]^]{1,60}\]:\s*<?(?:https?://|www\.)\S+(?:\s+[\"'(].{0,200})?|<!--(?:(?!-->).){0,2000}-->"
)
_LONGEST_REMARK = 200  # lines
_IMAGE = lazy_pattern(r"!\[[^\]]*\]\([^)]*\)")
_ENTRY = lazy_pattern(r"(?:[\w-]+(?::|\s?=)(?:\s.*)?|-\s.*|[\]\[{}#].*)")
_LONGEST_FRONT_MATTER = 60


def drop_markdown(text: str, lines: Sequence[Span], result: Cleaned) -> list[Span]:
    """Drop front matter but for its labels, fenced code, tables and images; return the other lines."""
    gone = _front_matter(text, lines)
    opened: int | None = None
    mark = ""
    unclosed = 0  # the line before which no remark ends
    for place, span in enumerate(lines):
        line = text[span.start : span.end]
        if opened is not None and line.startswith(mark) and not line.strip(mark[0]):
            gone.update(range(opened, place + 1))
            opened = None
        elif line[0] in "`~" and opened is None and (fence := _FENCE.fullmatch(line)) is not None:
            opened, mark = place, fence["fence"]
        elif place in gone:
            continue  # a table's or a remark's
        elif line[0] in "|:-" and "|" in line and _SEPARATOR.fullmatch(line):
            gone |= _table(text, lines, place)
        elif line[0] in "![<" and _is_unseen(line):
            gone.add(place)
        elif line.startswith("<!--") and place >= unclosed:
            remark = _remark(text, lines, place)
            gone.update(remark or ())
            unclosed = place + _LONGEST_REMARK if remark is None else 0
    if opened is not None:
        gone.add(opened)  # what follows a fence that nothing closes is text
    if not gone:
        return list(lines)
    result.dropped += [Dropped(lines[place], "furniture") for place in sorted(gone)]
    return [span for place, span in enumerate(lines) if place not in gone]


def _is_unseen(line: str) -> bool:
    """Whether a line is a picture, an address, a remark or marks of HTML, and nothing besides."""
    if _IMAGE.fullmatch(line) or _UNSEEN.fullmatch(line):
        return True
    return line[-1] in ")>" and not without_marks(line, "").strip()


def _remark(text: str, lines: Sequence[Span], first: int) -> Sequence[int] | None:
    """Return the lines of a remark that a line opens; None if no line near closes one."""
    for place in range(first, min(first + _LONGEST_REMARK, len(lines))):
        line = text[lines[place].start : lines[place].end]
        if "-->" in line:
            return range(first, place + 1) if line.endswith("-->") else ()
    return None


def _front_matter(text: str, lines: Sequence[Span]) -> set[int]:
    """Return the lines of front matter that are no label (title, date, author …)."""
    fence = text[lines[0].start : lines[0].end] if lines else ""
    if fence not in ("---", "+++"):
        return set()
    for place, span in enumerate(lines[1:_LONGEST_FRONT_MATTER], start=1):
        line = text[span.start : span.end]
        if line in (fence, "..."):
            inside = range(1, place)
            labels = {n for n in inside if match_label(text[lines[n].start : lines[n].end])}
            return set(range(place + 1)) - labels if place > 1 else set()
        indented = place > 1 and text[span.start - 1] in " \t"  # goes on with the entry above
        if not indented and not _ENTRY.fullmatch(line):
            return set()
    return set()


def _table(text: str, lines: Sequence[Span], separator: int) -> set[int]:
    """Return the rows around the line that separates a table's head from its body."""
    rows = {separator}
    for step in (-1, 1):
        place = separator + step
        while 0 <= place < len(lines):
            beside = lines[place - step]
            line = text[lines[place].start : lines[place].end]
            if abs(lines[place].line - beside.line) != 1 or "|" not in line or (step < 0 and len(rows) > 1):
                break
            rows.add(place)
            place += step
    return rows if len(rows) > 1 else set()


# Marks of HTML, marks that a backslash makes plain, and the numbers or braces behind a heading.
_TAG = lazy_pattern(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|del|details|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p"
    r"|pre|q|s|small|span|strike|strong|sub|summary|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>\n]{0,300})?/?>",
    re.IGNORECASE,
)
_ESCAPED = lazy_pattern(r"\\(?=[*_`~\[\]#>|])")
_CLOSING = lazy_pattern(r"(?<=\S)\s+(?:#{1,6}|\{#[\w-]{1,60}\})\s*\Z")
# Marks inside a line, which stand in pairs; a mark beside a space opens or closes nothing.
_MARKS = lazy_pattern(
    r"(?<!\\)(?P<a>\*\*\*|\*\*|___|__|~~)(?=[^\s*_~])[^\n*~]{1,300}?(?<=[^\s*_~])(?P=a)"
    rf"|(?<!{OF_WORD})(?<![*。！？\\])(?P<b>\*)(?=[^\s*])[^\n*]{{1,300}}?(?<=[^\s*])\*(?!{OF_WORD}|\*)"
    rf"|(?<!{OF_WORD})(?<![_\\])(?P<c>_)(?=[^\s_])[^\n_]{{1,300}}?(?<=[^\s_])_(?!{OF_WORD}|_)"
    r"|(?P<d>`)[^\n`]{1,300}`"
)
_LINK = lazy_pattern(
    r"(?P<image>!?)\[(?P<words>[^\[\]\n]{0,200})\]\((?P<address>[^()\s]{1,500})(?:\s\"[^\"\n]{0,200}\")?\)"
)
_NAMED_LINK = lazy_pattern(r"\[(?P<words>[^\[\]\n]{1,200})\]\[[^\[\]\n]{0,60}\]")
_REFERENCE = lazy_pattern(r"\[\^[^\]\s]{1,20}\]")


def without_marks(text: str, nothing: str) -> str:
    """Return a text in which marks of emphasis, links' addresses and references to footnotes are blanked.

    Parameters
    ----------
    text
        A heading or a paragraph.
    nothing
        The character that is put in place of each one that is blanked.
    """
    if "[" in text:
        text = _LINK.sub(lambda link: _linked(link, nothing), text)
        if "](" in text:  # a picture that is a link
            text = _LINK.sub(lambda link: _linked(link, nothing), text)
        text = _NAMED_LINK.sub(lambda link: _linked(link, nothing), text)
        text = _REFERENCE.sub(lambda mark: nothing * len(mark.group()), text)
    if "<" in text:
        text = _TAG.sub(lambda tag: nothing * len(tag.group()), text)
    if "*" in text or "_" in text or "`" in text or "~~" in text:
        text = _MARKS.sub(lambda mark: _unmarked(mark, nothing), text)
    if "\\" in text:
        text = _ESCAPED.sub(nothing, text)
    if text[-1:] in ("#", "}"):
        text = _CLOSING.sub(lambda mark: nothing * len(mark.group()), text)
    return text


def _linked(link: re.Match[str], nothing: str) -> str:
    if link.groupdict().get("image"):
        return nothing * len(link.group())
    words = link["words"]
    return nothing + words + nothing * (len(link.group()) - 1 - len(words))


def _unmarked(found: re.Match[str], nothing: str) -> str:
    mark = next(mark for mark in found.groups() if mark)
    size = len(mark)
    return nothing * size + found.group()[size:-size] + nothing * size

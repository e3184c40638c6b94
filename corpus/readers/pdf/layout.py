"""The lines and paragraphs of a column, by where the words stand.

A PDF says which letters stand where, and not what belongs together; see `corpus.readers.pdf.columns`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from corpus.readers.pdf.columns import Run, is_rtl
from corpus.text.spans import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together.

    Attributes
    ----------
    lines
        From the first to the last.
    page
        From 1.
    indented
        Whether its first line stands further in than those of its column.
    room
        How much is left free behind its last line.
    """

    lines: tuple[Run, ...]
    page: int
    indented: bool
    room: float

    @property
    def height(self) -> float:
        """The height of its letters."""
        return median(line.height for line in self.lines)

    @property
    def text(self) -> str:
        """Its text; see `whole`."""
        return self.whole()

    def whole(self, words: Collection[str] = ()) -> str:
        """Return its lines as one; see `join`."""
        text = ""
        for line in self.lines:
            text = join(text, line.text.strip(), words)
        return text

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        left, right = min(line.left for line in self.lines), max(line.right for line in self.lines)
        return left, self.lines[0].top, right, self.lines[-1].bottom


_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_DIVIDED = re.compile(r"[^\W\d_]-\Z")


def join(before: str, after: str, words: Collection[str] = ()) -> str:
    """Return two lines as one: no space inside Chinese and Japanese, nor behind a hyphen.

    Where a word may be divided ("foun-", "dation"), the line end stays, as in a file of plain text. Korean
    may be broken anywhere, without a hyphen: what makes one of `words` is whole.
    """
    if not before or not after:
        return before or after
    if before[-1] == "-" and (_DIVIDED.search(before) or before[-2:-1].isdigit()):
        return f"{before}\n{after}" if after[0].islower() else before + after
    wide = _WIDE.match(before[-1]) and _WIDE.match(after[0])
    hangul = _HANGUL.match(before[-1]) and _HANGUL.match(after[0])
    if wide or (hangul and before.rsplit(" ", 1)[-1] + after.split(" ", 1)[0] in words):
        return before + after
    return f"{before} {after}"


def korean_words(lines: Iterable[str]) -> frozenset[str]:
    """Return the words inside lines that Korean has: those at either end may be broken."""
    return frozenset(word for line in lines for word in line.split(" ")[1:-1] if _HANGUL.search(word))


# --- lines and paragraphs --------------------------------------------------------------------------------


def without_ruby(runs: Sequence[Run]) -> list[Run]:
    """Return runs without those that say how the characters below them are read."""
    wide = [run for run in runs if _WIDE.search(run.text)]
    heights = sorted(run.height for run in wide)
    usual = heights[len(heights) // 2] if heights else 0.0
    small = {id(run) for run in runs if run.height < 0.65 * usual}
    return [run for run in runs if id(run) not in small or not any(_is_over(run, other) for other in wide)]


def _is_over(run: Run, base: Run) -> bool:
    """Whether a small run stands close above characters."""
    near = -0.5 * run.height < base.top + 0.2 * base.height - run.bottom < 0.5 * base.height
    return near and run.height < 0.65 * base.height and run.left < base.right and run.right > base.left


_BRACKET = re.compile(r"[()\[\]{}«»]")
_MIRRORED = str.maketrans("()[]{}«»", ")(][}{»«")
_RAISED = re.compile(r"[\d*†‡§,]{1,5}|[\[(]\d{1,3}[\])]")


def lines_of(runs: Iterable[Run]) -> list[Run]:
    """Return the lines of a column from top to bottom; raised numbers of notes are left out."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: run.middle):
        line = lines[-1] if lines else []
        highest = max(line, key=lambda other: other.height, default=None)
        if highest is not None and (
            highest.top < run.middle < highest.bottom or run.top < highest.middle < run.bottom
        ):
            line.append(run)
        else:
            lines.append([run])
    return [_line(line) for line in lines]


def _line(runs: Sequence[Run]) -> Run:
    """Return runs on a line as one."""
    tall = max(run.height for run in runs)
    backwards = sum(map(is_rtl, runs)) > len(runs) / 2
    ordered = sorted(runs, key=lambda run: -run.right if backwards else run.left)
    raised = [run.height < 0.8 * tall and _RAISED.fullmatch(run.text.strip()) is not None for run in ordered]
    kept = [run for place, run in enumerate(ordered) if place == 0 or not raised[place]]
    if backwards:
        groups = [list(group) for _, group in itertools.groupby(kept, is_rtl)]
        kept = [run for group in groups for run in (group if is_rtl(group[0]) else _turned(group))]
    text = ""
    for before, run in zip([None, *kept], kept, strict=False):
        if before is not None:
            gap = max(run.left - before.right, before.left - run.right)
            wide = _WIDE.match(before.text[-1:]) and _WIDE.match(run.text[:1])
            least = 1.5 if wide else 0.5 if backwards else 0.12
            if gap > least * tall and not text.endswith(" "):
                text += "\u3000" if wide else " "
        text += run.text
    brackets = _BRACKET.search(text) if backwards else None
    if brackets is not None and brackets[0] in ")]}»":  # as they are printed, which is mirrored
        text = text.translate(_MIRRORED)
    return Run(
        text.strip(), min(run.left for run in kept), min(run.top for run in kept),
        max(run.right for run in kept), max(run.bottom for run in kept),
    )  # fmt: skip


def _turned(runs: Sequence[Run]) -> list[Run]:
    """Return what runs the other way, such as figures and Latin letters, in its own order."""
    turned = [replace(run, text=run.text.rstrip(" ")) for run in reversed(runs)]
    behind = " " if runs[-1].text.endswith(" ") else ""
    return [*turned[:-1], replace(turned[-1], text=turned[-1].text + behind)]


_BULLET = re.compile(r"[•■◆●▲◦▪‣·○◇□△※][\s\S]")


def paragraphs(lines: Sequence[Run], page: int) -> list[Paragraph]:
    """Return the paragraphs of a column's lines.

    One ends where there is room for the next word, where more is left free below it than between lines, where
    letters are of another size, or before a line that stands further in.
    """
    if not lines:
        return []
    backwards = sum(map(is_rtl, lines)) > len(lines) / 2
    begins = [-line.right if backwards else line.left for line in lines]
    ends = [-line.left if backwards else line.right for line in lines]
    size = median(line.height for line in lines)
    margin = _margin(ends, size)
    steps = [after.top - before.top for before, after in itertools.pairwise(lines)]
    leading = _leading(steps, size)
    verse = _is_verse(lines)
    groups = [[0]]
    for place in range(1, len(lines)):
        before, line = lines[place - 1], lines[place]
        inwards = begins[place] - begins[place - 1] > 0.7 * line.height
        outwards = place + 1 < len(lines) and begins[place] - begins[place + 1] > 0.7 * line.height
        level = abs(begins[place] - begins[place - 1]) < 0.3 * line.height
        starts = (
            verse
            or not _alike(before, line)
            or steps[place - 1] > 1.3 * leading
            or inwards
            or (outwards and level)
            or margin - ends[place - 1] > first_word(line) + 0.5 * line.height
            or _BULLET.match(line.text) is not None
        )
        if starts and not _is_divided(before.text, line.text):
            groups.append([])
        groups[-1].append(place)
    usual = median(begins)
    return [
        Paragraph(
            tuple(lines[place] for place in group),
            page,
            indented=begins[group[0]] - min([begins[n] for n in group[1:]] or [usual])
            > 0.7 * lines[0].height,
            room=margin - ends[group[-1]],
        )
        for group in groups
    ]


def _is_verse(lines: Sequence[Run]) -> bool:
    """Whether lines begin with capitals, most of them: few lines of prose do."""
    letters = [next(filter(str.isalpha, line.text), "") for line in lines]
    cased = [letter for letter in letters if letter.isupper() or letter.islower()]
    return len(cased) >= 4 and sum(map(str.isupper, cased)) > 0.8 * len(cased)


def _margin(ends: Sequence[float], size: float) -> float:
    """Return where lines end that are full: the last to end, but for one that stands out from most others."""
    ordered = sorted(ends)
    if len(ordered) > 3 and ordered[-1] - ordered[-2] > size:
        near = sum(ordered[-2] - end < size for end in ordered)
        if near > len(ordered) / 2:
            return ordered[-2]
    return ordered[-1]


def _leading(steps: Sequence[float], size: float) -> float:
    """Return the distance of lines within a paragraph: of most, where few are nearer to each other."""
    apart = sorted(step for step in steps if step > 0.7 * size)
    return apart[len(apart) // 5] if apart else 0.0


def _alike(one: Run | Paragraph, other: Run | Paragraph) -> bool:
    """Whether two have letters of one size."""
    return 0.87 < one.height / max(other.height, 0.1) < 1.15


def _is_divided(before: str, after: str) -> bool:
    return _DIVIDED.search(before) is not None and after[:1].isalpha()


def first_word(line: Run) -> float:
    """Return how wide the first word of a line is, with the space before it; of Chinese, its first letter."""
    word = line.text.split(" ", 1)[0]
    wide = _WIDE.match(word)
    length = 1 if wide else len(word) + 1
    return (line.right - line.left) * length / max(len(line.text), 1)


def goes_on(before: Paragraph, after: Paragraph, *, by_indent: bool) -> bool:
    """Whether a paragraph goes on in the next column or on the next page.

    Parameters
    ----------
    before, after
        The last one here, and the first one there.
    by_indent
        Whether paragraphs of the text are told by their first line, which stands further in.
    """
    if not _alike(before, after):
        return False
    ending, opening = before.text, after.text
    if _is_divided(ending, opening):
        return True
    if before.room > first_word(after.lines[0]) + 0.5 * before.height or _BULLET.match(opening):
        return False
    if ends_sentence(ending):
        return by_indent and not after.indented and len(before.lines) > 1
    return not after.indented or opening[:1].islower()

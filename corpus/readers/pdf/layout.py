"""How a printed page is read: its columns, lines and paragraphs, by where the words stand.

A PDF says which letters stand where, and not what belongs together. Distances are in points, from the top
left corner of the page; those of text that runs downwards are turned, so that it runs to the right.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from corpus.text.spans import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Run:
    """Words, or letters, that follow each other closely on a line."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """The height of its letters, with what is kept free above and below them."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height on the page of the middle of its letters."""
        return (self.top + self.bottom) / 2


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
        """Its text; a word that is divided by a hyphen stays divided, for what knows words to mend."""
        text = ""
        for line in self.lines:
            text = join(text, line.text.strip())
        return text

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        left, right = min(line.left for line in self.lines), max(line.right for line in self.lines)
        return left, self.lines[0].top, right, self.lines[-1].bottom


_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]")
_DIVIDED = re.compile(r"[^\W\d_]-\Z")


def join(before: str, after: str) -> str:
    """Return two lines as one: no space inside Chinese and Japanese, nor behind a hyphen.

    Where a word may be divided ("foun-", "dation"), the line end stays, as in a file of plain text.
    """
    if not before or not after:
        return before or after
    if before[-1] == "-" and (_DIVIDED.search(before) or before[-2:-1].isdigit()):
        return f"{before}\n{after}" if after[0].islower() else before + after
    between = "" if _WIDE.match(before[-1]) and _WIDE.match(after[0]) else " "
    return before + between + after


# --- columns ---------------------------------------------------------------------------------------------

_FEWEST_LINES = 3  # in a column
_NARROWEST = 6.0  # times the height of letters, of a column
_GUTTER = 0.4
_FEWEST_BESIDE_NARROW = 6  # lines beside a gutter of less than twice that: spaces may stand below each other
_MOST_RUNS = 4_000  # on a page; what has more is no page of text


def columns(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs of a page by column, in the order of reading.

    A gutter is a stretch that no line crosses, with columns of lines at either side. What stands above its
    stretch across it, such as a headline, is read first.
    """
    if len(runs) > _MOST_RUNS:
        return [list(runs)]
    right_to_left = sum(map(_is_rtl, runs)) > len(runs) / 2
    parts = _divided(runs)
    if parts is None:
        return [list(runs)] if runs else []
    above, left, right, below = parts
    beside = (right, left) if right_to_left else (left, right)
    return [column for part in (above, *beside, below) for column in columns(part)]


def _is_rtl(run: Run) -> bool:
    return len(_RTL.findall(run.text)) > len(run.text) / 2


def _divided(runs: Sequence[Run]) -> tuple[list[Run], list[Run], list[Run], list[Run]] | None:
    """Return what is above, left, right and below of the tallest gutter; None without one."""
    if len(runs) < 2 * _FEWEST_LINES:
        return None
    gutters = _gutters(runs, _edges(runs), ())
    tallest = max((gutter.tall for gutter in gutters), default=0.0)
    edges = sorted({gutter.edge for gutter in gutters if gutter.tall > tallest / 2})
    # A headline over two of three columns ends the third as well.
    across = [run for run in runs if any(run.left < edge - 1 and run.right > edge + 1 for edge in edges)]
    across = [run for run in across if not any(_beside(run, other) for other in runs)]
    if across:
        gutters = _gutters(runs, edges, across)
    if not gutters:
        return None
    best = max(gutters, key=lambda gutter: (gutter.tall, -gutter.edge))
    parts: tuple[list[Run], list[Run], list[Run], list[Run]] = ([], [], [], [])
    for run in runs:
        beside = 1 if run.right <= best.edge + 0.5 else 2
        parts[0 if run.middle < best.top else 3 if run.middle > best.bottom else beside].append(run)
    return None if max(map(len, parts)) == len(runs) else parts


def _beside(run: Run, other: Run) -> bool:
    """Whether another run stands at the height of one."""
    return other is not run and other.top < run.middle < other.bottom


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A line down the page that nothing crosses from top to bottom, with columns beside it along `tall`."""

    tall: float
    edge: float
    top: float
    bottom: float


def _gutters(runs: Sequence[Run], edges: Iterable[float], across: Sequence[Run]) -> list[_Gutter]:
    """Return the gutters at some places; none goes beyond the runs `across`."""
    boxes = _boxes(runs)
    size = float(np.median(boxes.bottom - boxes.top))
    highest, lowest = float(boxes.top.min()), float(boxes.bottom.max())
    barriers = [(run.top, run.bottom) for run in across]
    found: list[_Gutter] = []
    for edge in edges:
        left, right = boxes.at(boxes.right <= edge + 0.5), boxes.at(boxes.left >= edge - 0.5)
        if min(len(left.top), len(right.top)) < _FEWEST_LINES:
            continue
        over = boxes.at((boxes.left < edge - 0.5) & (boxes.right > edge + 0.5))
        crossing = sorted([*zip(over.top.tolist(), over.bottom.tolist(), strict=True), *barriers])
        top = float("-inf")
        for crossing_top, crossing_bottom in [*crossing, (float("inf"), float("inf"))]:
            room = min(crossing_top, lowest) - max(top, highest)
            if room > _FEWEST_LINES * size * 0.8:
                gutter = _stretch(
                    left.between(top, crossing_top), right.between(top, crossing_top), edge, size
                )
                if gutter is not None:
                    extent = (top if gutter.top == float("-inf") else gutter.top, gutter.bottom)
                    bottom = crossing_top if extent[1] == float("inf") else extent[1]
                    found.append(_Gutter(gutter.tall, edge, extent[0], bottom))
            top = max(top, crossing_bottom)
    return found


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The boxes of runs, of each side an array of shape (runs,), float64, in points."""

    left: NDArray[np.float64]
    top: NDArray[np.float64]
    right: NDArray[np.float64]
    bottom: NDArray[np.float64]

    @property
    def middle(self) -> NDArray[np.float64]:
        return (self.top + self.bottom) / 2

    def at(self, chosen: NDArray[np.bool_]) -> _Boxes:
        """Return some of the boxes."""
        return _Boxes(self.left[chosen], self.top[chosen], self.right[chosen], self.bottom[chosen])

    def between(self, top: float, bottom: float) -> _Boxes:
        """Return the boxes whose middle is between two heights."""
        return self.at((self.middle >= top) & (self.middle <= bottom))


def _boxes(runs: Sequence[Run]) -> _Boxes:
    sides = np.array([(run.left, run.top, run.right, run.bottom) for run in runs], dtype=np.float64)
    return _Boxes(*np.ascontiguousarray(sides.T))


def _edges(runs: Sequence[Run]) -> list[float]:
    """Return where columns may begin or end: where several lines do."""
    begins: dict[int, list[float]] = {}
    ends: dict[int, list[float]] = {}
    for run in runs:
        begins.setdefault(round(run.left / 3), []).append(run.left - 0.5)
        ends.setdefault(round(run.right / 3), []).append(run.right + 0.5)
    chosen = [min(edges) for edges in begins.values() if len(edges) >= _FEWEST_LINES]
    return sorted({*chosen, *(max(edges) for edges in ends.values() if len(edges) >= _FEWEST_LINES)})


def _stretch(left: _Boxes, right: _Boxes, edge: float, size: float) -> _Gutter | None:
    """Return the gutter between what is left and right of a line; None if they are no columns.

    It ends where one of them does, but where more of the other follows: there it is infinite.
    """
    if min(len(left.top), len(right.top)) < _FEWEST_LINES:
        return None
    first = float(max(left.top.min(), right.top.min()))
    last = float(min(left.bottom.max(), right.bottom.max()))
    beside = [side.between(first, last) for side in (left, right)]
    if any(len(np.unique(np.round(side.middle / size))) < _FEWEST_LINES for side in beside):
        return None
    gutter = float(beside[1].left.min() - beside[0].right.max())
    narrow = gutter < 2 * _GUTTER * size and last - first < _FEWEST_BESIDE_NARROW * size
    widths = [side.right.max() - side.left.min() for side in beside]
    if gutter < _GUTTER * size or narrow or min(widths) < _NARROWEST * size:
        return None
    top, bottom, tall = first, last, last - first
    for side, column in zip((left, right), beside, strict=True):
        over, under = side.between(float("-inf"), first), side.between(last, float("inf"))
        if _is_more(over, column, size, first - over.top):
            top, tall = float("-inf"), tall + first - float(over.top.min(initial=first))
        if _is_more(under, column, size, under.bottom - last):
            bottom, tall = float("inf"), tall + float(under.bottom.max(initial=last)) - last
    return _Gutter(tall, edge, top, bottom)


def _is_more(rest: _Boxes, column: _Boxes, size: float, beyond: NDArray[np.float64]) -> bool:
    """Whether what is beyond the end of the other column is more of this one.

    It has lines as full, or is no more than a line of letters of one size.
    """
    if not len(rest.top):
        return False
    heights = (rest.bottom - rest.top) / size
    if bool((beyond < 2 * size).all() and (heights > 0.6).all() and (heights < 1.15).all()):
        return True
    left = abs(float(rest.left.min() - column.left.min()))
    return left < 3 * size and abs(float(rest.right.max() - column.right.max())) < 1.5 * size


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
    backwards = sum(map(_is_rtl, runs)) > len(runs) / 2
    ordered = sorted(runs, key=lambda run: -run.right if backwards else run.left)
    raised = [run.height < 0.8 * tall and _RAISED.fullmatch(run.text.strip()) is not None for run in ordered]
    kept = [run for place, run in enumerate(ordered) if place == 0 or not raised[place]]
    if backwards:
        # What runs the other way, such as figures and names in Latin letters, is in its own order.
        kept = [
            run
            for is_rtl, group in itertools.groupby(kept, _is_rtl)
            for run in (group if is_rtl else reversed(list(group)))
        ]
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


_BULLET = re.compile(r"[•■◆●▲◦▪‣·○◇□△※][\s\S]")


def paragraphs(lines: Sequence[Run], page: int) -> list[Paragraph]:
    """Return the paragraphs of a column's lines.

    One ends where there is room for the next word, where more is left free below it than between lines, where
    letters are of another size, or before a line that stands further in.
    """
    if not lines:
        return []
    backwards = sum(map(_is_rtl, lines)) > len(lines) / 2
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

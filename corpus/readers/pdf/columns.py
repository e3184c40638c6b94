"""The columns of a printed page, by the gutters between them.

Distances are in points, from the top left corner of the page; those of text that runs downwards are turned,
so that it runs to the right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

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


_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def is_rtl(run: Run) -> bool:
    """Tell whether a run is written from right to left."""
    return len(_RTL.findall(run.text)) > len(run.text) / 2


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
    right_to_left = sum(map(is_rtl, runs)) > len(runs) / 2
    parts = _divided(runs)
    if parts is None:
        return [list(runs)] if runs else []
    above, left, right, below = parts
    beside = (right, left) if right_to_left else (left, right)
    return [column for part in (above, *beside, below) for column in columns(part)]


def _divided(runs: Sequence[Run]) -> tuple[list[Run], list[Run], list[Run], list[Run]] | None:
    """Return what is above, left, right and below of the tallest gutter; None without one."""
    if len(runs) < 2 * _FEWEST_LINES:
        return None
    gutters = _gutters(runs, _edges(runs), ())
    tallest = max((gutter.tall for gutter in gutters), default=0.0)
    edges = sorted({gutter.edge for gutter in gutters if gutter.tall > tallest / 4})
    tall = {gutter.edge for gutter in gutters if gutter.tall > tallest / 2}
    size = median(run.height for run in runs)
    # A headline over two of three columns ends the third as well.
    across = [
        run
        for run in runs
        if any(
            run.left < edge - 1 and run.right > edge + 1
            for edge in edges
            if edge in tall or run.height > 1.1 * size
        )
    ]
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

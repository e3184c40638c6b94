"""Aligning a long text window by window along a rough path.

Each window is searched exactly inside its band; of what it finds only the part well before its end is
kept, up to the boundary between two beads that the posterior is surest of, and the next window starts there.
Time is linear, memory that of one window.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from align.calibrate import SIGNS
from align.exact import on_grid, quantised
from align.paths.records import NO_BARS, Found, Habits, Searched, Window
from align.paths.shortlist import score_parts, score_window
from align.paths.ties import NEXT, with_ties
from align.scoring.blocks import unit
from align.scoring.ends import end_cosines
from align.scoring.evidence import running, shared_numbers
from align.scoring.features import FIRST_MATCH, PRIOR, STEPS, Context
from align.scoring.numerals import differing
from align.scoring.paragraphs import COST, Agreement, agreements, charge_crossings
from align.scoring.products import WIDER, band_cosines, wider
from align.scoring.text import WindowSide, side
from align.scoring.words import masses, shares
from align.search import Band, Floats, Ints, Scores32, band_around, best_path, marginals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from align.paths.bars import Bars
    from align.scoring.text import Text

BAND = 24  # cells a diagonal
_WINDOW = 700  # sentences, both sides together
_LOOKAHEAD = 140  # of them, sentences searched but not kept
_PILOTS = 8  # windows a long text's habits are estimated from
_PILOT_SHORT = 1200  # sentences, both sides together, up to which all of the text is used

# Null, 1:1 and other beads: the groups whose frequencies belong to the document.
GROUP = np.array([0 if 0 in step else 1 if step == [1, 1] else 2 for step in STEPS.tolist()])
USUAL = np.array([0.06, 0.64, 0.30])
"""Frequencies of the groups in training: what :attr:`Habits.prior` is relative to."""
_LENGTH_RATIO = 2.0  # translations hardly differ by more in UTF-8; texts of which one is a fragment do
_SURENESS_GRID = 2.0**-10  # of posteriors, where windows are cut
_SMOOTHING = 15.0  # beads that a document's frequencies are smoothed with
_Cell: TypeAlias = "tuple[int, int]"
_SHORT = 120  # sentences, both sides together, up to which they are counted twice
_LIGHT = 5.0  # beads that they are smoothed with the second time


def first_habits(src: Text, tgt: Text) -> Habits:
    """Habits before anything is known: lengths by the totals of both texts."""
    return _habits(float(src.lengths.sum()), float(tgt.lengths.sum()), src, tgt, (0.0, 0.0))


def _habits(src_bytes: float, tgt_bytes: float, src: Text, tgt: Text, prior: tuple[float, float]) -> Habits:
    ratio = min(max(max(tgt_bytes, 1.0) / max(src_bytes, 1.0), 1 / _LENGTH_RATIO), _LENGTH_RATIO)
    root = float(np.sqrt(ratio))
    total = src.lengths.sum() * root + tgt.lengths.sum() / root
    mean = float(total) / max(1, len(src) + len(tgt))
    return Habits(mean / root, mean * root, prior)


def learn_habits(src: Text, tgt: Text, path: Ints) -> Habits:
    """Estimate a pair's habits from a first alignment, of a sample of windows if the texts are long.

    One step of expectation–maximisation: bead types are counted by their posterior probabilities, lengths
    summed over likely beads. The weights are those set by hand, so that what is estimated here does not
    depend on training.

    Whether paragraphs correspond is asked of the best path that knows nothing of them.
    """
    start = first_habits(src, tgt)
    spans = _pilot_windows(path)
    start = replace(start, crossing=_crossing(src, tgt, path, spans, start))
    counts = np.zeros(len(USUAL))
    src_bytes = tgt_bytes = 0.0
    src_running = np.concatenate([[0.0], src.lengths.cumsum()])
    tgt_running = np.concatenate([[0.0], tgt.lengths.cumsum()])
    for begin, end in spans:
        window = open_window(src, tgt, path, begin, end, start)
        searched = search_window(window, PRIOR)
        counts += np.bincount(GROUP, searched.expected(), minlength=len(USUAL))
        for bead in searched.found:
            if bead.kind >= FIRST_MATCH and bead.posterior > 0.5:
                a, b = STEPS[bead.kind]
                i, j = bead.i + begin[0], bead.j + begin[1]
                src_bytes += src_running[i] - src_running[i - a]
                tgt_bytes += tgt_running[j] - tgt_running[j - b]
    if not src_bytes or not tgt_bytes:
        return start
    learnt = _habits(src_bytes, tgt_bytes, src, tgt, _unusual(counts, _SMOOTHING))
    return replace(learnt, crossing=start.crossing)


def _crossing(
    src: Text, tgt: Text, path: Ints, spans: Sequence[tuple[_Cell, _Cell]], habits: Habits
) -> tuple[float, float]:
    """Learn what the end of a paragraph inside a bead costs on either side."""
    if not (src.paragraphs.any() and tgt.paragraphs.any()):
        return COST, COST
    total = Agreement(), Agreement()
    for begin, end in spans:
        window = open_window(src, tgt, path, begin, end, habits)
        scores = score_window(window, PRIOR)
        cells = [(i, j) for _, i, j in best_path(scores, window.band, STEPS)[0]]
        found = agreements(cells, window.src.paragraphs, window.tgt.paragraphs)
        total = total[0] + found[0], total[1] + found[1]
    return total[0].cost(), total[1].cost()


def refine_habits(src: Text, tgt: Text, path: Ints, habits: Habits, features: Mapping[str, float]) -> Habits:
    """Count bead types once more in a text that is short, with trained weights and a lighter hand.

    In an article of a dozen sentences of which four were left out, the first look can hardly outweigh what
    is usual. In long texts it does, and habits stay as they are.
    """
    if len(src) + len(tgt) > _SHORT:
        return habits
    window = open_window(src, tgt, path, (0, 0), (len(src), len(tgt)), habits)
    expected = search_window(window, features).expected()
    counts = np.bincount(GROUP, expected, minlength=len(USUAL)).astype(np.float64)
    return replace(habits, prior=_unusual(counts, _LIGHT))


def _unusual(counts: Floats, smoothing: float) -> tuple[float, float]:
    """Logarithms of the odds of null, and of other beads, over the usual odds."""
    frequencies = (counts + smoothing * USUAL) / (counts.sum() + smoothing)
    unusual = np.log(frequencies / USUAL)
    return float(unusual[0] - unusual[1]), float(unusual[2] - unusual[1])


def _pilot_windows(path: Ints) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Stretches of the path, as pairs of cells."""
    last = path.size - 1
    if last <= _PILOT_SHORT:
        ends = np.linspace(0, last, 1 + max(1, last // _WINDOW)).astype(int).tolist()
        spans = list(pairwise(ends))
    else:
        size = _PILOT_SHORT // _PILOTS
        spans = [(d, d + size) for d in np.linspace(0, last - size, _PILOTS).astype(int).tolist()]
    return [((int(path[d]), d - int(path[d])), (int(path[e]), e - int(path[e]))) for d, e in spans]


def search_windows(
    src: Text,
    tgt: Text,
    path: Ints,
    habits: Habits,
    features: Mapping[str, float],
    progress: Callable[[int], None],
    bars: Bars = NO_BARS,
    look: Callable[[Window, Searched], list[Found]] | None = None,
) -> list[Found]:
    """Find the best beads along a path.

    Parameters
    ----------
    src, tgt
        Texts of n and m sentences, neither empty.
    path
        Shape (n + m + 1,), as :func:`align.paths.corridor.find_path` makes it.
    habits
        Of the two texts.
    features
        Weight of every feature.
    progress
        Called with the number of sentences, of both sides, done since the last call.
    bars
        Where no bead may be.
    look
        Makes what is kept out of what was found in a window, such as
        :func:`align.paths.omissions.look_again`.

    Returns
    -------
    list of Found
        In order, covering both texts.
    """
    n, m = len(src), len(tgt)
    out: list[Found] = []
    i0 = j0 = 0
    while (i0, j0) != (n, m):
        end = min(i0 + j0 + _WINDOW, n + m)
        if n + m - end < _LOOKAHEAD:
            end = n + m
        i1 = min(max(int(path[end]), i0), n)
        j1 = min(max(end - i1, j0), m)
        window = open_window(src, tgt, path, (i0, j0), (i1, j1), habits)
        searched = search_window(window, features, bars.part((i0, j0), (i1, j1)))
        local = searched.found if look is None else look(window, searched)
        found = [replace(bead, i=bead.i + i0, j=bead.j + j0) for bead in with_ties(searched, local)]
        if (i1, j1) != (n, m):
            found = _keep_sure(found, i1 + j1 - _LOOKAHEAD)
        out += found
        progress(found[-1].i + found[-1].j - i0 - j0)
        i0, j0 = found[-1].i, found[-1].j
    return out


def open_window(
    src: Text, tgt: Text, path: Ints, start: tuple[int, int], stop: tuple[int, int], habits: Habits
) -> Window:
    """Gather what the features need of a stretch between two cells near the path."""
    (i0, j0), (i1, j1) = start, stop
    local = _local_path(path, start, stop)
    band = band_around(local, j1 - j0, BAND)
    left, right = side(src, i0, i1, habits.src_unit), side(tgt, j0, j1, habits.tgt_unit)
    singles = _single_cosines(left, right, band)
    src_best, tgt_best = _best_cosines(singles, band)
    words = both = None
    weights = np.zeros(0), np.zeros(0)
    if src.words is not None and tgt.words is not None and i1 > i0 and j1 > j0:
        near = _near(local, i1 - i0, j1 - j0)
        both = shares(src.words, tgt.words, (i0, i1, j0, j1), near)
        words = running(on_grid(np.add(*both)))
        both = on_grid(both[0]), on_grid(both[1])
        weights = masses(src.words, i0, i1), masses(tgt.words, j0, j1)
    numbers = shared_numbers(left.numbers, right.numbers) if any(left.numbers) or any(right.numbers) else None
    ends = None
    if src.ends is not None and tgt.ends is not None:
        ends = end_cosines(src.ends.part(i0, i1), tgt.ends.part(j0, j1), band)
    context = Context(src_best, tgt_best, numbers, words, habits.prior, singles, ends)
    return Window(left, right, band, context, both, weights, habits.crossing)


def search_window(window: Window, features: Mapping[str, float], bars: Bars = NO_BARS) -> Searched:
    """Find the best beads of a window."""
    band = window.band
    charges = np.zeros((band.lo.size, len(STEPS), band.width), dtype=np.float32)
    charge_crossings(charges, band, window.src.paragraphs, window.tgt.paragraphs, window.crossing)
    bars.charge(charges, band)
    scores = score_window(window, features, charges)
    beads, _ = best_path(scores, band, STEPS)
    score_parts(window, beads, scores, features, charges)
    posterior, _ = marginals(scores, band, STEPS)
    found = [bead_found(window, t, i, j, float(posterior[i + j, t, i - band.lo[i + j]])) for t, i, j in beads]
    return Searched(found, scores, posterior, band, bars)


def bead_found(window: Window, kind: int, i: int, j: int, posterior: float) -> Found:
    """Measure a bead of a window."""
    if kind < FIRST_MATCH:
        return Found(kind, i, j, posterior)
    a, b = STEPS[kind].tolist()
    left, right = window.src.blocks[a - 1, i - 1], window.tgt.blocks[b - 1, j - 1]
    centres = window.src.centre[a - 1], window.tgt.centre[b - 1]
    # Both are on a grid: their products are exact in whatever order they are added up.
    margin = float((left - centres[0]) @ (right - centres[1]))
    figures = contradicted = 0
    if window.context.numbers is not None:
        sides = window.src.numbers[i - a : i], window.tgt.numbers[j - b : j]
        own = [len(side) for side in differing(*(chain.from_iterable(side) for side in sides))]
        figures, contradicted = min(3, sum(own)), min(3, *own)
    cosine = float(left @ right)
    ends = window.context.ends
    near = 0.0 if ends is None else float(ends.of_beads(np.array([i]), np.array([j]), a, b)[0])
    return Found(kind, i, j, posterior, margin, cosine, 0.0, figures, contradicted, near)


def _local_path(path: Ints, start: tuple[int, int], stop: tuple[int, int]) -> Ints:
    """Cut the path between two cells, numbered from the first, bent so that its band holds both."""
    (i0, j0), (i1, j1) = start, stop
    local = path[i0 + j0 : i1 + j1 + 1] - i0
    d = np.arange(local.size)
    room = BAND // 2 - 1
    local = np.clip(local, -room, room + d)
    return np.clip(local, i1 - i0 - (local.size - 1 - d) - room, i1 - i0 + room)


def _near(path: Ints, n: int, m: int) -> np.ndarray:
    """Which sentence pairs lie beside the path, and for a sentence that has none, all."""
    d = np.arange(n)[:, None] + np.arange(m) + 1
    near = np.abs(np.arange(n)[:, None] + 0.5 - path[d]) <= BAND // 2 - 2
    near[~near.any(axis=1)] = True
    near[:, ~near.any(axis=0)] = True
    return np.asarray(near)


def _single_cosines(src: WindowSide, tgt: WindowSide, band: Band) -> Scores32:
    """Centred cosines of sentences in the band and around: shape (n + m + 1, W + 2 · WIDER)."""
    directions = unit(src.blocks[0] - src.centre[0]), unit(tgt.blocks[0] - tgt.centre[0])
    return band_cosines(*directions, wider(band))


def _best_cosines(singles: Scores32, band: Band) -> tuple[Floats, Floats]:
    """Greatest centred cosine of every sentence to any of the other side in the band; at least 0."""
    best = np.zeros(max(1, band.n)), np.zeros(max(1, band.m))
    i = band.cells_i
    j = np.arange(band.lo.size)[:, None] - i
    inside = (i > 0) & (i <= band.n) & (j > 0) & (j <= band.m)
    cosines = singles[:, WIDER:-WIDER][inside]
    np.maximum.at(best[0], i[inside] - 1, cosines)
    np.maximum.at(best[1], j[inside] - 1, cosines)
    return best


def signs(found: list[Found], around: int = 15, beside: int = 2) -> Floats:
    """Gather what the calibration judges beads by: shape (beads, 12), see :meth:`align.Calibration.scores`.

    Null beads pull down the means around: where much is left out, doubt is due.
    """
    if not found:
        return np.zeros((0, SIGNS))
    own = np.array(
        [(bead.posterior, bead.margin, bead.cosine, bead.spare, bead.figures, bead.ends) for bead in found]
    )
    posterior, margins, cosines, spare, figures, ends = own.T
    size = np.full(len(found), float(found[-1].i + found[-1].j))
    near = _mean_around(margins, around), _mean_around(cosines, around)
    steps = STEPS[[bead.kind for bead in found]]
    more, both, nearest = steps.sum(axis=1) - 2, steps.min(axis=1) > 1, _mean_around(cosines, beside)
    columns = [posterior, margins, near[0], cosines, near[1], spare, figures, size, more, both, nearest, ends]
    return np.stack(columns, axis=1)


def _mean_around(values: Floats, around: int) -> Floats:
    """Mean of every value and of so many before and after it."""
    sums = np.concatenate([[0.0], values.cumsum()])
    k = np.arange(values.size)
    low, high = np.maximum(k - around, 0), np.minimum(k + around + 1, values.size)
    return np.asarray((sums[high] - sums[low]) / np.maximum(high - low, 1))


def _keep_sure(found: list[Found], limit: int) -> list[Found]:
    """Cut after the surest pair of neighbours among the last beads that end before a diagonal.

    Of those about as sure, the last.
    """
    last = max((k for k, bead in enumerate(found) if bead.i + bead.j <= limit), default=0)
    candidates = [k for k in range(max(0, last - 40), last + 1) if found[k].tied != NEXT] or [last]
    cut = max(candidates, key=lambda k: (_sureness(found, k), k))
    return found[: cut + 1]


def _sureness(found: list[Found], k: int) -> int:
    """How sure the boundary after bead k is, in units of the grid: null beads are no landmark."""
    sure = [bead.posterior if bead.kind >= FIRST_MATCH else 0.0 for bead in found[k : k + 2]]
    return int(quantised(np.array(sure), _SURENESS_GRID).min())

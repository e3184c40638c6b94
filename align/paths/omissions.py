"""A second look at beads: whether a sentence at their edge is there without a counterpart.

What one side leaves out is easily drawn into a neighbour's bead: the vector of the whole hardly changes. So
each first and last sentence of a side of several is asked what the bead would lose without it, and a logistic
function of the answers says how likely it has no counterpart. Above :data:`LEAST` it becomes a null bead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from align.exact import exact_dots, quantised
from align.paths.records import Found
from align.paths.usual import SLACK, usual
from align.paths.windows import bead_found
from align.scoring.blocks import unit
from align.scoring.features import FIRST_MATCH, STEPS
from align.search import IMPOSSIBLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from align.paths.records import Searched, Window
    from align.paths.usual import Usual
    from align.search import Floats

SIGNS: Final = (
    "intercept",  # 1
    "path",  # log-score of the bead less that of the smaller bead and the null bead, -5..15
    "gain",  # cosine of the bead less that of the smaller one
    "residue",  # partial cosine, centred, of the sentence with the other side, given the rest of its own
    "unfound",  # share of the other side's words that do not go to the rest
    "finds",  # share of the sentence's words that find a counterpart in the other side
    "figures",  # 1 if the sentence has a certain quantity of the other side that the rest lacks
    "long_with",  # logarithm of the length of the sentence's side over the other's
    "long_without",  # the same, without the sentence
    "too_long",  # the former, where it is positive, else 0
    "too_short",  # the latter with its sign turned, where that is positive, else 0
    "own",  # sentences of its side beyond two
    "others",  # sentences of the other side beyond one
    "prior",  # :attr:`align.paths.records.Habits.prior` of null beads
    "beside",  # 1 if the bead beside the sentence is a null bead of the same side
    "beyond",  # posterior of the sentence beyond it being a null bead, 1 where it was split off
    "left_out",  # :meth:`align.paths.usual.Usual.left_out` of its side
    "short_of",  # cosine of sure 1:1 beads around less that of the bead
    "margin_gain",  # cosine beyond chance of the bead less that of the smaller one
    "amount",  # logarithm of the sentence's length
    "unlike_with",  # how unusual the ratio of lengths is, in spreads of sure 1:1 beads around, 6 at most
    "unlike_without",  # the same, without the sentence
    "support",  # greatest centred cosine of the sentence with one of the other side
    "ends",  # cosine of the words at that end of both sides less what it is without the sentence
)
"""What the decision rests on."""

LEAST: Final = 0.5
"""Probability from which a sentence is taken to have no counterpart.

From .35 on a quarter fewer are drawn into a neighbour's bead in short texts, and beads of whole texts are
split that were right: strict F1 of mac-dev by weights of text-berg is .856, and .870 from .5 on."""

_Span: TypeAlias = "tuple[int, int]"

_KIND: Final = {(int(a), int(b)): t for t, (a, b) in enumerate(STEPS)}


@dataclass(frozen=True, slots=True)
class Edge:
    """A sentence at the edge of a bead that might be there without a counterpart.

    Attributes
    ----------
    side
        0 of the source, 1 of the target.
    last
        Whether it is the last of its side, otherwise the first.
    sentence
        Its number, from the start of the window.
    rest
        The bead without it, with the posterior of that bead.
    signs
        Shape (len(SIGNS),).
    """

    side: int
    last: bool
    sentence: int
    rest: Found
    signs: Floats


def look_again(window: Window, searched: Searched, model: Mapping[str, float]) -> list[Found]:
    """Split off what has no counterpart.

    Parameters
    ----------
    window, searched
        A window and what was found in it.
    model
        Coefficient of every sign of :data:`SIGNS`. Without any, or without embeddings of words, nothing is
        split off.

    Returns
    -------
    list of Found
        In order, covering what was covered; each with the probability that a sentence at its edge is there
        without a counterpart.
    """
    if not model or window.shares is None:
        return searched.found
    coefficients = np.array([model.get(name, 0.0) for name in SIGNS])
    judge = _Judge(usual(window, searched), coefficients)
    out: list[Found] = []
    for k, bead in enumerate(searched.found):
        before = out[-1].kind if out else None
        after = searched.found[k + 1].kind if k + 1 < len(searched.found) else None
        out += _split(window, searched, bead, (before, after), judge)
    return out


@dataclass(frozen=True, slots=True)
class _Judge:
    """What is usual, and the coefficients of the signs."""

    here: Usual
    coefficients: Floats


def _split(
    window: Window,
    searched: Searched,
    bead: Found,
    around: tuple[int | None, int | None],
    judge: _Judge,
) -> list[Found]:
    """Split sentences off a bead, one by one, the likeliest first."""
    before: list[Found] = []
    after: list[Found] = []
    while True:
        beside = (before[-1].kind if before else around[0], after[0].kind if after else around[1])
        edges = find_edges(window, searched, bead, beside, judge.here)
        chances = [chance(edge.signs, judge.coefficients) for edge in edges]
        if not edges:
            return [*before, bead, *after]
        # Of those about as likely, the first.
        best = max(range(len(edges)), key=lambda k: (int(quantised(np.float64(chances[k]))), -k))
        if quantised(np.float64(chances[best])) < quantised(np.float64(LEAST)):
            return [*before, replace(bead, spare=chances[best]), *after]
        edge = edges[best]
        null = _null(bead, edge)
        if edge.last:
            after.insert(0, null)
        else:
            before.append(null)
        posterior = min(1.0, edge.rest.posterior + chances[best] * bead.posterior)
        bead = replace(edge.rest, posterior=posterior)


def chance(signs: Floats, coefficients: Floats) -> float:
    """Probability that a sentence has no counterpart; added up in a fixed order."""
    return float(1 / (1 + np.exp(-np.clip((signs * coefficients).sum(), -40, 40))))


def _null(bead: Found, edge: Edge) -> Found:
    a, b = STEPS[bead.kind].tolist()
    if edge.last:
        return Found(edge.side, bead.i, bead.j, 0.0)
    start = (bead.i - a, bead.j - b)
    return Found(edge.side, start[0] + (edge.side == 0), start[1] + (edge.side == 1), 0.0)


def find_edges(
    window: Window, searched: Searched, bead: Found, beside: tuple[int | None, int | None], here: Usual
) -> list[Edge]:
    """List the sentences at the edges of a bead, with the signs by which they are judged.

    Parameters
    ----------
    beside
        Types of the beads before and after; None where there is none.
    here
        What is usual in the window.
    """
    if bead.kind < FIRST_MATCH or window.shares is None:
        return []
    size = STEPS[bead.kind].tolist()
    out = []
    for side in (0, 1):
        if size[side] < 2:
            continue
        for last in (False, True):
            edge = _edge(window, searched, bead, here, side, last=last, beside=beside[last] == side)
            out += [edge] if edge is not None else []
    return out


def _edge(
    window: Window, searched: Searched, bead: Found, here: Usual, side: int, *, last: bool, beside: bool
) -> Edge | None:
    a, b = STEPS[bead.kind].tolist()
    smaller = (a - 1, b) if side == 0 else (a, b - 1)
    if smaller not in _KIND:
        return None
    null = _null(bead, Edge(side, last, 0, bead, np.zeros(0)))
    i, j = (bead.i - (side == 0), bead.j - (side == 1)) if last else (bead.i, bead.j)
    kind = _KIND[smaller]
    scores = [
        searched.score(kind, i, j),
        searched.score(side, null.i, null.j),
        searched.score(bead.kind, bead.i, bead.j),
    ]
    barred = searched.bars.bar(kind, i, j) or searched.bars.bar(side, null.i, null.j)
    if barred or min(scores) <= IMPOSSIBLE / 2:
        return None
    rest = bead_found(window, kind, i, j, searched.posterior_of(kind, i, j))
    spans = [(bead.i - a, bead.i), (bead.j - b, bead.j)]
    start, stop = spans[side]
    sentence = stop - 1 if last else start
    kept = (start, stop - 1) if last else (start + 1, stop)
    signs = {
        "intercept": 1.0,
        "path": min(max(scores[2] - scores[0] - scores[1], -5.0), 15.0),
        "gain": bead.cosine - rest.cosine,
        "residue": _residue(window, side, sentence, kept, spans[1 - side]),
        "own": float(stop - start - 2),
        "others": float(smaller[1 - side] - 1),
        "prior": window.context.prior[0],
        "beside": float(beside),
        "beyond": max(float(beside), _alone(here, side, sentence + 1 if last else sentence - 1)),
        "left_out": here.left_out(side),
        "short_of": here.cosine - bead.cosine,
        "margin_gain": bead.margin - rest.margin,
        "support": _support(window, side, sentence, spans[1 - side]),
        **_words(window, side, sentence, kept, spans[1 - side]),
        **_lengths(window, here, side, (start, stop), kept, spans[1 - side]),
        "figures": _figures(window, side, sentence, kept, spans[1 - side]),
        "ends": _ends(window, bead, rest, last=last),
    }
    return Edge(side, last, sentence, rest, np.array([signs[name] for name in SIGNS]))


def _residue(window: Window, side: int, sentence: int, kept: _Span, other: _Span) -> float:
    """Partial cosine of a sentence with the other side, what the rest says taken off both."""
    one, rest = (_centred(window, side, *span) for span in ((sentence, sentence + 1), kept))
    across = _centred(window, 1 - side, *other)
    pairs = (one, across), (rest, across), (one, rest)
    direct, by_rest, inside = (float(exact_dots(x[None], y[None])[0, 0]) for x, y in pairs)
    left = max((1 - inside**2) * (1 - by_rest**2), 0.05)
    return float((direct - inside * by_rest) / np.sqrt(left))


def _centred(window: Window, side: int, start: int, stop: int) -> Floats:
    """Direction of a run of sentences from the mean of such runs: shape (dim,)."""
    text = (window.src, window.tgt)[side]
    size = stop - start - 1
    return np.asarray(unit((text.blocks[size, stop - 1] - text.centre[size])[None])[0], dtype=np.float64)


def _alone(here: Usual, side: int, sentence: int) -> float:
    """Posterior of a sentence being a null bead; 0 where there is none."""
    alone = here.alone[side]
    return float(alone[sentence]) if 0 <= sentence < len(alone) else 0.0


def _support(window: Window, side: int, sentence: int, other: _Span) -> float:
    """Greatest centred cosine of a sentence with one of the other side of its bead."""
    one = _centred(window, side, sentence, sentence + 1)
    across = np.stack([_centred(window, 1 - side, k, k + 1) for k in range(*other)])
    return float(exact_dots(one[None], across).max())


def _ends(window: Window, bead: Found, rest: Found, *, last: bool) -> float:
    """How much nearer the ends of a bead's sides are with a sentence than without it."""
    ends = window.context.ends
    if ends is None:
        return 0.0
    near = []
    for one in (bead, rest):
        start = np.array([one.i, one.j]) - (0 if last else STEPS[one.kind])
        cell = start[:1], start[1:]
        near.append(float((ends.tail(*cell) if last else ends.head(*cell))[0]))
    return near[0] - near[1]


def _words(window: Window, side: int, sentence: int, kept: _Span, other: _Span) -> dict[str, float]:
    """Shares of words that find, or lack, their counterparts."""
    assert window.shares is not None
    out, back = window.shares if side == 0 else (window.shares[1].T, window.shares[0].T)
    across = slice(*other)
    mass = max(float(window.masses[side][sentence]), 0.05)
    whole = max(float(window.masses[1 - side][across].sum()), 0.05)
    return {
        "finds": float(out[sentence, across].sum()) / mass,
        "unfound": 1 - float(back[slice(*kept), across].sum()) / whole,
    }


def _lengths(
    window: Window, here: Usual, side: int, whole: _Span, kept: _Span, other: _Span
) -> dict[str, float]:
    """Logarithms of the length of the sentence, and of ratios of lengths, with some slack on both sides."""
    own, across = (window.src, window.tgt) if side == 0 else (window.tgt, window.src)
    full, rest, there = (
        float(text.lengths[stop] - text.lengths[start]) / text.unit + SLACK
        for text, (start, stop) in ((own, whole), (own, kept), (across, other))
    )
    more, less = float(np.log(full / there)), float(np.log(rest / there))
    return {
        "amount": float(np.log(full - rest + 0.01)),
        "long_with": more,
        "long_without": less,
        "too_long": max(more, 0.0),
        "too_short": max(-less, 0.0),
        "unlike_with": min(abs(more) / here.spread, 6.0),
        "unlike_without": min(abs(less) / here.spread, 6.0),
    }


def _figures(window: Window, side: int, sentence: int, kept: _Span, other: _Span) -> float:
    """Whether a sentence has a certain quantity of the other side that the rest of its own lacks."""
    own, across = (window.src, window.tgt) if side == 0 else (window.tgt, window.src)
    wanted = {
        value
        for one in across.numbers[slice(*other)]
        for quantity in one
        if quantity.certain
        for value in quantity.values
    }
    if not wanted:
        return 0.0
    here = {value for quantity in own.numbers[sentence] for value in quantity.values}
    rest = {value for one in own.numbers[slice(*kept)] for quantity in one for value in quantity.values}
    return float(bool((here - rest) & wanted))


def signs_of(edges: Sequence[Edge]) -> Floats:
    """Signs of several edges: shape (e, len(SIGNS))."""
    return np.array([edge.signs for edge in edges]).reshape(len(edges), len(SIGNS))


__all__ = ["LEAST", "SIGNS", "Edge", "chance", "find_edges", "look_again", "signs_of"]

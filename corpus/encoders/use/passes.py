"""Spans of tokens, gathered into passes through the network and laid out in rows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.encoders.use.tokenizer import Ids


REACH = 4
"""How many tokens to either side a token's features depend on: two convolutions of width 5, two each."""
PAD = 2
# Rows of one pass: enough for the matrix products to run at full speed, few enough for what lies between
# them to stay in the processor's cache.
ROWS_A_PASS = 512


class Span(NamedTuple):
    """Tokens whose features are summed, and their context.

    Attributes
    ----------
    ids
        The tokens.
    cuts
        Two or more places in `ids`, in order: features are summed from each to the next.
    """

    ids: Ids
    cuts: tuple[int, ...]


def whole(ids: Ids) -> Span:
    """Return the span that sums the features of all of a text's tokens."""
    return Span(ids, (0, len(ids)))


Pass: TypeAlias = tuple[npt.NDArray[np.intp], list[Span]]


def chunks(passes: Iterable[Pass], tokens: int) -> Iterator[list[Pass]]:
    """Gather passes that together have at most so many tokens (or are one pass)."""
    chunk: list[Pass] = []
    size = 0
    for owners, group in passes:
        length = sum(len(span.ids) for span in group)
        if chunk and size + length > tokens:
            yield chunk
            chunk, size = [], 0
        chunk.append((owners, group))
        size += length
    if chunk:
        yield chunk


def passes_of(spans: Sequence[Span]) -> Iterator[Pass]:
    """Split spans into groups of one pass each, with the numbers of the parts that each pass sums.

    A span longer than a pass is cut into pieces with `REACH` tokens of context on either side, each a
    pass of its own.
    """
    group: list[Span] = []
    owners: list[int] = []
    size = number = 0
    for span in spans:
        rows = span.cuts[-1] - span.cuts[0]
        if group and size + rows > ROWS_A_PASS:
            yield np.array(owners), group
            group, owners, size = [], [], 0
        parts = range(number, number + len(span.cuts) - 1)
        number = parts.stop
        if rows > ROWS_A_PASS:
            for owner, (start, stop) in zip(parts, pairwise(span.cuts), strict=True):
                yield from ((np.array([owner]), [piece]) for piece in _pieces(span.ids, start, stop))
        else:
            group.append(span)
            owners += parts
            size += rows
    if group:
        yield np.array(owners), group


def _pieces(ids: Ids, start: int, stop: int) -> Iterator[Span]:
    for first in range(start, stop, ROWS_A_PASS):
        last = min(first + ROWS_A_PASS, stop)
        low = max(first - REACH, 0)
        yield Span(ids[low : last + REACH], (first - low, last - low))


def layout(
    spans: Sequence[Span], slot: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Lay spans out in one row with padding before, between and after them.

    Returns
    -------
    slots
        Slot of the token at each place, 0 where there is padding.
    rows
        Places of the wanted tokens.
    counts
        How many of `rows` are each part's.
    """
    lengths = np.array([len(span.ids) for span in spans])
    starts = np.array([span.cuts[0] for span in spans])
    stops = np.array([span.cuts[-1] for span in spans])
    begins = np.cumsum(lengths + PAD) - lengths
    slots = np.zeros(int(begins[-1] + lengths[-1]) + PAD, dtype=np.int32)
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = within + np.repeat(begins, lengths)
    slots[places] = slot[np.concatenate([span.ids for span in spans])]
    wanted = (within >= np.repeat(starts, lengths)) & (within < np.repeat(stops, lengths))
    counts = np.array([stop - start for span in spans for start, stop in pairwise(span.cuts)])
    return slots, places[wanted], counts

"""What says that two texts translate each other: sentences matched, order, names, figures, dates, length."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.scoring.numerals import differing

if TYPE_CHECKING:
    from corpus.mining.texts import Text

MATCHED = 1.12
"""The least margin of a sentence that counts as matched."""

FEATURES = (
    "closeness", "closeness of the other", "matched", "matched of the other", "order", "figures", "names",
    "length", "days", "lead",
)  # fmt: skip
"""What the probability is made of (`Evidence.features`)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How two texts compare.

    Attributes
    ----------
    close
        The mean of the margins of the best match of each sentence, of either side.
    matched
        The share of sentences of either side whose best match has a margin of `MATCHED` or more, 0 to 1.
    order
        The share of the matched sentences that are in the order of their matches, 0 to 1; of the side that
        has more of them.
    figures, names
        The share of figures, and of names, of one that the other has, 0 to 1; None where there are too few to
        tell.
    length
        The logarithm of how many times as many characters one has as texts in the two languages usually have.
    days
        Days between their dates; None where either is not known.
    spans
        The stretch of sentences of each side that most matched ones are in, first and last; None where none
        is.
    """

    close: tuple[float, float]
    matched: tuple[float, float]
    order: float
    figures: float | None
    names: float | None
    length: float
    days: int | None
    spans: tuple[tuple[int, int] | None, tuple[int, int] | None]

    def features(self, lead: float) -> list[float]:
        """Return the numbers that `FEATURES` names.

        Parameters
        ----------
        lead
            How much closer they are than the next best candidate is to the side that is matched more.
        """
        most, least = max(self.close), min(self.close)
        known = self.days is not None
        return [
            most, least, max(self.matched), min(self.matched), self.order,
            0.0 if self.figures is None else self.figures - 0.5,
            0.0 if self.names is None else self.names - 0.5,
            min(abs(self.length), 2.0),
            min(math.log1p(self.days or 0), 6.0) - 1.0 if known else 0.0,
            max(-0.5, min(lead, 0.5)),
        ]  # fmt: skip


def compare(a: Text, b: Text, density: tuple[np.ndarray, np.ndarray], ratio: float) -> Evidence:
    """Compare two texts.

    Parameters
    ----------
    a, b
        In two languages.
    density
        Of the sentences of each (`corpus.mining.neighbours.Neighbours`).
    ratio
        How many characters of b's language stand for one of a's.
    """
    cosines = a.vectors @ b.vectors.T
    margins = cosines / np.maximum((density[0][:, None] + density[1][None, :]) / 2, 0.05)
    forward = _matches(margins[a.asked])
    backward = _matches(margins.T[b.asked])
    close = (float(forward[1].mean()), float(backward[1].mean()))
    hits = [found[1] >= MATCHED for found in (forward, backward)]
    shares = (float(hits[0].mean()), float(hits[1].mean()))
    orders = [_in_order(found[0][hit].tolist()) for found, hit in zip((forward, backward), hits, strict=True)]
    spans = (
        _span([*a.asked[hits[0]], *backward[0][hits[1]]]),
        _span([*b.asked[hits[1]], *forward[0][hits[0]]]),
    )
    lengths = [sum(map(len, text.sentences)) for text in (a, b)]
    return Evidence(
        close=close,
        matched=shares,
        order=orders[int(shares[1] > shares[0])],
        figures=_figures(a, b),
        names=_names(a, b),
        length=math.log(max(lengths[0], 1) * ratio / max(lengths[1], 1)),
        days=days_between(a, b),
        spans=spans,
    )


def _matches(margins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best match of each row, and its margin."""
    best = margins.argmax(axis=1)
    return best, np.minimum(margins[np.arange(len(margins)), best], 2.5)


def _in_order(places: list[int]) -> float:
    """Return the share of some places that are in ascending order: the longest such sequence."""
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place + 1)  # two sentences may be matched with one
        tails[at : at + 1] = [place]
    return len(tails) / len(places) if places else 0.0


def _span(places: list[int]) -> tuple[int, int] | None:
    """Return the stretch that most of some places are in: a stray match is far from the others."""
    if not places:
        return None
    first, last = np.quantile(places, (0.15, 0.85))
    return round(float(first)), round(float(last))


def _figures(a: Text, b: Text) -> float | None:
    if len(a.figures) < 2 or len(b.figures) < 2:
        return None
    only_a, only_b = differing(a.figures, b.figures)
    shares = 1 - len(only_a) / len(a.figures), 1 - len(only_b) / len(b.figures)
    return max(shares)


def _names(a: Text, b: Text) -> float | None:
    latin, other = (a, b) if a.names else (b, a)
    if len(latin.names) < 2 or not other.spelt:
        return None
    return len(latin.names & other.spelt) / len(latin.names)


def days_between(a: Text, b: Text) -> int | None:
    """Return the days between the dates of two texts, 0 where they overlap; None where one is not known."""
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return None
    return max((b.first - a.last).days, (a.first - b.last).days, 0)

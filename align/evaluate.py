"""Precision, recall and F1 of an alignment against gold, strict and lax.

The definitions are those of Vecalign's scorer (Thompson and Koehn, "Vecalign: Improved sentence
alignment in linear time and space", EMNLP 2019), which go back to Sennrich and Volk ("Iterative, MT-based
sentence alignment of parallel texts", NODALIDA 2011), so that figures can be compared with published ones.
One thing differs: the order of ids inside a side does not matter here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from align.beads import Bead

_Pair = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a number of beads were matched.

    Attributes
    ----------
    total
        Beads looked at.
    strict
        Those with both sides exactly as in the other alignment.
    lax
        Those that share with some bead of the other alignment a source and a target sentence, or
        that match strictly.
    """

    total: int = 0
    strict: int = 0
    lax: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Pool two counts."""
        return Counts(self.total + other.total, self.strict + other.strict, self.lax + other.lax)


@dataclass(frozen=True, slots=True)
class Measures:
    """Precision, recall and their harmonic mean, each 0..1 (0.0 where nothing was counted)."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Counts of an evaluation; add those of several files to pool them.

    Attributes
    ----------
    proposed
        Test beads, null beads included, looked up in gold: precision.
    expected
        Gold beads that are not null, looked up among test beads that are not null: recall.
    proposed_by_type, expected_by_type
        The same, by bead type such as ``1:2``.
    """

    proposed: Counts = Counts()
    expected: Counts = Counts()
    proposed_by_type: dict[str, Counts] = field(default_factory=dict)
    expected_by_type: dict[str, Counts] = field(default_factory=dict)

    def __add__(self, other: Scores) -> Scores:
        """Pool the counts of two files."""
        return Scores(
            self.proposed + other.proposed,
            self.expected + other.expected,
            _pool(self.proposed_by_type, other.proposed_by_type),
            _pool(self.expected_by_type, other.expected_by_type),
        )

    @property
    def strict(self) -> Measures:
        """Precision, recall and F1 under strict matching."""
        return _measures(self.proposed, self.expected, "strict")

    @property
    def lax(self) -> Measures:
        """Precision, recall and F1 under lax matching."""
        return _measures(self.proposed, self.expected, "lax")

    @property
    def types(self) -> tuple[str, ...]:
        """Every bead type seen on either side, the smallest first."""
        kinds = set(self.proposed_by_type) | set(self.expected_by_type)
        return tuple(sorted(kinds, key=lambda kind: (sum(map(int, kind.split(":"))), kind)))

    def strict_of(self, kind: str) -> Measures:
        """Strict precision over test beads, and recall over gold beads, of one type such as ``1:2``."""
        return _measures(
            self.proposed_by_type.get(kind, Counts()), self.expected_by_type.get(kind, Counts()), "strict"
        )


def evaluate(gold: Iterable[Bead], test: Iterable[Bead]) -> Scores:
    """Compare a test alignment of one file with its gold alignment.

    Gold may be partial, discontiguous or crossing. Proposed null beads count in precision, as right
    where gold has the same null bead; recall leaves null beads out on both sides. Beads empty on
    both sides, and repetitions of a bead, are ignored.

    Parameters
    ----------
    gold, test
        The beads of the same pair of files, in any order.

    Returns
    -------
    Scores
        Counts, with measures as properties. Pool files by adding: ``sum(scores, Scores())``.
    """
    gold_pairs, test_pairs = _pairs(gold), _pairs(test)
    proposed, proposed_by_type = _match(test_pairs, gold_pairs)
    expected, expected_by_type = _match(
        [pair for pair in gold_pairs if all(pair)], [pair for pair in test_pairs if all(pair)]
    )
    return Scores(proposed, expected, proposed_by_type, expected_by_type)


def _pairs(beads: Iterable[Bead]) -> list[_Pair]:
    """Beads as comparable pairs of sorted ids, each once."""
    pairs = ((tuple(sorted(bead.src)), tuple(sorted(bead.tgt))) for bead in beads)
    return list(dict.fromkeys(pair for pair in pairs if any(pair)))


def _match(looked_up: Sequence[_Pair], among: Sequence[_Pair]) -> tuple[Counts, dict[str, Counts]]:
    """Count how many of some beads are found, strictly and laxly, among others."""
    exact = set(among)
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for src, tgt in among:
        for i in src:
            partners[i].update(tgt)
    total = Counts()
    by_type: dict[str, Counts] = {}
    for pair in looked_up:
        src, tgt = pair
        strict = pair in exact
        lax = strict or any(not partners[i].isdisjoint(tgt) for i in src if i in partners)
        one = Counts(1, int(strict), int(lax))
        kind = f"{len(src)}:{len(tgt)}"
        total += one
        by_type[kind] = by_type.get(kind, Counts()) + one
    return total, by_type


def _pool(first: dict[str, Counts], second: dict[str, Counts]) -> dict[str, Counts]:
    return {kind: first.get(kind, Counts()) + second.get(kind, Counts()) for kind in first | second}


def _measures(proposed: Counts, expected: Counts, how: str) -> Measures:
    precision = getattr(proposed, how) / proposed.total if proposed.total else 0.0
    recall = getattr(expected, how) / expected.total if expected.total else 0.0
    both = precision + recall
    return Measures(precision, recall, 2 * precision * recall / both if both else 0.0)

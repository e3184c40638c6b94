from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align import Bead, Counts, Scores, evaluate, parse_beads


def test_worked_example() -> None:
    gold = parse_beads("[0]:[0]\n[1,2]:[1]\n[3]:[2,3]\n[4]:[]\n")
    test = parse_beads("[0]:[0]\n[1]:[1]\n[2]:[]\n[3]:[2,3]\n[4]:[]\n[]:[4]\n")
    scores = evaluate(gold, test)
    # Strictly right: [0]:[0], [3]:[2,3] and the null bead [4]:[], of six proposed; recall leaves nulls out.
    assert scores.strict.precision == pytest.approx(3 / 6)
    assert scores.strict.recall == pytest.approx(2 / 3)
    # [1]:[1] overlaps [1,2]:[1] on both sides.
    assert scores.lax.precision == pytest.approx(4 / 6)
    assert scores.lax.recall == pytest.approx(3 / 3)
    assert scores.strict_of("1:2").f1 == 1.0
    assert scores.strict_of("2:1").recall == 0.0
    assert scores.types == ("0:1", "1:0", "1:1", "1:2", "2:1")


def test_partial_crossing_discontiguous_gold() -> None:
    gold = parse_beads("[5]:[1]\n[0]:[4]\n[2,4]:[3]\n")
    assert evaluate(gold, gold).strict.f1 == 1.0
    scores = evaluate(gold, parse_beads("[2,3]:[3]\n[5]:[1]\n"))
    assert scores.strict.precision == 0.5
    assert scores.lax.precision == 1.0
    assert scores.lax.recall == pytest.approx(2 / 3)


def test_counts_are_pooled_not_averaged() -> None:
    right = evaluate([Bead((0,), (0,))], [Bead((0,), (0,))])
    wrong = evaluate([Bead((i,), (i,)) for i in range(3)], [Bead((i,), (i + 5,)) for i in range(3)])
    assert sum([right, wrong], Scores()).strict.precision == 0.25


def test_nothing_scores_nothing() -> None:
    assert evaluate([], []).strict.f1 == 0.0
    assert evaluate([Bead((0,), (0,))], []).lax.f1 == 0.0


def test_empty_on_both_sides_and_repeated_are_ignored() -> None:
    gold = [Bead((0,), (0,))]
    assert evaluate(gold, [Bead((), ()), *gold, *gold]).proposed.total == 1


def figures(gold: str, test: str) -> tuple[float, float, float, float]:
    """Strict precision and recall, lax precision and recall."""
    scores = evaluate(parse_beads(gold), parse_beads(test))
    return scores.strict.precision, scores.strict.recall, scores.lax.precision, scores.lax.recall


@pytest.mark.parametrize(
    ("gold", "test", "expected"),
    [
        # Null beads that are proposed count in precision, as right only if gold has the same one.
        ("[0]:[0]\n[1]:[]\n", "[0]:[0]\n[1]:[]\n", (1, 1, 1, 1)),
        ("[0]:[0]\n", "[0]:[0]\n[1]:[]\n[]:[1]\n", (1 / 3, 1, 1 / 3, 1)),
        ("[0]:[0]\n[1]:[1]\n", "[0]:[0]\n[1]:[]\n[]:[1]\n", (1 / 3, 1 / 2, 1 / 3, 1 / 2)),
        # A null bead of two sentences is none of one, not even laxly.
        ("[0]:[0]\n[1, 2]:[]\n", "[0]:[0]\n[1]:[]\n[2]:[]\n", (1 / 3, 1, 1 / 3, 1)),
        # Gold's null beads are not missed.
        ("[0]:[0]\n[1]:[]\n[]:[1]\n", "[0]:[0]\n", (1, 1, 1, 1)),
        # Gold of null beads only: nothing to recall.
        ("[0]:[]\n", "[0]:[]\n", (1, 0, 1, 0)),
        # Lax: a source and a target sentence in common with one and the same bead.
        ("[0]:[0]\n[1]:[1]\n", "[0, 1]:[0, 1]\n", (0, 0, 1, 1)),
        ("[0]:[0]\n[1]:[1]\n", "[0]:[1]\n[1]:[0]\n", (0, 0, 0, 0)),
        ("[0, 1]:[0]\n", "[0]:[0]\n[1]:[]\n", (0, 0, 1 / 2, 1)),
        # Discontiguous, crossing and partial gold; ids in any order.
        ("[2, 0]:[5]\n", "[0, 2]:[5]\n", (1, 1, 1, 1)),
        ("[0, 2]:[5]\n[1]:[4]\n", "[0]:[4]\n[1, 2]:[5]\n", (0, 0, 1 / 2, 1 / 2)),
        ("[3]:[0]\n[0]:[3]\n", "[0]:[3]\n[1]:[1]\n[2]:[2]\n[3]:[0]\n", (1 / 2, 1, 1 / 2, 1)),
        # A sentence in two gold beads; a bead that gold repeats counts once.
        ("[0]:[0]\n[0]:[1]\n[0]:[1]\n", "[0]:[1]\n", (1, 1 / 2, 1, 1 / 2)),
        # Nothing proposed, nothing expected.
        ("[0]:[0]\n", "", (0, 0, 0, 0)),
        ("", "[0]:[0]\n", (0, 0, 0, 0)),
    ],
)
def test_corner_cases(gold: str, test: str, expected: tuple[float, ...]) -> None:
    assert figures(gold, test) == pytest.approx(expected)


def test_an_empty_proposal_counts_in_the_pool() -> None:
    gold = parse_beads("[0]:[0]\n[1]:[1]\n")
    pooled = evaluate(gold, gold) + evaluate(gold, [])
    assert (pooled.strict.precision, pooled.strict.recall) == (1.0, 0.5)


def pairwise(gold: list[Bead], test: list[Bead]) -> tuple[list[int], list[int]]:
    """The definition, bead by bead: beads, strict and lax matches of what is proposed, and of what is expected."""

    def count(some: set[Bead], others: set[Bead]) -> list[int]:
        strict = sum(bead in others for bead in some)
        lax = sum(
            bead in others
            or any(set(bead.src) & set(other.src) and set(bead.tgt) & set(other.tgt) for other in others)
            for bead in some
        )
        return [len(some), strict, lax]

    kept = [{bead for bead in beads if bead.src or bead.tgt} for beads in (gold, test)]
    without = [{bead for bead in beads if not bead.is_null} for beads in kept]
    return count(kept[1], kept[0]), count(without[0], without[1])


IDS = st.lists(st.integers(0, 4), max_size=3, unique=True).map(lambda ids: tuple(sorted(ids)))
BEADS = st.lists(st.builds(Bead, IDS, IDS), max_size=8)


@given(BEADS, BEADS)
def test_counts_are_those_of_the_definition(gold: list[Bead], test: list[Bead]) -> None:
    scores = evaluate(gold, test)
    found = [[c.total, c.strict, c.lax] for c in (scores.proposed, scores.expected)]
    assert tuple(found) == pairwise(gold, test)
    by_type = sum(scores.proposed_by_type.values(), Counts()), sum(scores.expected_by_type.values(), Counts())
    assert by_type == (scores.proposed, scores.expected)


@pytest.mark.parametrize("name", ["mac-dev", "text-berg"])
def test_gold_against_itself(name: str) -> None:
    folder = Path(__file__).parents[3] / "shared" / "gold" / name / "gold"
    if not folder.is_dir():
        pytest.skip("no gold folder beside the checkout")
    for path in folder.iterdir():
        beads = parse_beads(path.read_text(encoding="utf-8"))
        assert evaluate(beads, beads).strict.f1 == 1.0

from __future__ import annotations

from pathlib import Path

import pytest

from align import Bead, Scores, evaluate, parse_beads


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


@pytest.mark.parametrize("name", ["mac-dev", "text-berg"])
def test_gold_against_itself(name: str) -> None:
    folder = Path(__file__).parents[3] / "shared" / "gold" / name / "gold"
    if not folder.is_dir():
        pytest.skip("no gold folder beside the checkout")
    for path in folder.iterdir():
        beads = parse_beads(path.read_text(encoding="utf-8"))
        assert evaluate(beads, beads).strict.f1 == 1.0

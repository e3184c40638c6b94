"""Scores are fitted to what the aligner makes unguided, whatever was set or judged wrong since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from align.training.study import Recipe
from corpus.alignment.incremental import align_workspace
from corpus.alignment.settings import workspace_scorer
from corpus.documents.pairs import workspace_pairs
from corpus.quality.corrections import set_bead
from corpus.quality.judged_beads import reviewed_beads
from corpus.quality.training import reviewed_gold, train_on_reviews
from corpus.store.workspace import Workspace
from tests.conftest import SEEDS
from tests.corpus.quality.test_corrections import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")


@pytest.fixture
def corrected(seeded: Workspace) -> Workspace:
    """Return a workspace in which a bead was judged right, one wrong, one set as it was, and one otherwise."""
    judge(seeded, 0, right=True)
    judge(seeded, 5, right=False)
    set_bead(seeded, DOC, None, "7:7")
    set_bead(seeded, DOC, None, "8,9:8")
    return seeded


def test_the_aligners_own_beads_are_judged(corrected: Workspace, built: Path) -> None:
    before = workspace_pairs(Workspace(built), [DOC])["score"].to_list()
    pairs = align_workspace(corrected, wrong=True)
    assert "1:2" not in pairs["bead"].to_list()
    marked, lost = reviewed_beads(corrected, pairs, workspace_scorer(corrected))
    assert list(marked.scores) == pytest.approx([before[k] for k in (0, 5, 6, 7, 8)])
    assert list(marked.right) == [True, False, True, False, False]
    assert (lost, marked.nulls) == (0, 0)


def test_gold_is_what_was_set_or_judged_right(corrected: Workspace) -> None:
    (example,) = reviewed_gold(corrected).examples
    assert {(bead.src, bead.tgt) for bead in example.gold} == {((0, 1), (0,)), ((7,), (7,)), ((8, 9), (8,))}
    assert (example.partial, len(example.src), len(example.tgt)) == (True, 11, 11)


def test_weights_are_trained_on_reviews_from_those_there_are(corrected: Workspace) -> None:
    before = workspace_scorer(corrected)
    held, free = (
        train_on_reviews(corrected, recipe=Recipe(strength=strength)).weights for strength in (1000.0, 1.0)
    )
    assert _moved(held.features, before.features) < 0.1 < _moved(free.features, before.features)
    assert held.encoder == before.encoder
    assert held.provenance["sets"] == ["reviews"]


def _moved(features: Mapping[str, float], before: Mapping[str, float]) -> float:
    return max(abs(value - before.get(name, 0.0)) for name, value in features.items())


def test_one_command_each_calibrates_and_trains(
    cli: Callable[..., Ran], corrected: Workspace, tmp_path: Path
) -> None:
    ran = cli("calibrate", "-o", "my.json")
    assert (ran.code, "5 beads are marked; mark at least 20" in ran.err) == (1, True)
    ran = cli("train-aligner", "-o", "my.json")
    assert ran.code == 0, ran.err
    assert cli("align", "--weights", "my.json", "-o", "aligned.tsv").code == 0
    assert cli("review", "003").out.count(" set ") == 2
    ran = cli("train-aligner", "-o", "my.json", "--src-lang", "zh")
    assert (ran.code, "a workspace knows its languages" in ran.err) == (1, True)
    ids = [line.split()[0] for line in cli("review", "--list").out.splitlines() if line[:1].isalnum()]
    assert cli("review", *(part for name in ids for part in ("--take-back", name))).code == 0
    ran = cli("train-aligner", "-o", "my.json")
    assert (ran.code, "nothing to train on" in ran.err) == (1, True)

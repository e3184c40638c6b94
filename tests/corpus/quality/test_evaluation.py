"""Scoring alignments against gold, from files and from folders."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.base.resources import seeds_dir
from corpus.ingestion.reading.document import read_document
from corpus.quality.evaluation import evaluate_files, evaluate_folder
from corpus.quality.gold import read_beads
from tests.conftest import SEEDS, Ran, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOLD = seeds_dir() / "003_ed76d6293c6aeeaa.zh-en.gold"


@pytest.fixture
def gold_set(tmp_path: Path) -> Path:
    """Make a gold set of the Xinhua item, a sentence a line."""
    english, chinese = read_document(seed_text("003"), SEEDS["003"]).versions
    folder = tmp_path / "xinhua"
    for name, version in (("src", chinese), ("tgt", english)):
        (folder / name).mkdir(parents=True)
        lines = "".join(f"{sentence.text}\n" for sentence in version.sentences)
        (folder / name / "item").write_text(lines, "utf-8")
    (folder / "gold").mkdir()
    shutil.copy(GOLD, folder / "gold" / "item")
    return folder


def test_gold_against_itself_is_perfect_and_a_change_costs(tmp_path: Path) -> None:
    assert evaluate_files(GOLD, GOLD).scores.strict.f1 == 1.0
    test = tmp_path / "test"
    test.write_text(GOLD.read_text().replace("[9]:[9]", "[9]:[]\n[]:[9]"))
    scores = evaluate_files(GOLD, test).scores
    assert (scores.strict.precision, scores.strict.recall) == (9 / 11, 9 / 10)


def test_a_gold_set_is_aligned_and_scored_with_a_signature(gold_set: Path) -> None:
    found = evaluate_folder(gold_set, src_lang="zh", tgt_lang="en")
    assert found.scores.strict.f1 == 1.0
    assert found.files == 1
    assert "encoder use " in found.signature
    assert "weights " in found.signature
    assert found.signature.endswith("set xinhua")


def test_eval_on_the_command_line(cli: Callable[..., Ran], gold_set: Path, tmp_path: Path) -> None:
    src, tgt = gold_set / "src" / "item", gold_set / "tgt" / "item"
    assert cli("align", src, tgt, "--lines", "--beads", "-o", "item.beads").code == 0
    assert read_beads(tmp_path / "item.beads") == read_beads(GOLD)
    figures = json.loads(cli("eval", GOLD, "item.beads", "--json").out)
    assert figures["strict"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert figures["types"]["1:2"]["gold"] == 1
    assert "strict" in cli("eval", gold_set).out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[0]:[0]\n[1]-[1]\n", r"test: line 2: not a bead"),
        ("[0, 0]:[0]\n", r"test: line 1: a sentence id occurs twice"),
        ("", r"test: empty file"),
    ],
)
def test_a_file_that_holds_no_beads_is_named_with_the_line(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "test").write_text(content)
    with pytest.raises(InputError, match=message):
        evaluate_files(GOLD, tmp_path / "test")


def test_a_folder_that_is_no_gold_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="src, tgt and gold"):
        evaluate_folder(tmp_path)
    with pytest.raises(InputError, match="name two of a kind"):
        evaluate_files(tmp_path, GOLD)


def test_partial_crossing_and_discontiguous_gold_is_scored(gold_set: Path, tmp_path: Path) -> None:
    gold = gold_set / "gold" / "item"
    lines = gold.read_text().splitlines()
    changed = ["[10]:[0]", "[0, 2]:[1]", *lines[3:5]]  # crossing, discontiguous, and most of it left out
    gold.write_text("\n".join(changed) + "\n")
    scores = evaluate_folder(gold_set, src_lang="zh", tgt_lang="en").scores
    assert scores.expected.total == 4
    assert scores.strict.recall == 2 / 4
    assert scores.lax.recall == 3 / 4
    assert scores.proposed.total == 10


def test_gold_of_sentences_that_are_not_there_is_refused(gold_set: Path) -> None:
    gold = gold_set / "gold" / "item"
    gold.write_text(gold.read_text() + "[11]:[10]\n")
    with pytest.raises(InputError, match=r"gold/item: line 11: there is no sentence 11"):
        evaluate_folder(gold_set)


def test_weights_have_no_say_in_files_of_beads(cli: Callable[..., Ran]) -> None:
    ran = cli("eval", GOLD, GOLD, "--weights", "shipped")
    assert ran.code == 1
    assert "--weights is for aligning DIR" in ran.err

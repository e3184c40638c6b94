"""Gold sets read from folders, and what is wrong with them named by file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from align import Bead
from corpus.base.errors import InputError
from corpus.quality.gold import read_gold, read_gold_set

if TYPE_CHECKING:
    from pathlib import Path


def write_set(folder: Path, src: str, tgt: str, gold: str, name: str = "one") -> Path:
    for part, text in (("src", src), ("tgt", tgt), ("gold", gold)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / name).write_text(text, "utf-8")
    return folder


def test_partial_crossing_and_discontiguous_gold_is_read(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "set", "a\nb\nc\nd\n", "x\ny\nz\n", "[3]:[0]\n\n[0, 2]:[1]:0.31\n")
    text = read_gold(folder, "one", src_lang="de", tgt_lang="fr")
    assert text.beads == (Bead((3,), (0,)), Bead((0, 2), (1,)))
    assert text.src.lang == "de"
    assert list(text.tgt.sentences) == ["x", "y", "z"]


def test_blank_sentences_are_taken_out_for_training(tmp_path: Path) -> None:
    folder = write_set(
        tmp_path / "set", "a\n \nb\nc\n", "x\n\ny\nz", "[0]:[0]\n[1]:[]\n[1, 2]:[1, 2]\n[3]:[3]\n"
    )
    (example,) = read_gold_set(folder).examples
    assert (example.src, example.tgt) == (("a", "b", "c"), ("x", "y", "z"))
    assert example.gold == (Bead((0,), (0,)), Bead((1,), (1,)), Bead((2,), (2,)))


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ("[0]:[0]\n\n[2]:[1]\n", r"gold/one: line 3: there is no sentence 2 in .*src/one, which has 2"),
        ("[0]:[0]\n[1]:[5]\n", r"gold/one: line 2: there is no sentence 5 in .*tgt/one"),
        ("\ufeff\n[0]:[9]\n", r"line 2: there is no sentence 9"),
        ("[0]:[0]\n0 - 1\n", r"gold/one: line 2: not a bead"),
        ("[0]:[0, 0]\n", r"gold/one: line 1: a sentence id occurs twice"),
    ],
)
def test_malformed_gold_is_named_with_its_line(tmp_path: Path, gold: str, message: str) -> None:
    folder = write_set(tmp_path / "set", "a\nb\n", "x\ny\n", gold)
    with pytest.raises(InputError, match=message):
        read_gold_set(folder)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="src, tgt and gold"):
        read_gold_set(tmp_path)
    folder = write_set(tmp_path / "set", "a\n", "x\n", "[0]:[0]\n")
    (folder / "tgt" / "one").unlink()
    with pytest.raises(InputError, match=r"tgt/one: no such file"):
        read_gold_set(folder)
    (folder / "gold" / "one").unlink()
    with pytest.raises(InputError, match="no files"):
        read_gold_set(folder)

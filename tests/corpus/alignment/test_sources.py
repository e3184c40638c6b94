"""What is dropped of two texts that are aligned does not unbalance them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.alignment.folders import BatchOptions, align_folders
from corpus.alignment.sources import read_sides
from corpus.ingestion.reading.document import read_document

if TYPE_CHECKING:
    from pathlib import Path

REFRAIN = (
    "让我们高举旗帜前进，为了祖国的繁荣富强而奋斗到底，让我们的歌声响彻云霄。",
    "Let us march on with banners held high, let us struggle to the end for the prosperity of our country, and let "
    "our songs resound to the skies; let the whole world hear us, for our cause is just and victory is ours.",
)
LONG = (
    REFRAIN[0]
    + "我们的事业是正义的，胜利一定属于我们，全世界的人民都站在我们这一边，让敌人在我们面前发抖吧。",
    REFRAIN[1] + " The peoples of the world are on our side, and may the enemy tremble before us all.",
)
LINES = (
    ("歌词", "工厂建成了。", "田野绿了。", "春天来了。"),
    (
        "The song",
        "The factory is built.",
        "The fields are green.",
        "Spring has come.",
    ),
)


def song(lines: tuple[str, ...], refrain: str) -> str:
    title, one, two, three = lines
    return "\n\n".join([title, one, refrain, two, refrain, three]) + "\n"


@pytest.mark.parametrize(("refrains", "count"), [(REFRAIN, 2), (LONG, 1)])
def test_a_refrain_is_dropped_of_both_files_or_of_neither(
    refrains: tuple[str, str], count: int, tmp_path: Path
) -> None:
    names = "zh.txt", "en.txt"
    for name, lines, refrain in zip(names, LINES, refrains, strict=True):
        (tmp_path / name).write_text(song(lines, refrain), "utf-8")
    sides = read_sides(*(tmp_path / name for name in names))
    for side, refrain in zip(sides, refrains, strict=True):
        assert "".join(side.sentences).replace(" ", "").count(refrain.replace(" ", "")) == count
    both = "Original:\n" + song(LINES[0], refrains[0]) + "Translation:\n" + song(LINES[1], refrains[1])
    versions = read_document(both, "a.txt").versions
    assert [len(version.sentences) for version in versions] == [len(side.sentences) for side in sides]


def test_repeats_of_different_paragraphs_are_dropped_of_neither(tmp_path: Path) -> None:
    zh = "\n\n".join(["歌词", LONG[0], "工厂建成了。", LONG[0], "田野绿了。", "春天来了。", "人们笑了。"])
    en = "\n\n".join(["The song", "A line.", "It is built.", LONG[1], "Green.", "Spring has come.", LONG[1]])
    for name, text in (("zh.txt", zh), ("en.txt", en)):
        (tmp_path / name).write_text(text + "\n", "utf-8")
    src, tgt = read_sides(tmp_path / "zh.txt", tmp_path / "en.txt")
    assert len(set(src.paragraphs)) == len(set(tgt.paragraphs)) == 7


def test_files_of_folders_are_read_together(tmp_path: Path) -> None:
    for folder, lines, refrain in zip(("zh", "en"), LINES, REFRAIN, strict=True):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(song(lines, refrain), "utf-8")
    align_folders(tmp_path / "zh", tmp_path / "en", tmp_path / "out", BatchOptions(beads=True, nulls=True))
    beads = (tmp_path / "out" / "a.txt").read_text("utf-8")
    assert beads == "".join(f"[{number}]:[{number}]\n" for number in range(6))

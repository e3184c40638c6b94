"""A folder of texts: whole texts, aligned lines, and a table that tells of each."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from align import Bead
from corpus.base.formulas import unguarded
from corpus.documents.pairs import all_pairs, pair_batch, without_nulls
from corpus.writers.base import write_pairs
from tests.corpus.writers.making import SOURCE, hostile, side

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace


def metadata(folder: Path) -> list[dict[str, str]]:
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_texts_are_whole_and_lines_are_aligned(seeded: Workspace, tmp_path: Path) -> None:
    batches = [all_pairs(seeded), hostile()]
    write_pairs(batches, tmp_path / "out", "texts")
    rows = metadata(tmp_path / "out")
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.txt")}
    assert {row["text"] for row in rows} == {name for name in files if not name.startswith("aligned/")}
    for row in rows:
        text = (tmp_path / "out" / row["text"]).read_text("utf-8")
        assert len(text) == int(row["characters"])
    (own,) = (row for row in rows if row["lang"] == "zh" and row["doc_id"] == "a <b> & c")
    text = (tmp_path / "out" / own["text"]).read_text("utf-8")
    assert all(sentence in text for sentence in SOURCE)  # also what is in no pair
    assert unguarded(own["author"]) == "=作者"
    assert own["author"] != "=作者"
    for batch in batches:
        for bitext in batch.bitexts():
            name = "a _b_ & c" if bitext.doc_id == "a <b> & c" else bitext.doc_id
            lines = [
                (tmp_path / "out" / f"aligned/zh-en/{name}.{lang}.txt").read_text("utf-8").split("\n")[:-1]
                for lang in ("zh", "en")
            ]
            assert len(lines[0]) == len(lines[1]) == len(without_nulls(bitext.pairs))


@pytest.mark.parametrize("doc_id", ["../../up", "/abs", "con:?*", ".", "", "长" * 300, "a\x00b\nc", "  . "])
def test_no_name_of_a_document_leads_elsewhere(tmp_path: Path, doc_id: str) -> None:
    (tmp_path / "here").mkdir()
    write_pairs([hostile(doc_id), hostile(doc_id.upper() + "2")], tmp_path / "here" / "out", "texts")
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["out"]
    assert len(list((tmp_path / "here" / "out").rglob("*.txt"))) == 8
    assert len(metadata(tmp_path / "here" / "out")) == 4


def test_names_that_a_system_takes_for_one_stay_two(tmp_path: Path) -> None:
    one = side("zh", ["甲。"]), side("en", ["A."])
    batches = [pair_batch(name, *one, [Bead((0,), (0,), 1.0)]) for name in ("A?", "a_", "A*")]
    write_pairs(batches, tmp_path / "out", "texts")
    names = [path.name.casefold() for path in (tmp_path / "out" / "zh").iterdir()]
    assert len(set(names)) == 3

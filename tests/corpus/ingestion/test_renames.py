"""Files that were renamed among known names are the documents they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.alignment.incremental import align_missing
from corpus.ingestion.ingest import ingest
from corpus.ingestion.manifest import Entry
from corpus.ingestion.renames import find_moves
from corpus.store.integrity import check
from tests.conftest import seed_text

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace


def text_of(name: str) -> str:
    return f"The article called {name} tells how the local industry of county {name} was set up that year."


@pytest.fixture(params=[500, 1], ids=["in one batch", "a batch a file"])
def folder(
    request: pytest.FixtureRequest, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return a folder of three texts, ingested."""
    monkeypatch.setattr("corpus.ingestion.ingest._BATCH_FILES", request.param)
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in "abc":
        (texts / f"{name}.txt").write_text(text_of(name))
    ingest(workspace, [texts], stated=Entry(source="A newspaper"))
    return texts


def held(workspace: Workspace) -> dict[str, tuple[str | None, str]]:
    """Return the file and the text of each document."""
    texts = workspace.scan("sentences").group_by("doc_id").agg(pl.col("text").sort_by("sentence"))
    rows = workspace.scan("documents").join(texts, on="doc_id").select("doc_id", "file", "text").collect()
    return {
        doc_id: (file and file.removeprefix("texts/"), " ".join(text)) for doc_id, file, text in rows.rows()
    }


def rename(folder: Path, **names: str) -> None:
    """Rename files all at once."""
    for old in names:
        (folder / f"{old}.txt").rename(folder / f"{old}.part")
    for old, new in names.items():
        (folder / f"{old}.part").rename(folder / f"{new}.txt")


def test_a_chain_of_renamed_files_makes_no_new_document(workspace: Workspace, folder: Path) -> None:
    rename(folder, c="d", b="c", a="b")
    report = ingest(workspace, [folder])
    assert (report.new, report.changed, sorted(report.moved)) == ([], [], ["a", "b", "c"])
    assert held(workspace) == {
        "a": ("b.txt", text_of("a")),
        "b": ("c.txt", text_of("b")),
        "c": ("d.txt", text_of("c")),
    }
    assert not any("no such file" in note for note in report.notes)
    assert check(workspace) == []
    assert sorted(ingest(workspace, [folder]).unchanged) == ["a", "b", "c"]


def test_files_that_changed_places_are_what_they_were(workspace: Workspace, folder: Path) -> None:
    (folder / "b.txt").write_text(seed_text("003"))
    ingest(workspace, [folder])
    align_missing(workspace)
    beads = workspace.table("beads")
    rename(folder, a="b", b="a")
    report = ingest(workspace, [folder])
    assert (report.new, report.changed, sorted(report.moved)) == ([], [], ["a", "b"])
    assert held(workspace)["a"] == ("b.txt", text_of("a"))
    assert held(workspace)["b"][0] == "a.txt"
    assert workspace.table("beads").equals(beads)
    sources = workspace.table("versions").filter(pl.col("relation") != "translation")["source"]
    assert sources.unique().to_list() == ["A newspaper"]  # what was stated is remembered
    assert len(ingest(workspace, [folder]).unchanged) == 3


def test_a_text_put_in_front_is_new_and_the_others_move_on(workspace: Workspace, folder: Path) -> None:
    rename(folder, c="d", b="c", a="b")
    (folder / "a.txt").write_text(text_of("x"))
    report = ingest(workspace, [folder])
    (new,) = report.new
    assert new.startswith("a~")
    assert (report.changed, sorted(report.moved)) == ([], ["a", "b", "c"])
    assert {text for _, text in held(workspace).values()} == {text_of(name) for name in "abcx"}
    assert held(workspace)[new] == ("a.txt", text_of("x"))
    assert check(workspace) == []
    assert len(ingest(workspace, [folder]).unchanged) == 4


def test_a_text_whose_place_was_taken_is_kept_until_it_is_removed(workspace: Workspace, folder: Path) -> None:
    rename(folder, a="b")
    report = ingest(workspace, [folder])
    assert (report.new, report.changed, report.moved) == ([], [], ["a"])
    assert held(workspace)["a"] == ("b.txt", text_of("a"))
    assert held(workspace)["b"] == (None, text_of("b"))
    assert any("`rm('b')`" in note for note in report.notes)
    assert check(workspace) == []
    (folder / "back.txt").write_text(text_of("b"))
    assert ingest(workspace, [folder]).moved == ["b"]
    assert held(workspace)["b"] == ("back.txt", text_of("b"))


def test_an_edited_original_of_a_copy_is_changed_not_moved(workspace: Workspace, folder: Path) -> None:
    (folder / "copy.txt").write_text(text_of("a"))
    (folder / "a.txt").write_text(text_of("a") + " And one more.")
    report = ingest(workspace, [folder])
    assert (report.new, report.changed, report.moved) == (["copy"], ["a"], [])


def test_documents_of_one_text_are_not_mixed_up(workspace: Workspace, folder: Path) -> None:
    (folder / "b.txt").write_text(text_of("a"))
    assert ingest(workspace, [folder]).changed == ["b"]
    (folder / "a.txt").unlink()
    rename(folder, c="a")
    report = ingest(workspace, [folder])
    assert report.moved == ["c"]
    assert held(workspace)["b"] == ("b.txt", text_of("a"))
    assert held(workspace)["a"] == (None, text_of("a"))


PLACES = [f"{name}.txt" for name in "abcdef"]


@given(
    st.dictionaries(st.sampled_from(PLACES), st.integers(0, 5).map(str), min_size=1),
    st.dictionaries(st.sampled_from(PLACES), st.integers(0, 7).map(str), min_size=1),
)
def test_each_document_comes_to_one_place_at_most(before: dict[str, str], now: dict[str, str]) -> None:
    known = [
        {"doc_id": place[0], "file": place, "content": content} for place, content in sorted(before.items())
    ]
    moves = find_moves(now, known, {place: None for place in PLACES if place not in now})
    contents = {row["doc_id"]: row["content"] for row in known}
    assert len(set(moves.came.values())) == len(moves.came)
    for place, doc_id in moves.came.items():
        assert now[place] == contents[doc_id]
        assert now.get(f"{doc_id}.txt") != contents[doc_id]  # it is not where it was
    for place, doc_id in moves.left.items():
        assert place == f"{doc_id}.txt"
        assert now[place] != before[place]
    # What is where it was stays there.
    assert not {place for place in now if before.get(place) == now[place]} & (
        moves.came.keys() | moves.left.keys()
    )


def test_a_place_in_another_folder_is_looked_at(workspace: Workspace, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "a.txt").rename(other / "z.txt")
    rename(folder, b="a")
    report = ingest(workspace, [other])
    assert report.moved == ["a"]
    report = ingest(workspace, [folder])
    assert report.moved == ["b"]
    assert held(workspace)["a"][1] == text_of("a")

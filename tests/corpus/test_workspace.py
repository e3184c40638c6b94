"""A workspace changes all at once or not at all."""

from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path

import pytest

from corpus import workspace as module
from corpus.errors import WorkspaceError
from corpus.ingestion import ingest_seeds, remove
from corpus.parallel import align_workspace
from corpus.search import similar
from corpus.workspace import Workspace, open_workspace


def test_reading_makes_no_folder(workspace: Workspace) -> None:
    assert workspace.table("sentences").is_empty()
    assert not workspace.path.exists()


def test_a_lazy_reading_gives_the_same_rows(seeded: Workspace, workspace: Workspace) -> None:
    assert seeded.scan("sentences").collect().equals(seeded.table("sentences"))
    assert Workspace(workspace.path / "none").scan("beads").collect().is_empty()


def test_an_error_inside_a_change_leaves_the_state_and_no_files(seeded: Workspace) -> None:
    before, files = seeded.state(), sorted(seeded.path.iterdir())

    def fail() -> None:
        with seeded.change() as change:
            change.put_table("beads", seeded.table("beads").clear())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert seeded.state() == before
    assert sorted(seeded.path.iterdir()) == files


def test_what_a_killed_process_left_is_cleared_by_the_next_change(seeded: Workspace) -> None:
    stray = seeded.path / "sentences-000099.parquet"
    stray.write_bytes(b"half a ta")
    count = len(seeded.table("sentences"))
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads"))
    assert not stray.exists()
    assert len(seeded.table("sentences")) == count


def test_a_workspace_of_another_version_is_left_alone(seeded: Workspace) -> None:
    state = seeded.path / "workspace.json"
    content = json.loads(state.read_text()) | {"format": 99}
    state.write_text(json.dumps(content))
    with pytest.raises(WorkspaceError, match="format 99"):
        ingest_seeds(seeded)
    assert json.loads(state.read_text()) == content


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}'])
def test_a_damaged_state_is_named(seeded: Workspace, content: str) -> None:
    (seeded.path / "workspace.json").write_text(content)
    with pytest.raises(WorkspaceError, match=r"workspace\.json: damaged"):
        seeded.table("sentences")


def test_damaged_and_missing_tables_are_named(seeded: Workspace) -> None:
    file = seeded.path / seeded.state().files["sentences"]
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(WorkspaceError, match=file.name):
        seeded.table("sentences")
    file.unlink()
    with pytest.raises(WorkspaceError, match=f"{file.name}: missing"):
        seeded.table("sentences")


@pytest.mark.parametrize("missing", [True, False])
@pytest.mark.parametrize("part", ["", "rows.parquet", "scores.npy", "terms.parquet"])
def test_an_index_that_is_lost_or_damaged_is_made_again(
    seeded: Workspace, part: str, *, missing: bool
) -> None:
    (name,) = (name for name in seeded.state().files if name.startswith("rows" if part else "index"))
    found = seeded.file(name)
    assert found is not None
    file = found / part if part else found
    before = similar(seeded, "local industry").hits
    file.write_bytes(file.read_bytes()[:100])
    if missing:
        file.unlink()
    assert similar(seeded, "local industry").hits.equals(before)


def test_a_folder_with_other_things_in_it_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(WorkspaceError, match="other things in it"):
        ingest_seeds(Workspace(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_files_that_are_not_ours_stay(seeded: Workspace) -> None:
    (seeded.path / "notes.txt").write_text("mine")
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads"))
    assert (seeded.path / "notes.txt").read_text() == "mine"


def test_a_pinned_workspace_reads_on_what_it_was(seeded: Workspace) -> None:
    pinned, count = seeded.pin(), len(seeded.table("beads"))
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads").clear())
    assert (len(pinned.table("beads")), len(seeded.table("beads"))) == (count, 0)


def test_built_once_and_used_again(seeded: Workspace) -> None:
    before = seeded.state()
    align_workspace(seeded)
    similar(seeded, "local industry")
    assert seeded.state() == before


def test_a_file_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="not a folder"):
        open_workspace(tmp_path / "file")


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="needs a folder that not even root can write"
)
def test_a_read_only_folder_is_named_with_a_way_out() -> None:
    with pytest.raises(WorkspaceError, match="--workspace DIR"):
        ingest_seeds(Workspace(Path("/proc/corpus")))


def test_the_variable_names_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUS_WORKSPACE", str(tmp_path / "mine"))
    assert open_workspace().path == tmp_path / "mine"
    assert open_workspace(tmp_path / "other").path == tmp_path / "other"
    monkeypatch.delenv("CORPUS_WORKSPACE")
    assert open_workspace().path == Path(".corpus")


def _hold(path: Path, held: object, release: object) -> None:
    with Workspace(path).change():
        held.set()  # type: ignore[attr-defined]
        release.wait(30)  # type: ignore[attr-defined]


def test_a_second_process_waits_and_then_says_why(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(seeded.path, held, release))
    process.start()
    try:
        assert held.wait(30)
        with pytest.raises(WorkspaceError, match="another process"):
            remove(seeded, ["000_099c89f81d734f0f"])
    finally:
        release.set()
        process.join(30)
    remove(seeded, ["000_099c89f81d734f0f"])
    assert len(seeded.table("documents")) == 4

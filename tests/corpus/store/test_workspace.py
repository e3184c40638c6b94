"""A workspace changes all at once or not at all."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.alignment.incremental import align_workspace
from corpus.base.errors import CorpusError, WorkspaceError
from corpus.ingestion.ingest import remove
from corpus.ingestion.seeds import ingest_seeds
from corpus.maintenance.repair import repair
from corpus.search.searcher import similar
from corpus.store import locking
from corpus.store.integrity import check
from corpus.store.workspace import Workspace, open_workspace


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
    stray = seeded.path / "sentences-000099-0.parquet"
    stray.write_bytes(b"half a ta")
    count = len(seeded.table("sentences"))
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads"))
    assert not stray.exists()
    assert len(seeded.table("sentences")) == count


@pytest.mark.parametrize("version", [1, 2, 4, 99, "3"])
def test_a_workspace_of_another_format_is_refused_and_left_alone(
    seeded: Workspace, version: int | str
) -> None:
    state = seeded.path / "workspace.json"
    content = json.loads(state.read_text()) | {"format": version}
    state.write_text(json.dumps(content))
    with pytest.raises(WorkspaceError, match=f"format {version}; .* another folder"):
        seeded.table("sentences")
    with pytest.raises(WorkspaceError, match=f"format {version}; "):
        ingest_seeds(seeded)
    assert json.loads(state.read_text()) == content


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 3}', '{"format": 3, "digest": 1}'])
def test_a_damaged_state_is_named(seeded: Workspace, content: str) -> None:
    (seeded.path / "workspace.json").write_text(content)
    with pytest.raises(WorkspaceError, match=r"workspace\.json: damaged"):
        seeded.table("sentences")


def test_damaged_and_missing_tables_are_named(seeded: Workspace) -> None:
    file = seeded.path / seeded.state().segments("sentences")[0].stored.file
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


def test_a_change_deletes_nothing_of_the_users_whatever_it_is_called(seeded: Workspace) -> None:
    names = ["rmrb-19580101-2.txt", "notes-000001-2.json", "sentences-195801-1.txt", "index-195801-1.json"]
    for name in names:
        (seeded.path / name).write_text("mine")
    folders = ["scans-195801-1", "rows-195801-1", "sentences-000001-1.parquet"]
    for name in folders:
        (seeded.path / name).mkdir()
        (seeded.path / name / "scan.txt").write_text("mine")
    left = ["versions-000099-1.gone.parquet", "index-000001-000099-2.faiss"]
    for name in left:
        (seeded.path / name).write_text("half an in")
    (seeded.path / "rows-000001-000099-0").mkdir()
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads"))
    assert {path.name for path in seeded.path.iterdir()} >= {*names, *folders}
    assert all((seeded.path / name / "scan.txt").read_text() == "mine" for name in folders)
    assert not any((seeded.path / name).exists() for name in [*left, "rows-000001-000099-0"])


@pytest.mark.parametrize("name", ["rmrb-19580101-2.txt", "sentences-000001-0.parquet"])
def test_a_folder_without_a_lock_is_no_killed_first_change(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(WorkspaceError, match="other things in it"):
        ingest_seeds(Workspace(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_killed_first_change_is_done_again_unless_a_text_was_put_there(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "sentences-000001-0.parquet").write_text("half a ta")
    (tmp_path / "rmrb-19580101-2.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match="other things in it"):
        ingest_seeds(Workspace(tmp_path))
    (tmp_path / "rmrb-19580101-2.txt").unlink()
    ingest_seeds(Workspace(tmp_path))
    assert not check(Workspace(tmp_path))


def test_a_pinned_workspace_is_not_changed_from(seeded: Workspace) -> None:
    pinned = seeded.pin()
    remove(seeded, ["000_099c89f81d734f0f"])
    after = seeded.state()
    with pytest.raises(ValueError, match="pinned"), pinned.change():
        pass
    assert seeded.state() == after


def test_a_reader_that_outlives_changes_is_told_so(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned = seeded.pin()
    monkeypatch.setattr("corpus.store.transaction._GRACE", 0.0)
    for _ in range(2):
        with seeded.change() as change:
            change.put_table("beads", seeded.table("beads"))
    for read in (pinned.table, pinned.scan):
        with pytest.raises(WorkspaceError, match="changed while it was read; run the command again"):
            read("beads")
    (seeded.path / seeded.state().segments("beads")[0].stored.file).unlink()
    with pytest.raises(WorkspaceError, match=r"missing.*`check\(\)`"):
        seeded.pin().table("beads")


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
    with pytest.raises(WorkspaceError, match="workspace=DIR"):
        ingest_seeds(Workspace(Path("/proc/corpus")))


def test_the_variable_names_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUS_WORKSPACE", str(tmp_path / "mine"))
    assert open_workspace().path == tmp_path / "mine"
    assert open_workspace(tmp_path / "other").path == tmp_path / "other"
    monkeypatch.delenv("CORPUS_WORKSPACE")
    assert open_workspace().path == Path(".corpus")


def test_files_and_folders_that_are_no_tables_are_put_and_dropped(workspace: Workspace) -> None:
    with workspace.change() as change:
        change.put_file("index-000001", "faiss", b"one", {"vectors": 1})
        change.new_path("index-000002", "faiss", {"vectors": 2}).write_bytes(b"two")
        folder = change.new_path("rows-000001", "", {})
        folder.mkdir()
        (folder / "part").write_text("three")
    one, two, lexical = (workspace.file(name) for name in ("index-000001", "index-000002", "rows-000001"))
    assert one is not None
    assert two is not None
    assert lexical is not None
    assert (one.read_bytes(), two.read_bytes(), (lexical / "part").read_text()) == (b"one", b"two", "three")
    assert workspace.state().about["index-000002"] == {"vectors": 2}
    with workspace.change() as change:
        change.drop_file("index-000001")
        change.put_file("index-000002", "faiss", b"2", {})
    assert workspace.file("index-000001") is None
    assert "index-000001" not in workspace.state().about
    assert one.exists()  # for those who read it still
    assert (workspace.file("index-000002") or one).read_bytes() == b"2"


def test_replaced_files_go_when_nobody_reads_them_any_more(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = seeded.file("index-000001")
    assert old is not None
    for number in range(3):
        with seeded.change() as change:
            change.put_file("index-000001", "faiss", b"%d" % number, {})
    assert old.exists()
    monkeypatch.setattr("corpus.store.transaction._GRACE", 0.0)
    with seeded.change() as change:
        change.put_file("index-000001", "faiss", b"last", {})
    assert not old.exists()
    assert len(list(seeded.path.glob("index-*"))) == 2


def test_an_interruption_after_the_change_is_made_leaves_it_whole(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("corpus.store.transaction.Change._clear", interrupt)
    with pytest.raises(KeyboardInterrupt):
        remove(seeded, ["000_099c89f81d734f0f"])
    assert len(seeded.table("documents")) == 4
    assert not check(seeded)


def test_a_state_that_was_altered_is_named_and_its_copy_restored(seeded: Workspace) -> None:
    state = seeded.path / "workspace.json"
    state.write_text(state.read_text().replace('"rows": 5', '"rows": 6'))
    with pytest.raises(WorkspaceError, match=r"check\(repair=True, workspace='"):
        seeded.table("documents")
    assert repair(seeded, check(seeded)) == ["workspace.json: restored from its copy"]
    assert len(seeded.table("documents")) == 5


def test_a_full_disk_leaves_the_state_before(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before, files = seeded.state(), sorted(seeded.path.iterdir())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CorpusError, match="No space left"):
        remove(seeded, ["000_099c89f81d734f0f"])
    monkeypatch.undo()
    assert seeded.state() == before
    assert sorted(seeded.path.iterdir()) == files


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits the size of files")
def test_a_table_that_cannot_be_written_leaves_the_state_before(seeded: Workspace, tmp_path: Path) -> None:
    before, files = seeded.state(), sorted(seeded.path.iterdir())
    # A file may grow to 2,000 bytes only: what a full disk or a quota does to a table half-way through.
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "import py3langid; py3langid.classify('It unpacks its model into a temporary file.')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))\n"
        "from corpus.cli import main; main()"
    )
    (tmp_path / "a.txt").write_text("Local industry grows. " * 200)
    command = [sys.executable, "-c", limited, "ingest", str(tmp_path / "a.txt"), "-w", str(seeded.path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "cannot write" in ran.stderr
    assert "as it was before" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert seeded.state() == before
    assert sorted(seeded.path.iterdir()) == files


def _hold(path: Path, held: object, release: object) -> None:
    with Workspace(path).change():
        held.set()  # type: ignore[attr-defined]
        release.wait(30)  # type: ignore[attr-defined]


def test_a_second_process_waits_and_then_says_why(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 0.1)
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(seeded.path, held, release))
    process.start()
    try:
        assert held.wait(30)
        with pytest.raises(WorkspaceError, match=rf"another process \({process.pid}, since 20.+: .+\)"):
            remove(seeded, ["000_099c89f81d734f0f"])
    finally:
        release.set()
        process.join(30)
    assert f"waiting for another process ({process.pid}" in caplog.text
    remove(seeded, ["000_099c89f81d734f0f"])
    assert len(seeded.table("documents")) == 4

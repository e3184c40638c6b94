"""What is damaged is named, and what can be made again is."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.alignment.incremental import align_missing
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import WorkspaceError
from corpus.base.resources import seeds_dir
from corpus.ingestion.ingest import ingest, remove
from corpus.ingestion.manifest import Entry
from corpus.maintenance.repair import repair
from corpus.reuse.reprints import reprint_groups, update_reprints
from corpus.search.searcher import similar
from corpus.store import schemas
from corpus.store.integrity import check
from corpus.store.workspace import Workspace
from tests.conftest import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

INDEX, WORDS = "index-000001", "rows-000001"
TABLES = ("documents", "versions", "sentences", "dropped", "beads")


@pytest.fixture(scope="module")
def master(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the seeds as texts of the user's, and a workspace of them, aligned and indexed."""
    folder = tmp_path_factory.mktemp("archive")
    for name in SEEDS.values():
        shutil.copy(seeds_dir() / name, folder / name)
    workspace = Workspace(folder / ".corpus")
    ingest(workspace, [folder], stated=Entry(source="A newspaper"))
    shutil.copytree(built / "embeddings", workspace.path / "embeddings")
    align_missing(workspace)
    similar(workspace, "soap")
    return folder


@pytest.fixture
def archive(master: Path, tmp_path: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(master, tmp_path / "archive")) / ".corpus")


def damage(workspace: Workspace, name: str, how: str, *, copy: bool = False) -> str:
    """Damage the file of a table, or its copy, or another; return its name."""
    state = workspace.state()
    stored = state.files[name] if name in state.files else state.segments(name)[0].stored
    if copy:
        second = state.segments(name)[0].copy
        assert second is not None
        stored = second
    path = workspace.path / stored.file
    if path.is_dir():  # the words of the index
        path /= "scores.npy"
    data = path.read_bytes()
    middle = len(data) // 2
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(
            data[:-7] if how == "truncated" else data[:middle] + b"\0\xff" * 4 + data[middle + 8 :]
        )
    return stored.file


def contents(workspace: Workspace) -> dict[str, list[dict[str, object]]]:
    return {
        name: workspace.table(name).sort("doc_id", *schemas.SCHEMAS[name].names()[1:4]).to_dicts()
        for name in TABLES
    }


def test_nothing_is_wrong_with_a_whole_workspace(archive: Workspace, workspace: Workspace) -> None:
    seen: list[tuple[int, int]] = []
    assert check(archive, progress=lambda done, total: seen.append((done, total))) == []
    count = len(seen)
    assert seen == [(number, count) for number in range(1, count + 1)]
    assert check(workspace) == []
    assert not workspace.path.exists()


@pytest.mark.parametrize(
    ("name", "how"),
    [(name, "truncated") for name in [*TABLES, INDEX, WORDS]]
    + [
        ("documents", "missing"),
        ("documents", "altered"),
        ("sentences", "altered"),
        (INDEX, "altered"),
        (WORDS, "altered"),
    ],
)
def test_a_damaged_file_is_named_and_made_again(archive: Workspace, name: str, how: str) -> None:
    before = contents(archive)
    file = damage(archive, name, how)
    faults = check(archive)
    assert [fault.file for fault in faults] == [file]
    assert ("missing" if how == "missing" else "damaged") in faults[0].reason
    repair(archive, faults)
    assert check(archive) == []
    align_missing(archive)
    assert contents(archive) == before
    similar(archive, "soap")
    assert archive.file(INDEX) is not None


@pytest.mark.parametrize("how", ["missing", "truncated", "altered"])
@pytest.mark.parametrize("copy", [False, True])
def test_what_only_the_table_of_documents_says_is_written_twice(
    archive: Workspace, how: str, *, copy: bool
) -> None:
    before, state = contents(archive), archive.state()
    for file in archive.path.parent.glob("*.txt"):
        file.unlink()  # nothing can be read again
    damaged = damage(archive, "documents", how, copy=copy)
    assert [fault.file for fault in check(archive)] == [damaged]
    assert repair(archive, check(archive)) == [f"{damaged}: taken from the other file of the same documents"]
    assert check(archive) == []
    assert (contents(archive), archive.state()) == (before, state)


def test_where_both_files_of_documents_are_lost_that_is_said(archive: Workspace) -> None:
    before = contents(archive)
    files = [damage(archive, "documents", "missing", copy=copy) for copy in (False, True)]
    faults = check(archive)
    assert sorted(fault.file for fault in faults) == sorted(files)
    assert any("ingest again" in line for line in repair(archive, faults))
    assert len(archive.table("sentences")) == len(before["sentences"])
    assert {fault.kind for fault in check(archive)} == {"incomplete"}
    ingest(archive, [archive.path.parent], stated=Entry(source="A newspaper"))
    assert check(archive) == []
    align_missing(archive)
    assert contents(archive) == before


@pytest.mark.parametrize("name", ["documents", "versions", "sentences"])
def test_of_a_document_whose_file_is_gone_what_is_left_is_kept(archive: Workspace, name: str) -> None:
    file = archive.path.parent / SEEDS["000"]
    doc_id = file.stem
    text = file.read_bytes()
    before = contents(archive)
    left = {
        table: archive.table(table).filter(pl.col("doc_id") == doc_id) for table in ("versions", "sentences")
    }
    file.unlink()
    damage(archive, name, "missing")
    if name == "documents":
        damage(archive, name, "missing", copy=True)
    done = repair(archive, check(archive))
    assert any(doc_id in line and "ingest" in line for line in done)
    assert any(fault.kind == "incomplete" and doc_id in fault.doc_ids for fault in check(archive))
    for table, rows in left.items():
        if table != name:
            assert archive.table(table).filter(pl.col("doc_id") == doc_id).equals(rows)
    file.write_bytes(text)
    ingest(archive, [archive.path.parent], stated=Entry(source="A newspaper"))
    assert check(archive) == []
    align_missing(archive)
    assert contents(archive) == before


def test_a_lost_list_of_what_is_gone_brings_nothing_back_twice(archive: Workspace) -> None:
    file = archive.path.parent / SEEDS["000"]
    file.write_text(file.read_text("utf-8") + "\nA line that was added to it.\n", "utf-8")
    ingest(archive, [file])
    before = contents(archive)
    (gone,) = [segment.gone for segment in archive.state().segments("sentences") if segment.gone is not None]
    (archive.path / gone.file).unlink()
    faults = check(archive)
    assert [fault.file for fault in faults] == [gone.file]
    repair(archive, faults)
    assert check(archive) == []
    assert contents(archive) == before


@pytest.mark.parametrize("name", ["minhashes", "reprints"])
def test_damaged_reprints_are_found_again(archive: Workspace, name: str) -> None:
    folder = archive.path.parent
    text = (folder / SEEDS["003"]).read_text("utf-8")
    (folder / "reprint.txt").write_text(text.replace("more than 1,000", "over 1,000"), "utf-8")
    ingest(archive, [folder])
    update_reprints(archive)
    before = reprint_groups(archive)
    assert len(before) > 1
    damage(archive, name, "truncated")
    repair(archive, check(archive))
    assert check(archive) == []
    update_reprints(archive)
    assert reprint_groups(archive).sort("text_id").equals(before.sort("text_id"))


def test_damaged_embeddings_are_found_and_made_again(archive: Workspace) -> None:
    (vectors,) = archive.path.glob("embeddings/*/vectors")
    data = bytearray(vectors.read_bytes())
    data[1000:1004] = b"\xff\xff\xff\x7f"
    vectors.write_bytes(bytes(data))
    (fault,) = check(archive)
    assert fault.file == f"embeddings/{vectors.parent.name}/vectors"
    repair(archive, [fault])
    assert check(archive) == []
    vectors.parent.mkdir(exist_ok=True)


def test_rows_that_do_not_fit_are_named(archive: Workspace) -> None:
    doc_id = SEEDS["001"].removesuffix(".txt")
    with archive.change() as change:
        change.hide("sentences", [doc_id])
    (fault,) = check(archive)
    assert (fault.file, fault.kind, fault.doc_ids) == ("table of documents", "rows", (doc_id,))
    repair(archive, [fault])
    assert check(archive) == []
    with archive.change() as change:
        beads = archive.table("beads")
        changed = beads.with_columns(src_ids=pl.Series([[999]] * len(beads), dtype=pl.List(pl.Int32)))
        change.put_table("beads", changed)
        sentences = archive.table("sentences")
        change.put_table("sentences", sentences.with_columns(end=pl.col("end") + 1))
    reasons = [fault.reason for fault in check(archive)]
    assert any("src sentences that are not there" in reason for reason in reasons)
    assert any("out of order" in reason for reason in reasons)


def test_what_does_not_fit_is_found_a_document_at_a_time(
    archive: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences, versions = archive.table("sentences"), archive.table("versions")
    beads = archive.table("beads")
    last = sentences["doc_id"].max()
    with archive.change() as change:
        change.put_table("beads", beads.with_columns(tgt_ids=pl.col("tgt_ids").list.eval(pl.element() + 900)))
        change.put_table("versions", pl.concat([versions, versions.filter(doc_id=last)]))
        moved = pl.when(doc_id=last).then(pl.col("end") + 1).otherwise("end")
        gap = pl.when(pl.col("sentence") > 2).then(pl.col("sentence") + 1).otherwise("sentence")
        change.put_table("sentences", sentences.with_columns(end=moved, sentence=gap))
    whole = check(archive)
    assert len({(fault.name, fault.reason.split(" ", 1)[1]) for fault in whole}) >= 5
    assert {fault.name for fault in whole} == {"beads", "versions", "sentences", "paragraphs"}
    for size in (1, 40):
        monkeypatch.setattr("corpus.store.integrity._TOGETHER", size)
        assert check(archive) == whole


def test_the_command_names_and_repairs(
    cli: Callable[..., Ran], archive: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = ("--workspace", archive.path)
    ran = cli("check", *space)
    assert (ran.code, ran.out) == (0, "")
    assert "nothing wrong" in ran.err
    file = damage(archive, "sentences", "truncated")
    for command in (["similar", "soap"], ["show"], ["status"], ["align"]):
        ran = cli(*command, *space)
        assert ran.code == 1
        assert file in ran.err
        assert "corpus check" in ran.err
        assert "Traceback" not in ran.err
    ran = cli("check", *space)
    assert ran.code == 1
    assert ran.out.startswith(f"{file}: damaged")
    assert "corpus check --repair" in ran.err
    ran = cli("check", "--repair", "--json", *space)
    assert ran.code == 0
    report = json.loads(ran.out)
    assert [fault["file"] for fault in report["faults"]] == [file]
    assert report["left"] == []
    assert cli("check", *space).code == 0


def test_a_file_altered_inside_is_no_traceback(cli: Callable[..., Ran], archive: Workspace) -> None:
    path = archive.path / archive.state().segments("sentences")[0].stored.file
    data = path.read_bytes()
    path.write_bytes(data[:4] + b"\xff" * (len(data) - 300) + data[-296:])
    ran = cli("show", "000", "--workspace", archive.path)
    assert ran.code == 1
    assert "corpus check" in ran.err
    assert "Traceback" not in ran.err


def test_the_seeds_are_repaired_from_where_they_ship(seeded: Workspace) -> None:
    before = contents(seeded)
    for name in ("documents", "sentences"):
        damage(seeded, name, "missing")
        repair(seeded, check(seeded))
        assert check(seeded) == []
        align_missing(seeded)
        assert contents(seeded) == before


def test_what_was_removed_stays_removed_by_a_repair(archive: Workspace) -> None:
    remove(archive, [SEEDS["002"].removesuffix(".txt")])
    damage(archive, "versions", "missing")
    repair(archive, check(archive))
    assert len(archive.table("documents")) == 4
    assert check(archive) == []


REMOVED = SEEDS["002"].removesuffix(".txt")


def lose_lists(workspace: Workspace, *names: str) -> None:
    """Lose the lists of the documents that are gone from some tables."""
    for name in names:
        (gone,) = [segment.gone for segment in workspace.state().segments(name) if segment.gone is not None]
        (workspace.path / gone.file).unlink()


@pytest.mark.parametrize(
    "names", [("documents",), ("documents", "versions"), ("versions", "sentences"), ("dropped",)]
)
def test_what_was_removed_stays_removed_when_lists_of_it_are_lost(
    archive: Workspace, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.store.segments._GONE", 1.0)  # else much of a small segment is written anew
    remove(archive, [REMOVED])
    before = contents(archive)
    lose_lists(archive, *names)
    done = repair(archive, check(archive))
    assert any(REMOVED in line for line in done) == ("documents" in names)
    assert not any("read again" in line for line in done)
    assert check(archive) == []
    assert contents(archive) == before


def test_where_all_lists_are_lost_the_user_is_told(
    archive: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.store.segments._GONE", 1.0)
    remove(archive, [REMOVED])
    lose_lists(archive, "documents", "versions", "sentences", "dropped")
    assert any("may be back" in line for line in repair(archive, check(archive)))
    assert check(archive) == []


def test_beads_of_a_changed_text_stay_gone_when_the_list_of_them_is_lost(
    archive: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.store.segments._GONE", 1.0)
    file = archive.path.parent / SEEDS["003"]
    text = file.read_text("utf-8")
    (file.parent / "copy.txt").write_text(text, "utf-8")
    ingest(archive, [file.parent])
    align_missing(archive)
    with archive.change() as change:  # one file of all beads
        change.put_table("beads", archive.table("beads"))
    # The same number of sentences: nothing but the list tells that the beads are of another text.
    file.write_text(text.replace("more than 1,000 local", "almost two thousand small"), "utf-8")
    assert ingest(archive, [file]).changed == [file.stem]
    assert set(archive.table("beads")["doc_id"]) == {"copy"}
    before = archive.table("beads")
    lose_lists(archive, "beads")
    repair(archive, check(archive))
    assert check(archive) == []
    after = archive.table("beads")
    assert after.filter(doc_id="copy").equals(before)
    old = before.with_columns(doc_id=pl.lit(file.stem))
    assert not after.filter(doc_id=file.stem).equals(old)  # aligned again, as it reads now


def test_where_there_is_no_workspace_the_command_says_so(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    for folder in ("texts", "nowhere"):
        for repairing in ([], ["--repair"]):
            ran = cli("check", "--workspace", folder, *repairing)
            assert (ran.code, ran.out) == (1, "")
            assert f"{folder}: no workspace there" in ran.err
    assert [path.name for path in tmp_path.rglob("*")] == ["texts"]


@pytest.mark.parametrize("how", ["altered", "missing"])
def test_lost_weights_leave_the_beads_they_made(archive: Workspace, how: str) -> None:
    mine = replace(shipped_weights(), max_block=3)
    align_missing(archive, weights=mine)
    beads = archive.table("beads")
    damage(archive, "weights", how)
    done = repair(archive, check(archive))
    assert any("align(weights=FILE)" in line for line in done)
    assert check(archive) == []
    with pytest.raises(WorkspaceError, match="weights=FILE"):
        similar(archive, "soap")  # would align with those that ship
    assert archive.table("beads").equals(beads)
    align_missing(archive, weights=mine)
    assert archive.table("beads").equals(beads)
    similar(archive, "soap")

"""Two folders, aligned file by file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corpus.alignment.folders import BatchOptions, align_folders
from corpus.alignment.journal import NAME, held_record, read_record
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError, InputError
from corpus.base.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

ZH = "这些工厂包括一百七十六个食品工厂。\n目前每个郡都建立了五个以上的地方工厂。\n"
EN = "These factories include 176 food factories.\nEach county now has more than five local factories.\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("zh", ZH), ("en", EN)):
        (tmp_path / name).mkdir()
        for item in ("one", "two"):
            (tmp_path / name / item).write_text(text, "utf-8")
    return tmp_path / "zh", tmp_path / "en"


BEADS = BatchOptions(lines=True, beads=True)


@pytest.fixture
def out(folders: tuple[Path, Path], tmp_path: Path) -> Path:
    """Return the folder of the outputs, made once, of the one pair that is left."""
    (folders[0] / "two").unlink()
    (folders[1] / "two").unlink()
    align_folders(*folders, tmp_path / "out", BEADS)
    return tmp_path / "out"


def test_one_output_a_pair(folders: tuple[Path, Path], tmp_path: Path) -> None:
    report = align_folders(*folders, tmp_path / "out", BEADS)
    assert (report.made, report.kept) == (("one", "two"), ())
    assert (tmp_path / "out" / "one").read_text() == "[0]:[0]\n[1]:[1]\n"
    (tmp_path / "out" / "two").unlink()
    report = align_folders(*folders, tmp_path / "out", BEADS)
    assert (report.made, report.remade, report.kept) == (("two",), (), ("one",))


def test_a_second_run_keeps_what_is_there(folders: tuple[Path, Path], out: Path) -> None:
    (out / "one").write_text("mine")  # of what it is to be made of, with a user's marks
    report = align_folders(*folders, out, BEADS)
    assert (report.made, report.remade, report.kept, report.left) == ((), (), ("one",), ())
    assert (out / "one").read_text() == "mine"


def test_what_was_made_of_something_else_is_made_anew(folders: tuple[Path, Path], out: Path) -> None:
    report = align_folders(*folders, out, replace(BEADS, beads=False, columns=("src", "tgt")))
    assert (report.made, report.remade, report.kept) == ((), ("one",), ())
    assert (out / "one").read_text().startswith("src\ttgt\n")
    options = replace(BEADS, weights=replace(shipped_weights(), max_block=3))
    assert align_folders(*folders, out, options).remade == ("one",)
    assert align_folders(*folders, out, options).kept == ("one",)
    (folders[1] / "one").write_text(EN + EN, "utf-8")
    assert align_folders(*folders, out, options).remade == ("one",)


def test_what_a_user_changed_is_not_overwritten(folders: tuple[Path, Path], out: Path) -> None:
    (out / "one").write_text("mine")
    report = align_folders(*folders, out, replace(BEADS, nulls=True))
    assert (report.remade, report.left) == ((), ("one",))
    assert (out / "one").read_text() == "mine"


def test_an_old_folder_without_a_record_is_left_alone(
    cli: Callable[..., Ran], folders: tuple[Path, Path], out: Path
) -> None:
    (out / NAME).unlink()
    before = (out / "one").stat().st_mtime_ns
    ran = cli("align", *folders, "-o", out, "--lines")
    assert ran.code == 0
    assert "no record of what they were made of" in ran.err
    assert "0 made, 0 kept, 1 left as they are, 0 failed" in ran.err
    assert (out / "one").stat().st_mtime_ns == before
    (out / "one").unlink()
    assert align_folders(*folders, out, BEADS).made == ("one",)


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it, and nothing is written after it."""


def align_and_be_killed(folders: tuple[Path, Path], out: Path, *, written: bool) -> None:
    """Run until right before or after the first output is written."""

    def write(path: Path, data: bytes) -> None:
        if written:
            write_atomically(path, data)
        patch.setattr("corpus.alignment.folders._store", lambda *_: {})
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corpus.alignment.folders.write_atomically", write)
        with pytest.raises(Killed):
            align_folders(*folders, out, BEADS)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("anew", [False, True], ids=["first", "anew"])
def test_what_a_killed_run_was_writing_is_known_for_its_own(
    folders: tuple[Path, Path], out: Path, *, anew: bool, written: bool
) -> None:
    if anew:
        (folders[1] / "one").write_text(EN + EN, "utf-8")
    else:
        (out / "one").unlink()
        (out / NAME).unlink()
    align_and_be_killed(folders, out, written=written)
    report = align_folders(*folders, out, BEADS)
    assert (report.kept, report.left) == (("one",) if written else (), ())
    assert align_folders(*folders, out, replace(BEADS, nulls=True)).remade == ("one",)
    assert read_record(out)["one"].before == ""


@pytest.mark.parametrize("written", [False, True])
def test_what_a_user_changed_after_a_kill_is_not_overwritten(
    folders: tuple[Path, Path], out: Path, *, written: bool
) -> None:
    (folders[1] / "one").write_text(EN + EN, "utf-8")
    align_and_be_killed(folders, out, written=written)
    (out / "one").write_text("mine")
    align_folders(*folders, out, BEADS)
    assert align_folders(*folders, out, replace(BEADS, nulls=True)).left == ("one",)
    assert (out / "one").read_text() == "mine"


def test_what_a_user_changed_after_a_failure_is_not_overwritten(
    folders: tuple[Path, Path], out: Path
) -> None:
    (folders[0] / "one").write_bytes(b"\0")
    record = read_record(out)
    assert [name for name, _ in align_folders(*folders, out, BEADS).failed] == ["one"]
    assert read_record(out) == record
    (out / "one").write_text("mine")
    (folders[0] / "one").write_text(ZH + ZH, "utf-8")
    assert align_folders(*folders, out, BEADS).left == ("one",)
    assert (out / "one").read_text() == "mine"


def test_what_a_user_changes_during_a_run_is_not_overwritten(folders: tuple[Path, Path], out: Path) -> None:
    (folders[1] / "one").write_text(EN + EN, "utf-8")

    def change(*_: int) -> None:
        (out / "one").write_text("mine")

    report = align_folders(*folders, out, BEADS, progress=change)
    assert (report.remade, report.left) == ((), ("one",))
    assert (out / "one").read_text() == "mine"


def test_an_output_that_cannot_be_written_is_named_and_its_record_kept(
    folders: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(path: Path, data: bytes) -> None:
        msg = f"cannot write {path}: no space left"
        raise CorpusError(msg)

    monkeypatch.setattr("corpus.alignment.folders.write_atomically", write)
    record = read_record(out)
    report = align_folders(*folders, out, replace(BEADS, nulls=True))
    assert report.failed == (("one", f"cannot write {out / 'one'}: no space left"),)
    assert read_record(out) == record


def test_two_runs_into_one_folder_keep_each_others_record(
    folders: tuple[Path, Path], out: Path, tmp_path: Path
) -> None:
    others = tmp_path / "zh2", tmp_path / "en2"
    for folder, text in zip(others, (ZH, EN), strict=True):
        folder.mkdir()
        (folder / "three").write_text(text, "utf-8")
    (folders[1] / "one").write_text(EN + EN, "utf-8")

    def run_other(*_: int) -> None:
        align_folders(*others, out, BEADS)

    report = align_folders(*folders, out, BEADS, progress=run_other)
    assert report.remade == ("one",)
    assert align_folders(*folders, out, BEADS).kept == ("one",)
    assert align_folders(*others, out, BEADS).kept == ("three",)


def test_a_record_that_another_process_keeps_is_named(
    folders: tuple[Path, Path], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.alignment.journal._PATIENCE", 0.0)
    before = (out / "one").read_text()
    with held_record(out), pytest.raises(CorpusError, match="another process is writing there"):
        align_folders(*folders, out, replace(BEADS, beads=False))
    assert (out / "one").read_text() == before


def test_a_damaged_record_is_named(folders: tuple[Path, Path], out: Path) -> None:
    (out / NAME).write_text("{}")
    with pytest.raises(CorpusError, match=r"\.corpus-align\.json: damaged; delete it"):
        align_folders(*folders, out, BEADS)


def test_the_results_do_not_replace_the_files(folders: tuple[Path, Path]) -> None:
    with pytest.raises(InputError, match="name another folder"):
        align_folders(*folders, folders[1], BEADS)
    assert (folders[1] / "one").read_text("utf-8") == EN


def test_what_fails_is_named_and_the_rest_is_aligned(
    cli: Callable[..., Ran], folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[0] / "one").write_bytes(b"\0")
    (folders[0] / "alone").write_text(ZH, "utf-8")
    ran = cli("align", *folders, "-o", tmp_path / "out", "--lines")
    assert ran.code == 1
    assert "skipped alone: in one of the folders only" in ran.err
    assert "one: binary file" in ran.err
    assert "1 made, 0 kept, 1 unpaired, 1 failed" in ran.err
    shown = {path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")}
    assert shown == {"two"}


def test_folders_without_a_common_name(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "three").write_text(EN)
    with pytest.raises(InputError, match="no two files have the same name"):
        align_folders(folders[0], tmp_path / "other", tmp_path / "out", BatchOptions())


def test_folders_need_a_folder_for_the_results(cli: Callable[..., Ran], folders: tuple[Path, Path]) -> None:
    ran = cli("align", *folders)
    assert ran.code == 1
    assert "with -o" in ran.err

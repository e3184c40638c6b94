"""Two folders, aligned file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.batch import BatchOptions, align_folders
from corpus.errors import InputError

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


def test_one_output_a_pair_and_a_second_run_keeps_them(folders: tuple[Path, Path], tmp_path: Path) -> None:
    options = BatchOptions(lines=True, beads=True)
    report = align_folders(*folders, tmp_path / "out", options)
    assert (report.aligned, report.kept) == (("one", "two"), ())
    assert (tmp_path / "out" / "one").read_text() == "[0]:[0]\n[1]:[1]\n"
    (tmp_path / "out" / "one").write_text("mine")
    (tmp_path / "out" / "two").unlink()
    report = align_folders(*folders, tmp_path / "out", options)
    assert (report.aligned, report.kept) == (("two",), ("one",))
    assert (tmp_path / "out" / "one").read_text() == "mine"


def test_what_fails_is_named_and_the_rest_is_aligned(
    cli: Callable[..., Ran], folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[0] / "one").write_bytes(b"\0")
    (folders[0] / "alone").write_text(ZH, "utf-8")
    ran = cli("align", *folders, "-o", tmp_path / "out", "--lines")
    assert ran.code == 1
    assert "skipped alone: in one of the folders only" in ran.err
    assert "one: binary file" in ran.err
    assert "1 aligned, 0 kept, 1 unpaired, 1 failed" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["two"]


def test_folders_without_a_common_name(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "three").write_text(EN)
    with pytest.raises(InputError, match="no two files have the same name"):
        align_folders(folders[0], tmp_path / "other", tmp_path / "out", BatchOptions())


def test_folders_need_a_folder_for_the_results(cli: Callable[..., Ran], folders: tuple[Path, Path]) -> None:
    ran = cli("align", *folders)
    assert ran.code == 1
    assert "with -o" in ran.err

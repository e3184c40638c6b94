"""Weights converted once: mapped when they can be, done without when they cannot, never half there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.base.converted import Arrays, converted
from corpus.base.resources import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

ARRAYS: Arrays = {
    "table": np.arange(12, dtype=np.uint8).reshape(3, 4),
    "head.d0": np.ones((2, 2), np.float32),
}


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CORPUS_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    return path


def no_conversion() -> Arrays:
    pytest.fail("converted again")


def assert_same(arrays: Arrays) -> None:
    assert list(arrays) == list(ARRAYS)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_the_second_call_maps_what_the_first_converted(source: Path) -> None:
    assert_same(converted("m", source, lambda: ARRAYS))
    again = converted("m", source, no_conversion)
    assert_same(again)
    assert isinstance(again["table"], np.memmap)
    assert not again["table"].flags.writeable
    assert len(list((cache_dir() / "models").iterdir())) == 1


def test_another_file_is_converted_anew(source: Path) -> None:
    converted("m", source, lambda: {"old": np.zeros(1)})
    source.write_bytes(b"other weights")
    assert_same(converted("m", source, lambda: ARRAYS))


@pytest.mark.parametrize("damage", ["names", "table.npy"])
def test_a_damaged_folder_is_written_anew(source: Path, damage: str) -> None:
    converted("m", source, lambda: ARRAYS)
    (folder,) = (cache_dir() / "models").iterdir()
    (folder / damage).write_bytes(b"") if damage != "names" else (folder / damage).unlink()
    assert_same(converted("m", source, lambda: ARRAYS))
    assert_same(converted("m", source, no_conversion))


def test_a_cache_that_cannot_be_written_is_done_without(source: Path) -> None:
    cache_dir().write_text("a file where the folder would be")
    assert_same(converted("m", source, lambda: ARRAYS))


def test_a_conversion_cut_short_leaves_nothing_behind(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "save", disk_full)
        assert_same(converted("m", source, lambda: ARRAYS))
    assert list((cache_dir() / "models").iterdir()) == []


def test_of_two_that_convert_at_once_both_have_the_arrays(source: Path) -> None:
    def while_another_does() -> Arrays:
        assert_same(converted("m", source, lambda: ARRAYS))
        return ARRAYS

    assert_same(converted("m", source, while_another_does))
    assert len(list((cache_dir() / "models").iterdir())) == 1


@pytest.mark.parametrize("how", ["negated", "not a number", "flipped", "empty names", "names"])
def test_arrays_that_were_changed_are_not_used(source: Path, how: str) -> None:
    converted("m", source, lambda: ARRAYS)
    (folder,) = (cache_dir() / "models").iterdir()
    file = folder / "head.d0.npy"
    if how == "negated":
        np.save(file, -ARRAYS["head.d0"])
    elif how == "not a number":
        np.save(file, ARRAYS["head.d0"] * np.nan)
    elif how == "flipped":
        file = folder / "table.npy"
        data = file.read_bytes()
        file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif how == "empty names":
        (folder / "names").write_text("")
    else:
        (folder / "names").write_text((folder / "names").read_text().replace("table", "tabel"))
    for _ in range(2):
        assert_same(converted("m", source, lambda: ARRAYS))
    assert_same(converted("m", source, no_conversion))


def test_a_copy_of_the_cache_is_compared_once(source: Path) -> None:
    converted("m", source, lambda: ARRAYS)
    (folder,) = (cache_dir() / "models").iterdir()
    os.utime(folder / "table.npy", ns=(1, 1))
    before = (folder / "names").read_bytes()
    assert_same(converted("m", source, no_conversion))
    assert (folder / "names").read_bytes() != before

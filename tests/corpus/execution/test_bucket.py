"""Shards whose results are in an object store, without a folder that workers and the command share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import CorpusError, InputError
from corpus.execution.bucket import ABOUT, VARIABLE, Bucket
from corpus.execution.executor import Inline
from corpus.execution.processes import Processes
from corpus.execution.shards import done_shards
from tests.corpus.execution.test_shards import (
    Ahead,
    Twice,
    archive,
    done,
    numbers,
    small_shards,
    square,
    squares,
)

if TYPE_CHECKING:
    from pathlib import Path

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install 'duizhao[ray]'")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> object:
    """Have results in a store of this process's memory."""
    done.clear()
    monkeypatch.setenv(VARIABLE, "memory://results/")
    store = fsspec.filesystem("memory")
    store.store.clear()
    return store


def names(files: object) -> list[str]:
    return sorted(files.store)  # type: ignore[attr-defined]


def test_results_go_there_and_are_gone_when_they_are_taken(files: object, tmp_path: Path) -> None:
    results = done_shards(Ahead(), tmp_path / "square", square, numbers(3, 1, 2))
    assert next(results)[1]["square"]["square"].item() == 9
    assert len([name for name in names(files) if name.endswith(ABOUT)]) == 3
    assert all(name.startswith("/results/square/") for name in names(files))
    assert [result["square"]["square"].item() for _, result in results] == [1, 4]
    assert names(files) == []
    assert not list(tmp_path.iterdir())


def test_what_is_whole_is_not_done_again_and_what_is_not_is(files: object, tmp_path: Path) -> None:
    begun = done_shards(Ahead(), tmp_path / "square", square, numbers(*range(4)))
    next(begun)
    del begun
    assert done == [0, 1, 2]
    kept = [name for name in names(files) if numbers(1)[0].digest in name]
    del files.store[next(name for name in kept if name.endswith(ABOUT))]  # type: ignore[attr-defined]
    damaged = next(name for name in names(files) if numbers(2)[0].digest in name and name.endswith("square"))
    files.pipe_file(damaged, b"damaged")  # type: ignore[attr-defined]
    assert squares(tmp_path / "square", *range(4)) == [0, 1, 4, 9]
    assert sorted(done) == [0, 1, 1, 2, 2, 3]


def test_the_result_is_one_process_s(files: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_shards(monkeypatch)
    found = archive(tmp_path / "sharded", Twice())
    assert names(files) == []
    monkeypatch.delenv(VARIABLE)
    assert found == archive(tmp_path / "whole", None)


def test_processes_bring_results_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, (tmp_path / "results").as_uri())
    results = done_shards(Processes(2), tmp_path / "square", square, numbers(*range(5)))
    assert [result["square"]["square"].item() for _, result in results] == [0, 1, 4, 9, 16]
    assert not any(path.is_file() for path in (tmp_path / "results").rglob("*"))
    assert not (tmp_path / "square").exists()


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("s4://bucket", InputError, "DUIZHAO_SHARDS: s4://bucket/square: Protocol not known: s4"),
        ("oci://bucket", CorpusError, "DUIZHAO_SHARDS: oci://bucket/square needs a package: .*ocifs"),
        ("file:///dev/null/x", CorpusError, "DUIZHAO_SHARDS: file:///dev/null/x/square: .*Not a directory"),
    ],
)
def test_a_store_that_cannot_be_had_is_said(
    url: str, error: type[CorpusError], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(error, match=message):
        next(done_shards(Inline(), tmp_path / "square", square, numbers(1, 2)))


def test_a_bucket_is_called_by_its_address() -> None:
    assert str(Bucket("s3://bucket/x")) == "s3://bucket/x"

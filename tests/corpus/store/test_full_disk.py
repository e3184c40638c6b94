"""A disk that is full at any moment: the state before or after, said so, and nothing called damage."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import faiss
import numpy as np
import polars as pl
import pytest

from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError, CorpusWarning
from corpus.ingestion.ingest import ingest, remove
from corpus.maintenance.repair import check
from corpus.search.index.builder import update_index
from corpus.store.schemas import SCHEMAS
from corpus.store.workspace import Workspace
from tests.align.chronicle import chronicle
from tests.corpus.encoders.test_embedding_cache import HashEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Disk:
    """What is written to a folder, and when the disk is full: with the write of this number, and all after it."""

    folder: Path
    full_at: int | None = None
    writes: int = 0
    seen: list[str] = field(default_factory=list)

    def is_full(self, what: str, path: object) -> bool:
        """Count a write; return whether it fails."""
        if not str(path).startswith(str(self.folder)):
            return False
        self.writes += 1
        self.seen.append(f"{what} {Path(str(path)).name}")
        return self.full_at is not None and self.writes >= self.full_at


def no_space(path: object = None) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path and str(path))


class Opened:
    """A file that is open for writing."""

    def __init__(self, file: IO[Any], disk: Disk, path: Path) -> None:
        self._file, self._disk, self._path = file, disk, path

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: Any) -> int:  # noqa: ANN401
        if self._disk.is_full("write", self._path):
            self._file.write(data[: len(data) // 2])
            self._file.flush()
            raise no_space()
        return self._file.write(data)


@contextmanager
def filling(disk: Disk) -> Iterator[None]:  # noqa: C901 - one short function for each that writes
    """Let a disk be full for all that writes: Python's files, and those of the libraries, half of them written."""
    opened, fdopen, save, sink, index = (
        Path.open,
        os.fdopen,
        np.save,
        pl.LazyFrame.sink_parquet,
        faiss.write_index,
    )
    moved, fsync, made, mkstemp = Path.replace, os.fsync, Path.mkdir, tempfile.mkstemp

    def open_(path: Path, mode: str = "r", *args: Any, **named: Any) -> Any:  # noqa: ANN401
        if set(mode) <= set("rbt"):
            return opened(path, mode, *args, **named)
        if not path.exists() and disk.is_full("make", path):
            raise no_space(path)
        return Opened(opened(path, mode, *args, **named), disk, path)

    def write_bytes(path: Path, data: bytes) -> int:
        with open_(path, "wb") as file:
            return int(file.write(data))

    def write_text(path: Path, data: str, encoding: str = "utf-8", errors: str = "strict") -> int:
        return write_bytes(path, data.encode(encoding, errors))

    def fdopen_(handle: int, *args: Any, **named: Any) -> Any:  # noqa: ANN401
        return Opened(fdopen(handle, *args, **named), disk, Path(f"/proc/self/fd/{handle}").readlink())

    def write_whole(
        what: str, error: Callable[[object], Exception], write: Callable[..., Any]
    ) -> Callable[..., Any]:
        def wrote(thing: Any, path: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401
            if first := what == "np.save":
                thing, path = path, thing
            if disk.is_full(what, path):
                write(*((path, thing) if first else (thing, path)), *args, **named)
                data = Path(path).read_bytes()
                with opened(Path(path), "wb") as file:
                    file.write(data[: len(data) // 2])
                raise error(path)
            return write(*((path, thing) if first else (thing, path)), *args, **named)

        return wrote

    def failing(what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401
            if what == "mkdir" and path.exists():
                return call(path, *args, **named)
            where = Path(f"/proc/self/fd/{path}").readlink() if what == "fsync" else path
            if disk.is_full(what, where):
                raise no_space(where)
            return call(path, *args, **named)

        return called

    def mkstemp_(*args: Any, **named: Any) -> Any:  # noqa: ANN401
        if disk.is_full("mkstemp", named["dir"]):
            raise no_space(named["dir"])
        return mkstemp(*args, **named)

    def of_polars(_: object) -> Exception:
        return pl.exceptions.ComputeError(
            "parquet: underlying IO error: No space left on device (os error 28)"
        )

    def of_faiss(path: object) -> Exception:
        return RuntimeError(
            f"Error: 'ret == (size * 4)' failed: write error in {path} (No space left on device)"
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_)
        patch.setattr(Path, "write_bytes", write_bytes)
        patch.setattr(Path, "write_text", write_text)
        patch.setattr(Path, "replace", failing("replace", moved))
        patch.setattr(Path, "mkdir", failing("mkdir", made))
        patch.setattr(os, "fsync", failing("fsync", fsync))
        patch.setattr(os, "fdopen", fdopen_)
        patch.setattr(tempfile, "mkstemp", mkstemp_)
        patch.setattr(np, "save", write_whole("np.save", no_space, save))
        patch.setattr(pl.LazyFrame, "sink_parquet", write_whole("sink", of_polars, sink))
        patch.setattr(faiss, "write_index", write_whole("faiss", of_faiss, index))
        yield


def content(workspace: Workspace) -> dict[str, Any]:
    """Return what a workspace's tables hold, and what of its index counts."""
    held = {name: workspace.table(name).rows() for name in SCHEMAS}
    about = workspace.state().about.get("removed", {})
    return held | {"indexed": about.get("sentences"), "files": sorted(workspace.state().files)}


def write_texts(folder: Path, numbers: range) -> None:
    events = chronicle(12, seed=8)
    for number in numbers:
        two = events[2 * number : 2 * number + 2]
        text = "".join(event.zh for event in two) + "\n\n" + " ".join(event.en for event in two)
        (folder / f"t{number}.txt").write_text(text, "utf-8")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return folders of texts and a workspace, each what one command is about to be run in."""
    folder = tmp_path_factory.mktemp("full")
    first, found = folder / "ingest", {}
    first.mkdir()
    write_texts(first, range(2))
    for name, step in STEPS.items():
        found[name] = folder / name
        if name == "ingest more":
            write_texts(found[name], range(2, 4))
            (found[name] / "t0.txt").write_text("又一篇。\n\nAnother one.", "utf-8")
        after = {**dict(zip(STEPS, list(STEPS)[1:], strict=False)), list(STEPS)[-1]: "end"}[name]
        shutil.copytree(found[name], folder / after)
        step(folder / after)
        found[f"after {name}"] = folder / after
    return found


def _index(folder: Path) -> None:
    update_index(Workspace(folder / ".corpus"), HashEncoder())


STEPS: dict[str, Callable[[Path], object]] = {
    "ingest": lambda folder: ingest(Workspace(folder / ".corpus"), [folder]),
    "align": lambda folder: align_missing(Workspace(folder / ".corpus")),
    "index": _index,
    "ingest more": lambda folder: ingest(Workspace(folder / ".corpus"), [folder]),
    "index more": _index,
    "remove": lambda folder: remove(Workspace(folder / ".corpus"), ["t1"]),
    "index less": _index,
}


@pytest.fixture(autouse=True)
def _not_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing wait for the disk: what is synced is counted, and fails where it is full, all the same.

    Models are kept beside workspaces, and to compare them each time would take longer than all else.
    """
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr("corpus.maintenance.repair.damaged_models", list)


@pytest.mark.parametrize("step", ["ingest", "align", "index more", "remove"])
def test_a_full_disk_leaves_the_state_before_or_after(
    stages: dict[str, Path], tmp_path: Path, step: str
) -> None:
    before, after = (content(Workspace(stages[name] / ".corpus")) for name in (step, f"after {step}"))
    assert before != after
    count, refused = 1, 0
    while True:
        folder = Path(shutil.copytree(stages[step], tmp_path / f"{count}"))
        disk = Disk(folder / ".corpus", count)
        said = ""
        with filling(disk), warnings.catch_warnings():
            warnings.simplefilter("error", CorpusWarning)
            try:
                STEPS[step](folder)
            except CorpusError as error:
                said = str(error)
        where = f"full at {count}: {disk.seen[-1:]}: {said}"
        workspace = Workspace(folder / ".corpus")
        found = content(workspace)
        assert found in (before, after), where
        if said:
            refused += 1
            assert found == before, where
            assert "No space left on device" in said, where
            assert "damage" not in said, where
        else:
            assert found == after, where
        assert check(workspace) == [], where
        STEPS[step](folder)
        assert content(workspace) == after, where
        shutil.rmtree(folder)
        if disk.writes < count:
            break
        count += 1
    assert refused > 5

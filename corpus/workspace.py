"""A workspace: the tables and the index of a corpus, in one folder, changed all at once or not at all.

The folder holds a file a table, named after the change that wrote it, and `workspace.json`, which says
which of them are current. A change writes new files beside the old ones and then replaces
`workspace.json` in one step, so that a reader, or the next run after a crash, sees the state before the
change or after it, never between.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import polars as pl

from corpus import tables
from corpus.errors import WorkspaceError
from corpus.files import atomic_writer, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 1
FOLDER = ".corpus"
EMBEDDINGS = "embeddings"
"""The folder inside a workspace where vectors are kept, to be used again (`corpus.embedding_cache`)."""

VARIABLE = "CORPUS_WORKSPACE"

_STATE = "workspace.json"
_LOCK = "lock"
_OURS = re.compile(
    r"\.?[a-z]+(?:-[a-z0-9]+)*-\d{6}(?:\.(?:parquet|faiss)(?:\..*\.part)?)?|\.workspace\.json\..*\.part"
)
_PATIENCE = 60.0  # seconds to wait for another process


@dataclass(frozen=True, slots=True)
class State:
    """What `workspace.json` says: the current file of each table, and the index.

    `files` maps a table's name, or ``index``, to a file name; `about` what was noted with it.
    """

    change: int = 0
    files: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A handle on a workspace's folder, which need not exist yet.

    Attributes
    ----------
    path
        The folder.
    pinned
        The state that is read, whatever is current by now; None follows changes.
    """

    path: Path
    pinned: State | None = None

    def pin(self) -> Workspace:
        """Return a handle that goes on reading what is current now, so that tables fit each other.

        The files of a state are kept until the next change but one.
        """
        return Workspace(self.path, self.state())

    def state(self) -> State:
        """Read what is current (WorkspaceError if that is damaged or of another version)."""
        if self.pinned is not None:
            return self.pinned
        file = self.path / _STATE
        try:
            content = json.loads(file.read_text("utf-8"))
            version = content["format"]
            state = (
                State(content["change"], content["files"], content["about"]) if version == FORMAT else None
            )
        except FileNotFoundError:
            return State()
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{file}: damaged or unreadable ({error}); move the folder away and ingest again"
            raise WorkspaceError(msg) from None
        if state is None:
            msg = (
                f"{self.path}: a workspace of format {version}; this version of the toolkit reads format "
                f"{FORMAT}. Use the version that wrote it, or another folder: --workspace DIR"
            )
            raise WorkspaceError(msg)
        return state

    def table(self, name: str) -> pl.DataFrame:
        """Read a table (`corpus.tables`), without rows where nothing was written yet."""
        for _ in range(2):  # a change that ends between the two reads takes the old file away
            file = self.state().files.get(name)
            if file is None:
                return tables.empty(name)
            try:
                return pl.read_parquet(self.path / file)
            except FileNotFoundError:
                continue
            except (OSError, pl.exceptions.PolarsError) as error:
                msg = f"{self.path / file}: damaged or unreadable: {error}"
                raise WorkspaceError(msg) from None
        msg = f"{self.path / str(file)}: missing; move the workspace away and ingest again"
        raise WorkspaceError(msg)

    def scan(self, name: str) -> pl.LazyFrame:
        """Read a table lazily: what a query does not need of it is not read."""
        file = self.state().files.get(name)
        return tables.empty(name).lazy() if file is None else pl.scan_parquet(self.path / file)

    def file(self, name: str) -> Path | None:
        """Return the current file of something that is no table, e.g. ``index``; None if there is none."""
        current = self.state().files.get(name)
        return None if current is None else self.path / current

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Collect a change, and make it current when the block ends without an error.

        Raises
        ------
        WorkspaceError
            If the folder cannot be made or written, or another process keeps it locked.
        """
        self._refuse_foreign_folder()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.path / _LOCK, timeout=_PATIENCE)
            lock.acquire()
        except filelock.Timeout:
            msg = f"{self.path}: another process is changing this workspace; try again when it has ended"
            raise WorkspaceError(msg) from None
        except (OSError, NotImplementedError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            msg = f"cannot write the workspace {self.path}: {reason}; name another folder: --workspace DIR"
            raise WorkspaceError(msg) from None
        try:
            change = Change(self.path, self.state())
            try:
                yield change
            except BaseException:
                change.discard()
                raise
            change.commit()
        finally:
            lock.release()

    def _refuse_foreign_folder(self) -> None:
        if not self.path.is_dir() or (self.path / _STATE).exists():
            return
        # A first change that was killed leaves files, but no state.
        if any(not _is_ours(file.name) for file in self.path.iterdir()):
            msg = (
                f"{self.path}: a folder with other things in it; name an empty or a new one: --workspace DIR"
            )
            raise WorkspaceError(msg)


def _is_ours(name: str) -> bool:
    return name in {_STATE, _LOCK, EMBEDDINGS} or _OURS.fullmatch(name) is not None


class Change:
    """New files of a workspace that are not current yet."""

    def __init__(self, path: Path, before: State) -> None:
        self._path = path
        self._before = before
        self._files: dict[str, str] = {}
        self._about: dict[str, Any] = {}
        self._dropped: set[str] = set()

    @property
    def before(self) -> State:
        """The state that this change starts from."""
        return self._before

    def put_table(self, name: str, table: pl.DataFrame) -> None:
        """Write a table's new content."""
        file = self._new_file(name, "parquet")
        with atomic_writer(file) as handle:
            table.cast(dict(tables.SCHEMAS[name].items())).write_parquet(handle)
        self._files[name] = file.name

    def put_file(self, name: str, suffix: str, data: bytes, about: dict[str, Any]) -> None:
        """Write something that is no table, and note what it is."""
        file = self._new_file(name, suffix)
        write_atomically(file, data)
        self._files[name] = file.name
        self._about[name] = about

    def new_path(self, name: str, suffix: str, about: dict[str, Any]) -> Path:
        """Return where to write a file, or make a folder (no suffix), that is no table; note what it is."""
        file = self._new_file(name, suffix)
        self._files[name] = file.name
        self._about[name] = about
        return file

    def drop_file(self, name: str) -> None:
        """Let go of something that is no table; unknown names are passed over."""
        self._dropped.add(name)

    def commit(self) -> None:
        """Make the new files current, then remove those that nobody can be reading any more."""
        if not self._files and not self._dropped:
            return
        kept_files = {name: file for name, file in self._before.files.items() if name not in self._dropped}
        kept_about = {name: about for name, about in self._before.about.items() if name not in self._dropped}
        files = kept_files | self._files
        content = {
            "format": FORMAT,
            "change": self._before.change + 1,
            "files": files,
            "about": kept_about | self._about,
        }
        write_atomically(self._path / _STATE, json.dumps(content, indent=1).encode())
        # A reader may still be at the state before; older files go, and what a killed process left.
        kept = {*files.values(), *self._before.files.values(), _STATE, _LOCK}
        for file in self._path.iterdir():
            if file.name not in kept and file.name != EMBEDDINGS and _is_ours(file.name):
                _remove(file)

    def discard(self) -> None:
        """Remove the new files."""
        for name in self._files.values():
            _remove(self._path / name)

    def _new_file(self, name: str, suffix: str) -> Path:
        dot = "." if suffix else ""
        return self._path / f"{name}-{self._before.change + 1:06d}{dot}{suffix}"


def _remove(file: Path) -> None:
    if file.is_dir():
        shutil.rmtree(file, ignore_errors=True)
    else:
        file.unlink(missing_ok=True)


def open_workspace(path: Path | str | None = None) -> Workspace:
    """Return the workspace at a path, else at `CORPUS_WORKSPACE`, else at `.corpus` in this folder.

    Raises
    ------
    WorkspaceError
        If there is something else than a folder.
    """
    folder = Path(path or os.environ.get(VARIABLE) or FOLDER).expanduser()
    if folder.exists() and not folder.is_dir():
        msg = f"{folder}: not a folder, so no workspace"
        raise WorkspaceError(msg)
    return Workspace(folder)

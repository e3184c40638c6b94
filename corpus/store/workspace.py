"""A workspace: the tables and the index of a corpus, in one folder, changed all at once or not at all.

The folder holds the segments of each table (`corpus.store.segments`), each named after the change that wrote
it, and `workspace.json`, which says which of them are current (`corpus.store.state`). A change writes new
files beside the old ones and then replaces `workspace.json` in one step, so that a reader, or the next run
after a crash, sees the state before the change or after it, never between.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.base.errors import WorkspaceError
from corpus.store import segments
from corpus.store.locking import HOLDER, LOCK, locked
from corpus.store.state import COPY, NAME, State, holds_reviews, read_state
from corpus.store.transaction import Change, is_written
from corpus.store.verified import NAME as VERIFIED
from corpus.store.verified import ensure_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

FOLDER = ".corpus"
EMBEDDINGS = "embeddings"
"""The folder inside a workspace where vectors are kept, to be used again."""

SHARDS = "shards"
"""The folder of results of workers that are not committed yet; what is in it can be made again."""

TEXTS = "texts"
"""The folder inside a workspace for texts that came without a file (`corpus.ingestion.kept_texts`)."""

REFUSED = "refused.tsv"
"""Pairs of documents that are no translations of each other (`corpus.mining.refusals`)."""

EDITABLE = frozenset({"variants.toml", "lexicon.tsv", "dictionary.txt", "queries", REFUSED, TEXTS})
"""What inside a workspace the user may put there or edit."""

VARIABLE = "CORPUS_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A handle on a workspace's folder, which need not exist yet.

    Attributes
    ----------
    path
        The folder.
    pinned
        The state that is read, whatever is current by now; None follows changes.
    named
        Whether the user named the folder. One that was named and is empty is a slip, not a wish for the
        seeds.
    """

    path: Path
    pinned: State | None = None
    named: bool = False

    def exists(self) -> bool:
        """Tell whether a workspace was made in the folder, damaged or not."""
        return any((self.path / name).exists() for name in (NAME, COPY)) or holds_reviews(self.path)

    def pin(self) -> Workspace:
        """Return a handle that goes on reading what is current now, so that tables fit each other.

        The files of a state are kept until the next change but one, and for two minutes at least.
        """
        return replace(self, pinned=self.state())

    def state(self) -> State:
        """Read what is current (WorkspaceError if that is damaged or of another version)."""
        return self.pinned if self.pinned is not None else read_state(self.path)

    def table(self, name: str) -> pl.DataFrame:
        """Read a whole table (`corpus.store.schemas`), without rows where nothing was written yet.

        Rows of a document stand together and in order; documents stand in no particular order.
        """
        try:
            return segments.read(self.scan(name), f"{self.path}, table of {name}")
        except WorkspaceError as error:
            self._say_if_outlived(error)
            raise

    def scan(self, name: str) -> pl.LazyFrame:
        """Read a table lazily: what a query does not need of it is not read.

        Raises
        ------
        WorkspaceError
            If a file of the table is missing, or is not what was written; or was taken away because the
            workspace was changed again and again since it was pinned.
        """
        state = self.state()
        try:
            return segments.scan(self.path, name, state.segments(name))
        except WorkspaceError as error:
            self._say_if_outlived(error)
            # A change that ends between the two readings may take the old files away.
            if self.pinned is None and (now := read_state(self.path)) != state:
                return segments.scan(self.path, name, now.segments(name))
            raise

    def _say_if_outlived(self, error: WorkspaceError) -> None:
        """Raise another error where a file is missing because later changes did away with it."""
        if self.pinned is None or not isinstance(error.__cause__, FileNotFoundError):
            return
        if read_state(self.path).change > self.pinned.change:
            raise WorkspaceError(
                f"{self.path}: the workspace was changed while it was read; run the command again"
            ) from error

    def file(self, name: str) -> Path | None:
        """Return the current file of something that is no table, e.g. ``index``; None if there is none."""
        current = self.state().files.get(name)
        return None if current is None else self.path / current.file

    def whole_file(self, name: str) -> Path | None:
        """Return what `file` does, after it was compared with its checksum where it may have changed.

        Raises
        ------
        WorkspaceError
            If it is missing, or not what was written.
        """
        current = self.state().files.get(name)
        if current is None:
            return None
        ensure_whole(self.path, current)
        return self.path / current.file

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Collect a change, and make it current when the block ends without an error.

        Raises
        ------
        WorkspaceError
            If the folder cannot be made or written, or another process keeps it locked.
        ValueError
            If the handle is pinned: what it reads may be old, and later changes would be lost.
        """
        if self.pinned is not None:
            raise ValueError(
                f"{self.path}: this handle is pinned; to change the workspace, take one that is not"
            )
        with self.locked():
            change = Change(self.path, self.state())
            try:
                yield change
                change.commit()
            except BaseException:
                change.discard()
                raise

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder if need be, and keep all others from changing what is in it until the block ends.

        Raises
        ------
        WorkspaceError
            If the folder cannot be made or written, holds other things than a workspace, or another process
            keeps it locked.
        """
        self._refuse_foreign_folder()
        with ExitStack() as stack:
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                stack.enter_context(locked(self.path))
            except (OSError, NotImplementedError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                raise WorkspaceError(
                    f"cannot write the workspace {self.path}: {reason}; name another folder: `workspace=DIR`"
                ) from None
            yield

    def shards(self, stage: str) -> Path:
        """Return the folder for results of a stage that are not committed yet (`corpus.execution.shards`).

        Raises
        ------
        WorkspaceError
            If the workspace's folder holds other things than one.
        """
        self._refuse_foreign_folder()
        return self.path / SHARDS / stage

    def _refuse_foreign_folder(self) -> None:
        if not self.path.is_dir() or (self.path / NAME).exists():
            return
        ours = {NAME, COPY, LOCK, HOLDER, VERIFIED, EMBEDDINGS, SHARDS} | EDITABLE
        others = [file for file in self.path.iterdir() if file.name not in ours]
        # A first change that was killed leaves its lock and files, but no state.
        if others and not ((self.path / LOCK).is_file() and all(map(is_written, others))):
            raise WorkspaceError(
                f"{self.path}: a folder with other things in it; name an empty or a new one: `workspace=DIR`"
            )


def open_workspace(path: Path | str | None = None) -> Workspace:
    """Return the workspace at a path, else at `CORPUS_WORKSPACE`, else at `.corpus` in this folder.

    Raises
    ------
    WorkspaceError
        If there is something else than a folder.
    """
    named = path or os.environ.get(VARIABLE)
    folder = Path(named or FOLDER).expanduser()
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder}: not a folder, so no workspace")
    return Workspace(folder, named=bool(named))

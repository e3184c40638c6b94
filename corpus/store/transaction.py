"""A change of a workspace: new files beside the old ones, made current in one step or not at all."""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import WorkspaceError
from corpus.store import schemas, segments
from corpus.store.state import TWICE, Segment, State, measure, read_state, verify, write_state
from corpus.store.verified import note_whole

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

# A file is named after what it holds, the change that wrote it and its number there.
# The names are spelt out, because what bears one is deleted when it is not current: texts must not match.
_TABLES = "|".join(schemas.SCHEMAS)
_CHANGE = r"\d{6,}-\d+"
_FILE = re.compile(
    rf"(?:{_TABLES})-{_CHANGE}(?:\.gone|\.copy)?\.parquet"
    rf"|(?:removed|wordcounts)-{_CHANGE}\.parquet"
    rf"|index-\d{{6,}}-{_CHANGE}\.(?:faiss|json)"
    rf"|lexicon-[a-z]{{2,3}}-[a-z]{{2,3}}-{_CHANGE}\.lexicon"
    rf"|weights-{_CHANGE}\.json"
    rf"|pairing-[a-z]{{2,3}}-[a-z]{{2,3}}-{_CHANGE}\.npz"
    rf"|(?:reviews|links)-{_CHANGE}\.jsonl"
)
_FOLDER = re.compile(rf"(?:rows|buckets)-\d{{6,}}-{_CHANGE}")
_UNFINISHED = re.compile(r"\.workspace\.json\..*\.part")
_GRACE = 120.0  # seconds that a replaced file is kept for those who are reading it


def is_written(path: Path) -> bool:
    """Tell whether something in a workspace's folder is what a change wrote, or began to."""
    patterns = (_FOLDER,) if path.is_dir() else (_FILE, _UNFINISHED)
    return any(pattern.fullmatch(path.name) for pattern in patterns)


class Change:
    """New files of a workspace that are not current yet."""

    def __init__(self, path: Path, before: State) -> None:
        self._path = path
        self._before = before
        self._tables: dict[str, list[Segment]] = {name: list(table) for name, table in before.tables.items()}
        self._files = dict(before.files)
        self._about = dict(before.about)
        self._promised: dict[str, Path] = {}
        self._written: list[Path] = []

    @property
    def before(self) -> State:
        """The state that this change starts from."""
        return self._before

    def add(self, name: str, rows: pl.DataFrame) -> None:
        """Add rows to a table, of documents that it does not hold (any more)."""
        if rows.is_empty():
            return
        lazy = rows.cast(dict(schemas.SCHEMAS[name].items())).lazy()
        self._tables.setdefault(name, []).append(self._segment(name, lazy, len(rows)))

    def hide(self, name: str, doc_ids: Iterable[str]) -> None:
        """Take the rows of documents out of a table; ids that it does not hold are passed over."""
        wanted = pl.Series("doc_id", list(doc_ids), dtype=pl.String)
        if len(wanted):
            self._tables[name] = [
                self._without(name, segment, wanted) for segment in self._tables.get(name, [])
            ]

    def replace(self, name: str, doc_ids: Iterable[str], rows: pl.DataFrame) -> None:
        """Put rows in place of all rows of some documents."""
        self.hide(name, doc_ids)
        self.add(name, rows)

    def put_table(self, name: str, table: pl.DataFrame) -> None:
        """Write a table's whole content anew. For what is small or derived: see `replace`."""
        self._tables[name] = []
        self.add(name, table)

    def put_file(self, name: str, suffix: str, data: bytes, about: Mapping[str, Any]) -> None:
        """Write something that is no table, and note what it is; see `new_path` for what is large."""
        path = self.new_path(name, suffix, about)
        try:
            path.write_bytes(data)
        except OSError as error:
            raise _unwritten(path, error) from error

    def new_path(self, name: str, suffix: str, about: Mapping[str, Any]) -> Path:
        """Return where to write something that is no table: it is current once the change is.

        Parameters
        ----------
        name
            What it is called (`Workspace.file`): ``index-000001``, ``removed``, ``weights``, ``wordcounts``,
            ``reviews``, ``links``, ``lexicon-zh-en``, ``pairing-en-zh``, or ``rows-000001`` and
            ``buckets-000001`` for a folder. What had the name before is replaced.
        suffix
            Of the file: ``faiss`` of an index (``json`` where a store has its vectors), ``json`` of weights,
            ``jsonl`` of reviews and links, ``lexicon`` of one, ``npz`` of what pairing found out, else
            ``parquet``; empty for a folder of files, which the caller makes.
        about
            What to note with it (`State.about`), as JSON can hold it.

        Returns
        -------
        pathlib.Path
            Does not exist. The file must be written and closed when the change ends.

        Raises
        ------
        ValueError
            If a file of a workspace has no such name: see `_FILE` for what another one needs.
        """
        path = self._new(name, suffix)
        self._promised[name] = path
        self._about[name] = dict(about)
        return path

    def note(self, name: str, about: Mapping[str, Any]) -> None:
        """Note something (`State.about`) without a file."""
        self._about[name] = dict(about)

    def drop_file(self, name: str) -> None:
        """Do without something that is no table; a name that is not there is passed over."""
        for known in (self._files, self._about, self._promised):
            known.pop(name, None)

    def drop_segments(self, files: Container[str]) -> None:
        """Do without segments that are damaged, by the names of their files.

        Where only the list of the documents that are gone is damaged, the segment stays, and those that
        stand in another segment as well are gone.
        """
        for name, table in self._tables.items():
            kept = [segment for segment in table if segment.stored.file not in files]
            for at, segment in enumerate(kept):
                if segment.gone is not None and segment.gone.file in files:
                    others = kept[:at] + kept[at + 1 :]
                    whole = [other for other in others if other.gone is None or other.gone.file not in files]
                    held = segments.scan(self._path, name, whole).select(pl.col("doc_id").unique())
                    ids = segments.read(held, name)["doc_id"]
                    kept[at] = self._without(name, replace(segment, gone=None, gone_rows=0), ids)
            self._tables[name] = kept

    def state(self) -> State:
        """Return the state that this change makes, but for what it merges when it ends."""
        return State(
            self._before.change + 1,
            {name: tuple(table) for name, table in self._tables.items()},
            dict(self._files),
            dict(self._about),
        )

    def commit(self) -> None:
        """Make the new files current, then remove those that nobody can be reading any more.

        Raises
        ------
        WorkspaceError
            If something cannot be written, say because the disk is full; nothing has changed then.
        """
        try:
            for name, path in self._promised.items():
                _sync(path)
                self._files[name] = measure(path)
            for name, table in self._tables.items():
                self._tables[name] = self._compact(name, table)
            _sync_folder(self._path)
        except OSError as error:
            raise _unwritten(error.filename or self._path, error) from error
        if not self._is_change():
            self.discard()
            return
        now = time.time()
        after = self.state()
        current = {stored.file for stored in after.stored()}
        replaced = {stored.file: now for stored in self._before.stored() if stored.file not in current}
        waiting = {file: since for file, since in self._before.retired.items() if now - since < _GRACE}
        after = replace(after, retired=waiting | replaced)
        write_state(self._path, after)
        with suppress(OSError):  # it is made
            _sync_folder(self._path)
        written = {path.name for path in self._written}
        note_whole(
            self._path,
            [stored for stored in after.stored() if stored.file in written],
            current | set(after.retired),
        )
        self._clear(current | set(after.retired))

    def discard(self) -> None:
        """Remove the new files, unless they are current: an interruption may come after that."""
        with suppress(WorkspaceError):
            if read_state(self._path).change == self._before.change:
                for path in self._written:
                    _remove(path)

    def _is_change(self) -> bool:
        tables = {name: tuple(table) for name, table in self._tables.items() if table}
        before = {name: table for name, table in self._before.tables.items() if table}
        return (tables, self._files, self._about) != (before, self._before.files, self._before.about)

    def _compact(self, name: str, table: Sequence[Segment]) -> list[Segment]:
        kept = list(table)
        while groups := segments.merges(kept):
            for group in groups:
                kept = [segment for segment in kept if segment not in group]
                rows = sum(segment.live for segment in group)
                if rows:
                    # What is damaged must not be written anew as if it were whole.
                    for stored in (stored for segment in group for stored in segment.files()):
                        verify(self._path, stored)
                    kept.append(self._segment(name, segments.scan(self._path, name, group), rows))
        return kept

    def _segment(self, name: str, rows: pl.LazyFrame, count: int) -> Segment:
        """Write rows as a segment, twice where the table asks for it."""
        path = self._new(name, "parquet")
        segments.write(rows, path)
        if name not in TWICE:
            return Segment(measure(path), count)
        copy = self._new(name, "copy.parquet")
        try:
            shutil.copyfile(path, copy)
            _sync(copy)
        except OSError as error:
            raise _unwritten(copy, error) from error
        return Segment(measure(path), count, copy=measure(copy))

    def _without(self, name: str, segment: Segment, doc_ids: pl.Series) -> Segment:
        """Return a segment with documents of it gone, besides those that are."""
        held = segments.scan(self._path, name, [segment]).select("doc_id")
        counts = segments.read(
            held.filter(pl.col("doc_id").is_in(doc_ids.implode())).group_by("doc_id").len(),
            segment.stored.file,
        )
        if counts.is_empty():
            return segment
        gone = pl.concat([segments.gone_ids(self._path, segment), counts["doc_id"]])
        path = self._new(name, "gone.parquet")
        segments.write(gone.to_frame().lazy(), path)
        rows = segment.gone_rows + int(counts["len"].sum())
        return replace(segment, gone=measure(path), gone_rows=rows)

    def _new(self, name: str, suffix: str) -> Path:
        stem = f"{name}-{self._before.change + 1:06d}-{len(self._written)}"
        file = f"{stem}.{suffix}" if suffix else stem
        if (_FILE if suffix else _FOLDER).fullmatch(file) is None:
            raise ValueError(f"no name for a file of a workspace: {file!r}")
        path = self._path / file
        _remove(path)  # a process that was killed may have left one
        self._written.append(path)
        return path

    def _clear(self, kept: set[str]) -> None:
        for path in self._path.iterdir():
            if path.name not in kept and is_written(path):
                _remove(path)


def _unwritten(path: object, error: OSError) -> WorkspaceError:
    return WorkspaceError(f"cannot write {path}: {error.strerror}; the workspace is as it was before")


def _sync(path: Path) -> None:
    """See a file, or a folder and what is in it, to the disk."""
    if path.is_dir():
        for part in path.iterdir():
            _sync(part)
        _sync_folder(path)
        return
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """See the names in a folder to the disk."""
    if os.name != "posix":  # elsewhere folders cannot be opened
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    with suppress(OSError):  # on Windows, a file that is open elsewhere: a later change removes it
        if _FOLDER.fullmatch(path.name):  # no other folder is the toolkit's to remove
            shutil.rmtree(path)
        else:
            path.unlink()

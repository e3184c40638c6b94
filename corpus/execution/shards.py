"""Work in shards whose results are files: what a worker finished is done, whoever is killed afterwards.

A shard has a digest of all that its result depends on, and its result, some tables, is a folder of that name:
written beside, and given the name when it is whole and on the disk. It is never changed. So a shard that is
done twice, because a worker or a node was lost or a driver was started again, is done once to all who look;
and one that is there is not done again. Only the driver reads results and commits them, in the order of the
shards; then a result is removed. Tables carry checksums; of what is too large to be read again the driver is
given the folder, and moves files out of it (`done_files`).

The folder has to be in a place that all workers see: with more than one machine, on storage that they share.
Or tables are in an object store (`corpus.execution.bucket`).
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from platform import node
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import polars as pl

from corpus.base.errors import CorpusError, WorkspaceError
from corpus.base.version import __version__
from corpus.execution.bucket import ABOUT, Bucket, chosen
from corpus.execution.executor import Inline, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from corpus.execution.executor import Executor

T = TypeVar("T")
R = TypeVar("R")

Tables: TypeAlias = dict[str, pl.DataFrame]
"""A shard's result."""

_OLD = 86_400.0  # seconds: what is older was left by a run that ended long since
_ATTEMPTS = 3  # to read a result that was made: a disk may lose what it said it had


@dataclass(frozen=True, slots=True)
class Shard(Generic[T]):
    """Something to be done.

    Attributes
    ----------
    digest
        Of all that the result depends on (`digest_of`).
    task
        What the function is given.
    """

    digest: str
    task: T


def digest_of(*parts: object) -> str:
    """Return a digest of what a result is made of, and of this version, which makes it.

    Parameters
    ----------
    parts
        What JSON can hold; anything else by its `repr`, which has to say all of it.
    """
    digest = blake2b(__version__.encode(), digest_size=16)
    for part in parts:
        data = json.dumps(part, sort_keys=True, ensure_ascii=False, default=repr).encode(
            "utf-8", "surrogatepass"
        )
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def done_shards(
    executor: Executor,
    folder: Path,
    function: Callable[[T], Tables],
    shards: Iterable[Shard[T]],
    *,
    gpu: bool = False,
) -> Iterator[tuple[T, Tables]]:
    """Have shards done, and yield each task with its result, in order.

    A result is removed once the next is asked for: by then it has to be kept elsewhere.

    Parameters
    ----------
    executor
        Whose workers do them; a single one is done here.
    folder
        Of this stage's results, which all workers see; made if it is not there. The environment may name an
        object store instead (`corpus.execution.bucket`).
    function
        What is done: the same for the same digest, wherever and whenever.
    shards
        Taken as there is room for them.
    gpu
        Whether they are done on GPUs, where there are any.

    Raises
    ------
    CorpusError
        If a shard cannot be done, or the folder cannot be written. What is done by then is kept.
    """
    place = chosen(folder.name) or _Folder(folder.resolve())
    yield from _done(executor, place, partial(_make, function, _write_tables), _read, shards, gpu=gpu)


def done_files(
    executor: Executor, folder: Path, function: Callable[[T, Path], None], shards: Iterable[Shard[T]]
) -> Iterator[tuple[T, Path]]:
    """Have shards done whose results are files, and yield each task with the folder of these, in order.

    Parameters
    ----------
    executor, folder, shards
        See `done_shards`. What is left in a result's folder when the next is asked for is removed.
    function
        Writes the result of a task into an empty folder.

    Raises
    ------
    CorpusError
        As `done_shards` does.
    """
    place = _Folder(folder.resolve())
    for task, digest in _done(executor, place, partial(_make, function, _call), _there, shards):
        yield task, place.path / digest


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder of results; `Bucket` says what its methods do."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def ensure(self) -> None:
        if not self.path.is_dir():
            raise CorpusError(
                f"{node()}: no folder {self.path} there; put the workspace on storage that all nodes have in "
                "the same place"
            )

    def holds(self, digest: str) -> bool:
        return (self.path / digest).exists()

    def store(self, digest: str, write: Callable[[Path], None]) -> None:
        # Written beside its place and moved there; another worker may have been quicker.
        draft = Path(tempfile.mkdtemp(prefix=f".{digest}.", suffix=".part", dir=self.path))
        try:
            write(draft)
            for path in (*draft.rglob("*"), draft):
                _sync(path)
            with suppress(OSError):  # it is there already, whole
                draft.rename(self.path / digest)
            _sync(self.path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def read(self, digest: str, name: str) -> bytes:
        return (self.path / digest / name).read_bytes()

    def remove(self, digest: str) -> None:
        _remove(self.path / digest)


def _done(
    executor: Executor,
    place: Bucket | _Folder,
    make: Callable[..., None],
    read: Callable[[Bucket | _Folder, str], R | None],
    shards: Iterable[Shard[T]],
    *,
    gpu: bool = False,
) -> Iterator[tuple[T, R]]:
    waiting = iter(shards)
    begun = list(islice(waiting, 2))
    if not begun:
        return
    if len(begun) < 2:  # to give it away would take longer than to do it
        executor = Inline()
    if isinstance(place, _Folder):
        try:
            place.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(f"cannot write the folder {place.path}: {error.strerror}") from None
    make = partial(make, place)
    with executor.workers(gpu=gpu) as workers:
        for shard, _ in in_order(workers, make, chain(begun, waiting)):
            result = read(place, shard.digest)
            for _ in range(_ATTEMPTS):
                if result is not None:
                    break
                place.remove(shard.digest)
                workers.submit(make, shard).result()
                result = read(place, shard.digest)
            if result is None:
                raise WorkspaceError(f"{place}: what a worker wrote cannot be read here: {shard.digest}")
            yield shard.task, result
            place.remove(shard.digest)
    if isinstance(place, _Folder):
        _clear(place.path)


def _make(
    function: Callable[..., Any],
    write: Callable[[Callable[..., Any], Any, Path], None],
    place: Bucket | _Folder,
    shard: Shard[Any],
) -> None:
    """Do a shard, in a worker, unless its result is there."""
    place.ensure()
    if not place.holds(shard.digest):
        try:
            place.store(shard.digest, partial(write, function, shard.task))
        except OSError as error:
            raise CorpusError(f"{node()}: cannot make {shard.digest} in {place}: {error}") from None


def _write_tables(function: Callable[[T], Tables], task: T, draft: Path) -> None:
    about = {}
    for name, table in function(task).items():
        data = _packed(table)
        about[name] = [len(data), _checksum(data)]
        (draft / name).write_bytes(data)
    (draft / ABOUT).write_bytes(json.dumps(about).encode())


def _call(function: Callable[[T, Path], None], task: T, draft: Path) -> None:
    function(task, draft)
    names = [path.name for path in draft.iterdir()]
    (draft / ABOUT).write_bytes(json.dumps(names).encode())


def _there(place: Bucket | _Folder, digest: str) -> str | None:
    """Return the digest, None if some files are not there: a driver was killed that had moved them."""
    assert isinstance(place, _Folder)
    try:
        names = json.loads(place.read(digest, ABOUT))
    except (OSError, ValueError):
        return None
    return digest if all((place.path / digest / name).exists() for name in names) else None


def _sync(path: Path) -> None:
    with suppress(OSError):  # of a folder not every system can
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(place: Bucket | _Folder, digest: str) -> Tables | None:
    """Read a result; None if it is not there, or not what was written."""
    try:
        about: Mapping[str, Any] = json.loads(place.read(digest, ABOUT))
        tables = {}
        for name, said in about.items():
            data = place.read(digest, name)
            if [len(data), _checksum(data)] != said:
                return None
            tables[name] = pl.read_ipc(io.BytesIO(data))
    except (OSError, ValueError, AttributeError, pl.exceptions.PolarsError):
        return None
    return tables


def _packed(table: pl.DataFrame) -> bytes:
    data = io.BytesIO()
    table.rechunk().write_ipc(data)
    return data.getvalue()


def _checksum(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def _remove(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Remove what other runs left, and the folders if nothing is in them any more."""
    with suppress(OSError):
        for left in folder.iterdir():
            if time.time() - left.stat().st_mtime > _OLD:
                _remove(left)
        folder.rmdir()
        folder.parent.rmdir()

"""Work in shards whose results are files: what a worker finished is done, whoever is killed afterwards.

A shard has a digest of all that its result depends on, and its result, some tables, is a folder of that name:
written beside, and given the name when it is whole and on the disk. It is never changed. So a shard that is
done twice, because a worker or a node was lost or a driver was started again, is done once to all who look;
and one that is there is not done again. Only the driver reads results and commits them, in the order of the
shards; then a result is removed.

The folder has to be in a place that all workers see: with more than one machine, on storage that they share.
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
from corpus.execution.executor import Inline, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from corpus.execution.executor import Executor

T = TypeVar("T")

Tables: TypeAlias = dict[str, pl.DataFrame]
"""A shard's result."""

_ABOUT = "about.json"
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
        Of this stage's results, which all workers see; made if it is not there.
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
    waiting = iter(shards)
    begun = list(islice(waiting, 2))
    if not begun:
        return
    if len(begun) < 2:  # to give it away would take longer than to do it
        executor = Inline()
    folder = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(f"cannot write the folder {folder}: {error.strerror}") from None
    make = partial(_make, function, folder)
    with executor.workers(gpu=gpu) as workers:
        for shard, _ in in_order(workers, make, chain(begun, waiting)):
            result = _read(folder / shard.digest)
            for _ in range(_ATTEMPTS):
                if result is not None:
                    break
                _remove(folder / shard.digest)
                workers.submit(make, shard).result()
                result = _read(folder / shard.digest)
            if result is None:
                raise WorkspaceError(f"{folder / shard.digest}: what a worker wrote cannot be read here")
            yield shard.task, result
            _remove(folder / shard.digest)
    _clear(folder)


def _make(function: Callable[[T], Tables], folder: Path, shard: Shard[T]) -> None:
    """Do a shard, in a worker, unless its result is there."""
    if not folder.is_dir():
        raise CorpusError(
            f"{node()}: no folder {folder} there; put the workspace on storage that all nodes have in the "
            "same place"
        )
    if not (folder / shard.digest).exists():
        _write(folder / shard.digest, function(shard.task))


def _write(place: Path, tables: Tables) -> None:
    """Write a result beside its place and move it there; another worker may have been quicker."""
    draft = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    try:
        about = {}
        for name, table in tables.items():
            data = _packed(table)
            about[name] = [len(data), _checksum(data)]
            _put(draft / name, data)
        _put(draft / _ABOUT, json.dumps(about).encode())
        _sync(draft)
        with suppress(OSError):  # it is there already, whole
            draft.rename(place)
        _sync(place.parent)
    except OSError as error:
        raise CorpusError(f"{node()}: cannot write {draft}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(place: Path) -> Tables | None:
    """Read a result; None if it is not there, or not what was written."""
    try:
        about: Mapping[str, Any] = json.loads((place / _ABOUT).read_bytes())
        tables = {}
        for name, said in about.items():
            data = (place / name).read_bytes()
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

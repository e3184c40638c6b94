"""Reading files elsewhere: a batch of them is a shard, and comes back as rows of the tables.

Workers read ahead of what is stored, and so before it is known of a file whether it was moved, or what an
earlier batch made of it. What was read of a file is taken only if its bytes, and the documents that it was
before, are at last what the worker was told; otherwise it is read again here. So the result is one process's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from corpus.base.errors import InputError
from corpus.base.files import digest
from corpus.execution.shards import Shard, Tables, digest_of, done_shards
from corpus.ingestion.reading.loading import READER, read_file
from corpus.ingestion.reading.provenance import Overruled
from corpus.ingestion.renames import by_file, known_documents
from corpus.readers.extraction import most_bytes
from corpus.readers.packed.archives import ArchiveReader, read_place
from corpus.readers.registry import read_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.execution.executor import Executor
    from corpus.ingestion.discovery import FoundFile
    from corpus.ingestion.storing import Readable
    from corpus.store.workspace import Workspace

STAGE = "ingest"

_FILES = {"failed": pl.String, "current": pl.Boolean}
_READS = {"file": pl.UInt32, "doc_id": pl.String, "dated": pl.Boolean, "about": pl.String}


class Reader(Protocol):
    """Reads a file's bytes as documents; None if the known ones are up to date."""

    def __call__(
        self, file: FoundFile, data: bytes, rows: Sequence[Mapping[str, Any]], /
    ) -> Sequence[Readable] | None:
        """Read them, or raise InputError."""
        ...


@dataclass(frozen=True, slots=True)
class _Task:
    """Files to be read, each with its bytes and the rows of the documents that it was."""

    items: list[tuple[FoundFile, bytes, list[dict[str, Any]]]]
    options: str
    batch: list[FoundFile]


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A document that a worker read: see `corpus.ingestion.storing.Readable`."""

    file: FoundFile
    about: Mapping[str, Any]
    dated: bool
    overruled: Sequence[Overruled]
    notes: Sequence[str]
    rows: Mapping[str, pl.DataFrame]

    @property
    def part(self) -> str | None:
        part: str | None = self.about["part"]
        return part

    def tables(self, doc_id: str) -> dict[str, pl.DataFrame]:
        return {name: rows.with_columns(doc_id=pl.lit(doc_id)) for name, rows in self.rows.items()}


def read_in_shards(
    workspace: Workspace, batches: Sequence[list[FoundFile]], options: str, executor: Executor
) -> Iterator[tuple[list[FoundFile], Reader]]:
    """Have batches of files read by workers; yield each, in order, with what was read of it.

    Parameters
    ----------
    workspace, batches
        Where the documents are that the files were before, and the files.
    options
        See `corpus.ingestion.reading.loading.read_file`.
    executor
        Who has the workers. They have to see the files in the same place where these belong to others,
        as one text of a pair does to the other.
    """
    archives = ArchiveReader()

    def shards() -> Iterator[Shard[_Task]]:
        for batch in batches:
            task = _Task(_known(workspace, batch, archives), options, batch)
            yield Shard(digest_of(STAGE, READER, options, [_about(*item) for item in task.items]), task)

    for task, result in done_shards(executor, workspace.shards(STAGE), _read, shards()):
        yield task.batch, _Results(task, result)


def _known(
    workspace: Workspace, batch: Sequence[FoundFile], archives: ArchiveReader
) -> list[tuple[FoundFile, bytes, list[dict[str, Any]]]]:
    """Read the bytes of files, and look up which documents they were; of none that cannot be read."""
    read: list[tuple[FoundFile, bytes]] = []
    for file in batch:
        try:
            read.append((file, archives.read(file.path, most_bytes(file.path.name))))
        except InputError:
            continue  # it is said when its turn comes
    known = known_documents(workspace, "file", [file.place for file, _ in read])
    rows = by_file(known, seeds=bool(read) and read[0][0].seed)
    return [(file, data, rows[file.place]) for file, data in read]


def _about(file: FoundFile, data: bytes, rows: Sequence[Mapping[str, Any]]) -> list[object]:
    """Return all that what is read in a file depends on."""
    try:
        others = [digest(read_place(other)) for other in read_with(data, file.path)]
    except InputError:  # it is said when the file is read
        others = []
    said = [str(file.path), file.place, repr(file.entry), file.seed, file.given, dict(file.metadata)]
    return [*said, digest(data), others, [dict(row) for row in rows]]


def _read(task: _Task) -> Tables:
    """Read a batch of files, in a worker: rows of the tables, under numbers in place of ids."""
    files: list[tuple[str | None, bool]] = []
    reads: list[tuple[int, str, bool, str]] = []
    tables: defaultdict[str, list[pl.DataFrame]] = defaultdict(list)
    for number, (file, data, rows) in enumerate(task.items):
        try:
            found = read_file(file, data, rows, task.options)
        except InputError as error:
            files.append((str(error), False))
            continue
        files.append((None, found is None))
        for one in found or ():
            doc_id = str(len(reads))
            about = {
                "about": dict(one.about),
                "overruled": [asdict(overruled) for overruled in one.overruled],
                "notes": list(one.notes),
            }
            reads.append((number, doc_id, one.dated, json.dumps(about)))
            for name, table in one.tables(doc_id).items():
                tables[name].append(table)
    return {
        "files": pl.DataFrame(files, schema=_FILES, orient="row"),
        "reads": pl.DataFrame(reads, schema=_READS, orient="row"),
        **{name: pl.concat(parts) for name, parts in tables.items()},
    }


class _Results:
    """What was read of a batch of files: a `Reader` of these."""

    def __init__(self, task: _Task, result: Tables) -> None:
        self._task = task
        self._places = {file.place: number for number, (file, _, _) in enumerate(task.items)}
        self._failed = result.pop("files")
        self._reads = result.pop("reads").partition_by("file", as_dict=True, maintain_order=True)
        self._rows = {
            name: table.partition_by("doc_id", as_dict=True, maintain_order=True)
            for name, table in result.items()
        }
        self._none = {name: table.clear() for name, table in result.items()}

    def __call__(
        self, file: FoundFile, data: bytes, rows: Sequence[Mapping[str, Any]], /
    ) -> Sequence[Readable] | None:
        """Return what a worker read, if it was told what holds now; otherwise read."""
        number = self._places.get(file.place)
        if number is None or self._task.items[number][1:] != (data, rows):
            return read_file(file, data, rows, self._task.options)
        failed, current = self._failed.row(number)
        if failed is not None:
            raise InputError(failed)
        return None if current else list(self._of(number, file))

    def _of(self, number: int, file: FoundFile) -> Iterator[Readable]:
        reads = self._reads.get((number,))
        for _, doc_id, dated, about in [] if reads is None else reads.iter_rows():
            said = json.loads(about)
            rows = {name: parts.get((doc_id,), self._none[name]) for name, parts in self._rows.items()}
            overruled = [Overruled(**one) for one in said["overruled"]]
            yield _Elsewhere(file, said["about"], dated, overruled, said["notes"], rows)

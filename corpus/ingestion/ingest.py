"""Add files to a workspace: read, clean, segment, and keep what has not changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import InputError
from corpus.base.files import digest
from corpus.ingestion.discovery import FoundFile, discover, locate
from corpus.ingestion.manifest import FILE_NAME, Entry
from corpus.ingestion.reading.loading import holds_over_manifest, options_text, read_file, stated_of
from corpus.ingestion.renames import MoveFinder, Moves, by_file, gone_notes, known_documents
from corpus.ingestion.report import IngestReport, Skipped
from corpus.ingestion.shards import Reader, read_in_shards
from corpus.ingestion.stated_links import keep_stated_links
from corpus.ingestion.storing import New, store
from corpus.readers.extraction import extract, most_bytes
from corpus.readers.packed.archives import ArchiveReader
from corpus.store import schemas
from corpus.store.beads import hide_beads
from corpus.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.store.workspace import Workspace


# Files that are read, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH_FILES = 500
_BATCH_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class _Input:
    """A file's bytes, with the rows of the documents that they are, if they are known.

    `came` if those were in another place, `left` if what was in this place is not any more.
    """

    file: FoundFile
    data: bytes
    rows: list[dict[str, Any]]
    came: bool = False
    left: bool = False


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    stated: Entry | None = None,
    manifest: Path | None = None,
    encoding: str | None = None,
    forget: Collection[str] = (),
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Add files, or the files of folders, to a workspace.

    Unchanged files are passed over, changed ones replaced, and a file that was moved is known by its
    bytes and keeps its document's id. The seeds that an empty workspace was given make room for the first
    files of the user's. Files are stored in batches, so that memory is bounded, an interruption keeps
    what is read by then, and a process that is killed loses one batch.

    Parameters
    ----------
    workspace, paths
        Where to, and what.
    stated
        Facts that hold for all the files, over what manifests say. They are remembered: a file that is
        ingested again without them keeps them.
    manifest
        A manifest for the files, instead of their folders' own. What it says of a file is remembered like
        `stated`, until another manifest that is given says something of that file; and it outweighs what
        was stated before.
    encoding
        Of all the files (`corpus.text.decoding.decode`); otherwise told from their bytes. Remembered, too.
    forget
        What of `corpus.ingestion.reading.loading.OPTIONS` was stated of the files before, and does not hold
        any more: what manifests and the texts say counts again.
    executor
        Whose workers read, in shards (`corpus.ingestion.shards`); None reads here.
    progress
        Called after each file.

    Raises
    ------
    InputError
        If a file named in `paths` cannot be read, or nothing can, or the language stated is none; the
        workspace is as it was. Files found in a folder are skipped instead, and reported. Where the files
        are more than a batch, a named one that turns out to hold no text is found late: the batches before
        it are kept.
    """
    stated = stated or Entry()
    if stated.lang is not None:
        stated = replace(stated, lang=language_code(stated.lang))
    discovery = discover(paths, workspace.path, manifest)
    report = IngestReport(notes=discovery.notes)
    report.skipped += [
        Skipped(
            str(path), f"{path}: not of a format that is read; name it to have it read as text", failed=False
        )
        for path in discovery.passed_over
    ]
    report.skipped += [Skipped(str(path), str(error)) for path, error in discovery.failed]
    files = [file for file in discovery.files if _has_a_name(file, report)]
    _add(workspace, files, options_text(stated, encoding, forget), report, progress, executor)
    report.linked, unread = keep_stated_links(workspace, discovery.links)
    report.notes += unread
    report.notes += gone_notes(workspace, paths, [file.place for file in files])
    if report.remembered:
        report.notes.append(
            f"{report.remembered} files: what `manifest` said of them before holds, not the {FILE_NAME} of "
            f"their folder; to take that, name it: `manifest={FILE_NAME!r}`"
        )
    if not (report.new or report.changed or report.moved or report.unchanged):
        detail = "".join(f"\n  {skipped.reason}" for skipped in report.skipped[:5])
        names = ", ".join(str(path) for path in paths)
        raise InputError(f"nothing to ingest in {names}{':' if detail else ''}{detail}")
    return report


def remove(workspace: Workspace, doc_ids: Sequence[str]) -> None:
    """Remove documents and all that was made of them; ids that are not there are passed over."""
    with workspace.change() as change:
        hide_beads(change, workspace, doc_ids)
        for name in schemas.OF_DOCUMENTS:
            change.hide(name, doc_ids)


def read_again(workspace: Workspace, doc_ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """Read documents from their files again, up to date or not.

    What options stated of them is remembered, and manifests are looked for from the folder that the
    workspace is in downwards.

    Returns
    -------
    tuple
        The ids of those read, and a line for each of the others: the id, and why not.
    """
    beside = workspace.path.resolve().parent
    report, left, archives = IngestReport(), [], ArchiveReader()
    wanted = known_documents(workspace, "doc_id", doc_ids)
    left += [f"{row['doc_id']} (its file is not known)" for row in wanted if row["file"] is None]
    places = list(dict.fromkeys(row["file"] for row in wanted if row["file"] is not None))
    for start in range(0, len(places), _BATCH_FILES):
        batch = places[start : start + _BATCH_FILES]
        rows = by_file(known_documents(workspace, "file", batch), seeds=False)
        reads: list[New] = []
        for place in batch:
            ids = {row["part"]: row["doc_id"] for row in wanted if row["file"] == place}
            try:
                file = locate(place, beside)
                known = [row | {"file": None} for row in rows[place]]
                read = read_file(file, archives.read(file.path), known, "{}")
            except InputError as error:
                left += [f"{doc_id} ({error})" for doc_id in ids.values()]
                continue
            found = {one.part: one for one in read or ()}
            reads += [New(found[part], doc_id) for part, doc_id in ids.items() if part in found]
            left += [
                f"{doc_id} ({file.path}: holds no {part} any more)"
                for part, doc_id in ids.items()
                if part not in found
            ]
        store(workspace, reads, report)
    return report.changed + report.moved, left


def read_changed(
    workspace: Workspace, *, executor: Executor | None = None, progress: Progress | None = None
) -> tuple[IngestReport, list[str]]:
    """Read the files of all documents, and those that have changed into the workspace again.

    Manifests are looked for from the folder that the workspace is in downwards.

    Returns
    -------
    tuple
        What was done, and the files that are not there any more; their documents stay.
    """
    beside = workspace.path.resolve().parent
    own = workspace.scan("documents").filter(~pl.col("seed")).select("file").collect()
    places = own["file"].drop_nulls().unique(maintain_order=True).to_list()
    archives = ArchiveReader()
    files = [file for place in places if archives.exists((file := locate(place, beside)).path)]
    report = IngestReport()
    if files:
        _add(workspace, files, "{}", report, progress, executor)
    kept = {file.place for file in files}
    return report, [place for place in places if place not in kept]


def _add(
    workspace: Workspace,
    files: Sequence[FoundFile],
    options: str,
    report: IngestReport,
    progress: Progress | None,
    executor: Executor | None = None,
) -> None:
    """Read files and add them, batch by batch. Nothing is locked while files are read."""
    batches = list(_batches(files))
    moves = MoveFinder(workspace, files)
    archives = ArchiveReader()
    if len(batches) > 1:  # so that a named file that cannot be read is found before anything is stored
        named = [file for file in files if file.named]
        for batch in _batches(named):
            for item in _inputs(workspace, batch, moves, archives, IngestReport()):
                encoding = stated_of(item.file, item.rows, options).get("encoding")
                for _ in extract(item.data, item.file.path, encoding):
                    pass
    done = 0
    for batch, read in _readers(workspace, batches, options, executor):
        reads, gone = list[New](), list[str]()
        try:
            for item in _inputs(workspace, batch, moves, archives, report):
                _take(item, read, reads, gone, report)
                done += 1
                if progress is not None:
                    progress(done, len(files))
        except KeyboardInterrupt:
            store(workspace, reads, report, gone)
            raise
        store(workspace, reads, report, gone)


def _readers(
    workspace: Workspace, batches: Sequence[list[FoundFile]], options: str, executor: Executor | None
) -> Iterator[tuple[list[FoundFile], Reader]]:
    """Yield batches, each with what reads a file's bytes as documents (`read_file`), perhaps elsewhere."""
    if executor is not None:
        yield from read_in_shards(workspace, batches, options, executor)
        return
    for batch in batches:
        yield batch, lambda file, data, rows: read_file(file, data, rows, options)


def _batches(files: Sequence[FoundFile]) -> Iterator[list[FoundFile]]:
    batch: list[FoundFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += file.size or (file.path.stat().st_size if file.path.is_file() else 0)
        if size >= _BATCH_BYTES or len(batch) == _BATCH_FILES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _has_a_name(file: FoundFile, report: IngestReport) -> bool:
    """Tell whether a file's name is text; one that is not is skipped."""
    try:
        file.place.encode()
    except UnicodeEncodeError:
        msg = f"{file.path}: its name is not valid UTF-8, so that no result could name it; rename it"
        _skip(file, InputError(msg), report)
        return False
    return True


def _inputs(
    workspace: Workspace,
    files: Sequence[FoundFile],
    finder: MoveFinder,
    archives: ArchiveReader,
    report: IngestReport,
) -> Iterator[_Input]:
    """Read files' bytes, and look up which documents they are."""
    read: list[tuple[FoundFile, bytes]] = []
    for file in files:
        try:
            read.append((file, archives.read(file.path, most_bytes(file.path.name))))
        except InputError as error:
            _skip(file, error, report)
    known = known_documents(workspace, "file", [file.place for file, _ in read])
    # Seeds stand in for a corpus that is not there yet: to the user's files they are unknown.
    seeds = bool(read) and read[0][0].seed
    rows = by_file(known, seeds=seeds)
    moves = Moves() if seeds else finder.find({file.place: digest(data) for file, data in read})
    for file, data in read:
        came, left = moves.came.get(file.place), file.place in moves.left
        of_file = finder.parts(came) if came else [] if left else rows[file.place]
        yield _Input(file, data, of_file, came is not None, left)


def _take(item: _Input, read: Reader, reads: list[New], gone: list[str], report: IngestReport) -> None:
    """Read documents from a file's bytes, or find that they are up to date."""
    report.remembered += holds_over_manifest(item.file, item.rows)
    try:
        found = read(item.file, item.data, item.rows)
    except InputError as error:
        _skip(item.file, error, report)
        return
    if found is None:
        report.unchanged += [row["doc_id"] for row in item.rows]
        return
    ids = {row["part"]: row["doc_id"] for row in item.rows}
    reads += [New(one, ids.get(one.part) if item.came else None, item.left) for one in found]
    lost = ids.keys() - {one.part for one in found}
    gone += sorted(ids[part] for part in lost)
    report.notes += [
        f"{item.file.path}: holds no {part or 'single text'} any more; {ids[part]} is removed"
        for part in sorted(lost, key=str)
    ]


def _skip(file: FoundFile, error: InputError, report: IngestReport) -> None:
    if file.named:
        raise error
    report.skipped.append(Skipped(str(file.path), str(error)))

"""Add files to a workspace: read, clean, segment, and keep what has not changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import InputError
from corpus.base.files import digest, read_bytes
from corpus.base.limits import MAX_TEXT
from corpus.ingestion.discovery import SUFFIXES, FoundFile, discover, locate
from corpus.ingestion.document import document_id
from corpus.ingestion.loading import Read, holds_over_manifest, options_text, read_file, stated_of
from corpus.ingestion.manifest import FILE_NAME, Entry
from corpus.ingestion.renames import MoveFinder, Moves, gone_notes, known_documents
from corpus.ingestion.rows import candidate_ids, document_tables, with_other_text
from corpus.ingestion.stated_links import keep_stated_links
from corpus.store import schemas
from corpus.store.beads import hide_beads
from corpus.store.integrity import LOST
from corpus.store.paragraphs import paragraph_rows
from corpus.text.decoding import decode
from corpus.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from corpus.base.progress import Progress
    from corpus.ingestion.document import Overruled
    from corpus.store.workspace import Workspace


# Files that are read, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH_FILES = 500
_BATCH_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not ingested, and why."""

    file: str
    reason: str


@dataclass(slots=True)
class IngestReport:
    """What an ingest did.

    Attributes
    ----------
    new, changed, unchanged
        Ids of the documents.
    undated
        Ids of those that are new and have no date.
    undated_files
        Their files, in the same order.
    overruled
        What options, given now or remembered, were put in place of in documents that are new or changed, each
        with the id of its document.
    moved
        Ids of documents whose file is in another place now, with the same bytes: they keep their id.
    skipped
        Files of a folder that were not read.
    notes
        What a user should know, each with its file.
    remembered
        How many files' folders have a manifest that does not count, because what another one that was given
        said of the file is remembered.
    linked
        How many links between documents manifests state that were not known.
    """

    new: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    undated_files: list[Path] = field(default_factory=list)
    overruled: list[tuple[str, Overruled]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remembered: int = 0
    linked: int = 0


@dataclass(frozen=True, slots=True)
class _Input:
    """A file's bytes, with the row of the document that they are, if it is known.

    `came` is the id of that document if it was in another place, `left` that of the one which was in this
    place, and is not any more.
    """

    file: FoundFile
    data: bytes
    row: dict[str, Any] | None
    came: str | None = None
    left: str | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """A document that was read; see `_Input`."""

    read: Read
    came: str | None = None
    left: str | None = None


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    stated: Entry | None = None,
    manifest: Path | None = None,
    encoding: str | None = None,
    forget: Collection[str] = (),
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
        ``utf-8`` or ``gb18030`` for all the files; otherwise told from their bytes. Remembered, too.
    forget
        What of `corpus.ingestion.loading.OPTIONS` was stated of the files before, and does not hold any more:
        what manifests and the texts say counts again.
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
        Skipped(str(path), f"{path}: not a {' or '.join(SUFFIXES)} file; name it to have it read")
        for path in discovery.passed_over
    ]
    files = [file for file in discovery.files if _has_a_name(file, report)]
    _add(workspace, files, options_text(stated, encoding, forget), report, progress)
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
    report, left = IngestReport(), []
    rows = known_documents(workspace, "doc_id", doc_ids)
    for start in range(0, len(rows), _BATCH_FILES):
        reads: list[_New] = []
        for row in rows[start : start + _BATCH_FILES]:
            try:
                file = locate(row["file"], beside)
                read = read_file(file, read_bytes(file.path), row | {"file": None}, "{}")
            except InputError as error:
                left.append(f"{row['doc_id']} ({error})")
                continue
            if read is not None:
                reads.append(_New(read, row["doc_id"]))
        _store(workspace, reads, report)
    return report.changed + report.moved, left


def read_changed(workspace: Workspace, *, progress: Progress | None = None) -> tuple[IngestReport, list[str]]:
    """Read the files of all documents, and those that have changed into the workspace again.

    Manifests are looked for from the folder that the workspace is in downwards.

    Returns
    -------
    tuple
        What was done, and the files that are not there any more; their documents stay.
    """
    beside = workspace.path.resolve().parent
    own = workspace.scan("documents").filter(~pl.col("seed")).select("file").collect()
    places = own["file"].drop_nulls().to_list()
    files = [file for place in places if (file := locate(place, beside)).path.is_file()]
    report = IngestReport()
    if files:
        _add(workspace, files, "{}", report, progress)
    kept = {file.place for file in files}
    return report, [place for place in places if place not in kept]


def _add(
    workspace: Workspace,
    files: Sequence[FoundFile],
    options: str,
    report: IngestReport,
    progress: Progress | None,
) -> None:
    """Read files and add them, batch by batch. Nothing is locked while files are read."""
    batches = list(_batches(files))
    moves = MoveFinder(workspace, files)
    if len(batches) > 1:  # so that a named file that cannot be read is found before anything is stored
        named = [file for file in files if file.named]
        for batch in _batches(named):
            for item in _inputs(workspace, batch, moves, IngestReport()):
                stated = stated_of(item.file, item.row, options)
                decode(item.data, str(item.file.path), stated.get("encoding"))
    done = 0
    for batch in batches:
        reads: list[_New] = []
        try:
            for item in _inputs(workspace, batch, moves, report):
                _take(item, options, reads, report)
                done += 1
                if progress is not None:
                    progress(done, len(files))
        except KeyboardInterrupt:
            _store(workspace, reads, report)
            raise
        _store(workspace, reads, report)


def _batches(files: Sequence[FoundFile]) -> Iterator[list[FoundFile]]:
    batch: list[FoundFile] = []
    size = 0
    for file in files:
        batch.append(file)
        size += file.path.stat().st_size if file.path.is_file() else 0
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
    workspace: Workspace, files: Sequence[FoundFile], finder: MoveFinder, report: IngestReport
) -> Iterator[_Input]:
    """Read files' bytes, and look up which documents they are."""
    read: list[tuple[FoundFile, bytes]] = []
    for file in files:
        try:
            read.append((file, read_bytes(file.path, MAX_TEXT)))
        except InputError as error:
            _skip(file, error, report)
    known = known_documents(workspace, "file", [file.place for file, _ in read])
    # Seeds stand in for a corpus that is not there yet: to the user's files they are unknown.
    seeds = bool(read) and read[0][0].seed
    rows = {row["file"]: row for row in known if row["seed"] == seeds}
    moves = Moves() if seeds else finder.find({file.place: digest(data) for file, data in read})
    came = [moves.came[file.place] for file, _ in read if file.place in moves.came]
    moved = {row["doc_id"]: row for row in known_documents(workspace, "doc_id", came)} if came else {}
    for file, data in read:
        doc_id, left = moves.came.get(file.place), moves.left.get(file.place)
        row = moved.get(doc_id) if doc_id else None if left else rows.get(file.place)
        yield _Input(file, data, row, doc_id, left)


def _take(item: _Input, options: str, reads: list[_New], report: IngestReport) -> None:
    """Read a document from a file's bytes, or find that it is up to date."""
    row = item.row
    report.remembered += holds_over_manifest(item.file, row)
    try:
        read = read_file(item.file, item.data, row, options)
    except InputError as error:
        _skip(item.file, error, report)
        return
    if read is not None:
        reads.append(_New(read, item.came, item.left))
    elif row is not None:
        report.unchanged.append(row["doc_id"])


def _skip(file: FoundFile, error: InputError, report: IngestReport) -> None:
    if file.named:
        raise error
    report.skipped.append(Skipped(str(file.path), str(error)))


def _store(workspace: Workspace, reads: Sequence[_New], report: IngestReport) -> None:
    """Add documents, each in place of the one that it was before, if it was there."""
    if not reads:
        return
    seeds = all(new.read.file.seed for new in reads)
    with workspace.change() as change:
        seeded = workspace.scan("documents").filter("seed").select("doc_id").collect()["doc_id"].to_list()
        if seeds and change.before.rows("documents") > len(seeded):
            return  # another process has put in documents of the user's
        hidden = [] if seeds else seeded  # seeds stand in for a corpus that is not there yet
        for name in schemas.OF_DOCUMENTS:
            if name != "beads":
                change.hide(name, hidden)
        rows: dict[str, list[pl.DataFrame]] = {}
        replaced: list[str] = []
        for new, (doc_id, known) in zip(reads, _ids(workspace, reads, report), strict=True):
            read = new.read
            replaced += [doc_id] if known else []
            if not known and not any(version.date for version in read.document.versions):
                report.undated.append(doc_id)
                report.undated_files.append(read.file.path)
            report.overruled += [(doc_id, overruled) for overruled in read.document.overruled]
            report.notes += [f"{read.file.path}: {note}" for note in read.document.notes]
            for name, table in document_tables(doc_id, read.text, read.document, read.about()).items():
                rows.setdefault(name, []).append(table)
        added = {name: pl.concat(parts) for name, parts in rows.items()}
        added["paragraphs"] = paragraph_rows(added["sentences"].lazy()).collect()
        hide_beads(change, workspace, [*with_other_text(workspace, replaced, added), *hidden])
        displaced = _displaced(workspace, reads, added["documents"]["doc_id"])
        documents = pl.concat([added.pop("documents"), displaced])
        change.replace("documents", [*replaced, *displaced["doc_id"]], documents)
        for name, table in added.items():
            change.replace(name, replaced, table)


def _displaced(workspace: Workspace, reads: Sequence[_New], stored: pl.Series) -> pl.DataFrame:
    """Return the rows, without a place, of documents whose place the files of others have taken.

    Their own file may turn up in a later batch, or a later run; `stored` are those that did in this one.
    """
    places = pl.Series([new.read.file.place for new in reads if new.came or new.left], dtype=pl.String)
    if places.is_empty():
        return schemas.empty("documents")
    rows = workspace.scan("documents").filter(pl.col("file").is_in(places.implode()), ~pl.col("seed"))
    others = rows.filter(~pl.col("doc_id").is_in(stored.implode())).collect()
    return others.with_columns(file=pl.lit(None, dtype=pl.String))


def _ids(workspace: Workspace, reads: Sequence[_New], report: IngestReport) -> Iterator[tuple[str, bool]]:
    """Yield the id of each document, and whether it is there already; report which are new."""
    seeds = all(new.read.file.seed for new in reads)
    known = known_documents(workspace, "file", [new.read.file.place for new in reads])
    ids = {row["file"]: row["doc_id"] for row in known if row["seed"] == seeds}
    names = [name for new in reads for name in candidate_ids(new.read.file.place)]
    named = [row for row in known_documents(workspace, "doc_id", names) if seeds or not row["seed"]]
    taken = {row["doc_id"] for row in named}
    homeless = {row["doc_id"] for row in named if row["file"] is None and row["fingerprint"].startswith(LOST)}
    for new in reads:
        file = new.read.file
        place, stem = file.place, document_id(file.place)
        resident = None if ids.get(place) == new.left else ids.get(place)
        doc_id = new.came or resident
        if doc_id is None and stem in homeless:
            homeless.discard(stem)
            doc_id = resident = stem
        if doc_id is not None:
            (report.changed if doc_id == resident else report.moved).append(doc_id)
            if doc_id != resident:
                report.notes.append(f"{file.path}: moved here; it is still {doc_id}")
            yield doc_id, True
            continue
        doc_id = next(name for name in candidate_ids(place) if name not in taken)
        taken.add(doc_id)
        report.new.append(doc_id)
        if doc_id != stem:
            report.notes.append(f"{file.path}: another document is called {stem}; this one is {doc_id}")
        yield doc_id, False

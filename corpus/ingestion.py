"""Add files to a workspace: read, clean, segment, and keep what has not changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from corpus import tables
from corpus.dates import parse_date
from corpus.discovery import SUFFIXES, FoundFile, discover
from corpus.document import Document, document_id, read_document
from corpus.errors import InputError
from corpus.files import decode, encoding_of, read_bytes
from corpus.manifest import FILE_NAME, Entry, load_manifest
from corpus.resources import seeds_dir

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.workspace import Workspace

READER = "1"
"""Version of the reading rules; a new one makes every file be read again at its next ingest."""

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""


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
    skipped
        Files of a folder that were not read.
    notes
        What a user should know, each with its file.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that is new or changed, read as a document."""

    file: FoundFile
    fingerprint: str
    encoding: str
    stated: str
    text: str
    document: Document


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    stated: Entry | None = None,
    manifest: Path | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> IngestReport:
    """Add files, or the files of folders, to a workspace.

    Unchanged files are passed over, changed ones replaced. The seeds that an empty workspace was given
    make room for the first files of the user's. An interruption keeps what is read by then.

    Parameters
    ----------
    workspace, paths
        Where to, and what.
    stated
        Facts that hold for all the files, over what manifests say. They are remembered: a file that is
        ingested again without them keeps them.
    manifest
        A manifest for the files, instead of their folders' own.
    encoding
        ``utf-8`` or ``gb18030`` for all the files; otherwise told from their bytes. Remembered, too.
    progress
        Called after each file.

    Raises
    ------
    InputError
        If a file named in `paths` cannot be read, or nothing can; the workspace is as it was. Files
        found in a folder are skipped instead, and reported.
    """
    found = discover(paths, workspace.path, manifest)
    report = IngestReport(notes=found.notes)
    report.notes += _gone(workspace, paths)
    report.skipped += [
        Skipped(str(path), f"{path}: not a {' or '.join(SUFFIXES)} file; name it to have it read")
        for path in found.passed_over
    ]
    options = _options_text(stated or Entry(), encoding)
    interrupted = _add(workspace, found.files, options, report, progress)
    if interrupted:
        raise KeyboardInterrupt
    if not (report.new or report.changed or report.unchanged):
        detail = "".join(f"\n  {skipped.reason}" for skipped in report.skipped[:5])
        names = ", ".join(str(path) for path in paths)
        msg = f"nothing to ingest in {names}{':' if detail else ''}{detail}"
        raise InputError(msg)
    return report


def ingest_seeds(workspace: Workspace) -> None:
    """Give a workspace that holds nothing the seed documents."""
    folder = seeds_dir()
    files = [
        FoundFile(folder / name, f"seeds/{name}", entry, named=True, seed=True)
        for name, entry in load_manifest(folder / FILE_NAME).items()
    ]
    _add(workspace, files, "{}", IngestReport(), None)


def remove(workspace: Workspace, doc_ids: Sequence[str]) -> None:
    """Remove documents and all that was made of them; ids that are not there are passed over."""
    with workspace.change() as change:
        for name in tables.SCHEMAS:
            table = workspace.table(name)
            change.put_table(name, table.filter(~pl.col("doc_id").is_in(list(doc_ids))))


def _add(
    workspace: Workspace,
    files: Sequence[FoundFile],
    options: str,
    report: IngestReport,
    progress: Progress | None,
) -> bool:
    """Read files and add them; tell whether it was interrupted. Nothing is locked while files are read."""
    seeds = all(file.seed for file in files)
    reads: list[_Read] = []
    interrupted = False
    # Seeds stand in for a corpus that is not there yet: to the user's files they are unknown.
    known = {
        row["file"]: row
        for row in workspace.table("documents").iter_rows(named=True)
        if seeds or not row["seed"]
    }
    try:
        for number, file in enumerate(files, start=1):
            row = known.get(file.place)
            try:
                read = _read(file, row, options)
            except InputError as error:
                if file.named:
                    raise
                report.skipped.append(Skipped(str(file.path), str(error)))
            else:
                if read is not None:
                    reads.append(read)
                elif row is not None:
                    report.unchanged.append(row["doc_id"])
            if progress is not None:
                progress(number, len(files))
    except KeyboardInterrupt:
        interrupted = True
    if reads:
        _store(workspace, reads, report, seeds=seeds)
    return interrupted


def _gone(workspace: Workspace, paths: Sequence[Path]) -> list[str]:
    """Say which documents' files are no longer in the folders named."""
    documents = workspace.table("documents").filter(~pl.col("seed"))
    beside = workspace.path.resolve().parent
    return [
        f"{place}: no such file any more; its text is kept until you say: corpus rm {doc_id}"
        for place, doc_id in documents.select("file", "doc_id").iter_rows()
        if not (beside / place).exists()
        and any(path.is_dir() and (beside / place).is_relative_to(path.resolve()) for path in paths)
    ]


def _read(file: FoundFile, known: dict[str, str] | None, options: str) -> _Read | None:
    """Read a file, None if its document is up to date."""
    data = read_bytes(file.path)
    stated = {**json.loads(known["stated"] if known else "{}"), **json.loads(options)}
    text_of_stated = json.dumps(stated, sort_keys=True)
    entry = file.entry.override(
        Entry(
            date=parse_date(stated["date"]) if "date" in stated else None,
            source=stated.get("source"),
            lang=stated.get("lang"),
        )
    )
    digest = hashlib.sha256(data)
    digest.update(f"\0{READER}\0{entry!r}\0{stated.get('encoding')}".encode())
    if known and known["fingerprint"] == digest.hexdigest():
        return None
    text = decode(data, str(file.path), stated.get("encoding"))
    document = read_document(text, file.path.name, entry)
    if not any(version.sentences for version in document.versions):
        msg = f"{file.path}: no text in it, only what is printed around one"
        raise InputError(msg)
    encoding = stated.get("encoding") or encoding_of(data)
    return _Read(file, digest.hexdigest(), encoding, text_of_stated, text, document)


def _options_text(stated: Entry, encoding: str | None) -> str:
    values = {
        "date": stated.date and str(stated.date),
        "source": stated.source,
        "lang": stated.lang,
        "encoding": encoding and encoding.lower(),
    }
    return json.dumps({name: value for name, value in values.items() if value})


def _store(workspace: Workspace, reads: Iterable[_Read], report: IngestReport, *, seeds: bool) -> None:
    with workspace.change() as change:
        known = workspace.table("documents")
        if seeds and not known["seed"].all():
            return  # another process has put in documents of the user's
        if not seeds:  # seeds stand in for a corpus that is not there yet
            known = known.filter(~pl.col("seed"))
        ids = dict(known.select("file", "doc_id").iter_rows())
        stays = set(ids.values())
        added: list[dict[str, pl.DataFrame]] = []
        for read in reads:
            place = read.file.place
            (report.changed if place in ids else report.new).append(
                doc_id := ids.setdefault(place, _free_id(place, set(ids.values())))
            )
            stays.discard(doc_id)
            if doc_id != (stem := document_id(place)):
                report.notes.append(
                    f"{read.file.path}: another document is called {stem}; this one is {doc_id}"
                )
            report.notes += [f"{read.file.path}: {note}" for note in read.document.notes]
            about = {
                "file": place,
                "fingerprint": read.fingerprint,
                "encoding": read.encoding,
                "stated": read.stated,
                "seed": read.file.seed,
            }
            added.append(tables.document_tables(doc_id, read.text, read.document, about))
        for name in tables.SCHEMAS:
            kept = workspace.table(name).filter(pl.col("doc_id").is_in(list(stays)))
            change.put_table(name, pl.concat([kept, *(rows[name] for rows in added if name in rows)]))


def _free_id(place: str, taken: set[str]) -> str:
    """Return the file's stem, with a mark of its path where another document has that id."""
    stem = document_id(place)
    if stem not in taken:
        return stem
    return f"{stem}~{hashlib.sha256(place.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}"

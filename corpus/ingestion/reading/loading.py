"""Read a file's bytes as documents, with what manifests and options say of it, unless it is up to date."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.base.files import digest
from corpus.base.limits import MAX_LINES
from corpus.ingestion.manifest import Entry, entry_of, entry_values
from corpus.ingestion.reading.document import Document, read_document
from corpus.ingestion.reading.imported import imported_document
from corpus.ingestion.reading.items import split_items
from corpus.ingestion.reading.metadata import metadata_of
from corpus.ingestion.rows import count_rows, document_tables
from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.extraction import PLAIN, extract
from corpus.readers.packed.archives import read_place
from corpus.readers.registry import TEXT, format_of, format_paired, read_with
from corpus.text.dates import parse_date
from corpus.text.decoding import encoding_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import polars as pl

    from corpus.ingestion.discovery import FoundFile
    from corpus.ingestion.reading.provenance import Overruled

READER = "6"
"""Version of the reading rules; a new one makes every file be read again at its next ingest."""

_MANIFEST = "manifest"  # what of `stated` a manifest said that was named


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read from a file that is new, changed or moved.

    Attributes
    ----------
    file
        Where it was found.
    about
        The columns of `documents` (`corpus.store.schemas`) that are of the file rather than its text.
    extract, document
        The text that was taken from the file, and what was read in it.
    """

    file: FoundFile
    about: Mapping[str, Any]
    extract: Extract
    document: Document

    @property
    def part(self) -> str | None:
        """Its name among the documents of the file."""
        return self.extract.part

    @property
    def dated(self) -> bool:
        """Whether a version of it has a date."""
        return any(version.date for version in self.document.versions)

    @property
    def overruled(self) -> Sequence[Overruled]:
        """What options were put in place of."""
        return self.document.overruled

    @property
    def notes(self) -> Sequence[str]:
        """What a user should know of it."""
        return self.document.notes

    def tables(self, doc_id: str) -> dict[str, pl.DataFrame]:
        """Return its rows in the workspace's tables and in `counts`, under an id."""
        tables = document_tables(doc_id, self.extract, self.document, dict(self.about))
        return tables | {"counts": count_rows(doc_id, self.document, self.about["fingerprint"])}


def read_file(
    file: FoundFile, data: bytes, known: Sequence[Mapping[str, Any]], options: str
) -> list[Read] | None:
    """Read a file's bytes as documents; None if the known ones are up to date.

    Parameters
    ----------
    file, data
        The file.
    known
        The rows of `documents` it was read into before, one a part. In another place than its file's they
        are never up to date.
    options
        From `options_text`.

    Raises
    ------
    InputError
        If it cannot be read as what it is (`corpus.readers.extraction.extract`), has too many lines, or holds
        nothing but what is printed around a text.
    """
    stated = stated_of(file, known, options)
    entry = _manifest_entry(file, stated)
    by_options = Entry(
        date=parse_date(stated["date"]) if "date" in stated else None,
        source=stated.get("source"),
        lang=stated.get("lang"),
    )
    encoding = stated.get("encoding")
    mark = hashlib.sha256(data)
    for other in read_with(data, file.path):
        mark.update(read_place(other))
    mark.update(f"\0{READER}\0{entry.override(by_options)!r}\0{encoding}".encode())
    if _up_to_date(file, known, mark.hexdigest(), stated):
        return None
    form = format_paired(file.path) or format_of(data, file.path.name)
    if form in PLAIN:
        encoding = encoding or encoding_of(data, str(file.path))
    about = {
        "file": file.place,
        "encoding": encoding,
        "format": None if form == TEXT else form,
        "stated": json.dumps(stated, sort_keys=True),
        "content": digest(data),
        "seed": file.seed,
    }
    reads, without = list[Read](), list[str]()
    # A file that is one document stays one, and so does one that a manifest says to be in several versions.
    one = entry.versions or entry.original or any(row["part"] is None for row in known)
    for item in _items(data, file, encoding, form, split=not one):
        if isinstance(item, AlignedSegments):
            taken = imported_document(
                item, str(file.path), file.path.name, entry, by_options, metadata=file.metadata
            )
            reads.append(Read(file, about | {"part": item.part}, *taken))
            continue
        document = _read(item, file, entry, by_options)
        if document is None:
            without.append(item.part or "")
        else:
            reads.append(Read(file, about | {"part": item.part}, item, document))
    if not reads:
        raise InputError(f"{file.path}: no text in it, only what is printed around one")
    note = (f"no text in {len(without)} of its parts: {_listed(without)}",) if without else ()
    first = replace(reads[0], document=replace(reads[0].document, notes=(*reads[0].document.notes, *note)))
    fingerprint = _fingerprint(mark.hexdigest(), len(reads), whole=reads[0].part is None)
    return [replace(read, about={**read.about, "fingerprint": fingerprint}) for read in (first, *reads[1:])]


def _items(
    data: bytes, file: FoundFile, encoding: str | None, form: str, *, split: bool
) -> Iterator[Extract | AlignedSegments]:
    """Yield the documents in a file, texts that hold several news items cut into these."""
    for item in extract(data, file.path, encoding, form):
        if isinstance(item, Extract) and split and form in _WITH_ITEMS:
            yield from split_items(item)
        else:
            yield item


_WITH_ITEMS = PLAIN | {"html", "mhtml"}


def _read(item: Extract, file: FoundFile, entry: Entry, by_options: Entry) -> Document | None:
    """Read a text that was taken from a file; None if it is only what is printed around one."""
    if item.text.count("\n") > MAX_LINES:
        raise InputError(f"{file.path}: more than {MAX_LINES:,} lines; cut it into several texts")
    found, notes = metadata_of({**item.stated, **file.metadata})
    document = read_document(item.text, file.path.name, entry, by_options, metadata=found)
    if not any(version.sentences for version in document.versions):
        return None
    return replace(document, notes=(*item.notes, *notes, *document.notes))


def _up_to_date(
    file: FoundFile, known: Sequence[Mapping[str, Any]], mark: str, stated: Mapping[str, Any]
) -> bool:
    """Tell whether documents are what reading their file, with what is stated of it, would give again.

    What is stated may be new though it says the same: it is to be remembered, or forgotten.
    """
    return bool(known) and all(
        row["file"] == file.place
        and row["fingerprint"] == _fingerprint(mark, len(known), whole=row["part"] is None)
        and json.loads(row["stated"]) == stated
        for row in known
    )


def _fingerprint(mark: str, parts: int, *, whole: bool) -> str:
    """Return the fingerprint of a document; of one among others, with how many they are."""
    return mark if whole and parts == 1 else f"{mark}/{parts}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


_MOST_NAMED = 5


OPTIONS = ("date", "source", "lang", "encoding")
"""What options can state of files, and forget."""


def options_text(stated: Entry, encoding: str | None, forget: Collection[str] = ()) -> str:
    """Return the options stated, as JSON; null for those to be forgotten.

    Raises
    ------
    ValueError
        If `forget` names what is none of `OPTIONS`.
    """
    if unknown := set(forget) - set(OPTIONS):
        raise ValueError(
            f"nothing to forget is called {', '.join(sorted(unknown))}; there are {', '.join(OPTIONS)}"
        )
    values = {
        "date": stated.date and str(stated.date),
        "source": stated.source,
        "lang": stated.lang,
        "encoding": encoding and encoding.lower(),
    }
    given = {name: value for name, value in values.items() if value}
    return json.dumps(dict.fromkeys(sorted(forget)) | given)


def stated_of(file: FoundFile, known: Sequence[Mapping[str, Any]], options: str) -> dict[str, Any]:
    """Return the facts stated of a file by options and named manifests so far.

    What is stated now outweighs what was before, whichever way that was; of what is stated at the same time,
    options outweigh the manifest. What a manifest says now, under ``manifest``, takes the place of all
    that another one said. What options are to forget goes, whenever they stated it.
    """
    stated = json.loads(known[0]["stated"] if known else "{}")
    if file.given:
        facts = entry_values(file.entry)
        stated = {name: value for name, value in stated.items() if name not in facts} | {_MANIFEST: facts}
    stated |= json.loads(options)
    return {name: value for name, value in stated.items() if value is not None}


def holds_over_manifest(file: FoundFile, known: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether what a manifest said of a file before keeps that of its folder from counting."""
    if not known or file.given or file.entry == Entry():
        return False
    return _manifest_entry(file, json.loads(known[0]["stated"])) != file.entry


def _manifest_entry(file: FoundFile, stated: Mapping[str, Any]) -> Entry:
    return entry_of(stated[_MANIFEST], str(file.path)) if _MANIFEST in stated else file.entry

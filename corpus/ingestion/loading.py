"""Read a file's bytes as a document, with what manifests and options say of it, unless it is up to date."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.base.files import digest
from corpus.base.limits import MAX_LINES
from corpus.ingestion.document import Document, read_document
from corpus.ingestion.manifest import Entry, entry_of, entry_values
from corpus.readers.html import refuse_markup
from corpus.text.dates import parse_date
from corpus.text.decoding import decode, encoding_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from corpus.ingestion.discovery import FoundFile

READER = "5"
"""Version of the reading rules; a new one makes every file be read again at its next ingest."""

_MANIFEST = "manifest"  # what of `stated` a manifest said that was named


@dataclass(frozen=True, slots=True)
class Read:
    """A file that is new, changed or moved, read as a document.

    Attributes
    ----------
    file
        Where it was found.
    fingerprint, encoding, stated, content
        As in the table of documents (`corpus.store.schemas`).
    text, document
        The untouched file, decoded, and what was read in it.
    """

    file: FoundFile
    fingerprint: str
    encoding: str
    stated: str
    content: str
    text: str
    document: Document

    def about(self) -> dict[str, Any]:
        """Return the columns of `documents` that `tables.document_tables` is to be told."""
        return {
            "file": self.file.place,
            "fingerprint": self.fingerprint,
            "encoding": self.encoding,
            "stated": self.stated,
            "content": self.content,
            "seed": self.file.seed,
        }


def read_file(file: FoundFile, data: bytes, known: Mapping[str, Any] | None, options: str) -> Read | None:
    """Read a file's bytes as a document; None if the known one is up to date.

    Parameters
    ----------
    file, data
        The file.
    known
        The row of `documents` it was read into before, None if it was not. In another place than its
        file's it is never up to date.
    options
        From `options_text`.

    Raises
    ------
    InputError
        If it is no text or has too many lines, is a new file that is marked up, or holds nothing but what is
        printed around a text.
    """
    stated = stated_of(file, known, options)
    entry = _manifest_entry(file, stated)
    by_options = Entry(
        date=parse_date(stated["date"]) if "date" in stated else None,
        source=stated.get("source"),
        lang=stated.get("lang"),
    )
    mark = hashlib.sha256(data)
    mark.update(f"\0{READER}\0{entry.override(by_options)!r}\0{stated.get('encoding')}".encode())
    # What is stated may be new though it says the same: it is to be remembered, or forgotten.
    same = known and known["fingerprint"] == mark.hexdigest() and json.loads(known["stated"]) == stated
    if known and same and known["file"] == file.place:
        return None
    text = decode(data, str(file.path), stated.get("encoding"))
    if text.count("\n") > MAX_LINES:
        raise InputError(f"{file.path}: more than {MAX_LINES:,} lines; cut it into several texts")
    if known is None:  # what was taken for a text once stays one, so that it can be made again
        refuse_markup(text, str(file.path))
    document = read_document(text, file.path.name, entry, by_options)
    if not any(version.sentences for version in document.versions):
        raise InputError(f"{file.path}: no text in it, only what is printed around one")
    return Read(
        file,
        fingerprint=mark.hexdigest(),
        encoding=stated.get("encoding") or encoding_of(data),
        stated=json.dumps(stated, sort_keys=True),
        content=digest(data),
        text=text,
        document=document,
    )


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


def stated_of(file: FoundFile, known: Mapping[str, Any] | None, options: str) -> dict[str, Any]:
    """Return the facts stated of a file by options and named manifests so far.

    What is stated now outweighs what was before, whichever way that was; of what is stated at the same time,
    options outweigh the manifest. What a manifest says now, under ``manifest``, takes the place of all
    that another one said. What options are to forget goes, whenever they stated it.
    """
    stated = json.loads(known["stated"] if known else "{}")
    if file.given:
        facts = entry_values(file.entry)
        stated = {name: value for name, value in stated.items() if name not in facts} | {_MANIFEST: facts}
    stated |= json.loads(options)
    return {name: value for name, value in stated.items() if value is not None}


def holds_over_manifest(file: FoundFile, known: Mapping[str, Any] | None) -> bool:
    """Tell whether what a manifest said of a file before keeps that of its folder from counting."""
    if known is None or file.given or file.entry == Entry():
        return False
    return _manifest_entry(file, json.loads(known["stated"])) != file.entry


def _manifest_entry(file: FoundFile, stated: Mapping[str, Any]) -> Entry:
    return entry_of(stated[_MANIFEST], str(file.path)) if _MANIFEST in stated else file.entry

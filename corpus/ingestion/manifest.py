"""What a user knows of a document that its text does not say, from a TOML file or the command line."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError, InputError
from corpus.base.files import read_bytes
from corpus.base.parsing import parse_toml
from corpus.text.dates import PartialDate, parse_date
from corpus.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "manifest.toml"


@dataclass(frozen=True, slots=True)
class Statement:
    """Facts stated about a document or one version of it; None where nothing is stated."""

    date: PartialDate | None = None
    title: str | None = None
    author: str | None = None
    source: str | None = None
    relay: str | None = None
    page: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry(Statement):
    """A document's entry in a manifest.

    Attributes
    ----------
    lang
        Language of a document in one language, as an ISO 639-1 code.
    original
        Language of the version that is the original; the others are its translations.
    rights
        Copyright notices and terms, as found.
    versions
        Facts about the version in one language; they outweigh the document's.
    """

    lang: str | None = None
    original: str | None = None
    rights: str | None = None
    versions: Mapping[str, Statement] = field(default_factory=dict)

    def about(self, lang: str) -> Statement:
        """Return the facts stated of the version in a language."""
        return self.versions.get(lang, Statement())

    def override(self, other: Entry) -> Entry:
        """Return this entry with what another one states put over it."""
        stated = {item.name: getattr(other, item.name) for item in fields(other) if getattr(other, item.name)}
        return replace(self, **stated)


def load_manifest(path: Path) -> dict[str, Entry]:
    """Read a manifest: a `[[document]]` table a file, by the file's path relative to the manifest.

    Raises
    ------
    InputError
        If the file is not valid TOML, or says what a manifest cannot say; the message names the key.
    """
    try:
        content = parse_toml(read_bytes(path).decode("utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: not a TOML file: {error}") from None
    tables = content.pop("document", [])
    content.pop("link", None)  # see `load_links`
    if content or not isinstance(tables, list):
        found = ", ".join(content) or "document"
        raise InputError(
            f"{path}: a manifest holds [[document]] and [[link]] tables and nothing else, not {found}"
        )
    entries: dict[str, Entry] = {}
    for number, table in enumerate(tables, start=1):
        where = f"{path}: document {number}"
        if not isinstance(table, dict) or not isinstance(file := table.pop("file", None), str):
            raise InputError(f'{where}: no file = "…"')
        if file in entries:
            raise InputError(f"{where}: {file} has an entry already")
        entries[file] = _entry(table, f"{where} ({file})")
    return entries


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A `[[link]]` table of a manifest: files that translate each other, and the original among them."""

    files: tuple[str, ...]
    original: str | None = None
    note: str | None = None


def load_links(path: Path) -> list[LinkEntry]:
    """Read the `[[link]]` tables of a manifest.

    Raises
    ------
    InputError
        If a table says what it cannot say; the message names it.
    """
    try:
        tables = parse_toml(read_bytes(path).decode("utf-8")).get("link", [])
    except ValueError as error:
        raise InputError(f"{path}: not a TOML file: {error}") from None
    if not isinstance(tables, list):
        raise InputError(f"{path}: [[link]] tables have two brackets on either side")
    return [_link(table, f"{path}: link {number}") for number, table in enumerate(tables, start=1)]


def _link(table: object, where: str) -> LinkEntry:
    files = table.get("files") if isinstance(table, dict) else None
    if not isinstance(table, dict) or not isinstance(files, list):
        raise InputError(f'{where}: no files = ["…", "…"]')
    if len(files) < 2 or len(set(map(str, files))) < len(files) or not all(isinstance(f, str) for f in files):
        raise InputError(f"{where}: files are the names of two files or more, each once")
    if unknown := sorted(table.keys() - {"files", "original", "note"}):
        raise InputError(f"{where}: unknown key {unknown[0]!r}; known are files, note, original")
    original, note = table.get("original"), table.get("note")
    if original is not None and original not in files:
        raise InputError(f"{where}: original is one of its files, not {original!r}")
    if note is not None and not isinstance(note, str):
        raise InputError(f"{where}: note is to be a text")
    return LinkEntry(tuple(files), original, note)


def entry_values(entry: Entry) -> dict[str, Any]:
    """Return an entry's facts as JSON can hold them; see `entry_of`."""
    values = _stated(entry)
    if entry.versions:
        values["versions"] = {lang: _stated(version) for lang, version in entry.versions.items()}
    return values


def _stated(statement: Statement) -> dict[str, Any]:
    values = {item.name: getattr(statement, item.name) for item in fields(statement)}
    return {name: str(value) for name, value in values.items() if value and name != "versions"}


def entry_of(values: Mapping[str, Any], where: str) -> Entry:
    """Return the entry that states what `entry_values` returned (InputError if nothing could have)."""
    return _entry(dict(values), where)


def _entry(table: dict[str, Any], where: str) -> Entry:
    versions = table.pop("versions", {})
    if not isinstance(versions, dict) or not all(isinstance(value, dict) for value in versions.values()):
        raise InputError(f"{where}: versions is a table a language: [document.versions.en]")
    stated = _values(table, {item.name for item in fields(Entry)} - {"versions"}, where)
    names = {item.name for item in fields(Statement)}
    return Entry(
        **stated,
        versions={
            lang: Statement(**_values(value, names, f"{where}, {lang}")) for lang, value in versions.items()
        },
    )


def _values(table: Mapping[str, Any], known: set[str], where: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise InputError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
        if key in ("date", "lang", "original"):
            try:  # a date: 2024, "2024-02" and TOML's own 2024-02-07
                values[key] = parse_date(str(value)) if key == "date" else language_code(str(value))
            except CorpusError as error:
                raise InputError(f"{where}: {error}") from None
        elif not isinstance(value, (str, int)) or isinstance(value, bool):
            raise InputError(f"{where}: {key} is to be a text")
        else:
            values[key] = str(value)
    return values

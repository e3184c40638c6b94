"""Find the files a user names, and what manifests say of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.files import is_file, read_bytes
from corpus.base.limits import MAX_DOCUMENT
from corpus.ingestion.manifest import FILE_NAME, Entry, LinkEntry, load_links, load_manifest
from corpus.readers.registry import endings, format_paired, read_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to ingest.

    Attributes
    ----------
    path
        Where it is.
    place
        What it is called in the tables: relative to the workspace's parent folder where it is below that,
        otherwise absolute.
    entry
        What manifests say of it.
    named
        Whether the user named it, rather than a folder it is in.
    seed
        Whether it ships with the toolkit.
    given
        Whether `entry` is of a manifest that the user named, and says something.
    metadata
        What the archive it is in says of it (`corpus.readers.base.Extract`).
    """

    path: Path
    place: str
    entry: Entry
    named: bool
    seed: bool = False
    given: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Discovery:
    """Files found, files of folders passed over, manifest entries without a file, and manifests' links."""

    files: list[FoundFile] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    links: list[tuple[Path, LinkEntry]] = field(default_factory=list)


def discover(paths: Sequence[Path], workspace: Path, manifest: Path | None = None) -> Discovery:
    """Find files, each once, in the order named and by path within a folder.

    Hidden files, the workspace's own and manifests are left out, and of a folder the files that end as
    those of no format do (`corpus.readers.registry`). What is known of a file is in the `manifest.toml` of
    its folder or of a folder above it, up to the one named; the nearest outweighs the others. A manifest
    that is given takes their place.

    Raises
    ------
    InputError
        If a manifest is mistaken.
    """
    discovery = Discovery()
    manifests = _Manifests(manifest)
    taken = endings()
    seen: set[Path] = set()
    for path in paths:
        folder = path if path.is_dir() else path.parent
        for file in sorted(_walk(path, workspace)) if path.is_dir() else [path]:
            paired = format_paired(file)
            chief = min((file, *read_with(b"", file)), key=_by_name) if paired else file
            try:
                resolved = chief.resolve()
            except (OSError, RuntimeError):  # of links in a circle, Python before 3.13 says the latter
                raise InputError(f"{file}: its links go in a circle, to no file") from None
            if resolved in seen:
                continue
            seen.add(resolved)
            if path.is_dir() and paired is None and file.suffix.lower() not in taken:
                discovery.passed_over.append(file)
                continue
            entry = manifests.entry(resolved, folder.resolve())
            given = manifest is not None and entry != Entry()
            place = place_of(resolved, workspace)
            discovery.files.append(FoundFile(chief, place, entry, named=not path.is_dir(), given=given))
    _leave_to_others(discovery)
    discovery.notes += manifests.unmatched()
    discovery.links += manifests.links()
    return discovery


def _by_name(path: Path) -> tuple[bool, str]:
    """Order the files of a format of several: of those that are called by languages the first is its name."""
    return path.suffix == ".ids", path.name


def _leave_to_others(discovery: Discovery) -> None:
    """Leave out files that others are read with, and say so."""
    taken: set[Path] = set()
    for file in discovery.files:
        if format_paired(file.path) or file.path.suffix.lower() in _NAMING:
            others = _read_with(file.path)
            taken |= {other.resolve() for other in others}
            if others:
                named = ", ".join(other.name for other in others[:_FEW]) + (" …" if others[_FEW:] else "")
                discovery.notes.append(f"{file.path}: read together with {named}")
    discovery.files = [file for file in discovery.files if file.path.resolve() not in taken]
    discovery.passed_over = [path for path in discovery.passed_over if path.resolve() not in taken]


_NAMING = (".xml",)  # endings of files that may name others
_FEW = 3


def _read_with(path: Path) -> tuple[Path, ...]:
    try:
        return read_with(read_bytes(path, MAX_DOCUMENT), path)
    except InputError:  # said when it is read
        return ()


def locate(place: str | None, beside: Path) -> FoundFile:
    """Return the file that is called something in the tables, with what manifests say of it.

    Parameters
    ----------
    place
        See `FoundFile`; None where it was lost.
    beside
        The workspace's parent folder; manifests are looked for from here downwards.

    Raises
    ------
    InputError
        If it is not known, or a manifest is mistaken.
    """
    if place is None:
        raise InputError("its file is not known")
    path = beside / place
    top = beside if path.is_relative_to(beside) else path.parent
    return FoundFile(path, place, _Manifests(None).entry(path, top), named=False)


class _Manifests:
    """Manifests, each read once."""

    def __init__(self, given: Path | None) -> None:
        self._given = given
        self._read: dict[Path, dict[str, Entry]] = {}
        if given is not None:
            self._entries(given)

    def entry(self, file: Path, top: Path) -> Entry:
        """Return the merged manifest entry of a file, from the outermost folder inwards."""
        if self._given is not None:
            return self._entries(self._given).get(_relative(file, self._given.resolve().parent), Entry())
        folders = [folder for folder in file.parents if folder.is_relative_to(top)]
        entry = Entry()
        for folder in reversed(folders):
            if (folder / FILE_NAME).is_file():
                entry = entry.override(
                    self._entries(folder / FILE_NAME).get(_relative(file, folder), Entry())
                )
        return entry

    def _entries(self, manifest: Path) -> dict[str, Entry]:
        if manifest not in self._read:
            self._read[manifest] = load_manifest(manifest)
        return self._read[manifest]

    def links(self) -> list[tuple[Path, LinkEntry]]:
        """Return the links of the manifests that were read, each with its manifest."""
        return [(manifest, link) for manifest in self._read for link in load_links(manifest)]

    def unmatched(self) -> list[str]:
        """Return a note for every entry whose file does not exist."""
        return [
            f"{manifest}: no file {name}"
            for manifest, entries in self._read.items()
            for name in entries
            if not is_file(manifest.parent / name)
        ]


def _relative(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name


def _walk(folder: Path, workspace: Path) -> Iterator[Path]:
    own = workspace.resolve()
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        # Pipes and devices, too: they are named as they are skipped. Links to nothing are not there.
        if hidden or path.name == FILE_NAME or path.is_dir() or not path.exists():
            continue
        if own not in path.resolve().parents:
            yield path


def place_of(file: Path, workspace: Path) -> str:
    """Return a file's path as the tables have it (`FoundFile`)."""
    beside = workspace.resolve().parent
    return file.relative_to(beside).as_posix() if file.is_relative_to(beside) else file.as_posix()

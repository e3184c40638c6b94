"""Find the files a user names, and what manifests say of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.files import is_file
from corpus.ingestion.manifest import FILE_NAME, Entry, LinkEntry, load_links, load_manifest
from corpus.readers.packed.archives import (
    ArchiveReader,
    archive_kind,
    container_of,
    members,
    read_place,
)
from corpus.readers.registry import endings, format_paired, read_with

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
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
    size
        In bytes, as far as it is known without reading it.
    """

    path: Path
    place: str
    entry: Entry
    named: bool
    seed: bool = False
    given: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)
    size: int = 0


@dataclass(slots=True)
class Discovery:
    """Files found, those of folders and archives passed over, and what manifests say besides.

    Attributes
    ----------
    files, passed_over
        Those to read, and those of no format that is read.
    failed
        Archives of folders that cannot be read to their end, and why.
    notes, links
        Of manifests: entries without a file, and links.
    """

    files: list[FoundFile] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, InputError]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    links: list[tuple[Path, LinkEntry]] = field(default_factory=list)


def discover(paths: Sequence[Path], workspace: Path, manifest: Path | None = None) -> Discovery:
    """Find files, each once, in the order named and by path within a folder.

    Hidden files, the workspace's own and manifests are left out, and of a folder the files that end as
    those of no format do (`corpus.readers.registry`). What is known of a file is in the `manifest.toml` of
    its folder or of a folder above it, up to the one named; the nearest outweighs the others. A manifest
    that is given takes their place.

    An archive is a folder of the files in it.

    Raises
    ------
    InputError
        If a manifest is mistaken, or an archive that is named cannot be read.
    """
    discovery = Discovery()
    manifests = _Manifests(manifest)
    taken = endings()
    seen: set[Path] = set()
    left: dict[Path, Path] = {}
    beside = workspace.resolve().parent
    for path in paths:
        in_folder = path.is_dir()
        top: Path | None = None
        for file in sorted(_walk(path, workspace)) if path.is_dir() else [path]:
            paired = format_paired(file) is not None
            file = _chief(file) if paired else file  # noqa: PLW2901
            try:
                resolved = file.resolve()
            except (OSError, RuntimeError):  # of links in a circle, Python before 3.13 says the latter
                raise InputError(f"{file}: its links go in a circle, to no file") from None
            if resolved in seen:
                continue
            packed = archive_kind(file.name) is not None and file.is_file()
            if in_folder and not packed and not paired and not _is_taken(file.name, taken):
                left.setdefault(resolved, file)  # it may be named after its folder
                continue
            seen.add(resolved)
            for found in _packed(file, discovery, named=not in_folder) if packed else [_Found(file, "")]:
                if packed and not paired and not _is_taken(found.path.name, taken):
                    discovery.passed_over.append(found.path)
                    continue
                inside = resolved / found.inner
                top = top or (path if in_folder else path.parent).resolve()
                entry = manifests.entry(inside, top)
                discovery.files.append(
                    FoundFile(
                        found.path,
                        _place(inside, beside),
                        entry,
                        named=not in_folder and not packed,
                        given=manifest is not None and entry != Entry(),
                        metadata=found.metadata,
                        size=found.size,
                    )
                )
    discovery.passed_over += [file for resolved, file in left.items() if resolved not in seen]
    _leave_to_others(discovery)
    discovery.notes += manifests.unmatched()
    discovery.links += manifests.links()
    return discovery


def _chief(file: Path) -> Path:
    """Return the file that stands for those that are read together, whichever of them is named."""
    return min((file, *read_with(b"", file)), key=lambda path: (path.suffix == ".ids", path.name))


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
    if taken:
        discovery.files = [file for file in discovery.files if not _is_among(file.path, taken)]
        discovery.passed_over = [path for path in discovery.passed_over if not _is_among(path, taken)]


def _is_among(path: Path, files: set[Path]) -> bool:
    """Tell whether a file is among some, or in an archive that is."""
    resolved = path.resolve()
    return resolved in files or any(above in files for above in resolved.parents)


_NAMING = (".xml",)  # endings of files that may name others
_FEW = 3


def _read_with(path: Path) -> tuple[Path, ...]:
    try:
        return read_with(read_place(path), path)
    except InputError:  # said when it is read
        return ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, by its path and, in an archive, its path in that."""

    path: Path
    inner: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    size: int = 0


def _packed(archive: Path, discovery: Discovery, *, named: bool) -> Iterator[_Found]:
    """Yield the files in an archive; what keeps it from being read to its end is noted if it is not named."""
    try:
        for member in members(archive):
            yield _Found(archive / member.name, member.name, member.stated, member.size)
    except (InputError, OSError) as error:
        refused = error if isinstance(error, InputError) else InputError(f"{archive}: {error.strerror}")
        if named:
            raise refused from None
        discovery.failed.append((archive, refused))


def _is_taken(name: str, taken: Collection[str]) -> bool:
    """Tell whether a file of a folder is read, or is an archive in one that could not be opened."""
    return any(name.lower().endswith(ending) for ending in taken) or archive_kind(name) is not None


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
        self._above: dict[tuple[Path, Path], list[Path]] = {}
        if given is not None:
            self._entries(given)

    def entry(self, file: Path, top: Path) -> Entry:
        """Return the merged manifest entry of a file, from the outermost folder inwards."""
        if self._given is not None:
            return self._entries(self._given).get(_relative(file, self._given.resolve().parent), Entry())
        entry = Entry()
        for folder in self._folders(file.parent, top):
            entry = entry.override(self._entries(folder / FILE_NAME).get(_relative(file, folder), Entry()))
        return entry

    def _folders(self, folder: Path, top: Path) -> list[Path]:
        """Return the folders from `top` down to one that have a manifest; looked for once."""
        if (folder, top) not in self._above:
            inwards = [above for above in (folder, *folder.parents) if above.is_relative_to(top)][::-1]
            self._above[folder, top] = [above for above in inwards if (above / FILE_NAME).is_file()]
        return self._above[folder, top]

    def _entries(self, manifest: Path) -> dict[str, Entry]:
        if manifest not in self._read:
            self._read[manifest] = load_manifest(manifest)
        return self._read[manifest]

    def links(self) -> list[tuple[Path, LinkEntry]]:
        """Return the links of the manifests that were read, each with its manifest."""
        return [(manifest, link) for manifest in self._read for link in load_links(manifest)]

    def unmatched(self) -> list[str]:
        """Return a note for every entry whose file does not exist."""
        archives = ArchiveReader()
        return [
            f"{manifest}: no file {name}"
            for manifest, entries in self._read.items()
            for name in entries
            if not is_file(manifest.parent / name) and not _is_packed(manifest.parent / name, archives)
        ]


def _is_packed(path: Path, archives: ArchiveReader) -> bool:
    return container_of(path) is not None and archives.exists(path)


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
    return _place(file, workspace.resolve().parent)


def _place(file: Path, beside: Path) -> str:
    return file.relative_to(beside).as_posix() if file.is_relative_to(beside) else file.as_posix()

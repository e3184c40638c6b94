"""Which files of a workspace are known to be what was written, so that none is read through on every run.

A file's content is compared with its checksum when it is first used after its size or time of change is
another than it was. What was found whole is noted in the file `verified`, a line a file: its name, and a
digest of its checksum, size and time. That file may be lost or damaged: then all are compared again.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from corpus.base.errors import WorkspaceError
from corpus.store.state import HINT, verify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corpus.store.state import Stored

NAME = "verified"

_noted: dict[Path, dict[str, str]] = {}


def ensure_whole(folder: Path, stored: Stored) -> None:
    """Raise WorkspaceError if a file, or one in a folder of files, is not what was written.

    Parameters
    ----------
    folder
        The workspace's.
    stored
        What was written. Damage that leaves size and time of a file as they were is found by
        `corpus.store.integrity.check` only.

    Raises
    ------
    WorkspaceError
        If it is missing (FileNotFoundError is the cause), or damaged.
    """
    path = folder / stored.file
    try:
        size, mark = _mark(path, stored)
    except FileNotFoundError as error:
        raise WorkspaceError(f"{path}: missing; {HINT}") from error
    except OSError as error:
        raise WorkspaceError(f"{path}: {error.strerror}; {HINT}") from error
    if size != stored.bytes:
        raise WorkspaceError(f"{path}: damaged: {size} bytes long, was written with {stored.bytes}; {HINT}")
    noted = _noted.setdefault(folder, {})
    if noted.get(stored.file) == mark:
        return
    noted.update(_read(folder))  # another process may have compared it, or written it
    if noted.get(stored.file) != mark:
        verify(folder, stored)
        noted[stored.file] = mark
        _write(folder, f"{stored.file} {mark}\n", "a")


def note_whole(folder: Path, files: Iterable[Stored], kept: Iterable[str]) -> None:
    """Note files as whole that were just written, and do away with the notes of others.

    Parameters
    ----------
    folder
        The workspace's, locked.
    files
        What was written.
    kept
        The names of all files that count, or may still be read.
    """
    known = _read(folder)
    for stored in files:
        with suppress(OSError):
            known[stored.file] = _mark(folder / stored.file, stored)[1]
    names = set(kept)
    known = {name: mark for name, mark in known.items() if name in names}
    _noted[folder] = known
    _write(folder, "".join(f"{name} {mark}\n" for name, mark in known.items()), "w")


def _mark(path: Path, stored: Stored) -> tuple[int, str]:
    """Return the size of a file or folder, and what changes with its checksum, size and times."""
    parts = sorted(path.iterdir()) if path.is_dir() else [path]
    statuses = [part.stat() for part in parts]
    listing = [
        f"{part.name} {one.st_size} {one.st_mtime_ns}" for part, one in zip(parts, statuses, strict=True)
    ]
    mark = blake2b("\n".join([stored.checksum, *listing]).encode(), digest_size=12).hexdigest()
    return sum(one.st_size for one in statuses), mark


def _write(folder: Path, lines: str, mode: Literal["a", "w"]) -> None:
    """Write notes if that can be: the folder may be another's, and what is there no plain file."""
    path = folder / NAME
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return
    with suppress(OSError), path.open(mode, encoding="ascii") as file:
        file.write(lines)


def _read(folder: Path) -> dict[str, str]:
    if not (folder / NAME).is_file():
        return {}
    try:
        lines = (folder / NAME).read_text("ascii", errors="replace").splitlines()
    except OSError:
        return {}
    return {words[0]: words[1] for line in lines if len(words := line.split(" ")) == 2}

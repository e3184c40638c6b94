"""Model files converted once to arrays that can be mapped into memory, in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from corpus.base.errors import CorpusError
from corpus.base.files import write_atomically
from corpus.base.resources import cache_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]

_LAYOUT = 4
"""Changes when what is converted, or how, changes."""


def converted(name: str, source: Path, convert: Callable[[], Arrays]) -> Arrays:
    """Return the arrays made from a model file: mapped read-only if they can be cached, else in memory.

    Parameters
    ----------
    name
        What the model is called; part of the folder's name.
    source
        The file they are made from. Its place, size and time of change tell one version from another.
    convert
        Makes the arrays; called when there are none yet.

    Returns
    -------
    Arrays
        Arrays by name, in the order in which `convert` gave them.

    Notes
    -----
    The folder is written under another name and renamed when complete: a killed process leaves no half
    of it under its final name, and of two processes that convert at the same time one wins, with the same
    arrays. A cache that cannot be read is written anew; one that cannot be written is done without. So is one
    that was changed: what its files hold is compared with what was written, when their size or time is not
    what it was.
    """
    status = source.stat()
    identity = f"{_LAYOUT} {source.resolve()} {status.st_size} {status.st_mtime_ns}"
    folder = models_folder() / f"{name}-{blake2b(identity.encode(), digest_size=8).hexdigest()}"
    mapped = _map(folder)
    if mapped is not None:
        return mapped
    arrays = convert()
    with contextlib.suppress(OSError, CorpusError):
        _write(folder, arrays)
        return _map(folder) or arrays
    return arrays


def models_folder() -> Path:
    """Return the folder that `converted` keeps what it makes in; it may not exist."""
    return cache_dir() / "models"


def damaged_models() -> list[tuple[Path, str]]:
    """Compare all that `converted` keeps with what was written, whatever its size and time.

    Returns
    -------
    list of tuple
        The file or folder of each model that is not what was written, and what is wrong with it.
    """
    return [fault for folder in sorted(models_folder().glob("[!.]*")) for fault in _faults(folder)]


def _faults(folder: Path) -> Iterator[tuple[Path, str]]:
    try:
        listed = _read_list(folder)
    except (OSError, ValueError):
        yield folder / "names", "damaged: not what was written"
        return
    for name, (_, checksum) in listed.items():
        file = folder / f"{name}.npy"
        try:
            if _checksum(file) != checksum:
                yield file, "damaged: not what was written"
        except OSError as error:
            yield file, error.strerror or str(error)


def _map(folder: Path) -> Arrays | None:
    """Map the arrays of a complete folder; None if there is none, or it is damaged."""
    try:
        listed = _read_list(folder)
        changed = [name for name, (mark, _) in listed.items() if mark != _mark(folder / f"{name}.npy")]
        if any(_checksum(folder / f"{name}.npy") != listed[name][1] for name in changed):
            return None
        if changed:  # copied, or restored from a backup: whole, and not compared again
            with contextlib.suppress(OSError, CorpusError):
                _write_list(folder, list(listed))
        return {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in listed}
    except (EOFError, OSError, ValueError):
        return None


def _read_list(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the arrays of a folder: size and time, and checksum, by name (ValueError if it is damaged)."""
    head, *lines = (folder / "names").read_text(encoding="utf-8").splitlines()
    if not lines or head != blake2b("\n".join(lines).encode(), digest_size=16).hexdigest():
        raise ValueError("not what was written")
    rows = [line.split("\t") for line in lines]
    return {name: (mark, checksum) for name, mark, checksum in rows}


def _write_list(folder: Path, names: Iterable[str]) -> None:
    files = {name: folder / f"{name}.npy" for name in names}
    lines = [f"{name}\t{_mark(file)}\t{_checksum(file)}" for name, file in files.items()]
    head = blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()
    write_atomically(folder / "names", "\n".join([head, *lines]).encode())


def _mark(file: Path) -> str:
    status = file.stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write(folder: Path, arrays: Arrays) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, array in arrays.items():
            np.save(draft / f"{name}.npy", array, allow_pickle=False)
        _write_list(draft, arrays)
        if folder.exists() and _map(folder) is None:
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        # After the renaming there is nothing there; after a failure, or where another process was first,
        # there is.
        shutil.rmtree(draft, ignore_errors=True)

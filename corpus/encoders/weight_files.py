"""Model files converted once to arrays that can be mapped into memory, in the user's cache folder."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from corpus.base.resources import cache_dir

if TYPE_CHECKING:
    from collections.abc import Callable

Arrays: TypeAlias = dict[str, npt.NDArray[Any]]

_LAYOUT = 2
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
    arrays. A cache that cannot be read is written anew; one that cannot be written is done without.
    """
    status = source.stat()
    identity = f"{_LAYOUT} {source.resolve()} {status.st_size} {status.st_mtime_ns}"
    folder = cache_dir() / "models" / f"{name}-{blake2b(identity.encode(), digest_size=8).hexdigest()}"
    mapped = _map(folder)
    if mapped is not None:
        return mapped
    arrays = convert()
    with contextlib.suppress(OSError):
        _write(folder, arrays)
        return _map(folder) or arrays
    return arrays


def _map(folder: Path) -> Arrays | None:
    """Map the arrays of a complete folder; None if there is none, or it is damaged."""
    try:
        names = (folder / "names").read_text(encoding="utf-8").split()
        return {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in names}
    except (EOFError, OSError, ValueError):
        return None


def _write(folder: Path, arrays: Arrays) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, array in arrays.items():
            np.save(draft / f"{name}.npy", array, allow_pickle=False)
        (draft / "names").write_text("\n".join(arrays), encoding="utf-8")
        if folder.exists() and _map(folder) is None:
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        # After the renaming there is nothing there; after a failure, or where another process was first,
        # there is.
        shutil.rmtree(draft, ignore_errors=True)

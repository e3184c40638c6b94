"""Reading bytes that may be anything, and writing files that are never half there."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpus.base.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_bytes(path: Path) -> bytes:
    """Read a file, or say why not (InputError)."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        msg = f"{path}: no such file"
    except IsADirectoryError:
        msg = f"{path}: a folder, where a file is expected"
    except OSError as error:
        msg = f"{path}: {error.strerror}"
    raise InputError(msg)


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def json_digest(value: object) -> str:
    """Return the SHA-256 of a value that JSON can hold, whatever the order of keys, hexadecimal."""
    return digest(json.dumps(value, sort_keys=True).encode())


def read_input(path: Path | str) -> bytes:
    """Read a file, or standard input for ``-`` (InputError if it cannot be read)."""
    return sys.stdin.buffer.read() if str(path) == "-" else read_bytes(Path(path))


@contextmanager
def atomic_writer(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside its place, and move it there when it is whole and on disk.

    Raises
    ------
    CorpusError
        If the folder cannot be written or the disk is full; what stood at `path` before still does.
    """
    temporary: Path | None = None
    try:
        if path.exists() and not path.is_file():  # a device or a pipe: nothing to keep whole
            with path.open("wb") as file:
                yield file
            return
        path = path.resolve()  # replace what a link points at, not the link
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_for(path))
        temporary.replace(path)
    except OSError as error:
        raise CorpusError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _mode_for(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those any new file would get."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)  # there is no way to read it but to set it
        os.umask(umask)
        return 0o666 & ~umask


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file's content, wholly or not at all (CorpusError if it cannot be)."""
    with atomic_writer(path) as file:
        file.write(data)

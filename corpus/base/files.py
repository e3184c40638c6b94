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
from corpus.base.limits import MAX_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_bytes(path: Path, limit: int = MAX_FILE) -> bytes:
    """Read a file, or say why not (InputError); pipes and devices, which may have no end, are not read.

    Parameters
    ----------
    path
        Where it is.
    limit
        How many bytes are read at most; a file that has more is refused.
    """
    try:
        if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path}: not a plain file but {_kind(path)}; to read what comes by a pipe: -")
        with path.open("rb") as file:
            return _within(file.read(limit + 1), limit, str(path))
    except FileNotFoundError:
        msg = f"{path}: no such file"
    except IsADirectoryError:
        msg = f"{path}: a folder, where a file is expected"
    except OSError as error:
        msg = f"{path}: {error.strerror}"
    except ValueError:  # a null character in its name
        msg = f"{str(path)!r}: no name of a file"
    raise InputError(msg)


def _within(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise InputError(
            f"{name}: larger than {limit:,} bytes, the most that is read of one file; cut it into several"
        )
    return data


def _kind(path: Path) -> str:
    mode = path.stat().st_mode
    kinds = {"a pipe": stat.S_ISFIFO, "a device": stat.S_ISCHR, "a socket": stat.S_ISSOCK}
    return next((kind for kind, is_one in kinds.items() if is_one(mode)), "something else")


def is_file(path: Path) -> bool:
    """Tell whether a plain file is at a path, which may be one that no file can have."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or has a null character
        return False


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def json_digest(value: object) -> str:
    """Return the SHA-256 of a value that JSON can hold, whatever the order of keys, hexadecimal."""
    return digest(json.dumps(value, sort_keys=True).encode())


def read_input(path: Path | str) -> bytes:
    """Read a file, or standard input for ``-`` (InputError if it cannot be read)."""
    if str(path) == "-":
        return _within(sys.stdin.buffer.read(MAX_FILE + 1), MAX_FILE, "standard input")
    return read_bytes(Path(path))


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
        temporary.chmod(mode_for(path))
        temporary.replace(path)
    except OSError as error:
        raise CorpusError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def mode_for(path: Path) -> int:
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

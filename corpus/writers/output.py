"""Where an export goes: a file, several with one name, a folder, or standard output."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Protocol, cast

import polars as pl

from corpus.base.errors import CorpusError
from corpus.base.files import mode_for
from corpus.documents.pairs import without_nulls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from corpus.documents.pairs import PairBatch


class Output(Protocol):
    """What a writer writes to."""

    def open(self, name: str = "") -> AbstractContextManager[IO[bytes]]:
        """Open a file to be written; when its block ends it is on disk, but not yet in its place.

        Parameters
        ----------
        name
            Nothing for the only file of an export; ``zh.vert`` for one of several, which is called
            ``BASE.zh.vert``; ``zh/a.txt`` for one in a folder.
        """
        ...


def encoded(text: str) -> bytes:
    """Return text as UTF-8; what a broken original holds of half characters goes through as it is."""
    return text.encode("utf-8", "surrogatepass")


_ILLEGAL = {
    **{code: "\ufffd" for code in range(0x20) if chr(code) not in "\t\n\r"},
    **dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


_NO_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"


def xml_text(text: str) -> str:
    """Return a text with U+FFFD for each character that XML 1.0 cannot hold: control characters, halves."""
    return text.translate(_ILLEGAL)


class Illegal:
    """Counts the characters of pairs that XML cannot hold (`xml_text`), while they are written.

    Attributes
    ----------
    count
        How many there were so far.
    """

    def __init__(self, *, nulls: bool) -> None:
        self._nulls = nulls
        self.count = 0

    def counted(self, batches: Iterable[PairBatch]) -> Iterator[PairBatch]:
        """Yield batches, and count what is in their texts; of null beads only if they are written, too."""
        for batch in batches:
            pairs = batch.pairs if self._nulls else without_nulls(batch.pairs)
            found = pairs.select(pl.sum_horizontal(pl.col("src", "tgt").str.count_matches(_NO_XML)).sum())
            self.count += int(found.item())
            yield batch


class _Beside:
    """Files that are written beside their places and moved there together (`output_to`)."""

    def __init__(self, target: Path, *, several: bool) -> None:
        self._target = target
        self._several = several
        self.written: list[tuple[Path, Path]] = []
        self.names: set[Path] = set()

    @contextmanager
    def open(self, name: str = "") -> Iterator[IO[bytes]]:
        place = self._target
        if name:
            if not self._several:
                raise ValueError(f"{name}: this format has one file")
            place = place.with_name(f"{place.name}.{name}")
        if place.exists() and not place.is_file():
            if place.is_dir():
                raise CorpusError(f"cannot write {place}: a folder has this name")
            with place.open("wb") as file:  # a device or a pipe: nothing to keep whole
                yield file
            return
        place = place.resolve()  # replace what a link points at, not the link
        if place in self.names:
            raise CorpusError(f"cannot write {place}: two files of this export would have this name")
        self.names.add(place)
        handle, part = tempfile.mkstemp(prefix=f".{place.name[:80]}.", suffix=".part", dir=place.parent)
        self.written.append((Path(part), place))
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def commit(self) -> None:
        for part, place in self.written:
            part.chmod(mode_for(place))
        for part, place in self.written:
            part.replace(place)

    def discard(self) -> None:
        for part, _ in self.written:
            part.unlink(missing_ok=True)


class _Folder:
    """A folder that is written beside its place, and moved there when it is whole (`output_to`)."""

    def __init__(self, target: Path) -> None:
        self._target = target
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise CorpusError(
                f"{target} is there already, and holds something; name another folder, or remove it first"
            )
        # Of the rights of a new folder: mkdtemp's are the owner's only.
        self._part = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent))

    @contextmanager
    def open(self, name: str = "") -> Iterator[IO[bytes]]:
        parts = PurePosixPath(name).parts
        if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
            raise ValueError(f"{name!r}: no name inside a folder")
        place = self._part.joinpath(*parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            raise CorpusError(
                f"cannot write {self._target / name}: two files of this export would be called so"
            )
        with place.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def commit(self) -> None:
        umask = os.umask(0)  # there is no way to read it but to set it
        os.umask(umask)
        self._part.chmod(0o777 & ~umask)
        if self._target.is_dir():
            self._target.rmdir()  # it is empty; not every system renames over it
        self._part.replace(self._target)

    def discard(self) -> None:
        shutil.rmtree(self._part, ignore_errors=True)


class _Stdout:
    """Standard output, as the stream of bytes that a writer wants."""

    def __init__(self, *, binary: bool) -> None:
        self._binary = binary

    @contextmanager
    def open(self, name: str = "") -> Iterator[IO[bytes]]:
        if name:
            raise ValueError(f"{name}: standard output is one file")
        if not self._binary:
            yield cast("IO[bytes]", _Printed())
            return
        if sys.stdout.isatty():
            raise CorpusError("this format is not text: send it into a file or a pipe")
        with tempfile.TemporaryFile() as file:  # some writers go back and forth
            yield file
            file.seek(0)
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()

    def commit(self) -> None:
        pass

    def discard(self) -> None:
        pass


class _Printed:
    """Takes the UTF-8 of whole characters, and prints it."""

    def write(self, data: bytes) -> int:
        sys.stdout.write(bytes(data).decode("utf-8", "surrogatepass"))
        return len(data)

    def flush(self) -> None:
        sys.stdout.flush()


@contextmanager
def output_to(target: Path | str, shape: str, *, binary: bool = False) -> Iterator[Output]:
    """Open the place of an export: all its files come to stand there together, or none does.

    Parameters
    ----------
    target
        A file; of several files, what their names begin with; a folder, which may exist only if it is empty;
        or ``-`` for standard output.
    shape
        ``file``, ``files`` or ``folder`` (`corpus.writers.base.Format`).
    binary
        Whether what is written is no text.

    Raises
    ------
    CorpusError
        If the place cannot be written, the disk is full, or the folder is not empty; what stood there before
        still does.
    """
    out: _Beside | _Folder | _Stdout
    if str(target) == "-":
        if shape != "file":
            raise CorpusError("this format is of several files: name where they go, not -")
        out = _Stdout(binary=binary)
    else:
        path = Path(target)
        if not path.parent.is_dir():
            raise CorpusError(f"cannot write {target}: no folder {path.parent}")
        try:
            out = _Folder(path) if shape == "folder" else _Beside(path, several=shape == "files")
        except OSError as error:
            raise CorpusError(f"cannot write {target}: {error.strerror or error}") from error
    try:
        yield out
        out.commit()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CorpusError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            out.discard()

"""Archives and packed files: the files in them, one after the other, within limits; none is put on disk."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import IO, TYPE_CHECKING, Any, cast

from corpus.base.errors import InputError
from corpus.base.files import is_file, read_bytes
from corpus.base.limits import MAX_DOCUMENT, MAX_ENTRIES, MAX_NESTED, MAX_RATIO, MAX_UNPACKED

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

ARCHIVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "zip": ((".zip",), "files in a ZIP archive"),
    "tar": (
        (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.bz2", ".tar.xz"),
        "files in a TAR archive, packed or not",
    ),
    "warc": ((".warc", ".warc.gz"), "pages in a web archive"),
    "gzip": ((".gz",), "one file, packed by gzip"),
    "zstd": ((".zst",), "one file, packed by Zstandard"),
}
"""Kinds of archives: what their names end in, the longer ending first, and a line about each."""

SIZE_UNKNOWN = 200_000
"""Bytes that a file in an archive is taken to have where the archive does not say."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Attributes
    ----------
    name
        Its path in the archive, with ``/`` between its parts, and none that leads out of it.
    size
        In bytes, as the archive says it.
    read
        Return its bytes; to be called before the next member is asked for. Raises InputError if it is
        damaged, encrypted, or beyond a limit.
    stated
        What the archive says of it (`corpus.readers.base.Extract`).
    """

    name: str
    size: int
    read: Callable[[], bytes]
    stated: Mapping[str, str] = field(default_factory=dict)


def archive_kind(name: str) -> str | None:
    """Return which of `ARCHIVES` a file's name says it is, None if it is none."""
    lower = name.lower()
    return next((kind for kind, (endings, _) in ARCHIVES.items() if lower.endswith(endings)), None)


def members(path: Path) -> Generator[Member, None, None]:
    """Yield the files in an archive, in its order, those in archives inside it among them.

    Links, devices, folders and hidden files are passed over.

    Raises
    ------
    InputError
        If it cannot be read, or is beyond a limit (`corpus.base.limits`); what comes before that is yielded.
    """
    with path.open("rb") as file:
        for count, member in enumerate(_open(file, path.name, str(path), 1), start=1):
            if count > MAX_ENTRIES:
                raise InputError(
                    f"{path}: more than {MAX_ENTRIES:,} files in it; unpack it and name its folders"
                )
            yield member


def read_place(path: Path) -> bytes:
    """Read a file, which may be one in an archive: the path of the archive is then above its own.

    Raises
    ------
    InputError
        If there is none, or it cannot be read.
    """
    return ArchiveReader().read(path)


def container_of(path: Path) -> Path | None:
    """Return the archive that a file is in by its path; None if it is in none."""
    if is_file(path):
        return None
    return next((above for above in path.parents if is_file(above) and archive_kind(above.name)), None)


class ArchiveReader:
    """Reads files, in archives too, each archive once if they are asked for in its order."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._members: Generator[Member, None, None] | None = None
        self._names: dict[Path, frozenset[str]] = {}

    def read(self, path: Path, limit: int = MAX_DOCUMENT) -> bytes:
        """Return a file's bytes; InputError if it is not there, cannot be read, or has more than `limit`."""
        container = container_of(path)
        if container is None:
            return read_bytes(path, limit)
        inner = path.relative_to(container).as_posix()
        for again in (False, True):
            if again or self._path != container or self._members is None:
                self.close()
                self._path, self._members = container, members(container)
            for member in self._members:
                if member.name == inner:
                    data = member.read()
                    if len(data) > limit:
                        raise InputError(
                            f"{path}: larger than {limit:,} bytes, the most that is read of one text"
                        )
                    return data
        raise InputError(f"{path}: no such file in {container.name}")

    def exists(self, path: Path) -> bool:
        """Tell whether there is such a file, in an archive or not."""
        container = container_of(path)
        if container is None:
            return path.exists()
        if container not in self._names:
            try:
                self._names[container] = frozenset(member.name for member in members(container))
            except InputError:
                return True  # it cannot be told; its turn will report
        return path.relative_to(container).as_posix() in self._names[container]

    def close(self) -> None:
        """Close the archive that was read last."""
        if self._members is not None:
            self._members.close()
        self._path = self._members = None


def _open(file: IO[bytes], name: str, shown: str, depth: int) -> Iterator[Member]:
    """Yield the members of an archive, by the kind that its name says."""
    if depth > MAX_NESTED:
        raise InputError(f"{shown}: archives inside each other, more than {MAX_NESTED} deep")
    opened = {"zip": _zip, "tar": _tar, "warc": _warc, "gzip": _single, "zstd": _single}
    names: dict[str, int] = {}
    try:
        for member in opened[str(archive_kind(name))](file, name, shown):
            inner = _other_name(member.name, names)
            if archive_kind(inner) is None:
                yield Member(inner, member.size, member.read, member.stated)
                continue
            try:
                with closing(io.BytesIO(member.read())) as nested:
                    for one in _open(nested, inner, f"{shown}/{inner}", depth + 1):
                        yield Member(f"{inner}/{one.name}", one.size, one.read, one.stated)
            except InputError as error:
                yield Member(inner, 0, partial(_refuse, str(error)))
    except InputError:
        raise
    except _BROKEN as error:
        raise InputError(f"{shown}: a damaged archive ({type(error).__name__}: {error})") from None


def _refuse(reason: str) -> bytes:
    raise InputError(reason)


# What the libraries raise of an archive that is broken, or of what they cannot unpack.
_BROKEN = (
    OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, tarfile.TarError, NotImplementedError,
    RuntimeError, KeyError, IndexError, OverflowError,
)  # fmt: skip


def _other_name(name: str, names: dict[str, int]) -> str:
    """Return a member's name, with a number if another one has it."""
    names[name] = number = names.get(name, 0) + 1
    if number == 1:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}~{number}{dot}{ending}" if dot and "/" not in ending else f"{name}~{number}"


def _safe_name(name: str) -> str | None:
    """Return a member's path without what leads out of the archive; None of one that is hidden."""
    parts = [part for part in re.split(r"[\\/]", name) if part not in ("", ".", "..")]
    if parts and re.fullmatch("[A-Za-z]:", parts[0]):
        parts = parts[1:]
    if not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
        return None
    return "/".join("".join(one if one.isprintable() else "_" for one in part) for part in parts)


class _Bounded(io.RawIOBase):
    """A stream of what is unpacked, which ends with an error beyond the limits.

    Parameters
    ----------
    unpacked, packed
        The stream, and the file that it is unpacked from.
    shown
        What to call that in an error.
    """

    def __init__(self, unpacked: Any, packed: IO[bytes], shown: str) -> None:  # noqa: ANN401
        self._unpacked, self._packed, self._shown = unpacked, packed, shown
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._unpacked.read1(len(buffer))  # what comes before a damage is read
        except Exception as error:  # each of the libraries has its own
            raise OSError(f"{type(error).__name__}: {error}") from error
        self._count += len(data)
        _check_size(self._count, self._packed.tell(), self._shown)
        buffer[: len(data)] = data
        return len(data)


def _check_size(unpacked: int, packed: int, shown: str) -> None:
    if unpacked > MAX_UNPACKED:
        raise InputError(f"{shown}: more than {MAX_UNPACKED:,} bytes when it is unpacked")
    if unpacked > _SMALL and unpacked > MAX_RATIO * packed:
        raise InputError(f"{shown}: unpacks to more than {MAX_RATIO} times its size, as no text does")


_SMALL = 1_000_000  # bytes; of less, any ratio is harmless


def _unpacked(file: IO[bytes], name: str, shown: str) -> IO[bytes]:
    """Return what a packed file unpacks to, bounded; a file that is not packed as it is."""
    import bz2
    import lzma

    import zstandard

    lower = name.lower()
    stream: Any
    if lower.endswith((".gz", ".tgz")):
        stream = gzip.GzipFile(fileobj=file)
    elif lower.endswith(".zst"):
        unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        stream = unpacker.stream_reader(file, read_across_frames=True, closefd=False)
    elif lower.endswith(".bz2"):
        stream = bz2.BZ2File(file)
    elif lower.endswith(".xz"):
        stream = lzma.LZMAFile(file)  # noqa: SIM115
    else:
        return file
    return cast("IO[bytes]", _Bounded(stream, file, shown))


def _read(stream: IO[bytes], shown: str) -> bytes:
    """Read a member whole, if it is not too large; InputError if it is damaged."""
    try:
        data = stream.read(MAX_DOCUMENT + 1)
    except _BROKEN as error:
        raise InputError(f"{shown}: damaged in its archive ({type(error).__name__}: {error})") from None
    if len(data) > MAX_DOCUMENT:
        raise InputError(f"{shown}: larger than {MAX_DOCUMENT:,} bytes, the most that is read of one file")
    return data


def _single(file: IO[bytes], name: str, shown: str) -> Iterator[Member]:
    """Yield what a packed file is."""
    inner = _safe_name(name.rpartition(".")[0]) or "file"
    stream = io.BufferedReader(cast("io.RawIOBase", _unpacked(file, name, shown)))
    yield Member(inner, SIZE_UNKNOWN, partial(_read, stream, f"{shown}/{inner}"))


def _zip(file: IO[bytes], name: str, shown: str) -> Iterator[Member]:  # noqa: ARG001
    with zipfile.ZipFile(file) as packed:
        unpacked = 0
        for info in packed.infolist():
            inner = _safe_name(_zip_name(info))
            if info.is_dir() or inner is None:
                continue
            unpacked += info.file_size
            _check_size(unpacked, packed=unpacked, shown=shown)  # the ratio is each one's own
            yield Member(
                inner,
                info.file_size,
                partial(_zipped, packed, info, f"{shown}/{inner}"),
            )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; one that is in no Unicode was most often written on a Chinese computer."""
    if info.flag_bits & _UTF8 or info.filename.isascii():
        return info.filename
    data = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


_UTF8, _ENCRYPTED = 0x800, 0x1


def _zipped(packed: zipfile.ZipFile, info: zipfile.ZipInfo, shown: str) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise InputError(f"{shown}: encrypted; unpack it with its password, and ingest what is in it")
    _check_size(info.file_size, info.compress_size, shown)
    try:
        with packed.open(info) as stream:
            return _read(stream, shown)
    except _BROKEN as error:
        raise InputError(f"{shown}: damaged in its archive ({type(error).__name__}: {error})") from None


def _tar(file: IO[bytes], name: str, shown: str) -> Iterator[Member]:
    stream = _unpacked(file, name, shown)
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=0) as packed:
        for info in packed:
            packed.members = []  # type: ignore[attr-defined]  # it would keep them all
            inner = _safe_name(info.name)
            if not info.isreg() or inner is None:
                continue
            try:
                inner.encode()
            except UnicodeEncodeError:
                inner = inner.encode("utf-8", "replace").decode()
            taken = packed.extractfile(info)
            if taken is not None:
                yield Member(inner, info.size, partial(_read, taken, f"{shown}/{inner}"))


def _warc(file: IO[bytes], name: str, shown: str) -> Iterator[Member]:
    from corpus.readers.packed.warc import pages

    for page in pages(_unpacked(file, name, shown), shown):
        yield Member(_safe_name(page.name) or "page.html", SIZE_UNKNOWN, page.read, {"url": page.url})

"""What the files of a folder were made of: a record beside them, in JSON, replaced as a whole."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from corpus.base.errors import CorpusError
from corpus.base.files import read_bytes, write_atomically
from corpus.base.parsing import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = ".corpus-align.json"
"""What the record is called; a name with a point in front is no file of beads to other commands."""

_LOCK = ".corpus-align.lock"
_FORMAT = 1
_PATIENCE = 60.0  # seconds to wait for another process, which holds the record for as long as it writes


@dataclass(frozen=True, slots=True)
class Made:
    """What a file was made of.

    Attributes
    ----------
    how
        Encoder, digest of the aligner's weights, and one of the options and reading rules.
    src, tgt
        SHA-256 of the two files.
    out
        SHA-256 of the output.
    before
        SHA-256 of what the output is about to replace, empty if there is nothing, or once it is written.
    """

    how: str
    src: str
    tgt: str
    out: str = ""
    before: str = ""

    def is_of(self, other: Made) -> bool:
        """Whether both are made of the same."""
        return replace(self, out="", before="") == replace(other, out="", before="")


Record: TypeAlias = dict[str, Made]
"""By the name of the output."""


@contextmanager
def held_record(folder: Path) -> Iterator[Record]:
    """Read the record of a folder, and keep other processes from changing it until the block ends.

    Raises
    ------
    CorpusError
        If it is damaged or of another format, the folder cannot be locked, or another process keeps it so.
    """
    import filelock

    lock = filelock.FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=_PATIENCE)
    except filelock.Timeout:
        raise CorpusError(
            f"{folder}: another process is writing there; try again when it has ended"
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise CorpusError(f"cannot write the folder {folder}: {reason}") from None
    try:
        yield read_record(folder)
    finally:
        lock.release()


def read_record(folder: Path) -> Record:
    """Read the record of a folder; an empty one if there is none.

    Raises
    ------
    CorpusError
        If it is damaged, or of another format.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        content = parse_json(read_bytes(path))
        if content["format"] != _FORMAT:
            raise CorpusError(f"{path}: of format {content['format']}, which this version does not know")
        return {name: Made(**made) for name, made in content["made"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CorpusError(
            f"{path}: damaged; delete it, and the files beside it that are to be made anew"
        ) from None


def write_record(folder: Path, record: Mapping[str, Made]) -> None:
    """Replace the record of a folder (CorpusError if it cannot be written)."""
    made = {name: asdict(record[name]) for name in sorted(record)}
    text = json.dumps({"format": _FORMAT, "made": made}, indent=1, ensure_ascii=False)
    write_atomically(folder / NAME, text.encode("utf-8", "surrogatepass"))

"""What the files of a folder were made of: a record beside them, in JSON, replaced as a whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from corpus.errors import CorpusError
from corpus.files import read_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = ".corpus-align.json"
"""What the record is called; a name with a point in front is no file of beads to other commands."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Made:
    """What a file was made of; all empty while it is being made.

    Attributes
    ----------
    how
        Encoder, digest of the aligner's weights, and one of the options and reading rules.
    src, tgt
        SHA-256 of the two files.
    out
        SHA-256 of the output.
    """

    how: str
    src: str
    tgt: str
    out: str = ""

    def is_of(self, other: Made) -> bool:
        """Whether both are made of the same."""
        return replace(self, out="") == replace(other, out="")


Record: TypeAlias = dict[str, Made]
"""By the name of the output."""


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
        content = json.loads(read_bytes(path))
        if content["format"] != _FORMAT:
            msg = f"{path}: of format {content['format']}, which this version does not know"
            raise CorpusError(msg)
        return {name: Made(**made) for name, made in content["made"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        msg = f"{path}: damaged; delete it, and the files beside it that are to be made anew"
        raise CorpusError(msg) from None


def write_record(folder: Path, record: Mapping[str, Made]) -> None:
    """Replace the record of a folder (CorpusError if it cannot be written)."""
    made = {name: asdict(record[name]) for name in sorted(record)}
    text = json.dumps({"format": _FORMAT, "made": made}, indent=1, ensure_ascii=False)
    write_atomically(folder / NAME, text.encode("utf-8", "surrogatepass"))


def short_digest(value: object) -> str:
    """Return eight digits that differ if a value of JSON does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]

"""The formats that aligned pairs are written in, by the ending of the file; one module each."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from corpus.base.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


class Writer(Protocol):
    """Turns pairs into the text of a file."""

    def __call__(
        self, pairs: pl.DataFrame, *, columns: Sequence[str], header: bool = True, nulls: bool = False
    ) -> str:
        """Return the file's text.

        Parameters
        ----------
        pairs
            `corpus.documents.pairs.PAIRS`, and perhaps columns besides.
        columns
            Which to write, and in which order; a format of fixed content passes them over.
        header
            Whether the first line names the columns, where the format has such a line.
        nulls
            Whether to write null beads.

        Raises
        ------
        CorpusError
            If there is no such column, or one is named twice.
        """
        ...


class Format(NamedTuple):
    """A format: the module and function that write it, and a line about it."""

    module: str
    function: str
    about: str


FORMATS = {
    "beads": Format("corpus.writers.beads", "to_beads", "beads as gold files have them, [0, 1]:[2] a line"),
    "json": Format("corpus.writers.records", "to_json", "an array of objects, one a pair"),
    "tsv": Format("corpus.writers.tsv", "to_tsv", "tab-separated values, no quoting"),
}


def format_of(file: Path | str, default: str = "tsv") -> str:
    """Return the format that a file's ending names; `default` for standard output and where there is none.

    Raises
    ------
    CorpusError
        If there is no writer for the ending: another format under it would be taken for what it says.
    """
    ending = "" if str(file) == "-" else Path(file).suffix.lower().removeprefix(".")
    if ending and ending not in FORMATS:
        raise CorpusError(
            f"{file}: there is no writer for .{ending}; there are {', '.join(f'.{name}' for name in FORMATS)}"
        )
    return ending or default


def writer(name: str) -> Writer:
    """Return what writes a format of `FORMATS`."""
    found = FORMATS[name]
    write: Writer = getattr(import_module(found.module), found.function)
    return write

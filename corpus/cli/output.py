"""Where a command's result goes: a file, standard output, JSON, TSV."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import json_text, say

if TYPE_CHECKING:
    import polars as pl

    from corpus.documents.pairs import PairBatch, PairCounts


def put_table(
    rows: pl.DataFrame,
    about: dict[str, Any],
    *,
    name: str,
    out: str | None,
    as_json: bool,
    beads: bool = False,
) -> None:
    """Write a table as TSV or JSON, with what it was made of: of that TSV has what `tsv.stating` appends.

    Parameters
    ----------
    rows, name
        The table, and what its rows are called in JSON.
    about
        What JSON says besides the table.
    beads
        Whether the table rests on what is aligned, too.
    """
    from corpus.writers.tsv import frame_tsv, stating

    if as_json:
        put_text(json_text(about | {name: rows.to_dicts()}), out)
    else:
        put_text(frame_tsv(stating(rows, about, beads=beads)), out)


def form_of(out: str | None, *, as_json: bool, tsv: bool, others: tuple[str, ...] = ()) -> str:
    """Return the form of a result: ``text``, ``tsv``, ``json``, or one of `others`.

    An option says which; without one, the ending of the file does.

    Raises
    ------
    CorpusError
        If both options are given, or the file's ending is that of a form there is not.
    """
    from corpus.base.errors import CorpusError

    if as_json and tsv:
        raise CorpusError("--json and --tsv: choose one")
    if as_json or tsv:
        return "json" if as_json else "tsv"
    if out is None or out == "-":
        return "text"
    ending = Path(out).suffix.lower().removeprefix(".")
    if ending in ("", "txt"):
        return "tsv"
    if ending not in (known := ("tsv", "json", *others)):
        raise CorpusError(f"{out}: this command writes {', '.join(f'.{form}' for form in known)}")
    return ending


def put_pairs(
    batch: PairBatch,
    what: str,
    out: str | None,
    columns: str | None,
    *,
    header: bool,
    nulls: bool,
    as_json: bool,
) -> None:
    """Write pairs where and how the user asked: in the format of the file's ending, JSON or two columns."""
    from corpus.documents.pairs import PairCounts, without_nulls
    from corpus.writers.base import WriteOptions, format_of, write_pairs

    form = "json" if as_json else format_of(out or "-")
    counts = PairCounts()
    counts.add(batch.pairs)
    if out is None and columns is None and not as_json and sys.stdout.isatty():
        from corpus.cli.display.pairs import print_pairs

        say_pairs(counts, what)
        print_pairs(batch.pairs if nulls else without_nulls(batch.pairs))
        return
    options = WriteOptions(opt.column_names(columns), header=header, nulls=nulls)
    write_pairs([batch], out or "-", form, options)
    say_pairs(counts, what)
    if out not in (None, "-"):
        say(f"wrote {out}")


def say_pairs(counts: PairCounts, what: str) -> None:
    """Say how many pairs there are, and how many sentences in none."""
    say(f"{counts.pairs} pair{'' if counts.pairs == 1 else 's'} from {what}{counts.unpaired()}")


def check_output(out: str | None, *inputs: str | None, form: str | None = None) -> None:
    """Refuse to write over a file that is read, or into a folder that is not there, before any work.

    A file whose ending names a format that there is no writer for is refused, too, unless `form` names one.
    """
    if out is not None and out != "-" and not Path(out).parent.is_dir():
        raise CorpusError(f"cannot write {out}: no folder {Path(out).parent}")
    for name in inputs:
        if out is not None and name is not None and "-" not in (out, name):
            path = Path(name)
            if Path(out).exists() and path.exists() and Path(out).samefile(path):
                raise CorpusError(f"{out} is an input: name another file to write")
    from corpus.writers.base import format_of

    format_of(out or "-", name=form)


def put_text(text: str, out: str | None) -> None:
    """Write a result to a file, whole or not at all, or to stdout for None and ``-``."""
    if out is None or out == "-":
        sys.stdout.write(text)
        return
    from corpus.base.files import write_atomically

    write_atomically(Path(out), text.encode("utf-8", "surrogatepass"))
    say(f"wrote {out}")

"""Files that `corpus review` writes and reads: tables of beads to be edited, and beads that were marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError
from corpus.cli.console import fill_if_empty, print_json, say, this_command
from corpus.cli.output import put_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.quality.reviews import Recorded
    from corpus.store.workspace import Workspace

_MOST_NAMED = 5


def write_table(space: Workspace, name: str | None, bead: str | None, out: str) -> None:
    """Write the beads of a document to be edited."""
    from corpus.base.files import write_atomically
    from corpus.cli.output import form_of
    from corpus.documents.catalogue import find_document
    from corpus.quality.bead_tables import bead_file

    if name is None or bead is not None:
        raise CorpusError("-o writes the beads of a document: corpus review DOC -o beads.xlsx")
    form = form_of(out, as_json=False, tsv=False, others=("xlsx",))
    if form == "json":
        raise CorpusError(f"{out}: a table of beads is .tsv or .xlsx; for JSON: corpus review {name} --json")
    if out != "-" and not Path(out).parent.is_dir():
        raise CorpusError(f"cannot write {out}: no folder {Path(out).parent}")
    if out != "-" and Path(out).exists():
        raise CorpusError(f"{out} is there already, and may hold changes: name another file, or remove it")
    fill_if_empty(space)
    data = bead_file(space, find_document(space, name), "xlsx" if form == "xlsx" else "tsv")
    if out == "-":
        put_text(data.decode("utf-8", "surrogatepass"), None)
        return
    write_atomically(Path(out), data)
    say(f"wrote {out}; next: edit it, then {this_command()} review {out}")


def take_file(space: Workspace, name: str, note: str | None, by: str | None, *, as_json: bool) -> None:
    """Keep the marks of a file."""
    from corpus.base.files import read_input
    from corpus.quality.bead_tables import is_bead_table
    from corpus.quality.reviews import read_reviews, record

    fill_if_empty(space)
    title = "standard input" if name == "-" else name
    data = read_input(name)
    if is_bead_table(data, title):
        _take_table(space, data, title, note, by, as_json=as_json)
        return
    marked, unmarked = read_reviews(space, data, title, note=note, by=by)
    if not marked:
        raise CorpusError(f'{title}: nothing is marked in the column "right" ({unmarked} rows)')
    done = record(space, marked)
    done.unmarked = unmarked
    tell(done, as_json=as_json)


def _take_table(
    space: Workspace, data: bytes, title: str, note: str | None, by: str | None, *, as_json: bool
) -> None:
    """Take what was changed in a table of beads, and say what was not understood."""
    from dataclasses import asdict

    from corpus.quality.bead_tables import take_bead_table

    taken = take_bead_table(space, data, title, note=note, by=by)
    if as_json:
        print_json(asdict(taken))
    for problem in taken.problems:
        say(f"{title}: row {problem.row}, column {problem.column}: {problem.why}; left as it was")
    if taken.missing:
        are = "sentence is" if taken.missing == 1 else "sentences are"
        say(f"{taken.missing} {are} in no row that was understood; nothing is changed of that")
    if not as_json:
        marks = taken.verdicts
        say(
            f"{len(taken.set)} bead{'' if len(taken.set) == 1 else 's'} set, "
            f"{len(marks.new)} new mark{'' if len(marks.new) == 1 else 's'}, "
            f"{len(marks.changed)} changed, {len(marks.same)} known already"
        )
        for bead in taken.set:
            say(f"    set {bead}")
        for bead in taken.undone:
            say(f"    no longer set {bead}")
    if taken.problems and not (taken.set or _kept(taken.verdicts)):
        raise CorpusError("nothing was changed")


def _kept(done: Recorded) -> int:
    """Return how many judgements were kept."""
    return len(done.new) + len(done.changed) + len(done.same) + len(done.older)


def tell(done: Recorded, *, as_json: bool) -> None:
    """Say what became of judgements; it is an error if none could be kept."""
    kept = _kept(done)
    if as_json:
        from dataclasses import asdict

        print_json(asdict(done))
    else:
        unmarked = f", {done.unmarked} rows not marked" if done.unmarked else ""
        counts = f"{len(done.new)} new, {len(done.changed)} changed, {len(done.same)} known already"
        counts += f", {len(done.older)} older than what is known and left out" if done.older else ""
        say(f"reviews: {counts}{unmarked}")
    if done.unaligned:
        say(f"{len(done.unaligned)} of texts that are no beads of their documents now; kept all the same")
    say_unknown(done.unknown)
    if not kept:
        raise CorpusError("nothing was kept")
    say(f"next: {this_command()} review --list, {this_command()} calibrate -o my.json")


def say_unknown(unknown: Mapping[str, int]) -> None:
    """Say how many reviews are of documents that are not here."""
    if unknown:
        named = ", ".join(list(unknown)[:_MOST_NAMED]) + (" …" if len(unknown) > _MOST_NAMED else "")
        say(f"left out {sum(unknown.values())} of documents that are not here: {named}")

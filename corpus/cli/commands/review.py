"""The command about judgements of beads: review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import fill_if_empty, open_existing, print_json, say, this_command
from corpus.cli.output import put_text

if TYPE_CHECKING:
    import polars as pl

    from corpus.quality.reviews import Recorded
    from corpus.store.workspace import Workspace

_MOST_NAMED = 5
_STATES = {
    "aligned": "in the alignment",
    "not aligned": "no longer in the alignment",
    "no document": "of a document that is not here",
}


def review(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[DOC|FILE]", help="A document, or a file of marked beads, or - for stdin."),
    ] = None,
    bead: Annotated[
        str | None, typer.Argument(metavar="[BEAD]", help="The bead's number; en:5 where several have it.")
    ] = None,
    verdict: Annotated[str | None, typer.Argument(metavar="[right|wrong]", help="What it is.")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What to remark.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who judges.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all reviews.")] = False,
    take_back: Annotated[
        list[str] | None,
        typer.Option("--take-back", metavar="ID", help="Do away with a review; may be given several times."),
    ] = None,
    tsv: Annotated[bool, typer.Option("--tsv", help="With --list: a TSV that review reads again.")] = False,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Judge aligned beads: right if each side translates the other and nothing is missing or too much.

    A review is kept in the workspace, and is of the texts that were judged: it is found again after a new
    alignment that has the same bead, and listed as "not aligned" after one that has not. Removing a
    document leaves its reviews. Of a document alone, its beads are shown with their numbers. A file is one
    that calibrate --sample wrote, with marks in the column "right": 1, x, yes or right; 0, no or wrong;
    or a list of reviews (--list --tsv), or the reviews-….jsonl of another workspace. Of two judgements with
    dates the later counts.

    Reviews go into an export as the column review, and calibrate -o FILE fits scores to them.

    \b
    Examples:
      corpus review 003   # its beads, and what was judged of them
      corpus review 003 5 right
      corpus review 003 7 wrong --note "a clause is missing" --by "A. Reader"
      corpus calibrate --sample 100 -o to_mark.tsv; corpus review to_mark.tsv
      corpus review --list --tsv > reviews.tsv
      corpus review ../other/.corpus/reviews-000004-1.jsonl
      corpus review --take-back 3f9c
      corpus export aligned.tsv --columns src,tgt,score,review
    """
    from corpus.quality import reviews

    space = open_existing(workspace)
    for option, text in {"--note": note, "--by": by}.items():
        if text is not None and reviews.one_line(text) != text.strip():
            raise CorpusError(f"{option} is one line, without tabs: it stands in a table")
    _check_use(what, bead, verdict, taking=bool(take_back), listed=listed, tsv=tsv)
    if listed:
        _list(reviews.list_reviews(space), as_json=as_json, tsv=tsv)
    elif take_back:
        gone = reviews.take_back(space, take_back)
        print_json({"taken_back": gone}) if as_json else say(f"taken back: {', '.join(gone)}")
    elif what is not None and bead is None and _is_file(what):
        _take_file(space, what, note, by, as_json=as_json)
    elif what is not None:
        _of_document(space, what, bead, verdict, note, by, as_json=as_json)


def _check_use(
    what: str | None, bead: str | None, verdict: str | None, *, taking: bool, listed: bool, tsv: bool
) -> None:
    """Refuse what contradicts itself, or says too little."""
    if sum((what is not None, taking, listed)) != 1:
        raise CorpusError(
            "name a document or a file, or say --list or --take-back ID (one of them): corpus review --help"
        )
    if tsv and not listed:
        raise CorpusError("--tsv goes with --list")
    if bead is not None and verdict is None:
        raise CorpusError(f"right or wrong? corpus review {what} {bead} right")


def _is_file(name: str) -> bool:
    return name == "-" or Path(name).is_file() or Path(name).suffix.lower() in (".tsv", ".csv", ".jsonl")


def _list(found: pl.DataFrame, *, as_json: bool, tsv: bool) -> None:
    import polars as pl

    if as_json:
        print_json(found.to_dicts())
        return
    if tsv:
        from corpus.quality.judgement_tables import guarded
        from corpus.quality.reviews import LISTED_TSV
        from corpus.writers.tsv import frame_tsv

        numbers = (pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name in ("src_ids", "tgt_ids"))
        # The table is marked in a spreadsheet, and read again.
        texts = (pl.col(pl.String).map_elements(guarded, return_dtype=pl.String),)
        rows = found.with_columns(pl.col("right").cast(pl.Int8), *numbers, *texts)
        put_text(frame_tsv(rows.select(LISTED_TSV)), None)
        return
    counts = dict(found.group_by("state").len().iter_rows())
    named = [f"{counts[state]} {told}" for state, told in _STATES.items() if state in counts]
    count = f"{len(found)} review{'' if len(found) == 1 else 's'}"
    say(count + (f": {', '.join(named)}" if named else ""))
    _print_reviews(found)


def _take_file(space: Workspace, name: str, note: str | None, by: str | None, *, as_json: bool) -> None:
    """Keep the marks of a file."""
    from corpus.base.files import read_input
    from corpus.quality.reviews import read_reviews, record

    fill_if_empty(space)
    title = "standard input" if name == "-" else name
    marked, unmarked = read_reviews(space, read_input(name), title, note=note, by=by)
    if not marked:
        raise CorpusError(f'{title}: nothing is marked in the column "right" ({unmarked} rows)')
    done = record(space, marked)
    done.unmarked = unmarked
    _tell(done, as_json=as_json)


def _tell(done: Recorded, *, as_json: bool) -> None:
    """Say what became of judgements; it is an error if none could be kept."""
    kept = len(done.new) + len(done.changed) + len(done.same) + len(done.older)
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
    if done.unknown:
        named = ", ".join(list(done.unknown)[:_MOST_NAMED]) + (
            " …" if len(done.unknown) > _MOST_NAMED else ""
        )
        say(f"left out {sum(done.unknown.values())} of documents that are not here: {named}")
    if not kept:
        raise CorpusError("nothing was kept")
    say(f"next: {this_command()} review --list, {this_command()} calibrate -o my.json")


def _of_document(
    space: Workspace,
    name: str,
    bead: str | None,
    verdict: str | None,
    note: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    """Keep a judgement of one bead, or show all beads of a document."""
    from corpus.documents.catalogue import find_document
    from corpus.quality.judgement_tables import read_mark
    from corpus.quality.reviews import Review, bead_named, document_beads, record

    fill_if_empty(space)
    doc_id = find_document(space, name)
    if bead is None or verdict is None:
        beads = document_beads(space, doc_id)
        if as_json:
            print_json(beads.to_dicts())
            return
        say(
            f"{doc_id}: {len(beads)} bead{'' if len(beads) == 1 else 's'}"
            + ("" if len(beads) else "; to align it: corpus align")
        )
        _print_beads(beads)
        return
    right = read_mark(verdict, f"{name} {bead}")
    if right is None:
        raise CorpusError(f"{name} {bead}: right or wrong?")
    row: dict[str, Any] = bead_named(space, doc_id, bead)
    done = record(space, [Review(row["doc_id"], row["src"], row["tgt"], right, note, by)])
    if as_json:
        _tell(done, as_json=True)
        return
    say(f"{doc_id}, bead {bead}: {'right' if right else 'wrong'} (review {row['review']})")
    for side in ("src", "tgt"):
        say(f"    {row[f'{side}_lang']}: {row[side] or '–'}")


def _print_beads(beads: pl.DataFrame) -> None:
    """Print a document's beads: number, score, what was judged, and both texts."""
    from rich.table import Table
    from rich.text import Text

    from corpus.cli.display.terminal import print_table

    several = beads["tgt_lang"].n_unique() > 1
    table = Table(box=None, pad_edge=False)
    for name in ("bead", "", "score", "review", "text"):
        table.add_column(
            name, justify="right" if name in ("bead", "score") else "left", no_wrap=name != "text"
        )
    for row in beads.iter_rows(named=True):
        number = f"{row['tgt_lang']}:{row['number']}" if several else str(row["number"])
        verdict = _verdict(row["right"])
        table.add_row(number, row["bead"], f"{row['score']:.2f}", verdict, Text(row["src"] or "–"))
        table.add_row("", "", "", "", Text(row["tgt"] or "–", style="dim"))
    if len(beads):
        print_table(table)


def _print_reviews(found: pl.DataFrame) -> None:
    """Print reviews: id, verdict, of what, when and by whom; the texts; the note."""
    from rich.padding import Padding
    from rich.text import Text

    from corpus.cli.display.terminal import result_console

    console = result_console()
    for row in found.iter_rows(named=True):
        now = (
            f"{row['bead']}, score {row['score']:.2f}" if row["state"] == "aligned" else _STATES[row["state"]]
        )
        who = f"  by {row['by']}" if row["by"] else ""
        heading = f"{row['review']}  {_verdict(row['right'])}  {row['doc_id']} ({now})  {row['date']}{who}"
        console.print(Text(heading, style="bold"))
        for text in (row["src"], row["tgt"], *([f"note: {row['note']}"] if row["note"] else [])):
            console.print(Padding(Text(text or "–"), (0, 0, 0, 4), expand=False))


def _verdict(right: bool | None) -> str:  # noqa: FBT001 - a cell
    return "" if right is None else "right" if right else "wrong"

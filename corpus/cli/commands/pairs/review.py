"""The command about judgements of beads: review."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.commands.pairs import review_tables as tables
from corpus.cli.console import (
    fill_if_empty,
    open_existing,
    print_json,
    progress_bar,
    say,
    this_command,
)
from corpus.cli.output import put_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from corpus.quality.bead_specs import Correction
    from corpus.store.workspace import Workspace


def review(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[DOC|FILE]", help="A document, or a file of marked beads, or - for stdin."),
    ] = None,
    bead: Annotated[
        str | None, typer.Argument(metavar="[BEAD]", help="The bead's number; en:5 where several have it.")
    ] = None,
    verdict: Annotated[str | None, typer.Argument(metavar="[right|wrong]", help="What it is.")] = None,
    beads: Annotated[
        str | None,
        typer.Option("--set", metavar="3,4:5", help="The bead that it should be; several with ; between."),
    ] = None,
    merge_next: Annotated[
        bool, typer.Option("--merge-next", help="Join the bead with the one after it.")
    ] = False,
    split: Annotated[
        str | None,
        typer.Option("--split", metavar="3:5", help="Split the bead: its first part, or all with ; between."),
    ] = None,
    move: Annotated[
        str | None, typer.Option("--move", metavar="en7", help="Move a sentence into the bead of --to.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="BEAD", help="Where --move moves it.")] = None,
    other_reading: Annotated[
        bool, typer.Option("--other", help="Take the other reading of a bead that is tied with one.")
    ] = False,
    take_off: Annotated[
        bool, typer.Option("--undo", help="Take back that the bead was set, or else judged.")
    ] = False,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What to remark.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who judges.")] = None,
    queue: Annotated[
        bool,
        typer.Option(
            "--next", help="Least certain beads that nobody judged yet; a terminal asks about each."
        ),
    ] = False,
    count: Annotated[int, typer.Option("-k", metavar="N", help="With --next: how many.")] = 10,
    other: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Take over the reviews of another workspace."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all reviews.")] = False,
    take_back: Annotated[
        list[str] | None,
        typer.Option("--take-back", metavar="ID", help="Do away with a review; may be given several times."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="Of DOC: write its beads to be edited, .xlsx or .tsv."
        ),
    ] = None,
    tsv: Annotated[bool, typer.Option("--tsv", help="With --list: a TSV that review reads again.")] = False,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Judge aligned beads, or put them right.

    A bead is right if each side translates the other and nothing is missing or too much. What is wrong is
    left out of export, and not proposed again by the next align. What is set (--set, --merge-next, --split,
    --move, --other) every later alignment keeps, and aligns the sentences around it anew. Sentences are named
    by their numbers, which review DOC shows: 3,4:5 is the bead of source sentences 3 and 4 and target
    sentence 5, and 3: a source sentence without a counterpart.

    Where a bead could as well be cut otherwise, as when a clause was moved over the end of a sentence, the
    other reading stands under it, after "or": judge the bead right, or take that with --other.

    A review is kept in the workspace, and is of the texts that were judged: it is found again after a new
    alignment that has the same bead, and listed as "not aligned" after one that has not. Removing a
    document leaves its reviews. Of a document alone, its beads are shown with their numbers.

    A file is a table of beads that review DOC -o wrote, a row a bead: join rows, move texts from cell to
    cell, put in rows; what differs from what was written is set, and what is not understood is named and left
    as it is. Or it is one that calibrate --sample wrote. In either, marks stand in the column "right": 1, x,
    yes or right; 0, no or wrong. Or it is a list of reviews (--list --tsv), or the reviews-….jsonl of
    another workspace. Of two judgements with dates the later counts.

    Reviews go into an export as the column review; calibrate -o FILE fits scores to them, train-aligner -o
    FILE the aligner. Of those that --from takes over, none replaces one's own: what contradicts them is
    listed.

    \b
    Examples:
      corpus review 003   # its beads, and what was judged of them
      corpus review 003 5 right
      corpus review 003 7 wrong --note "a clause is missing" --by "A. Reader"
      corpus review 003 5 --set "6:6,7"
      corpus review 003 5 --merge-next
      corpus review 003 5 --split "6:6; 7:7"
      corpus review 003 5 --move en7 --to 6
      corpus review 003 5 --other
      corpus review 003 5 --undo
      corpus calibrate --sample 100 -o to_mark.tsv; corpus review to_mark.tsv
      corpus review 003 -o beads.xlsx; corpus review beads.xlsx
      corpus review --next -k 20
      corpus review --from ../colleague/.corpus
      corpus review --list --tsv > reviews.tsv
      corpus review ../other/.corpus/reviews-000004-1.jsonl
      corpus review --take-back 3f9c
      corpus export aligned.tsv --columns src,tgt,score,review
    """
    from corpus.quality import reviews
    from corpus.quality.bead_specs import Correction

    space = open_existing(workspace)
    for option, text in {"--note": note, "--by": by}.items():
        if text is not None and reviews.one_line(text) != text.strip():
            raise CorpusError(f"{option} is one line, without tabs: it stands in a table")
    change = Correction(
        set=beads, split=split, move=move, to=to, merge_next=merge_next, other=other_reading, undo=take_off
    )
    if change.name is not None and verdict is not None:
        raise CorpusError(f"{verdict}, and a change: a bead that is put right need not be judged")
    _check_use(
        what, bead, verdict or change.name, tsv=tsv,
        instead={"--list": listed, "--take-back": bool(take_back), "--next": queue, "--from": other},
    )  # fmt: skip
    if what is None:
        _of_all(space, count if queue else None, other, take_back or (), note, by, as_json=as_json, tsv=tsv)
    elif change.name is not None:
        _correct(space, what, bead, change, note, by, as_json=as_json)
    elif out is not None:
        tables.write_table(space, what, bead, out)
    elif bead is None and _is_file(what):
        tables.take_file(space, what, note, by, as_json=as_json)
    else:
        _of_document(space, what, bead, verdict, note, by, as_json=as_json)


def _of_all(
    space: Workspace,
    count: int | None,
    other: Path | None,
    take_back: Sequence[str],
    note: str | None,
    by: str | None,
    *,
    as_json: bool,
    tsv: bool,
) -> None:
    """Do what is about no document alone: the queue, another's reviews, reviews to take back, or the list."""
    from corpus.quality import reviews

    if count is not None:
        _show_next(space, count, note, by, as_json=as_json)
    elif other is not None:
        _merge(space, other, as_json=as_json)
    elif take_back:
        gone = reviews.take_back(space, take_back)
        print_json({"taken_back": gone}) if as_json else say(f"taken back: {', '.join(gone)}")
    else:
        _list(reviews.list_reviews(space), as_json=as_json, tsv=tsv)


def _correct(
    space: Workspace,
    name: str | None,
    bead: str | None,
    change: Correction,
    note: str | None,
    by: str | None,
    *,
    as_json: bool,
) -> None:
    """Set beads, or undo that, and show what the document's beads are now."""
    from corpus.cli.display.reviews import print_beads
    from corpus.documents.catalogue import find_document
    from corpus.quality.corrections import correct

    fill_if_empty(space)
    doc_id = find_document(space, name or "")
    done = correct(space, doc_id, bead, change, note=note, by=by)
    if as_json:
        facts = {"set": done.set, "undone": done.undone, "replaced": done.before}
        print_json(facts | {"beads": done.beads.to_dicts()})
        return
    what = f"set {'; '.join(done.set)}" if done.set else "undone"
    undone = f"; no longer set: {'; '.join(done.undone)}" if done.undone else ""
    count = len(done.beads)
    beads = f"; {count} bead{'' if count == 1 else 's'} in place of {done.before}"
    say(f"{doc_id}: {what}{undone}{beads if done.before else '; the beads are as they were'}")
    print_beads(done.beads)


def _check_use(
    what: str | None, bead: str | None, verdict: str | None, *, tsv: bool, instead: Mapping[str, object]
) -> None:
    """Refuse what contradicts itself, or says too little."""
    given = [name for name, value in instead.items() if value]
    if (what is not None) + len(given) != 1:
        raise CorpusError(
            f"name a document or a file, or say {', '.join(instead)} (one of them): corpus review --help"
        )
    if given and verdict is not None:
        raise CorpusError(f"{given[0]} and {verdict}: one at a time")
    if tsv and not instead["--list"]:
        raise CorpusError("--tsv goes with --list")
    if bead is not None and verdict is None:
        raise CorpusError(f"right or wrong? corpus review {what} {bead} right")


def _show_next(space: Workspace, count: int, note: str | None, by: str | None, *, as_json: bool) -> None:
    """Show the least certain beads that nobody judged; on a terminal, ask about each."""
    from corpus.cli.display.reviews import print_beads
    from corpus.quality.review_queue import next_beads

    fill_if_empty(space)
    if not as_json and _asks():
        from corpus.cli.commands.pairs.review_asking import ask

        ask(space, count, note, by, input)
        return
    beads = next_beads(space, count)
    if as_json:
        print_json(beads.to_dicts())
        return
    if beads.is_empty():
        say("every bead with two sides was judged")
        return
    print_beads(beads, documents=True)
    say(f"next: {this_command()} review DOC BEAD right, or wrong, or --set …")


def _asks() -> bool:
    """Tell whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _merge(space: Workspace, other: Path, *, as_json: bool) -> None:
    """Take over the reviews of another workspace, and list what contradicts one's own."""
    from corpus.quality.review_merge import merge_reviews

    folder = other / ".corpus" if (other / ".corpus").is_dir() else other
    theirs = open_existing(folder)
    if folder.resolve() == space.path.resolve():
        raise CorpusError(f"{other} is this workspace: name another one")
    fill_if_empty(space)
    with progress_bar("aligning") as progress:
        done = merge_reviews(space, theirs, progress=progress)
    if as_json:
        print_json(done.to_dict())
    else:
        counts = f"{len(done.new)} new, {len(done.changed)} added to, {len(done.same)} known already"
        say(f"reviews: {counts}" + (f", {len(done.conflicts)} not taken" if done.conflicts else ""))
        for one in done.conflicts:
            theirs_is = one.theirs + (f" by {one.by}" if one.by else "")
            print(
                f"{one.doc_id}: ours {one.ours} ({one.our_review}), theirs {theirs_is} ({one.their_review})"
            )
            for text in (one.src, one.tgt):
                print(f"    {text or '–'}")
    if done.conflicts:
        say("what was not taken is as it was; to say otherwise, judge or set those beads anew")
    tables.say_unknown(done.unknown)


def _is_file(name: str) -> bool:
    known = (".tsv", ".csv", ".jsonl", ".xlsx", ".ods")
    return name == "-" or Path(name).is_file() or Path(name).suffix.lower() in known


def _list(found: pl.DataFrame, *, as_json: bool, tsv: bool) -> None:
    import polars as pl

    from corpus.cli.display.reviews import STATES, print_reviews

    if as_json:
        print_json(found.to_dicts())
        return
    if tsv:
        from corpus.base.formulas import guarded
        from corpus.quality.reviews import LISTED_TSV
        from corpus.writers.tsv import frame_tsv

        numbers = (pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name in ("src_ids", "tgt_ids"))
        # The table is marked in a spreadsheet, and read again.
        texts = (pl.col(pl.String).map_elements(guarded, return_dtype=pl.String),)
        rows = found.with_columns(pl.col("right").cast(pl.Int8), *numbers, *texts)
        put_text(frame_tsv(rows.select(LISTED_TSV)), None)
        return
    counts = dict(found.group_by("state").len().iter_rows())
    named = [f"{counts[state]} {told}" for state, told in STATES.items() if state in counts]
    count = f"{len(found)} review{'' if len(found) == 1 else 's'}"
    say(count + (f": {', '.join(named)}" if named else ""))
    print_reviews(found)


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
    from corpus.cli.display.reviews import print_beads
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
        print_beads(beads, of=doc_id)
        return
    right = read_mark(verdict, f"{name} {bead}")
    if right is None:
        raise CorpusError(f"{name} {bead}: right or wrong?")
    row: dict[str, Any] = bead_named(space, doc_id, bead)
    done = record(space, [Review(row["doc_id"], row["src"], row["tgt"], right, note, by)])
    if as_json:
        tables.tell(done, as_json=True)
        return
    say(f"{doc_id}, bead {bead}: {'right' if right else 'wrong'} (review {row['review']})")
    for side in ("src", "tgt"):
        say(f"    {row[f'{side}_lang']}: {row[side] or '–'}")
    if not right:
        say(f"export leaves it out; {this_command()} align looks for another one")

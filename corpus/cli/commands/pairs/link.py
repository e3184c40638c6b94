"""Commands about which documents translate each other: link and pair."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import (
    open_existing,
    print_json,
    progress_bar,
    say,
    say_if_seeds,
    this_command,
    workspace_option,
)
from corpus.cli.output import form_of, put_text

if TYPE_CHECKING:
    import polars as pl

    from corpus.documents.links import Linked
    from corpus.store.workspace import Workspace

_MOST_NAMED = 10
_STATES = {
    "linked": "as they were linked",
    "changed": "of texts that have changed since",
    "no document": "of a document that is not here",
    "no version": "of a version that is not here",
}


def link(
    docs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOC…]", help="Documents, or their files; without any, the links are listed."
        ),
    ] = None,
    original: Annotated[
        str | None, typer.Option("--original", metavar="DOC", help="The one that the others translate.")
    ] = None,
    langs: Annotated[
        str | None,
        typer.Option("--langs", metavar="A-B", help="Which versions of two documents are meant: zh-en."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take back the link between two documents.")
    ] = False,
    file: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FILE", help="Links in a table with the columns a and b; - for stdin."
        ),
    ] = None,
    by_name: Annotated[
        bool,
        typer.Option("--by-name", help="Link files of one name in several languages: b.zh.txt, b.en.txt."),
    ] = False,
    pattern: opt.NamePattern = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="What to remark.")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so.")] = None,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write the list to FILE: .csv, .tsv or .json."),
    ] = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Say that documents are translations of each other: one work, however their files are called.

    What is linked is aligned, searched, counted, cited and exported as the two versions of one document are.
    Of more than two documents the first, or the original, is linked with each of the others. A link is kept
    until it is taken back: it stays when a document is removed or its file changes, marked in the list, and
    holds again when the text is back. A manifest may state links, too: [[link]] files = ["a.txt", "b.txt"].

    A table of links has the columns a and b (documents or their files), and perhaps original, a_lang, b_lang,
    note and by; the links-….jsonl of another workspace is read as well.

    \b
    Examples:
      corpus link a17 b9 --original a17
      corpus link                         # list them
      corpus link --by-name               # b.zh.txt with b.en.txt, zh/b.txt with en/b.txt
      corpus link --by-name --pattern "{lang}_{name}.txt"
      corpus link --from links.csv; corpus link -o links.csv
      corpus link --remove a17 b9
    """
    from corpus.base.files import read_input
    from corpus.documents import link_tables, links

    space = open_existing(workspace)
    ways = {"documents": bool(docs) and not remove, "--remove": remove, "--from": file is not None,
            "--by-name": by_name}  # fmt: skip
    if len(chosen := [name for name, given in ways.items() if given]) > 1:
        raise CorpusError(f"{' and '.join(chosen)}: one at a time")
    if pattern is not None and not by_name:
        raise CorpusError("--pattern goes with --by-name")
    alone: list[str] = []
    if not chosen:
        _list(links.list_links(space), out, as_json=as_json)
        return
    if remove:
        _remove(space, docs or [], as_json=as_json)
        return
    if file is not None:
        title = "standard input" if file == "-" else file
        given = link_tables.read_links(space, read_input(file), title)
    elif by_name:
        given, alone = link_tables.links_by_name(space, pattern)
    else:
        pairs = None if langs is None else link_tables.read_langs([langs])
        given = link_tables.links_of(space, docs or [], original=original, langs=pairs, note=note, by=by)
    _tell(space, links.add_links(space, given), alone, as_json=as_json, where=workspace_option(workspace))


def _remove(space: Workspace, docs: list[str], *, as_json: bool) -> None:
    """Take a link back, and say which manifest makes it again."""
    from corpus.documents import link_tables, links
    from corpus.ingestion.stated_links import manifests_stating

    named = link_tables.linked_names(space, docs)
    gone = links.remove_links(space, [named])
    print_json({"removed": gone}) if as_json else say(f"links: {len(gone)} taken back")
    for manifest in manifests_stating(space, named):
        say(f"{manifest} states it: take it out there, too, or the next ingest links them again")


def _tell(space: Workspace, done: Linked, alone: list[str], *, as_json: bool, where: str) -> None:
    """Say what was linked, and what has no partner."""
    from dataclasses import asdict

    if as_json:
        print_json(asdict(done) | {"alone": alone})
    for name in alone[:_MOST_NAMED]:
        say(f"{name}: no file of this name in another language")
    if len(alone) > _MOST_NAMED:
        say(f"{len(alone) - _MOST_NAMED} more without a partner; --json names them all")
    if not as_json:
        say(f"links: {len(done.new)} new, {len(done.changed)} changed, {len(done.same)} known already")
    if space.state().rows("links"):
        say(f"next: {this_command()} align{where}, {this_command()} link{where}")


def _list(found: pl.DataFrame, out: str | None, *, as_json: bool) -> None:
    import csv
    import io

    from corpus.documents.link_tables import COLUMNS
    from corpus.writers.tsv import frame_tsv

    form = form_of(out, as_json=as_json, tsv=False, others=("csv",))
    if form == "json":
        print_json(found.to_dicts()) if out is None else put_text(_json(found), out)
        return
    counts = dict(found.group_by("state").len().iter_rows())
    told = ", ".join(f"{counts[state]} {what}" for state, what in _STATES.items() if state in counts)
    say(f"{len(found)} link{'' if len(found) == 1 else 's'}" + (f": {told}" if told else ""))
    rows = found.select(COLUMNS)
    if form == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows.iter_rows()])
        put_text(text.getvalue(), out)
    elif out is not None:
        put_text(frame_tsv(rows), out)
    else:
        from corpus.cli.display.links import print_links

        print_links(found)


def _json(found: pl.DataFrame) -> str:
    from corpus.cli.console import json_text

    return json_text(found.to_dicts())


def pair(
    langs: Annotated[
        str | None,
        typer.Option("--langs", metavar="A-B,…", help="Only these pairs of languages, e.g. zh-en."),
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(
            "--threshold", metavar="P", min=0.0, max=1.0, help="Least probability of what is accepted."
        ),
    ] = 0.5,
    accept: Annotated[bool, typer.Option("--accept", help="Make links of what is accepted.")] = False,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write a table to FILE, which link --from reads."),
    ] = None,
    executor: opt.Executor = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Find out which documents translate each other, among those that are not linked.

    A score is the probability that two documents are translations, or that one is of a part of the other.
    Accepted is what reaches the threshold where each is the other's best; and of one document and several
    that match different parts of it, all of them, marked as parts. Why is said beside it: the share of
    either's sentences that have a match, of these in order, of figures and names that both have, and how many
    days their dates are apart.

    \b
    Examples:
      corpus pair
      corpus pair --accept; corpus align
      corpus pair --langs zh-en --threshold 0.9 --json
      corpus pair -o pairs.tsv            # edit the column accepted, then
      corpus link --from pairs.tsv
    """
    from corpus.documents.link_tables import read_langs
    from corpus.execution.executor import executor_named
    from corpus.mining import proposals
    from corpus.store.workspace import open_workspace

    form = form_of(out, as_json=as_json, tsv=False)
    space = open_workspace(workspace)
    say_if_seeds(space)
    pairs = None if langs is None else read_langs(langs.split(","))
    with progress_bar("comparing documents") as progress:
        found = proposals.propose(
            space, langs=pairs, threshold=threshold, executor=executor_named(executor), progress=progress
        )
    if out is not None:
        _write_proposals(found, out, form)
    elif as_json:
        print_json(found.to_dicts())
    else:
        from corpus.cli.display.links import print_proposals

        print_proposals(found)
    taken = found.filter("accepted")
    parts = taken.filter(kind="part")
    say(
        f"{len(taken)} pair{'' if len(taken) == 1 else 's'} accepted"
        + (f", {len(parts)} of them parts of one document to several" if len(parts) else "")
    )
    where = workspace_option(workspace)
    if accept:
        done = proposals.accept(space, found)
        say(f"links: {len(done.new)} new; next: {this_command()} align{where}")
    elif len(taken) and out not in (None, "-") and form != "json":
        say(f"to link them: {this_command()} link --from {shlex.quote(str(out))}{where}")
    elif len(taken):
        say(f"to link them: {this_command()} pair --accept{where}")


def _write_proposals(found: pl.DataFrame, out: str, form: str) -> None:
    """Write proposals as JSON, or as a table of links with a column that says which are accepted."""
    import polars as pl

    from corpus.mining.proposals import BY
    from corpus.writers.tsv import frame_tsv

    text = _json(found) if form == "json" else frame_tsv(found.with_columns(by=pl.lit(BY)))
    put_text(text, out)

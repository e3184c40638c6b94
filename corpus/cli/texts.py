"""Commands about texts: ingest and show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.cli.console import print_json, progress_bar, say, say_if_seeds, this_command
from corpus.cli.filters import say_snapshot
from corpus.cli.options import EncodingOption, JsonOption, WorkspaceOption

_MOST_NAMED = 20


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Text files, or folders of them.")],
    workspace: WorkspaceOption = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="Their date: 1959, 1959-05 or 1959-05-20.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Their source or publisher.")] = None,
    lang: Annotated[
        str | None, typer.Option(metavar="CODE", help="Their language, if each has one: zh, en …")
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Manifest (TOML), instead of the folders' own.  [default: manifest.toml]"
        ),
    ] = None,
    encoding: EncodingOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read files into the workspace: clean, date, and cut into sentences.

    Unchanged files are passed over, changed ones replaced, and a file that was moved is known by its
    content: after moving files from one folder to another, name all of them at once. Of a folder, files
    that end in .txt or .md are read; those that cannot be are skipped and named. A file named on the
    command line must be readable, or nothing is changed. An interrupted run keeps what it has read; run
    it again to go on.

    What --date, --source, --lang, --encoding and --manifest say is remembered: a later ingest without them
    keeps it, until another says otherwise. Otherwise a document's date is the one that its text states, or
    its file's name begins with: 1959-05-20 or 1959-05.

    \b
    Examples:
      corpus ingest articles/
      corpus ingest 1959/*.txt --source "Xinhua News Agency" --date 1959
      corpus ingest scans/ --manifest scans.toml
    """
    from corpus.dates import parse_date
    from corpus.ingestion import ingest as run
    from corpus.manifest import Entry
    from corpus.workspace import open_workspace

    stated = Entry(date=parse_date(date) if date else None, source=source, lang=lang)
    with progress_bar("reading") as progress:
        report = run(
            open_workspace(workspace),
            paths,
            stated=stated,
            manifest=manifest,
            encoding=encoding,
            progress=progress,
        )
    for note in report.notes[:_MOST_NAMED]:
        say(note)
    if len(report.notes) > _MOST_NAMED:
        say(f"{len(report.notes) - _MOST_NAMED} more notes; --json has them all")
    for skipped in report.skipped[:_MOST_NAMED]:
        say(f"skipped {skipped.reason}")
    if len(report.skipped) > _MOST_NAMED:
        say(f"skipped {len(report.skipped) - _MOST_NAMED} more; --json names them all")
    if as_json:
        print_json(
            {
                "new": report.new,
                "undated": report.undated,
                "changed": report.changed,
                "moved": report.moved,
                "unchanged": report.unchanged,
                "skipped": [{"file": skipped.file, "reason": skipped.reason} for skipped in report.skipped],
                "notes": report.notes,
            }
        )
    else:
        names = ["new", "changed", *(["moved"] if report.moved else []), "unchanged", "skipped"]
        counts = [f"{len(getattr(report, name))} {name}" for name in names]
        say(f"documents: {', '.join(counts)}")
        if report.undated:
            share = f"{len(report.undated)} of the {len(report.new)} new"
            where = "with --date, in a manifest, or at the beginning of the file's name (1959-05-20…)"
            say(f"{share} have no date: give one {where}")
        say(f"next: {this_command()} show, {this_command()} similar QUERY, {this_command()} align")


def show(
    doc: Annotated[
        str | None,
        typer.Argument(
            metavar="[DOC|PLACE]",
            help="Document id, or its beginning, or a place in it: DOC:OFFSET, DOC:L33; without it, a list.",
        ),
    ] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="What was left out of it, where, and why.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a document's clean text and provenance, what cleaning left out, or what stands at a place.

    A place is a code-point offset into the file or, after an L, the number of a line.

    \b
    Examples:
      corpus show
      corpus show 003
      corpus show 003 --dropped
      corpus show 003:L33
    """
    from corpus import show as pages
    from corpus.cli import render
    from corpus.cli.place import show_place
    from corpus.parallel import ensure_documents
    from corpus.places import find_place
    from corpus.snapshot import snapshot
    from corpus.workspace import open_workspace

    space = open_workspace(workspace)
    say_if_seeds(space)
    ensure_documents(space)
    space = space.pin()
    if doc is None:
        documents = pages.list_documents(space)
        print_json(documents.to_dicts()) if as_json else render.print_documents(documents)
        say_snapshot(snapshot(space))
        return
    if not dropped and (place := find_place(space, doc)) is not None:
        show_place(space, place, as_json=as_json)
        return
    doc_id = pages.find_document(space, doc)
    if dropped:
        left = pages.dropped(space, doc_id)
        print_json(left.to_dicts()) if as_json else render.print_dropped(left)
        say_snapshot(snapshot(space))
        return
    about, versions, text = pages.document(space, doc_id)
    taken = snapshot(space)
    if as_json:
        print_json(about | {"snapshot": taken.to_dict(), "versions": [
            version | {"paragraphs": text.filter(version=version["version"]).to_dicts()}
            for version in versions.to_dicts()
        ]})  # fmt: skip
    else:
        render.print_document(about, versions, text)
    say_snapshot(taken)


def rm(
    docs: Annotated[list[str], typer.Argument(metavar="DOC…", help="Document ids, or their beginnings.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Remove documents from the workspace. The files they were read from, and reviews, are not touched.

    \b
    Examples:
      corpus rm item-17
      corpus rm 1959-05-20 1959-05-21
    """
    import polars as pl

    from corpus.ingestion import remove
    from corpus.show import find_document
    from corpus.workspace import open_workspace

    space = open_workspace(workspace)
    ids = [find_document(space, doc) for doc in docs]
    remove(space, ids)
    say(f"removed {', '.join(dict.fromkeys(ids))}")
    wanted = pl.col("doc_id").is_in(pl.Series(ids, dtype=pl.String).implode())
    if kept := int(space.scan("reviews").filter(wanted).select(pl.len()).collect().item()):
        say(f"{kept} review{'' if kept == 1 else 's'} of them kept: corpus review --list")

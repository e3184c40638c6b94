"""The command that reads files into a workspace."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.base.errors import InputError
from corpus.cli import options as opt
from corpus.cli.console import (
    print_json,
    progress_bar,
    say,
    this_command,
    workspace_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.ingestion.report import IngestReport

_MOST_NAMED = 20
_FORGET = "none"
_FEW = 3


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH…", help="Files, archives, or folders of them.")
    ] = None,
    workspace: opt.Workspace = None,
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
    encoding: opt.Encoding = None,
    fix_mojibake: Annotated[
        bool,
        typer.Option(
            "--fix-mojibake", help="Put right text that was saved after it was read in a wrong encoding (Ã©)."
        ),
    ] = False,
    seeds: Annotated[
        bool, typer.Option("--seeds", help="The seed documents, too, as texts like any other.")
    ] = False,
    executor: opt.Executor = None,
    as_json: opt.Json = False,
) -> None:
    """Read files into the workspace: clean, date, and cut into sentences.

    Unchanged files are passed over, changed ones replaced, and a file that was moved is known by its
    content: after moving files from one folder to another, name all of them at once. Of the files of a folder
    and of an archive (.zip, .tar.gz, .warc …), those of a format that is read are taken (corpus formats);
    what cannot be read is skipped and named, and the exit code is then 1. A file named on the command line
    must be readable, or nothing is changed. An interrupted run keeps what it has read; run it again to go on.

    What --date, --source, --lang, --encoding and --manifest say is remembered: a later ingest without them
    keeps it, until another says otherwise, or takes it back: --date none, --source none, --lang none or
    --encoding none. It outweighs what the texts and their manifests say. Otherwise a document's date is the
    one that its text states, or its file's name begins with: 1959-05-20 or 1959-05.

    \b
    Examples:
      corpus ingest articles/
      corpus ingest 1959/*.txt --source "Xinhua News Agency" --date 1959
      corpus ingest scans/ --manifest scans.toml
      corpus ingest articles/ --date none      # go by the texts again
      corpus ingest pages.warc.gz old.zip      # saved pages, files in an archive
      corpus ingest old/ --encoding big5 --fix-mojibake
      corpus ingest --seeds --workspace try/   # a workspace of the seeds, to try things with
    """
    from corpus.execution.executor import executor_named
    from corpus.ingestion.ingest import ingest as run
    from corpus.ingestion.manifest import Entry
    from corpus.ingestion.seeds import seed_files
    from corpus.store.workspace import open_workspace
    from corpus.text.dates import parse_date
    from corpus.text.decoding import fixed

    paths = [*(paths or []), *(seed_files() if seeds else [])]
    if not paths:
        raise InputError("name files, or folders of them, or say --seeds")
    options = {"date": date, "source": source, "lang": lang, "encoding": encoding}
    said, forget = _said(options)
    if fix_mojibake:
        said["encoding"] = fixed(said.get("encoding"))
    stated = Entry(
        date=parse_date(said["date"]) if "date" in said else None,
        source=said.get("source"),
        lang=said.get("lang"),
    )
    with progress_bar("reading") as progress:
        report = run(
            open_workspace(workspace),
            paths,
            stated=stated,
            manifest=manifest,
            encoding=said.get("encoding"),
            forget=forget,
            executor=executor_named(executor),
            progress=progress,
        )
    _say_notes(report)
    where = workspace_option(workspace)
    _say_overruled(report, paths, where)
    _print_report(report, where, as_json=as_json)
    if any(skipped.failed for skipped in report.skipped):
        raise typer.Exit(1)


def _say_notes(report: IngestReport) -> None:
    """Say what a user should know of what was read, and what was not read, and why."""
    for note in report.notes[:_MOST_NAMED]:
        say(note)
    if len(report.notes) > _MOST_NAMED:
        say(f"{len(report.notes) - _MOST_NAMED} more notes; --json has them all")
    for skipped in report.skipped[:_MOST_NAMED]:
        say(f"skipped {skipped.reason}")
    if len(report.skipped) > _MOST_NAMED:
        say(f"skipped {len(report.skipped) - _MOST_NAMED} more; --json names them all")


def _print_report(report: IngestReport, where: str, *, as_json: bool) -> None:
    """Print what was done, as JSON, or say it and what to type next."""
    from dataclasses import asdict

    if as_json:
        print_json(
            {
                "new": report.new,
                "undated": report.undated,
                "changed": report.changed,
                "moved": report.moved,
                "removed": report.removed,
                "unchanged": report.unchanged,
                "skipped": [asdict(skipped) for skipped in report.skipped],
                "notes": report.notes,
                "linked": report.linked,
                "overruled": [{"doc_id": doc_id, **asdict(found)} for doc_id, found in report.overruled],
            }
        )
    else:
        at_times = [name for name in ("moved", "removed") if getattr(report, name)]
        names = ["new", "changed", *at_times, "unchanged", "skipped"]
        counts = [f"{len(getattr(report, name))} {name}" for name in names]
        say(f"documents: {', '.join(counts)}")
        if report.linked:
            say(f"links: {report.linked} new, by manifests")
        if report.undated:
            say(_undated(report, where))
        say("next: " + ", ".join(f"{this_command()} {step}{where}" for step in _NEXT))


_NEXT = ("show", "similar QUERY", "align")


def _said(options: dict[str, str | None]) -> tuple[dict[str, str], list[str]]:
    """Return what options state, and the names of those that are to be forgotten."""
    for name, value in options.items():
        if value is not None and not value.strip():
            raise InputError(
                f"--{name} '' states nothing; to forget what it stated before: --{name} {_FORGET}"
            )
    given = {name: value for name, value in options.items() if value is not None}
    forget = [name for name, value in given.items() if value.casefold() == _FORGET]
    return {name: value for name, value in given.items() if name not in forget}, forget


def _say_overruled(report: IngestReport, paths: Sequence[Path], where: str) -> None:
    """Say in how many documents options stand in place of what the texts say, and how to undo that."""
    for what, noun in (("date", "date"), ("source", "source"), ("lang", "language")):
        found = [(doc_id, item) for doc_id, item in report.overruled if item.what == what]
        if found:
            doc_id, item = found[0]
            many = len({doc_id for doc_id, _ in found})
            named = shlex.join(map(str, paths)) if len(paths) <= _FEW else "PATH…"
            say(
                f"--{what} outweighs another {noun} in {many} document{'' if many == 1 else 's'}: {doc_id} "
                f"is {item.stated} now, and {item.found} by its text, manifest or name; "
                f"to go by those again: {this_command()} ingest {named} --{what} {_FORGET}{where}"
            )


def _undated(report: IngestReport, where: str) -> str:
    """Say which files have no date, and how to date them without dating others."""
    files = [shlex.quote(str(file)) for file in report.undated_files]
    more = f" and {len(files) - _FEW} more" if len(files) > _FEW else ""
    named = f"{', '.join(files[:_FEW])}{more}"
    how = f"{this_command()} ingest {files[0]} --date 1959{where}"
    return (
        f"{len(files)} of the {len(report.new)} new have no date: {named}; to date them, name these files "
        f"and no others ({how}), write a manifest, or begin their names with the date (1959-05-20…)"
    )

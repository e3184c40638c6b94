"""Options that the commands which count share, and how their results are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.cli.console import json_text, put_text, say

if TYPE_CHECKING:
    import polars as pl

    from corpus.documents.subcorpus import Selection
    from corpus.linguistics.patterns import Pattern
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace

LangOption = Annotated[str | None, typer.Option("--lang", metavar="CODE", help="Only text in this language.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Not before this year or date.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Not after this year or date.")
]
DocOption = Annotated[
    list[str] | None,
    typer.Option("--doc", metavar="DOC", help="Only this document; may be given several times."),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="NAME", help="Only from this source or agency; may be given several times."
    ),
]
VariantsOption = Annotated[
    str | None,
    typer.Option(
        "--variants",
        metavar="FILE",
        help="Other forms of PATTERN to look for, or none.  [default: the workspace's, else those that ship]",
    ),
]
RegexOption = Annotated[bool, typer.Option("--regex", help="PATTERN is a regular expression.")]
TsvOption = Annotated[bool, typer.Option("--tsv", help="Print tab-separated values.")]
OutOption = Annotated[
    str | None,
    typer.Option("-o", "--out", metavar="FILE", help="Write TSV, or JSON if it is called so, to FILE."),
]
DASHED = "One that begins with - comes last, after --: -- -27.5"
PatternArgument = Annotated[
    str,
    typer.Argument(metavar="PATTERN", help=f"A word or phrase; * stands for the rest of a word. {DASHED}"),
]


def selection_of(
    lang: str | None,
    since: str | None,
    until: str | None,
    docs: list[str] | None,
    sources: list[str] | None,
) -> Selection:
    """Return what the shared options select."""
    from corpus.documents.subcorpus import Selection
    from corpus.text.dates import parse_date

    return Selection(
        lang=lang,
        since=parse_date(since) if since else None,
        until=parse_date(until) if until else None,
        docs=tuple(docs or ()),
        sources=tuple(sources or ()),
    )


def pattern_of(query: str, workspace: Workspace, *, as_regex: bool, variants: str | None) -> Pattern:
    """Return the pattern that the shared options ask for, and say what is looked for besides the query."""
    from corpus.linguistics.patterns import compile_pattern, forms_of

    if as_regex or variants == "none":
        return compile_pattern(query, as_regex=as_regex)
    from corpus.text.variants import load_variants, workspace_variants

    known = workspace_variants(workspace.path) if variants is None else load_variants(Path(variants))
    pattern = compile_pattern(query, forms=forms_of(query, known))
    others = [form for form in pattern.forms if form.casefold() != query.casefold()]
    if others:
        say(f"also looking for: {', '.join(others)}")
    return pattern


def say_undated(undated: int) -> None:
    """Say how many versions a filter by date could not judge."""
    if undated:
        versions = "version" if undated == 1 else "versions"
        say(f"left out by --since and --until: {undated} {versions} of unknown date")


def say_snapshot(taken: Snapshot, *, beads: bool = False, encoder: bool = False) -> None:
    """Print on stderr which state of the workspace a result rests on."""
    parts = {"texts": taken.texts, "beads": beads and taken.beads, "encoder": encoder and taken.encoder}
    said = " ".join(f"{name} {part}" for name, part in parts.items() if part)
    say(f"# snapshot {said}")


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
        msg = "--json and --tsv: choose one"
        raise CorpusError(msg)
    if as_json or tsv:
        return "json" if as_json else "tsv"
    if out is None or out == "-":
        return "text"
    ending = Path(out).suffix.lower().removeprefix(".")
    if ending in ("", "txt"):
        return "tsv"
    if ending not in (known := ("tsv", "json", *others)):
        msg = f"{out}: this command writes {', '.join(f'.{form}' for form in known)}"
        raise CorpusError(msg)
    return ending

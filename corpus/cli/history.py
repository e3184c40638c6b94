"""The commands about time: timeline and trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.cli.console import json_text, progress_bar, put_text, say, say_if_seeds
from corpus.cli.filters import (
    DocOption,
    LangOption,
    OutOption,
    PatternArgument,
    RegexOption,
    SinceOption,
    SourceOption,
    TsvOption,
    UntilOption,
    VariantsOption,
    form_of,
    pattern_of,
    put_table,
    say_snapshot,
    say_undated,
    selection_of,
)
from corpus.cli.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from corpus.dates import PartialDate
    from corpus.timeline import Timeline
    from corpus.trace import Trace

ByOption = Annotated[str, typer.Option("--by", metavar="UNIT", help="Bins: decade, year or month.")]
CutOption = Annotated[
    str | None,
    typer.Option("--cut", metavar="DATE,…", help="Begin a bin at each of these dates, instead of --by."),
]


def timeline(
    pattern: PatternArgument,
    as_regex: RegexOption = False,
    variants: VariantsOption = None,
    by: ByOption = "decade",
    cut: CutOption = None,
    lang: LangOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    doc: DocOption = None,
    source: SourceOption = None,
    workspace: WorkspaceOption = None,
    tsv: TsvOption = False,
    as_json: JsonOption = False,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write FILE.png, .svg, .html, .csv, .tsv or .json."),
    ] = None,
) -> None:
    """Count a pattern over time, by language, with what was searched.

    Frequencies are per 10,000 words of the bin and language. A bin without documents says so, which is
    not zero. A text whose date is known to the year only is in no month, but listed apart, as are texts
    of unknown date. A translation without a date of its own stands under its original's, marked °.

    \b
    Examples:
      corpus timeline "local industry"
      corpus timeline 地方工业 --by year --since 1950
      corpus timeline "regional industr*" --variants none --cut 1960,2022,2024 -o regional.svg
    """
    from corpus.parallel import ensure_documents
    from corpus.timeline import timeline as count
    from corpus.workspace import open_workspace

    form = form_of(out, as_json=as_json, tsv=tsv, others=("csv", "png", "svg", "html"))
    selection = selection_of(lang, since, until, doc, source)
    cuts = cut_points(cut)
    space = open_workspace(workspace)
    say_if_seeds(space)
    wanted = pattern_of(pattern, space, as_regex=as_regex, variants=variants)
    ensure_documents(space)
    with progress_bar("counting words") as progress:
        found = count(space, wanted, selection=selection, by=by, cuts=cuts, progress=progress)
    if out is not None and form in ("png", "svg", "html"):
        from corpus.charts import timeline_chart
        from corpus.files import write_atomically

        write_atomically(Path(out), timeline_chart(found, form, title=pattern))
        say(f"wrote {out}")
    elif form == "csv":
        put_text(found.rows.write_csv(), out)
    elif form == "text":
        from corpus.cli.timelines import print_timeline

        print_timeline(found.rows)
    else:
        put_table(
            found.rows, about(found, pattern, wanted.forms), name="rows", out=out, as_json=form == "json"
        )
    say_undated(found.undated)
    say_snapshot(found.snapshot)


PARTS = ("forms", "near", "only", "keyness")


def trace(
    pattern: PatternArgument,
    as_regex: RegexOption = False,
    variants: VariantsOption = None,
    by: ByOption = "year",
    cut: CutOption = None,
    most: Annotated[
        int, typer.Option("-k", min=1, metavar="N", help="So many pairs of passages between two bins.")
    ] = 1,
    part: Annotated[
        str, typer.Option("--part", metavar="PART", help="What --tsv writes: forms, near, only or keyness.")
    ] = "forms",
    lang: LangOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    doc: DocOption = None,
    source: SourceOption = None,
    workspace: WorkspaceOption = None,
    tsv: TsvOption = False,
    as_json: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Follow how the wording of one thing moves through time.

    Shows how often each form of the pattern stands in each bin; the passages of neighbouring bins that
    share most words besides it, with those words; the words that stand with it in one bin only; and key
    words, where the counts bear them. Alike is not derived: what was taken from what, this cannot tell.

    \b
    Examples:
      corpus trace "local industry"
      corpus trace 地方工业 --cut 1960,2022,2024 -k 3
      corpus trace Kimhwa --by decade --tsv --part near
    """
    from corpus.errors import CorpusError
    from corpus.parallel import ensure_documents
    from corpus.trace import trace as follow
    from corpus.workspace import open_workspace

    if part not in PARTS:
        msg = f"--part is one of {', '.join(PARTS)}, not {part!r}"
        raise CorpusError(msg)
    form = form_of(out, as_json=as_json, tsv=tsv)
    selection = selection_of(lang, since, until, doc, source)
    cuts = cut_points(cut)
    space = open_workspace(workspace)
    say_if_seeds(space)
    wanted = pattern_of(pattern, space, as_regex=as_regex, variants=variants)
    ensure_documents(space)
    with progress_bar("counting words") as progress:
        found = follow(space, wanted, selection=selection, by=by, cuts=cuts, most=most, progress=progress)
    if form == "text":
        from corpus.cli.tracing import print_trace

        print_trace(found)
    elif form == "json":
        tables = {name: getattr(found, name).to_dicts() for name in ("rows", *PARTS)}
        lists = {name: getattr(found, name) for name in ("absent", "unborne", "sampled")}
        put_text(json_text(about(found, pattern, wanted.forms) | lists | tables), out)
    else:
        put_table(getattr(found, part), {}, name=part, out=out, as_json=False)
    if found.sampled:
        say(f"two hundred sentences each were compared, not all, of {', '.join(found.sampled)}")
    say_undated(found.undated)
    say_snapshot(found.snapshot, beads=True)


def cut_points(cut: str | None) -> list[PartialDate]:
    """Return the dates in a value of `--cut`, none where it is not given."""
    from corpus.dates import parse_date

    return [parse_date(part) for part in cut.split(",")] if cut else []


def about(found: Timeline | Trace, pattern: str, forms: tuple[str, ...]) -> dict[str, Any]:
    """Return what the JSON of a timeline or a trace says besides its tables."""
    from corpus.tokens import version

    return {
        "snapshot": found.snapshot.to_dict(),
        "pattern": pattern,
        "forms": forms,
        "words": version(),
        "undated": found.undated,
    }

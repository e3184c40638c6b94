"""The commands about time: timeline and trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.cli import options as opt
from corpus.cli.console import json_text, open_to_look, progress_bar, say, say_snapshot, say_undated
from corpus.cli.output import form_of, put_table, put_text
from corpus.cli.subcorpus import compare_sentences, pattern_of, say_repeats, selection_of

if TYPE_CHECKING:
    from corpus.diachrony.timeline import Timeline
    from corpus.diachrony.trace import Trace
    from corpus.text.dates import PartialDate

REPEATED = "in sentences that repeat an earlier one"


def timeline(
    pattern: opt.Pattern,
    as_regex: opt.Regex = False,
    variants: opt.Variants = None,
    dense: Annotated[
        bool, typer.Option("--dense", help="Count sentences that are similar to PATTERN by meaning.")
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="SCORE",
            help="Of --dense: the least cosine.  [default: the level of corpus similar]",
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder", metavar="NAME", help="Of --dense: whose vectors to compare.  [default: use]"
        ),
    ] = None,
    by: opt.By = "decade",
    cut: opt.Cut = None,
    once: opt.Once = False,
    lang: opt.Lang = None,
    since: opt.Since = None,
    until: opt.Until = None,
    doc: opt.Doc = None,
    source: opt.Source = None,
    workspace: opt.Workspace = None,
    tsv: opt.Tsv = False,
    as_json: opt.Json = False,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write FILE.png, .svg, .html, .csv, .tsv or .json."),
    ] = None,
) -> None:
    """Count a pattern over time, by language, with what was searched.

    Frequencies are per 10,000 words of the bin and language. A bin without documents says so, which is
    not zero. A text whose date is known to the year only is in no month, but listed apart, as are texts
    of unknown date. A translation without a date of its own stands under its original's, marked °.

    --dense counts sentences that are similar to PATTERN by meaning, in all languages: those whose cosine with
    it reaches a threshold, which is stated. Similar is not the same: such a sentence need not say it.

    \b
    Examples:
      corpus timeline "local industry"
      corpus timeline 地方工业 --by year --since 1950
      corpus timeline "local industry" --dense --by year --once
      corpus timeline "regional industr*" --variants none --cut 1960,2022,2024 -o regional.svg
    """
    from corpus.diachrony.timeline import similar_timeline
    from corpus.diachrony.timeline import timeline as count

    form = form_of(out, as_json=as_json, tsv=tsv, others=("csv", "png", "svg", "html"))
    selection = selection_of(lang, since, until, doc, source)
    how: dict[str, Any] = {"selection": selection, "by": by, "cuts": cut_points(cut), "once": once}
    other = "--regex" if as_regex else "--variants" if variants not in (None, "none") else None
    refuse_mixture(pattern, other, threshold, encoder, dense=dense)
    space = open_to_look(workspace)
    forms: tuple[str, ...] = ()
    if not dense:
        wanted = pattern_of(pattern, space, as_regex=as_regex, variants=variants)
        forms = wanted.forms
    compare_sentences(space, once=once)
    with progress_bar("comparing" if dense else "counting words") as progress:
        found = (
            similar_timeline(
                space, pattern, encoder=encoder or "use", threshold=threshold, progress=progress, **how
            )
            if dense
            else count(space, wanted, progress=progress, **how)
        )
    put_timeline(found, pattern, forms, form, out)
    hits = f"matches {REPEATED}" if found.level is None else "similar sentences that repeat an earlier one"
    say_repeats(int(found.rows["repeats"].sum()), hits, once=once)
    say_undated(found.undated)
    say_snapshot(found.snapshot)


def refuse_mixture(
    pattern: str, other: str | None, threshold: float | None, encoder: str | None, *, dense: bool
) -> None:
    """Raise CorpusError for options that say nothing together."""
    from corpus.base.errors import CorpusError

    if not dense:
        if threshold is not None or encoder is not None:
            raise CorpusError("--threshold and --encoder are of similar sentences: say --dense, too")
        return
    if other is not None:
        raise CorpusError(f"{other} and --dense: choose one; by meaning, PATTERN is compared as it stands")
    if "*" in pattern:
        raise CorpusError("* stands for nothing with --dense: write PATTERN as it would stand in a text")


def put_timeline(found: Timeline, pattern: str, forms: tuple[str, ...], form: str, out: str | None) -> None:
    """Write a timeline as a table, a chart, or for a reader."""
    if out is not None and form in ("png", "svg", "html"):
        from corpus.base.files import write_atomically
        from corpus.diachrony.charts import timeline_chart

        title = pattern if found.level is None else f"similar to “{pattern}”"
        write_atomically(Path(out), timeline_chart(found, form, title=title, forms=forms))
        say(f"wrote {out}")
    elif form == "csv":
        from corpus.writers.tsv import stating

        put_text(stating(found.rows, about(found, pattern, forms)).write_csv(), out)
    elif form == "text":
        from corpus.cli.display.timeline import print_timeline

        print_timeline(found.rows, found.level)
    else:
        put_table(found.rows, about(found, pattern, forms), name="rows", out=out, as_json=form == "json")


PARTS = ("forms", "near", "only", "keyness")


def trace(
    pattern: opt.Pattern,
    as_regex: opt.Regex = False,
    variants: opt.Variants = None,
    by: opt.By = "year",
    cut: opt.Cut = None,
    most: Annotated[
        int, typer.Option("-k", min=1, metavar="N", help="So many pairs of passages between two bins.")
    ] = 1,
    part: Annotated[
        str, typer.Option("--part", metavar="PART", help="What --tsv writes: forms, near, only or keyness.")
    ] = "forms",
    once: opt.Once = False,
    lang: opt.Lang = None,
    since: opt.Since = None,
    until: opt.Until = None,
    doc: opt.Doc = None,
    source: opt.Source = None,
    workspace: opt.Workspace = None,
    tsv: opt.Tsv = False,
    as_json: opt.Json = False,
    out: opt.Out = None,
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
    from corpus.base.errors import CorpusError
    from corpus.diachrony.trace import trace as follow

    if part not in PARTS:
        raise CorpusError(f"--part is one of {', '.join(PARTS)}, not {part!r}")
    form = form_of(out, as_json=as_json, tsv=tsv)
    selection = selection_of(lang, since, until, doc, source)
    cuts = cut_points(cut)
    space = open_to_look(workspace)
    wanted = pattern_of(pattern, space, as_regex=as_regex, variants=variants)
    compare_sentences(space, once=once)
    with progress_bar("counting words") as progress:
        found = follow(
            space, wanted, selection=selection, by=by, cuts=cuts, most=most, once=once, progress=progress
        )
    if form == "text":
        from corpus.cli.display.trace import print_trace

        print_trace(found)
    elif form == "json":
        tables = {name: getattr(found, name).to_dicts() for name in ("rows", *PARTS)}
        lists = {name: getattr(found, name) for name in ("absent", "unborne", "sampled")}
        put_text(json_text(about(found, pattern, wanted.forms) | lists | tables), out)
    else:
        of = about(found, pattern, wanted.forms)
        put_table(getattr(found, part), of, name=part, out=out, as_json=False, beads=True)
    if found.sampled:
        say(f"two hundred sentences each were compared, not all, of {', '.join(found.sampled)}")
    say_repeats(int(found.rows["repeats"].sum()), f"matches {REPEATED}", once=once)
    say_undated(found.undated)
    say_snapshot(found.snapshot, beads=True)


def cut_points(cut: str | None) -> list[PartialDate]:
    """Return the dates in a value of `--cut`, none where it is not given."""
    from corpus.text.dates import parse_date

    return [parse_date(part) for part in cut.split(",")] if cut else []


def about(found: Timeline | Trace, pattern: str, forms: tuple[str, ...]) -> dict[str, Any]:
    """Return what the JSON of a timeline or a trace says besides its tables."""
    from dataclasses import asdict

    from corpus.text.tokens import version

    level = getattr(found, "level", None)
    return {
        "snapshot": found.snapshot.to_dict(),
        "pattern": pattern,
        "forms": forms,
        "similar": level and asdict(level),
        "words": version(),
        "once": found.once,
        "repeats": found.rows["repeats"].sum(),
        "undated": found.undated,
    }

"""The commands about time: timeline and trace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import json_text, say
from corpus.cli.output import form_of, put_table, put_text
from corpus.cli.subcorpus import open_corpus, say_counted, say_forms

CHARTS = ("png", "svg", "html")


def timeline(
    pattern: opt.Pattern,
    regex: opt.Regex = False,
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
    form = form_of(out, as_json=as_json, tsv=tsv, others=("csv", *CHARTS))
    found = open_corpus(workspace).timeline(
        pattern, lang=lang, since=since, until=until, doc=doc, source=source, regex=regex, variants=variants,
        dense=dense, threshold=threshold, encoder=encoder, by=by, cut=cut, once=once,
    )  # fmt: skip
    say_forms(found)
    if out is not None and form in CHARTS:
        from corpus.base.files import write_atomically
        from corpus.diachrony.charts import timeline_chart

        title = f"similar to “{pattern}”" if dense else pattern
        write_atomically(
            Path(out), timeline_chart(found.result, form, title=title, forms=found.about["forms"])
        )
        say(f"wrote {out}")
    elif form == "csv":
        import polars as pl

        from corpus.base.formulas import guarded
        from corpus.writers.tsv import flattened, stating

        table = flattened(
            stating(found, found.about)
        )  # which a spreadsheet opens: no cell of it is to be run
        texts = (pl.col(pl.String).map_elements(guarded, return_dtype=pl.String),)
        put_text(table.with_columns(*texts).write_csv(), out)
    elif form == "text":
        from corpus.cli.display.timeline import print_timeline

        print_timeline(found, found.result.level)
    else:
        put_table(found, found.about, name="rows", out=out, as_json=form == "json")
    say_counted(
        found, f"{'similar sentences that' if dense else 'matches in sentences that'} repeat an earlier one"
    )


def trace(
    pattern: opt.Pattern,
    regex: opt.Regex = False,
    variants: opt.Variants = None,
    by: opt.By = "year",
    cut: opt.Cut = None,
    k: Annotated[
        int, typer.Option("-k", min=1, metavar="N", help="So many pairs of passages between two bins.")
    ] = 1,
    part: Annotated[
        str,
        typer.Option("--part", metavar="PART", help="What --tsv writes: forms, near, only, keyness or rows."),
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
    form = form_of(out, as_json=as_json, tsv=tsv)
    found = open_corpus(workspace).trace(
        pattern, lang=lang, since=since, until=until, doc=doc, source=source, regex=regex, variants=variants,
        by=by, cut=cut, k=k, part=part, once=once,
    )  # fmt: skip
    say_forms(found)
    if form == "text":
        from corpus.cli.display.trace import print_trace

        print_trace(found.result)
    elif form == "json":
        from corpus.api.time import TRACED

        tables = {name: getattr(found.result, name).to_dicts() for name in TRACED}
        put_text(json_text(found.about | tables), out)
    else:
        put_table(found, found.about, name=part, out=out, as_json=False, beads=True)
    if found.about["sampled"]:
        say(f"two hundred sentences each were compared, not all, of {', '.join(found.about['sampled'])}")
    say_counted(found, "matches in sentences that repeat an earlier one", beads=True)

"""The command that shows a pattern in context: concordance."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import say
from corpus.cli.output import form_of, put_table
from corpus.cli.subcorpus import numbered, open_corpus, say_counted, say_forms


def concordance(
    pattern: opt.Pattern,
    regex: opt.Regex = False,
    variants: opt.Variants = None,
    width: Annotated[
        int | None,
        typer.Option(
            "--width",
            min=5,
            metavar="N",
            help="Columns of context on each side.  [default: what the terminal has room for, else 40]",
        ),
    ] = None,
    sort: Annotated[
        str, typer.Option("--sort", metavar="KEY", help="L1 … L9, R1 … R9, node, date or doc.")
    ] = "date",
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="So many matches, taken at random.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Which sample.")] = 0,
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
    """Show every match of a pattern in its context, with the translation of its sentence under it.

    Case, width (２７％, 27%) and kinds of quotes do not count. A pattern in Latin letters matches whole
    words, one in Chinese or Korean any place; a space matches a hyphen, too. A pattern that names a thing
    of the variants file is looked for in all its forms. A regular expression is one of the Python
    library regex. A match stands within one sentence, and so does its context.

    The last column is the place: corpus show DOC:L33 shows what is around it, corpus cite cites it.

    \b
    Examples:
      corpus concordance "local industry"
      corpus concordance 地方工业 --variants none --sort R1
      corpus concordance "\\p{Han}{2}工厂" --regex --width 20
      corpus concordance factories --lang en --since 2022 --sample 20 --tsv
      corpus concordance 地方工业 --once   # what timeline --once counts, line by line
      corpus concordance -- -27.5      # a pattern that begins with -
    """
    form = form_of(out, as_json=as_json, tsv=tsv)
    found = open_corpus(workspace).concordance(
        pattern, lang=lang, since=since, until=until, doc=doc, source=source, regex=regex, variants=variants,
        sort=sort, sample=sample, seed=seed, once=once,
    )  # fmt: skip
    about = found.about
    say_forms(found)
    if form == "text":
        from corpus.cli.display.kwic import print_lines

        print_lines(found, width)
    else:
        put_table(found, about, name="lines", out=out, as_json=form == "json", beads=True)
    shown = "" if len(found) == about["matches"] else f", {len(found):,} shown"
    matches = numbered(about["matches"], "match", "matches")
    say(f"{matches}{shown}, in {about['documents']:,} of {numbered(about['searched'], 'document')}")
    if about["unaligned"]:
        say(f"not aligned yet: {numbered(about['unaligned'], 'document')} of these; corpus align does that")
    say_counted(found, "matches in sentences that repeat an earlier one", beads=True)

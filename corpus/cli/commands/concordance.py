"""The command that shows a pattern in context: concordance."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import open_to_look, progress_bar, say, say_snapshot, say_undated
from corpus.cli.output import form_of, put_table
from corpus.cli.subcorpus import compare_sentences, numbered, pattern_of, say_repeats, selection_of


def concordance(
    pattern: opt.Pattern,
    as_regex: opt.Regex = False,
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
      corpus concordance 地方工业 --once         what timeline --once counts, line by line
      corpus concordance -- -27.5              a pattern that begins with -
    """
    from corpus.linguistics import concordance as kwic

    form = form_of(out, as_json=as_json, tsv=tsv)
    selection = selection_of(lang, since, until, doc, source)
    space = open_to_look(workspace)
    wanted = pattern_of(pattern, space, as_regex=as_regex, variants=variants)
    compare_sentences(space, once=once)
    with progress_bar("looking") as progress:
        found = kwic.concordance(
            space, wanted, selection=selection, sort=sort, sample=sample, seed=seed, once=once,
            progress=progress,
        )  # fmt: skip
    if form == "text":
        from corpus.cli.display.kwic import print_lines

        print_lines(found.lines, width)
    else:
        about = {
            "snapshot": found.snapshot.to_dict(),
            "pattern": pattern,
            "forms": wanted.forms,
            "matches": found.matches,
            "documents": found.documents,
            "searched": found.searched,
            "once": found.once,
            "repeats": found.repeats,
            "undated": found.undated,
        }
        put_table(found.lines, about, name="lines", out=out, as_json=form == "json", beads=True)
    shown = "" if len(found.lines) == found.matches else f", {len(found.lines):,} shown"
    matches = numbered(found.matches, "match", "matches")
    say(f"{matches}{shown}, in {found.documents:,} of {numbered(found.searched, 'document')}")
    say_repeats(found.repeats, "matches in sentences that repeat an earlier one", once=once)
    say_undated(found.undated)
    if found.unaligned:
        say(f"not aligned yet: {numbered(found.unaligned, 'document')} of these; corpus align does that")
    say_snapshot(found.snapshot, beads=True)

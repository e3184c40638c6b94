"""The commands about words: words, collocates, terms and lexicon."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import say
from corpus.cli.output import form_of, put_table
from corpus.cli.subcorpus import numbered, open_corpus, say_counted, say_forms


def words(
    n: Annotated[int, typer.Option("-n", min=1, metavar="N", help="Count runs of N words.")] = 1,
    stems: Annotated[
        bool, typer.Option("--stems", help="Count stems: factory and factories are one.")
    ] = False,
    min_count: Annotated[
        int,
        typer.Option("--min-count", "--min", min=1, metavar="N", help="Leave out what is found less often."),
    ] = 2,
    stop: opt.Stop = None,
    k: opt.Most = 50,
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
    """Count the words of each language: how often, in how many documents, how evenly.

    DP is Gries's deviation of proportions over documents, from 0 (even) towards 1 (all in one place);
    DPnorm is the same, with 1 as its greatest value. Runs of words stand within a sentence, and no mark
    between them; one that begins or ends in a word of the stop list is left out.

    \b
    Examples:
      corpus words --lang zh
      corpus words -n 2 --min 5 --since 2022
      corpus words --stop none -k 0 --tsv -o words.tsv
    """
    form = form_of(out, as_json=as_json, tsv=tsv)
    found = open_corpus(workspace).words(
        lang=lang, since=since, until=until, doc=doc, source=source, n=n, stems=stems, min_count=min_count,
        stop=stop, k=k, once=once,
    )  # fmt: skip
    if form == "text":
        from corpus.cli.display.tables import print_words

        print_words(found)
    else:
        put_table(found, found.about, name="rows", out=out, as_json=form == "json")
    kinds = "words" if n == 1 else f"runs of {n}"
    for row in found.about["sizes"]:
        listed = found.filter(lang=row["lang"]).height
        say(
            f"{row['lang']}: {row['words']:,} words in {numbered(row['documents'], 'document')}; "
            f"{row['types']:,} different {kinds}, {listed:,} shown"
        )
    say_counted(found, "sentences that repeat an earlier one")


def collocates(
    pattern: opt.Pattern,
    regex: opt.Regex = False,
    variants: opt.Variants = None,
    span: Annotated[
        int, typer.Option("--span", min=1, metavar="N", help="So many words before and after it.")
    ] = 5,
    min_count: Annotated[
        int,
        typer.Option("--min-count", "--min", min=1, metavar="N", help="Leave out what is near less often."),
    ] = 2,
    sort: Annotated[str, typer.Option("--sort", metavar="KEY", help="g2, log_dice or near.")] = "g2",
    stop: opt.Stop = None,
    k: opt.Most = 30,
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
    """List the words that stand near a pattern more often than chance has it.

    G2 is Dunning's log-likelihood, negative where a word is near less often than expected: above 10.83
    for one word in a thousand that has nothing to do with it. logDice (at most 14) does not depend on
    the size of the corpus, and suits comparisons between corpora.

    \b
    Examples:
      corpus collocates "local industry"
      corpus collocates factories --lang en --span 3 --sort log_dice
      corpus collocates 工厂 --variants none --tsv
    """
    form = form_of(out, as_json=as_json, tsv=tsv)
    found = open_corpus(workspace).collocates(
        pattern, lang=lang, since=since, until=until, doc=doc, source=source, regex=regex, variants=variants,
        span=span, min_count=min_count, sort=sort, stop=stop, k=k, once=once,
    )  # fmt: skip
    say_forms(found)
    if form == "text":
        from corpus.cli.display.tables import print_collocates

        print_collocates(found)
    else:
        put_table(found, found.about, name="rows", out=out, as_json=form == "json")
    for row in found.about["sizes"]:
        say(
            f"{row['lang']}: {numbered(row['matches'], 'match', 'matches')}, {row['near']:,} words near "
            f"them, of {row['words']:,} words outside them"
        )
    if not found.about["sizes"]:
        say("no match")
    say_counted(found, "matches in sentences that repeat an earlier one")


def terms(
    pattern: Annotated[
        str | None,
        typer.Argument(metavar="[PATTERN]", help=f"Only pairs in which a term holds this. {opt.DASHED}"),
    ] = None,
    regex: opt.Regex = False,
    min_score: Annotated[
        float, typer.Option("--min-score", metavar="SCORE", help="Leave out beads that score less.")
    ] = 0.9,
    min_count: Annotated[
        int, typer.Option("--min-count", "--min", min=1, metavar="N", help="Leave out pairs in fewer beads.")
    ] = 2,
    min_g2: Annotated[float, typer.Option("--min-g2", metavar="G2", help="Leave out weaker pairs.")] = 6.63,
    examples: Annotated[bool, typer.Option("--examples", help="Print a bead of each pair.")] = False,
    k: opt.Most = 30,
    once: opt.Once = True,
    encoder: opt.AlignerEncoder = None,
    executor: opt.Executor = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="CODE", help="Only of originals in this language.")
    ] = None,
    since: opt.Since = None,
    until: opt.Until = None,
    doc: opt.Doc = None,
    source: opt.Source = None,
    workspace: opt.Workspace = None,
    tsv: opt.Tsv = False,
    as_json: opt.Json = False,
    out: opt.Out = None,
) -> None:
    """Propose pairs of terms that translate each other, from aligned sentences.

    Terms are of one to three words. G2 says how much more often both stand in a bead than chance has it;
    a pair is kept if it is linked, each term once a bead and the strongest first, in most of the beads
    that hold both. What stands in few beads is a guess: look at the examples. Beads that pair the same texts
    count once, as G2 takes them for independent; --every counts each.

    \b
    Examples:
      corpus terms
      corpus terms 地方工业 --examples
      corpus terms "local industr*" --min-score 0.5 --json
    """
    form = form_of(out, as_json=as_json, tsv=tsv)
    found = open_corpus(workspace, executor).terms(
        pattern, lang=lang, since=since, until=until, doc=doc, source=source, regex=regex,
        min_score=min_score, min_count=min_count, min_g2=min_g2, k=k, once=once, encoder=encoder,
    )  # fmt: skip
    about = found.about
    if form == "text":
        from corpus.cli.display.tables import print_terms

        print_terms(found, examples=examples)
    else:
        put_table(found, about, name="pairs", out=out, as_json=form == "json", beads=True)
    say(
        f"{about['count']:,} pairs of terms, {len(found):,} shown, from {about['beads']:,} "
        f"{'bead that scores' if about['beads'] == 1 else 'beads that score'} {min_score:g} or more; "
        f"{about['excluded']:,} score less"
    )
    say_counted(found, "beads that pair the same texts as an earlier one", beads=True)


def lexicon(
    word: Annotated[
        str | None, typer.Argument(metavar="[WORD]", help="A word or phrase; without it, a list of lexicons.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="CODE", help="Language of WORD.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="CODE", help="Language of translations.")] = None,
    workspace: opt.Workspace = None,
    tsv: opt.Tsv = False,
    as_json: opt.Json = False,
    out: opt.Out = None,
) -> None:
    """Show what searches across languages know of a word, and where each entry comes from.

    That is the lexicons that ship, names spelt by rule, the terms that the workspace's aligned beads pair (n
    is in how many), variants.toml, and lexicon.tsv in the workspace's folder. The last is yours to write: a
    line adds a pair, or forbids one.

    \b
    Examples:
      corpus lexicon 签字
      corpus lexicon factory --lang en --to zh
      corpus lexicon                      # the lexicons there are, with their licences
    """
    form = form_of(out, as_json=as_json, tsv=tsv)
    found = open_corpus(workspace).lexicon(word, lang=lang, to=to)
    if form == "text":
        from corpus.cli.display.tables import print_lexicon

        print_lexicon(found)
    else:
        put_table(found, found.about, name="rows", out=out, as_json=form == "json")
    if word is not None and found.is_empty():
        say(f"no lexicon knows {word!r}; to add it, write it into lexicon.tsv in the workspace's folder")

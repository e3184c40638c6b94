"""The commands that count words: words, collocates and terms."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.cli import options as opt
from corpus.cli.console import open_to_look, progress_bar, say, say_snapshot, say_undated
from corpus.cli.output import form_of, put_table
from corpus.cli.subcorpus import (
    compare_sentences,
    numbered,
    pattern_of,
    read_words,
    say_repeats,
    selection_of,
)

if TYPE_CHECKING:
    import polars as pl

    from corpus.linguistics.collocations import Collocates
    from corpus.linguistics.frequencies import StopList, WordList
    from corpus.linguistics.terms import Terms


def words(
    size: Annotated[int, typer.Option("-n", min=1, metavar="N", help="Count runs of N words.")] = 1,
    stems: Annotated[
        bool, typer.Option("--stems", help="Count stems: factory and factories are one.")
    ] = False,
    least: Annotated[
        int, typer.Option("--min", min=1, metavar="N", help="Leave out what is found less often.")
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
    from corpus.linguistics.frequencies import word_list

    form, left_out = form_of(out, as_json=as_json, tsv=tsv), stop_list(stop)
    selection = selection_of(lang, since, until, doc, source)
    space = open_to_look(workspace)
    compare_sentences(space, once=once)
    with progress_bar("counting words") as progress:
        found = word_list(
            space, selection=selection, size=size, stems=stems, stop=left_out, least=least, once=once,
            progress=progress,
        )  # fmt: skip
    shown = _first(found.words, k)
    if form == "text":
        from corpus.cli.display.tables import print_words

        print_words(shown)
    else:
        put_table(shown, _about(found), name="rows", out=out, as_json=form == "json")
    kinds = "words" if size == 1 else f"runs of {size}"
    for row in found.sizes.iter_rows(named=True):
        listed = shown.filter(lang=row["lang"]).height
        say(
            f"{row['lang']}: {row['words']:,} words in {numbered(row['documents'], 'document')}; "
            f"{row['types']:,} different {kinds}, {listed:,} shown"
        )
    say_repeats(found.repeats, "sentences that repeat an earlier one", once=once)
    say_undated(found.undated)
    say_snapshot(found.snapshot)


def collocates(
    pattern: opt.Pattern,
    as_regex: opt.Regex = False,
    variants: opt.Variants = None,
    span: Annotated[
        int, typer.Option("--span", min=1, metavar="N", help="So many words before and after it.")
    ] = 5,
    least: Annotated[
        int, typer.Option("--min", min=1, metavar="N", help="Leave out what is near less often.")
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
    from corpus.linguistics.collocations import collocates as count

    form, left_out = form_of(out, as_json=as_json, tsv=tsv), stop_list(stop)
    selection = selection_of(lang, since, until, doc, source)
    space = open_to_look(workspace)
    wanted = pattern_of(pattern, space, as_regex=as_regex, variants=variants)
    compare_sentences(space, once=once)
    with progress_bar("counting words") as progress:
        found = count(
            space, wanted, selection=selection, span=span, least=least, sort=sort, stop=left_out, once=once,
            progress=progress,
        )  # fmt: skip
    shown = _first(found.words, k)
    if form == "text":
        from corpus.cli.display.tables import print_collocates

        print_collocates(shown)
    else:
        about = {"pattern": pattern, "forms": wanted.forms} | _about(found)
        put_table(shown, about, name="rows", out=out, as_json=form == "json")
    for row in found.sizes.iter_rows(named=True):
        say(
            f"{row['lang']}: {numbered(row['matches'], 'match', 'matches')}, {row['near']:,} words near "
            f"them, of {row['words']:,} words outside them"
        )
    if found.sizes.is_empty():
        say("no match")
    say_repeats(found.repeats, "matches in sentences that repeat an earlier one", once=once)
    say_undated(found.undated)
    say_snapshot(found.snapshot)


def terms(
    pattern: Annotated[
        str | None,
        typer.Argument(metavar="[PATTERN]", help=f"Only pairs in which a term holds this. {opt.DASHED}"),
    ] = None,
    as_regex: opt.Regex = False,
    score: Annotated[
        float, typer.Option("--min-score", metavar="SCORE", help="Leave out beads that score less.")
    ] = 0.9,
    least: Annotated[
        int, typer.Option("--min", min=1, metavar="N", help="Leave out pairs in fewer beads.")
    ] = 2,
    g2: Annotated[float, typer.Option("--min-g2", metavar="G2", help="Leave out weaker pairs.")] = 6.63,
    examples: Annotated[bool, typer.Option("--examples", help="Print a bead of each pair.")] = False,
    k: opt.Most = 30,
    once: opt.Once = True,
    encoder: opt.AlignerEncoder = None,
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
    from corpus.alignment.incremental import align_missing
    from corpus.linguistics.patterns import compile_pattern
    from corpus.linguistics.term_linking import Limits
    from corpus.linguistics.terms import term_pairs

    form = form_of(out, as_json=as_json, tsv=tsv)
    selection = selection_of(lang, since, until, doc, source)
    wanted = None if pattern is None else compile_pattern(pattern, as_regex=as_regex)
    limits = Limits(score=score, least=least, g2=g2)
    space = open_to_look(workspace)
    with progress_bar("aligning") as progress:
        align_missing(space, encoder=encoder, progress=progress)
    compare_sentences(space, once=once)
    with progress_bar("counting terms") as progress:
        found = term_pairs(
            space, selection=selection, pattern=wanted, limits=limits, once=once, progress=progress
        )
    ways = found.pairs.group_by("src_lang", "tgt_lang", maintain_order=True)
    shown = found.pairs if k == 0 else ways.head(k)
    if form == "text":
        from corpus.cli.display.tables import print_terms

        print_terms(shown, examples=examples)
    else:
        forms = wanted.forms if wanted else ()
        about = {"pattern": pattern, "forms": forms, "limits": asdict(limits)} | _about_terms(found)
        put_table(shown, about, name="pairs", out=out, as_json=form == "json", beads=True)
    say(
        f"{len(found.pairs):,} pairs of terms, {len(shown):,} shown, from {found.beads:,} "
        f"{'bead that scores' if found.beads == 1 else 'beads that score'} {score:g} or more; "
        f"{found.excluded:,} score less"
    )
    say_repeats(found.repeats, "beads that pair the same texts as an earlier one", once=once)
    say_snapshot(found.snapshot, beads=True)


def _about(found: WordList | Collocates) -> dict[str, Any]:
    """Return what the JSON of a list of words says besides its rows."""
    from corpus.text.tokens import version

    return {
        "snapshot": found.snapshot.to_dict(),
        "words": version(),
        "sizes": found.sizes.to_dicts(),
        "once": found.once,
        "repeats": found.repeats,
        "undated": found.undated,
    }


def _about_terms(found: Terms) -> dict[str, Any]:
    return {
        "snapshot": found.snapshot.to_dict(),
        "beads": found.beads,
        "excluded": found.excluded,
        "once": found.once,
        "repeats": found.repeats,
    }


def stop_list(stop: str | None) -> StopList | None:
    """Return the list that a value of `--stop` names."""
    from corpus.linguistics.frequencies import StopList, read_stop_list

    if stop == "none":
        return None
    return StopList() if stop is None else read_stop_list(read_words(stop))


def _first(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    return rows if count == 0 else rows.group_by("lang", maintain_order=True).head(count)

"""The command that searches: similar."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.cli.console import print_json, progress_bar, say, say_if_seeds
from corpus.cli.options import EncoderOption, JsonOption, WorkspaceOption
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.passages import Filter
    from corpus.ranking import Mode
    from corpus.search import Similar
    from corpus.variants import Variants


def similar(
    query: Annotated[
        str, typer.Argument(help="A word, a phrase or a passage; - reads one a line from stdin.")
    ],
    k: Annotated[int, typer.Option("-k", min=1, metavar="N", help="How many results.")] = 10,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="CODE", help="Only text in this language.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Not before this year or date.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Not after this year or date.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="NAME", help="Only what this source printed or relayed; part of a name."
        ),
    ] = None,
    doc: Annotated[
        str | None,
        typer.Option("--doc", metavar="DOC", help="Only this document: its id or the beginning of it."),
    ] = None,
    per_decade: Annotated[
        int | None, typer.Option("--per-decade", min=1, metavar="N", help="So many results of each decade.")
    ] = None,
    mode: Annotated[
        str, typer.Option("--mode", metavar="MODE", help="dense (meaning), lexical (words) or hybrid (both).")
    ] = "hybrid",
    variants: Annotated[
        str | None,
        typer.Option(
            "--variants",
            metavar="FILE",
            help="Forms of one thing to look for together; none for none.  [default: variants.toml in the "
            "workspace, else those that ship]",
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="SCORE",
            help="Least score, but for passages that hold the query word for word.  [default: the encoder's]",
        ),
    ] = None,
    window: Annotated[
        int, typer.Option("--window", min=1, max=9, metavar="N", help="Sentences to show together at most.")
    ] = 3,
    encoder: EncoderOption = "use",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages like a query, in all languages and decades.

    The query may be in any language; a translation, where there is one, stands under its passage. A
    sentence printed in several places is one result. It is shown with its neighbours where they bring it
    nearer to the query, and then stands in ⟦ ⟧. Nothing close is an answer, too.

    \b
    Examples:
      corpus similar "local industry"
      corpus similar 地方工业 --lang en --since 2022
      corpus similar 金化 --mode lexical --source KCNA
      corpus similar "living standards" --per-decade 3 --json
      corpus similar - --json < queries.txt      one answer a line, as queries come
    """
    chosen = _mode(mode)
    if chosen != "lexical":
        from corpus.encoders import load_encoder

        load_encoder(encoder)  # first: its tokenizer is made beside the imports that follow
    from corpus.files import decode
    from corpus.search import check_query, open_searcher
    from corpus.show import find_document
    from corpus.workspace import open_workspace

    if query != "-":
        check_query(query)
    within = _filter(lang, since, until, source)
    forms = _variants(variants)
    queries = [query.encode("utf-8", "surrogateescape")] if query != "-" else _lines()
    space = open_workspace(workspace)
    say_if_seeds(space)
    with progress_bar("building") as progress:
        searcher = open_searcher(space, mode=chosen, encoder=encoder, variants=forms, progress=progress)
    if searcher.encoded:
        say(f"encoded {searcher.encoded} new sentences")
    if doc is not None:
        within = replace(within, doc_id=find_document(searcher.passages.workspace, doc))
    failed = 0
    for line in queries:
        text = line.decode("utf-8", "replace")
        try:
            if query == "-":
                text = decode(line, "standard input")
            found = searcher.find(
                text, threshold=threshold, k=k, per_decade=per_decade, within=within, window=window
            )
        except CorpusError as error:
            if query != "-":
                raise
            failed += 1  # of the queries that come one by one, the others are answered
            say(f"corpus: {text!r}: {error}")
            continue
        _say_of(text, found)
        _print(found, None if query != "-" else text, as_json=as_json)
    if failed:
        raise typer.Exit(1)


def _lines() -> Iterator[bytes]:
    """Yield the queries on standard input, one a line, each as soon as it is there."""
    empty = True
    while line := sys.stdin.buffer.readline():
        if line.strip():
            empty = False
            yield line.strip()
    if empty:
        msg = "standard input holds no query; write one a line"
        raise CorpusError(msg)


def _mode(name: str) -> Mode:
    from corpus.ranking import MODES

    for mode in MODES:
        if name == mode:
            return mode
    msg = f"--mode {name}: there are {', '.join(MODES)}"
    raise CorpusError(msg)


def _filter(lang: str | None, since: str | None, until: str | None, source: str | None) -> Filter:
    from corpus.dates import parse_date
    from corpus.passages import Filter

    within = Filter(lang, parse_date(since) if since else None, parse_date(until) if until else None, source)
    if within.since and within.until and within.since.first > within.until.last:
        msg = f"--since {since} is after --until {until}"
        raise CorpusError(msg)
    return within


def _variants(named: str | None) -> Variants | None:
    from corpus.variants import Variants, load_variants

    if named is None:
        return None
    return Variants() if named == "none" else load_variants(Path(named))


def _print(found: Similar, query: str | None, *, as_json: bool) -> None:
    """Print an answer; of one among several, say what the query was."""
    hits = found.hits.to_dicts()
    if as_json and query is None:
        print_json(hits)
    elif as_json:
        answer = {"query": query, "variants": [variant.name for variant in found.variants], "hits": hits}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
    else:
        from corpus.cli.render import print_hits

        print_hits(found.hits, heading=query)
    sys.stdout.flush()


def _say_of(query: str, found: Similar) -> None:
    """Say what the query was expanded by, what was not searched, and why nothing was found."""
    for variant in found.variants:
        say(f"{variant.name}: looking for {', '.join(form.text for form in variant.forms)}")
    if found.undated:
        say(f"left out by --since and --until: {found.undated} sentences of unknown date")
    if found.hits.is_empty():
        say(f"nothing is close to {query!r}: {_why_nothing(found)}")


def _why_nothing(found: Similar) -> str:
    if not found.searched:
        return "nothing was searched"
    if found.best is None:
        return "no word of it stands in any text"
    return f"the nearest scores {found.best:.2f}, and below {found.threshold:.2f} is noise"

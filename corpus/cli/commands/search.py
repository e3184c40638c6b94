"""The command that searches: similar."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import print_json, say, say_snapshot
from corpus.cli.subcorpus import open_corpus

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.search.searcher import Searcher, Similar


def similar(
    query: Annotated[
        str,
        typer.Argument(help=f"A word, a phrase or a passage; - reads one a line from stdin. {opt.DASHED}"),
    ],
    k: Annotated[int, typer.Option("-k", min=1, metavar="N", help="How many results.")] = 10,
    lang: opt.Lang = None,
    since: opt.Since = None,
    until: opt.Until = None,
    doc: opt.Doc = None,
    source: opt.Source = None,
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
            help="Least score, but for passages that hold the query word for word.  "
            "[default: 0.5; for cosines, the encoder's]",
        ),
    ] = None,
    window: Annotated[
        int, typer.Option("--window", min=1, max=9, metavar="N", help="Sentences to show together at most.")
    ] = 3,
    encoder: opt.Encoder = "use",
    executor: opt.Executor = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Find passages like a query, in all languages and decades.

    The query may be in any language; a translation, where there is one, stands under its passage. A
    sentence printed in several places is one result. It is shown with its neighbours where they bring it
    nearer to the query, and then stands in ⟦ ⟧. Nothing close is an answer, too.

    Each result begins with its score, the probability that it is about the query, and ends with why: the
    words that stand there, what they translate, how near it is in meaning. What scores below one half is
    likelier about something else: it is listed, after a line, only where something else is close, and not
    with --threshold or --per-decade. In the modes dense and lexical, scores are cosines and BM25.

    With -, every line of stdin has an answer, an empty or a wrong one as well, which then says why. With
    --executor, an index of several million sentences is held, and searched, by several processes.

    \b
    Examples:
      corpus similar "local industry"
      corpus similar 地方工业 --lang en --since 2022
      corpus similar 金化 --mode lexical --source KCNA
      corpus similar "living standards" --per-decade 3 --json
      corpus similar - --json < queries.txt   # one answer a line, as queries come
      corpus similar - --executor processes < queries.txt
    """
    if mode != "lexical":
        from corpus.encoders import load_encoder

        load_encoder(encoder)  # first: its tokenizer is made beside the imports that follow
    from corpus.api.arguments import selection_of
    from corpus.search.query import check_query

    if query != "-":
        check_query(query)
    within = selection_of(lang=lang, since=since, until=until, doc=doc, source=source)
    searcher = open_corpus(workspace, executor).searcher(
        mode=mode, encoder=encoder, variants=variants, within=within
    )
    if searcher.encoded:
        say(f"encoded {searcher.encoded} new sentences")

    def find(text: str) -> Similar:
        return searcher.find(
            text, threshold=threshold, k=k, per_decade=per_decade, within=within, window=window
        )

    put = _put_json if as_json else _put_text
    if query == "-":
        failed = _answer_lines(find, partial(put, searcher))
    else:
        failed = 0
        _answer(query, find(query), as_json=as_json, ranked=mode == "hybrid")
    say_snapshot(searcher.snapshot.to_dict(), beads=True, encoder=mode != "lexical")
    if failed:
        raise typer.Exit(1)


def _answer(query: str, found: Similar, *, as_json: bool, ranked: bool) -> None:
    """Print what a query found."""
    _say_of(found)
    if found.hits.is_empty():
        say(f"nothing is close to {query!r}: {_why_nothing(found)}")
    elif not found.close:
        say(f"close to {query!r} is only what was not searched; these are the nearest here")
    if as_json:
        print_json(found.hits.to_dicts())
        return
    from corpus.cli.display.hits import print_hits

    print_hits(found.hits, ranked=ranked, close=found.close)


def _answer_lines(
    find: Callable[[str], Similar], put: Callable[[str, Similar | None, str | None], None]
) -> int:
    """Answer the queries on standard input, one a line, each as it comes; return how many were wrong.

    Every line has an answer, so that answers can be told by the number of the line.
    """
    from corpus.text.decoding import decode

    queries = failed = 0
    while line := sys.stdin.buffer.readline():
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        found: Similar | None = None
        reason: str | None = "the line is empty"
        if text:
            queries += 1
            try:
                text = decode(line, "standard input").removeprefix("\ufeff").strip()
                found = find(text)
                reason = _why_nothing(found) if found.hits.is_empty() else None
                _say_of(found)
            except CorpusError as error:  # the others are answered
                failed += 1
                reason = str(error)
                say(f"corpus: {text!r}: {error}")
        put(text, found, reason)
        sys.stdout.flush()
    if not queries:
        raise CorpusError("standard input holds no query; write one a line")
    return failed


def _put_json(searcher: Searcher, query: str, found: Similar | None, reason: str | None) -> None:
    """Print the answer to one of several queries as an object on a line."""
    answer = {
        "query": query,
        "variants": [variant.name for variant in found.variants] if found is not None else [],
        "snapshot": searcher.snapshot.to_dict(),
        "reason": reason,
        "meant": found.meant if found is not None else None,
        "hits": found.hits.to_dicts() if found is not None else [],
    }
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")


def _put_text(searcher: Searcher, query: str, found: Similar | None, reason: str | None) -> None:
    """Print the answer to one of several queries for a reader, under the query."""
    from corpus.cli.display.hits import print_heading, print_hits

    print_heading(query, reason)
    if found is not None:
        print_hits(found.hits, ranked=searcher.mode == "hybrid", close=found.close)


def _say_of(found: Similar) -> None:
    """Say what the query was expanded by, and what was not searched."""
    for variant in found.variants:
        say(f"{variant.name}: looking for {', '.join(form.text for form in variant.forms)}")
    if found.meant is not None:
        say(f"did you mean {found.meant!r}?")
    if found.undated:
        say(f"left out by --since and --until: {found.undated} sentences of unknown date")


def _why_nothing(found: Similar) -> str:
    if not found.searched:
        return "nothing was searched"
    if found.best is None:
        return "no word of it stands in any text"
    return f"the nearest scores {found.best:.2f}, and below {found.threshold:.2f} is noise"

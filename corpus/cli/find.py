"""The command that searches: similar."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.cli.console import print_json, progress_bar, say, say_if_seeds
from corpus.cli.options import EncoderOption, JsonOption, WorkspaceOption
from corpus.errors import CorpusError

if TYPE_CHECKING:
    from corpus.search import Similar


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
    per_decade: Annotated[
        int | None, typer.Option("--per-decade", min=1, metavar="N", help="So many results of each decade.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            metavar="SCORE",
            help="Least score, but for passages that hold the query word for word.  [default: the encoder's]",
        ),
    ] = None,
    encoder: EncoderOption = "use",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages like a query, in all languages and decades.

    The query may be in any language; a translation, where there is one, stands under its passage. A
    sentence printed in several places is one result. Nothing close is an answer, too.

    \b
    Examples:
      corpus similar "local industry"
      corpus similar 地方工业 --lang en --since 2022
      corpus similar "living standards" --per-decade 3 --json
    """
    from corpus.dates import parse_date
    from corpus.files import decode
    from corpus.passages import Filter
    from corpus.search import check_query, open_searcher
    from corpus.workspace import open_workspace

    within = Filter(lang, parse_date(since) if since else None, parse_date(until) if until else None)
    if within.since and within.until and within.since.first > within.until.last:
        msg = f"--since {since} is after --until {until}"
        raise CorpusError(msg)
    queries = [query]
    if query == "-":
        text = decode(sys.stdin.buffer.read(), "standard input")
        queries = [line.strip() for line in text.split("\n") if line.strip()]
    for text in queries:
        check_query(text)
    if not queries:
        msg = "standard input holds no query"
        raise CorpusError(msg)
    space = open_workspace(workspace)
    say_if_seeds(space)
    with progress_bar("building") as progress:
        searcher = open_searcher(space, encoder=encoder, progress=progress)
    if searcher.encoded:
        say(f"encoded {searcher.encoded} new sentences")
    answers = []
    for text in queries:
        found = searcher.find(text, threshold=threshold, k=k, per_decade=per_decade, within=within)
        _say_what_is_missing(text, found)
        answers.append((text, found.hits))
    if as_json:
        objects = [[*hits.iter_rows(named=True)] for _, hits in answers]
        print_json(
            objects[0]
            if query != "-"
            else [{"query": text, "hits": hits} for (text, _), hits in zip(answers, objects, strict=True)]
        )
        return
    from corpus.cli.render import print_hits

    for text, hits in answers:
        print_hits(hits, heading=text if query == "-" else None)


def _say_what_is_missing(query: str, found: Similar) -> None:
    if found.undated:
        say(f"left out by --since and --until: {found.undated} sentences of unknown date")
    if found.hits.is_empty():
        nearest = "nothing was searched" if found.best is None else f"the nearest scores {found.best:.2f}"
        say(f"nothing is close to {query!r}: {nearest}, and below {found.threshold:.2f} is noise")

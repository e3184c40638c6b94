"""The command that finds sentence pairs in documents that are no translations of each other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import progress_bar, say, say_if_seeds, say_snapshot
from corpus.cli.output import check_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl


def mine(
    langs: Annotated[
        str | None,
        typer.Option(
            "--langs", metavar="A-B,…", help="Only these pairs of languages, the first as src: zh-en."
        ),
    ] = None,
    min_score: Annotated[
        float,
        typer.Option("--min-score", metavar="P", min=0.0, max=1.0, help="Only pairs of this score or more."),
    ] = 0.5,
    aligned: Annotated[
        bool,
        typer.Option("--aligned", help="Look within bilingual and linked documents, too."),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="Write to FILE, in the format of its ending; - for stdout."
        ),
    ] = None,
    columns: opt.Columns = None,
    header: opt.Header = True,
    executor: opt.Executor = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Find sentences that translate each other in documents that do not.

    Texts on one subject, of one agency or one day, share sentences here and there: quotations, figures,
    passages that were taken over. A score is the probability that two sentences translate each other, by
    their vectors, the lexicons, figures, names and lengths; a sentence is in one pair at most, and near
    duplicates with the same figures are one sentence. What stands in one bilingual document, or in two that
    are linked, is left out: corpus align pairs it.

    \b
    Examples:
      corpus mine
      corpus mine --langs zh-en --min-score 0.8 -o mined.tsv
      corpus mine --columns src,tgt,score,margin,src_words,tgt_words,src_file,tgt_file
      corpus mine --json > mined.json
    """
    from corpus.cli.display.pairs import print_mined
    from corpus.documents.link_tables import read_langs
    from corpus.execution.executor import executor_named
    from corpus.mining import mine as mining
    from corpus.store.snapshot import snapshot
    from corpus.store.workspace import open_workspace

    check_output(out)
    space = open_workspace(workspace)
    say_if_seeds(space)
    pairs = None if langs is None else read_langs(langs.split(","))
    form = _form(out, as_json=as_json)
    shown = out is None and columns is None and not as_json and sys.stdout.isatty()
    with progress_bar("mining sentences") as progress:
        found = mining.mined(
            space, langs=pairs, min_score=min_score, aligned=aligned, executor=executor_named(executor),
            progress=progress,
        )  # fmt: skip
        tables = [*found] if shown else []  # shown once the bar is gone
        count = sum(map(len, tables)) if shown else _put(found, out, form, columns, header=header)
    for table in tables:
        print_mined(table)
    say(f"{count} pair{'' if count == 1 else 's'} with a score of {min_score:g} or more")
    say_snapshot(snapshot(space).to_dict())


_TABLES = ("tsv", "csv", "json", "jsonl")  # other formats show the texts around a pair


def _form(out: str | None, *, as_json: bool) -> str:
    from corpus.writers.base import format_of

    form = "json" if as_json else format_of(out or "-")
    if form not in _TABLES:
        raise CorpusError(f"{out}: mined pairs are written as {', '.join(_TABLES)}")
    return form


def _put(
    found: Iterator[pl.DataFrame], out: str | None, form: str, columns: str | None, *, header: bool
) -> int:
    """Write pairs as they come, and return how many."""
    from corpus.documents.pairs import PairBatch
    from corpus.mining.mine import COLUMNS, MINED
    from corpus.writers.base import WriteOptions, write_pairs

    counts: list[int] = []

    def counted() -> Iterator[pl.DataFrame]:
        for pairs in found:
            counts.append(len(pairs))
            yield pairs

    names = opt.column_names(columns) or (MINED.names() if form.startswith("json") else COLUMNS)
    options = WriteOptions(tuple(names), header=header)
    write_pairs((PairBatch(pairs, {}) for pairs in counted()), out or "-", form, options)
    if out not in (None, "-"):
        say(f"wrote {out}")
    return sum(counts)

"""The command that writes aligned pairs to a file."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.commands.pairs.align import say_unlike
from corpus.cli.console import progress_bar, say, say_if_seeds, say_snapshot
from corpus.cli.output import check_output, say_pairs


def export(
    file: Annotated[
        str, typer.Argument(metavar="NAME", help="What to write: a file, a folder, or - for stdout.")
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="The format.  [default: what the ending names; TSV on stdout]"
        ),
    ] = None,
    columns: opt.Columns = None,
    header: opt.Header = True,
    nulls: opt.Nulls = False,
    moved: Annotated[
        bool, typer.Option("--moved/--no-moved", help="Keep pairs whose sides stand in different places.")
    ] = True,
    langs: Annotated[
        str | None,
        typer.Option(
            "--langs",
            metavar="zh-en",
            help="Only pairs in these languages, the first as src, whatever was the original.",
        ),
    ] = None,
    min_score: Annotated[
        float, typer.Option("--min-score", metavar="P", help="Only pairs with this score or more, 0 to 1.")
    ] = 0.0,
    no_flags: Annotated[
        str | None,
        typer.Option(
            "--no-flags",
            metavar="A,B,…",
            help="No pairs with any of these flags: numbers, length, merge, low, moved.",
        ),
    ] = None,
    dedup: Annotated[
        bool, typer.Option("--dedup", help="Of pairs with the same two texts only the best.")
    ] = False,
    keep_wrong: Annotated[
        bool, typer.Option("--keep-wrong", help="Keep pairs that were judged wrong.")
    ] = False,
    split: Annotated[
        str | None,
        typer.Option(
            "--split", metavar="A=P,…", help="Part whole works, e.g. train=.9,dev=.05,test=.05, a file each."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="By which works are parted.")] = 7,
    datasheet: Annotated[
        bool | None,
        typer.Option(
            "--datasheet/--no-datasheet",
            help="Say in a file beside it what it holds, what it was made with, and of rights.  [default: "
            "for dataset, texts and parquet]",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What to call the whole.")
    ] = None,
    text: Annotated[
        bool, typer.Option("--text/--no-text", help="Whether to write the texts, or only where they are.")
    ] = True,
    encoder: opt.AlignerEncoder = None,
    workspace: opt.Workspace = None,
) -> None:
    """Write the workspace's aligned pairs, in the format that the ending of NAME says, or --format.

    Pairs that were judged wrong (corpus review) are left out. --split parts works, so that nothing to test on
    is known from training: what is linked, translated or reprinted stays together. corpus formats lists the
    formats.

    \b
    Examples:
      corpus export aligned.tsv
      corpus export - --columns src,tgt --no-header
      corpus export cited.tsv --columns doc_id,src,tgt,src_source,src_date,src_file,src_start,src_end
      corpus export reviewed.tsv --columns src,tgt,score,review
      corpus export reader.html --title "Xinhua, 1959"
      corpus export pairs.xlsx        # mark it, then: corpus review pairs.xlsx
      corpus export antconc --format texts
      corpus export hub --format dataset --split train=.9,dev=.05,test=.05
      corpus export places.ids        # where texts may not be passed on
      corpus export - --format jsonl
      corpus export train.tsv --langs en-zh --min-score 0.9 --no-flags numbers,length --dedup
    """
    from corpus.alignment.incremental import align_missing, check_alignable
    from corpus.documents.pair_selection import pair_filter
    from corpus.export.export import export_pairs
    from corpus.export.split import read_shares
    from corpus.store.snapshot import snapshot
    from corpus.store.workspace import open_workspace
    from corpus.writers.base import WriteOptions, format_of

    check_output(file, form=form)
    name = format_of(file, name=form)
    wanted = pair_filter(
        langs=langs, min_score=min_score, dedup=dedup, keep_wrong=keep_wrong,
        no_flags=opt.column_names(no_flags), moved=moved,
    )  # fmt: skip
    options = WriteOptions(opt.column_names(columns), header=header, nulls=nulls, text=text)
    if title is not None:
        options = replace(options, title=title)
    shares = read_shares(split) if split is not None else None
    space = open_workspace(workspace)
    say_if_seeds(space)
    with progress_bar("aligning") as progress:
        align_missing(space, encoder=encoder, progress=progress)
    check_alignable(space)
    say_unlike(space)
    with progress_bar("writing") as progress:
        done = export_pairs(
            space, file, name, wanted=wanted, options=options, shares=shares, seed=seed, sheet=datasheet,
            progress=progress,
        )  # fmt: skip
    say_pairs(done.counts, "the workspace")
    for part, (works, pairs) in done.parts.items():
        say(f"    {part}: {pairs} pair{'' if pairs == 1 else 's'} of {works} work{'' if works == 1 else 's'}")
    for written in done.files:
        say(f"wrote {written}")
    if done.replaced:
        say(f"characters that XML cannot hold, written as \ufffd: {done.replaced:,}")
    if done.left_out:
        say(f"left out: {', '.join(f'{count} {reason}' for reason, count in done.left_out.items())}")
    say_snapshot(snapshot(space).to_dict(), beads=True)

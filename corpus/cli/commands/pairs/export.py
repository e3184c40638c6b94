"""The command that writes aligned pairs to a file."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.commands.pairs.align import say_unlike
from corpus.cli.console import progress_bar, say, say_if_seeds, say_snapshot
from corpus.cli.output import check_output, put_pairs


def export(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="File to write, .tsv, .json or .beads; - for TSV on stdout.")
    ],
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
    encoder: opt.AlignerEncoder = None,
    workspace: opt.Workspace = None,
) -> None:
    """Write the workspace's aligned pairs, in the format that the file's ending names.

    Pairs that were judged wrong (corpus review) are left out.

    \b
    Examples:
      corpus export aligned.tsv
      corpus export - --columns src,tgt --no-header
      corpus export cited.tsv --columns doc_id,src,tgt,src_source,src_date,src_file,src_start,src_end
      corpus export reviewed.tsv --columns src,tgt,score,review
      corpus export train.tsv --langs en-zh --min-score 0.9 --no-flags numbers,length --dedup
    """
    from corpus.alignment import incremental
    from corpus.documents.pair_selection import pair_filter, select_pairs
    from corpus.quality.reviews import with_verdicts
    from corpus.store.snapshot import snapshot
    from corpus.store.workspace import open_workspace

    check_output(file)
    wanted = pair_filter(
        langs=langs, min_score=min_score, dedup=dedup, keep_wrong=keep_wrong,
        no_flags=(*opt.column_names(no_flags), *(() if moved else ("moved",))),
    )  # fmt: skip
    space = open_workspace(workspace)
    say_if_seeds(space)
    with progress_bar("aligning") as progress:
        pairs = incremental.align_workspace(space, encoder=encoder, progress=progress)
    say_unlike(pairs)
    judged = with_verdicts(space, pairs)
    selected = select_pairs(judged, wanted)
    asked = set(opt.column_names(columns)) <= set(pairs.columns)
    chosen = selected.pairs.drop("review") if asked else selected.pairs
    put_pairs(chosen, "the workspace", file, columns, header=header, nulls=nulls, as_json=False)
    if selected.left_out:
        say(f"left out: {selected.told()}")
    say_snapshot(snapshot(space).to_dict(), beads=True)

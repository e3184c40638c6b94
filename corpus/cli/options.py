"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        metavar="DIR",
        help="Workspace folder.  [default: $CORPUS_WORKSPACE, else .corpus]",
    ),
]
Encoder = Annotated[str, typer.Option("--encoder", metavar="NAME", help="Encoder that makes the embeddings.")]
AlignerEncoder = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="NAME",
        help="Encoder that makes the embeddings.  [default: the workspace's last one, or use]",
    ),
]
Executor = Annotated[
    str | None,
    typer.Option(
        "--executor",
        metavar="NAME",
        envvar="DUIZHAO_EXECUTOR",
        show_envvar=False,
        help="Have shards of the work done by processes, of this machine, or by ray, on the cluster that "
        "$RAY_ADDRESS names.  [default: $DUIZHAO_EXECUTOR, else this process]",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        help="Weights of the aligner, as train-aligner and calibrate write them.  [default: those that ship]",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="utf-8, gb18030, big5, shift-jis, euc-kr, windows-1251 …  [default: told from the bytes]",
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="A,B,…",
        help="Columns of the TSV, e.g. src,tgt or src,tgt,src_file,src_start,src_end.",
    ),
]
Header = Annotated[
    bool, typer.Option("--header/--no-header", help="Whether the first line names the columns.")
]
Nulls = Annotated[bool, typer.Option("--nulls", help="Keep sentences without a counterpart.")]
Moved = Annotated[
    bool | None,
    typer.Option(
        "--moved/--no-moved",
        help="Look for passages that stand in another place in the translation.  [default: moved]",
        show_default=False,
    ),
]
SrcLang = Annotated[
    str | None, typer.Option("--src-lang", metavar="CODE", help="Language of SRC.  [default: detected]")
]
TgtLang = Annotated[
    str | None, typer.Option("--tgt-lang", metavar="CODE", help="Language of TGT.  [default: detected]")
]

NamePattern = Annotated[
    str | None,
    typer.Option(
        "--pattern",
        metavar="PATTERN",
        help="Where the name and the language stand in the names of files: {name}.{lang}.txt.",
    ),
]


def column_names(columns: str | None) -> tuple[str, ...]:
    """Return the names in a value of `--columns`, none where it is not given."""
    return tuple(name.strip() for name in columns.split(",")) if columns else ()


Lang = Annotated[str | None, typer.Option("--lang", metavar="CODE", help="Only text in this language.")]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Not before this year or date.")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Not after this year or date.")]
Doc = Annotated[
    list[str] | None,
    typer.Option("--doc", metavar="DOC", help="Only this document; may be given several times."),
]
Source = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="NAME", help="Only from this source or agency; may be given several times."
    ),
]
Variants = Annotated[
    str | None,
    typer.Option(
        "--variants",
        metavar="FILE",
        help="Other forms of PATTERN to look for, or none.  [default: the workspace's, else those that ship]",
    ),
]
Regex = Annotated[bool, typer.Option("--regex", help="PATTERN is a regular expression.")]
Tsv = Annotated[bool, typer.Option("--tsv", help="Print tab-separated values.")]
Out = Annotated[
    str | None,
    typer.Option("-o", "--out", metavar="FILE", help="Write TSV, or JSON if it is called so, to FILE."),
]
Once = Annotated[
    bool,
    typer.Option(
        "--once/--every",
        help="Count a sentence that is printed in several places, word for word or lightly edited but with "
        "the same figures, once, at its earliest; or each time.",
    ),
]
Stop = Annotated[
    str | None,
    typer.Option(
        "--stop",
        metavar="FILE",
        help="Words to leave out, or none.  [default: the language's function words]",
    ),
]
Most = Annotated[int, typer.Option("-k", min=0, metavar="N", help="How many of each language; 0 for all.")]
By = Annotated[str, typer.Option("--by", metavar="UNIT", help="Bins: decade, year or month.")]
Cut = Annotated[
    str | None,
    typer.Option("--cut", metavar="DATE,…", help="Begin a bin at each of these dates, instead of --by."),
]
DASHED = "One that begins with - comes last, after --: -- -27.5"
Pattern = Annotated[
    str,
    typer.Argument(metavar="PATTERN", help=f"A word or phrase; * stands for the rest of a word. {DASHED}"),
]

"""Pairs and their evaluation as people read them on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from corpus.cli.display.hits import _UNKNOWN
from corpus.cli.display.terminal import result_console as _console

if TYPE_CHECKING:
    import polars as pl

    from align.training.study import Trained
    from corpus.quality.evaluation import Evaluation


def print_pairs(pairs: pl.DataFrame) -> None:
    """Print aligned pairs in two columns, a heading a document."""
    console = _console()
    for (doc_id, src_lang, tgt_lang), group in pairs.group_by(
        ["doc_id", "src_lang", "tgt_lang"], maintain_order=True
    ):
        table = Table(
            title=Text(_titled(str(doc_id), group["date"][0])), title_justify="left", show_lines=True
        )
        table.add_column("score", justify="right", no_wrap=True)
        table.add_column("bead", no_wrap=True)
        table.add_column(str(src_lang), ratio=1, overflow="fold")
        table.add_column(str(tgt_lang), ratio=1, overflow="fold")
        for row in group.iter_rows(named=True):
            flags = f"\n{', '.join(row['flags'])}" if row["flags"] else ""
            table.add_row(f"{row['score']:.2f}", row["bead"] + flags, Text(row["src"]), Text(row["tgt"]))
        console.print(table)


def _titled(doc_id: str, date: str | None) -> str:
    return f"{doc_id}  {date}" if date else doc_id


def print_evaluation(evaluation: Evaluation) -> None:
    """Print precision, recall and F1, overall and by bead type, and the signature."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "precision", "recall", "F1", "gold", "test"):
        table.add_column(name, justify="right" if name else "left")
    scores = evaluation.scores
    for name, measures in (("strict", scores.strict), ("lax", scores.lax)):
        cells = [f"{value:.4f}" for value in (measures.precision, measures.recall, measures.f1)]
        table.add_row(name, *cells, str(scores.expected.total), str(scores.proposed.total))
    for kind, counts in evaluation.to_dict()["types"].items():
        measures = scores.strict_of(kind)
        cells = [f"{value:.4f}" for value in (measures.precision, measures.recall, measures.f1)]
        table.add_row(kind, *cells, str(counts["gold"]), str(counts["test"]))
    console = _console()
    console.print(table)
    files = f"{evaluation.files} file{'' if evaluation.files == 1 else 's'}"
    console.print(Text(f"{files}; {evaluation.signature}"))


def print_training(trained: Trained) -> None:
    """Print strict F1 on left-out texts at each share of null beads, and how good the calibration is."""
    from align.training.train import NULL_RATES

    table = Table(box=None, pad_edge=False)
    table.add_column("strict F1, with beads cut to null beads")
    for rate in NULL_RATES:
        table.add_column(f"{rate:.0%}", justify="right")
    for label, row in trained.report.items():
        table.add_row(Text(label), *(f"{f1:.4f}" for f1 in row))
    console = _console()
    if trained.report:
        console.print(table)
    if trained.quality is not None:
        for name, value in trained.quality.items():
            console.print(Text(f"{name}: {_UNKNOWN if value is None else value}"))

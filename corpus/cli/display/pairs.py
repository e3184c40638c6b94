"""Pairs and their evaluation as people read them on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from corpus.cli.display.terminal import UNKNOWN, plain_table, result_console, score_text

if TYPE_CHECKING:
    import polars as pl

    from align.training.study import Trained
    from corpus.quality.evaluation import Evaluation


def print_pairs(pairs: pl.DataFrame) -> None:
    """Print aligned pairs in two columns, a heading a document."""
    console = result_console()
    for (doc_id, src_lang, tgt_lang), group in pairs.group_by(
        ["doc_id", "src_lang", "tgt_lang"], maintain_order=True
    ):
        table = Table(
            title=Text("  ".join([str(doc_id), *group["date"].head(1).drop_nulls()])),
            title_justify="left",
            show_lines=True,
        )
        table.add_column("score", justify="right", no_wrap=True)
        table.add_column("bead", no_wrap=True)
        table.add_column(str(src_lang), ratio=1, overflow="fold")
        table.add_column(str(tgt_lang), ratio=1, overflow="fold")
        for row in group.iter_rows(named=True):
            flags = f"\n{', '.join(row['flags'])}" if row["flags"] else ""
            table.add_row(score_text(row["score"]), row["bead"] + flags, Text(row["src"]), Text(row["tgt"]))
        console.print(table)


def print_mined(pairs: pl.DataFrame) -> None:
    """Print mined pairs in two columns, under each text where it stands; a heading for two languages."""
    console = result_console()
    for (src_lang, tgt_lang), group in pairs.group_by(["src_lang", "tgt_lang"], maintain_order=True):
        table = Table(show_lines=True)
        table.add_column("score", justify="right", no_wrap=True)
        table.add_column(str(src_lang), ratio=1, overflow="fold")
        table.add_column(str(tgt_lang), ratio=1, overflow="fold")
        for row in group.iter_rows(named=True):
            flags = "".join(f"\n{flag}" for flag in row["flags"])
            sides = [
                Text.assemble(
                    row[side], (f"\n{row[doc]}, line {row[f'{side}_line']}{_printed(row, side)}", "dim")
                )
                for side, doc in (("src", "doc_id"), ("tgt", "tgt_doc"))
            ]
            table.add_row(f"{row['score']:.2f}{flags}", *sides)
        console.print(table)


def _printed(row: dict[str, Any], side: str) -> str:
    places = row[f"{side}_places"]
    return f", and in {places - 1} more place{'' if places == 2 else 's'}" if places > 1 else ""


def print_evaluation(evaluation: Evaluation) -> None:
    """Print precision, recall and F1, overall and by bead type, and the signature."""
    scores = evaluation.scores
    totals = scores.expected.total, scores.proposed.total
    rows = [("strict", scores.strict, *totals), ("lax", scores.lax, *totals)]
    rows += [
        (kind, scores.strict_of(kind), counts["gold"], counts["test"])
        for kind, counts in evaluation.to_dict()["types"].items()
    ]
    cells = (
        (name, f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}", gold, test)
        for name, one, gold, test in rows
    )
    numbers = ("precision", "recall", "F1", "gold", "test")
    console = result_console()
    console.print(plain_table(("", *numbers), cells, right=numbers))
    files = f"{evaluation.files} file{'' if evaluation.files == 1 else 's'}"
    console.print(Text(f"{files}; {evaluation.signature}"))


def print_training(trained: Trained) -> None:
    """Print strict F1 on left-out texts at each share of null beads, and how good the calibration is."""
    from align.training.train import NULL_RATES

    rates = [f"{rate:.0%}" for rate in NULL_RATES]
    rows = ((label, *(f"{f1:.4f}" for f1 in row)) for label, row in trained.report.items())
    console = result_console()
    if trained.report:
        console.print(plain_table(("strict F1, with beads cut to null beads", *rates), rows, right=rates))
    if trained.quality is not None:
        for name, value in trained.quality.items():
            console.print(Text(f"{name}: {UNKNOWN if value is None else value}"))

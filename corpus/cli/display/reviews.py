"""Beads with what was said of them, and lists of reviews, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from corpus.cli.display.terminal import print_table, result_console, score_text
from corpus.quality.reviews import names_of_beads

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

STATES = {
    "aligned": "in the alignment",
    "not aligned": "no longer in the alignment",
    "no document": "of a document that is not here",
}


def print_beads(beads: pl.DataFrame, *, documents: bool = False, of: str | None = None) -> None:
    """Print beads: number, score, what was judged, numbers of sentences, and both texts.

    They are of one document, or of several, whose ids are printed then. Where they are all beads `of` a
    document, each has the name by which it is told from the others.
    """
    several = beads["tgt_lang"].n_unique() > 1
    names = None if of is None else iter(names_of_beads(beads, of))
    ids = ["document"] if documents else []
    table = Table(box=None, pad_edge=False)
    for name in (*ids, "bead", "", "score", "review", "sentences", "text"):
        table.add_column(
            name, justify="right" if name in ("bead", "score") else "left", no_wrap=name != "text"
        )
    for row in beads.iter_rows(named=True):
        plain = f"{row['tgt_lang']}:{row['number']}" if several else str(row["number"])
        number = plain if names is None else next(names)
        verdict = "set" if row["set"] else _verdict(row["right"])
        src, tgt = (f"{row[f'{side}_lang']} {_numbers(row[f'{side}_ids'])}" for side in ("src", "tgt"))
        own = [row["doc_id"]] if documents else []
        table.add_row(
            *own, number, row["bead"], score_text(row["score"]), verdict, src, Text(row["src"] or "–")
        )
        table.add_row(*("" for _ in own), "", "", "", "", tgt, Text(row["tgt"] or "–", style="dim"))
        if row["other"] and not row["set"] and row["right"] is None:
            table.add_row(*("" for _ in own), "", "", "", "or", row["other"], Text("--other", style="dim"))
    if len(beads):
        print_table(table)


def print_reviews(found: pl.DataFrame) -> None:
    """Print reviews: id, verdict, of what, when and by whom; the texts; the note."""
    from rich.padding import Padding

    console = result_console()
    for row in found.iter_rows(named=True):
        now = (
            f"{row['bead']}, score {score_text(row['score'])}"
            if row["state"] == "aligned"
            else STATES[row["state"]]
        )
        who = f"  by {row['by']}" if row["by"] else ""
        verdict = "set" if row["places"] else _verdict(row["right"])
        heading = f"{row['review']}  {verdict}  {row['doc_id']} ({now})  {row['date']}{who}"
        console.print(Text(heading, style="bold"))
        for text in (row["src"], row["tgt"], *([f"note: {row['note']}"] if row["note"] else [])):
            console.print(Padding(Text(text or "–"), (0, 0, 0, 4), expand=False))


def _verdict(right: bool | None) -> str:  # noqa: FBT001 - a cell
    return "" if right is None else "right" if right else "wrong"


def _numbers(ids: Sequence[int]) -> str:
    """Return numbers of sentences as `corpus review` takes them."""
    return ",".join(map(str, ids)) or "–"

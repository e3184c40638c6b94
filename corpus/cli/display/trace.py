"""What a trace found, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from corpus.cli.display.tables import print_rows
from corpus.cli.display.terminal import indented, result_console
from corpus.cli.display.timeline import print_forms

if TYPE_CHECKING:
    import polars as pl

    from corpus.diachrony.trace import Trace

_MOST_WORDS = 10


def print_trace(trace: Trace) -> None:
    """Print the forms by bin, like passages of neighbouring bins, and what one bin alone has."""
    print_forms(trace.rows, trace.forms)
    console = result_console()
    if trace.absent:
        console.print(Text(f"in no text searched: {', '.join(trace.absent)}"))
    _heading("Similar passages (alike, which is not to say that one was taken from the other)")
    for row in trace.near.iter_rows(named=True):
        _print_pair(row)
    if trace.near.is_empty():
        console.print(Text("none: no passages of two bins share two words besides the pattern"))
    _heading("Words that stand with the pattern, twice or more, in one bin only")
    for (label, lang), group in trace.only.group_by("bin", "lang", maintain_order=True):
        console.print(Text(f"{label}  {lang}  {_listed(group)}"))
    if trace.only.is_empty():
        console.print(Text("none, or the pattern is in one bin only"))
    _heading("Key words of a bin against all others")
    if len(trace.keyness):
        numbers = {"n": ",", "n_other": ",", "g2": ".1f", "log_ratio": ".1f"}
        print_rows(trace.keyness, {"bin": "", "lang": "", "word": ""} | numbers)
    reasons: dict[str, list[str]] = {}
    for line in trace.unborne:
        where, _, reason = line.partition(": ")
        reasons.setdefault(reason, []).append(where)
    for reason, places in reasons.items():
        console.print(Text(f"not counted for {', '.join(places)}: {reason}"))


def _heading(text: str) -> None:
    result_console().print(Text(f"\n{text}", style="bold"))


def _print_pair(row: dict[str, Any]) -> None:
    console = result_console()
    shared = ", ".join(row["shared"][:_MOST_WORDS])
    head = f"{row['bin_before']}, {row['bin_after']}  {row['lang']}  {row['score']:.2f}  shared: {shared}"
    console.print(Text(head))
    for side in ("before", "after"):
        aligned = row[f"aligned_{side}"]
        of = f" (of the {aligned} text)" if aligned else ""
        text = f"{row[f'date_{side}']}  {row[f'place_{side}']}{of}  {row[side]}"
        console.print(indented(text))


def _listed(group: pl.DataFrame) -> str:
    words = [
        f"{word} {n}" + (f" (in {documents} documents)" if documents > 1 else "")
        for word, n, documents in group.select("word", "n", "documents").head(_MOST_WORDS).iter_rows()
    ]
    return ", ".join(words) + (" …" if len(group) > _MOST_WORDS else "")

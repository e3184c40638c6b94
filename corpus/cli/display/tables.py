"""Tables of words for a terminal."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.table import Table
from rich.text import Text

from corpus.cli.display.terminal import UNKNOWN, indented, plain_table, print_table, result_console
from corpus.maintenance.saved_queries import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def print_queries(queries: Iterable[Mapping[str, Any]]) -> None:
    """Print saved queries, as `corpus queries --json` has them: name, when, what changed since, command."""
    rows = []
    for query in queries:
        when = query["saved"] and datetime.fromisoformat(query["saved"]).astimezone()
        saved = f"{when:%Y-%m-%d %H:%M}" if when else None
        unknown = "nothing" if query["rests_on"] else "unknown"
        changed = ", ".join(LABELS.get(name, name) for name in query["changed"]) or unknown
        rows.append((query["name"], saved, changed, shlex.join(query["command"])))
    print_table(plain_table(("name", "saved", "changed since", "command"), rows, wrapped="command"))


def print_words(words: pl.DataFrame) -> None:
    """Print a list of words (`corpus.linguistics.frequencies.WORDS`)."""
    numbers = {"n": ",", "per_10k": ".1f", "documents": ",", "dp": ".2f", "dp_norm": ".2f"}
    print_rows(words, {"lang": "", "word": ""} | numbers)


def print_collocates(words: pl.DataFrame) -> None:
    """Print words near a pattern (`corpus.linguistics.collocations.COLLOCATES`)."""
    counts = {"near": ",", "expected": ".1f", "n": ",", "documents": ","}
    print_rows(words, {"lang": "", "word": ""} | counts | {"g2": ".1f", "log_dice": ".2f"})


def print_terms(pairs: pl.DataFrame, *, examples: bool) -> None:
    """Print pairs of terms (`corpus.linguistics.terms.TERMS`), with a bead of each if wanted."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "", "both", "linked", "n", "n", "G2", "Dice"):
        table.add_column(name, justify="right" if name else "left", no_wrap=bool(name))
    for row in pairs.iter_rows(named=True):
        counts = (f"{row[name]:,}" for name in ("both", "linked", "src_n", "tgt_n"))
        terms = (Text(_forms(row["src_forms"])), Text(_forms(row["tgt_forms"])))
        table.add_row(*terms, *counts, f"{row['g2']:.1f}", f"{row['dice']:.2f}")
    print_table(table)
    console = result_console()
    for row in pairs.iter_rows(named=True) if examples else ():
        place = f"{row['example_doc']}:L{row['example_line']}"
        console.print()
        console.print(Text(f"{row['src']} – {row['tgt']}  {place}", style="bold"))
        for text in (row["example_src"], row["example_tgt"]):
            console.print(indented(text))


def print_lexicon(rows: pl.DataFrame) -> None:
    """Print entries of lexicons, or a list of lexicons (`corpus.lexicons.entries`)."""
    if "pairs" in rows.columns:
        print_rows(rows, {"lang": "", "to": "", "pairs": ",", "source": "", "licence": ""})
        return
    said = {"lang": "", "to": "", "translation": "", "weight": ".2f", "n": ",", "source": "", "licence": ""}
    forbidden = pl.when("counts").then("source").otherwise(pl.col("source") + pl.lit(" (forbidden)"))
    print_rows(rows.with_columns(source=forbidden), said)


_MOST_FORMS = 3


def _forms(forms: list[str]) -> str:
    return ", ".join(forms[:_MOST_FORMS]) + (" …" if len(forms) > _MOST_FORMS else "")


def print_rows(rows: pl.DataFrame, formats: Mapping[str, str]) -> None:
    """Print columns of a table: numbers in a format, to the right, text without one; – is unknown."""
    table = Table(box=None, pad_edge=False)
    for name, form in formats.items():
        table.add_column(_HEADINGS.get(name, name), justify="right" if form else "left", no_wrap=bool(form))
    for row in rows.select(formats.keys()).iter_rows(named=True):
        cells = (UNKNOWN if value is None else format(value, formats[name]) for name, value in row.items())
        table.add_row(*map(Text, cells))
    print_table(table)


_HEADINGS = {"per_10k": "per 10,000", "dp": "DP", "dp_norm": "DPnorm", "g2": "G2", "log_dice": "logDice"}


def print_formats(formats: pl.DataFrame) -> None:
    """Print formats (`corpus.api.formats.FORMATS`): those that come in, archives, those that go out."""
    called = {"in": "ingest reads", "archive": "ingest opens", "out": "export writes"}
    for direction, heading in called.items():
        rows: list[tuple[str | None, ...]] = [
            (
                row["name"],
                " ".join(row["endings"]) or None,
                row["about"],
                row["places"],
                row["library"],
                "yes" if row["installed"] else f"pip install 'duizhao[{row['extra']}]'",
            )
            for row in formats.filter(direction=direction).iter_rows(named=True)
        ]
        columns = [heading, "files end in", "what it is", "places", "with", "installed"]
        shown = range(6) if direction == "in" else (0, 1, 2, 5)
        cells = [[row[number] for number in shown] for row in rows]
        print_table(plain_table([columns[number] for number in shown], cells, wrapped="what it is"))
        if direction != "out":
            result_console().print()

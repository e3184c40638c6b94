"""Concordance lines for a terminal: the match in one column, its context cut to a width on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from corpus.cli.display.terminal import date_of, indented, place_of, result_console

if TYPE_CHECKING:
    import polars as pl

_CUT = "…"


_WIDTH = 40
_NARROWEST = 12


def print_lines(lines: pl.DataFrame, width: int | None = None) -> None:
    """Print a concordance (`corpus.linguistics.concordance.LINES`), so many columns of context on each side.

    Unless told, as many as a line of the terminal has room for, and forty in a pipe, where a result does not
    depend on where it is made.
    """
    console = result_console()
    nodes = max((cell_len(node) for node in lines["node"]), default=0)
    if width is None:
        abouts = max((cell_len(_about(row)) for row in lines.iter_rows(named=True)), default=0)
        width = max(_NARROWEST, (console.width - nodes - abouts - 2) // 2) if console.is_terminal else _WIDTH
    for row in lines.iter_rows(named=True):
        line = Text(_right_end(row["left"], width))
        line.append(row["node"], style="bold")
        line.append(_left_end(row["right"], width + nodes - cell_len(row["node"])))
        line.append(f"  {_about(row)}", style="dim")
        console.print(line, overflow="ignore", no_wrap=True, crop=False)
        for other in row["counterparts"]:
            console.print(indented(f"{other['lang']}: {other['text']}", style="dim"))


def _right_end(text: str, width: int) -> str:
    """Return the end of a text, right-aligned in so many columns."""
    if (columns := cell_len(text)) <= width:
        return " " * (width - columns) + text
    start, columns = len(text), 0
    while columns + (step := cell_len(text[start - 1])) < width:
        start, columns = start - 1, columns + step
    return " " * (width - columns - 1) + _CUT + text[start:]


def _left_end(text: str, width: int) -> str:
    """Return the beginning of a text in exactly so many columns."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    end, columns = 0, 0
    while columns + (step := cell_len(text[end])) < width:
        end, columns = end + 1, columns + step
    return text[:end] + _CUT + " " * (width - columns - 1)


def _about(row: dict[str, Any]) -> str:
    return f"{date_of(row)}  {row['lang']}  {place_of(row)}"

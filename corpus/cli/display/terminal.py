"""The console that results are drawn on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from corpus.base.control import drawing_stream, pictured

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from rich.console import ConsoleOptions, RenderableType

UNKNOWN = "–"
# A pipe has no width: lines are left whole there, for grep and less to deal with.
_PIPE_WIDTH = 10_000


def result_console() -> Console:
    """Return a console on standard output, as wide as the terminal, or as lines need in a pipe."""
    console = _Console(file=drawing_stream(), highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = _Console(file=drawing_stream(), highlight=False, width=_PIPE_WIDTH)
    return console


class _Console(Console):
    """A console on which control characters of texts are pictures; its own colours stay."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Return what is printed, piece by piece."""
        for segment in super().render(renderable, options):
            shown = self.is_terminal and not segment.control
            yield Segment(pictured(segment.text), segment.style) if shown else segment


def plain_table(
    names: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    right: Container[str] = (),
    wrapped: str | None = None,
) -> Table:
    """Return a table without lines; None is written –.

    Parameters
    ----------
    names, rows
        The columns' headings, and the cells.
    right
        Columns to align to the right.
    wrapped
        The one column that may be broken into lines; None lets all be.
    """
    table = Table(box=None, pad_edge=False)
    for name in names:
        no_wrap = wrapped is not None and name != wrapped
        table.add_column(
            Text(name), justify="right" if name in right else "left", no_wrap=no_wrap, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(UNKNOWN if cell is None else str(cell)) for cell in row))
    return table


def indented(text: str, by: int = 4, style: str = "") -> Padding:
    """Return a text that begins so many columns from the left in every line."""
    return Padding(Text(text, style=style), (0, 0, 0, by), expand=False)


def date_of(row: Mapping[str, Any]) -> str:
    """Return the date of a text, and whether it is its original's."""
    return (row["date"] or "undated") + (" (original)" if row["date_basis"] == "original" else "")


def place_of(row: Mapping[str, Any]) -> str:
    """Return where a text stands, as `corpus show` takes it: in its file's own terms, or on a line."""
    return f"{row['doc_id']}:{row['place'] or 'L' + str(row['line'])}"


def print_table(table: Table) -> None:
    """Print a table; in a pipe, without the blanks that fill its last column."""
    console = result_console()
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def score_text(score: float | None) -> str:
    """Return a bead's score for reading; one that came in without any has a dash."""
    return UNKNOWN if score is None else f"{score:.2f}"

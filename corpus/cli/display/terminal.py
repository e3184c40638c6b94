"""The console that results are drawn on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

# A pipe has no width: lines are left whole there, for grep and less to deal with.
_PIPE_WIDTH = 10_000


def result_console() -> Console:
    """Return a console on standard output, as wide as the terminal, or as lines need in a pipe."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_WIDTH)
    return console


def print_table(table: Table) -> None:
    """Print a table; in a pipe, without the blanks that fill its last column."""
    console = result_console()
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as captured:
        console.print(table)
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())

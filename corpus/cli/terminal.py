"""The console that results are drawn on."""

from __future__ import annotations

from rich.console import Console

# A pipe has no width: lines are left whole there, for grep and less to deal with.
_PIPE_WIDTH = 10_000


def result_console() -> Console:
    """Return a console on standard output, as wide as the terminal, or as lines need in a pipe."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_WIDTH)
    return console

"""What the commands that count share: options, the workspace they open, and what they say at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.cli.console import fill_if_empty, progress_bar, say, say_snapshot, say_undated

if TYPE_CHECKING:
    from corpus.api.corpus import Corpus
    from corpus.api.tables import Table


def open_corpus(workspace: Path | None, executor: str | None = None) -> Corpus:
    """Open a workspace that has something to look at, with progress on the terminal."""
    from corpus.api.corpus import Corpus

    found = Corpus(workspace, executor=executor, progress=progress_bar)
    fill_if_empty(found.workspace)
    return found


def say_forms(found: Table) -> None:
    """Say what was looked for besides the pattern."""
    query = found.about["pattern"]
    others = [form for form in found.about["forms"] if form.casefold() != query.casefold()]
    if others:
        say(f"also looking for: {', '.join(others)}")


def say_counted(found: Table, repeats: str, *, beads: bool = False) -> None:
    """Say what was left out of a count, what in it repeats something earlier, and what it rests on."""
    number = int(found.about["repeats"])
    if number and found.about["once"]:
        say(f"left out: {number:,} {repeats}; --every counts them, too")
    elif number:
        say(f"counted each time: {number:,} {repeats}; --once counts only the earliest")
    say_undated(found.about.get("undated", 0))
    say_snapshot(found.snapshot, beads=beads)


def numbered(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

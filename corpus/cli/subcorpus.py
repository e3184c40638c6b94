"""What the commands that count share: options, the workspace they open, and what they say at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.cli.console import progress_bar, say

if TYPE_CHECKING:
    from corpus.documents.subcorpus import Selection
    from corpus.linguistics.patterns import Pattern
    from corpus.store.workspace import Workspace


def compare_sentences(workspace: Workspace, *, once: bool) -> None:
    """Find out which sentences repeat others, as far as that is not known.

    If that cannot be kept, say so, unless they are to be counted once: that cannot be done then, as the
    function that counts says.
    """
    from corpus.base.errors import WorkspaceError
    from corpus.reuse.reprints import update_reprints

    try:
        with progress_bar("comparing sentences") as progress:
            update_reprints(workspace, progress=progress)
    except WorkspaceError as error:
        if not once:
            say(f"sentences that came last are not compared with others: {error}")


def say_repeats(number: int, what: str, *, once: bool) -> None:
    """Say how much of what was counted repeats something earlier, if anything does."""
    if number and once:
        say(f"left out: {number:,} {what}; --every counts them, too")
    elif number:
        say(f"counted each time: {number:,} {what}; --once counts only the earliest")


def numbered(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def read_words(path: str) -> str:
    """Return the text of a file that an option names."""
    from corpus.base.files import read_bytes
    from corpus.text.decoding import decode

    return decode(read_bytes(Path(path)), path)


def selection_of(
    lang: str | None,
    since: str | None,
    until: str | None,
    docs: list[str] | None,
    sources: list[str] | None,
) -> Selection:
    """Return the selection that the shared options make."""
    from corpus.documents.subcorpus import Selection
    from corpus.text.dates import parse_date

    return Selection(
        lang=lang,
        since=parse_date(since) if since else None,
        until=parse_date(until) if until else None,
        docs=tuple(docs or ()),
        sources=tuple(sources or ()),
    )


def pattern_of(query: str, workspace: Workspace, *, as_regex: bool, variants: str | None) -> Pattern:
    """Return the pattern that the shared options ask for, and say what is looked for besides the query."""
    from corpus.linguistics.patterns import compile_pattern, forms_of

    if as_regex or variants == "none":
        return compile_pattern(query, as_regex=as_regex)
    from corpus.text.variants import load_variants, workspace_variants

    known = workspace_variants(workspace.path) if variants is None else load_variants(Path(variants))
    pattern = compile_pattern(query, forms=forms_of(query, known))
    others = [form for form in pattern.forms if form.casefold() != query.casefold()]
    if others:
        say(f"also looking for: {', '.join(others)}")
    return pattern

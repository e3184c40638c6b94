"""What the commands that count share: options, the workspace they open, and what they say at the end."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.cli.console import open_to_look, progress_bar, say
from corpus.cli.options import (
    DocOption,
    JsonOption,
    LangOption,
    OutOption,
    SinceOption,
    SourceOption,
    TsvOption,
    UntilOption,
    WorkspaceOption,
)
from corpus.cli.output import form_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.documents.subcorpus import Selection
    from corpus.linguistics.patterns import Pattern
    from corpus.store.workspace import Workspace


OnceOption = Annotated[
    bool,
    typer.Option(
        "--once/--every",
        help="Count a sentence that is printed in several places, word for word or lightly edited but with "
        "the same figures, once, at its earliest; or each time.",
    ),
]


@dataclass(frozen=True, slots=True)
class Shared:
    """The options that every command which counts has, as they were given."""

    lang: LangOption = None
    since: SinceOption = None
    until: UntilOption = None
    doc: DocOption = None
    source: SourceOption = None
    workspace: WorkspaceOption = None
    tsv: TsvOption = False
    as_json: JsonOption = False
    out: OutOption = None

    @property
    def selection(self) -> Selection:
        """What is to be counted."""
        return selection_of(self.lang, self.since, self.until, self.doc, self.source)

    def form(self, *others: str) -> str:
        """Return the form of the result (`filters.form_of`)."""
        return form_of(self.out, as_json=self.as_json, tsv=self.tsv, others=others)

    def open(self) -> Workspace:
        """Open the workspace; an empty one is given the seeds, and that is said."""
        return open_to_look(self.workspace)


def sharing(**others: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:  # noqa: ANN401
    """Give a command the options of `Shared`, which it is called with as `shared`.

    Parameters
    ----------
    others
        Options that this command describes otherwise, by name.
    """
    options = inspect.signature(Shared, eval_str=True).parameters

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def run(**values: Any) -> None:  # noqa: ANN401
            given = {one.name: values.pop(one.name) for one in fields(Shared)}
            command(shared=Shared(**given), **values)

        own = inspect.signature(command, eval_str=True).parameters.values()
        parameters = [one for one in own if one.name != "shared"] + [
            option.replace(annotation=others.get(name, option.annotation)) for name, option in options.items()
        ]
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__module__, run.__qualname__ = command.__module__, command.__qualname__
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        # `typer` reads a command's options from here.
        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
        )
        return run

    return decorate


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

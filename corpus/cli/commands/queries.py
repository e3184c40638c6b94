"""The commands that keep queries: save, run and queries."""

from __future__ import annotations

import shlex
from dataclasses import replace as replace_field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperGroup

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import open_existing, print_json, say, this_command, workspace_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.maintenance.saved_queries import SavedQuery
    from corpus.store.workspace import Workspace

CHANGED = 3
"""Exit code of `run --check` where a query no longer rests on what it was saved with."""

# Options whose value is a file that the result depends on, unless it is this word.
_FILES, _NO_FILE = ("variants", "stop"), "none"


def save(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    command: Annotated[
        list[str], typer.Argument(metavar="COMMAND", help="A command, with its arguments and options.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the query of this name.")
    ] = False,
    workspace: opt.Workspace = None,
) -> None:
    """Run a command and, if it succeeds, keep it in the workspace under a name; run does it again.

    Any command that only looks can be saved. With it is kept what its result rests on: digests of the
    texts, the alignments and the files that it reads, the encoder, the version of the toolkit. It is kept in
    queries/NAME.toml in the workspace's folder, which you may edit.

    Files that it reads (--variants, --stop) are kept by their full path; a file that it writes (-o) is
    written again where run is called. --workspace says where to keep it, and is no part of it. What comes
    from standard input is not kept, so that similar - cannot be saved.

    \b
    Examples:
      corpus save industry similar "local industry" --since 2022
      corpus save --replace industry similar "local industry" --since 2020
      corpus save figure-1 timeline 地方工业 --by year -o figure-1.svg
    """
    from corpus.maintenance import saved_queries
    from corpus.store.workspace import open_workspace

    name = saved_queries.check_name(name)
    saved_queries.check_command(command)
    with _parse(ctx, command) as other:  # says what is wrong with it, or prints its help
        within = other.params["workspace"]
    if within is not None:
        command = _with_option(ctx, command, "workspace", None)
        if workspace is not None and workspace.resolve() != within.resolve():
            raise CorpusError(f"two workspaces, {workspace} and {within}: name one")
    space = open_workspace(workspace or within)
    saved_queries.refuse_taken(space, name, overwrite=replace)
    command, rests_on = _to_keep(ctx, command)
    _run(ctx, command, space)
    now = datetime.now(UTC).replace(microsecond=0)
    query = saved_queries.SavedQuery(name, tuple(command), now, saved_queries.basis(space, rests_on))
    saved_queries.keep_query(space, query, overwrite=replace)
    where = workspace_option(None if workspace is None and within is None else space.path)
    say(
        f"saved in {space.path / saved_queries.FOLDER / name}.toml; "
        f"to run it again: {this_command()} run {name}{where}"
    )


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it was saved as.")],
    check: Annotated[
        bool,
        typer.Option("--check", help=f"Exit with code {CHANGED} if what it rests on has changed."),
    ] = False,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write here what the query writes to a file."),
    ] = None,
    workspace: opt.Workspace = None,
) -> None:
    """Run a saved query again, and say whether what its result rests on has changed since it was saved.

    With --check nothing is run, and nothing written, where that is seen beforehand; where only running
    shows it (another aligner, another version of the encoder), the exit code says so afterwards. So a
    script can rely on exit code 0: the result was made of what it was saved with.

    \b
    Examples:
      corpus run industry
      corpus run industry --check > table-2.txt
      corpus run figure-1 --workspace archive/.corpus
    """
    from corpus.maintenance import saved_queries

    space = open_existing(workspace)
    query = saved_queries.find_query(space, name)
    saved_queries.check_command(query.command)
    if _options(ctx, query.command)["workspace"] is not None:
        raise CorpusError(
            f"{query.name} runs in the workspace that it is kept in; take --workspace out of its command"
        )
    query = replace_field(query, command=tuple(_with_output(ctx, query, out)))
    if check and not query.rests_on:
        again = shlex.join(["--replace", query.name, *query.command])
        raise CorpusError(f"{query.name}: nothing is kept to check it by; to keep that: corpus save {again}")
    now = saved_queries.basis(space, query.rests_on)
    changed = saved_queries.differences(query.rests_on, now, before=True)
    if not (check and changed):
        say(f"# {query.name}: corpus {shlex.join(query.command)}")
        _run(ctx, query.command, space)
        changed = saved_queries.differences(query.rests_on, saved_queries.basis(space, query.rests_on))
    _say_changes(query, changed)
    if check and changed:
        raise typer.Exit(CHANGED)


def _with_output(ctx: typer.Context, query: SavedQuery, out: str | None) -> Sequence[str]:
    """Return the command of a query that writes where the user says, or in the folder they are in.

    A workspace may be from elsewhere, and what its queries name is nobody's wish here.
    """
    named = _options(ctx, query.command).get("out")
    if out is not None:
        if named is None:
            raise CorpusError(f"{query.name} writes no file; its result is on standard output")
        return _with_option(ctx, query.command, "out", out)
    if named in (None, "-"):
        return query.command
    path, here = Path(named), Path.cwd().resolve()
    hidden = any(part.startswith(".") for part in path.parts)
    if path.is_absolute() or hidden or not path.resolve().is_relative_to(here):
        raise CorpusError(
            f"{query.name} would write {named}, which is not in this folder, or is hidden; "
            f"to say where: corpus run {query.name} -o FILE"
        )
    return query.command


def list_queries(
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="NAME", help="Remove this one; may be given several times."),
    ] = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """List the queries that are saved in the workspace, and what has changed since.

    \b
    Examples:
      corpus queries
      corpus queries --json
      corpus queries --remove industry
    """
    from corpus.maintenance import saved_queries

    space = open_existing(workspace)
    for name in remove or []:
        saved_queries.remove_query(space, name)
        say(f"removed {name}")
    if remove:
        return
    saved = saved_queries.read_queries(space)
    now = saved_queries.basis(space, {name: None for query in saved for name in query.rests_on})
    rows = [
        {
            "name": query.name,
            "command": list(query.command),
            "saved": None if query.saved is None else query.saved.isoformat(),
            "rests_on": dict(query.rests_on),
            "changed": _changed(query, now),
        }
        for query in saved
    ]
    if as_json:
        print_json(rows)
        return
    if not rows:
        say(f"no query is saved in {space.path}: corpus save NAME COMMAND …")
        return
    from corpus.cli.display.tables import print_queries

    print_queries(rows)


def _changed(query: SavedQuery, now: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return how what a query rests on differs from what it was saved with, for JSON."""
    from corpus.maintenance.saved_queries import differences

    changed = differences(query.rests_on, now, before=True)
    return {part: {"then": then, "now": new} for part, (then, new) in changed.items()}


def _say_changes(query: SavedQuery, changed: Mapping[str, tuple[str, str]]) -> None:
    """Say how what a query rests on differs from what it was saved with."""
    from corpus.maintenance.saved_queries import LABELS

    since = "" if query.saved is None else f" ({query.saved.astimezone():%Y-%m-%d %H:%M})"
    if not query.rests_on:
        say("# nothing is kept of what it rested on before")
    elif not changed:
        parts = ", ".join(
            f"{name} {query.rests_on[name]}" for name in ("texts", "beads") if query.rests_on.get(name)
        )
        say(f"# made of what it was saved with{since}: {parts}")
    else:
        listed = [
            f"{LABELS.get(name, name)} (then {then or 'none'}, now {now or 'none'})"
            for name, (then, now) in changed.items()
        ]
        say(f"# changed since it was saved{since}: {'; '.join(listed)}")


def _to_keep(ctx: typer.Context, command: list[str]) -> tuple[list[str], list[str]]:
    """Return a command as it is kept, and what its result rests on.

    Files that it reads are named by their full path.
    """
    from corpus.maintenance.saved_queries import LOOKING

    options = _options(ctx, command)
    if options.get("query") == "-":
        raise CorpusError("queries on standard input are not kept: save each by itself")
    rests_on = [*LOOKING[command[0]], "toolkit"]
    if options.get("mode") == "lexical":
        rests_on.remove("encoder")
    shown = "review" in opt.column_names(options.get("columns"))
    if command[0] == "export" and options.get("keep_wrong") and not shown:
        rests_on.remove("reviews")
    if options.get("dense"):
        rests_on.append("encoder")
    if options.get("variants") is not None:
        rests_on.remove("variants.toml")
    if command[0] in ("show", "cite") and not any(":" in part for part in command):
        rests_on.remove("beads")  # only at a place is it shown what a sentence is aligned with
    for option in _FILES:
        if (named := options.get(option)) not in (None, _NO_FILE):
            path = str(Path(named).resolve())
            command = _with_option(ctx, command, option, path)
            rests_on.append(path)
    return command, rests_on


# --- other commands -----------------------------------------------------------------------------------


def _parse(ctx: typer.Context, command: Sequence[str], *, forgiving: bool = False) -> typer.Context:
    """Return the context of another command, its arguments read: nothing is run."""
    root = ctx.find_root()
    assert isinstance(root.command, TyperGroup)
    other = root.command.commands[command[0]]
    made = other.make_context(command[0], [*command[1:]], parent=root, resilient_parsing=forgiving)
    return cast("typer.Context", made)


def _options(ctx: typer.Context, command: Sequence[str]) -> dict[str, Any]:
    """Return the values of a command's arguments and options; those that are wrong may be missing."""
    with _parse(ctx, command, forgiving=True) as other:
        return dict(other.params)


def _run(ctx: typer.Context, command: Sequence[str], workspace: Workspace) -> None:
    """Run a command in a workspace."""
    name, *arguments = command
    with _parse(ctx, [name, "--workspace", str(workspace.path), *arguments]) as other:
        other.command.invoke(other)


def _with_option(ctx: typer.Context, command: Sequence[str], option: str, value: str | None) -> list[str]:
    """Return a command with another value of an option, or without it, and all else as it is.

    What of the arguments is the option, only reading them all can tell (it may be the value of another
    one): each place that looks like it is tried.
    """
    wanted = _options(ctx, command) | {option: value}
    with _parse(ctx, command, forgiving=True) as other:
        (flags,) = (param.opts for param in other.command.params if param.name == option)
    put = [] if value is None else [flags[0], value]
    for at, part in enumerate(command):
        joined = any(part.startswith(f"{flag}=" if flag.startswith("--") else flag) for flag in flags)
        if part in flags or joined:
            changed = [*command[:at], *put, *command[at + (2 if part in flags else 1) :]]
            if _options(ctx, changed) == wanted:
                return changed
    raise CorpusError(f"{flags[0]} is given several times: name it once")

"""What every command shares: messages, JSON, progress, and where aligned pairs go."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.control import Terminal, drawing_stream
from corpus.base.errors import EmptyWorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.base.progress import Progress
    from corpus.store.workspace import Workspace


def prepare_streams() -> None:
    """Make standard streams fit for texts of whatever content; exit with code 1 if there is no output.

    A stream that was closed before the command began is None: nothing is read then, and messages are lost.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for as long as the command runs
    if sys.stdout is None:
        say("corpus: standard output is closed: there is nowhere for the result to go")
        sys.exit(1)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        # A console with another encoding must not turn a result into a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
        if stream.isatty() and not isinstance(stream, Terminal):
            setattr(sys, name, Terminal(stream))


def say(message: str) -> None:
    """Print a message on stderr: stdout is for results. What it says of parameters is said of options."""
    if sys.stderr is not None:
        print(in_options(message), file=sys.stderr)


# The library's messages name parameters as ``since`` or ``encoder='use'``, and functions as ``check()``.
_PARAMETER = re.compile(r"`(\w+(?:=[^`]+)?|\w+\([^`]*\))`")
_BARE = ("by", "cuts", "langs", "lines", "manifest", "since", "sort", "span", "src_lang", "tgt_lang", "until")
_OTHERWISE = {"cuts": "--cut", "file": "--from", "form": "--format", "out": "-o"}


def in_options(message: str) -> str:
    """Return a message of the library with parameters as options, and calls as commands.

    ``since`` becomes --since, ``encoder='use'`` --encoder use, ``once=False`` --every, and
    ``check(repair=True)`` corpus check --repair.
    """
    return _PARAMETER.sub(_in_options, message)


def _in_options(named: re.Match[str]) -> str:
    if named[1].isidentifier():
        return _option(named[1]) if named[1] in _BARE else named[0]
    try:
        parsed = ast.parse(named[1] if named[1].endswith(")") else f"f({named[1]})", mode="eval").body
    except SyntaxError:
        return named[0]
    assert isinstance(parsed, ast.Call)
    assert isinstance(parsed.func, ast.Name)
    values = [shlex.quote(_value(value)) for value in parsed.args]
    options = [_option(one.arg or "", _value(one.value)) for one in parsed.keywords]
    if not named[1].endswith(")"):
        return " ".join(options)
    command = parsed.func.id.replace("_", "-")
    # What follows the name of a query is the command that is saved.
    return " ".join(["corpus", command, *(options + values if command == "save" else values + options)])


def _value(node: ast.expr) -> str:
    return str(ast.literal_eval(node)) if not isinstance(node, ast.Name) else node.id


def _option(name: str, value: str = "True") -> str:
    if (name, value) == ("once", "False"):
        return "--every"
    option = _OTHERWISE.get(name, f"--{name.replace('_', '-')}")
    return option if value == "True" else f"{option} {shlex.quote(value)}"


def say_if_seeds(workspace: Workspace) -> None:
    """Say that the seeds are searched or shown, so that nobody takes them for texts of their own."""
    from corpus.ingestion.seeds import holds_seeds_only

    if workspace.named and not workspace.state().rows("documents"):
        return  # that is an error, and not of the seeds
    if not workspace.path.exists():
        say(f"there is no workspace {workspace.path}: making it, and using the seed documents")
    elif holds_seeds_only(workspace):
        say(f"nothing is ingested in {workspace.path}: using the seed documents")


def open_existing(path: Path | None) -> Workspace:
    """Open a workspace; if one was named, it has to be there (EmptyWorkspaceError)."""
    from corpus.store.workspace import open_workspace

    workspace = open_workspace(path)
    if workspace.named and not workspace.exists():
        raise EmptyWorkspaceError(workspace.path, "no workspace there")
    return workspace


def open_to_look(path: Path | None) -> Workspace:
    """Open a workspace that has something to look at (`fill_if_empty`)."""
    from corpus.store.workspace import open_workspace

    workspace = open_workspace(path)
    fill_if_empty(workspace)
    return workspace


def fill_if_empty(workspace: Workspace) -> None:
    """Give an empty workspace the seeds, and say that they are what is looked at."""
    say_if_seeds(workspace)
    if not workspace.state().rows("documents"):
        from corpus.ingestion.seeds import ensure_documents  # much is imported with it

        ensure_documents(workspace)


def workspace_option(path: Path | None) -> str:
    """Return the option that names a workspace, for commands that a message advises; empty for none."""
    return "" if path is None else f" --workspace {shlex.quote(str(path))}"


def say_if_uncalibrated(encoder: str) -> None:
    """Say that scores are no probabilities where the aligner's weights are another encoder's."""
    from corpus.alignment.weights import shipped_weights

    if encoder != (trained_on := shipped_weights().encoder):
        say(f"scores are calibrated for the encoder {trained_on}; with {encoder} they are a ranking only")


def this_command() -> str:
    """Return the name, or else the path, by which this command can be run again."""
    called = Path(sys.argv[0])
    found = shutil.which("corpus")
    if called.name != "corpus" or (found is not None and Path(found).resolve() == called.resolve()):
        return "corpus"
    return str(called)


@contextmanager
def progress_bar(task: str) -> Iterator[Progress | None]:
    """Show a progress bar on stderr while work is long, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(file=drawing_stream(stderr=True)), transient=True,
        redirect_stdout=False,  # or what is written to stdout meanwhile is drawn on stderr
    )  # fmt: skip
    with bar:
        number = bar.add_task(task, total=None)
        yield lambda done, total: bar.update(number, completed=done, total=total)


def say_undated(undated: int) -> None:
    """Say how many versions a filter by date could not judge."""
    if undated:
        versions = "version" if undated == 1 else "versions"
        say(f"left out by --since and --until: {undated} {versions} of unknown date")


def say_snapshot(taken: Mapping[str, str | None], *, beads: bool = False, encoder: bool = False) -> None:
    """Print on stderr which state of the workspace a result rests on (`Snapshot.to_dict`)."""
    told = ["texts", *(["beads"] if beads else []), *(["encoder"] if encoder else [])]
    said = " ".join(f"{name} {part}" for name in told if (part := taken.get(name)))
    say(f"# snapshot {said}")


def json_text(value: Any) -> str:  # noqa: ANN401
    """Return a result as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def print_json(value: Any) -> None:  # noqa: ANN401
    """Print a result as JSON on stdout."""
    sys.stdout.write(json_text(value))

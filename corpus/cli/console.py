"""What every command shares: messages, JSON, progress, and where aligned pairs go."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.errors import EmptyWorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.base.progress import Progress
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace


def say(message: str) -> None:
    """Print a message on stderr: stdout is for results."""
    print(message, file=sys.stderr)


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


def there(path: Path | None) -> str:
    """Return the option that names a workspace, for commands that a message advises; empty for none."""
    return "" if path is None else f" --workspace {shlex.quote(str(path))}"


def say_if_uncalibrated(encoder: str) -> None:
    """Say that scores are no probabilities where the aligner's weights are another encoder's."""
    from corpus.alignment.weights import shipped_weights

    if encoder != (trained_on := shipped_weights().encoder):
        say(f"scores are calibrated for the encoder {trained_on}; with {encoder} they are a ranking only")


def this_command() -> str:
    """Return how the user can run this command again: by name, or by path where the name is not found."""
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
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        number = bar.add_task(task, total=None)
        yield lambda done, total: bar.update(number, completed=done, total=total)


def say_undated(undated: int) -> None:
    """Say how many versions a filter by date could not judge."""
    if undated:
        versions = "version" if undated == 1 else "versions"
        say(f"left out by --since and --until: {undated} {versions} of unknown date")


def say_snapshot(taken: Snapshot, *, beads: bool = False, encoder: bool = False) -> None:
    """Print on stderr which state of the workspace a result rests on."""
    parts = {"texts": taken.texts, "beads": beads and taken.beads, "encoder": encoder and taken.encoder}
    said = " ".join(f"{name} {part}" for name, part in parts.items() if part)
    say(f"# snapshot {said}")


def json_text(value: Any) -> str:  # noqa: ANN401
    """Return a result as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def print_json(value: Any) -> None:  # noqa: ANN401
    """Print a result as JSON on stdout."""
    sys.stdout.write(json_text(value))

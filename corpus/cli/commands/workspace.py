"""Commands about the workspace itself: status, check, index and reprints."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import open_existing, print_json, progress_bar, say, say_snapshot
from corpus.cli.subcorpus import open_corpus


def status(
    encoder: opt.AlignerEncoder = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Say what the workspace holds: documents, sentences by language and decade, what is stale, disk.

    Nothing is built. What is not aligned or indexed yet will be by the next align or similar.

    \b
    Examples:
      corpus status
      corpus status --json | jq .documents
      corpus status --workspace archive/.corpus
    """
    from corpus.maintenance.status import status as run
    from corpus.store.snapshot import snapshot

    space = open_existing(workspace).pin()
    found = run(space, encoder=encoder)
    taken = snapshot(space)
    if as_json:
        print_json(found.to_dict() | {"snapshot": taken.to_dict()})
    else:
        from corpus.cli.display.documents import print_status

        print_status(found)
    say_snapshot(taken.to_dict(), beads=True, encoder=True)


def index(
    encoder: opt.Encoder = "use",
    executor: opt.Executor = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Make what searches need now: align, encode and index, and find reprints.

    Searches and counts do so themselves, if it has not been done. Of a large archive it takes long, and may
    be shared: --executor processes uses the processors of this machine, --executor ray the machines of a
    cluster. An interrupted run keeps what is made by then; run it again to go on.

    \b
    Examples:
      corpus index
      corpus index --executor processes
      RAY_ADDRESS=10.0.0.5:6379 corpus index --executor ray -w /shared/archive
    """
    from dataclasses import asdict

    made = open_corpus(workspace, executor).index(encoder=encoder)
    if as_json:
        print_json({name: value for name, value in asdict(made).items() if name in ("encoded", "repeats")})
    else:
        say(f"indexed: {made.encoded:,} sentences encoded; {made.repeats:,} pairs of similar ones found")


def reprints(
    doc: Annotated[
        str | None, typer.Argument(metavar="[DOC]", help="Only what stands in this document, too.")
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(
            "--threshold",
            metavar="SHARE",
            min=0.5,
            max=1.0,
            help="Least share of character n-grams that two sentences have in common; 1: word for word.",
        ),
    ] = 0.7,
    documents: Annotated[
        int, typer.Option("--documents", metavar="N", min=2, help="In how many documents, at least.")
    ] = 2,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """List passages that stand in several documents, word for word or lightly edited, in order of time.

    The figure before a place is the share of the character n-grams that its text and the earliest one have
    in common (pairs in Chinese, Japanese and Korean, fours of letters otherwise): 1.00 is the same text,
    0.8 a sentence with a word or two changed. Short sentences are not compared.

    \b
    Examples:
      corpus reprints
      corpus reprints 003 --threshold 0.6
      corpus reprints --documents 5 --json
    """
    found = open_corpus(workspace).reprints(doc, threshold=threshold, documents=documents)
    say_snapshot(found.snapshot)
    if as_json:
        print_json([
            {"passage": number, "places": group.drop("passage").to_dicts()}
            for (number,), group in found.group_by(["passage"], maintain_order=True)
        ])  # fmt: skip
        return
    if found.is_empty():
        say(f"no passage stands in {documents} documents or more")
        return
    from corpus.cli.display.documents import print_histories

    print_histories(found)


def check(
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild what is derived; read damaged documents' files again.")
    ] = False,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Verify every file of the workspace, and that its tables fit each other; exit code 1 if not.

    --repair drops a damaged index, damaged embeddings and damaged alignments, and makes them again;
    documents in a damaged table are read again from their files, and those whose files are gone are named;
    reviews are taken from their copy.

    \b
    Examples:
      corpus check
      corpus check --repair
      corpus check --json
    """
    from corpus.base.errors import EmptyWorkspaceError
    from corpus.maintenance.repair import check as run
    from corpus.maintenance.repair import repair as mend
    from corpus.store.workspace import open_workspace

    space = open_workspace(workspace)
    if not space.exists():
        raise EmptyWorkspaceError(space.path, "no workspace there")
    with progress_bar("checking") as progress:
        faults = run(space, progress=progress)
    done: list[str] = []
    left = faults
    if repair and faults:
        done = mend(space, faults)
        left = run(space)
    if as_json:
        print_json({
            "faults": [{"file": fault.file, "reason": fault.reason} for fault in faults],
            "repaired": done,
            "left": [{"file": fault.file, "reason": fault.reason} for fault in left],
        })  # fmt: skip
    else:
        for fault in faults:
            print(f"{fault.file}: {fault.reason}")
    for line in done:
        say(line)
    if not faults:
        say(f"{space.path}: nothing wrong")
    elif not repair:
        say("to rebuild what can be: corpus check --repair")
    elif left:
        say(f"still wrong: {'; '.join(f'{fault.file}: {fault.reason}' for fault in left)}")
    if left:
        raise typer.Exit(1)

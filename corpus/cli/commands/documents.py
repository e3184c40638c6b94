"""Commands about documents: show and rm."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import (
    open_existing,
    open_to_look,
    print_json,
    say,
    say_snapshot,
)

_MOST_NAMED = 20
_FORGET = "none"
_FEW = 3


def show(
    doc: Annotated[
        str | None,
        typer.Argument(
            metavar="[DOC|PLACE]",
            help="Document id, or its beginning, or a place in it: DOC:OFFSET, DOC:L33; without it, a list.",
        ),
    ] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="What was left out of it, where, and why.")
    ] = False,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Show a document's clean text and provenance, what cleaning left out, or what stands at a place.

    A place is a code-point offset into the file or, after an L, the number of a line.

    \b
    Examples:
      corpus show
      corpus show 003
      corpus show 003 --dropped
      corpus show 003:L33
    """
    from corpus.cli.display import documents as display
    from corpus.cli.display.passage import show_place
    from corpus.documents import catalogue as pages
    from corpus.documents.locations import find_place
    from corpus.store.snapshot import snapshot

    space = open_to_look(workspace)
    space = space.pin()
    if doc is None:
        documents = pages.list_documents(space)
        print_json(documents.to_dicts()) if as_json else display.print_documents(documents)
        say_snapshot(snapshot(space).to_dict())
        return
    if not dropped and (place := find_place(space, doc)) is not None:
        show_place(space, place, as_json=as_json)
        return
    doc_id = pages.find_document(space, doc)
    if dropped:
        left = pages.dropped(space, doc_id)
        print_json(left.to_dicts()) if as_json else display.print_dropped(left)
        say_snapshot(snapshot(space).to_dict())
        return
    about, versions, text = pages.document(space, doc_id)
    taken = snapshot(space)
    if as_json:
        sentences = pages.sentences(space, doc_id)
        print_json(about | {"snapshot": taken.to_dict(), "versions": [
            version
            | {"paragraphs": text.filter(version=version["version"]).to_dicts()}
            | {"sentences": sentences.filter(version=version["version"]).drop("version", "lang").to_dicts()}
            for version in versions.to_dicts()
        ]})  # fmt: skip
    else:
        display.print_document(about, versions, text)
    say_snapshot(taken.to_dict())


def rm(
    docs: Annotated[list[str], typer.Argument(metavar="DOC…", help="Document ids, or their beginnings.")],
    workspace: opt.Workspace = None,
) -> None:
    """Remove documents from the workspace. The files they were read from, and reviews, are not touched.

    \b
    Examples:
      corpus rm item-17
      corpus rm 1959-05-20 1959-05-21
    """
    import polars as pl

    from corpus.documents.catalogue import find_document
    from corpus.ingestion.ingest import remove

    space = open_existing(workspace)
    ids = [find_document(space, doc) for doc in docs]
    remove(space, ids)
    say(f"removed {', '.join(dict.fromkeys(ids))}")
    wanted = pl.col("doc_id").is_in(pl.Series(ids, dtype=pl.String).implode())
    if kept := int(space.scan("reviews").filter(wanted).select(pl.len()).collect().item()):
        say(f"{kept} review{'' if kept == 1 else 's'} of them kept: corpus review --list")
    of_them = pl.col("a").is_in(ids) | pl.col("b").is_in(ids)
    if kept := int(space.scan("links").filter(of_them).select(pl.len()).collect().item()):
        say(f"{kept} link{'' if kept == 1 else 's'} of them kept: corpus link")

"""Links that manifests state, kept as a user's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.documents.links import Link, add_links
from corpus.ingestion.discovery import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.ingestion.manifest import LinkEntry
    from corpus.store.workspace import Workspace


def keep_stated_links(
    workspace: Workspace, stated: Sequence[tuple[Path, LinkEntry]]
) -> tuple[int, list[str]]:
    """Keep links; return how many were not known, and a note of each that names what was not read.

    Parameters
    ----------
    workspace
        That the files were read into.
    stated
        The links, each with its manifest, from whose folder its files are named.
    """
    if not stated:
        return 0, []
    documents = workspace.scan("documents").filter(~pl.col("seed") & pl.col("file").is_not_null())
    ids = dict(documents.select("file", "doc_id").collect().iter_rows())
    links: list[Link] = []
    notes: list[str] = []
    for manifest, entry in stated:
        places = {name: place_of((manifest.parent / name).resolve(), workspace.path) for name in entry.files}
        if missing := [name for name, place in places.items() if place not in ids]:
            notes.append(f"{manifest}: linked, but not read: {', '.join(missing)}")
            continue
        original = entry.original and ids[places[entry.original]]
        first, *others = sorted(entry.files, key=lambda name: name != entry.original)
        links += [Link(ids[places[first]], ids[places[one]], original, note=entry.note) for one in others]
    return len(add_links(workspace, links).new), notes

"""Links that manifests state, kept as a user's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import InputError
from corpus.documents.links import Link, add_links
from corpus.ingestion.discovery import place_of
from corpus.ingestion.manifest import FILE_NAME, load_links

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


def manifests_stating(workspace: Workspace, doc_ids: Sequence[str]) -> list[Path]:
    """Return the manifests that state that some documents are linked.

    They are in the folders of the documents' files, or above these, as far as the workspace's parent folder.
    One that is mistaken states nothing: `ingest` says so.
    """
    wanted = pl.col("doc_id").is_in(pl.Series(list(doc_ids), dtype=pl.String).implode())
    places = workspace.scan("documents").filter(wanted, pl.col("file").is_not_null()).select("file").collect()
    beside = workspace.path.resolve().parent
    files = {(beside / place).resolve() for place in places["file"]}
    folders = {above for file in files for above in file.parents if above.is_relative_to(beside)}
    return [manifest for folder in sorted(folders) if _states(manifest := folder / FILE_NAME, files)]


def _states(manifest: Path, files: set[Path]) -> bool:
    """Tell whether a manifest is there, and links two of some files."""
    try:
        entries = load_links(manifest) if manifest.is_file() else []
    except InputError:
        return False
    return any(len({(manifest.parent / name).resolve() for name in one.files} & files) > 1 for one in entries)

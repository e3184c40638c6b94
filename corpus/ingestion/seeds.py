"""The seed documents, in a workspace that holds nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import EmptyWorkspaceError
from corpus.base.resources import seeds_dir

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace


def ensure_documents(workspace: Workspace) -> None:
    """Give an empty workspace the seed documents, unless it was named.

    Raises
    ------
    EmptyWorkspaceError
        If it was named: what answers from the seeds by mistake looks like a finding.
    """
    if not workspace.state().rows("documents"):
        if workspace.named:
            there = "nothing is ingested there" if workspace.exists() else "no workspace there"
            raise EmptyWorkspaceError(workspace.path, there)
        ingest_seeds(workspace)


def seed_files() -> list[Path]:
    """Return the files of the seed documents, to be ingested as texts like any other."""
    from corpus.ingestion.manifest import FILE_NAME, load_manifest

    folder = seeds_dir()
    return [folder / name for name in load_manifest(folder / FILE_NAME)]


def ingest_seeds(workspace: Workspace) -> None:
    """Give a workspace that holds nothing the seed documents."""
    # Here, since a search of what is there would wait for all that reads texts.
    from corpus.ingestion.discovery import FoundFile
    from corpus.ingestion.ingest import _add
    from corpus.ingestion.manifest import FILE_NAME, load_manifest
    from corpus.ingestion.report import IngestReport

    folder = seeds_dir()
    files = [
        FoundFile(folder / name, f"seeds/{name}", entry, named=True, seed=True)
        for name, entry in load_manifest(folder / FILE_NAME).items()
    ]
    _add(workspace, files, "{}", IngestReport(), None)


def holds_seeds_only(workspace: Workspace) -> bool:
    """Tell whether a workspace holds nothing of the user's."""
    own = workspace.scan("documents").filter(~pl.col("seed")).select(pl.len())
    return not workspace.state().rows("documents") or not own.collect().item()

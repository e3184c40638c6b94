"""What an ingest did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.ingestion.reading.provenance import Overruled


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not ingested, and why.

    Attributes
    ----------
    file, reason
        As text.
    failed
        Whether it should have been: it is of a format that is read. Others are passed over.
    """

    file: str
    reason: str
    failed: bool = True


@dataclass(slots=True)
class IngestReport:
    """What an ingest did.

    Attributes
    ----------
    new, changed, unchanged
        Ids of the documents.
    undated
        Ids of those that are new and have no date.
    undated_files
        Their files, in the same order.
    overruled
        What options, given now or remembered, were put in place of in documents that are new or changed, each
        with the id of its document.
    moved
        Ids of documents whose file is in another place now, with the same bytes: they keep their id.
    removed
        Ids of documents that were parts of files which hold others now.
    skipped
        Files of a folder that were not read.
    notes
        What a user should know, each with its file.
    remembered
        How many files' folders have a manifest that does not count, because what another one that was given
        said of the file is remembered.
    linked
        How many links between documents manifests state that were not known.
    """

    new: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    undated_files: list[Path] = field(default_factory=list)
    overruled: list[tuple[str, Overruled]] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    remembered: int = 0
    linked: int = 0

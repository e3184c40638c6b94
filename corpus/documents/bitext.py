"""The two sides of a document: its sentences in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an alignment: the sentences of a version.

    Attributes
    ----------
    lang
        ISO 639-1 code, or ``und``.
    sentences
        Their texts.
    spans
        Line, start and end of each in its file.
    places
        Of each, its place in the file's own terms; empty where no sentence has one.
    paragraphs
        Number of the paragraph or heading each is in.
    headings
        Whether each is a heading.
    about
        The version's provenance, by the names of `tables.SCHEMAS["versions"]`, and its file; of a document in
        a workspace also `translated`.
    """

    lang: str
    sentences: Sequence[str]
    spans: Sequence[tuple[int, int, int]]
    paragraphs: Sequence[int]
    headings: Sequence[bool]
    about: dict[str, Any]
    places: Sequence[str | None] = ()

    def units(self) -> list[int]:
        """Return the paragraph of each sentence as the aligner counts them."""
        return counted_paragraphs(self.paragraphs, self.headings)


def counted_paragraphs(paragraphs: Sequence[int], headings: Sequence[bool]) -> list[int]:
    """Return the paragraph of each sentence as the aligner counts them: headings in a row are one."""
    numbers: list[int] = []
    for place, paragraph in enumerate(paragraphs):
        goes_on = place > 0 and (
            paragraph == paragraphs[place - 1] or (headings[place] and headings[place - 1])
        )
        numbers.append(numbers[-1] + (not goes_on) if numbers else 0)
    return numbers


def workspace_sides(workspace: Workspace, doc_ids: Iterable[str]) -> dict[tuple[str, int], Side]:
    """Return the versions of some of a workspace's documents, by document id and number of the version.

    They come in that order.
    """
    wanted = pl.col("doc_id").is_in(pl.Series(list(doc_ids), dtype=pl.String).implode())
    files = workspace.scan("documents").filter(wanted).select("doc_id", "file", "translated")
    versions = workspace.scan("versions").filter(wanted).join(files, on="doc_id").collect()
    versions = versions.sort("doc_id", "version")
    sentences = workspace.scan("sentences").filter(wanted).collect().sort("sentence")
    parts = sentences.partition_by("doc_id", "version", as_dict=True)
    sides: dict[tuple[str, int], Side] = {}
    for about in versions.iter_rows(named=True):
        key = (about["doc_id"], about["version"])
        own = parts.get(key)
        if own is not None:
            sides[key] = Side(
                lang=about["lang"],
                sentences=own["text"].to_list(),
                spans=list(own.select("line", "start", "end").iter_rows()),
                paragraphs=own["paragraph"].to_list(),
                headings=(own["kind"] == "heading").to_list(),
                about=about,
                places=own["place"].to_list() if own["place"].null_count() < len(own) else (),
            )
    return sides

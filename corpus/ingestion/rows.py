"""A document's rows in the workspace's tables, and its id there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.files import digest
from corpus.ingestion.document import document_id
from corpus.store.schemas import frame, text_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.ingestion.document import Document
    from corpus.store.workspace import Workspace


def document_tables(
    doc_id: str, text: str, document: Document, about: dict[str, Any]
) -> dict[str, pl.DataFrame]:
    """Return a document's rows of the tables of what was read in its file.

    Parameters
    ----------
    doc_id, text, document
        The document, and the untouched file that its offsets point into.
    about
        The columns of `documents` that the reader does not know: file, fingerprint, encoding, stated,
        content, seed.
    """
    captured = None if document.captured is None else str(document.captured)
    documents = [
        {
            "doc_id": doc_id,
            "captured": captured,
            "rights": document.rights,
            "notes": list(document.notes),
            "translated": document.translated or None,
        }
        | about
    ]
    versions: list[dict[str, Any]] = []
    sentences: list[dict[str, Any]] = []
    for number, version in enumerate(document.versions):
        columns = ("lang", "relation", "title", "author", "source", "relay", "page", "url", "date_basis")
        row: dict[str, Any] = {column: getattr(version, column) for column in columns}
        row |= {"doc_id": doc_id, "version": number}
        if version.date is not None:
            date = version.date
            row |= {"date": str(date), "date_first": date.first, "date_last": date.last}
        versions.append(row)
        sentences += [
            {
                "doc_id": doc_id,
                "version": number,
                "sentence": place,
                "paragraph": sentence.paragraph,
                "kind": sentence.kind,
                "text": sentence.text,
                "line": sentence.span.line,
                "start": sentence.span.start,
                "end": sentence.span.end,
                "text_id": text_id(sentence.quoted or version.lang, sentence.text),
                "quoted": sentence.quoted,
            }
            for place, sentence in enumerate(version.sentences)
        ]
    dropped = [
        {
            "doc_id": doc_id,
            "version": number,
            "line": left.span.line,
            "start": left.span.start,
            "end": left.span.end,
            "reason": left.reason,
            "text": text[left.span.start : left.span.end],
        }
        for number, left in document.dropped
    ]
    rows = {"documents": documents, "versions": versions, "sentences": sentences, "dropped": dropped}
    return {name: frame(name, table) for name, table in rows.items()}


def with_other_text(
    workspace: Workspace, doc_ids: Sequence[str], added: dict[str, pl.DataFrame]
) -> list[str]:
    """Return the documents whose sentences, languages or relations changed."""
    if not doc_ids:
        return []
    wanted = pl.col("doc_id").is_in(pl.Series(doc_ids).implode())
    other: set[str] = set()
    for name, columns in (
        ("sentences", ["doc_id", "version", "sentence", "paragraph", "text", "quoted"]),
        ("versions", ["doc_id", "version", "lang", "relation"]),
    ):
        before = workspace.scan(name).filter(wanted).select(columns).collect()
        after = added[name].filter(wanted).select(columns)
        for one, two in ((before, after), (after, before)):
            other |= set(one.join(two, on=columns, how="anti", nulls_equal=True)["doc_id"])
    return sorted(other)


def candidate_ids(place: str) -> list[str]:
    """Return candidate ids of a document: its file's stem, plain and with marks."""
    stem = document_id(place)
    mark = digest(place.encode())
    return [stem, *(f"{stem}~{mark[:length]}" for length in (6, 12, 64))]

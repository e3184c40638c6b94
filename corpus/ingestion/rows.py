"""A document's rows in the workspace's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.store.schemas import frame, text_id

if TYPE_CHECKING:
    import polars as pl

    from corpus.ingestion.document import Document


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
        {"doc_id": doc_id, "captured": captured, "rights": document.rights, "notes": list(document.notes)}
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
                "text_id": text_id(version.lang, sentence.text),
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

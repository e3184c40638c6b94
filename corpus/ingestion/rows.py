"""A document's rows in the workspace's tables, and its id there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.files import digest
from corpus.documents.word_counts import count_words
from corpus.ingestion.reading.document import document_id
from corpus.store.schemas import TO, frame, text_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.documents.imported_beads import ImportedBead
    from corpus.ingestion.reading.document import Document
    from corpus.readers.base import Extract, Locus
    from corpus.store.workspace import Workspace
    from corpus.text.spans import Span


def document_tables(
    doc_id: str, extract: Extract, document: Document, about: dict[str, Any]
) -> dict[str, pl.DataFrame]:
    """Return a document's rows of the tables of what was read in its file.

    Parameters
    ----------
    doc_id, extract, document
        The document, and the text that its offsets point into.
    about
        The columns of `documents` that the reader does not know: file, part, format, fingerprint, encoding,
        stated, content, seed.
    """
    text, places = extract.text, _Places(extract.loci)
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
                **_where(sentence.span, extract),
                "text_id": text_id(sentence.quoted or version.lang, sentence.text),
                "quoted": sentence.quoted,
                "place": places.of(sentence.span.start, sentence.span.end),
            }
            for place, sentence in enumerate(version.sentences)
        ]
    dropped = [
        {
            "doc_id": doc_id,
            "version": number,
            **_where(left.span, extract),
            "reason": left.reason,
            "text": text[left.span.start : left.span.end],
        }
        for number, left in document.dropped
    ]
    beads = [
        bead._asdict() | {"doc_id": doc_id, "bead": number} for number, bead in _numbered(document.beads)
    ]
    rows = {
        "documents": documents,
        "versions": versions,
        "sentences": sentences,
        "dropped": dropped,
        "imported": beads,
    }
    return {name: frame(name, table) for name, table in rows.items()}


def _numbered(beads: Sequence[ImportedBead]) -> Iterator[tuple[int, ImportedBead]]:
    """Yield beads with their numbers, which begin anew with each pair of versions."""
    for _, group in groupby(beads, key=lambda bead: bead[:2]):
        yield from enumerate(group)


def _where(span: Span, extract: Extract) -> dict[str, int]:
    """Return the line and the offsets of a stretch of a text, in the file if the text is one of it."""
    return {
        "line": span.line + extract.line,
        "start": span.start + extract.offset,
        "end": span.end + extract.offset,
    }


class _Places:
    """Finds the places of stretches of a text."""

    def __init__(self, loci: Sequence[Locus]) -> None:
        self._loci = loci
        self._ends = [locus.end for locus in loci]

    def of(self, start: int, end: int) -> str | None:
        """Return the place of a stretch, or the places of its start and its end; None if none is known."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._ends, end, lo=first)
        over = [locus.place for locus in self._loci[first : last + 1] if locus.start < end]
        if not over:
            return None
        return over[0] if over[-1] == over[0] else f"{over[0]}{TO}{over[-1]}"


def with_other_text(
    workspace: Workspace, doc_ids: Sequence[str], added: dict[str, pl.DataFrame]
) -> list[str]:
    """Return the documents whose sentences, languages or relations changed, or the beads they came with."""
    if not doc_ids:
        return []
    wanted = pl.col("doc_id").is_in(pl.Series(doc_ids).implode())
    other: set[str] = set()
    for name, columns in (
        ("sentences", ["doc_id", "version", "sentence", "paragraph", "text", "quoted"]),
        ("versions", ["doc_id", "version", "lang", "relation"]),
        ("imported", ["doc_id", "src_version", "tgt_version", "src_ids", "tgt_ids", "score"]),
    ):
        before = _plain(workspace.scan(name).filter(wanted).select(columns).collect())
        after = _plain(added[name].filter(wanted).select(columns))
        for one, two in ((before, after), (after, before)):
            other |= set(one.join(two, on=columns, how="anti", nulls_equal=True)["doc_id"])
    return sorted(other)


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its lists as texts, which can be compared."""
    return table.with_columns(pl.col(pl.List(pl.Int32)).cast(pl.List(pl.String)).list.join(" "))


def count_rows(doc_id: str, document: Document, fingerprint: str) -> pl.DataFrame:
    """Return a document's rows of `counts`: the words of each version, those of quoted languages apart."""
    rows: list[dict[str, Any]] = []
    for number, version in enumerate(document.versions):
        texts: dict[str | None, list[tuple[str, str]]] = {None: []}
        for sentence in version.sentences:
            lang = sentence.quoted or version.lang
            texts.setdefault(sentence.quoted, []).append((lang, sentence.text))
        about = {"doc_id": doc_id, "fingerprint": fingerprint, "version": number}
        rows += [about | {"quoted": quoted} | count_words(own) for quoted, own in texts.items()]
    return frame("counts", rows)


def candidate_ids(place: str, part: str | None = None) -> list[str]:
    """Return candidate ids of a document: its file's stem and its part's name, plain and with marks."""
    stem = document_id(place)
    mark = digest(place.encode())
    if part is not None:
        stem = f"{stem}.{_NO_NAME.sub('_', part).strip('_')[:_LONGEST_PART]}"
        mark = digest(f"{place}\0{part}".encode())
    return [stem, *(f"{stem}~{mark[:length]}" for length in (6, 12, 64))]


# What may not stand in an id: it is a name of files, too, and a colon parts it from a place.
_NO_NAME = re.compile(r"[^\w.()+=@,-]+")
_LONGEST_PART = 60

"""A document as it was read: its clean versions, what was left out of them, and the list of all."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import CorpusError
from corpus.store.paragraphs import paragraphs_of
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


def list_documents(workspace: Workspace) -> pl.DataFrame:
    """Return one row a version: doc_id, lang, relation, date, source, title and count of sentences."""
    counts = workspace.scan("sentences").group_by("doc_id", "version").len("sentences")
    return (
        workspace.scan("versions")
        .join(counts, on=["doc_id", "version"], how="left")
        .sort("doc_id", "version")
        .select(
            "doc_id", "version", "lang", "relation", "date", "date_basis", "source", "title",
            pl.col("sentences").fill_null(0),
        )
        .collect()
    )  # fmt: skip


def find_document(workspace: Workspace, name: str) -> str:
    """Return the id of the one document whose id is, or begins with, a name.

    Raises
    ------
    CorpusError
        If there is none or several; the message names those that come near.
    """
    ids = workspace.scan("documents").select("doc_id")
    begins = pl.col("doc_id").str.starts_with(name) if name else pl.lit(value=False)
    matches: list[str] = ids.filter(begins).collect()["doc_id"].to_list()
    if name in matches:
        return name
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise CorpusError(f"{name!r} is the beginning of {len(matches)} documents: {', '.join(matches[:5])}")
    some = ids.collect()["doc_id"].to_list()
    near = difflib.get_close_matches(name, some[:10_000], n=3) or some[:3]
    raise CorpusError(
        f"no document {name!r} in this workspace; there are {len(some)}, among them {', '.join(near)}"
    )


def paragraphs(workspace: Workspace, doc_id: str) -> pl.DataFrame:
    """Return a document's clean text by paragraph.

    Columns: version, lang, paragraph, kind, line, start, end, place (of its first sentence), sentence (the
    first in it), sentences (how many), text.
    """
    keys = ["version", "paragraph"]
    sentences = _of(workspace, "sentences", doc_id).sort("version", "sentence")
    # A paragraph is in another language than its version if all of it is.
    quoted = pl.when(pl.col("quoted").n_unique() == 1).then(pl.col("quoted").first())
    texts = sentences.group_by(keys, maintain_order=True).agg("text", pl.col("place").first(), quoted=quoted)
    langs = _of(workspace, "versions", doc_id).select("version", "lang")
    rows = paragraphs_of(workspace, [doc_id]).join(texts, on=keys, maintain_order="left")
    rows = rows.join(langs, on="version", maintain_order="left")
    return rows.with_columns(lang=pl.coalesce("quoted", "lang")).select(
        "version", "lang", "paragraph", "kind", "line", "start", "end", "place", "sentence", "sentences",
        text=pl.struct("lang", "text").map_elements(_joined, return_dtype=pl.String),
    )  # fmt: skip


def _joined(row: dict[str, str | list[str]]) -> str:
    lang, texts = str(row["lang"]), list(row["text"])
    return passage_text(texts, [0] * len(texts), lang)


def sentences(workspace: Workspace, doc_id: str) -> pl.DataFrame:
    """Return a document's sentences.

    Columns: version, lang, sentence, paragraph, kind, text, line, start, end, place.
    """
    langs = _of(workspace, "versions", doc_id).select("version", "lang")
    rows = _of(workspace, "sentences", doc_id).sort("version", "sentence")
    rows = rows.join(langs, on="version", maintain_order="left")
    return rows.with_columns(lang=pl.coalesce("quoted", "lang")).select(
        "version", "lang", "sentence", "paragraph", "kind", "text", "line", "start", "end", "place"
    )


def dropped(workspace: Workspace, doc_id: str) -> pl.DataFrame:
    """Return a document's dropped text: version, line, start, end, reason, text."""
    return _of(workspace, "dropped", doc_id).drop("doc_id").sort("start")


def document(workspace: Workspace, doc_id: str) -> tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]:
    """Return a document's row, its versions and its paragraphs."""
    workspace = workspace.pin()
    about = _of(workspace, "documents", doc_id).row(0, named=True)
    versions = _of(workspace, "versions", doc_id).sort("version")
    return about, versions, paragraphs(workspace, doc_id)


def _of(workspace: Workspace, name: str, doc_id: str) -> pl.DataFrame:
    return workspace.scan(name).filter(pl.col("doc_id") == doc_id).collect()

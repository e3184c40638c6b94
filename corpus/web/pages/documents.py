"""The list of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from starlette.responses import RedirectResponse, Response

from corpus.web.forms import choices
from corpus.web.tables import Column, paged
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.api.tables import Table

_COLUMNS = (
    Column("title", "Title", lang="lang"), Column("lang", "Language"), Column("date", "Date"),
    Column("source", "Source"), Column("relation", "Relation"), Column("sentences", "Sentences", ","),
    Column("doc_id", "Document"),
)  # fmt: skip


def documents(asked: Asked) -> View | Response:
    """List the documents, one row a version."""
    if not asked.studio.holds_documents:
        return RedirectResponse("/", 303)
    found: Table = asked.studio.kept("documents", {}, asked.studio.corpus.documents)
    rows = pl.DataFrame(found)
    wanted = asked.text("q")
    if wanted:
        names = pl.col("title", "doc_id", "source")
        holds = names.fill_null("").str.to_lowercase().str.contains(wanted.lower(), literal=True)
        rows = rows.filter(pl.any_horizontal(holds))
    if lang := asked.text("lang"):
        rows = rows.filter(pl.col("lang") == lang)
    shown = paged(rows, asked, _COLUMNS)
    data = {"shown": shown, "choices": choices(asked), "q": wanted, "lang": lang}
    return View("documents.html", data, {"documents": rows.to_dicts()}, rows, name="documents")


def remove(asked: Asked) -> Response:
    """Take a document out of the workspace; its file, and reviews of it, are kept."""
    asked.studio.corpus.remove(asked.params["doc"])
    return RedirectResponse("/documents", 303)

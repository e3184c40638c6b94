"""Sentences that translate each other in documents that do not, looked for in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from starlette.responses import RedirectResponse, Response

from corpus.web.jobs import Outcome
from corpus.web.paths import shown
from corpus.web.tables import Column, paged
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.api.corpus import Corpus

_SOON = 3.0
_COLUMNS = (
    Column("score", "Score", ".2f", help="Score: the probability that the pair is right"),
    Column("src", "Sentence", lang="src_lang"), Column("tgt", "Translation", lang="tgt_lang"),
    Column("doc_id", "Document"), Column("tgt_doc", "Other document"),
)  # fmt: skip


def mine(asked: Asked) -> View | Response:
    """Show what was found last."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    job = studio.jobs.last("mine")
    data: dict[str, Any] = {"job": job, "shown": None}
    if job is None or job.outcome is None:
        return View("mine.html", data, {"pairs": None})
    found: pl.DataFrame = shown(pl.DataFrame(job.outcome.value))
    data["shown"] = paged(found, asked, _COLUMNS)
    return View("mine.html", data, {"pairs": found.to_dicts()}, found, name="mined")


def look(asked: Asked) -> Response:
    """Compare the sentences of documents that are not linked, in the background."""

    def run(corpus: Corpus) -> Outcome:
        found = corpus.mine()
        return Outcome("{n} pairs of sentences are found.", {"n": len(found)}, href="/mine", value=found)

    job = asked.studio.jobs.current("mine") or asked.studio.jobs.start("mine", run)
    job.over.wait(_SOON)
    return RedirectResponse("/mine", 303)

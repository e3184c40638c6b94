"""Which documents translate each other: proposals to accept or refuse, and links by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from starlette.responses import RedirectResponse, Response

from corpus.base.errors import CorpusError
from corpus.web.jobs import Outcome
from corpus.web.tables import paged
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.api.corpus import Corpus

_SOON = 3.0


def pair(asked: Asked) -> View | Response:
    """Show what was proposed last, and what is linked."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    job = studio.jobs.last("pair")
    proposals: pl.DataFrame | None = None
    if job is not None and job.outcome is not None:
        proposals = _open(asked, job.outcome.value)
    links = studio.corpus.links()
    documents = studio.kept("documents", {}, studio.corpus.documents)
    titles = {
        row["doc_id"]: row for row in documents.unique("doc_id", keep="first", maintain_order=True).to_dicts()
    }
    data = {
        "job": job, "proposals": proposals.to_dicts() if proposals is not None else None,
        "shown": paged(links, asked), "titles": titles, "refused": studio.corpus.refusals().to_dicts(),
        "a": asked.text("a"), "b": asked.text("b"),
        "some": list(titles.values())[:500],
    }  # fmt: skip
    twin = {"proposals": data["proposals"], "links": links.to_dicts(), "refused": data["refused"]}
    return View("pair.html", data, twin, links, name="links")


def _open(asked: Asked, proposals: pl.DataFrame) -> pl.DataFrame:
    """Return the proposals that were neither linked nor refused since."""
    corpus = asked.studio.corpus
    done = {frozenset(row) for row in corpus.links().select("a", "b").iter_rows()}
    done |= {frozenset(row) for row in corpus.refusals().select("a", "b").iter_rows()}
    keep = [frozenset(row) not in done for row in proposals.select("a", "b").iter_rows()]
    return proposals.filter(pl.Series(keep, dtype=pl.Boolean))


def propose(asked: Asked) -> Response:
    """Compare the documents that are not linked, in the background."""

    def run(corpus: Corpus) -> Outcome:
        found = corpus.pair()
        return Outcome("{n} pairs of documents are proposed.", {"n": len(found)}, href="/pair", value=found)

    job = asked.studio.jobs.current("pair") or asked.studio.jobs.start("pair", run)
    job.over.wait(_SOON)
    return RedirectResponse("/pair", 303)


def _two(asked: Asked) -> tuple[str, str]:
    a, b = asked.text("a"), asked.text("b")
    if not a or not b:
        raise CorpusError(asked.told("Name two documents."))
    return a, b


def accept(asked: Asked) -> Response:
    """Link the two documents of a proposal."""
    a, b = _two(asked)
    asked.studio.corpus.link(a, b, langs=_langs(asked, a, b), by="studio")
    return _aligning(asked)


def _langs(asked: Asked, a: str, b: str) -> str | None:
    """Return which versions are meant, where a document has several."""
    langs = asked.text("a_lang"), asked.text("b_lang")
    several = asked.studio.corpus.documents().group_by("doc_id").len().filter(pl.col("len") > 1)["doc_id"]
    return "-".join(langs) if all(langs) and {a, b} & set(several) else None


def refuse(asked: Asked) -> Response:
    """Keep that two documents are no translations; or take that back."""
    a, b = _two(asked)
    if asked.text("back"):
        asked.studio.corpus.allow(a, b)
    else:
        asked.studio.corpus.refuse(a, b)
    return RedirectResponse("/pair", 303)


def link(asked: Asked) -> Response:
    """Link two documents that were named."""
    a, b = _two(asked)
    asked.studio.corpus.link(a, b, original=a if asked.on("original") else None, by=asked.text("by") or None)
    return _aligning(asked)


def unlink(asked: Asked) -> Response:
    """Take back the link between two documents."""
    asked.studio.corpus.unlink(*_two(asked))
    return RedirectResponse("/pair", 303)


def _aligning(asked: Asked) -> Response:
    asked.studio.prepare()
    return RedirectResponse("/pair", 303)

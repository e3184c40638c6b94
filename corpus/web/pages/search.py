"""Searching by meaning and words, in all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from corpus.base.errors import CorpusError
from corpus.web.forms import selection
from corpus.web.paths import shown
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.search.searcher import Similar

_LOOKED_AT = 30  # hits that facets count
_A_PAGE = 10
_MODES = ("hybrid", "lexical", "dense")


def search(asked: Asked) -> View | Response:
    """Search, and show what was found and why, or why nothing was."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    waiting = studio.prepare()
    query, mode = asked.text("q"), asked.text("mode", "hybrid")
    if mode not in _MODES:
        raise CorpusError(f"mode: {mode[:40]!r} is none of {', '.join(_MODES)}")
    data: dict[str, Any] = {
        "q": query,
        "mode": mode,
        "waiting": waiting,
        "found": None,
        "given": _given(asked),
    }
    if not query:
        return View("search.html", data, {"query": ""})
    found = _found(asked, query, mode)
    if found is None:
        return View("search.html", data | {"q": query}, {"query": query, "waiting": True})
    from corpus.search.facets import facets

    hits = shown(found.hits)
    pages = max(1, -(-len(hits) // _A_PAGE))
    page = min(asked.number("page", 1, least=1), pages)
    rows = hits.slice((page - 1) * _A_PAGE, _A_PAGE).to_dicts()
    counted = facets(hits.head(found.close))
    data |= {
        "found": found, "hits": rows, "page": page, "pages": pages, "facets": _facets(counted.to_dicts()),
        "why_nothing": _why_nothing(asked, found), "by_words": mode == "lexical", "looked_at": _LOOKED_AT,
    }  # fmt: skip
    twin = {
        "query": query, "close": found.close, "threshold": found.threshold, "best": found.best,
        "undated": found.undated, "searched": found.searched, "meant": found.meant,
        "variants": [one.name for one in found.variants], "snapshot": found.snapshot.to_dict(),
        "facets": counted.to_dicts(), "hits": hits.to_dicts(),
    }  # fmt: skip
    return View("search.html", data, twin, hits, name=f"search-{query}")


def _found(asked: Asked, query: str, mode: str) -> Similar | None:
    """Return what a query finds; None where nothing is indexed yet."""
    from corpus.api.arguments import selection_of
    from corpus.search.query import check_query

    check_query(query)
    where = selection(asked)
    within = selection_of(**where)
    try:
        searcher = asked.studio.searcher(mode)
    except CorpusError:
        if asked.studio.jobs.current() is None:
            raise
        return None
    options = {"q": query, "mode": mode} | where
    found: Similar = asked.studio.kept(
        "search", options, lambda: searcher.find(query, k=_LOOKED_AT, within=within)
    )
    return found


def _given(asked: Asked) -> list[tuple[str, str]]:
    """Return by what the search is narrowed: option and value."""
    given = [(name, asked.text(name)) for name in ("lang", "since", "until") if asked.text(name)]
    return [
        *given,
        *(("source", one) for one in asked.texts("source")),
        *(("doc", one) for one in asked.texts("doc")),
    ]


def _facets(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    held: dict[str, list[dict[str, Any]]] = {"lang": [], "decade": [], "source": []}
    for row in rows:
        held[row["facet"]].append(row)
    return held


def _why_nothing(asked: Asked, found: Similar) -> str:
    if not found.searched:
        return asked.told("Nothing was searched: no text is of these languages, dates and sources.")
    if found.best is None:
        return asked.told("No word of it stands in any text.")
    return asked.told(
        "The nearest passage scores {best}, and below {threshold} it is likelier about something else.",
        best=f"{found.best:.2f}", threshold=f"{found.threshold:.2f}",
    )  # fmt: skip

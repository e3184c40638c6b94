"""Options of the pages that count, as `corpus.api` takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from corpus.web.views import Asked


def selection(asked: Asked) -> dict[str, Any]:
    """Return which texts are meant: lang, since, until, doc, source."""
    given = {name: asked.text(name) or None for name in ("lang", "since", "until")}
    return given | {"doc": asked.texts("doc"), "source": asked.texts("source")}


def pattern_options(asked: Asked) -> dict[str, Any]:
    """Return how a pattern is read, and what is counted once; files of variants have paths, so none."""
    return {
        "regex": asked.on("regex"),
        "variants": "none" if asked.on("exact") else None,
        "once": asked.on("once"),
        "refresh": False,
    }


def choices(asked: Asked) -> dict[str, list[str]]:
    """Return what there is to choose of in a workspace: languages and sources."""
    return asked.studio.kept("choices", {}, lambda: _choices(asked.studio.corpus.documents()))


def _choices(versions: pl.DataFrame) -> dict[str, list[str]]:
    langs = versions["lang"].unique().sort().to_list()
    sources = (
        versions.group_by("source").len().drop_nulls("source").sort("len", "source", descending=[True, False])
    )
    return {"langs": langs, "sources": sources.head(200)["source"].to_list()}

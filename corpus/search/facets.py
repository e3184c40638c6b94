"""How the hits of a search are spread: over languages, decades and sources."""

from __future__ import annotations

import polars as pl

FACETS = pl.Schema({"facet": pl.String, "value": pl.String, "hits": pl.UInt32})
"""One row a value of ``lang``, ``decade`` or ``source``: how many hits have it, the most first; decades in
order, those unknown last. A source that is unknown is no value."""


def facets(hits: pl.DataFrame) -> pl.DataFrame:
    """Count hits (`corpus.search.results.HITS`) by language, decade and source (`FACETS`)."""
    parts = []
    for name in ("lang", "decade", "source"):
        counted = hits.group_by(pl.col(name).alias("value")).agg(hits=pl.len()).drop_nulls("value")
        order = (
            counted.sort(pl.col("value") == "unknown", "value")
            if name == "decade"
            else counted.sort("hits", "value", descending=[True, False])
        )
        parts.append(order.select(facet=pl.lit(name), value="value", hits="hits"))
    return pl.concat(parts).cast({"hits": FACETS["hits"]})

"""Which versions are to be aligned with which: a document's own, what is linked, and what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.documents.links import Works, linked_pairs
from corpus.store.beads import PAIR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.store.workspace import Workspace

_LANGS = "langs"  # the note of the languages that were asked for


def wanted_pairs(workspace: Workspace) -> pl.DataFrame:
    """Return all pairs of versions that are to be aligned (`PAIR`), and the `link` that says so, if any."""
    several = workspace.scan("versions").filter(pl.len().over("doc_id") > 1)
    versions = several.select("doc_id", "version", "relation").collect()
    # The source is the original, else the first version.
    sources = (
        versions.sort("doc_id", pl.col("relation") != "original", "version")
        .unique("doc_id", keep="first", maintain_order=True)
        .select("doc_id", src_version="version")
    )
    own = (
        versions.select("doc_id", tgt_version="version")
        .join(sources, on="doc_id")
        .filter(pl.col("src_version") != pl.col("tgt_version"))
        .select(
            "doc_id",
            "src_version",
            tgt_doc="doc_id",
            tgt_version="tgt_version",
            link=pl.lit(None, dtype=pl.String),
        )
    )
    pairs = linked_pairs(workspace)
    linked = [(*pair.src, *pair.tgt, pair.row["link"]) for pair in pairs]
    schema = own.schema
    wanted = pl.concat([own, pl.DataFrame(linked, schema=schema, orient="row")])
    came_in = workspace.scan("imported").select("doc_id", "src_version", "tgt_version").unique().collect()
    came_in = came_in.sort("doc_id", "src_version", "tgt_version").select(
        "doc_id",
        "src_version",
        tgt_doc="doc_id",
        tgt_version="tgt_version",
        link=pl.lit(None, dtype=pl.String),
    )
    wanted = pl.concat([wanted, came_in])
    asked = workspace.state().about.get(_LANGS, {}).get("pairs", [])
    if asked:
        wanted = pl.concat([wanted, _in_languages(workspace, Works(pairs), asked, schema)])
    # Whichever way round, once: what was linked or is a document's own comes first.
    ends = [pl.concat_str(doc, pl.lit(" "), version) for doc, version in (PAIR[:2], PAIR[2:])]
    key = pl.concat_list(ends).list.sort().list.join("\n")
    return wanted.with_columns(key=key).unique("key", keep="first", maintain_order=True).drop("key")


def _in_languages(
    workspace: Workspace, works: Works, asked: Sequence[Sequence[str]], schema: pl.Schema
) -> pl.DataFrame:
    """Return the pairs of versions in some pairs of languages, in each work."""
    versions = workspace.scan("versions").select("doc_id", "version", "lang").collect()
    ids = versions["doc_id"].unique()
    of = pl.DataFrame({"doc_id": ids, "work": [works.of(doc_id) for doc_id in ids]})
    versions = versions.join(of, on="doc_id", maintain_order="left").sort("doc_id", "version")
    parts = []
    for src, tgt in asked:
        one, other = (versions.filter(pl.col("lang") == lang) for lang in (src, tgt))
        both = one.join(other, on="work", maintain_order="left_right").select(
            "doc_id", src_version="version", tgt_doc="doc_id_right", tgt_version="version_right",
            link=pl.lit(None, dtype=pl.String),
        )  # fmt: skip
        same = (pl.col("doc_id") == pl.col("tgt_doc")) & (pl.col("src_version") == pl.col("tgt_version"))
        parts.append(both.filter(~same).select(schema.names()))
    return pl.concat(parts)


def keep_langs(workspace: Workspace, langs: Sequence[tuple[str, str]] | None) -> None:
    """Note in a workspace which pairs of languages are aligned in every work, if any are named."""
    pairs = [list(pair) for pair in langs or ()]
    if langs is not None and pairs != workspace.state().about.get(_LANGS, {}).get("pairs", []):
        with workspace.change() as change:
            change.note(_LANGS, {"pairs": pairs})

"""What stands beside a sentence in the other language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.store.beads import beads_of, both_ways
from corpus.store.schemas import KEYS, SENTENCE, DataType
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


_COUNTERPARTS: dict[str, DataType] = {
    "doc_id": pl.String,
    "version": pl.Int32,
    "sentence": pl.Int32,
    "counterparts": pl.List(
        pl.Struct({"lang": pl.String, "text": pl.String, "score": pl.Float64, "bead": pl.Int32})
    ),
}
COUNTERPARTS = pl.Schema(_COUNTERPARTS)
"""The other side of each bead that a sentence is in: its language, its text, the bead's score and
number."""


def counterparts(workspace: Workspace, sentences: pl.DataFrame) -> pl.DataFrame:
    """Return the counterparts of sentences in the other languages.

    Parameters
    ----------
    sentences
        With `doc_id`, `version` and `sentence`.

    Returns
    -------
    polars.DataFrame
        `COUNTERPARTS`, without sentences that are aligned with nothing.
    """
    wanted = sentences.select(SENTENCE).unique()
    beads = both_ways(beads_of(workspace, wanted["doc_id"].unique()), "bead", "score")
    sides = (
        beads.filter(pl.col("other_ids").list.len() > 0)
        .rename({"ids": "sentence", "other_version": "other", "other_ids": "ids"})
        .explode("sentence")
        .collect()
        .join(wanted, on=SENTENCE, how="semi", maintain_order="left")
    )
    if sides.is_empty():
        return pl.DataFrame(schema=COUNTERPARTS)
    texts = _texts(workspace, sides)
    return (
        sides.join(texts, on=["other_doc", "other", "ids"])
        .sort(*SENTENCE, pl.col("other_doc") != pl.col("doc_id"), "other_doc", "other", "bead")
        .group_by(SENTENCE, maintain_order=True)
        .agg(pl.struct("lang", "text", "score", "bead").alias("counterparts"))
        .select(pl.col(name).cast(kind) for name, kind in COUNTERPARTS.items())
    )


def _texts(workspace: Workspace, sides: pl.DataFrame) -> pl.DataFrame:
    """Return the text and language of the other side of each bead: other_doc, other, ids, lang, text."""
    places = sides.select(doc_id="other_doc", other="other", ids="ids").unique()
    parts = places.with_row_index("place").with_columns(sentence="ids").explode("sentence")
    documents = parts.select("doc_id").unique().lazy()
    sentences = workspace.scan("sentences").join(documents, on="doc_id", how="semi")
    langs = workspace.scan("versions").select(*KEYS, "lang")
    grouped = (
        parts.lazy()
        .rename({"other": "version"})
        .join(sentences.select(*SENTENCE, "text", "paragraph"), on=SENTENCE)
        .join(langs, on=KEYS)
        .sort("place", "sentence")
        .group_by("place", maintain_order=True)
        .agg(pl.col("doc_id", "version", "ids", "lang").first(), "text", "paragraph")
        .collect()
    )
    joined = [
        passage_text(texts, paragraphs, lang)
        for texts, paragraphs, lang in grouped.select("text", "paragraph", "lang").iter_rows()
    ]
    return grouped.select(other_doc="doc_id", other="version", ids="ids", lang="lang").with_columns(
        text=pl.Series(joined, dtype=pl.String)
    )

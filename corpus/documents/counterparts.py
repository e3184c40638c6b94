"""What stands beside a sentence in the other language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

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
    documents = wanted.select("doc_id").unique().lazy()
    beads = workspace.scan("beads").join(documents, on="doc_id", how="semi").collect()
    sides = pl.concat(
        beads.filter(pl.col(f"{other}_ids").list.len() > 0)
        .select(
            "doc_id",
            pl.col(f"{own}_version").alias("version"),
            pl.col(f"{own}_ids").alias("sentence"),
            "bead",
            "score",
            pl.col(f"{other}_version").alias("other"),
            pl.col(f"{other}_ids").alias("ids"),
        )
        .explode("sentence")
        for own, other in (("src", "tgt"), ("tgt", "src"))
    ).join(wanted, on=SENTENCE, how="semi")
    if sides.is_empty():
        return pl.DataFrame(schema=COUNTERPARTS)
    texts = _texts(workspace, sides)
    return (
        sides.join(texts, on=["doc_id", "other", "ids"])
        .sort(*SENTENCE, "other", "bead")
        .group_by(SENTENCE, maintain_order=True)
        .agg(pl.struct("lang", "text", "score", "bead").alias("counterparts"))
        .select(pl.col(name).cast(kind) for name, kind in COUNTERPARTS.items())
    )


def _texts(workspace: Workspace, sides: pl.DataFrame) -> pl.DataFrame:
    """Return the text and language of the other side of each bead: doc_id, other, ids, lang, text."""
    places = sides.select("doc_id", "other", "ids").unique()
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
    return grouped.select("doc_id", other="version", ids="ids", lang="lang").with_columns(
        text=pl.Series(joined, dtype=pl.String)
    )

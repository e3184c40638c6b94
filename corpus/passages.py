"""What a search looks through and shows: sentences that pass a filter, and the beads they are in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.language import main_script
from corpus.pairs import passage_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.dates import PartialDate
    from corpus.workspace import Workspace

UNKNOWN_DECADE = "unknown"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which passages to search. A date known in part passes where its interval overlaps."""

    lang: str | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None


def searchable(workspace: Workspace, within: Filter) -> pl.DataFrame:
    """Return the sentences that pass a filter, with their provenance and the bead they are in.

    The columns of `sentences` and `versions`, `file`, `decade`, and `bead_row` and `side` for aligned
    sentences. A translation that has no date of its own has its original's, and says so in
    `date_basis`.
    """
    keys = ["doc_id", "version"]
    versions = workspace.table("versions").join(
        workspace.table("documents").select("doc_id", "file"), on="doc_id"
    )
    originals = (
        versions.filter(pl.col("relation") == "original")
        .select(
            "doc_id",
            *(pl.col(name).alias(f"original_{name}") for name in ("date", "date_first", "date_last")),
        )
        .unique("doc_id", keep="first", maintain_order=True)
    )
    versions = versions.join(originals, on="doc_id", how="left").with_columns(
        date_basis=pl.when(pl.col("date").is_null() & pl.col("original_date").is_not_null())
        .then(pl.lit("original"))
        .otherwise("date_basis"),
        **{name: pl.coalesce(name, f"original_{name}") for name in ("date", "date_first", "date_last")},
    )
    if within.lang is not None:
        versions = versions.filter(pl.col("lang") == within.lang)
    if within.since is not None:
        versions = versions.filter(pl.col("date_last") >= within.since.first)
    if within.until is not None:
        versions = versions.filter(pl.col("date_first") <= within.until.last)
    versions = versions.with_columns(
        decade=(pl.col("date_first").dt.year() // 10 * 10).cast(pl.String).add("s").fill_null(UNKNOWN_DECADE)
    )
    beads = _sentence_beads(workspace)
    return (
        workspace.table("sentences").join(versions, on=keys).join(beads, on=[*keys, "sentence"], how="left")
    )


def count_undated(workspace: Workspace, within: Filter) -> int:
    """Return how many sentences a filter by date leaves out because no date is known for them."""
    if within.since is None and within.until is None:
        return 0
    return len(searchable(workspace, Filter(lang=within.lang)).filter(pl.col("date_first").is_null()))


def _sentence_beads(workspace: Workspace) -> pl.DataFrame:
    """Return which bead, by its row number, each aligned sentence is in."""
    beads = (
        workspace.table("beads")
        .with_row_index("bead_row")
        .filter((pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0))
    )
    sides = [
        beads.select(
            "doc_id",
            pl.col(f"{side}_version").alias("version"),
            pl.col(f"{side}_ids").alias("sentence"),
            "bead_row",
            pl.lit(side).alias("side"),
        ).explode("sentence")
        for side in ("src", "tgt")
    ]
    # An original aligned with two translations is in two beads; the first stands for it.
    return pl.concat(sides).unique(["doc_id", "version", "sentence"], keep="first", maintain_order=True)


_APOSTROPHES = str.maketrans("‘’´`“”", "''''\"\"")


def literal(query: str) -> pl.Expr:
    """Return whether a sentence holds a query word for word, whatever its case, width, quotes and spacing."""
    normal = " ".join(unicodedata.normalize("NFKC", query.translate(_APOSTROPHES)).split())
    pattern = re.escape(normal).replace(r"\ ", r"\s+")
    # "art" does not stand in "party"; Chinese has no such boundaries, and Korean puts particles there.
    if main_script(query) not in ("cjk", "hangul"):
        pattern = (r"\b" if normal[0].isalnum() else "") + pattern + (r"\b" if normal[-1].isalnum() else "")
    sentence = pl.col("text").str.replace_all("[‘’´`]", "'").str.replace_all("[“”]", '"')
    return sentence.str.normalize("NFKC").str.contains(f"(?i){pattern}")


class Shown:
    """What a hit shows: the text of its bead's sides."""

    def __init__(self, workspace: Workspace) -> None:
        self._beads = workspace.table("beads")
        self._sentences = workspace.table("sentences")
        self._langs = {
            (doc_id, version): lang
            for doc_id, version, lang in workspace.table("versions")
            .select("doc_id", "version", "lang")
            .iter_rows()
        }

    def sides(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of `HITS` that come from a row's bead."""
        bead = self._beads.row(row["bead_row"], named=True)
        own, other = ("src", "tgt") if row["side"] == "src" else ("tgt", "src")
        here = self._rows(row["doc_id"], bead[f"{own}_version"], bead[f"{own}_ids"])
        there = self._rows(row["doc_id"], bead[f"{other}_version"], bead[f"{other}_ids"])
        other_lang = self._langs[row["doc_id"], bead[f"{other}_version"]]
        return {
            "text": _joined(here, row["lang"]),
            "line": here["line"][0],
            "start": here["start"][0],
            "end": here["end"][-1],
            "translation": _joined(there, other_lang),
            "translation_lang": other_lang,
        }

    def _rows(self, doc_id: str, version: int, ids: Sequence[int]) -> pl.DataFrame:
        return self._sentences.filter(
            (pl.col("doc_id") == doc_id)
            & (pl.col("version") == version)
            & pl.col("sentence").is_in(list(ids))
        ).sort("sentence")


def _joined(sentences: pl.DataFrame, lang: str) -> str:
    return passage_text(sentences["text"].to_list(), sentences["paragraph"].to_list(), lang)

"""How often a pattern stands in the texts of each stretch of time, with what was searched.

Instead of what holds the pattern, sentences that are similar to it can be counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.diachrony.periods import Bin, bin_of, bins_by, bins_cut
from corpus.documents.subcorpus import Selection, select_versions
from corpus.linguistics.matches import find_matches
from corpus.linguistics.measures import per_10k
from corpus.linguistics.word_counts import words_without
from corpus.reuse.repeats import ensure_compared
from corpus.reuse.subcorpus import Subcorpus, open_subcorpus
from corpus.store.schemas import PART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.linguistics.patterns import Pattern
    from corpus.search.threshold_search import Level
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace
    from corpus.text.dates import PartialDate


TIMELINE = pl.Schema(
    {
        "bin": pl.String,
        "kind": pl.String,
        "lang": pl.String,
        "first": pl.Date,
        "last": pl.Date,
        "documents": pl.UInt32,
        "sentences": pl.UInt32,
        "words": pl.UInt64,
        "hits": pl.UInt32,
        "hit_documents": pl.UInt32,
        "per_10k": pl.Float64,
        "repeats": pl.UInt32,
        "dated_by_original": pl.UInt32,
        "perhaps": pl.UInt32,
        "encoder": pl.String,
        "threshold": pl.Float64,
    }
)
"""One row a bin and language.

`kind` is ``bin``; ``partial`` for texts whose date is not known well enough to say in which bin they are
(`bin` then is the date); ``undated`` for texts without one. `documents`, `sentences` and `words` are what was
searched; `per_10k` is hits per 10,000 of those words, null where nothing was searched: no documents is not
the same as no hits. `repeats` is how many hits stand in sentences that repeat an earlier one
(`corpus.reuse.repeats`): they are among the hits, unless sentences are counted once. `dated_by_original` of
the documents are translations without a date of their own, which stand in their original's bin. `perhaps` is
how many documents with a partial date may belong here.

Hits are matches of the pattern, and `encoder` and `threshold` null; or they are sentences whose cosine with
it, under this encoder, reaches this threshold (`corpus.search.threshold_search`)."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A timeline, and what it was made over.

    Attributes
    ----------
    rows
        `TIMELINE`: bins in order, then partial dates, then the undated.
    bins
        The bins, those without documents included.
    once
        Whether a sentence that stands in several places was counted at its earliest only.
    level
        What a sentence had to reach to be counted as similar; None where matches are counted.
    undated
        How many versions were left out because the selection is by date and they have none.
    snapshot
        Of the workspace.
    """

    rows: pl.DataFrame
    bins: tuple[Bin, ...]
    once: bool
    level: Level | None
    undated: int
    snapshot: Snapshot


def timeline(
    workspace: Workspace,
    pattern: Pattern,
    *,
    selection: Selection | None = None,
    by: str = "decade",
    cuts: Sequence[PartialDate] = (),
    once: bool = False,
    progress: Progress | None = None,
) -> Timeline:
    """Count a pattern over time.

    Parameters
    ----------
    workspace, selection, pattern
        Where, and what.
    by
        ``decade``, ``year`` or ``month``: bins from the first date there is to the last.
    cuts
        Begin a bin at each of these dates instead.
    once
        Count a sentence that stands in several places at its earliest only (`corpus.reuse.repeats`), among
        the hits and among the words searched. Sentences that were not compared yet are
        (`corpus.reuse.repeats.ensure_compared`, which see for errors).
    progress
        Called with how many sentences are counted, where the words of some are not counted yet.

    Raises
    ------
    CorpusError
        If the selection or the bins are refused.
    """
    over = searched(open_subcorpus(workspace, selection, once=once), by=by, cuts=cuts, progress=progress)
    return over.timeline(find_matches(over.within.workspace, pattern, over.within.versions))


def similar_timeline(
    workspace: Workspace,
    query: str,
    *,
    encoder: Encoder | str = "use",
    threshold: float | None = None,
    selection: Selection | None = None,
    by: str = "decade",
    cuts: Sequence[PartialDate] = (),
    once: bool = False,
    progress: Progress | None = None,
) -> Timeline:
    """Count the sentences that are similar to a query over time: similar, whatever they say.

    Parameters
    ----------
    workspace, selection, by, cuts, once
        See `timeline`.
    query, encoder, threshold, progress
        See `corpus.search.threshold_search.similar_sentences`. A sentence that stands in several places
        counts in each.

    Raises
    ------
    CorpusError
        If the query, the threshold, the selection or the bins are refused.
    """
    from corpus.search.threshold_search import similar_sentences

    make_bins(select_versions(workspace, selection).versions, by, cuts)  # refused before anything is encoded
    ensure_compared(workspace, once=once)
    similar = similar_sentences(
        workspace, query, selection=selection, encoder=encoder, threshold=threshold, progress=progress
    )
    within = open_subcorpus(similar.workspace, selection, once=once)
    over = searched(within, by=by, cuts=cuts, progress=progress)
    return over.timeline(similar.sentences, similar.level)


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched for a timeline.

    Attributes
    ----------
    within
        Where.
    counted
        Its versions, placed in bins (`place_versions`), with the `sentences` and `words` of each that count.
    bins
        In order.
    """

    within: Subcorpus
    counted: pl.DataFrame
    bins: tuple[Bin, ...]

    def timeline(self, places: pl.DataFrame, level: Level | None = None) -> Timeline:
        """Return the timeline of hits, each with the doc_id, version, quoted and sentence it is in."""
        first = self.within.first(places)
        every = places.group_by(PART).agg(every=pl.len())
        counts = (
            every.join(first.group_by(PART).agg(first=pl.len()), on=PART, how="left", nulls_equal=True)
            .with_columns(pl.col("first").fill_null(0))
            .select(
                *PART,
                hits="first" if self.within.once else "every",
                repeats=pl.col("every") - pl.col("first"),
            )
        )
        rows = timeline_rows(self.counted.join(counts, on=PART, how="left", nulls_equal=True), self.bins)
        if level is not None:
            rows = rows.with_columns(encoder=pl.lit(level.encoder), threshold=pl.lit(level.threshold))
        over = self.within
        return Timeline(rows, self.bins, over.once, level, over.undated, over.snapshot)


def searched(
    within: Subcorpus, *, by: str, cuts: Sequence[PartialDate], progress: Progress | None
) -> Searched:
    """Place the versions of a subcorpus in bins, and count their words."""
    bins = make_bins(within.versions, by, cuts)
    left_out = within.repeated if within.once else within.repeated.clear()
    sizes = words_without(within.workspace, within.versions, left_out, progress=progress)
    return Searched(
        within, place_versions(within.versions, bins).join(sizes, on=PART, nulls_equal=True), bins
    )


def make_bins(versions: pl.DataFrame, by: str, cuts: Sequence[PartialDate] = ()) -> tuple[Bin, ...]:
    """Return the bins that begin at cut points, or without any those of a unit that dates fall in."""
    if cuts:
        return tuple(bins_cut(cuts))
    dated = versions.filter(pl.col("date_first").is_not_null())
    if dated.is_empty():
        bins_by(by, dt.date.min, dt.date.min)  # refuses what is no unit
        return ()
    return tuple(bins_by(by, dated["date_first"].min(), dated["date_last"].max()))  # type: ignore[arg-type]


def place_versions(versions: pl.DataFrame, bins: Sequence[Bin]) -> pl.DataFrame:
    """Return versions with `bin` and `kind` as in `TIMELINE`, and `number`, the bin's, null without one."""
    dates = versions.select("date", "date_first", "date_last").unique()
    numbers = [
        None if first is None else bin_of(bins, first, last)
        for first, last in dates.select("date_first", "date_last").iter_rows()
    ]
    labels = pl.DataFrame(
        {"number": range(len(bins)), "bin": [one.label for one in bins]},
        schema={"number": pl.Int32, "bin": pl.String},
    )
    placed = dates.with_columns(pl.Series("number", numbers, dtype=pl.Int32)).join(
        labels, on="number", how="left"
    )
    kind = (
        pl.when(pl.col("date").is_null())
        .then(pl.lit("undated"))
        .when(pl.col("number").is_null())
        .then(pl.lit("partial"))
        .otherwise(pl.lit("bin"))
    )
    return versions.join(
        placed.with_columns(kind=kind, bin=pl.coalesce("bin", "date", pl.lit("undated"))),
        on=["date", "date_first", "date_last"],
        nulls_equal=True,
    )


_KINDS = ("bin", "partial", "undated")
BY_KIND = pl.col("kind").replace_strict(_KINDS, range(len(_KINDS)), return_dtype=pl.Int32)
"""Sorts rows of `place_versions`'s kinds: bins, then partial dates, then what is undated."""


_COUNTS = ("documents", "sentences", "words", "hits", "hit_documents", "repeats", "dated_by_original")


def timeline_rows(counted: pl.DataFrame, bins: Sequence[Bin]) -> pl.DataFrame:
    """Return `TIMELINE` of versions with `bin`, `kind` (`place_versions`), and what is counted of each."""
    hits = pl.col("hits").fill_null(0)
    sums = counted.group_by("kind", "bin", "lang").agg(
        documents=pl.col("doc_id").n_unique(),
        sentences=pl.col("sentences").sum(),
        words=pl.col("words").sum(),
        hits=hits.sum(),
        hit_documents=pl.col("doc_id").filter(hits > 0).n_unique(),
        repeats=pl.col("repeats").sum(),
        dated_by_original=pl.col("doc_id").filter(pl.col("date_basis") == "original").n_unique(),
        first=pl.col("date_first").min(),
        last=pl.col("date_last").max(),
    )
    frame = pl.DataFrame(
        [("bin", number, one.label, one.first, one.last) for number, one in enumerate(bins)],
        schema={"kind": pl.String, "number": pl.Int32, "bin": pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
    langs = counted.select("lang").unique()
    every = frame.join(langs, how="cross").join(
        sums.drop("first", "last"), on=["kind", "bin", "lang"], how="left"
    )
    apart = sums.filter(pl.col("kind") != "bin").with_columns(number=pl.lit(None, dtype=pl.Int32))
    partial = apart.filter(pl.col("kind") == "partial").to_dicts()
    return (
        pl.concat([every, apart.select(every.columns)], how="vertical_relaxed")
        .with_columns(pl.col(_COUNTS).fill_null(0))
        .with_columns(
            encoder=pl.lit(None),
            threshold=pl.lit(None),
            per_10k=per_10k(pl.col("hits"), pl.col("words")),
            perhaps=pl.struct("kind", "lang", "first", "last").map_elements(
                lambda row: _perhaps(row, partial), return_dtype=pl.UInt32
            ),
        )
        .sort(BY_KIND, "number", "bin", "lang")
        .select(pl.col(name).cast(kind) for name, kind in TIMELINE.items())
    )


def _perhaps(row: dict[str, Any], partial: Sequence[dict[str, Any]]) -> int:
    """Return the number of partly dated documents that may belong in a bin."""
    return sum(
        one["documents"]
        for one in partial
        if row["kind"] == "bin"
        and one["lang"] == row["lang"]
        and (row["first"] is None or one["last"] >= row["first"])
        and (row["last"] is None or one["first"] <= row["last"])
    )

"""Concordances: every match of a pattern in its context (KWIC), with what it is aligned to."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.counterparts import COUNTERPARTS, counterparts
from corpus.documents.links import linked_documents
from corpus.linguistics.matches import find_matches
from corpus.reuse.subcorpus import open_subcorpus
from corpus.store.beads import scan_beads
from corpus.store.schemas import PART, PROVENANCE, SENTENCE, DataType
from corpus.text.tokens import tokenise

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.documents.subcorpus import Selection
    from corpus.linguistics.patterns import Pattern
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace

_LINE: dict[str, DataType] = {
    "date": pl.String,
    "lang": pl.String,
    "left": pl.String,
    "node": pl.String,
    "right": pl.String,
    "form": pl.String,
    "counterparts": COUNTERPARTS["counterparts"],
    "doc_id": pl.String,
    "version": pl.Int32,
    "sentence": pl.Int32,
}
_NODE: dict[str, DataType] = {"node_start": pl.Int64, "node_end": pl.Int64}

LINES = pl.Schema(_LINE | PROVENANCE | _NODE)
"""One row a match. `left`, `node` and `right` are the sentence, cut; `form` is the form of the pattern
that matched; `counterparts` the other side of each bead the sentence is in (`matches.COUNTERPARTS`).
`line`, `start` and `end` place the sentence in its file, `node_start` and `node_end` the match: code-point
offsets, null where white space was squeezed out of the sentence and the offset cannot be told.
`date_basis` is ``original`` for a translation that has its original's date."""

SORTS = "L1…L9, R1…R9, node, date, doc"

_POSITION = re.compile(r"([LR])([1-9])")


@dataclass(frozen=True, slots=True)
class Concordance:
    """A concordance, and what it was made over.

    Attributes
    ----------
    lines
        `LINES`, as sorted.
    matches
        How many matches there are; more than lines if a sample was asked for.
    once
        Whether a sentence that stands in several places is shown at its earliest only.
    repeats
        How many matches stand in sentences that repeat an earlier one (`corpus.reuse.repeats`): they are
        among the matches, unless sentences are shown once.
    documents
        How many documents hold one.
    searched
        How many documents were searched.
    undated
        How many versions were left out because the selection is by date and they have none.
    unaligned
        How many documents with a match hold several languages and are not aligned.
    snapshot
        Of the workspace.
    """

    lines: pl.DataFrame
    matches: int
    once: bool
    repeats: int
    documents: int
    searched: int
    undated: int
    unaligned: int
    snapshot: Snapshot


def concordance(
    workspace: Workspace,
    pattern: Pattern,
    *,
    selection: Selection | None = None,
    sort: str = "date",
    sample: int | None = None,
    seed: int = 0,
    once: bool = False,
    progress: Progress | None = None,
) -> Concordance:
    """Make a concordance.

    Parameters
    ----------
    workspace, selection
        Where to look.
    pattern
        What for (`corpus.linguistics.patterns.compile_pattern`).
    sort
        By the n-th word to the left or right of the match (``L1`` … ``R9``), by the match itself
        (``node``), by ``date`` (unknown last) or by ``doc``. Equals stand by document and place.
    sample
        Take so many matches at random, each with equal chance, and `seed` decides which.
    once
        Show a sentence that stands in several places at its earliest only: the lines are what `timeline`
        counts with it. Sentences that were not compared yet are (`corpus.reuse.repeats.ensure_compared`,
        which see for errors).
    progress
        See `matches.find_matches`.

    Raises
    ------
    CorpusError
        If there is no such way to sort, or the selection holds nothing.
    """
    if sort not in ("node", "date", "doc") and not _POSITION.fullmatch(sort):
        raise CorpusError(f"cannot sort by {sort!r}: {SORTS}")
    over = open_subcorpus(workspace, selection, once=once)
    every = find_matches(over.workspace, pattern, over.versions, progress=progress)
    first = over.first(every)
    found = first if once else every
    taken = found if sample is None else _sampled(found, sample, seed)
    lines = _lines(over.workspace, pattern, taken, over.versions)
    return Concordance(
        lines=_sorted(lines, sort),
        matches=len(found),
        once=once,
        repeats=len(every) - len(first),
        documents=found["doc_id"].n_unique(),
        searched=over.versions["doc_id"].n_unique(),
        undated=over.undated,
        unaligned=_count_unaligned(over.workspace, found),
        snapshot=over.snapshot,
    )


def _count_unaligned(workspace: Workspace, matches: pl.DataFrame) -> int:
    documents = matches.select("doc_id").unique().lazy()
    several = workspace.scan("versions").group_by("doc_id").len().filter(pl.col("len") > 1)
    several = pl.concat([several.select("doc_id"), linked_documents(workspace).lazy()])
    beads = scan_beads(workspace)
    aligned = pl.concat([beads.select("doc_id"), beads.select(doc_id="tgt_doc")]).unique()
    unaligned = documents.join(several, on="doc_id", how="semi").join(aligned, on="doc_id", how="anti")
    return int(unaligned.select(pl.len()).collect().item())


def _sampled(matches: pl.DataFrame, size: int, seed: int) -> pl.DataFrame:
    # The standard library's generator, whose choices do not change between versions of polars or numpy.
    chosen = sorted(random.Random(seed).sample(range(len(matches)), min(size, len(matches))))
    return matches[chosen]


def _lines(
    workspace: Workspace, pattern: Pattern, matches: pl.DataFrame, versions: pl.DataFrame
) -> pl.DataFrame:
    """Return `LINES` of some matches, in their order."""
    places = matches.select(SENTENCE).unique().lazy()
    sentences = (
        workspace.scan("sentences")
        .join(places, on=SENTENCE, how="semi")
        .select(*SENTENCE, "text", "line", "start", "end", "place")
        .collect()
    )
    # Where nothing was squeezed out, characters of the text are characters of the file.
    exact = pl.col("text").str.len_chars() == pl.col("end") - pl.col("start")
    forms = pl.DataFrame({"form": range(len(pattern.forms)), "form_text": pattern.forms})
    return (
        matches.join(sentences, on=SENTENCE, maintain_order="left")
        .join(versions, on=PART, nulls_equal=True, maintain_order="left")
        .join(counterparts(workspace, matches), on=SENTENCE, how="left", maintain_order="left")
        .join(forms.cast({"form": pl.Int32}), on="form", maintain_order="left")
        .with_columns(
            left=pl.col("text").str.slice(0, pl.col("from")),
            node=pl.col("text").str.slice(pl.col("from"), pl.col("to") - pl.col("from")),
            right=pl.col("text").str.slice(pl.col("to")),
            form="form_text",
            node_start=pl.when(exact).then(pl.col("start") + pl.col("from")),
            node_end=pl.when(exact).then(pl.col("start") + pl.col("to")),
            counterparts=pl.col("counterparts").fill_null([]),
        )
        .sort("doc_id", "version", "sentence", "from")
        .select(*LINES.names(), "date_first")
    )


def _sorted(lines: pl.DataFrame, sort: str) -> pl.DataFrame:
    if sort == "date":
        lines = lines.sort("date_first", nulls_last=True, maintain_order=True)
    elif sort == "node":
        lines = lines.sort(pl.col("node").str.to_lowercase(), maintain_order=True)
    elif (position := _POSITION.fullmatch(sort)) is not None:
        side, number = position[1], int(position[2])
        keys = [_word_at(row, side, number) for row in lines.iter_rows(named=True)]
        lines = lines.with_columns(pl.Series("key", keys, dtype=pl.String))
        lines = lines.sort("key", maintain_order=True).drop("key")
    return lines.drop("date_first")


def _word_at(row: dict[str, Any], side: str, number: int) -> str:
    """Return the n-th word left or right of the match, empty where the sentence ends before it."""
    words = tokenise(row["left" if side == "L" else "right"], row["lang"])
    if number > len(words):
        return ""
    return (words[-number] if side == "L" else words[number - 1]).text.casefold()

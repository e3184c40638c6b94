"""The words that stand near a pattern more often than chance has it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.linguistics.frequencies import document_parts
from corpus.linguistics.matches import find_matches
from corpus.linguistics.measures import log_dice, log_likelihood
from corpus.reuse.subcorpus import Subcorpus, open_subcorpus
from corpus.store.schemas import PART, SENTENCE
from corpus.text.tokens import tokenise, word_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.base.progress import Progress
    from corpus.documents.subcorpus import Selection
    from corpus.linguistics.frequencies import StopList
    from corpus.linguistics.patterns import Pattern
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace
    from corpus.text.tokens import Token

COLLOCATES = pl.Schema(
    {
        "lang": pl.String,
        "word": pl.String,
        "near": pl.UInt32,
        "expected": pl.Float64,
        "n": pl.UInt32,
        "documents": pl.UInt32,
        "g2": pl.Float64,
        "log_dice": pl.Float64,
    }
)
"""One row a word of a language that stands near the pattern. `near` is how often it does, `expected` how
often it would if its occurrences were spread evenly, `n` how often it stands anywhere but in a match,
`documents` in how many documents it stands near. `g2` (`corpus.linguistics.measures.log_likelihood`) is
negative where `near` is less than expected; `log_dice` takes the lesser of `near` and the number of matches
for how
often both go together."""

_BATCH = 20_000

SORTS = ("g2", "log_dice", "near")


@dataclass(frozen=True, slots=True)
class Collocates:
    """Words near a pattern, and what they were counted over.

    Attributes
    ----------
    words
        `COLLOCATES`, by language, the strongest first.
    sizes
        One row a language: lang, matches, near (words near a match), words (all but those of matches).
    repeats
        How many matches stand in sentences that repeat an earlier one (`corpus.reuse.repeats`).
    once
        Whether these sentences were left out.
    undated
        How many versions were left out because the selection is by date and they have none.
    snapshot
        Of the workspace.
    """

    words: pl.DataFrame
    sizes: pl.DataFrame
    repeats: int
    once: bool
    undated: int
    snapshot: Snapshot


def collocates(
    workspace: Workspace,
    pattern: Pattern,
    *,
    selection: Selection | None = None,
    span: int = 5,
    least: int = 2,
    sort: str = "g2",
    stop: StopList | None = None,
    once: bool = False,
    progress: Progress | None = None,
) -> Collocates:
    """Count the words near a pattern, and weigh them against how often they stand anywhere.

    Each word of a text is near or not: one between two matches counts once. The table behind G² is of
    word occurrences outside matches: this word or another, near or not (Evert 2008, Corpora and
    collocations, section 4).

    Parameters
    ----------
    workspace, selection, pattern
        Where, and what.
    span
        How many words before and after a match are near, within its sentence.
    least
        Leave out words that are near less often.
    sort
        ``g2``, ``log_dice`` or ``near``.
    stop
        Words to leave out; they count as places all the same.
    once
        Count a sentence that stands in several places at its earliest only (`corpus.reuse.repeats`), near a
        match and anywhere. Sentences that were not compared yet are (`corpus.reuse.repeats.ensure_compared`,
        which see for errors).
    progress
        Called with how many sentences are counted, of how many.

    Raises
    ------
    CorpusError
        If the selection is refused, there is no such order, or `span` is less than 1.
    """
    if sort not in SORTS or span < 1:
        raise CorpusError(f"`sort` is one of {', '.join(SORTS)}, and `span` at least 1")
    over = open_subcorpus(workspace, selection, once=once)
    parts = document_parts(over.versions)
    every = find_matches(over.workspace, pattern, over.versions)
    first = over.first(every)
    matches = first if once else every
    # A language without a match has no collocates: what is not needed is not counted.
    placed = matches.join(parts, on=PART, nulls_equal=True)
    parts = parts.filter(pl.col("lang").is_in(placed["lang"].unique().to_list()))
    near, own = _windows(over.workspace, matches, parts, span)
    wanted = near.group_by("lang", "word").agg(pl.col("n").sum()).filter(pl.col("n") >= least)
    everywhere, all_words = _everywhere(over, parts, wanted, progress)
    totals = _totals(placed, near, own, all_words)
    listed = (
        near.group_by("lang", "word")
        .agg(near=pl.col("n").sum(), documents=pl.col("part").n_unique())
        .filter(pl.col("near") >= least)
        .join(everywhere, on=["lang", "word"])
        .join(own.group_by("lang", "word").agg(own=pl.col("n").sum()), on=["lang", "word"], how="left")
        .join(totals.rename({"near": "places", "words": "total"}), on="lang")
        .with_columns(pl.col("n").cast(pl.Int64) - pl.col("own").fill_null(0))
        .with_columns(
            expected=pl.col("n").cast(pl.Float64) * pl.col("places") / pl.col("total"),
            g2=log_likelihood(*map(pl.col, ("near", "n", "places", "total"))),
            log_dice=log_dice(pl.min_horizontal("near", "matches"), pl.col("n"), pl.col("matches")),
        )
    )
    if stop is not None:
        kept = [
            group.filter(~pl.col("word").is_in(sorted(stop.words(str(lang)))))
            for (lang,), group in listed.group_by("lang")
        ]
        listed = pl.concat([listed.clear(), *kept])
    return Collocates(
        words=listed.sort(["lang", sort, "word"], descending=[False, True, False]).select(
            pl.col(name).cast(kind) for name, kind in COLLOCATES.items()
        ),
        sizes=totals,
        repeats=len(every) - len(first),
        once=once,
        undated=over.undated,
        snapshot=over.snapshot,
    )


def _everywhere(
    over: Subcorpus, parts: pl.DataFrame, wanted: pl.DataFrame, progress: Progress | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return frequencies of wanted words (lang, word, n), and totals by language.

    Others are not kept: a corpus has many words, and few stand near one thing.
    """
    looked_for = {str(lang): set(group["word"].to_list()) for (lang,), group in wanted.group_by("lang")}
    counted: Counter[tuple[str, str]] = Counter()
    words: Counter[str] = Counter()
    for batch in over.sentences(parts, ["text"], size=_BATCH, progress=progress):
        for lang, text in batch.join(parts, on=PART, nulls_equal=True).select("lang", "text").iter_rows():
            tokens = tokenise(text, lang)
            words[lang] += len(tokens)
            own = looked_for.get(lang, set())
            counted.update((lang, form) for token in tokens if (form := word_form(token)) in own)
    return (
        pl.DataFrame(
            [(*key, n) for key, n in counted.items()],
            schema={"lang": pl.String, "word": pl.String, "n": pl.UInt32},
            orient="row",
        ),
        pl.DataFrame([*words.items()], schema={"lang": pl.String, "words": pl.UInt64}, orient="row"),
    )


def _totals(
    matches: pl.DataFrame, near: pl.DataFrame, own: pl.DataFrame, all_words: pl.DataFrame
) -> pl.DataFrame:
    """Return lang, matches, near, words: how many matches, words near one, and words outside matches."""
    kind = pl.Int64
    return (
        matches.group_by("lang")
        .agg(matches=pl.len().cast(kind))
        .join(near.group_by("lang").agg(near=pl.col("n").sum().cast(kind)), on="lang", how="left")
        .join(own.group_by("lang").agg(own=pl.col("n").sum().cast(kind)), on="lang", how="left")
        .join(all_words, on="lang")
        .with_columns(pl.col("near", "own").fill_null(0), pl.col("words").cast(kind))
        .select("lang", "matches", "near", words=pl.col("words") - pl.col("own"))
        .sort("lang")
    )


_COUNTED = {"part": pl.UInt32, "lang": pl.String, "word": pl.String, "n": pl.UInt32}


def _windows(
    workspace: Workspace, matches: pl.DataFrame, parts: pl.DataFrame, span: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the words near matches, and those in them, counted a version: part, lang, word, n."""
    places = matches.group_by(SENTENCE).agg("from", "to")
    rows = (
        workspace.scan("sentences")
        .join(places.lazy(), on=SENTENCE)
        .join(parts.lazy(), on=PART, nulls_equal=True)
        .select("part", "lang", "text", "from", "to")
        .collect()
    )
    near: Counter[tuple[int, str, str]] = Counter()
    own: Counter[tuple[int, str, str]] = Counter()
    for part, lang, text, starts, ends in rows.iter_rows():
        tokens = tokenise(text, lang)
        inside, beside = window(tokens, list(zip(starts, ends, strict=True)), span)
        own.update((part, lang, word_form(tokens[place])) for place in inside)
        near.update((part, lang, word_form(tokens[place])) for place in beside)
    return tuple(  # type: ignore[return-value]
        pl.DataFrame([(*key, n) for key, n in counted.items()], schema=_COUNTED, orient="row")
        for counted in (near, own)
    )


def window(tokens: Sequence[Token], spans: Sequence[tuple[int, int]], size: int) -> tuple[set[int], set[int]]:
    """Return the tokens inside a match, and those within `size` tokens of one."""
    inside: set[int] = set()
    beside: set[int] = set()
    for start, end in spans:
        touched = [place for place, token in enumerate(tokens) if token.start < end and token.end > start]
        if touched:
            inside.update(touched)
            beside.update(range(max(0, touched[0] - size), min(len(tokens), touched[-1] + size + 1)))
    return inside, beside - inside

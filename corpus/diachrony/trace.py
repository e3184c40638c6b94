"""How the wording of one thing moves through time: its forms, like passages, and what one time alone has.

What is shown is likeness, and the words that make it. That a later text was taken from an earlier one
does not follow from it, and is never said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from corpus.diachrony.similar_passages import LIKE, View, nearest
from corpus.diachrony.timeline import BY_KIND, searched
from corpus.documents.counterparts import counterparts
from corpus.linguistics.matches import find_matches
from corpus.linguistics.measures import CRITICAL, log_likelihood, log_ratio, per_10k
from corpus.reuse.subcorpus import open_subcorpus
from corpus.store.schemas import PART, SENTENCE
from corpus.text.tokens import stop_words, tokenise, word_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.base.progress import Progress
    from corpus.diachrony.periods import Bin
    from corpus.documents.subcorpus import Selection
    from corpus.linguistics.patterns import Pattern
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace
    from corpus.text.dates import PartialDate

FORMS = pl.Schema(
    {
        "bin": pl.String,
        "kind": pl.String,
        "lang": pl.String,
        "form": pl.String,
        "documents": pl.UInt32,
        "words": pl.UInt64,
        "hits": pl.UInt32,
        "hit_documents": pl.UInt32,
        "per_10k": pl.Float64,
        "dated_by_original": pl.UInt32,
    }
)
"""One row a bin, language and form of the pattern, bins and languages without documents left out. The
columns are those of `timeline.TIMELINE`; `hits` are the form's."""

ONLY = pl.Schema(
    {
        "bin": pl.String,
        "lang": pl.String,
        "word": pl.String,
        "n": pl.UInt32,
        "documents": pl.UInt32,
    }
)
"""Words that stand in a sentence with the pattern at least twice in one bin, and in none in any other bin
of the language: how often, and in how many documents. Stop words and the pattern's own are left out."""

KEYNESS = pl.Schema(
    {
        "bin": pl.String,
        "lang": pl.String,
        "word": pl.String,
        "n": pl.UInt32,
        "n_other": pl.UInt32,
        "g2": pl.Float64,
        "log_ratio": pl.Float64,
    }
)
"""Words that the sentences with the pattern of one bin have more often than those of all other bins of
the language: G² (`measures.log_likelihood`), and how much more often, as a binary logarithm
(`measures.log_ratio`)."""

DOCUMENTS = 5
"""In how many documents on either side the pattern must stand for keyness: with fewer, what differs
between two times is what differs between two texts."""

WORDS = 1000
"""How many words the sentences on either side must hold for keyness."""

_MOST_VIEWS = 200


@dataclass(frozen=True, slots=True)
class Trace:
    """What was found.

    Attributes
    ----------
    rows
        `timeline.TIMELINE`: all forms together, bins without documents included.
    forms
        `FORMS`.
    absent
        Forms that stand in no text searched.
    near
        `likeness.LIKE`: for each bin with the pattern, its passages nearest to the bin with the pattern
        before it.
    only
        `ONLY`.
    keyness
        `KEYNESS`; empty where the counts do not bear it.
    unborne
        Why there is no keyness, a line a bin and language.
    sampled
        Bins of which two hundred sentences, at regular intervals, were compared, and not all.
    once
        Whether a sentence that stands in several places was counted at its earliest only.
    undated
        How many versions were left out because the selection is by date and they have none.
    snapshot
        Of the workspace.
    """

    rows: pl.DataFrame
    forms: pl.DataFrame
    absent: tuple[str, ...]
    near: pl.DataFrame
    only: pl.DataFrame
    keyness: pl.DataFrame
    unborne: tuple[str, ...]
    sampled: tuple[str, ...]
    once: bool
    undated: int
    snapshot: Snapshot


def trace(
    workspace: Workspace,
    pattern: Pattern,
    *,
    selection: Selection | None = None,
    by: str = "year",
    cuts: Sequence[PartialDate] = (),
    most: int = 1,
    once: bool = False,
    progress: Progress | None = None,
) -> Trace:
    """Follow a pattern and its forms through time.

    Parameters
    ----------
    workspace, selection, pattern
        Where, and what; its forms are told apart.
    by, cuts
        The bins (`timeline.timeline`). Texts that are in none are counted, but not compared.
    most
        How many pairs of passages to show between two bins, of each language.
    once
        Count a sentence that stands in several places at its earliest only (`corpus.reuse.repeats`), among
        the hits, their words and the words searched. Sentences that were not compared yet are
        (`corpus.reuse.repeats.ensure_compared`, which see for errors).
    progress
        Called with how many sentences are counted, where the words of some are not counted yet.

    Raises
    ------
    CorpusError
        If the selection or the bins are refused.
    """
    within = open_subcorpus(workspace, selection, once=once)
    workspace = within.workspace
    over = searched(within, by=by, cuts=cuts, progress=progress)
    every = find_matches(workspace, pattern, within.versions)
    matches = within.first(every) if once else every
    forms = _forms(over.counted, matches, pattern)
    sentences = _sentences(workspace, matches, over.counted)
    near, sampled = _near(workspace, sentences, over.bins, most)
    words = _words(sentences)
    keyness, unborne = _keyness(words, sentences)
    hit = set(forms.filter(pl.col("hits") > 0)["form"])
    return Trace(
        rows=over.timeline(every).rows,
        forms=forms,
        absent=tuple(form for form in pattern.forms if form not in hit),
        near=near,
        only=_only(words),
        keyness=keyness,
        unborne=unborne,
        sampled=sampled,
        once=once,
        undated=within.undated,
        snapshot=within.snapshot,
    )


def _forms(placed: pl.DataFrame, matches: pl.DataFrame, pattern: Pattern) -> pl.DataFrame:
    """Return `FORMS` of placed versions with their words."""
    where = ["kind", "number", "bin", "lang"]
    sizes = placed.group_by(where).agg(
        documents=pl.col("doc_id").n_unique(),
        words=pl.col("words").sum(),
        dated_by_original=pl.col("doc_id").filter(pl.col("date_basis") == "original").n_unique(),
    )
    hits = (
        matches.join(placed, on=PART, nulls_equal=True)
        .group_by(*where, "form")
        .agg(hits=pl.len(), hit_documents=pl.col("doc_id").n_unique())
    )
    names = pl.DataFrame(
        {"form": range(len(pattern.forms)), "name": pattern.forms},
        schema={"form": pl.Int32, "name": pl.String},
    )
    return (
        sizes.join(names, how="cross")
        .join(hits, on=[*where, "form"], how="left", nulls_equal=True)
        .with_columns(pl.col("hits", "hit_documents").fill_null(0))
        .with_columns(per_10k=per_10k(pl.col("hits"), pl.col("words")))
        .sort(BY_KIND, "number", "bin", "lang", "form")
        .with_columns(form="name")
        .select(pl.col(name).cast(kind) for name, kind in FORMS.items())
    )


def _sentences(workspace: Workspace, matches: pl.DataFrame, placed: pl.DataFrame) -> pl.DataFrame:
    """Return the sentences with a match that are in a bin, their matches as lists `from` and `to`."""
    grouped = matches.group_by(SENTENCE).agg("from", "to", pl.col("form").unique().sort())
    by_original = (pl.col("date_basis") == "original").fill_null(value=False).alias("by_original")
    in_bins = placed.filter(kind="bin").select(*PART, "lang", "date", by_original, "bin", "number")
    return (
        workspace.scan("sentences")
        .join(grouped.lazy(), on=SENTENCE)
        .join(in_bins.lazy(), on=PART, nulls_equal=True)
        .select(*SENTENCE, "lang", "date", "by_original", "bin", "number", "text", "line", "from", "to")
        .sort("number", *SENTENCE)
        .collect()
    )


def _near(
    workspace: Workspace, sentences: pl.DataFrame, bins: Sequence[Bin], most: int
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return `LIKE` for neighbouring bins with the pattern, and the bins that were sampled."""
    parts: dict[int, pl.DataFrame] = {}
    sampled: list[str] = []
    for (number,), group in sentences.group_by("number", maintain_order=True):
        if len(group) > _MOST_VIEWS:
            sampled.append(bins[int(str(number))].label)
            group = group[[place * len(group) // _MOST_VIEWS for place in range(_MOST_VIEWS)]]  # noqa: PLW2901
        parts[int(str(number))] = group
    views = {number: _views(workspace, group) for number, group in parts.items()}
    frames = [pl.DataFrame(schema=LIKE)]
    numbers = sorted(views)
    for before, after in pairwise(numbers):
        pairs = nearest(views[before], views[after], most)
        frames.append(
            pairs.with_columns(
                bin_before=pl.lit(bins[before].label), bin_after=pl.lit(bins[after].label)
            ).select(LIKE.names())
        )
    return pl.concat(frames), tuple(sampled)


def _views(workspace: Workspace, sentences: pl.DataFrame) -> list[View]:
    """Return sentences, and what they are aligned with, as texts to compare: each text once."""
    aligned = sentences.join(
        counterparts(workspace, sentences), on=SENTENCE, how="left", maintain_order="left"
    )
    own: dict[tuple[str, str], View] = {}
    others: dict[tuple[str, str], View] = {}
    for row in aligned.iter_rows(named=True):
        place = f"{row['doc_id']}:L{row['line']}"
        spans = tuple(zip(row["from"], row["to"], strict=True))
        date = row["date"] + (" (original)" if row["by_original"] else "")
        own.setdefault((row["lang"], row["text"]), View(row["lang"], row["text"], place, date, spans))
        for other in row["counterparts"] or ():
            key = (other["lang"], other["text"])
            others.setdefault(key, View(*key, place, date, aligned_with=row["lang"]))
    # A translation that holds the pattern itself is there already, and need not stand for its original.
    langs = {lang for lang, _ in own}
    return [*own.values(), *(view for (lang, _), view in others.items() if lang not in langs)]


def _words(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return bin, number, lang, doc_id, word, n: the words of sentences, but for those of matches."""
    counted: Counter[tuple[str, int, str, str, str]] = Counter()
    columns = ("bin", "number", "lang", "doc_id", "text", "from", "to")
    for label, number, lang, doc_id, text, starts, ends in sentences.select(columns).iter_rows():
        spans = list(zip(starts, ends, strict=True))
        counted.update(
            (label, number, lang, doc_id, word_form(token))
            for token in tokenise(text, lang)
            if not any(token.start < end and token.end > start for start, end in spans)
        )
    return pl.DataFrame(
        [(*key, n) for key, n in counted.items()],
        schema={
            "bin": pl.String, "number": pl.Int32, "lang": pl.String, "doc_id": pl.String, "word": pl.String,
            "n": pl.UInt32,
        },
        orient="row",
    )  # fmt: skip


def _content(words: pl.DataFrame) -> pl.DataFrame:
    """Return the words that are neither stop words nor numbers."""
    kept = [
        group.filter(
            ~pl.col("word").is_in(sorted(stop_words(str(lang)))) & ~pl.col("word").str.contains(r"^\d")
        )
        for (lang,), group in words.group_by("lang", maintain_order=True)
    ]
    return pl.concat([words.clear(), *kept])


def _only(words: pl.DataFrame) -> pl.DataFrame:
    several = words.group_by("lang").agg(bins=pl.col("bin").n_unique()).filter(pl.col("bins") > 1)
    return (
        _content(words)
        .join(several, on="lang", how="semi")
        .group_by("lang", "word")
        .agg(
            pl.col("bin").first(),
            pl.col("number").first(),
            n=pl.col("n").sum(),
            documents=pl.col("doc_id").n_unique(),
            bins=pl.col("bin").n_unique(),
        )
        .filter((pl.col("bins") == 1) & (pl.col("n") > 1))
        .sort(["number", "lang", "n", "word"], descending=[False, False, True, False])
        .select(pl.col(name).cast(kind) for name, kind in ONLY.items())
    )


def _keyness(words: pl.DataFrame, sentences: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return `KEYNESS`, and why some bins have none."""
    frames = [pl.DataFrame(schema=KEYNESS)]
    unborne: list[str] = []
    for (lang,), own in words.group_by("lang", maintain_order=True):
        of_lang = sentences.filter(pl.col("lang") == lang)
        for (label,), _ in of_lang.group_by("bin", maintain_order=True):
            here = pl.col("bin") == label
            reason = _not_borne(own, of_lang, here)
            if reason:
                unborne.append(f"{label} {lang}: {reason}")
            else:
                frames.append(_key_words(own, here, str(label), str(lang)))
    return pl.concat(frames), tuple(unborne)


def _not_borne(words: pl.DataFrame, sentences: pl.DataFrame, here: pl.Expr) -> str | None:
    """Return the reason against keyness in a bin; None if its counts suffice."""
    for where, side in (("there", here), ("elsewhere", ~here)):
        documents = sentences.filter(side)["doc_id"].n_unique()
        if documents < DOCUMENTS:
            texts = "document" if documents == 1 else "documents"
            return f"the pattern stands in {documents} {texts} {where}, and keyness needs {DOCUMENTS}"
        if (count := _sum(words.filter(side)["n"])) < WORDS:
            return f"the sentences with it {where} hold {count} words, and keyness needs {WORDS}"
    return None


def _sum(column: pl.Series) -> int:
    return int(column.sum())


def _key_words(words: pl.DataFrame, here: pl.Expr, label: str, lang: str) -> pl.DataFrame:
    size, total = _sum(words.filter(here)["n"]), _sum(words["n"])
    return (
        _content(words)
        .group_by("word")
        .agg(n=pl.col("n").filter(here).sum(), all=pl.col("n").sum())
        .with_columns(
            bin=pl.lit(label),
            lang=pl.lit(lang),
            n_other=pl.col("all") - pl.col("n"),
            g2=log_likelihood(pl.col("n"), pl.col("all"), pl.lit(size), pl.lit(total)),
        )
        .with_columns(log_ratio=log_ratio(pl.col("n"), pl.lit(size), pl.col("n_other"), pl.lit(total - size)))
        # Cells of which fewer than five are expected are left out: G² is not to be trusted there.
        .filter(
            (pl.col("g2") >= CRITICAL[0.001])
            & (pl.col("all").cast(pl.Float64) * min(size, total - size) / total >= 5)
        )
        .sort(["g2", "word"], descending=[True, False])
        .select(pl.col(name).cast(kind) for name, kind in KEYNESS.items())
    )

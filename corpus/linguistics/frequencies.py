"""Words and n-grams of a workspace, counted: how often, in how many documents, how evenly."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.word_counts import word_counts
from corpus.linguistics.measures import dispersion, per_10k
from corpus.reuse.subcorpus import Subcorpus, open_subcorpus
from corpus.store.schemas import KEYS, PART
from corpus.text.tokens import Token, goes_on, stop_words, tokenise, word_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.base.progress import Progress
    from corpus.documents.subcorpus import Selection
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace


WORDS = pl.Schema(
    {
        "lang": pl.String,
        "word": pl.String,
        "n": pl.UInt32,
        "per_10k": pl.Float64,
        "documents": pl.UInt32,
        "dp": pl.Float64,
        "dp_norm": pl.Float64,
    }
)
"""One row a word or n-gram of a language, the most frequent first. `n` is how often it stands there,
`per_10k` that per 10,000 words of the language, `documents` its range, `dp` and `dp_norm` its dispersion
over the documents (`corpus.linguistics.measures.dispersion`): 0 is even."""

_BATCH = 20_000
_DISPERSED = 4_000_000  # rows of a word and a part whose dispersion is computed together


@dataclass(frozen=True, slots=True)
class WordList:
    """A list of words, and what it was made over.

    Attributes
    ----------
    words
        `WORDS`.
    sizes
        One row a language: lang, documents, words, types (different words or n-grams, before `least`
        and stop words took any away).
    repeats
        How many sentences repeat an earlier one (`corpus.reuse.repeats`).
    once
        Whether these were left out.
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


def word_list(
    workspace: Workspace,
    *,
    selection: Selection | None = None,
    size: int = 1,
    stems: bool = False,
    stop: StopList | None = None,
    least: int = 1,
    once: bool = False,
    progress: Progress | None = None,
) -> WordList:
    """Count the words, or n-grams, of each language.

    Parameters
    ----------
    workspace, selection
        What to count.
    size
        How many words an n-gram has; it stands within a sentence, without marks between its words.
    stems
        Count stems ("industri") instead of word forms, in languages that have a stemmer.
    stop
        Words to leave out, and n-grams that begin or end with one; None leaves out nothing.
    least
        Leave out what stands there less often.
    once
        Count a sentence that stands in several places at its earliest only (`corpus.reuse.repeats`): the
        words of the others are not counted at all. Sentences that were not compared yet are
        (`corpus.reuse.repeats.ensure_compared`, which see for errors).
    progress
        Called with how many sentences are counted, of how many.

    Raises
    ------
    CorpusError
        If the selection is refused, or `size` or `least` is less than 1.
    """
    if size < 1 or least < 1:
        raise CorpusError("an n-gram has at least one word, and a word stands there at least once")
    over = open_subcorpus(workspace, selection, once=once)
    parts = document_parts(over.versions)
    counted = count_parts(over, parts, size=size, stems=stems, progress=progress)
    lists: list[pl.DataFrame] = []
    totals: list[dict[str, object]] = []
    for (lang,), of_lang in parts.sort("lang").group_by("lang", maintain_order=True):
        here = of_lang.select("part").unique()
        one = here.height == parts["part"].n_unique()  # nothing to choose, and to copy
        own = counted.rows if one else counted.rows.join(here, on="part", how="semi")
        sizes = counted.sizes.join(here, on="part", how="semi")
        words = int(sizes["words"].sum())
        totals.append(
            {
                "lang": lang,
                "documents": len(here),
                "words": words,
                "types": own["term"].n_unique(),
            }
        )
        listed = own.group_by("term").agg(n=pl.col("n").sum(), documents=pl.len())
        listed = listed.filter(pl.col("n") >= least).join(counted.names, on="term")
        if stop is not None:
            listed = listed.filter(~stop.holds_edge(pl.col("word"), str(lang)))
        lists.append(_measured(listed, own, sizes, words).with_columns(lang=pl.lit(lang)))
    return WordList(
        words=pl.concat([pl.DataFrame(schema=WORDS), *(own.select(WORDS.names()) for own in lists)]),
        sizes=pl.DataFrame(
            totals,
            schema={"lang": pl.String, "documents": pl.UInt32, "words": pl.UInt64, "types": pl.UInt64},
        ),
        repeats=len(over.repeated),
        once=once,
        undated=over.undated,
        snapshot=over.snapshot,
    )


def document_parts(versions: pl.DataFrame) -> pl.DataFrame:
    """Return doc_id, version, quoted, lang, part: what of a document is in one language is one part."""
    return (
        versions.select(*PART, "lang")
        .with_columns(part=pl.struct("doc_id", "lang").rank("dense").cast(pl.UInt32))
        .sort("part", "version")
    )


def _measured(listed: pl.DataFrame, rows: pl.DataFrame, sizes: pl.DataFrame, words: int) -> pl.DataFrame:
    """Return the columns of `WORDS` but the language, for the words of one language that are listed."""
    # Some words at a time, so that what is computed of each part is not there of all words at once.
    times = 1 + len(rows) // _DISPERSED
    spread = pl.concat(
        dispersion(
            rows.filter(pl.col("term") % times == turn)
            .join(listed, on="term", how="semi")
            .rename({"term": "word"}),
            sizes,
        )
        for turn in range(times)
    )
    return (
        listed.join(spread.rename({"word": "term"}), on="term", how="left")
        .with_columns(per_10k=per_10k(pl.col("n"), pl.lit(words)))
        .sort(["n", "word"], descending=[True, False])
        .select(pl.col(name).cast(kind) for name, kind in WORDS.items() if name != "lang")
    )


@dataclass(frozen=True, slots=True)
class StopList:
    """Words to leave out: those that ship for each language, or a list of the user's for all.

    Attributes
    ----------
    own
        The user's list, as words are counted (`word_form`); None takes those that ship.
    """

    own: frozenset[str] | None = None

    def words(self, lang: str) -> frozenset[str]:
        """Return the words to leave out of a language."""
        return stop_words(lang) if self.own is None else self.own

    def holds_edge(self, words: pl.Expr, lang: str) -> pl.Expr:
        """Tell whether a word, or an n-gram's first or last, is to be left out."""
        listed = sorted(self.words(lang))
        split = words.str.split(" ")
        return split.list.first().is_in(listed) | split.list.last().is_in(listed)


def read_stop_list(text: str, lang: str = "und") -> StopList:
    """Return a user's list: words separated by white space or line ends; after a # is a remark."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    tokens = [token for line in lines for token in tokenise(line, lang)]
    return StopList(frozenset(word_form(token) for token in tokens) | {token.normal for token in tokens})


@dataclass(frozen=True, slots=True)
class PartCounts:
    """Words or n-grams, counted in each part of a corpus. A part is a document in one language.

    Attributes
    ----------
    rows
        part, term, n: one row a part and term it holds. A term is a hash of a word or n-gram, 64 bits: most
        n-grams are seen once, and their letters would fill the memory many times over.
    names
        term, word.
    sizes
        part, words: how many words (not n-grams) each holds; only parts with text.
    """

    rows: pl.DataFrame
    names: pl.DataFrame
    sizes: pl.DataFrame


_ROWS = pl.Schema({"part": pl.UInt32, "term": pl.UInt64, "n": pl.UInt32})
_NAMES = pl.Schema({"term": pl.UInt64, "word": pl.String})
_SIZES = pl.Schema({"part": pl.UInt32, "words": pl.UInt64})


def count_parts(
    over: Subcorpus,
    parts: pl.DataFrame,
    *,
    size: int = 1,
    stems: bool = False,
    progress: Progress | None = None,
) -> PartCounts:
    """Count words or n-grams in each of some parts.

    Word forms are counted when documents are read (`corpus.documents.word_counts`), and only summed here.

    Parameters
    ----------
    parts
        Columns doc_id, version, quoted, lang, part: which part each version belongs to (`document_parts`).
    """
    if size == 1 and not stems:
        return _summed(over, parts, progress)
    return _counted(over, parts, size, progress, stems=stems)


def _counted(
    over: Subcorpus, parts: pl.DataFrame, size: int, progress: Progress | None, *, stems: bool
) -> PartCounts:
    """Cut all sentences into words, and count these."""
    counts = [pl.DataFrame(schema=_ROWS)]
    names = pl.DataFrame(schema=_NAMES)
    sizes = [pl.DataFrame(schema=_SIZES)]
    for batch in over.sentences(parts, ["text"], size=_BATCH, progress=progress):
        counted: Counter[tuple[int, str]] = Counter()
        words: Counter[int] = Counter()
        rows = batch.join(parts, on=PART, nulls_equal=True).select("part", "lang", "text")
        for part, lang, text in rows.iter_rows():
            tokens = tokenise(text, lang)
            words[part] += len(tokens)
            counted.update((part, gram) for gram in ngrams(text, tokens, size, stems=stems))
        counts_of_batch = pl.DataFrame(
            [(part, word, n) for (part, word), n in counted.items()],
            schema={"part": pl.UInt32, "word": pl.String, "n": pl.UInt32},
            orient="row",
        ).with_columns(term=pl.col("word").hash(seed=0))
        counts.append(counts_of_batch.select(_ROWS.names()))
        names = pl.concat([names, counts_of_batch.select(_NAMES.names())]).unique("term")
        sizes.append(pl.DataFrame([*words.items()], schema=_SIZES, orient="row"))
    # A document may begin in one batch and end in the next.
    return PartCounts(
        rows=pl.concat(counts).group_by("part", "term").agg(pl.col("n").sum()),
        names=names,
        sizes=pl.concat(sizes).group_by("part").agg(pl.col("words").sum()),
    )


def _summed(over: Subcorpus, parts: pl.DataFrame, progress: Progress | None) -> PartCounts:
    """Sum the words that are counted of each part, less those of sentences that are left out."""
    counted = word_counts(over.workspace, parts, progress=progress).join(
        parts.lazy().select(*PART, "part"), on=PART, nulls_equal=True
    )
    sizes = [counted.select("part", "sentences", "words").collect(engine="streaming").select(_IN_SUM)]
    rows = [pl.DataFrame(schema=_ROWS)]
    names = pl.DataFrame(schema=_NAMES)
    words = counted.select("part", word="forms", n="times").explode("word", "n", empty_as_null=False)
    for batch in words.collect_batches(chunk_size=_WORDS, maintain_order=False):
        terms = batch.with_columns(term=pl.col("word").hash(seed=0))
        rows.append(terms.select(_ROWS.names()))
        names = pl.concat([names, terms.select(_NAMES.names()).unique("term")]).unique("term")
    together = pl.concat(rows)
    if (left_out := over.left_out) is not None and len(left_out):
        fewer, fewer_words = _left_out(over, parts, left_out)
        together = pl.concat([together.cast({"n": pl.Int64}), fewer])
        sizes.append(fewer_words)
    if len(sizes) > 1 or sizes[0]["part"].is_duplicated().any():
        # A document may have several versions in one language.
        together = together.group_by("part", "term").agg(pl.col("n").sum()).filter(pl.col("n") > 0)
    summed = pl.concat(sizes).group_by("part").agg(pl.col("sentences", "words").sum())
    held = summed.filter(pl.col("sentences") > 0).select(_SIZES.names())
    names = names.join(together.select("term").unique(), on="term", how="semi")
    return PartCounts(
        together.with_columns(pl.col("n").cast(pl.UInt32)), names, held.cast({"words": pl.UInt64})
    )


_IN_SUM = (pl.col("part"), pl.col("sentences", "words").cast(pl.Int64))
_WORDS = 1_000_000  # words of parts that are put together at a time


def _left_out(
    over: Subcorpus, parts: pl.DataFrame, left_out: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what some sentences take from the counts of their parts, as numbers below zero."""
    texts = (
        over.workspace.scan("sentences")
        .join(left_out.select(*KEYS, "sentence").lazy(), on=[*KEYS, "sentence"], how="semi")
        .join(parts.lazy().select(*PART, "lang", "part"), on=PART, nulls_equal=True)
        .select("part", "lang", "text")
        .collect(engine="streaming")
    )
    words: Counter[tuple[int, str]] = Counter()
    totals: Counter[int] = Counter()
    for part, lang, text in texts.iter_rows():
        tokens = tokenise(text, lang)
        totals[part] += len(tokens)
        words.update((part, word_form(token)) for token in tokens)
    fewer = pl.DataFrame(
        [(part, word, -n) for (part, word), n in words.items()],
        schema={"part": pl.UInt32, "word": pl.String, "n": pl.Int64},
        orient="row",
    )
    sentences = texts.group_by("part").agg(sentences=-pl.len().cast(pl.Int64))
    lost = pl.DataFrame([*totals.items()], schema={"part": pl.UInt32, "words": pl.Int64}, orient="row")
    sizes = sentences.join(lost.with_columns(-pl.col("words")), on="part")
    terms = fewer.with_columns(term=pl.col("word").hash(seed=0))
    return terms.select(_ROWS.names()), sizes.select(_IN_SUM)


def ngrams(text: str, tokens: Sequence[Token], size: int, *, stems: bool = False) -> Iterator[str]:
    """Yield the n-grams of a sentence, words separated by a space; none reaches over a mark."""
    forms = [token.normal if stems else word_form(token) for token in tokens]
    if size == 1:
        yield from forms
        return
    run = 1
    for place in range(1, len(tokens)):
        run = run + 1 if goes_on(text, tokens[place - 1], tokens[place]) else 1
        if run >= size:
            yield " ".join(forms[place - size + 1 : place + 1])

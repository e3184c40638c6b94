"""Find passages like a query, in any language and decade of a workspace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import polars as pl

from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError
from corpus.documents.links import Works, linked_pairs
from corpus.documents.subcorpus import Selection
from corpus.encoders import load_encoder
from corpus.encoders.registry import noise_level
from corpus.lexicons.lexicon import has_word
from corpus.lexicons.own import OwnLexicons
from corpus.reuse.reprints import update_reprints
from corpus.search.index.builder import Update, open_index, update_index
from corpus.search.index.held import held
from corpus.search.language_bias import draw_samples, lifts
from corpus.search.lexical_match import match
from corpus.search.passages import Passages
from corpus.search.query import check_query, language_by_texts, read_query
from corpus.search.ranking import Mode, Ranking
from corpus.search.relevance.evidence import word_evidence
from corpus.search.relevance.expansion import Phrase, expand
from corpus.search.relevance.model import LIKELIER_THAN_NOT, Relevance, shipped_relevance
from corpus.search.relevance.ranking import Postings, RelevanceRanking, backgrounds, samples_of
from corpus.search.relevance.reasons import reasons
from corpus.search.results import HITS, Fetched, Results
from corpus.search.sounding import Names
from corpus.search.spelling import Speller
from corpus.search.through_beads import ThroughBeads
from corpus.search.windows import LONGEST
from corpus.store.schemas import PART
from corpus.store.snapshot import Snapshot, snapshot
from corpus.text.variants import Variant, Variants, workspace_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from align.encoder import Encoder, Vectors
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.search.index.segment import Segment
    from corpus.search.index.vector_index import Mask
    from corpus.store.workspace import Workspace

AnyRanking: TypeAlias = Ranking | RelevanceRanking | ThroughBeads


@dataclass(frozen=True, slots=True)
class Similar:
    """What a search found.

    Attributes
    ----------
    hits
        `HITS`; empty where nothing is close.
    threshold
        The score from which a hit is close; those below it, if there are any, are the nearest besides.
    best
        The score of the nearest passage, close or not; None where none was searched, or words only.
    undated
        How many sentences were not searched because they are undated and the selection is by date.
    searched
        How many versions of documents were searched.
    variants
        What the query was expanded by: name, and the forms looked for.
    snapshot
        Of the workspace that was searched.
    meant
        The query with words of the corpus in place of those that stand nowhere and are nearly these
        (`corpus.search.spelling`); None where there is nothing of the kind. It was not searched for.
    """

    hits: pl.DataFrame
    threshold: float
    best: float | None
    undated: int
    searched: int
    variants: tuple[Variant, ...]
    snapshot: Snapshot
    meant: str | None = None

    @property
    def close(self) -> int:
        """How many of the hits reach the threshold, or hold the query word for word."""
        reached = pl.col("score").is_null() | (pl.col("score") >= self.threshold) | pl.col("literal")
        return len(self.hits.filter(reached))


def similar(
    workspace: Workspace,
    query: str,
    *,
    mode: Mode = "hybrid",
    encoder: Encoder | str = "use",
    variants: Variants | None = None,
    threshold: float | None = None,
    k: int = 10,
    per_decade: int | None = None,
    within: Selection | None = None,
    window: int = LONGEST,
    progress: Progress | None = None,
) -> Similar:
    """Rank the passages of a workspace by their similarity to a query.

    What is missing is built first: an empty workspace is given the seeds, bilingual documents are
    aligned, new sentences are encoded. To ask more than once, open a `Searcher`.

    Parameters
    ----------
    workspace, mode, encoder, variants, progress
        See `open_searcher`.
    query, threshold, k, per_decade, within, window
        See `Searcher.find`.

    Raises
    ------
    CorpusError
        If the query is empty, or the selection names a language, source or document that is not here.
    """
    check_query(query)
    searcher = open_searcher(workspace, mode=mode, encoder=encoder, variants=variants, progress=progress)
    return searcher.find(query, threshold=threshold, k=k, per_decade=per_decade, within=within, window=window)


def open_searcher(
    workspace: Workspace,
    *,
    mode: Mode = "hybrid",
    encoder: Encoder | str = "use",
    variants: Variants | None = None,
    refresh: bool = True,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Searcher:
    """Build what a workspace lacks for searching, and open it.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    mode
        ``dense`` compares meaning, by vectors; ``lexical`` words, by BM25, and needs no encoder once
        documents are aligned; ``hybrid`` both.
    encoder
        Of the queries and the index: an encoder, or the name of one.
    variants
        Forms of things, by which queries are expanded: the workspace's own or those that ship
        (`corpus.text.variants.workspace_variants`) unless given; an empty `Variants` for none.
    refresh
        Whether to build what is missing; otherwise what is there is searched.
    executor
        Who aligns and encodes what is missing, and holds vectors (`corpus.search.index.held`); None for here.
    progress
        Called while documents are aligned and sentences encoded.

    Raises
    ------
    CorpusError
        If nothing is to be built, and nothing is indexed; or the workspace's `lexicon.tsv` is wrong.
    """
    loaded = load_encoder(encoder) if isinstance(encoder, str) and mode != "lexical" else encoder
    chosen = None if mode == "lexical" or isinstance(loaded, str) else loaded
    if refresh:
        align_missing(workspace, executor=executor, progress=progress)
        update = update_index(workspace, chosen, executor=executor, progress=progress)
        update_reprints(workspace, progress=progress)
    else:
        update = Update(open_index(workspace, chosen), 0)
        if not update.segments:
            raise CorpusError(f"{workspace.path}: nothing is indexed yet, and refresh=False makes no index")
    known = workspace_variants(workspace.path) if variants is None else variants
    segments = held(update.segments, executor)
    opened = Searcher(Passages(workspace.pin()), segments, mode, chosen, known, update.encoded)
    opened.lexicons.lines  # noqa: B018 - what is wrong in the user's file is said before it is needed
    return opened


@dataclass(frozen=True)
class Searcher:
    """A workspace open for searching, as it was when it was opened.

    Attributes
    ----------
    passages
        What is searched, and shown.
    segments
        The index (`corpus.search.index.builder`).
    mode
        How to search.
    encoder
        Makes the queries' vectors; None in lexical mode.
    variants
        What queries are expanded by.
    encoded
        How many sentences had to be encoded to open it.
    """

    passages: Passages
    segments: tuple[Segment, ...]
    mode: Mode
    encoder: Encoder | None
    variants: Variants
    encoded: int

    def find(
        self,
        query: str,
        *,
        threshold: float | None = None,
        k: int = 10,
        per_decade: int | None = None,
        within: Selection | None = None,
        window: int = LONGEST,
    ) -> Similar:
        """Rank passages by their similarity to a query.

        In hybrid mode a passage is close if it is likelier about the query than not, by all that speaks for
        it: meaning, its words, their translations, names, its length (`corpus.search.relevance`). Where
        something is close, in whatever language, the best passages after it follow, up to `k` in all, if they
        hold something of the query or are nearer to it than most: a translator's word no lexicon has, and to
        say that nothing is there would be wrong. Where nothing is close, nothing is found. With a threshold
        or `per_decade`, only what is close is. In dense mode, and in hybrid mode with an encoder that no
        weights of the evidence were trained on, it is one if
        its cosine reaches the threshold; in the latter also if it holds the query word for word, or if its
        words cover `COVERED` of the query. In lexical mode it is one if it holds any word of the query that
        is no function word.

        Parameters
        ----------
        query
            A word, a phrase or a passage, in any language.
        threshold
            The least score of a hit that is close. Unless given, one half where scores are probabilities, and
            for cosines the level below which they are noise, which depends on the encoder and on how many
            sentences are searched (`noise_level`).
        k
            How many passages to return at most.
        per_decade
            Return so many of each decade instead, decades in order.
        within
            What to search. As many hits are found as if there were nothing else.
        window
            Sentences to show at most of what is in no bead: the sentence found, with those before or after it
            where that is nearer to the query. Hits within one window are one. 1 shows each sentence alone; so
            does lexical mode, which has no vectors.

        Raises
        ------
        CorpusError
            If the query is empty, or the selection names a language, source or document that is not here.
        """
        check_query(query)
        within = within or Selection()
        versions = self.passages.passing(within)
        lang = self._language_of(query)
        read = read_query(query, lang or "und", self._postings.frequency, self.variants)
        vector = None if self.encoder is None else self.encoder.encode([query], role="query", lang=lang)
        matches = match(self.segments, read)
        groups: dict[str | None, pl.DataFrame] = {None: versions}
        if per_decade is not None:
            decades = versions["decade"].unique().sort().to_list()
            groups = {decade: versions.filter(pl.col("decade") == decade) for decade in decades}
        wanted = per_decade or k
        masks = {decade: self._masks(group) for decade, group in groups.items()}
        explain = None
        rankings: dict[str | None, AnyRanking]
        if self._relevance is not None and vector is not None:
            fill = threshold is None and per_decade is None
            threshold = LIKELIER_THAN_NOT if threshold is None else threshold
            phrases = self._expanded(query, lang or "und") if read.concepts else []
            words = word_evidence(phrases, self._postings.languages, self._postings)
            near = backgrounds(self._every_sample, vector)
            ranked = partial(RelevanceRanking, self.segments, vector=vector, matches=matches, words=words,
                           background=near, model=self._relevance, threshold=threshold)  # fmt: skip
            # Whether anything is close is asked of all languages: what is sought in one may stand in another
            # word for word, and be hard to tell in this one.
            known = False
            if fill and within.lang is not None:
                known = ranked(self._masks(self.passages.passing(replace(within, lang=None)))).close
            rankings = {decade: ranked(mask, fill=fill, known=known) for decade, mask in masks.items()}
            if within.lang is not None:
                for decade, group in groups.items():
                    if len(others := self._aligned_with(group)):
                        own = ranked(masks[decade], fill=fill, known=known)
                        theirs = ranked(self._masks(others))
                        rankings[decade] = ThroughBeads(own, theirs, self.passages, group, others)
            explain = partial(reasons, phrases, query_lang=lang or "und")
        else:
            threshold = self._noise_level(masks.values()) if threshold is None else threshold
            lifted = {} if vector is None else lifts(self._samples, vector)
            rankings = {
                decade: Ranking(self.segments, mask, self.mode, vector, matches, threshold, lifted)
                for decade, mask in masks.items()
            }
        fetched = Fetched(self.passages, versions)
        fetched.read(
            candidate.text_id
            for ranking in rankings.values()
            for candidate in ranking.best(_looked_at(wanted))[0][: 2 * wanted]
        )
        found: list[dict[str, Any]] = []
        for decade, ranking in rankings.items():
            gather = partial(Results, fetched, decade, read, self.encoder, vector, window, explain)
            found += _results(ranking, wanted, gather)
        nearest = [ranking.nearest for ranking in rankings.values() if ranking.nearest is not None]
        for rank, hit in enumerate(found, start=1):
            hit["rank"] = rank
        hits = pl.DataFrame(found, schema=HITS)
        undated = self.passages.count_undated(within)
        best = max(nearest, default=None)
        searched = self.passages.count(versions)
        meant = self._speller.respelt(query, lang or "und")
        return Similar(hits, threshold, best, undated, searched, read.variants, self.snapshot, meant)

    @cached_property
    def snapshot(self) -> Snapshot:
        """What is searched, by its digests."""
        return snapshot(self.passages.workspace)

    @cached_property
    def lexicons(self) -> OwnLexicons:
        """What the workspace and the lexicons that ship know of words across languages."""
        return OwnLexicons(self.passages.workspace)

    def _aligned_with(self, versions: pl.DataFrame) -> pl.DataFrame:
        """Return the other versions of the works of some versions; none where nothing is aligned."""
        if not self.passages.workspace.state().rows("beads"):
            return versions.clear()
        works = Works(linked_pairs(self.passages.workspace))
        wanted = {works.of(doc_id) for doc_id in versions["doc_id"].unique()}
        ids = self.passages.versions["doc_id"].unique()
        together = ids.filter(pl.Series([works.of(doc_id) in wanted for doc_id in ids], dtype=pl.Boolean))
        same = self.passages.versions.filter(pl.col("doc_id").is_in(together.implode()))
        return same.join(versions, on=["doc_id", "version"], how="anti", maintain_order="left")

    def _noise_level(self, groups: Iterable[Sequence[Mask | None]]) -> float:
        """Return the threshold where nobody named one; in several groups, that of all that is searched."""
        if self.encoder is None:
            return 0.0
        searched = sum(
            len(segment.ids) if mask is None else int(mask.sum())
            for masks in groups
            for segment, mask in zip(self.segments, masks, strict=True)
        )
        return noise_level(self.encoder.name, searched)

    def _masks(self, versions: pl.DataFrame) -> list[Mask | None]:
        """Return which rows of each segment stand in some versions; None where all do."""
        if len(versions) == len(self.passages.versions):
            return [segment.alive for segment in self.segments]
        key = hash(tuple(versions.select(PART).hash_rows().to_list()))
        if key not in self._kept_masks:
            ids = self.passages.ids(versions)
            self._kept_masks[key] = [
                np.isin(segment.ids, ids, assume_unique=True) for segment in self.segments
            ]
        return [*self._kept_masks[key]]

    @cached_property
    def _relevance(self) -> Relevance | None:
        """Weights of the evidence; None in other modes, and for encoders they were not trained on."""
        if self.mode != "hybrid" or self.encoder is None:
            return None
        model = shipped_relevance()
        return model if model.encoder == self.encoder.name else None

    def _language_of(self, query: str) -> str | None:
        return language_by_texts(query, self.passages.langs, self._postings, has_word)

    def _expanded(self, query: str, lang: str) -> list[Phrase]:
        """Return a query's words, with what stands for each in the other languages there are."""
        languages = self._postings.languages
        return expand(query, lang, languages, self.lexicons.open, self._postings.frequency, self._names.alike)

    @cached_property
    def _names(self) -> Names:
        return Names(self.segments, self.lexicons)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.segments, self.lexicons, self.variants)

    @cached_property
    def _postings(self) -> Postings:
        return Postings(self.segments)

    @cached_property
    def _every_sample(self) -> dict[str, Vectors]:
        return samples_of(self.segments)

    @cached_property
    def _samples(self) -> dict[str, Vectors]:
        return draw_samples(self.segments)

    @cached_property
    def _kept_masks(self) -> dict[int, list[Mask]]:
        return {}


def _results(ranking: AnyRanking, wanted: int, gather: Callable[[], Results]) -> list[dict[str, Any]]:
    """Return the best results among the sentences that a ranking may find."""
    count = _looked_at(wanted)
    while True:
        candidates, all_of_them = ranking.best(count)
        found = gather().of(candidates, wanted)
        if len(found) >= wanted or all_of_them:
            return found
        count *= 4  # many sentences of few beads: look further


def _looked_at(wanted: int) -> int:
    """Return how many rows to look at first, where so many results are wanted."""
    return max(4 * wanted, 50)

"""Find passages like a query, in any language and decade of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.encoders import load_encoder
from corpus.encoders.registry import entries
from corpus.errors import CorpusError
from corpus.index import update_index
from corpus.language import detect_language, main_script
from corpus.matching import match, variant_in
from corpus.parallel import align_missing
from corpus.passages import Filter, Passages, bead_of
from corpus.query import read_query
from corpus.ranking import Candidate, Mode, Ranking
from corpus.tables import DataType, schema
from corpus.variants import Variant, Variants, workspace_variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from corpus.dense import Mask
    from corpus.index_segments import Segment
    from corpus.query import Query
    from corpus.workspace import Workspace

Progress = Callable[[int, int], None]

_PLACE: dict[str, DataType] = {
    "doc_id": pl.String,
    "lang": pl.String,
    "date": pl.String,
    "file": pl.String,
    "line": pl.Int32,
    "start": pl.Int64,
    "end": pl.Int64,
}
PLACES = pl.List(pl.Struct(_PLACE))

HITS = schema(
    {
        "rank": pl.Int32,
        "score": pl.Float64,
        "fused": pl.Float64,
        "bm25": pl.Float64,
        "coverage": pl.Float64,
        "dense_rank": pl.Int32,
        "lexical_rank": pl.Int32,
        "lang": pl.String,
        "date": pl.String,
        "decade": pl.String,
        "doc_id": pl.String,
        "title": pl.String,
        "text": pl.String,
        "translation": pl.String,
        "translation_lang": pl.String,
        "literal": pl.Boolean,
        "variant": pl.String,
        "places": PLACES,
        "date_basis": pl.String,
        "relation": pl.String,
        "author": pl.String,
        "source": pl.String,
        "relay": pl.String,
        "page": pl.String,
        "url": pl.String,
        "file": pl.String,
        "line": pl.Int32,
        "start": pl.Int64,
        "end": pl.Int64,
    }
)
"""Passages found, best first.

`score` is the cosine of query and sentence under the encoder, null where only words were compared; of an
aligned sentence the whole side of its bead is shown as `text` and the other side as `translation`, with the
evidence for the better of its sentences.

The evidence: `dense_rank` and `lexical_rank` are the sentence's places by cosine and by BM25 among those
that were searched (null where it is not near the top), `fused` the sum that the hits of a hybrid search
are ordered by (`corpus.fusion`), `bm25` its BM25 score and `coverage` the share of the query that its words
make up, rare words counting for more. `literal` says that the query stands in the sentence word for word:
such a sentence is a hit whatever its score. `variant` is the form that stands there of what the query calls
otherwise.

`date` is the version's, or of a translation without one the original's, when `date_basis` is
``original``. `decade` is like ``1950s``, or ``unknown``. `places` is every place where the same sentence
stands, the earliest first and the one shown included."""


@dataclass(frozen=True, slots=True)
class Similar:
    """What a search found.

    Attributes
    ----------
    hits
        `HITS`; empty where nothing is close.
    threshold
        The least score of a hit that is one by its score.
    best
        The score of the nearest passage, close or not; None where none was searched, or words only.
    undated
        How many sentences were not searched because they are undated and the filter is by date.
    searched
        How many versions of documents were searched.
    variants
        What the query was expanded by: name, and the forms looked for.
    """

    hits: pl.DataFrame
    threshold: float
    best: float | None
    undated: int = 0
    searched: int = 0
    variants: tuple[Variant, ...] = ()


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
    within: Filter | None = None,
    progress: Progress | None = None,
) -> Similar:
    """Rank the passages of a workspace by their similarity to a query.

    What is missing is built first: an empty workspace is given the seeds, bilingual documents are
    aligned, new sentences are encoded. To ask more than once, open a `Searcher`.

    Parameters
    ----------
    workspace, mode, encoder, variants, progress
        See `open_searcher`.
    query, threshold, k, per_decade, within
        See `Searcher.find`.

    Raises
    ------
    CorpusError
        If the query is empty, or the filter names a language or a source without text here.
    """
    check_query(query)
    searcher = open_searcher(workspace, mode=mode, encoder=encoder, variants=variants, progress=progress)
    return searcher.find(query, threshold=threshold, k=k, per_decade=per_decade, within=within)


def open_searcher(
    workspace: Workspace,
    *,
    mode: Mode = "hybrid",
    encoder: Encoder | str = "use",
    variants: Variants | None = None,
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
        (`corpus.variants.workspace_variants`) unless given; an empty `Variants` for none.
    progress
        Called while documents are aligned and sentences encoded.
    """
    align_missing(workspace, progress=progress)
    chosen: Encoder | None = None
    if mode != "lexical":
        chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
    update = update_index(workspace, chosen, progress=progress)
    if variants is None:
        variants = workspace_variants(workspace)
    return Searcher(Passages(workspace.pin()), update.segments, mode, chosen, variants, update.encoded)


@dataclass(frozen=True)
class Searcher:
    """A workspace open for searching, as it was when it was opened.

    Attributes
    ----------
    passages
        What is searched, and shown.
    segments
        The index (`corpus.index`).
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
        within: Filter | None = None,
    ) -> Similar:
        """Rank passages by their similarity to a query.

        A passage is a hit if its score reaches the threshold, if it holds the query word for word, or if its
        words cover `COVERED` of the query; function words do not count. In lexical mode it is one if it holds
        any word of the query that is no function word.

        Parameters
        ----------
        query
            A word, a phrase or a passage, in any language.
        threshold
            The least score of a hit; the encoder's own, below which scores are noise, unless given.
        k
            How many passages to return at most.
        per_decade
            Return so many of each decade instead, decades in order.
        within
            What to search. As many hits are found as if there were nothing else.

        Raises
        ------
        CorpusError
            If the query is empty, or the filter names a language or a source without text here.
        """
        check_query(query)
        within = within or Filter()
        versions = self._passing(within)
        if threshold is None:
            threshold = 0.0 if self.encoder is None else noise_level(self.encoder.name)
        lang = query_language(query, versions["lang"].to_list())
        read = read_query(query, lang or "und", self._frequency, self.variants)
        vector = None if self.encoder is None else self.encoder.encode([query], role="query", lang=lang)
        matches = match(self.segments, read)
        groups = [versions]
        if per_decade is not None:
            groups = versions.sort("decade").partition_by("decade", maintain_order=True)
        found: list[dict[str, Any]] = []
        nearest: list[float] = []
        for group in groups:
            masks = self._masks(group)
            ranking = Ranking(self.segments, masks, self.mode, vector, matches, threshold)
            found += _results(ranking, per_decade or k, self.passages, group, read)
            nearest += [] if ranking.nearest is None else [ranking.nearest]
        for rank, hit in enumerate(found, start=1):
            hit["rank"] = rank
        hits = pl.DataFrame(found, schema=HITS)
        undated = self.passages.count_undated(within)
        return Similar(hits, threshold, max(nearest, default=None), undated, len(versions), read.variants)

    def _passing(self, within: Filter) -> pl.DataFrame:
        everything = self.passages.versions
        languages = everything["lang"].unique().sort().to_list()
        if within.lang is not None and within.lang not in languages:
            msg = f"no text in {within.lang!r} here; languages are {', '.join(languages)}"
            raise CorpusError(msg)
        if within.source is not None and self.passages.passing(Filter(source=within.source)).is_empty():
            names = [*everything["source"].drop_nulls().value_counts(sort=True)["source"]]
            msg = f"no source named {within.source!r} here; sources are {', '.join(names[:8]) or 'unknown'}"
            raise CorpusError(msg)
        return self.passages.passing(within)

    def _frequency(self, term: str) -> int:
        return sum(segment.words.frequency(term) for segment in self.segments)

    def _masks(self, versions: pl.DataFrame) -> list[Mask | None]:
        """Return which rows of each segment stand in some versions; None where all do."""
        if len(versions) == len(self.passages.versions):
            return [segment.alive for segment in self.segments]
        key = hash(tuple(versions.select("doc_id", "version").hash_rows().to_list()))
        if key not in self._kept_masks:
            ids = self.passages.ids(versions)
            self._kept_masks[key] = [np.isin(segment.ids, ids) for segment in self.segments]
        return [*self._kept_masks[key]]

    @cached_property
    def _kept_masks(self) -> dict[int, list[Mask]]:
        return {}


def check_query(query: str) -> None:
    """Raise CorpusError for a query that holds nothing to look for."""
    try:
        query.encode()
    except UnicodeEncodeError:
        msg = "the query is not valid UTF-8: check the terminal's or the file's encoding"
        raise CorpusError(msg) from None
    if not any(character.isalnum() for character in query):
        msg = "the query is empty: name a word, a phrase or a passage to look for"
        raise CorpusError(msg)


_UNMEASURED = 0.25


def noise_level(encoder: str) -> float:
    """Return the score below which an encoder's hits are noise, as its entry in `models/` has it.

    For a model without an entry it is not known (measure it with `bench/noise.py`), and a level is
    returned that suits multilingual encoders whose unrelated texts have cosines around 0.
    """
    known = entries()
    return known[encoder].noise if encoder in known else _UNMEASURED


def query_language(query: str, corpus_languages: Sequence[str]) -> str | None:
    """Tell a query's language; a short one in Latin letters is in the corpus's chief such language.

    A query of two words gives statistics nothing to go by; the corpus at hand does.
    """
    detected = detect_language(query) if main_script(query) != "latin" or len(query) > 60 else "und"
    if detected != "und":
        return detected
    counts = pl.Series(corpus_languages, dtype=pl.String).value_counts(sort=True)
    latin = [lang for lang in counts.to_series(0) if lang not in _NOT_LATIN]
    return latin[0] if latin else "en"


_NOT_LATIN = frozenset({"und", "zh", "ja", "ko", "th", "ru", "uk", "bg", "sr", "ar", "fa", "he", "el", "hi"})


def _results(
    ranking: Ranking, wanted: int, passages: Passages, versions: pl.DataFrame, query: Query
) -> list[dict[str, Any]]:
    """Return the best results among the sentences of some versions."""
    count = max(4 * wanted, 50)
    while True:
        candidates, all_of_them = ranking.best(count)
        results = _grouped(candidates, wanted, passages, versions, query)
        if len(results) >= wanted or all_of_them:
            return results
        count *= 4  # many sentences of few beads: look further


def _grouped(
    candidates: list[Candidate], wanted: int, passages: Passages, versions: pl.DataFrame, query: Query
) -> list[dict[str, Any]]:
    """Make one result of a bead, and one of a sentence that stands in several places."""
    results: list[dict[str, Any]] = []
    beads_shown: set[tuple[Any, ...]] = set()
    for start in range(0, len(candidates), 2 * wanted):
        part = candidates[start : start + 2 * wanted]
        by_text: dict[int, list[dict[str, Any]]] = {}
        for row in passages.places([one.text_id for one in part], versions).iter_rows(named=True):
            by_text.setdefault(row["text_id"], []).append(row)
        for candidate in part:
            rows = by_text.get(candidate.text_id, [])
            places = [row for row in rows if bead_of(row) not in beads_shown]
            if not places:
                continue
            beads_shown.update(bead for row in places if (bead := bead_of(row)) is not None)
            results.append(_hit(candidate, places, passages, query))
            if len(results) == wanted:
                return results
    return results


def _hit(
    candidate: Candidate, places: list[dict[str, Any]], passages: Passages, query: Query
) -> dict[str, Any]:
    places.sort(key=lambda row: (row["date_first"] is None, row["date_first"], row["doc_id"], row["start"]))
    # A place with a translation is shown rather than an older one without.
    first = next((row for row in places if row["bead"] is not None), places[0])
    hit = {name: first.get(name) for name in HITS if name in first} | candidate.evidence()
    hit["variant"] = variant_in(first["text"], query)
    if first["bead"] is not None:
        hit |= passages.sides(first)
    hit["places"] = [{name: row[name] for name in _PLACE} for row in places]
    return hit

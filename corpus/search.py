"""Find passages like a query, in any language and decade of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.encoders import load_encoder
from corpus.encoders.registry import entries
from corpus.errors import CorpusError
from corpus.index import search, update_index
from corpus.language import detect_language, main_script
from corpus.parallel import align_missing
from corpus.passages import Filter, Shown, count_undated, literal, searchable
from corpus.tables import DataType, schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Vectors
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
        "lang": pl.String,
        "date": pl.String,
        "decade": pl.String,
        "doc_id": pl.String,
        "title": pl.String,
        "text": pl.String,
        "translation": pl.String,
        "translation_lang": pl.String,
        "literal": pl.Boolean,
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

`score` is the cosine of query and sentence under the encoder; of an aligned sentence the whole side of
its bead is shown as `text` and the other side as `translation`, scored by the better of its sentences.
`literal` says that the query stands in the sentence word for word: such a sentence is a hit whatever its
score.
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
        The least score of a hit.
    best
        The score of the nearest passage, close or not; None where none was searched.
    undated
        How many sentences were not searched because they are undated and the filter is by date.
    """

    hits: pl.DataFrame
    threshold: float
    best: float | None
    undated: int = 0


def similar(
    workspace: Workspace,
    query: str,
    *,
    encoder: Encoder | str = "use",
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
    workspace, encoder, progress
        See `open_searcher`.
    query, threshold, k, per_decade, within
        See `Searcher.find`.

    Raises
    ------
    CorpusError
        If the query is empty, or the filter names a language that the workspace has no text in.
    """
    check_query(query)
    searcher = open_searcher(workspace, encoder=encoder, progress=progress)
    return searcher.find(query, threshold=threshold, k=k, per_decade=per_decade, within=within)


def open_searcher(
    workspace: Workspace, *, encoder: Encoder | str = "use", progress: Progress | None = None
) -> Searcher:
    """Build what a workspace lacks for searching, and open it.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    encoder
        Of the queries and the index: an encoder, or the name of one.
    progress
        Called while documents are aligned and sentences encoded.
    """
    align_missing(workspace, progress=progress)
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    update = update_index(workspace, encoder, progress=progress)
    return Searcher(workspace.pin(), encoder, update.index, update.encoded)


@dataclass(frozen=True, slots=True)
class Searcher:
    """A workspace open for searching, as it was when it was opened.

    Attributes
    ----------
    workspace
        Pinned, so that its tables fit each other.
    encoder
        Makes the queries' vectors.
    index
        Holds the sentences' (`corpus.index`).
    encoded
        How many sentences had to be encoded to open it.
    """

    workspace: Workspace
    encoder: Encoder
    index: Any
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
            What to search.

        Raises
        ------
        CorpusError
            If the query is empty, or the filter names a language that the workspace has no text in.
        """
        check_query(query)
        within = within or Filter()
        languages = self.workspace.table("versions")["lang"].unique().sort().to_list()
        if within.lang is not None and within.lang not in languages:
            msg = f"no text in {within.lang!r} here; languages are {', '.join(languages)}"
            raise CorpusError(msg)
        if threshold is None:
            threshold = noise_level(self.encoder.name)
        rows = searchable(self.workspace, within).with_columns(literal=literal(query))
        language = query_language(query, rows["lang"].to_list())
        vector = self.encoder.encode([query], role="query", lang=language)
        by_decade = rows.sort("decade").partition_by("decade", maintain_order=True)
        shown = Shown(self.workspace)
        found: list[dict[str, Any]] = []
        nearest: list[float] = []
        for group in [rows] if per_decade is None else by_decade:
            results, best = _results(self.index, vector, group, per_decade or k, threshold, shown)
            found += results
            nearest += [] if best is None else [best]
        for rank, hit in enumerate(found, start=1):
            hit["rank"] = rank
        hits = pl.DataFrame(found, schema=HITS)
        undated = count_undated(self.workspace, within)
        return Similar(hits, threshold, max(nearest, default=None), undated)


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
    index: Any,  # noqa: ANN401 - faiss has no types for its indexes
    vector: Vectors,
    rows: pl.DataFrame,
    wanted: int,
    threshold: float,
    shown: Shown,
) -> tuple[list[dict[str, Any]], float | None]:
    """Return the best results among some sentences, and the score of the nearest."""
    ids = rows["text_id"].unique().to_numpy()
    literal_ids = rows.filter("literal")["text_id"].unique().to_numpy()
    literal_found = search(index, vector, literal_ids, len(literal_ids))
    nearest: float | None = None
    count = max(4 * wanted, 50)
    while True:
        found, scores = search(index, vector, ids, count)
        nearest = float(scores[0]) if len(scores) else None
        close = scores >= threshold
        scored = dict(zip(found[close].tolist(), scores[close].tolist(), strict=True))
        scored |= dict(zip(literal_found[0].tolist(), literal_found[1].tolist(), strict=True))
        results = _grouped(scored, rows, wanted, shown)
        if len(results) >= wanted or len(found) < count or not close.all():
            return results, nearest
        count *= 4  # many sentences of few beads: look further


def _grouped(scored: dict[int, float], rows: pl.DataFrame, wanted: int, shown: Shown) -> list[dict[str, Any]]:
    """Make one result of a bead, and one of a sentence that stands in several places."""
    by_text: dict[int, list[dict[str, Any]]] = {}
    for row in rows.filter(pl.col("text_id").is_in(list(scored))).iter_rows(named=True):
        by_text.setdefault(row["text_id"], []).append(row)
    results: list[dict[str, Any]] = []
    beads_shown: set[int] = set()
    for text_id, score in sorted(scored.items(), key=lambda item: -item[1]):
        if len(results) == wanted:
            break
        places = [row for row in by_text[text_id] if row["bead_row"] not in beads_shown]
        if not places:
            continue
        places.sort(
            key=lambda row: (row["date_first"] is None, row["date_first"], row["doc_id"], row["start"])
        )
        beads_shown.update(row["bead_row"] for row in places if row["bead_row"] is not None)
        # A place with a translation is shown rather than an older one without.
        first = next((row for row in places if row["bead_row"] is not None), places[0])
        hit = {name: first.get(name) for name in HITS if name in first} | {"score": score}
        if first["bead_row"] is not None:
            hit |= shown.sides(first)
        hit["places"] = [{name: row[name] for name in _PLACE} for row in places]
        results.append(hit)
    return results

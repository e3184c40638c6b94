"""Results as they are shown: one a bead, one a passage, one a sentence that stands in several places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.reuse.figures import figures
from corpus.search.lexical_match import variant_in
from corpus.search.passages import Passages, bead_of, joined, places_in
from corpus.search.windows import Found, Window, best_windows
from corpus.store.schemas import PLACE, PROVENANCE, DataType

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from align.encoder import Encoder, Vectors
    from corpus.search.query import Query
    from corpus.search.ranking import Candidate

_PLACE: dict[str, DataType] = {
    "doc_id": pl.String,
    "lang": pl.String,
    "date": pl.String,
    **PLACE,
    "reprint": pl.Boolean,
}
PLACES = pl.List(pl.Struct(_PLACE))

SPANS = pl.List(pl.Struct({"start": pl.Int32, "end": pl.Int32}))

_HITS: dict[str, DataType] = {
    "rank": pl.Int32,
    "score": pl.Float64,
    "lift": pl.Float64,
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
    "spans": SPANS,
    "text_score": pl.Float64,
    "text_start": pl.Int64,
    "text_end": pl.Int64,
    "translation": pl.String,
    "translation_lang": pl.String,
    "literal": pl.Boolean,
    "meaning": pl.Float64,
    "because": pl.List(pl.String),
    "variant": pl.String,
    "places": PLACES,
}
HITS = pl.Schema(_HITS | PROVENANCE)
"""Passages found, best first.

`score` is the probability that the sentence is about the query (`corpus.search.relevance`), in hybrid mode
with the encoder that its weights were trained on. Otherwise it is the cosine of query and sentence under the
encoder, null where only words were compared. `meaning` is that cosine in either case, and `because` says what
of the query stands there: ``factory``, or ``工厂 = factory`` for a translation; ``through its translation:
签字`` where that is the sentence it is aligned with, whose evidence it then shows. `lift`
is what the sentence's language is allowed besides when scores are compared (`corpus.search.language_bias`),
mostly 0. `text` is what is shown: of an aligned sentence the whole side of its bead, with the other side as
`translation`; of another one the window of sentences around it that is nearest to the query
(`corpus.search.windows`), whose cosine is `text_score`; it stands from `text_start` to `text_end`. `line`,
`start` and `end` are the found sentence's own place. `spans` says where in `text` the sentences stand that
were found (code points, end exclusive; a sentence that is repeated there, each time); the evidence is that
for the best of them.

The evidence: `dense_rank` and `lexical_rank` are the sentence's places by cosine and by BM25 among those
that were searched (null where it is not near the top), `fused` the sum that the hits of a hybrid search
are ordered by (`corpus.search.fusion`), `bm25` its BM25 score and `coverage` the share of the query that its
words make up, rare words counting for more. `literal` says that the query stands in the sentence word for
word: such a sentence is a hit whatever its score. `variant` is the form that stands there of what the query
calls otherwise.

`date` is the version's, or of a translation without one the original's, when `date_basis` is
``original``. `decade` is like ``1950s``, or ``unknown``. `places` is every place where the same sentence
stands, or one reprinted from it (`corpus.reuse.reprints`), the earliest first and the one shown included;
`reprint`
says of a place that the wording there differs a little."""


_Version = tuple[str, int]


@dataclass
class Fetched:
    """What was read of a workspace for a search, so that it is read once and together.

    Attributes
    ----------
    passages, versions
        Where sentences stand, and the versions that are searched.
    """

    passages: Passages
    versions: pl.DataFrame
    _places: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    _sentences: dict[_Version, pl.DataFrame] = field(default_factory=dict)

    def read(self, ids: Iterable[int]) -> None:
        """Read the places of some sentences, by `text_id`, and the documents around them."""
        missing = set(ids) - set(self._places)
        if not missing:
            return
        missing.update(other for text_id in [*missing] for other in self.passages.reprints.get(text_id, ()))
        self._places |= {text_id: [] for text_id in missing}
        for row in self.passages.places(sorted(missing), self.versions).iter_rows(named=True):
            self._places[row["text_id"]].append(row)
        for text_id in missing:
            self._places[text_id].sort(key=_earliest)
        # Of what is printed often, only the first place is shown, and one that has a translation.
        shown = [row for text_id in missing for row in self._places[text_id][:1]]
        shown += [row for text_id in missing for row in self._places[text_id] if row["bead"] is not None][
            :200
        ]
        documents = {row["doc_id"] for row in shown}
        documents |= {row["bead"][doc] for row in shown if row["bead"] for doc in ("src_doc", "tgt_doc")}
        self._sentences |= self.passages.sentences(documents)

    def places(self, text_id: int) -> list[dict[str, Any]]:
        """Return the places of a sentence, the earliest first; of dates unknown, last."""
        self.read([text_id])
        return self._places[text_id]

    def reprints(self, text_id: int) -> list[dict[str, Any]]:
        """Return the places of sentences that are lightly edited reprints of one, or it of them.

        Those that give another figure are left out: they say another thing.
        """
        given = {figures(row["text"]) for row in self.places(text_id)}
        return [
            row
            for other in self.passages.reprints.get(text_id, ())
            if other != text_id
            for row in self.places(other)
            if figures(row["text"]) in given
        ]

    def sentences(self, doc_id: str, version: int) -> pl.DataFrame:
        """Return the sentences of a version, in order."""
        if (doc_id, version) not in self._sentences:
            self._sentences |= self.passages.sentences([doc_id])
        return self._sentences[doc_id, version]


def _earliest(row: dict[str, Any]) -> tuple[bool, Any, str, int]:
    return row["date_first"] is None, row["date_first"], row["doc_id"], row["start"]


def _key(row: dict[str, Any]) -> tuple[str, int, int]:
    return row["doc_id"], row["version"], row["sentence"]


@dataclass(frozen=True, slots=True)
class _Passage:
    """The sentences that a hit shows, by number, with where each stands in its text."""

    hit: dict[str, Any]
    places: Mapping[int, tuple[int, int]]

    def mark(self, found: Container[int]) -> None:
        """Say in the hit's `spans` that some sentences were found."""
        new = [
            {"start": start, "end": end} for number, (start, end) in self.places.items() if number in found
        ]
        others = [span for span in self.hit.get("spans") or [] if span not in new]
        self.hit["spans"] = sorted([*others, *new], key=lambda span: span["start"])


@dataclass
class Results:
    """Makes results of candidates, the best first.

    Attributes
    ----------
    fetched
        Where to read from.
    decade
        Of which decade; None for any.
    query
        What was asked.
    encoder, vector
        Of the query; None in lexical mode.
    window
        Sentences that are shown together at most.
    explain
        Says what of the query a text in a language holds; None says nothing.
    """

    fetched: Fetched
    decade: str | None
    query: Query
    encoder: Encoder | None
    vector: Vectors | None
    window: int
    explain: Callable[[str, str], list[str]] | None = None
    _found: list[dict[str, Any]] = field(default_factory=list)
    _beads: set[tuple[Any, ...]] = field(default_factory=set)
    _reprinted: set[int] = field(default_factory=set)
    _shown: dict[_Version, dict[int, _Passage]] = field(default_factory=dict)
    _windows: dict[tuple[str, int, int], Window] = field(default_factory=dict)

    def of(self, candidates: Sequence[Candidate], wanted: int) -> list[dict[str, Any]]:
        """Return at most so many results, rows of `HITS` without ranks."""
        for start in range(0, len(candidates), 2 * wanted):
            part = candidates[start : start + 2 * wanted]
            self.fetched.read(candidate.text_id for candidate in part)
            self._look_around(part[: wanted - len(self._found)])
            for candidate in part:
                self._add(candidate)
                if len(self._found) == wanted:
                    return self._found
        return self._found

    def _look_around(self, candidates: Sequence[Candidate]) -> None:
        """Make the windows that candidates are likely to be shown in, together."""
        if self.encoder is None or self.vector is None or self.window == 1:
            return
        rows = [places[0] for one in candidates if (places := self._places(one))]
        alone = [row for row in rows if row["bead"] is None]
        made = best_windows(self.encoder, self.vector, [self._near(row) for row in alone], self.window)
        self._windows |= {_key(row): window for row, window in zip(alone, made, strict=True)}

    def _near(self, row: dict[str, Any]) -> Found:
        version = self.fetched.sentences(row["doc_id"], row["version"])
        near = version.filter((pl.col("sentence") - row["sentence"]).abs() < self.window)
        return Found(near, row["sentence"], row["lang"])

    def _places(self, candidate: Candidate) -> list[dict[str, Any]]:
        """Return the places of a sentence that may be shown, that to be shown first.

        A place with a translation is shown rather than an older one without.
        """
        places = [
            row
            for row in self.fetched.places(candidate.text_id)
            if self.decade in (None, row["decade"]) and bead_of(row) not in self._beads
        ]
        return sorted(places, key=lambda row: row["bead"] is None)

    def _add(self, candidate: Candidate) -> None:
        places = self._places(candidate)
        if not places or candidate.text_id in self._reprinted:
            return
        reprints = [
            row
            for row in self.fetched.reprints(candidate.text_id)
            if self.decade in (None, row["decade"]) and bead_of(row) not in self._beads
        ]
        self._reprinted.update(row["text_id"] for row in reprints)
        self._beads.update(bead for row in places if (bead := bead_of(row)) is not None)
        first = places[0]
        key = (first["doc_id"], first["version"])
        found = {row["sentence"] for row in places if (row["doc_id"], row["version"]) == key}
        shown = self._shown.setdefault(key, {})
        if first["bead"] is None and (same := shown.get(first["sentence"])) is not None:
            same.mark(found)
            return
        hit = {name: first.get(name) for name in HITS if name in first} | candidate.evidence()
        hit["variant"] = variant_in(first["text"], self.query)
        hit["because"] = self._because(candidate, first)
        passage = self._beside(first, hit) if first["bead"] is not None else self._around(first, hit, shown)
        passage.mark(found)
        hit["places"] = [
            {name: row.get(name, row["text_id"] != candidate.text_id) for name in _PLACE}
            for row in sorted([*places, *reprints], key=_earliest)
        ]
        self._found.append(hit)

    def _because(self, candidate: Candidate, row: dict[str, Any]) -> list[str]:
        if self.explain is None:
            return []
        if candidate.through is None:
            return self.explain(row["text"], row["lang"])
        said = self.explain(*candidate.through) or [self.query.text] * candidate.literal
        return [f"through its translation: {', '.join(said)}" if said else "through its translation"]

    def _beside(self, row: dict[str, Any], hit: dict[str, Any]) -> _Passage:
        """Have a hit show the bead that its sentence is in."""
        bead = row["bead"]
        own, other = ("src", "tgt") if row["side"] == "src" else ("tgt", "src")
        here, there = (
            self.fetched.sentences(bead[f"{side}_doc"], bead[f"{side}_version"]).filter(
                pl.col("sentence").is_in(bead[f"{side}_ids"])
            )
            for side in (own, other)
        )
        other_lang = self.fetched.passages.lang(bead[f"{other}_doc"], bead[f"{other}_version"])
        hit |= {
            "text": joined(here, row["lang"]),
            "text_start": here["start"][0],
            "text_end": here["end"][-1],
            "translation": joined(there, other_lang),
            "translation_lang": other_lang,
        }
        spans = places_in(hit["text"], here["text"].to_list())
        return _Passage(hit, dict(zip(here["sentence"].to_list(), spans, strict=True)))

    def _around(self, row: dict[str, Any], hit: dict[str, Any], shown: dict[int, _Passage]) -> _Passage:
        """Have a hit show the passage that its sentence is in."""
        number = row["sentence"]
        hit |= {
            "text_score": hit["meaning"] if hit["meaning"] is not None else hit["score"],
            "text_start": hit["start"],
            "text_end": hit["end"],
        }
        alone = shown[number] = _Passage(hit, {number: (0, len(row["text"]))})
        if self.encoder is None or self.vector is None or self.window == 1:
            return alone
        window = self._windows.get(_key(row))
        if window is None:
            window = best_windows(self.encoder, self.vector, [self._near(row)], self.window)[0]
        if any(other in shown for other in window.numbers if other != number):
            return alone  # nothing is shown twice
        hit |= {
            "text": window.text,
            "text_score": window.score,
            "text_start": window.start,
            "text_end": window.end,
        }
        passage = _Passage(hit, dict(zip(window.numbers, window.spans, strict=True)))
        shown.update(dict.fromkeys(window.numbers, passage))
        return passage

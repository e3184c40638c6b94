"""Languages are put on a level: what stays behind for its language only is lifted, and never by much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingestion.ingest import ingest
from corpus.search.index import vector_index
from corpus.search.index.segment import Segment, write_rows
from corpus.search.language_bias import LARGEST, draw_samples, lifts
from corpus.search.lexical_match import match
from corpus.search.query import read_query
from corpus.search.ranking import Mode, Ranking
from corpus.search.searcher import similar
from corpus.store.schemas import text_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from align.encoder import Vectors
    from corpus.store.workspace import Workspace

DIM = 64
BIAS = 0.05  # cosine that two texts of one language have in common whatever they say

WORDS = ("harvest", "railway", "treaty", "factory", "visit", "dam", "school", "storm")


def said(count: int, lang: int, seed: int) -> Vectors:
    """Return unit vectors of texts in a language: what they say, and a little of the language itself."""
    meaning = np.random.default_rng(seed).standard_normal((count, DIM - 2))
    meaning *= np.sqrt(1 - BIAS) / np.linalg.norm(meaning, axis=1, keepdims=True)
    own = np.zeros((count, 2))
    own[:, lang] = np.sqrt(BIAS)
    return np.concatenate([meaning, own], axis=1).astype(np.float32)


def segment(
    folder: Path, number: int, languages: Sequence[tuple[str, Vectors]], text: dict[str, str]
) -> Segment:
    """Make a segment of some vectors of each language; `text` is what every sentence of it says."""
    count = sum(len(vectors) for _, vectors in languages)
    sentences = pl.DataFrame(
        [
            {"lang": lang, "text": f"{text[lang]} {WORDS[row % len(WORDS)]}"}
            for lang, vectors in languages
            for row in range(len(vectors))
        ]
    ).select(
        text_id=pl.Series([text_id(str(number), f"{row}") for row in range(count)]), lang="lang", text="text"
    )
    rows = folder / f"rows-{number}"
    write_rows(rows, sentences, None)
    matrix = np.concatenate([vectors for _, vectors in languages])
    file = folder / f"index-{number}.faiss"
    vector_index.write(vector_index.build(lambda chosen: matrix[chosen], len(matrix), DIM), file)
    return Segment(number, rows, file, np.empty(0, np.int64))


TEXT = {"en": "The news of the day", "de": "Das Neueste vom Tage"}


@pytest.fixture
def segments(tmp_path: Path) -> list[Segment]:
    """The same said in two languages, in an index of two segments."""
    return [
        segment(tmp_path, number, [("en", said(size, 0, number)), ("de", said(size, 1, number))], TEXT)
        for number, size in ((1, 700), (2, 500))
    ]


def found(
    segments: Sequence[Segment], query: Vectors, text: str, mode: Mode, given: dict[str, float]
) -> list[str]:
    """Return the languages of the first hundred rows for a query."""
    read = read_query(text, "en", lambda term: sum(s.words.frequency(term) for s in segments))
    ranking = Ranking(segments, [None, None], mode, query, match(segments, read), -1.0, given)
    ids = [candidate.text_id for candidate in ranking.best(100)[0][:100]]
    langs = {
        int(text_id): str(lang)
        for part in segments
        for text_id, lang in zip(part.ids, part.langs, strict=True)
    }
    return [langs[text_id] for text_id in ids]


def test_without_a_lift_the_querys_language_leads_and_with_it_no_language_does(
    segments: list[Segment],
) -> None:
    samples = draw_samples(segments)
    assert {lang: vectors.shape for lang, vectors in samples.items()} == {
        "en": (1000, DIM), "de": (1000, DIM),
    }  # fmt: skip
    before, after = [], []
    for query in said(20, 0, seed=9):
        given = lifts(samples, query[None])
        assert set(given) == {"de"}
        assert given["de"] == pytest.approx(BIAS, abs=0.03)
        before += found(segments, query[None], "news", "dense", {})
        after += found(segments, query[None], "news", "dense", given)
    assert before.count("de") < 0.4 * len(before)
    assert 0.42 * len(after) < after.count("de") < 0.58 * len(after)


def test_words_of_one_language_do_not_drive_out_the_other(segments: list[Segment]) -> None:
    query = said(1, 0, seed=9)
    given = lifts(draw_samples(segments), query)
    langs = found(segments, query, "news day", "hybrid", given)
    assert 20 < langs.count("de") < 80


def test_samples_of_several_segments_are_drawn_from_all(segments: list[Segment]) -> None:
    drawn = draw_samples(segments)["de"]
    known = [vector_index.vectors(part.dense, np.flatnonzero(part.of("de"))) for part in segments]
    shares = [np.isin(drawn[:, 0], part[:, 0]).mean() for part in known]
    assert shares == pytest.approx([700 / 1200, 500 / 1200], abs=0.05)


def test_the_sample_rests_on_the_texts_and_not_on_how_they_came(segments: list[Segment]) -> None:
    forth, back = draw_samples(segments), draw_samples(segments[::-1])
    for lang, drawn in forth.items():
        assert np.array_equal(np.sort(drawn[:, 0]), np.sort(back[lang][:, 0]))


def test_what_is_in_no_document_any_more_is_not_drawn(tmp_path: Path) -> None:
    whole = segment(tmp_path, 1, [("en", said(400, 0, 1)), ("de", said(300, 1, 2))], TEXT)
    gone = whole.ids[np.flatnonzero(whole.of("de"))[:150]]
    left = Segment(1, whole.folder, whole.vectors, gone)
    assert len(draw_samples([whole])["de"]) == 300
    drawn = draw_samples([left])["de"]
    assert len(drawn) == 150
    kept = vector_index.vectors(whole.dense, np.flatnonzero(whole.of("de"))[150:])
    assert np.array_equal(np.sort(drawn[:, 0]), np.sort(kept[:, 0]))


def test_of_few_sentences_nothing_can_be_told(tmp_path: Path) -> None:
    few = segment(tmp_path, 1, [("en", said(500, 0, 1)), ("de", said(99, 1, 2))], TEXT)
    samples = draw_samples([few])
    assert set(samples) == {"en"}
    assert lifts(samples, said(1, 0, 3)) == {}


def test_little_is_lifted_by_few_sentences() -> None:
    query = said(1, 0, 3)
    full = {"en": said(1000, 0, 1), "de": said(1000, 1, 2)}
    few = {"en": full["en"], "de": full["de"][:190]}
    assert lifts(few, query).get("de", 0.0) <= 0.1 * LARGEST


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(100, 1000), min_size=2, max_size=4))
def test_a_lift_is_bounded_and_one_language_is_never_lifted(seed: int, sizes: list[int]) -> None:
    random = np.random.default_rng(seed)
    samples = {
        f"l{number}": (random.standard_normal((size, 8)) + random.standard_normal(8)).astype(np.float32)
        for number, size in enumerate(sizes)
    }
    unit = {
        lang: vectors / np.linalg.norm(vectors, axis=1, keepdims=True) for lang, vectors in samples.items()
    }
    query = unit["l0"][:1]
    given = lifts(unit, query)
    assert len(given) < len(samples)
    assert all(0 < lift <= LARGEST for lift in given.values())


def test_a_shared_figure_does_not_put_other_languages_before_the_sentence_itself(
    seeded: Workspace, tmp_path: Path
) -> None:
    said = "今天的最高气温升到27.5度。"
    (tmp_path / "a.txt").write_text(f"{said}农民们在田里收割小麦。", encoding="utf-8")
    for number, line in enumerate(
        (
            "The highest temperature today rose to 27.5 degrees.",
            "It was 27.5 degrees at the port at noon.",
            "Output grew by 27.5 percent.",
            "The temperature fell to 27.5 degrees in the evening.",
        )
    ):
        (tmp_path / f"e{number}.txt").write_text(f"{line} Farmers were in the fields.", encoding="utf-8")
    ingest(seeded, [tmp_path])
    first = similar(seeded, said, threshold=-1.0).hits.row(0, named=True)
    assert first["literal"]
    assert first["text"].startswith(said)

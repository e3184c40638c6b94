"""The passage around a sentence that was found."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents.subcorpus import Selection
from corpus.encoders import load_encoder
from corpus.ingestion.ingest import ingest
from corpus.search.passages import places_in
from corpus.search.searcher import similar
from corpus.search.windows import Found, best_windows
from corpus.text.joining import passage_text
from tests.conftest import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

TEXT = "The mill makes paper. It has two hundred workers. Cabbage is grown near the river."


def test_the_window_is_the_nearest_and_its_score_that_of_the_joined_text(seeded: Workspace) -> None:
    encoder = load_encoder("use")
    doc_id = SEEDS["001"].removesuffix(".txt")
    version = seeded.table("sentences").filter(doc_id=doc_id, version=0).sort("sentence")
    query = encoder.encode(["regional factories and the living standards of the people"], lang="en")
    sentences = version["sentence"].to_list()[:40]
    found = [Found(version, sentence, "en") for sentence in sentences]
    for sentence, window, alone in zip(
        sentences, best_windows(encoder, query, found), best_windows(encoder, query, found, 1), strict=True
    ):
        assert sentence in window.numbers
        assert window.numbers == tuple(range(window.numbers[0], window.numbers[-1] + 1))
        assert len(window.numbers) <= 3
        assert window.score >= alone.score - 1e-6
        joined = encoder.encode([window.text], lang="en") @ query[0]
        assert window.score == pytest.approx(float(joined[0]), abs=1e-4)
        assert len(set(version.filter(version["sentence"].is_in(window.numbers))["kind"])) == 1


def test_windows_made_together_are_those_made_one_by_one(seeded: Workspace) -> None:
    encoder = load_encoder("use")
    table = seeded.table("sentences").sort("doc_id", "version", "sentence")
    langs = dict(seeded.table("versions").select(pl.concat_str("doc_id", "version"), "lang").iter_rows())
    found = [
        Found(part, sentence, langs[f"{doc_id}{version}"])
        for (doc_id, version), part in table.group_by(["doc_id", "version"], maintain_order=True)
        for sentence in part["sentence"].to_list()[:: max(1, len(part) // 3)]
    ]
    assert {one.lang for one in found} == {"en", "zh"}
    query = encoder.encode(["living standards"], lang="en")
    together = best_windows(encoder, query, found)
    for one, window in zip(found, together, strict=True):
        (alone,) = best_windows(encoder, query, [one])
        assert window.numbers == alone.numbers
        assert window.score == pytest.approx(alone.score, abs=1e-5)


def test_a_passage_is_one_result_with_its_sentences_marked(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    ingest(seeded, [tmp_path / "a.txt"])
    query = "a paper mill with two hundred workers"
    found = similar(seeded, query)
    (hit,) = found.hits.to_dicts()[: found.close]
    assert hit["text"] == "The mill makes paper. It has two hundred workers."
    assert hit["text_score"] > hit["meaning"]
    marked = [hit["text"][span["start"] : span["end"]] for span in hit["spans"]]
    assert marked == ["The mill makes paper.", "It has two hundred workers."]
    assert TEXT[hit["text_start"] : hit["text_end"]] == hit["text"]
    assert (
        TEXT[hit["start"] : hit["end"]] == "It has two hundred workers."
    )  # the sentence found, not its window
    found = similar(seeded, query, window=1)
    apart = found.hits[: found.close]
    assert set(apart["text"]) == set(marked)
    assert np.allclose(apart["text_score"].to_numpy(), apart["meaning"].to_numpy())


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        # The second sentence stands in the first, word for word.
        (
            "他说，县里的工厂生产纸张。县里的工厂生产纸张。",
            "他说县里的工厂生产纸张，县里的工厂生产很多纸张",
            [(0, 13), (13, 23)],
        ),
        # One sentence twice, with another between them.
        ("It is paper. The mill is old. It is paper.", "old paper mill paper", [(0, 12), (13, 29), (30, 42)]),
    ],
)
def test_a_sentence_is_marked_where_it_stands_and_not_where_its_words_do(
    seeded: Workspace, tmp_path: Path, text: str, query: str, marked: list[tuple[int, int]]
) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    ingest(seeded, [tmp_path / "a.txt"])
    (hit,) = similar(seeded, query, within=Selection(docs=("a",)), threshold=-1).hits.to_dicts()
    assert hit["text"] == text
    assert [(span["start"], span["end"]) for span in hit["spans"]] == marked


@given(st.lists(st.text("ab。", min_size=1, max_size=3), min_size=1, max_size=6), st.data())
def test_sentences_are_placed_as_they_are_joined(sentences: list[str], data: st.DataObject) -> None:
    paragraphs = sorted(data.draw(st.integers(0, 2)) for _ in sentences)
    for lang in ("zh", "en"):
        text = passage_text(sentences, paragraphs, lang)
        places = places_in(text, sentences)
        assert [text[start:end] for start, end in places] == sentences
        between = [text[one[1] : two[0]] for one, two in pairwise([(0, 0), *places])]
        assert all(not gap.strip() for gap in between)

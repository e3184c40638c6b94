"""The passage around a sentence that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.encoders import load_encoder
from corpus.ingestion import ingest
from corpus.search import similar
from corpus.windows import best_window
from tests.conftest import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.workspace import Workspace

TEXT = "The mill makes paper. It has two hundred workers. Cabbage is grown near the river."


def test_the_window_is_the_nearest_and_its_score_that_of_the_joined_text(seeded: Workspace) -> None:
    encoder = load_encoder("use")
    doc_id = SEEDS["001"].removesuffix(".txt")
    version = seeded.table("sentences").filter(doc_id=doc_id, version=0).sort("sentence")
    query = encoder.encode(["regional factories and the living standards of the people"], lang="en")
    for sentence in version["sentence"].to_list()[:40]:
        window = best_window(encoder, query, version, sentence, "en")
        alone = best_window(encoder, query, version, sentence, "en", 1)
        assert sentence in window.numbers
        assert window.numbers == tuple(range(window.numbers[0], window.numbers[-1] + 1))
        assert len(window.numbers) <= 3
        assert window.score >= alone.score - 1e-6
        joined = encoder.encode([window.text], lang="en") @ query[0]
        assert window.score == pytest.approx(float(joined[0]), abs=1e-4)
        assert len(set(version.filter(version["sentence"].is_in(window.numbers))["kind"])) == 1


def test_a_passage_is_one_result_with_its_sentences_marked(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    ingest(seeded, [tmp_path / "a.txt"])
    query = "a paper mill with two hundred workers"
    (hit,) = similar(seeded, query).hits.to_dicts()
    assert hit["text"] == "The mill makes paper. It has two hundred workers."
    assert hit["text_score"] > hit["score"]
    marked = [hit["text"][span["start"] : span["end"]] for span in hit["spans"]]
    assert marked == ["The mill makes paper.", "It has two hundred workers."]
    assert TEXT[hit["start"] : hit["end"]] == hit["text"]
    apart = similar(seeded, query, window=1).hits
    assert set(apart["text"]) == set(marked)
    assert np.allclose(apart["text_score"].to_numpy(), apart["score"].to_numpy())

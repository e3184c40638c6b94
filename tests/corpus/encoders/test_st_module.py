"""The shipped encoder inside sentence-transformers, and in that library's own tools."""

# ruff: noqa: PLC0415 - optional libraries are imported where they are needed, after the skip

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.corpus.encoders.test_centring import CHINESE, ENGLISH
from tests.corpus.encoders.texts_for_tests import VARIED

if TYPE_CHECKING:
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from corpus.encoders.use.encoder import UseEncoder

# Not imported to see whether it is there: that takes five seconds, in every worker that collects tests.
pytestmark = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="needs sentence_transformers"
)


@pytest.fixture(scope="module")
def model(use: UseEncoder) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    from corpus.encoders.as_sentence_transformer import ShippedEncoder

    del use  # loaded first, with its cache in the tests' folder
    return SentenceTransformer(modules=[ShippedEncoder("use")], device="cpu")


def test_it_encodes_as_the_encoder_does(model: SentenceTransformer, use: UseEncoder) -> None:
    np.testing.assert_allclose(model.encode(VARIED), use.encode(VARIED), atol=1e-5)
    prompted = model.encode(["x"], prompt="title: ")
    np.testing.assert_allclose(prompted, use.encode(["title: x"]), atol=1e-5)
    assert model.get_embedding_dimension() == use.dim


def test_it_is_saved_by_name_and_loaded(model: SentenceTransformer, use: UseEncoder, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from corpus.encoders.as_sentence_transformer import ShippedEncoder

    corrected = SentenceTransformer(modules=[ShippedEncoder("use", lang="zh")], device="cpu")
    corrected.save(str(tmp_path))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*")) < 200_000
    # The library asks for this flag before it imports any class that is not its own.
    again = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    np.testing.assert_allclose(again.encode(CHINESE), use.encode(CHINESE, lang="zh"), atol=1e-5)
    assert np.abs(again.encode(CHINESE) - model.encode(CHINESE)).max() > 1e-3


def test_the_librarys_own_tools_find_the_translations(model: SentenceTransformer, tmp_path: Path) -> None:
    from sentence_transformers.sentence_transformer.evaluation import TranslationEvaluator
    from sentence_transformers.util import paraphrase_mining, semantic_search

    n = len(CHINESE)
    mined = paraphrase_mining(model, [*CHINESE, *ENGLISH], top_k=3)
    right = [abs(int(i) - int(j)) == n for _, i, j in mined[:8]]
    assert sum(right) >= 7
    found = semantic_search(
        model.encode(CHINESE, convert_to_tensor=True), model.encode(ENGLISH, convert_to_tensor=True), top_k=1
    )
    assert [hits[0]["corpus_id"] for hits in found] == list(range(n))
    evaluator = TranslationEvaluator(CHINESE, ENGLISH, show_progress_bar=False, write_csv=False)
    scores = evaluator(model, output_path=str(tmp_path))
    assert isinstance(scores, dict)
    assert min(scores.values()) == 1.0

"""Words and their weights: BM25 as one index would have it, whatever the segments."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.search.index.bm25 import K1, B, Lexical, rarity, read_lexical, write_lexical

if TYPE_CHECKING:
    from pathlib import Path

texts = st.lists(st.lists(st.sampled_from("abcde"), max_size=6), min_size=1, max_size=12)


def made(folder: Path, documents: list[list[str]]) -> Lexical:
    folder.mkdir(parents=True, exist_ok=True)
    write_lexical(folder, iter(documents))
    return read_lexical(folder)


@settings(max_examples=40, deadline=None)
@given(texts)
def test_a_column_is_bm25_without_the_weight_of_the_word(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]]
) -> None:
    words = made(tmp_path_factory.mktemp("words"), documents)
    mean = sum(map(len, documents)) / len(documents)
    for term in "abcde":
        rows, saturation = words.column(term)
        holding = [row for row, document in enumerate(documents) if term in document]
        assert sorted(rows.tolist()) == holding
        assert words.frequency(term) == len(holding)
        for row, value in zip(rows.tolist(), saturation.tolist(), strict=True):
            often, length = documents[row].count(term), len(documents[row]) / mean
            assert value == pytest.approx(often / (often + K1 * (1 - B + B * length)), rel=1e-4)


def test_a_thing_scores_as_a_word_that_stands_once(tmp_path: Path) -> None:
    words = made(tmp_path / "w", [["a", "b"], ["c"], ["a", "d", "e"]])
    rows, saturation = words.column("a")
    assert words.once(rows).saturation == pytest.approx(saturation, rel=1e-5)


def test_rarity_falls_with_frequency_and_is_never_negative() -> None:
    weights = [rarity(texts, 100) for texts in range(101)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] == pytest.approx(math.log(1 + 100.5 / 0.5))
    assert weights[-1] > 0


def test_texts_without_words_are_kept_in_their_places(tmp_path: Path) -> None:
    assert made(tmp_path / "none", [[], []]).size == 2
    words = made(tmp_path / "some", [[], ["a"], []])
    assert words.column("a").rows.tolist() == [1]
    assert words.column("z").rows.tolist() == []


def test_a_damaged_matrix_is_an_error(tmp_path: Path) -> None:
    made(tmp_path / "w", [["a"]])
    np.save(tmp_path / "w" / "scores.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="object"):
        read_lexical(tmp_path / "w")

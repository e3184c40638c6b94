"""Words find their counterparts in the sentences of the other text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.scoring.words import encode_words, relate, shares, split_words
from tests.align.conftest import MeaningEncoder, sentence, story

if TYPE_CHECKING:
    from align.scoring.words import Words


def both(src: list[str], tgt: list[str]) -> tuple[Words, Words]:
    encoder = MeaningEncoder()
    return relate(encode_words(src, encoder, "xx"), encode_words(tgt, encoder, "xx"))


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("The Plan’s 27.5 %, met!", "en", ["the", "plan", "s", "27", "5", "met"]),
        ("朝鲜地方工业，1959年", "zh", ["朝鲜", "地方", "工业", "1959", "年"]),
        ("朝鲜地方工业", None, ["朝鲜", "地方", "工业"]),
        ("東京へ行く", "ja", ["東京", "京へ", "へ行", "行く"]),
        ("지방공업 공장", "ko", ["지방공업", "공장"]),
        ("……！", "zh", []),
    ],
)
def test_words_of(text: str, lang: str | None, words: list[str]) -> None:
    assert split_words(text, lang) == words


def test_a_sentence_shares_its_words_with_its_translation() -> None:
    meanings = story(40, seed=3)
    src, tgt = both([sentence("s", one) for one in meanings], [sentence("t", one) for one in meanings])
    src_shares, tgt_shares = shares(src, tgt, (0, 40, 0, 40), np.ones((40, 40), dtype=bool))
    assert (src_shares.argmax(axis=1) == np.arange(40)).all()
    assert (tgt_shares.argmax(axis=0) == np.arange(40)).all()


def test_the_words_of_a_merged_sentence_go_to_both_halves() -> None:
    meanings = story(30, seed=4, words=8)
    halves = [half for one in meanings for half in (one[:3], one[3:])]
    src, tgt = both([sentence("s", one) for one in meanings], [sentence("t", one) for one in halves])
    src_shares, _ = shares(src, tgt, (0, 30, 0, 60), np.ones((30, 60), dtype=bool))
    nearest = np.sort(src_shares.argsort(axis=1)[:, -2:], axis=1)
    assert (nearest == np.arange(60).reshape(30, 2)).mean() > 0.9
    assert (
        src_shares[np.arange(30), 1 + 2 * np.arange(30)] > src_shares[np.arange(30), 2 * np.arange(30)]
    ).all()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 50), max_size=6), min_size=1, max_size=70), st.integers(0, 2**31))
def test_no_sentence_gives_more_than_it_has(meanings: list[list[int]], seed: int) -> None:
    src, tgt = both([sentence("s", one) for one in meanings], [sentence("t", one) for one in meanings[::-1]])
    n = len(meanings)
    near = np.random.default_rng(seed).random((n, n)) < 0.5
    src_shares, tgt_shares = shares(src, tgt, (0, n, 0, n), near)
    has = np.array([src.weights[src.part(k, k + 1).tokens].sum() for k in range(n)]) / src.mass
    assert (src_shares.sum(axis=1) <= has + 1e-5).all()
    for found in (src_shares, tgt_shares):
        assert found.min() >= 0
        assert not found[~near].any()


def test_a_stretch_is_shared_out_as_in_the_whole() -> None:
    meanings = story(60, seed=5)
    src, tgt = both([sentence("s", one) for one in meanings], [sentence("t", one) for one in meanings])
    near = np.abs(np.subtract.outer(np.arange(60), np.arange(60))) < 8
    whole, _ = shares(src, tgt, (0, 60, 0, 60), near)
    part, _ = shares(src, tgt, (20, 40, 15, 45), near[20:40, 15:45])
    np.testing.assert_allclose(part[8:12], whole[28:32, 15:45], rtol=1e-5)

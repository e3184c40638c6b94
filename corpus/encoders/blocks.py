"""What encoders have in common, and blocks for those without a short cut: each is encoded as a text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.text.joining import block_text, separator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Role, Vectors


@dataclass(frozen=True)
class BaseEncoder(ABC):
    """What `align.encoder.Encoder` asks for, but how texts are embedded."""

    name: str
    version: str
    dim: int
    languages: tuple[str, ...]
    licence: str

    @abstractmethod
    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """See `align.encoder.Encoder.encode`."""

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed every run of 1..k consecutive sentences by encoding each; see `encode_joined`."""
        return encode_joined(self, sentences, k, lang=lang)


def encode_joined(encoder: Encoder, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
    """Embed every run of 1..k consecutive sentences by joining and encoding it.

    Parameters
    ----------
    encoder
        What encodes the joined texts, as passages.
    sentences
        n sentences of one text, in order.
    k
        Longest run, at least 1.
    lang
        Their language, which also decides how they are joined.

    Returns
    -------
    Vectors
        Shape (k, n, dim): row [m - 1, i] is the run of m sentences that ends at sentence i; zero where there
        is none (i < m - 1).

    Raises
    ------
    ValueError
        If k is less than 1.
    """
    if k < 1:
        raise ValueError(f"blocks have at least one sentence, not {k}")
    n = len(sentences)
    sep = separator(sentences, lang)
    blocks = [(m, i) for m in range(1, min(k, n) + 1) for i in range(m - 1, n)]
    texts = [block_text(sentences, i - m + 1, i, sep) for m, i in blocks]
    # Empty sentences make equal blocks; each text is encoded once.
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    vectors = encoder.encode(list(places), lang=lang)
    out = np.zeros((k, n, encoder.dim), dtype=np.float32)
    for (m, i), text in zip(blocks, texts, strict=True):
        out[m - 1, i] = vectors[places[text]]
    return out

"""Two encoders side by side: their unit vectors, concatenated, are better than either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.encoders.blocks import BaseEncoder
from corpus.encoders.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Role, Vectors
    from corpus.encoders.registry import EncoderEntry


def open_encoder(entry: EncoderEntry) -> CombinedEncoder:
    """Open the encoders that the entry's name lists, joined by ``+``.

    Raises
    ------
    EncoderError
        If one of them cannot be opened.
    """
    parts = tuple(load_encoder(name) for name in entry.name.split("+"))
    versions = "".join(f"+({part.name} {part.version})" for part in parts)
    return CombinedEncoder(**entry.described(versions), parts=parts)


@dataclass(frozen=True)
class CombinedEncoder(BaseEncoder):
    """The vectors of several encoders, each corrected on its own, concatenated with equal weight.

    The cosine of two texts is then the mean of their cosines under each.
    """

    parts: tuple[Encoder, ...]

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts, in input order: shape (n, dim), float32, unit rows (zero where there is no text)."""
        return self._joined([part.encode(texts, role=role, lang=lang) for part in self.parts])

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed every run of 1..k consecutive sentences, by whatever way each part has: (k, n, dim)."""
        return self._joined([part.encode_blocks(sentences, k, lang=lang) for part in self.parts])

    def _joined(self, vectors: list[Vectors]) -> Vectors:
        joined = np.concatenate(vectors, axis=-1)
        joined /= np.sqrt(np.float32(len(vectors)))
        return joined

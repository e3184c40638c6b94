"""An encoder that remembers: the same words are embedded once, however many texts they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Role, Vectors


class Remembered:
    """An encoder whose single texts are kept in memory.

    Training embeds each gold text several times over, whole, with sentences left out, and cut into short
    ones: the words are the same, and an encoder gives a text the same vector whatever else it is given. Runs of
    sentences are not kept.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[Role, str | None, str], Vectors] = {}

    @property
    def name(self) -> str:
        """Of the encoder."""
        return self._encoder.name

    @property
    def version(self) -> str:
        """Of the encoder."""
        return self._encoder.version

    @property
    def dim(self) -> int:
        """Of the encoder."""
        return self._encoder.dim

    @property
    def languages(self) -> tuple[str, ...]:
        """Of the encoder."""
        return self._encoder.languages

    @property
    def licence(self) -> str:
        """Of the encoder."""
        return self._encoder.licence

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts, those that are new: see :meth:`align.encoder.Encoder.encode`."""
        new = [text for text in dict.fromkeys(texts) if (role, lang, text) not in self._known]
        if new:
            rows = self._encoder.encode(new, role=role, lang=lang)
            self._known |= {(role, lang, text): row for text, row in zip(new, rows, strict=True)}
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for k, text in enumerate(texts):
            out[k] = self._known[role, lang, text]
        return out

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed runs of sentences: see :meth:`align.encoder.Encoder.encode_blocks`."""
        return self._encoder.encode_blocks(sentences, k, lang=lang)


__all__ = ["Remembered"]

"""An encoder that remembers: what is the same is embedded once, however many texts it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from align.encoder import Encoder, Role, Vectors


class Remembered:
    """An encoder whose vectors are kept in memory.

    Training embeds each gold text several times over: whole, with sentences left out, and cut into short
    ones. Most words and runs of sentences are the same, and an encoder gives a text the same vector whatever
    else it is given (but for rounding, where runs are put together from sums).
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[Role, str | None, str], Vectors] = {}
        self._runs: dict[tuple[str | None, tuple[str, ...]], Vectors] = {}

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
        """Embed runs of sentences, those that are new: see :meth:`align.encoder.Encoder.encode_blocks`."""
        whole = tuple(sentences)
        runs = [(size, stop) for stop in range(1, len(whole) + 1) for size in range(1, min(k, stop) + 1)]
        new = [
            (stop - size, stop) for size, stop in runs if (lang, whole[stop - size : stop]) not in self._runs
        ]
        for start, stop in _stretches(new):
            part = whole[start:stop]
            rows = self._encoder.encode_blocks(part, k, lang=lang)
            self._runs |= {
                (lang, part[end - size : end]): rows[size - 1, end - 1]
                for end in range(1, len(part) + 1)
                for size in range(1, min(k, end) + 1)
            }
        out = np.zeros((k, len(whole), self.dim), dtype=np.float32)
        for size, stop in runs:
            out[size - 1, stop - 1] = self._runs[lang, whole[stop - size : stop]]
        return out


def _stretches(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap."""
    out: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(stop, out[-1][1]))
        else:
            out.append((start, stop))
    return out


__all__ = ["Remembered"]

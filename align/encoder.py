"""What the aligner asks of an encoder, and nothing about where encoders come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Embeddings: float32, C-contiguous, one unit row a text (a zero row where there is no text)."""

Role: TypeAlias = Literal["passage", "query"]


class Encoder(Protocol):
    """A multilingual sentence encoder.

    Implementations are deterministic, and give a text the same vector whatever batch it is in.
    """

    @property
    def name(self) -> str:
        """Registry name, e.g. ``use``."""
        ...

    @property
    def version(self) -> str:
        """Version of model and inference code; vectors of two versions must not be mixed."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages the model was trained for."""
        ...

    @property
    def licence(self) -> str:
        """SPDX identifier of the model's licence."""
        ...

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts, in input order.

        Parameters
        ----------
        texts
            n texts; an empty one is allowed.
        role
            Whether the texts are search queries or the passages searched; encoders that were
            trained without the distinction ignore it.
        lang
            ISO 639-1 code of the language of all the texts, for an encoder that corrects for it;
            None leaves vectors uncorrected.

        Returns
        -------
        Vectors
            Shape (n, dim).
        """
        ...

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed every run of 1..k consecutive sentences as one text.

        Returns
        -------
        Vectors
            Shape (k, n, dim): row [m - 1, i] is the run of m sentences that *ends* at sentence i,
            zero where there is none (i < m - 1).
        """
        ...

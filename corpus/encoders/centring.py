"""Per-language correction of an encoder's vectors.

Encoders place texts of one language a little closer together than their meaning warrants, so a Chinese
query ranks any Chinese sentence too high. Much of it is an offset, the same for every text of a language
(Libovický et al. 2020; Reimers & Gurevych 2020 call it language bias), which can be subtracted.

The offset is estimated once, by `bench/centres.py`, ships beside the encoder's entry and
never comes from the texts at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.base.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Vectors


@dataclass(frozen=True)
class Centres:
    """What to subtract from the vectors of each language.

    Attributes
    ----------
    languages
        n ISO 639-1 codes.
    offsets
        Shape (n, dim), float32.
    other
        For a language that is not among them: shape (dim,).
    """

    languages: tuple[str, ...]
    offsets: npt.NDArray[np.float32]
    other: npt.NDArray[np.float32]

    @classmethod
    def read(cls, path: Path) -> Centres:
        """Read centres that `bench/centres.py` wrote.

        Raises
        ------
        EncoderError
            If the file is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                languages = tuple(str(arrays["languages"]).split())
                return cls(languages, arrays["offsets"], arrays["other"])
        except (OSError, KeyError, ValueError) as error:
            raise EncoderError(f"{path} is missing or damaged ({error}); reinstall duizhao") from error

    def offset(self, lang: str) -> npt.NDArray[np.float32]:
        """Return the offset to subtract for a language; ``zh-TW`` counts as ``zh``."""
        code = lang.lower().replace("_", "-").split("-")[0]
        if code not in self.languages:
            return self.other
        row: npt.NDArray[np.float32] = self.offsets[self.languages.index(code)]
        return row

    def centred(self, vectors: Vectors, lang: str | None) -> Vectors:
        """Return unit vectors corrected for their language.

        Parameters
        ----------
        vectors
            Shape (..., dim), unit rows; zero rows (no text) stay zero.
        lang
            Language of all of them; None leaves them as they are.
        """
        if lang is None:
            return vectors
        offset = self.offset(lang)
        if not offset.any():
            return vectors
        moved = vectors - np.where(vectors.any(axis=-1, keepdims=True), offset, np.float32(0))
        norm = np.linalg.norm(moved, axis=-1, keepdims=True)
        unit: Vectors = np.divide(moved, norm, out=np.zeros_like(moved), where=norm > 0)
        return unit


@lru_cache(maxsize=8)
def _read(path: Path) -> Centres:
    return Centres.read(path)


def centred(vectors: Vectors, lang: str | None, path: Path) -> Vectors:
    """Correct vectors by the centres in a file, which is read when first needed.

    Raises
    ------
    EncoderError
        If the file is missing or damaged.
    """
    return vectors if lang is None else _read(path).centred(vectors, lang)

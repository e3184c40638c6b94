"""From an encoder's name to the encoder."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from align.encoder import Encoder

SENTENCE_TRANSFORMERS = "st:"
"""What the name of a sentence-transformers model begins with."""


def load_encoder(name: str = "use") -> Encoder:
    """Load an encoder by name; a shipped one is loaded once.

    Parameters
    ----------
    name
        A shipped encoder (`corpus.encoders.registry.entries`), or ``st:`` and the hub name or the folder
        of a sentence-transformers model, e.g. ``st:sentence-transformers/LaBSE``.

    Raises
    ------
    EncoderError
        If there is no such encoder, or what it needs is not installed.
    """
    # Modules are imported by name, and here, so that naming an encoder costs nothing and using one
    # imports its own libraries only.
    if name.startswith(SENTENCE_TRANSFORMERS):
        return _model(name.removeprefix(SENTENCE_TRANSFORMERS))
    return _shipped(name)


def loaded_by(encoder: Encoder) -> str:
    """Return what `load_encoder` loads the same encoder by in another process, options included."""
    named: str = getattr(encoder, "loaded_by", encoder.name)
    return named


@cache
def _shipped(name: str) -> Encoder:
    entry = import_module("corpus.encoders.registry").entry(name)
    encoder: Encoder = import_module(entry.module).open_encoder(entry)
    return encoder


@lru_cache(maxsize=2)  # models may be gigabytes
def _model(spec: str) -> Encoder:
    encoder: Encoder = import_module("corpus.encoders.sentence_transformers").open_model(spec)
    return encoder

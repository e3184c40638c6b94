"""Sentence encoders: those that ship, and any that sentence-transformers can load.

Importing this package costs nothing: numpy, the models and torch are imported by the encoder that
needs them, when it is loaded.
"""

from __future__ import annotations

from corpus.encoders.loading import load_encoder

__all__ = ["load_encoder"]

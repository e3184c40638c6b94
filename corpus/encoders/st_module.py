"""The module of `ShippedEncoder` as saved `SentenceTransformer` models record it."""

from __future__ import annotations

from corpus.encoders.as_sentence_transformer import ShippedEncoder

__all__ = ["ShippedEncoder"]

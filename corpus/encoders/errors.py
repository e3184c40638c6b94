"""What goes wrong with encoders."""

from __future__ import annotations

from corpus.base.errors import CorpusError


class EncoderError(CorpusError):
    """An encoder that is unknown, not installed, or whose model cannot be read."""

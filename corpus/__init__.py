"""Duizhao (对照): align and search press texts across languages and decades.

    from corpus import Corpus

    c = Corpus("archive")                     # a workspace folder
    c.ingest("articles/")
    c.align()                                 # a polars frame, one row a bead
    c.search("local industry", k=10)          # a polars frame, best first

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.base.version import __version__

if TYPE_CHECKING:
    from corpus.api.corpus import Corpus
    from corpus.api.corpus import align_texts as align
    from corpus.base.errors import CorpusError, EncoderError, InputError, WorkspaceError
    from corpus.encoders import load_encoder

__all__ = [
    "Corpus",
    "CorpusError",
    "EncoderError",
    "InputError",
    "WorkspaceError",
    "__version__",
    "align",
    "load_encoder",
]

_HOMES = {
    "Corpus": "corpus.api.corpus:Corpus",
    "CorpusError": "corpus.base.errors:CorpusError",
    "EncoderError": "corpus.base.errors:EncoderError",
    "InputError": "corpus.base.errors:InputError",
    "WorkspaceError": "corpus.base.errors:WorkspaceError",
    "align": "corpus.api.corpus:align_texts",
    "load_encoder": "corpus.encoders:load_encoder",
}


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute {name!r}")
    from importlib import import_module

    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)

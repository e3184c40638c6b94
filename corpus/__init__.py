"""Duizhao (对照): align and search press texts across languages and decades.

    import corpus

    workspace = corpus.open_workspace()
    pairs = corpus.align(workspace)                       # a polars frame, one row a bead
    found = corpus.similar(workspace, "local industry")   # found.hits: a polars frame, best first

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.base.version import __version__

if TYPE_CHECKING:
    from corpus.alignment.align import align_files
    from corpus.alignment.incremental import align_workspace as align
    from corpus.base.errors import CorpusError, InputError, WorkspaceError
    from corpus.encoders import load_encoder
    from corpus.ingestion.ingest import ingest
    from corpus.search.searcher import similar
    from corpus.store.workspace import open_workspace
    from corpus.writers.tsv import to_tsv


__all__ = [
    "CorpusError",
    "InputError",
    "WorkspaceError",
    "__version__",
    "align",
    "align_files",
    "ingest",
    "load_encoder",
    "open_workspace",
    "similar",
    "to_tsv",
]

_HOMES = {
    "CorpusError": "corpus.base.errors:CorpusError",
    "InputError": "corpus.base.errors:InputError",
    "WorkspaceError": "corpus.base.errors:WorkspaceError",
    "align": "corpus.alignment.incremental:align_workspace",
    "align_files": "corpus.alignment.align:align_files",
    "ingest": "corpus.ingestion.ingest:ingest",
    "load_encoder": "corpus.encoders:load_encoder",
    "open_workspace": "corpus.store.workspace:open_workspace",
    "similar": "corpus.search.searcher:similar",
    "to_tsv": "corpus.writers.tsv:to_tsv",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute {name!r}")
    from importlib import import_module

    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)

"""The formats of files that come in and go out."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.store.schemas import DataType

_COLUMNS: dict[str, DataType] = {
    "name": pl.String,
    "direction": pl.String,
    "endings": pl.List(pl.String),
    "about": pl.String,
    "places": pl.String,
    "library": pl.String,
    "extra": pl.String,
    "installed": pl.Boolean,
}
FORMATS = pl.Schema(_COLUMNS)
"""A format a row: `direction` is ``in``, ``out`` or ``archive``, `places` what places in a file that comes in
are kept, `library` what does the work, and `extra` what to install for it, as in ``pip install
'duizhao[pdf]'``; these three are null where there is nothing to say."""


def list_formats() -> pl.DataFrame:
    """Return the formats that are read and written, plug-ins' among them (`FORMATS`)."""
    return pl.DataFrame([*_incoming(), *_archives(), *_outgoing()], schema=FORMATS)


def _incoming() -> Iterator[dict[str, Any]]:
    from corpus.readers.registry import formats

    for name, form in formats().items():
        yield {
            "name": name,
            "direction": "in",
            "endings": list(form.endings),
            "about": form.about,
            "places": form.places or None,
            "library": form.library or None,
            "extra": form.extra,
            "installed": form.installed and bool(form.module),
        }


def _archives() -> Iterator[dict[str, Any]]:
    from corpus.readers.packed.archives import ARCHIVES

    for name, (ends, about) in ARCHIVES.items():
        by, extra = ("warcio", "html") if name == "warc" else (None, None)
        yield {
            "name": name,
            "direction": "archive",
            "endings": list(ends),
            "about": about,
            "places": "path in the archive",
            "library": by,
            "extra": extra,
            "installed": by is None or find_spec(by) is not None,
        }


def _outgoing() -> Iterator[dict[str, Any]]:
    from corpus.readers.registry import formats as read
    from corpus.writers.base import formats

    brought: dict[str | None, set[str]] = {}  # the modules that each extra brings, as far as readers tell
    for own in read().values():
        brought.setdefault(own.extra, set()).update(own.needs)
    for name, form in formats().items():
        yield {
            "name": name,
            "direction": "out",
            "endings": [f".{ending}" for ending in form.endings],
            "about": form.about,
            "extra": form.extra,
            "installed": not form.extra or all(map(find_spec, brought.get(form.extra, ()))),
        }

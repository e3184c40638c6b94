"""Pairs as JSON: an array of objects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corpus.documents.pairs import chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


def to_json(
    pairs: pl.DataFrame, *, columns: Sequence[str] = (), header: bool = True, nulls: bool = False
) -> str:
    """Write pairs as an array of objects, with all their columns unless some are named."""
    del header  # there is none
    rows = chosen(pairs, columns or pairs.columns, nulls=nulls).to_dicts()
    return json.dumps(rows, ensure_ascii=False, indent=2, default=str) + "\n"

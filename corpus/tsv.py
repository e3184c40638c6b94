"""Any table as tab-separated values: UTF-8 text, LF, no quoting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

_BREAKS = r"[\t\r\n\x0b\x0c\x{85}\x{2028}\x{2029}]+"


def frame_tsv(frame: pl.DataFrame) -> str:
    """Write a table as TSV.

    Tabs and line breaks in text are spaces, unknown values empty, numbers that are no integers have up
    to six significant digits, lists are separated by `` | ``, and the parts of a list's item by ``: ``.
    """
    columns = [_text(frame[name]) for name in frame.columns]
    lines = ["\t".join(frame.columns)]
    lines += ["\t".join(row) for row in zip(*columns, strict=True)]
    return "".join(f"{line}\n" for line in lines)


def _text(column: pl.Series) -> Iterable[str]:
    if column.dtype.is_float():
        return ["" if value is None else f"{value:.6g}" for value in column]
    if isinstance(column.dtype, pl.List):
        column = pl.Series([_joined(items) for items in column.to_list()], dtype=pl.String)
    return column.cast(pl.String).str.replace_all(_BREAKS, " ").fill_null("")


def _joined(items: list[object] | None) -> str | None:
    if items is None:
        return None
    parts = (
        ": ".join(map(_plain, item.values())) if isinstance(item, dict) else _plain(item) for item in items
    )
    return " | ".join(parts)


def _plain(value: object) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)

"""Tables of a page: sorted by a column, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from corpus.web.views import Asked

ROWS = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is shown.

    Attributes
    ----------
    name, heading
        In the table, and in the page: a message.
    form
        Of numbers, as `format` takes it; empty for text.
    lang
        The column that says in which language the text is; None for words of the interface.
    help
        What the heading means, a message.
    """

    name: str
    heading: str
    form: str = ""
    lang: str | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a table: its rows, which of how many, and how it is sorted."""

    columns: Sequence[Column]
    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    order: str
    falling: bool


def paged(frame: pl.DataFrame, asked: Asked, columns: Sequence[Column] = (), rows: int = ROWS) -> Shown:
    """Return the page of a table that is asked for: `order`, `falling` and `page` of the query say which.

    Raises
    ------
    CorpusError
        If there is no such column.
    """
    order, falling = asked.text("order"), asked.on("falling")
    if order:
        if order not in {column.name for column in columns}:
            raise CorpusError(f"order: there is no column {order[:40]!r}")
        frame = frame.sort(order, descending=falling, nulls_last=True, maintain_order=True)
    pages = max(1, -(-len(frame) // rows))
    page = min(asked.number("page", 1, least=1), pages)
    part = frame.slice((page - 1) * rows, rows)
    return Shown(columns, part.to_dicts(), len(frame), page, pages, order, falling)

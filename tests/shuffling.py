"""polars at its least obliging: rows come in any order wherever no order was asked for.

Joins, groups, distinct rows and sorts promise an order only where they are told to keep one. What they do without
depends on how many threads there are and which of them is the first, so that a result may change once in a hundred
runs, on a busy machine. `shuffled` makes it change in every run.
"""
# ruff: noqa: ANN401 - what is passed on to polars is its to type

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.lazyframe.group_by import LazyGroupBy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def shuffled(seed: int) -> Iterator[Callable[[], int]]:  # noqa: C901 - one short function for each of theirs
    """Shuffle what polars may return in any order; yield how many frames and columns were, so far.

    A join that keeps the order of one side only may put the rows of the other that match it in any. Rows that are
    equal by a sort's keys change places, unless the sort keeps their order; and which of several `unique` keeps is
    chance, unless told. Frames that are grouped, joined and so on eagerly go by the lazy ones, within polars.
    """
    seeds = count(seed * 100_000)
    join, sort = pl.LazyFrame.join, pl.LazyFrame.sort
    group_by, unique, agg = pl.LazyFrame.group_by, pl.LazyFrame.unique, LazyGroupBy.agg
    of_expr, sort_by, value_counts = pl.Expr.unique, pl.Expr.sort_by, pl.Series.value_counts

    def mixed(frame: pl.LazyFrame) -> pl.LazyFrame:
        return frame.select(pl.all().shuffle(next(seeds)))  # each column by the same seed, so rows stay whole

    def joined(left: pl.LazyFrame, other: pl.LazyFrame, *args: Any, **named: Any) -> pl.LazyFrame:
        kept = named.get("maintain_order") or "none"
        if kept in {"none", "right"}:
            left = mixed(left)
        if kept in {"none", "left"}:
            other = mixed(other)
        found = join(left, other, *args, **named)
        return mixed(found) if kept == "none" else found

    def grouped(frame: pl.LazyFrame, *by: Any, maintain_order: bool = False, **named: Any) -> LazyGroupBy:
        groups = group_by(frame, *by, maintain_order=maintain_order, **named)
        groups.__dict__["any_order"] = not maintain_order
        return groups

    def aggregated(groups: LazyGroupBy, *args: Any, **named: Any) -> pl.LazyFrame:
        found = agg(groups, *args, **named)
        return mixed(found) if groups.__dict__["any_order"] else found

    def distinct(
        frame: pl.LazyFrame, subset: Any = None, *, keep: Any = "any", maintain_order: bool = False
    ) -> pl.LazyFrame:
        any_order = mixed(frame) if keep == "any" and not maintain_order else frame
        found = unique(any_order, subset, keep=keep, maintain_order=maintain_order)
        return found if maintain_order else mixed(found)

    def in_order(frame: pl.LazyFrame, *args: Any, **named: Any) -> pl.LazyFrame:
        return sort(frame if named.get("maintain_order") else mixed(frame), *args, **named)

    def distinct_values(expr: pl.Expr, *, maintain_order: bool = False) -> pl.Expr:
        found = of_expr(expr, maintain_order=maintain_order)
        return found if maintain_order else found.shuffle(next(seeds))

    def values_in_order(expr: pl.Expr, *args: Any, **named: Any) -> pl.Expr:
        assert named.get("maintain_order"), "values sorted by others that may be equal come in any order"
        return sort_by(expr, *args, **named)

    def distinct_items(items: pl.Series, *, maintain_order: bool = False) -> pl.Series:
        return (
            items.to_frame()
            .lazy()
            .select(pl.first().unique(maintain_order=maintain_order))
            .collect()
            .to_series()
        )

    def counted(items: pl.Series, *, sort: bool = False, **named: Any) -> pl.DataFrame:
        counts = value_counts(items, **named)
        found = mixed(counts.lazy())
        return (in_order(found, pl.last(), descending=True) if sort else found).collect()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pl.LazyFrame, "join", joined)
        patch.setattr(pl.LazyFrame, "group_by", grouped)
        patch.setattr(LazyGroupBy, "agg", aggregated)
        patch.setattr(pl.LazyFrame, "unique", distinct)
        patch.setattr(pl.LazyFrame, "sort", in_order)
        patch.setattr(pl.Expr, "unique", distinct_values)
        patch.setattr(pl.Expr, "sort_by", values_in_order)
        patch.setattr(pl.Series, "unique", distinct_items)
        patch.setattr(pl.Series, "value_counts", counted)
        first = seed * 100_000
        last = [first]

        def number() -> int:
            last[0] = next(seeds)
            return last[0] - first

        yield number

"""No result depends on the order in which rows, threads or sets happen to come.

The commands that tests.orders lists are run in two processes: in one as users run them, in the other with other hashes
of strings, other threads, and rows that come in any order wherever none was asked for (`tests.shuffling`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.shuffling import shuffled

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]


def started(folder: Path, seed: int, **chosen: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.orders", str(folder), str(seed)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **chosen}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_no_result_depends_on_an_order_that_was_not_asked_for(tmp_path: Path) -> None:
    plain = started(tmp_path / "plain", 0, PYTHONHASHSEED="1", POLARS_MAX_THREADS="1")
    other = started(tmp_path / "other", 1, PYTHONHASHSEED="2", POLARS_MAX_THREADS="4")
    printed = []
    for process in (plain, other):
        out, err = process.communicate()
        assert process.returncode == 0, err.decode()
        printed.append(json.loads(out))
    expected, found = printed
    assert found.pop("shuffled") > 500 > expected.pop("shuffled") == 0
    assert expected.keys() == found.keys()
    assert [name for name, text in expected.items() if found[name] != text] == []
    (rows,) = (text for name, text in expected.items() if name.startswith("some: table rows "))
    assert len(rows.splitlines()) > 20


NUMBERS = pl.DataFrame({"n": range(60), "by": [0, 1, 2] * 20})
OTHERS = pl.DataFrame({"n": [*range(60)] * 2, "m": range(120)})


@pytest.mark.parametrize(
    "made",
    [
        lambda: NUMBERS.join(OTHERS, on="n"),
        lambda: NUMBERS.join(OTHERS, on="n", how="semi"),
        lambda: NUMBERS.join(OTHERS, on="n", how="left", maintain_order="left"),  # of one row's matches, any
        lambda: NUMBERS.lazy().join(OTHERS.lazy(), on="n", how="semi").collect(),
        lambda: NUMBERS.unique("n"),
        lambda: NUMBERS.unique("by").sort("by"),  # which row is kept
        lambda: NUMBERS.group_by("n").len(),
        lambda: pl.DataFrame([{"n": key[0]} for key, _ in NUMBERS.group_by("n")]),
        lambda: NUMBERS.sort("by"),
        lambda: NUMBERS.select(pl.col("n").unique()),
        lambda: NUMBERS["n"].unique().to_frame(),
        lambda: NUMBERS["n"].value_counts(sort=True),
    ],
)
def test_what_polars_promises_no_order_of_comes_in_another(made: Callable[[], pl.DataFrame]) -> None:
    expected = made()
    with shuffled(1) as number:
        found = made()
        again = made()
    assert number() > 1
    assert not found.equals(expected)
    assert not found.equals(again)
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    "made",
    [
        lambda: NUMBERS.join(OTHERS, on="n", maintain_order="left_right"),
        lambda: NUMBERS.join(OTHERS, on="n", how="semi", maintain_order="left"),
        lambda: NUMBERS.join(OTHERS, on="n").sort("n", "m"),
        lambda: NUMBERS.unique("by", keep="first", maintain_order=True),
        lambda: NUMBERS.group_by("by", maintain_order=True).agg("n"),
        lambda: NUMBERS.sort("by", maintain_order=True),
    ],
)
def test_what_an_order_was_asked_for_comes_in_it(made: Callable[[], pl.DataFrame]) -> None:
    expected = made()
    with shuffled(1):
        assert made().equals(expected)

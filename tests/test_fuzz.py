"""Whatever a file holds, a parser of outside data reads it or says what is wrong with it (`bench/fuzz.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.fuzz import PARSERS, Parser, fuzz, try_one

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", PARSERS)
def test_nothing_but_the_documented_errors_comes_out(name: str) -> None:
    tried, _ = fuzz(name, 40, 1)
    assert tried >= 40


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_changed_is_good_before(name: str, tmp_path: Path) -> None:
    assert not try_one(PARSERS[name], PARSERS[name].good[0], tmp_path)


def test_another_error_is_let_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARSERS, "bad", Parser([b'{"a": 1}'], lambda data, _: {b'{"a": 1}': 1}[data]))
    with pytest.raises(KeyError):
        fuzz("bad", 40, 1)

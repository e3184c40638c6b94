"""What is found by the letters kept is what reading all texts finds."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.search.index.letters import _AGREED, Sought, _runs, read_letters, write_letters
from corpus.search.index.segment import Segment
from corpus.text.edges import OF_WORD, UNSPACED_LETTER
from corpus.text.folding import containing, fold

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    "工", "业", "厂", "地方", "工业", "a", "art", "party", "industr", "industry", "ies", "1", "19", "64", "年", "２",
    " ", "  ", "-", "–", ".", ",", "、", "。", "_", "*", "'", "％", "Ａ", "é", "e\u0301", "\u0301", "ß", "김", "화", "カ",
    "ｶ", "ﾞ", "ー", "ก", "ำ", "я", "①", "½", "𠀀", "\u200b", "(", "[", "\\",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[str], str]:
    rows = draw(st.lists(texts, min_size=1, max_size=8))
    row = draw(st.sampled_from(rows))
    start = draw(st.integers(0, len(row)))
    asked = draw(st.one_of(st.just(row[start : start + draw(st.integers(1, 5))]), texts))
    return rows, asked + draw(st.sampled_from(["", "", "*"]))


def opened(folder: Path, rows: list[str]) -> Segment:
    folded = pl.Series("folded", [fold(row) for row in rows], dtype=pl.String)
    pl.DataFrame({"text_id": range(len(rows)), "folded": folded}).write_parquet(folder / "rows.parquet")
    write_letters(folder, folded)
    return Segment(1, folder, None, np.empty(0, np.int64))


def read(rows: list[str], sought: Sought) -> list[int]:
    return pl.Series([fold(row) for row in rows]).str.contains(sought.regex).arg_true().to_list()


@settings(max_examples=300, deadline=None)
@given(corpora(), st.booleans())
@example((["x\u0301abc"], "\u0301abc"), False)  # noqa: FBT003 - hypothesis passes examples by place
@example((["23.4", "3.4", "3.4."], "3.4"), False)  # noqa: FBT003
@example((["工业。厂", "工业厂"], "业厂"), False)  # noqa: FBT003
@example((["industrial", "deindustry", "工industries"], "industr*"), True)  # noqa: FBT003
def test_letters_find_what_reading_finds(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[list[str], str],
    wildcards: bool,  # noqa: FBT001
) -> None:
    rows, asked = made
    if not any(character.isalnum() for character in asked):
        return
    segment = opened(tmp_path_factory.mktemp("segment"), rows)
    sought = Sought(containing(asked, wildcards=wildcards), (asked,), wildcards)
    assert segment.holding(sought).tolist() == read(rows, sought)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(texts, min_size=1, max_size=8),
    st.lists(texts.filter(lambda t: any(map(str.isalnum, t))), min_size=2, max_size=4),
)
@example(["19"], ["工", "①-"])
@example(["ab", "ba"], ["-a", "a-"])
def test_any_of_several_phrases_will_do(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], phrases: list[str]
) -> None:
    segment = opened(tmp_path_factory.mktemp("segment"), rows)
    regex = "|".join(f"(?:{containing(phrase, wildcards=True)})" for phrase in phrases)
    sought = Sought(regex, tuple(phrases), wildcards=True)
    assert segment.holding(sought).tolist() == read(rows, sought)


def test_numbers_of_many_bytes_come_back(tmp_path: Path) -> None:
    rows = pl.Series(["a" if number in (3, 140, 70_000, 120_001) else "b" for number in range(120_002)])
    write_letters(tmp_path, rows)
    letters = read_letters(tmp_path)
    assert letters is not None
    sought = Sought(containing("a"), ("a",))
    assert [(held.tolist(), whole) for held, whole in letters.candidates(sought) or []] == [
        ([3, 140, 70_000, 120_001], True)
    ]
    assert letters.words() == ["a", "b"]


@pytest.mark.parametrize("asked", ["industry", "工业", "工", "kimhwa郡", "industr*"])
def test_what_needs_no_reading_is_not_read(tmp_path: Path, asked: str) -> None:
    rows = ["Local industry", "地方工业", "在Kimhwa郡", "industries"]
    segment = opened(tmp_path, rows)
    sought = Sought(containing(asked, wildcards=True), (asked,), wildcards=True)
    expected = read(rows, sought)
    assert expected
    if asked != "kimhwa郡":  # two runs: what holds both is read
        segment.__dict__["folded"] = pl.Series(["not read"] * len(rows))
    assert segment.holding(sought).tolist() == expected


def test_an_older_segment_is_read(tmp_path: Path) -> None:
    rows = ["Local industry", "地方工业"]
    segment = opened(tmp_path, rows)
    for file in segment.folder.glob("letters-*"):
        file.unlink()
    assert segment.letters is None
    assert segment.holding(Sought(containing("工业"), ("工业",))).tolist() == [1]


def test_python_and_polars_agree_on_what_is_a_letter() -> None:
    characters = [char for char in map(chr, range(0x10000)) if category(char) in _AGREED]
    runs = pl.Series(characters).str.extract_all(f"{OF_WORD}|{UNSPACED_LETTER}").to_list()
    differ = [char for char, run in zip(characters, runs, strict=True) if _runs(char) != run]
    assert differ == []

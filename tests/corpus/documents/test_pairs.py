"""The parallel TSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.documents.pairs import COLUMNS, PAIRS, PairCounts, without_nulls, workspace_pairs
from corpus.store.workspace import Workspace
from corpus.text.joining import passage_text
from corpus.writers.tsv import to_tsv

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)
)
IDS = st.lists(st.integers(0, 9999), max_size=3)
ROWS = st.fixed_dictionaries(
    {
        "doc_id": TEXT,
        "date": st.none() | st.just("1959-05-20"),
        "src_lang": st.just("zh"),
        "tgt_lang": st.just("en"),
        "src": TEXT,
        "tgt": TEXT,
        "score": st.integers(0, 10_000).map(lambda n: n / 10_000),
        "bead": st.just("1:1"),
        "src_ids": IDS.filter(bool),
        "tgt_ids": IDS.filter(bool),
        "flags": st.lists(st.sampled_from(["numbers", "low"]), unique=True),
    }
)


def read_tsv(text: str) -> list[dict[str, object]]:
    """Read a TSV file back, as another tool would."""
    header, *lines = text.removesuffix("\n").split("\n")
    rows: list[dict[str, object]] = []
    for line in lines:
        row: dict[str, object] = dict(zip(header.split("\t"), line.split("\t"), strict=True))
        row["date"] = row["date"] or None
        row["score"] = float(str(row["score"]))
        for side in ("src_ids", "tgt_ids"):
            row[side] = [int(n) for n in str(row[side]).split()]
        row["flags"] = [flag for flag in str(row["flags"]).split(",") if flag]
        rows.append(row)
    return rows


@given(st.lists(ROWS, max_size=5))
def test_what_is_exported_is_read_back(rows: list[dict[str, object]]) -> None:
    for row in rows:
        for side in ("src", "tgt"):
            row[side] = str(row[side]).replace("\u2028", " ").replace("\u2029", " ").replace("\x85", " ")
    assert read_tsv(to_tsv(pl.DataFrame(rows, schema=PAIRS))) == rows


@given(st.text(max_size=30))
def test_no_text_breaks_a_row(text: str) -> None:
    row = {"src": text, "tgt": text, "score": 0.5, "src_ids": [0], "tgt_ids": [0], "flags": []}
    written = to_tsv(pl.DataFrame([row], schema=PAIRS))
    assert written.count("\n") == 2
    assert written.split("\n")[1].count("\t") == len(COLUMNS) - 1


def test_the_seeds_tsv(built: Path) -> None:
    lines = to_tsv(workspace_pairs(Workspace(built))).split("\n")
    assert lines[0] == "doc_id\tdate\tsrc_lang\ttgt_lang\tsrc\ttgt\tscore\tbead\tsrc_ids\ttgt_ids\tflags"
    assert len(lines) == 12
    assert lines[-1] == ""
    cells = lines[6].split("\t")
    assert cells[:4] == ["003_ed76d6293c6aeeaa", "1959-05-20", "zh", "en"]
    assert cells[7:10] == ["1:2", "6", "5 6"]
    assert 0 <= float(cells[6]) <= 1
    assert len(cells[6]) == 6


def test_null_beads_are_left_out_unless_asked_for() -> None:
    rows = [
        {"src": "一", "tgt": "one", "score": 0.9, "src_ids": [0], "tgt_ids": [0], "flags": []},
        {"src": "二", "tgt": "", "score": 0.0, "src_ids": [1], "tgt_ids": [], "flags": []},
    ]
    pairs = pl.DataFrame(rows, schema=PAIRS)
    assert to_tsv(pairs, columns=["src"], header=False) == "一\n"
    assert to_tsv(pairs, columns=["src", "tgt"], header=False, nulls=True) == "一\tone\n二\t\n"


def test_an_unknown_column_is_named_with_those_there_are(built: Path) -> None:
    with pytest.raises(CorpusError, match=r"no column text; there are doc_id, .*tgt_end"):
        to_tsv(workspace_pairs(Workspace(built)), columns=["src", "text"])


def test_lines_of_a_headline_are_kept_apart() -> None:
    assert passage_text(["甲。", "乙。", "丙"], [0, 0, 1], "zh") == "甲。乙。　丙"
    assert passage_text(["A.", "B.", "C"], [0, 0, 1], "en") == "A. B. C"


def test_what_is_in_no_pair_is_counted() -> None:
    pairs = pl.DataFrame(
        {"src_ids": [[0], [1, 2], [3], [], [4]], "tgt_ids": [[0], [1], [], [2], [3, 4]]},
        schema={"src_ids": pl.List(pl.Int32), "tgt_ids": pl.List(pl.Int32)},
    )

    def unpaired(pairs: pl.DataFrame) -> str:
        counts = PairCounts()
        counts.add(pairs)
        return counts.unpaired()

    assert unpaired(pairs) == "; 1 of 5 source sentences unpaired; 1 of 5 target sentences unpaired"
    assert unpaired(without_nulls(pairs)) == ""
    assert unpaired(pairs.clear()) == ""

"""Tables for spreadsheets: no cell is run, and each is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.alignment.weights import shipped_weights
from corpus.base.formulas import guarded
from corpus.quality.calibration import sample_tsv
from corpus.quality.judgement_tables import read_rows


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+1", "-1", "- 他说", "@SUM(A1)", "'=1", "''-a", "'quoted'", "地方"]
)
def test_no_cell_is_run(text: str) -> None:
    cell = guarded(text)
    assert cell[0] not in "=+-@"
    ((_, row),) = read_rows(f"right\tsrc\ttgt\n1\t{cell}\t{cell}\n".encode(), "t.tsv", ("src",))
    assert row["src"] == row["tgt"] == text


@given(st.text(st.sampled_from("'=+-@a ")))
def test_what_is_guarded_is_read_back(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@"))
    rows = read_rows(f"right\tsrc\n1\t{cell}\n".encode(), "t.tsv", ("src",))
    assert [row["src"] for _, row in rows] == [text]


def test_a_sample_runs_no_cell_and_is_read_back() -> None:
    texts = [f"{sign}cmd|' /C calc'!A{number}" for sign in "=+-@" for number in range(6)]
    lines = ["\t".join(("score", "src", "tgt"))] + [
        f"0.{k:02}\t{text}\t{text}" for k, text in enumerate(texts)
    ]
    data = "".join(f"{line}\n" for line in lines).encode()
    table, drawn, of, _ = sample_tsv(data, "beads.tsv", 100, shipped_weights())
    assert drawn == of == len(texts)
    assert not any(
        cell[:1] in tuple("=+-@") for line in table.splitlines() for cell in line.split("\t") if cell
    )
    assert [row["src"] for _, row in read_rows(table.encode(), "t.tsv", ("src",))] == texts


def test_a_cell_of_a_tab_separated_table_may_hold_line_ends_as_spreadsheets_write_them() -> None:
    wrapped = 'right\tsrc\ttgt\n1\t"He said ""no"".\nAnd left."\tx\n\n\t"b\tc"\ty\n'
    rows = read_rows(wrapped.encode(), "t.tsv", ("src",))
    assert [row["src"] for _, row in rows] == ['He said "no".\nAnd left.', "b\tc"]
    plain = 'right\tsrc\ttgt\n1\t"No," he said.\tx\n\tthe 5" gun\ty\n'
    rows = read_rows(plain.encode(), "t.tsv", ("src",))
    assert [row["src"] for _, row in rows] == ['"No," he said.', 'the 5" gun']
    short = 'right\tsrc\ttgt\n1\t"a\n\tb"\n'  # a line end in no cell: rows that are too short
    rows = read_rows(short.encode(), "t.tsv", ("src",))
    assert [(number, row["src"]) for number, row in rows] == [(2, '"a'), (3, 'b"')]

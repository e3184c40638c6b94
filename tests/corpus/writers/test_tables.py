"""Parquet and spreadsheets as other libraries read them, and a spreadsheet that a reviewer sends back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest

from corpus.base.errors import CorpusError
from corpus.documents.pairs import COLUMNS, PAIRS, all_pairs, without_nulls, workspace_pairs
from corpus.export.export import export_pairs
from corpus.quality.bead_tables import take_bead_table
from corpus.quality.reviews import document_beads, list_reviews
from corpus.writers.base import WriteOptions, write_pairs
from tests.corpus.writers.making import SOURCE, TARGET, hostile

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace


def test_parquet_holds_what_the_pairs_hold(seeded: Workspace, tmp_path: Path) -> None:
    write_pairs([all_pairs(seeded), hostile()], tmp_path / "p.parquet", "parquet")
    table = pq.read_table(tmp_path / "p.parquet")
    seeds = without_nulls(workspace_pairs(seeded))
    assert table.column_names == PAIRS.names()
    assert table.slice(0, len(seeds)).to_pylist() == seeds.to_dicts()
    assert table.slice(len(seeds))["tgt"].to_pylist() == TARGET[:5]


@pytest.mark.parametrize("columns", [(), ("src", "tgt", "review")])
def test_parquet_of_nothing_has_its_columns(tmp_path: Path, columns: tuple[str, ...]) -> None:
    write_pairs([], tmp_path / "p.parquet", "parquet", WriteOptions(columns))
    assert pq.read_table(tmp_path / "p.parquet").column_names == list(columns or PAIRS.names())


def test_json_lines_are_of_one_object_each(tmp_path: Path) -> None:
    write_pairs([hostile()], tmp_path / "p.jsonl", "jsonl", WriteOptions(nulls=True))
    rows = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text("utf-8").split("\n")[:-1]]
    assert [row["src"] for row in rows][1:3] == ["=1+1", "第一句。第二句“引”，见https://example.org。"]
    assert rows[5]["tgt_ids"] == []


@pytest.fixture
def sheet(tmp_path: Path) -> openpyxl.worksheet.worksheet.Worksheet:
    write_pairs([hostile("=cmd()")], tmp_path / "p.xlsx", "xlsx", WriteOptions(nulls=True, title="=1"))
    return openpyxl.load_workbook(tmp_path / "p.xlsx").active


def test_a_sheet_has_no_formula_and_keeps_texts(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    rows = list(sheet.iter_rows(values_only=True))
    at = rows[0].index("src")
    shown = [text.replace("\x02", "\ufffd") for text in SOURCE]
    assert [row[at] for row in rows[1:7]] == [*shown[:2], f"{shown[2]}\n{shown[3]}", *shown[4:7]]
    assert rows[1][rows[0].index("doc_id")] == "=cmd()"
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_a_sheet_is_made_for_reviewers(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L8"
    assert sheet.column_dimensions["C"].width > 50
    (coloured,) = sheet.conditional_formatting
    assert (str(coloured.sqref), coloured.rules[0].type) == ("F2:F8", "colorScale")
    assert str(sheet.data_validations.dataValidation[0].sqref) == "A2:A8"


def test_a_sheet_that_was_marked_and_changed_is_taken_again(seeded: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "pairs.xlsx"
    export_pairs(seeded, path, "xlsx", options=WriteOptions(nulls=True))
    book = openpyxl.load_workbook(path)
    rows = book.active
    names = {cell.value: cell.column for cell in rows[1]}
    assert [cell.value for cell in rows[2]][names["key"] - 1]
    rows.cell(2, names["right"]).value = "1"
    rows.cell(3, names["right"]).value = 0
    first, second = (rows.cell(row, names["src"]) for row in (4, 5))  # two sentences of one paragraph
    first.value, second.value = f"{first.value}\n{second.value}", None
    first, second = (rows.cell(row, names["tgt"]) for row in (4, 5))
    first.value, second.value = f"{first.value}\n{second.value}", None
    book.save(path)
    doc_id = document_id(seeded)
    taken = take_bead_table(seeded, path.read_bytes(), "pairs.xlsx")
    assert (taken.problems, taken.missing) == ([], 0)
    assert len(taken.set) == 1
    assert sorted(list_reviews(seeded)["right"].to_list()) == [False, True, True]
    merged = document_beads(seeded, doc_id).filter("set")
    assert merged["bead"].to_list() == ["2:2"]


def document_id(workspace: Workspace) -> str:
    return str(workspace.scan("beads").select(pl.col("doc_id").first()).collect().item())


def test_a_sheet_of_chosen_columns_has_those(tmp_path: Path) -> None:
    write_pairs([hostile()], tmp_path / "p.xlsx", "xlsx", WriteOptions(COLUMNS))
    rows = list(openpyxl.load_workbook(tmp_path / "p.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    assert len(rows) == 6


def test_what_a_cell_cannot_hold_is_refused_and_nothing_written(tmp_path: Path) -> None:
    batch = hostile()
    long = batch.pairs.with_columns(src=pl.lit("长" * 40_000))
    with pytest.raises(CorpusError, match=r"row 2: 40000 characters are too many for a cell: write a \.csv"):
        write_pairs([type(batch)(long, batch.sides)], tmp_path / "p.xlsx", "xlsx", WriteOptions(("src",)))
    assert list(tmp_path.iterdir()) == []

"""A table of beads is edited as a translator would, and read again: what changed is set, and nothing else."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
import python_calamine
import xlsxwriter

from corpus.base.errors import InputError
from corpus.quality.bead_tables import COLUMNS, bead_file, is_bead_table, take_bead_table
from corpus.quality.corrections import set_bead
from corpus.quality.judgement_tables import read_rows
from corpus.quality.reviews import list_reviews
from corpus.readers.spreadsheets import read_cells
from tests.conftest import SEEDS
from tests.corpus.quality.test_corrections import beads, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.quality.bead_tables import Taken
    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")
Rows = list[dict[str, str]]


def table(workspace: Workspace, form: str = "xlsx") -> Rows:
    """Return a document's table of beads as it is read again."""
    return [row for _, row in read_rows(bead_file(workspace, DOC, form), f"beads.{form}", COLUMNS)]


def written(rows: Rows, form: str) -> bytes:
    """Write rows as a spreadsheet would."""
    names = list(rows[0])
    if form == "tsv":
        lines = [names, *([row.get(name, "") for name in names] for row in rows)]
        return "\n".join("\t".join(" ".join(cell.split("\n")) for cell in line) for line in lines).encode()
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
            for column, name in enumerate(names):
                sheet.write(number, column, row.get(name, ""))  # digits become numbers
    return out.getvalue()


def take(workspace: Workspace, rows: Rows, form: str = "xlsx") -> Taken:
    return take_bead_table(workspace, written(rows, form), f"beads.{form}", by="A. Reader")


@pytest.mark.parametrize("form", ["xlsx", "tsv"])
def test_an_unedited_table_changes_nothing_whatever_happened_since(seeded: Workspace, form: str) -> None:
    rows = table(seeded, form)
    set_bead(seeded, DOC, "5", "6:6")
    before = beads(seeded)
    taken = take(seeded, rows, form)
    assert (taken.set, taken.undone, taken.problems, taken.missing) == ([], [], [], 0)
    assert beads(seeded) == before


@pytest.mark.parametrize("form", ["xlsx", "tsv"])
def test_rows_are_joined_cells_moved_and_beads_marked(seeded: Workspace, form: str) -> None:
    rows = table(seeded, form)
    for name in ("src", "tgt"):  # 3 and 4 become one
        rows[3][name] += rows[4][name]
    del rows[4]
    first, second = (text for text in rows[4]["tgt"].replace("enterprises. ", "enterprises.\n").split("\n"))
    rows[4]["tgt"], rows[5]["tgt"] = first, second + rows[5]["tgt"]
    rows[8]["right"], rows[8]["note"] = "x", '"fine", he said'
    rows[7]["right"] = "wrong"
    taken = take(seeded, rows, form)
    assert taken.problems == []
    assert taken.set == [f"{DOC}: 4,5:3,4", f"{DOC}: 6:5", f"{DOC}: 7:6,7"]
    assert said(seeded) == {
        "4,5:3,4": "set", "6:5": "set", "7:6,7": "set", "9:9": "wrong", "10:10": "right",
    }  # fmt: skip
    notes = {row["note"] for row in list_reviews(seeded).to_dicts()}
    assert notes == {None, '"fine", he said'}
    again = take(seeded, table(seeded, form), form)
    assert (again.set, len(again.verdicts.new), len(again.verdicts.same)) == ([], 0, 5)


def test_a_row_is_put_in_for_a_part_of_another(seeded: Workspace) -> None:
    rows = table(seeded)
    first, second = rows[0]["src"].split("\n")
    rows[0]["src"] = first
    rows.insert(1, {"src": second})
    taken = take(seeded, rows)
    assert taken.set == [f"{DOC}: 0:0", f"{DOC}: 1:"]
    assert said(seeded) == {"0:0": "set", "1:": "set"}


def test_what_is_not_understood_is_named_and_left(seeded: Workspace) -> None:
    before = beads(seeded)
    rows = table(seeded)
    rows[1]["src"] = rows[1]["src"].replace("一千多个", "一千来个")
    rows[2]["tgt"] = rows[2]["tgt"][:20]
    rows[3], rows[4] = rows[4], rows[3]
    rows[6]["right"] = "perhaps"
    rows[7]["doc_id"] = "another"
    taken = take(seeded, rows)
    assert [(problem.row, problem.column) for problem in taken.problems] == [
        (3, "src"), (4, "tgt"), (6, "src"), (8, "right"), (9, "doc_id"),
    ]  # fmt: skip
    whys = [problem.why for problem in taken.problems]
    for why, part in zip(whys, ["no such text", "a part of a sentence", "order of both texts",
                                "'perhaps' is no mark", "no beads of another"], strict=True):  # fmt: skip
        assert part in why
    assert taken.set == []
    assert taken.missing == 8
    assert beads(seeded) == before


def test_what_was_set_before_gives_way_and_is_named(seeded: Workspace) -> None:
    set_bead(seeded, DOC, "5", "6:5,6")
    rows = table(seeded)
    for name in ("src", "tgt"):
        rows[5][name] += "\n" + rows[6][name]
    rows[6] |= {"src": "", "tgt": ""}
    taken = take(seeded, rows)
    assert (taken.set, taken.undone) == ([f"{DOC}: 6,7:5,6,7"], [f"{DOC}: 6:5,6"])
    assert said(seeded) == {"6,7:5,6,7": "set"}


def test_texts_are_texts_to_a_spreadsheet(seeded: Workspace, tmp_path: Path) -> None:
    data = bead_file(seeded, DOC, "xlsx")
    (heading, *rows) = read_cells(data, "beads.xlsx")
    assert tuple(heading) == COLUMNS
    assert rows[0][heading.index("src")].count("\n") == 1  # a line a sentence
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    cell = sheet.to_python()[1][heading.index("src_ids")]
    assert cell == "0 1"
    for broken in (data[:200], b"PK\x03\x04"):
        with pytest.raises(InputError, match=r"beads\.xlsx: no spreadsheet that can be read"):
            read_cells(broken, "beads.xlsx")
    assert not is_bead_table(b"right\tsrc\ttgt\n1\ta\tb\n", "marks.tsv")


def test_the_command_writes_and_takes(cli: Callable[..., Ran], seeded: Workspace, tmp_path: Path) -> None:
    assert cli("review", "003", "-o", "beads.xlsx").code == 0
    assert "is there already" in cli("review", "003", "-o", "beads.xlsx").err
    rows = [row for _, row in read_rows((tmp_path / "beads.xlsx").read_bytes(), "beads.xlsx", COLUMNS)]
    ran = cli("review", "beads.xlsx")
    assert (ran.code, "0 beads set" in ran.err) == (0, True)
    rows[0]["src"] = "else"
    rows[4]["src"] += rows.pop(5)["src"]
    (tmp_path / "edited.tsv").write_bytes(written(rows, "tsv"))
    ran = cli("review", "edited.tsv")
    assert ran.code == 0
    assert "edited.tsv: row 2, column src: the document has no such text" in ran.err
    assert f"set {DOC}: 5,6:4" in ran.err
    facts = json.loads(cli("review", "edited.tsv", "--json").out)
    assert (facts["set"], len(facts["problems"])) == ([], 1)
    (tmp_path / "wrong.tsv").write_bytes(written([row | {"src": "else"} for row in rows], "tsv"))
    ran = cli("review", "wrong.tsv")
    assert (ran.code, "nothing was changed" in ran.err) == (1, True)
    for args, message in (
        (("003", "-o", "beads.json"), "for JSON: corpus review 003 --json"),
        (("003", "-o", "none/beads.tsv"), "no folder none"),
        (("003", "5", "right", "-o", "b.tsv"), "-o writes the beads of a document"),
        (("none.xlsx",), "no such file"),
    ):
        ran = cli("review", *args)
        assert (ran.code, message in ran.err) == (1, True), ran.err
    out = cli("review", "003", "-o", "-").out
    assert out.startswith("right\tnumber\tsrc\ttgt")


def test_a_sample_to_mark_may_be_a_spreadsheet(
    cli: Callable[..., Ran], seeded: Workspace, tmp_path: Path
) -> None:
    assert cli("calibrate", "--sample", "20", "-o", "marks.tsv").code == 0
    rows = [row for _, row in read_rows((tmp_path / "marks.tsv").read_bytes(), "marks.tsv", ("right",))]
    (tmp_path / "marks.xlsx").write_bytes(written([row | {"right": "1"} for row in rows], "xlsx"))
    assert "10 new" in cli("review", "marks.xlsx").err

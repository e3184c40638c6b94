"""The cells of a spreadsheet are read as they are seen."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from corpus.base.errors import InputError
from corpus.readers.spreadsheets import is_spreadsheet, read_cells


def test_cells_are_texts_as_they_are_seen() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, [1, 0.25, True, "x", "", "两\n行"])  # the first row and column are empty
        book.add_worksheet().write(0, 0, "another sheet")
    assert is_spreadsheet(out.getvalue())
    assert read_cells(out.getvalue(), "a.xlsx") == [[""] * 7, ["", "1", "0.25", "1", "x", "", "两\n行"]]


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(200), b"", b"a\tb\n"])
def test_what_is_no_spreadsheet_is_named(data: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.xlsx: no spreadsheet that can be read"):
        read_cells(data, "a.xlsx")


def test_a_small_file_that_holds_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.spreadsheets.MAX_SHEET", 100_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(100_001))
    assert len(out.getvalue()) < 1000
    with pytest.raises(InputError, match="100,001 bytes when unpacked; the most is 100,000: save it as TSV"):
        read_cells(out.getvalue(), "a.xlsx")

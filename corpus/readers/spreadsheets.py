"""Spreadsheets (.xlsx, .ods): the cells of their first sheet, as texts."""

from __future__ import annotations

import io
import zipfile

from corpus.base.errors import InputError
from corpus.base.limits import MAX_SHEET

_ZIP = b"PK\x03\x04"


def is_spreadsheet(data: bytes) -> bool:
    """Tell whether a file is a spreadsheet, by how it begins: no table of text does so."""
    return data.startswith(_ZIP)


def read_cells(data: bytes, name: str) -> list[list[str]]:
    """Return the rows of the first sheet, from its first row on; empty cells are empty texts.

    Parameters
    ----------
    data, name
        The file, and what to call it.

    Raises
    ------
    InputError
        If it cannot be read, or is larger than `corpus.base.limits.MAX_SHEET`.
    """
    import python_calamine

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > MAX_SHEET:
            raise InputError(
                f"{name}: {size:,} bytes when unpacked; the most is {MAX_SHEET:,}: save it as TSV"
            )
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (
        zipfile.BadZipFile, python_calamine.CalamineError, OSError, ValueError, IndexError,
    ) as error:  # fmt: skip
        raise InputError(
            f"{name}: no spreadsheet that can be read ({error}); save it as .xlsx or TSV"
        ) from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """Return a cell as it is seen: whole numbers without a point, truth as 1 and 0."""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)

"""A table as a sheet of a spreadsheet (.xlsx): texts as texts, and long ones broken into lines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

_MOST = 32_767  # characters of a cell, of UTF-16


def frame_xlsx(frame: pl.DataFrame, widths: Mapping[str, int]) -> bytes:
    """Write a table as the one sheet of a spreadsheet, the first row of which stays in sight.

    Parameters
    ----------
    frame
        Of texts and numbers; unknown values are empty cells. No text is taken for a formula, a link or a
        number.
    widths
        Of columns, in characters; others have the usual one.

    Raises
    ------
    ValueError
        If a text is longer than a cell may be.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        heading = book.add_format({"bold": True})
        for column, name in enumerate(frame.columns):
            sheet.set_column(column, column, widths.get(name, 9), wrapped)
            sheet.write_string(0, column, name, heading)
            for row, value in enumerate(frame[name].to_list(), start=1):
                if isinstance(value, str):
                    if len(value.encode("utf-16-le")) // 2 > _MOST:
                        raise ValueError(f"row {row + 1}: a text of {len(value)} characters is too long")
                    sheet.write_string(row, column, value, wrapped)
                elif value is not None:
                    sheet.write_number(row, column, value, wrapped)
        sheet.freeze_panes(1, 0)
    return out.getvalue()

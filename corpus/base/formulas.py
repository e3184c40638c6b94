"""Texts in the cells of a table that a spreadsheet opens: none is run as a formula."""

from __future__ import annotations

import re

# What a spreadsheet takes for a formula, where a cell begins with it.
_FORMULA = re.compile(r"'*[=+\-@]")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe is put before what begins like a formula.

    `unguarded` takes it away again.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return what a cell was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

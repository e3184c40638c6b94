"""Values of a few rows of very many: what of a query stands in a text is nothing for nearly all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable

Rows = npt.NDArray[np.int64]


def united(parts: Iterable[Rows]) -> Rows:
    """Return the rows that are in any of some parts, ascending, each once."""
    found = [part for part in parts if len(part)]
    return np.unique(np.concatenate(found)).astype(np.int64) if found else np.empty(0, np.int64)


def taken(rows: Rows, values: npt.NDArray[Any], wanted: Rows) -> npt.NDArray[Any]:
    """Return the values of some rows, in their order; zero of those that have none.

    Parameters
    ----------
    rows
        Which have a value: shape (n,), ascending.
    values
        Shape (n,).
    wanted
        Shape (m,), in any order.
    """
    found = np.zeros(len(wanted), values.dtype)
    if len(rows):
        places = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
        held = rows[places] == wanted
        found[held] = values[places[held]]
    return found

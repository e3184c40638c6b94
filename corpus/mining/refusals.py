"""Pairs of documents that a person says are no translations of each other: not proposed again.

They are kept in `refused.tsv` in the workspace's folder: a line a pair, which may be edited.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import InputError
from corpus.base.files import read_bytes, write_atomically
from corpus.store.workspace import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corpus.store.workspace import Workspace

REFUSALS = pl.Schema({"a": pl.String, "b": pl.String, "date": pl.String})
"""Ids of two documents, and the day that it was said (UTC, ISO 8601)."""


def refusals(workspace: Workspace) -> pl.DataFrame:
    """Return the pairs that were refused (`REFUSALS`), in the order of the file.

    Raises
    ------
    InputError
        If the file is not what this module writes; the message names the line.
    """
    path = workspace.path / REFUSED
    if not path.exists():
        return pl.DataFrame(schema=REFUSALS)
    try:
        lines = read_bytes(path).decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}") from None
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(REFUSALS) or not all(cells[:2]):
            raise InputError(f"{path}: line {number}: a refusal is two documents and a day, tabs between")
        rows.append(cells)
    return pl.DataFrame(rows, schema=REFUSALS, orient="row")


def refuse(workspace: Workspace, pairs: Iterable[tuple[str, str]]) -> int:
    """Keep that pairs of documents are no translations; return how many were not known."""
    with workspace.locked():
        known = refusals(workspace)
        there = {frozenset(row) for row in known.select("a", "b").iter_rows()}
        today = datetime.now(tz=UTC).date().isoformat()
        new = list(dict.fromkeys(pair for pair in pairs if frozenset(pair) not in there))
        if new:
            added = pl.DataFrame([(*pair, today) for pair in new], schema=REFUSALS, orient="row")
            _write(workspace.path / REFUSED, pl.concat([known, added]))
    return len(new)


def allow(workspace: Workspace, a: str, b: str) -> bool:
    """Take a refusal back; return whether there was one."""
    with workspace.locked():
        known = refusals(workspace)
        kept = known.filter(
            ~(((pl.col("a") == a) & (pl.col("b") == b)) | ((pl.col("a") == b) & (pl.col("b") == a)))
        )
        if len(kept) == len(known):
            return False
        _write(workspace.path / REFUSED, kept)
    return True


def _write(path: Path, rows: pl.DataFrame) -> None:
    lines = ["\t".join(REFUSALS.names()), *("\t".join(row) for row in rows.iter_rows())]
    write_atomically(path, "".join(f"{line}\n" for line in lines).encode())

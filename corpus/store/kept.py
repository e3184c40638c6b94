"""Tables of what a user said, which nothing can make again: each kept twice, as a table and as a copy.

The copy has a JSON object a line. Both are written together, and each can be made again of the other.
"""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.parsing import parse_json
from corpus.store.schemas import SCHEMAS, frame

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from corpus.store.transaction import Change
    from corpus.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of what a user said.

    Attributes
    ----------
    table
        Its name, and that of the copy.
    key
        The column that tells a row from others.
    order
        The columns that its rows are sorted by.
    needed
        The columns without which a row is none.
    is_sound
        Whether a row with those columns is one, and fits its key: what does not was damaged.
    """

    table: str
    key: str
    order: tuple[str, ...]
    needed: frozenset[str]
    is_sound: Callable[[Mapping[str, Any]], bool]

    def put(self, change: Change, rows: Sequence[dict[str, Any]]) -> None:
        """Write all rows, and their copy."""
        table = frame(self.table, rows).sort(self.order)
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in table.iter_rows(named=True)]
        change.put_table(self.table, table)
        change.put_file(self.table, "jsonl", "".join(lines).encode("utf-8", "surrogatepass"), {})

    def restore(self, workspace: Workspace, damaged: Collection[str]) -> list[str]:
        """Take rows from whichever of the table and its copy is whole, and write both anew.

        Where neither is, each row that can still be read, and fits its id, is kept; and so are the damaged
        files, under names that nothing deletes.

        Parameters
        ----------
        workspace
            Where.
        damaged
            The names of the damaged files.

        Returns
        -------
        list of str
            What was done.
        """
        state = workspace.state()
        segments = {segment.stored.file for segment in state.segments(self.table)}
        copy = workspace.file(self.table)
        read, whole = ([], False) if copy is None else self._read_copy(copy)
        if not segments & set(damaged):
            rows = workspace.table(self.table).to_dicts()
            done = [f"{self.table}: their copy made again"]
        elif copy is not None and copy.name not in damaged and whole and len(read) == state.rows(self.table):
            rows = read
            done = [f"{self.table}: taken from their copy"]
        else:
            rows = self._joined(
                [read, *(self._read_table(workspace.path / file) for file in sorted(segments))]
            )
            rest = _set_aside(workspace.path, {*damaged, *([] if copy is None else [copy.name])})
            done = [f"{self.table}: {len(rows)} of {state.rows(self.table)} could be read{rest}"]
        with workspace.change() as change:
            self.put(change, rows)
        return done

    def recover(self, workspace: Workspace) -> list[str]:
        """Take up rows that a workspace's state does not know, as it was restored from an earlier one.

        Each copy has all rows there were: the newest that is whole is taken. What can be read of those that
        are newer is put before it, and the files are kept aside.
        """
        state, current = workspace.state(), workspace.file(self.table)
        known = -1 if current is None else self._change_of(current)
        newer = [file for file in self._copies(workspace.path) if self._change_of(file) > known]
        if not newer:
            return []
        parts, read, damaged = [], [], set()
        for file in [*newer, *([] if current is None else [current])]:
            rows, whole = self._read_copy(file)
            parts.append(rows)
            read.append(file.name)
            if whole:
                break
            damaged.add(file.name)
        else:
            segments = state.segments(self.table)
            parts += [self._read_table(workspace.path / segment.stored.file) for segment in segments]
        rows = self._joined(parts)
        rest = _set_aside(workspace.path, damaged)
        with workspace.change() as change:
            self.put(change, rows)
        return [f"{self.table}: {len(rows)}, those of {', '.join(read)}{rest}"]

    def newest_copy(self, folder: Path) -> Path | None:
        """Return the newest copy in a folder that is whole, else the newest; None if there is none."""
        files = self._copies(folder)
        return next((file for file in files if self._read_copy(file)[1]), files[0] if files else None)

    def parse(self, line: bytes) -> dict[str, Any] | None:
        """Read a line of a copy; None if it is no row."""
        with suppress(ValueError):
            row: dict[str, Any] = parse_json(line)
            if self._fits(row):
                return dict.fromkeys(SCHEMAS[self.table].names()) | row
        return None

    def _copies(self, folder: Path) -> list[Path]:
        """Return all copies in a folder, the newest first."""
        return sorted((file for file in folder.iterdir() if self._change_of(file) >= 0), key=self._change_of)[
            ::-1
        ]

    def _change_of(self, copy: Path) -> int:
        """Return the number of the change that wrote a copy; -1 for any other file."""
        match = re.fullmatch(rf"{self.table}-(\d{{6,}})-\d+\.jsonl", copy.name)
        return -1 if match is None else int(match[1])

    def _read_copy(self, file: Path) -> tuple[list[dict[str, Any]], bool]:
        """Return the rows in a copy, those lines that are whole; and whether all of it is.

        An empty one may be all that a killed process wrote, and does not pass for whole.
        """
        try:
            data = file.read_bytes()
        except OSError:
            return [], False
        *lines, rest = data.split(b"\n")
        rows = [row for line in lines if (row := self.parse(line)) is not None]
        return rows, bool(rows) and not rest and len(rows) == len(lines)

    def _joined(self, parts: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """Return the rows in several lists, each as the first that has it says."""
        found: dict[str, dict[str, Any]] = {}
        for row in chain.from_iterable(parts):
            found.setdefault(row[self.key], row)
        return list(found.values())

    def _read_table(self, file: Path) -> list[dict[str, Any]]:
        """Return the rows in a damaged file of the table, if it can be read at all."""
        try:
            rows = pl.read_parquet(file, glob=False).to_dicts()
        except (OSError, pl.exceptions.PolarsError):
            return []
        return [row for row in rows if self._fits(row)]

    def _fits(self, row: object) -> bool:
        """Tell whether something that was read is a row; columns that were added later may be missing."""
        known = set(SCHEMAS[self.table].names())
        return isinstance(row, dict) and self.needed <= row.keys() <= known and self.is_sound(row)


def _set_aside(folder: Path, files: Iterable[str]) -> str:
    """Keep damaged files under other names; return what to say of those that are there."""
    kept = []
    for name in sorted(files):
        with suppress(OSError):
            shutil.copyfile(folder / name, folder / f"damaged-{name}")
            kept.append(f"damaged-{name}")
    return f"; what is left of the files is kept as {', '.join(kept)}" if kept else ""

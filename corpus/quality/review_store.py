"""The two files of a workspace's reviews: a table, and a copy with a JSON object a line.

They are written together, and each can be made again of the other; nothing else can make a review again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import InputError
from corpus.base.parsing import parse_json
from corpus.store.schemas import SCHEMAS, frame

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from corpus.store.transaction import Change
    from corpus.store.workspace import Workspace

TABLE = "reviews"
_COPY = "reviews"  # what the file is put under
_NAME = re.compile(r"reviews-(\d{6,})-\d+\.jsonl")
_NEEDED = frozenset({"review", "doc_id", "src", "tgt", "right"})
_DIGITS = 12


def review_id(doc_id: str, src: str, tgt: str) -> str:
    """Return a digest of what is judged: twelve hexadecimal digits.

    Spaces do not count, which files and spreadsheets change, nor which of the two is the source.
    """
    sides = sorted(" ".join(text.split()) for text in (src, tgt))
    data = json.dumps([doc_id, *sides]).encode()
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


def put_reviews(change: Change, rows: Sequence[dict[str, Any]]) -> None:
    """Write all reviews, and their copy."""
    table = frame(TABLE, rows).sort("doc_id", "review")
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in table.iter_rows(named=True)]
    change.put_table(TABLE, table)
    change.put_file(_COPY, "jsonl", "".join(lines).encode(), {})


def restore_reviews(workspace: Workspace, damaged: Collection[str]) -> list[str]:
    """Take reviews from whichever of the table and its copy is whole, and write both anew.

    Where neither is, each review that can still be read, and fits its id, is kept; and so are the damaged
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
    segments = {segment.stored.file for segment in state.segments(TABLE)}
    copy = workspace.file(_COPY)
    read, whole = ([], False) if copy is None else _read_copy(copy)
    if not segments & set(damaged):
        rows = workspace.table(TABLE).to_dicts()
        done = ["reviews: their copy made again"]
    elif copy is not None and copy.name not in damaged and whole and len(read) == state.rows(TABLE):
        rows = read
        done = ["reviews: taken from their copy"]
    else:
        rows = _joined([read, *(_read_table(workspace.path / file) for file in sorted(segments))])
        rest = _set_aside(workspace.path, {*damaged, *([] if copy is None else [copy.name])})
        done = [f"reviews: {len(rows)} of {state.rows(TABLE)} could be read{rest}"]
    with workspace.change() as change:
        put_reviews(change, rows)
    return done


def recover_reviews(workspace: Workspace) -> list[str]:
    """Take up reviews that a workspace's state does not know, as it was restored from an earlier one.

    Each copy has all reviews there were: the newest that is whole is taken. What can be read of those that
    are newer is put before it, and the files are kept aside.
    """
    state, current = workspace.state(), workspace.file(_COPY)
    known = -1 if current is None else _change_of(current)
    newer = [file for file in _copies(workspace.path) if _change_of(file) > known]
    if not newer:
        return []
    parts, read, damaged = [], [], set()
    for file in [*newer, *([] if current is None else [current])]:
        rows, whole = _read_copy(file)
        parts.append(rows)
        read.append(file.name)
        if whole:
            break
        damaged.add(file.name)
    else:
        parts += [_read_table(workspace.path / segment.stored.file) for segment in state.segments(TABLE)]
    rows = _joined(parts)
    rest = _set_aside(workspace.path, damaged)
    with workspace.change() as change:
        put_reviews(change, rows)
    return [f"reviews: {len(rows)}, those of {', '.join(read)}{rest}"]


def newest_copy(folder: Path) -> Path | None:
    """Return the newest copy of reviews in a folder that is whole, else the newest; None if there is none."""
    files = _copies(folder)
    return next((file for file in files if _read_copy(file)[1]), files[0] if files else None)


def read_copy(data: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    """Read a copy of reviews strictly, with the line of each.

    Raises
    ------
    InputError
        If a line is no review; the message names it.
    """
    rows = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            row = _parse(line)
            if row is None:
                raise InputError(
                    f"{name}: line {number}: no review, or damaged; take the line out to keep the others"
                )
            rows.append((number, row))
    return rows


def _copies(folder: Path) -> list[Path]:
    """Return all copies of reviews in a folder, the newest first."""
    return sorted((file for file in folder.iterdir() if _NAME.fullmatch(file.name)), key=_change_of)[::-1]


def _change_of(copy: Path) -> int:
    """Return the number of the change that wrote a copy."""
    match = _NAME.fullmatch(copy.name)
    return -1 if match is None else int(match[1])


def _read_copy(file: Path) -> tuple[list[dict[str, Any]], bool]:
    """Return the reviews in a copy, those lines that are whole; and whether all of it is.

    An empty one may be all that a killed process wrote, and does not pass for whole.
    """
    try:
        data = file.read_bytes()
    except OSError:
        return [], False
    *lines, rest = data.split(b"\n")
    rows = [row for line in lines if (row := _parse(line)) is not None]
    return rows, bool(rows) and not rest and len(rows) == len(lines)


def _parse(line: bytes) -> dict[str, Any] | None:
    """Read a line of a copy; None if it is no review."""
    with suppress(ValueError):
        row: dict[str, Any] = parse_json(line)
        if _fits(row):
            return dict.fromkeys(SCHEMAS[TABLE].names()) | row
    return None


def _joined(parts: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the reviews in several lists, each as the first that has it says."""
    reviews: dict[str, dict[str, Any]] = {}
    for row in chain.from_iterable(parts):
        reviews.setdefault(row["review"], row)
    return list(reviews.values())


def _read_table(file: Path) -> list[dict[str, Any]]:
    """Return the reviews in a damaged file of the table, if it can be read at all."""
    try:
        rows = pl.read_parquet(file, glob=False).to_dicts()
    except (OSError, pl.exceptions.PolarsError):
        return []
    return [row for row in rows if _fits(row)]


def _fits(row: object) -> bool:
    """Tell whether something that was read is a review; columns that were added later may be missing."""
    if not isinstance(row, dict) or not _NEEDED <= row.keys() <= set(SCHEMAS[TABLE].names()):
        return False
    texts = [row[name] for name in ("doc_id", "src", "tgt")]
    others = [value for name, value in row.items() if name not in _NEEDED | {"places"}]
    places = row.get("places") or []
    return (
        all(isinstance(text, str) for text in texts)
        and all(value is None or isinstance(value, str) for value in others)
        and isinstance(places, list)
        and all(isinstance(place, str) for place in places)
        and isinstance(row["right"], bool)
        and review_id(*texts) == row["review"]
    )


def _set_aside(folder: Path, files: Iterable[str]) -> str:
    """Keep damaged files under other names; return what to say of those that are there."""
    kept = []
    for name in sorted(files):
        with suppress(OSError):
            shutil.copyfile(folder / name, folder / f"damaged-{name}")
            kept.append(f"damaged-{name}")
    return f"; what is left of the files is kept as {', '.join(kept)}" if kept else ""

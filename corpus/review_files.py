"""The two files of a workspace's reviews: a table, and a copy with a JSON object a line.

They are written together, and each can be made again of the other; nothing else can make a review again.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.tables import SCHEMAS, frame

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from corpus.change import Change
    from corpus.workspace import Workspace

TABLE = "reviews"
_COPY = "reviews"  # what the file is put under
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
    if not segments & set(damaged):
        rows = workspace.table(TABLE).to_dicts()
        done = ["reviews: their copy made again"]
    elif copy is not None and copy.name not in damaged:
        rows = _read_copy(copy)
        done = ["reviews: taken from their copy"]
    else:
        read = [row for file in sorted(segments) for row in _read_table(workspace.path / file)]
        read += [] if copy is None else _read_copy(copy)
        rows = list({row["review"]: row for row in read}.values())
        kept = [name for name in sorted(damaged) if _set_aside(workspace.path / name)]
        rest = f"; what is left of the files is kept as {', '.join(map(_aside, kept))}" if kept else ""
        done = [f"reviews: {len(rows)} of {state.rows(TABLE)} could be read{rest}"]
    with workspace.change() as change:
        put_reviews(change, rows)
    return done


def recover_reviews(workspace: Workspace) -> list[str]:
    """Take up reviews that a workspace's state does not know, as it was restored from an earlier one."""
    state, copy = workspace.state(), workspace.file(_COPY)
    name = re.compile(r"reviews-(\d+)-\d+\.jsonl")
    files = [(name.fullmatch(file.name), file) for file in workspace.path.iterdir()]
    newer = sorted((int(match[1]), file) for match, file in files if match and int(match[1]) > state.change)
    if not newer:
        return []
    read = [] if copy is None else _read_copy(copy)
    read += [row for _, file in newer for row in _read_copy(file)]
    rows = list({row["review"]: row for row in read}.values())
    with workspace.change() as change:
        put_reviews(change, rows)
    return [f"reviews: {len(rows)}, with those of {', '.join(file.name for _, file in newer)}"]


def _read_copy(file: Path) -> list[dict[str, Any]]:
    """Return the reviews in a copy, those lines that are whole."""
    rows = []
    with suppress(OSError):
        for line in file.read_bytes().split(b"\n"):
            with suppress(ValueError):
                rows.append(json.loads(line))
    return [row for row in rows if _fits(row)]


def _read_table(file: Path) -> list[dict[str, Any]]:
    """Return the reviews in a damaged file of the table, if it can be read at all."""
    try:
        rows = pl.read_parquet(file, glob=False).to_dicts()
    except (OSError, pl.exceptions.PolarsError):
        return []
    return [row for row in rows if _fits(row)]


def _fits(row: object) -> bool:
    """Tell whether something that was read is a review."""
    if not isinstance(row, dict) or row.keys() != set(SCHEMAS[TABLE].names()):
        return False
    texts = [row[name] for name in ("doc_id", "src", "tgt")]
    return all(isinstance(text, str) for text in texts) and review_id(*texts) == row["review"]


def _set_aside(file: Path) -> bool:
    """Keep a damaged file under another name; False if it is not there."""
    try:
        shutil.copyfile(file, file.with_name(_aside(file.name)))
    except OSError:
        return False
    return True


def _aside(name: str) -> str:
    return f"damaged-{name}"

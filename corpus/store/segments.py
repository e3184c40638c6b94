"""Tables in segments: Parquet files that never change, and the documents of them that are gone.

What is added becomes a new segment; what is removed or replaced is noted beside the segment it stands
in. So a change writes what is new, not what is there. Segments of like size are merged when there are
many (a log-structured merge, size-tiered: O'Neil et al. 1996, "The log-structured merge-tree", Acta
Informatica 33), which keeps their number near eight times the logarithm of the table's size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import WorkspaceError
from corpus.store import schemas
from corpus.store.state import HINT
from corpus.store.verified import ensure_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from corpus.store.state import Segment

_FAN = 8  # segments of a size that are merged into one: each row is written about log8(n) times
_SMALL = 1024  # rows; below, all segments count as of one size
_LARGE = 4_000_000  # rows; a segment this long is not merged any more, which bounds what a change writes
_ROW_GROUP = 16_384  # rows that are read to read one of them
_GONE = 0.3  # the share of a segment's rows that may be gone before it is written without them


def scan(folder: Path, name: str, segments: Sequence[Segment]) -> pl.LazyFrame:
    """Read segments of a table lazily, without the rows that are gone.

    Raises
    ------
    WorkspaceError
        If a file is missing (FileNotFoundError is the cause), or is not what was written
        (`corpus.store.verified`).
    """
    for segment in segments:
        for stored in segment.files():
            ensure_whole(folder, stored)
    whole = [folder / segment.stored.file for segment in segments if segment.gone is None]
    parts = [_scan_files(name, whole)] if whole else []
    parts += [
        _scan_files(name, [folder / segment.stored.file]).filter(
            ~pl.col("doc_id").is_in(gone_ids(folder, segment).implode())
        )
        for segment in segments
        if segment.gone is not None
    ]
    return pl.concat(parts) if parts else schemas.empty(name).lazy()


def gone_ids(folder: Path, segment: Segment) -> pl.Series:
    """Return the documents of a segment that are gone."""
    if segment.gone is None:
        return pl.Series("doc_id", [], dtype=pl.String)
    return read(pl.scan_parquet(folder / segment.gone.file, glob=False), segment.gone.file)["doc_id"]


def read(frame: pl.LazyFrame, what: str) -> pl.DataFrame:
    """Collect a lazy reading; WorkspaceError if a file of it is damaged."""
    try:
        return frame.collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise WorkspaceError(f"{what}: damaged or unreadable: {error}; {HINT}") from error


def write(frame: pl.LazyFrame, path: Path) -> None:
    """Write rows to a Parquet file as they are read, and see them to the disk (or raise WorkspaceError)."""
    try:
        frame.sink_parquet(path, row_group_size=_ROW_GROUP, sync_on_close="all")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise WorkspaceError(f"cannot write {path}: {error}; the workspace is as it was before") from error


def merges(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Return groups of segments to merge, each into one.

    A group is all segments of one size where there are `_FAN` of them, or a single segment much of which
    is gone.
    """
    groups = [[segment] for segment in segments if segment.gone_rows > _GONE * segment.rows]
    alone = {segment.stored.file for group in groups for segment in group}
    tiers: dict[int, list[Segment]] = {}
    for segment in segments:
        if segment.live < _LARGE and segment.stored.file not in alone:
            tiers.setdefault(_tier(segment.live), []).append(segment)
    return groups + [tier for _, tier in sorted(tiers.items()) if len(tier) >= _FAN]


def _tier(rows: int) -> int:
    return math.floor(math.log(max(rows, _SMALL) / _SMALL, _FAN))


def _scan_files(name: str, files: Iterable[Path]) -> pl.LazyFrame:
    # A column that was added since a file was written is null in it.
    return pl.scan_parquet(
        list(files),
        schema=schemas.SCHEMAS[name],
        missing_columns="insert",
        hive_partitioning=False,
        glob=False,
    )

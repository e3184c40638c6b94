"""What a page says of files: their names, and where they are below the workspace's parent folder, no more."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

_ABSOLUTE = re.compile(
    r"(?<![\w.:/\\])(?:[A-Za-z]:[\\/]|/)(?:[^\s/\\:;,'\"`]+[\\/])+(?P<name>[^\s/\\:;,'\"`]*)"
)


def without_paths(message: str, workspace: Path) -> str:
    """Return a message of the library without folders of this computer, and parameters as plain words."""
    for folder in dict.fromkeys((workspace.resolve(), workspace.absolute(), workspace)):
        message = message.replace(f"{folder}/", "").replace(str(folder), "workspace")
    message = message.replace(str(workspace.resolve().parent) + "/", "")
    return _ABSOLUTE.sub(lambda found: found["name"] or "…", message).replace("`", "")


def shown_file(place: str | None) -> str | None:
    """Return a file's place below the folder that the workspace is in, or its name alone."""
    if place is None or not (PurePath(place).is_absolute() or re.match(r"[A-Za-z]:[\\/]", place)):
        return place
    return re.split(r"[/\\]", place)[-1]


def shown(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with its files as pages show them."""
    columns = [name for name in ("file", "src_file", "tgt_file") if name in frame.columns]
    frame = frame.with_columns(
        pl.col(name).map_elements(shown_file, return_dtype=pl.String, skip_nulls=True) for name in columns
    )
    if "places" not in frame.columns:
        return frame
    places = [[_shown_place(one) for one in row or ()] for row in frame["places"].to_list()]
    return frame.with_columns(pl.Series("places", places, dtype=frame.schema["places"]))


def _shown_place(place: dict[str, Any]) -> dict[str, Any]:
    return place | {"file": shown_file(place["file"])}


def shown_notes(notes: Iterable[str], workspace: Path) -> tuple[str, ...]:
    """Return several messages as `without_paths` does."""
    return tuple(without_paths(note, workspace) for note in notes)

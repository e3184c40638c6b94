"""Texts that come without a file: kept in the workspace's folder, to be read again."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.files import write_atomically
from corpus.base.limits import MAX_TEXT
from corpus.store.workspace import TEXTS

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_LONGEST = 120  # bytes of a name without its ending; file systems take 255, and ids are made of it


def keep_text(workspace: Workspace, name: str, data: bytes) -> tuple[Path, bool]:
    """Write a text into the workspace's folder; return where it is, and whether it was not there before.

    Another text of the same name is left as it is: this one is given a number.

    Parameters
    ----------
    workspace
        Whose folder is made if it is not there.
    name
        What to call it: the last part of it, without what no file's name should hold.
    data
        The file's content.

    Raises
    ------
    InputError
        If the name is none, or the text is empty or larger than `MAX_TEXT`.
    WorkspaceError
        If the folder cannot be made or written.
    """
    called = file_name(name)
    if not data.strip():
        raise InputError(f"{called}: there is no text in it")
    if len(data) > MAX_TEXT:
        raise InputError(
            f"{called}: {len(data):,} bytes; a text has {MAX_TEXT:,} at most: cut it into several"
        )
    with workspace.locked():
        folder = workspace.path / TEXTS
        folder.mkdir(exist_ok=True)
        stem, ending = Path(called).stem, Path(called).suffix
        for number in count(1):
            path = folder / (called if number == 1 else f"{stem}-{number}{ending}")
            if not path.exists():
                write_atomically(path, data)
                return path, True
            if path.read_bytes() == data:
                return path, False
    raise AssertionError


def file_name(name: str) -> str:
    """Return the last part of a name as any system lets a file be called (InputError for none)."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    clean = " ".join(_NO_NAME.sub(" ", last).split()).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = clean, "txt"
    while len(stem.encode("utf-8", "replace")) > _LONGEST:
        stem = stem[:-1]
    stem = stem.encode("utf-8", "replace").decode().strip(" .")
    if not stem:
        raise InputError(f"{name!r} is no name for a text")
    return f"{stem}.{ending}"

"""Files that were moved or renamed, among known names, too: they are known again by their bytes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import InputError
from corpus.base.files import digest
from corpus.ingestion.discovery import place_of
from corpus.readers.packed.archives import ArchiveReader, archive_kind
from corpus.store.integrity import LOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from corpus.ingestion.discovery import FoundFile
    from corpus.store.workspace import Workspace

_KNOWN = ["doc_id", "file", "part", "fingerprint", "stated", "content", "seed"]


@dataclass(frozen=True, slots=True)
class Moves:
    """Which documents' files are in other places than they were; of the parts of a file, one stands for all.

    Attributes
    ----------
    came
        By place, the id of the document that the file there is, which was in another place.
    left
        By place, the id of the document that was there, and is not what the file there holds.
    """

    came: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)


def known_documents(workspace: Workspace, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of documents with one of these values in a column."""
    wanted = pl.Series(column, list(values), dtype=pl.String)
    documents = workspace.scan("documents").filter(pl.col(column).is_in(wanted.implode()))
    return documents.select(_KNOWN).collect().to_dicts()


def by_file(rows: Sequence[dict[str, Any]], *, seeds: bool) -> defaultdict[str, list[dict[str, Any]]]:
    """Return rows of documents by their file, those of the seeds or of the user's files."""
    grouped: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["seed"] == seeds:
            grouped[row["file"]].append(row)
    return grouped


class MoveFinder:
    """Finds the moves among all files of a run, once, and only if there may be any.

    Whether a file that has other bytes than its document had was changed, or another was put in its place,
    can be told from all of them only: it takes a reading of each.
    """

    def __init__(self, workspace: Workspace, files: Sequence[FoundFile]) -> None:
        self._workspace = workspace
        self._files = files
        self._found: Moves | None = None
        self._archives = ArchiveReader()

    def find(self, now: Mapping[str, str]) -> Moves:
        """Return the moves, as far as they are looked for yet.

        Parameters
        ----------
        now
            Digests of the bytes of the files that are read now, by place.
        """
        if self._found is None and self._may_have_moved(now):
            self._found = self._find()
        return self._found or Moves()

    def _may_have_moved(self, now: Mapping[str, str]) -> bool:
        """Tell whether a file has other bytes than before, or a new one those of a document."""
        at = {row["file"]: row["content"] for row in self._users("file", now)}
        if any(content not in (None, now[place]) for place, content in at.items()):
            return True
        new = {mark for place, mark in now.items() if place not in at}
        return bool(new) and bool(self._users("content", new))

    def _find(self) -> Moves:
        now: dict[str, str] = {}
        for file in self._files:
            if (mark := self._digest_of(file.path)) is not None:
                now[file.place] = mark
        rows = [*self._users("file", now), *self._users("content", set(now.values()))]
        beside = self._workspace.path.resolve().parent
        others = {row["file"] for row in rows if row["file"] is not None} - now.keys()
        elsewhere = {place: self._digest_of(beside / place) for place in sorted(others)}
        rows += self._users("content", [mark for mark in elsewhere.values() if mark is not None])
        return find_moves(now, list({_parts_key(row): row for row in rows}.values()), elsewhere)

    def parts(self, doc_id: str) -> list[dict[str, Any]]:
        """Return the rows of the documents that were read from the file of one, that one's among them."""
        (row,) = known_documents(self._workspace, "doc_id", [doc_id])
        if row["part"] is None:
            return [row]
        return [other for other in self._users("content", [row["content"]]) if _same_file(row, other)]

    def _digest_of(self, path: Path) -> str | None:
        """Return the digest of a file's bytes; None where none can be read, which its turn will report."""
        try:
            return digest(self._archives.read(path))
        except InputError:
            return None

    def _users(self, column: str, values: Iterable[str]) -> list[dict[str, Any]]:
        """Return the rows of the user's documents, seeds left out."""
        return [row for row in known_documents(self._workspace, column, values) if not row["seed"]]


def _parts_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what the rows of the parts of one file have in common; of a whole file, its document's id."""
    return (row["doc_id"],) if row["part"] is None else (row["file"], row["content"])


def _same_file(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return other["part"] is not None and _parts_key(row) == _parts_key(other)


def find_moves(
    now: Mapping[str, str],
    known: Sequence[Mapping[str, Any]],
    elsewhere: Mapping[str, str | None],
) -> Moves:
    """Tell which documents were moved.

    A document was moved to where its bytes are now if its own place holds others, or nothing. Of a file of
    a new name that is not enough while there is a file in the document's place: it may be a copy, and the
    document changed since. It was moved, then, if what took its place is the text of another document.

    Parameters
    ----------
    now
        Digests of files' bytes, by place.
    known
        `doc_id`, `file` and `content` of the documents in these places, and of those that had these bytes,
        or those in `elsewhere`.
    elsewhere
        Digests of the bytes in places of documents that are not in `now`, None where there is no file. A
        document whose place is in neither is where it was.

    Returns
    -------
    Moves
        Each document came to one place at most.
    """
    at = {row["file"]: row for row in known if row["file"] is not None}
    texts = {row["content"] for row in known}
    held: dict[str | None, str | None] = dict.fromkeys([None])
    held.update(elsewhere)
    held.update(now)
    away: dict[str, list[tuple[str, str | None]]] = {}
    for row in sorted(known, key=lambda row: str(row["doc_id"])):
        here = held.get(row["file"], row["content"])
        if row["content"] is not None and here != row["content"]:
            away.setdefault(row["content"], []).append((row["doc_id"], here))
    came: dict[str, str] = {}
    for place, mark in sorted(now.items()):
        resident = at.get(place)
        if resident is not None and resident["content"] in (None, mark):
            continue
        for number, (doc_id, here) in enumerate(away.get(mark, ())):
            if resident is not None or here is None or here in texts:
                came[place] = doc_id
                del away[mark][number]
                break
    moved = set(came.values())
    left = {
        place: row["doc_id"]
        for place, row in at.items()
        if place in now and row["doc_id"] != came.get(place) and (place in came or row["doc_id"] in moved)
    }
    return Moves(came, left)


def gone_notes(workspace: Workspace, paths: Sequence[Path], places: Sequence[str]) -> list[str]:
    """Say which documents' files are no longer in the folders named, and which have no place any more.

    Parameters
    ----------
    workspace, paths
        Where, and the files and folders that were named.
    places
        Of the files found in these.
    """
    folders = [path.resolve() for path in paths if path.is_dir() or archive_kind(path.name) is not None]
    archives = ArchiveReader()
    if not folders:
        return []
    beside = workspace.path.resolve().parent
    held = pl.Series(places, dtype=pl.String)
    # What the places in a folder begin with; in one that the workspace is in, they begin with anything.
    outer = any(beside.is_relative_to(folder) for folder in folders)
    starts = [f"{place_of(folder, workspace.path)}/" for folder in folders]
    own = workspace.scan("documents").filter(~pl.col("seed"))
    homeless = own.filter(pl.col("file").is_null(), ~pl.col("fingerprint").str.starts_with(LOST))
    documents = own.filter(pl.col("file").is_not_null(), ~pl.col("file").is_in(held.implode()))
    if not outer:
        documents = documents.filter(
            pl.any_horizontal(pl.col("file").str.starts_with(start) for start in starts)
        )
    notes = [
        f"{doc_id}: another text is in the place of its file; it is kept until you say: `rm({doc_id!r})`"
        for doc_id in homeless.select("doc_id").collect().sort("doc_id")["doc_id"]
    ]
    return notes + [
        f"{place}: no such file any more; its text is kept until you say: `rm({doc_id!r})`"
        for place, doc_id in documents.select("file", "doc_id").collect().sort("file").iter_rows()
        if any((beside / place).is_relative_to(folder) for folder in folders)
        and not archives.exists(beside / place)
    ]

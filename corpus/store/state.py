"""What `workspace.json` says: the files that a workspace is made of now, and how they are measured.

The file is small whatever the corpus: it names segments, never documents. It carries a digest of itself,
and a copy of it (`workspace.json.copy`) is kept for the day when it is damaged.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError, FormatError, WorkspaceError
from corpus.base.files import digest, json_digest, write_atomically
from corpus.base.parsing import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


FORMAT = 3
"""Version of the tables' schemas and of this file; no other is read."""
NAME = "workspace.json"
COPY = "workspace.json.copy"
HINT = "to see all that is damaged: `check()`"
TWICE = frozenset({"documents"})
"""Tables whose segments are written twice: only they say which file a document was read from, and what was
stated of it, without which nothing else can be read again."""
_REVIEWS = re.compile(r"(?:reviews|links)-\d{6,}-\d+\.(?:jsonl|parquet)")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of a workspace as it was written.

    Attributes
    ----------
    file
        Its name in the workspace's folder (of a folder of files: the folder's).
    bytes
        Its size.
    checksum
        SHA-256 of its content, hexadecimal.
    """

    file: str
    bytes: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of a table that were written together, some of which may be gone since.

    Attributes
    ----------
    stored
        The Parquet file.
    rows
        How many rows it holds, gone ones included.
    gone
        A Parquet file of the `doc_id` whose rows count no more; None while all do.
    gone_rows
        How many rows those are.
    copy
        A second file with the same bytes, of a table that nothing else can tell (`TWICE`).
    """

    stored: Stored
    rows: int
    gone: Stored | None = None
    gone_rows: int = 0
    copy: Stored | None = None

    @property
    def live(self) -> int:
        """How many rows count."""
        return self.rows - self.gone_rows

    def files(self) -> list[Stored]:
        """Return the files that are read: its own, and that of the documents gone if there is one."""
        return [self.stored] if self.gone is None else [self.stored, self.gone]


@dataclass(frozen=True, slots=True)
class State:
    """The current files of a workspace.

    Attributes
    ----------
    change
        How many changes there have been.
    tables
        The segments of each table, by its name.
    files
        What is no table, by the name it was put under, such as ``index``.
    about
        What was noted with those.
    retired
        Files that readers of an earlier state may still need, with the time they were replaced, in seconds
        since 1970.
    """

    change: int = 0
    tables: Mapping[str, tuple[Segment, ...]] = field(default_factory=dict)
    files: Mapping[str, Stored] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    retired: Mapping[str, float] = field(default_factory=dict)

    def segments(self, table: str) -> tuple[Segment, ...]:
        """Return a table's segments."""
        return self.tables.get(table, ())

    def rows(self, table: str) -> int:
        """Return the number of a table's rows, without reading it."""
        return sum(segment.live for segment in self.segments(table))

    def files_digest(self, *tables: str) -> str:
        """Return a digest that changes when some tables do: of their files' names."""
        segments = [segment for table in tables for segment in self.segments(table)]
        return digest("\n".join(stored.file for segment in segments for stored in segment.files()).encode())

    def stored(self) -> list[Stored]:
        """Return every current file."""
        segments = [segment for table in self.tables.values() for segment in table]
        copies = [segment.copy for segment in segments if segment.copy is not None]
        return [*(stored for one in segments for stored in one.files()), *copies, *self.files.values()]


def read_state(folder: Path) -> State:
    """Read the state of a workspace; an empty one if there is none.

    Raises
    ------
    WorkspaceError
        If it is damaged, or of a version that this one does not read; or if there is none, but reviews or
        links are there: to begin anew would be to do away with them.
    """
    file = folder / NAME
    if file.exists() and not file.is_file():  # a pipe or a device may have no end
        raise _unreadable(folder, "not a plain file")
    try:
        return parse_state(file.read_bytes(), folder)
    except FileNotFoundError:
        if (folder / COPY).exists():
            reason = "missing"
        elif holds_reviews(folder):
            raise WorkspaceError(
                f"{file}: missing, and so is its copy, but reviews or links are there; how to keep them: "
                f"`check(repair=True, workspace={str(folder)!r})`"
            ) from None
        else:
            return State()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"damaged or unreadable ({error})"
    raise _unreadable(folder, reason)


def _unreadable(folder: Path, reason: str) -> WorkspaceError:
    return WorkspaceError(
        f"{folder / NAME}: {reason}; its copy may serve: `check(repair=True, workspace={str(folder)!r})`"
    )


def holds_reviews(folder: Path) -> bool:
    """Tell whether there are files of reviews or links in a folder, which no first change writes."""
    return folder.is_dir() and any(_REVIEWS.fullmatch(file.name) for file in folder.iterdir())


def parse_state(data: bytes, folder: Path) -> State:
    """Read a state's bytes.

    Raises
    ------
    FormatError
        If another version of the toolkit wrote them.
    ValueError, KeyError, TypeError, AttributeError
        If they are no state's, or damaged.
    """
    content = parse_json(data)
    if content["format"] != FORMAT:
        raise FormatError(
            f"{folder}: a workspace of format {content['format']}; this version of the toolkit reads format "
            f"{FORMAT} only. Use the version that wrote it, or ingest the files into another folder: "
            "`workspace=DIR`"
        )
    if content.pop("digest") != json_digest(content):
        raise ValueError("its content is not what was written")
    return State(
        change=content["change"],
        tables={name: tuple(map(_segment, table)) for name, table in content["tables"].items()},
        files={name: Stored(**stored) for name, stored in content["files"].items()},
        about=content["about"],
        retired=content["retired"],
    )


def write_state(folder: Path, state: State) -> None:
    """Make a state the current one, in one step; then its copy."""
    content = asdict(state) | {"format": FORMAT}
    content["digest"] = json_digest(content)
    data = json.dumps(content, indent=1).encode()
    write_atomically(folder / NAME, data)
    with suppress(CorpusError):  # it is a copy
        write_atomically(folder / COPY, data)


def has_damaged_format(folder: Path) -> bool:
    """Tell whether the state is of this version, and only says another one's number: a byte is damaged."""
    try:
        content = parse_json((folder / NAME).read_bytes())
        return bool(content.pop("digest") == json_digest(content | {"format": FORMAT}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def copy_fault(folder: Path, state: State) -> str:
    """Say what is wrong with the copy of a state; empty if it can take the state's place.

    One that a change has not replaced yet, as it was interrupted, is nothing wrong.
    """
    try:
        copy = parse_state((folder / COPY).read_bytes(), folder)
    except FileNotFoundError:
        # Of a first change, a full disk or a kill may have left none.
        return "missing" if (folder / NAME).exists() and state.change > 1 else ""
    except FormatError:
        return "written by another version of the toolkit"
    except OSError as error:
        return error.strerror or str(error)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return f"damaged or unreadable ({error})"
    if copy == state or copy.change == state.change - 1:
        return ""
    return f"of change {copy.change}, where the workspace is at {state.change}"


def measure(path: Path) -> Stored:
    """Measure a file, or a folder of files: size and checksum.

    A folder's checksum is that of the names and checksums of what is in it.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        return Stored(path.name, path.stat().st_size, checksum)
    parts = [measure(part) for part in sorted(path.iterdir())]
    listing = "".join(f"{part.file}\0{part.checksum}\n" for part in parts)
    return Stored(path.name, sum(p.bytes for p in parts), hashlib.sha256(listing.encode()).hexdigest())


def verify(folder: Path, stored: Stored) -> None:
    """Raise WorkspaceError if a file is missing, or is not what was written."""
    path = folder / stored.file
    try:
        measured = measure(path)
    except FileNotFoundError:
        reason = "missing"
    except OSError as error:
        reason = error.strerror or str(error)
    else:
        if measured.bytes != stored.bytes:
            reason = f"damaged: {measured.bytes} bytes long, was written with {stored.bytes}"
        elif stored.checksum != measured.checksum:
            reason = "damaged: its content is not what was written"
        else:
            return
    raise WorkspaceError(f"{path}: {reason}; {HINT}")


def _segment(row: Mapping[str, Any]) -> Segment:
    gone, copy = row["gone"], row.get("copy")  # which earlier versions did not write
    return Segment(
        Stored(**row["stored"]),
        row["rows"],
        gone and Stored(**gone),
        row["gone_rows"],
        copy and Stored(**copy),
    )

"""What a store of vectors is to an index, which there are, and where the vectors of a segment are.

The vectors of a segment are a table (a collection) of the store, written once and never changed. In the
workspace stands a small JSON file in place of the FAISS file, which says which table that is. Words, letters
and rows of a segment stay where they are.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from corpus.base.errors import CorpusError, InputError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from pathlib import Path

    from align.encoder import Vectors
    from corpus.search.index.vector_index import Nearest, Rows

VARIABLE = "DUIZHAO_VECTOR_STORE"
"""The environment variable that says where new vectors go: ``faiss`` (or nothing), ``lancedb``, ``qdrant``; a
place may follow either of these: ``lancedb:s3://bucket/folder``, ``qdrant:http://localhost:6333``."""

_MODULES = {"lancedb": "corpus.search.index.stores.lancedb", "qdrant": "corpus.search.index.stores.qdrant"}
_PACKAGES = {"lancedb": "lancedb", "qdrant": "qdrant_client"}
BATCH = 8192
"""How many vectors are written at a time."""


@runtime_checkable
class VectorStore(Protocol):
    """The vectors of a segment in a store, open for reading."""

    @property
    def ntotal(self) -> int:
        """How many there are; their rows are numbered from 0."""
        ...

    def found(self, query: Vectors, count: int, *, exhaustive: bool = False) -> Nearest:
        """Return about the `count` nearest to a query of shape (1, dim), best first.

        By inner products as the store rounds them: `corpus.search.index.vector_index` computes them anew of
        `fetched` vectors. Where all are asked for, or it is to be `exhaustive`, every vector is compared.
        """
        ...

    def fetched(self, rows: Rows) -> Vectors:
        """Return the vectors of rows, in their order: shape (len(rows), dim), float32."""
        ...


class Backend(Protocol):
    """What a module of this package offers."""

    def put(self, place: Place, vectors: Callable[[Rows], Vectors], count: int, dim: int) -> str:
        """Write vectors 0 … count - 1 as a new table; return what kind of index it has, for people."""
        ...

    def opened(self, place: Place) -> VectorStore:
        """Open a table.

        Raises `Lost` if it is not there, and what the store raises if it does not answer.
        """
        ...

    def tables(self, where: str) -> list[str]:
        """List the tables there."""
        ...

    def dropped(self, where: str, table: str) -> None:
        """Do away with a table."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where the vectors of a segment are.

    Attributes
    ----------
    store
        Of `_MODULES`.
    where
        A folder or address; empty for a folder of the store's name in the workspace's, which moves with it.
    table
        Its name: that of all tables of the workspace, and a number of its own.
    folder
        The workspace's.
    """

    store: str
    where: str
    table: str
    folder: Path

    @property
    def address(self) -> str:
        """The folder or address, that of the workspace filled in."""
        return self.where or str(self.folder / self.store)

    @property
    def workspace(self) -> str:
        """What the names of all tables of this workspace begin with."""
        return self.table.rpartition("_")[0]

    @property
    def backend(self) -> Backend:
        """The module of the store. Raises CorpusError if what it needs is not installed."""
        return backend(self.store)


_PREFIX = "duizhao"


def chosen() -> tuple[str, str] | None:
    """Return the store that new vectors go into and where it is; None for FAISS files.

    Raises
    ------
    CorpusError
        If the environment names another, or one that is not installed.
    """
    said = os.environ.get(VARIABLE, "").strip()
    store, _, where = said.partition(":")
    if store in ("", "faiss") and not where:
        return None
    if store not in _MODULES:
        msg = f"{VARIABLE}={said}: no such store of vectors; there are faiss, {', '.join(_MODULES)}"
        raise CorpusError(msg)
    backend(store)
    return store, where


def backend(store: str) -> Backend:
    """Return the module of a store.

    Raises
    ------
    CorpusError
        If what it needs is not installed.
    """
    if importlib.util.find_spec(_PACKAGES[store]) is None:
        msg = f"vectors in {store} need {_PACKAGES[store]}: pip install 'duizhao[{store}]'"
        raise CorpusError(msg)
    return cast("Backend", importlib.import_module(_MODULES[store]))


def new_place(folder: Path, store: tuple[str, str], others: list[Place]) -> Place:
    """Return a place for a new table in a store (`chosen`), named as the workspace's others are."""
    mine = next((one.workspace for one in others), f"{_PREFIX}_{uuid.uuid4().hex[:12]}")
    return Place(*store, f"{mine}_{uuid.uuid4().hex[:12]}", folder)


def write_place(place: Place, path: Path, count: int) -> None:
    """Write down where vectors are."""
    about = {name: value for name, value in asdict(place).items() if name != "folder"}
    path.write_text(json.dumps(about | {"vectors": count}, indent=1) + "\n", encoding="utf-8")


def read_place(path: Path) -> Place:
    """Return where vectors are, as a file of the workspace says.

    Raises
    ------
    InputError
        If it says nothing of the kind.
    """
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        place = Place(str(about["store"]), str(about["where"]), str(about["table"]), path.parent)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: does not say where vectors are: {error}") from None
    if place.store not in _MODULES:
        raise InputError(f"{path}: vectors in an unknown store: {place.store}")
    return place


def read_store(path: Path) -> VectorStore:
    """Open the vectors of a segment, where a file of the workspace says they are.

    Raises
    ------
    RuntimeError
        If they are not there.
    WorkspaceError
        If the store does not answer: its vectors are not taken for lost.
    CorpusError
        If what the store needs is not installed.
    """
    place = read_place(path)
    try:
        return place.backend.opened(place)
    except Lost as error:
        raise RuntimeError(f"{place.store} at {place.address}: no {error}") from None
    except Exception as error:  # each store has its own
        raise _no_answer(place, error) from None


def _no_answer(place: Place, error: Exception) -> WorkspaceError:
    reason = str(error).strip().splitlines()
    msg = (
        f"{place.store} at {place.address} does not answer: {reason[0] if reason else type(error).__name__}; "
        "it holds the vectors of this index, so start it, or let go of it where another process has it open"
    )
    return WorkspaceError(msg)


class Lost(Exception):  # noqa: N818 - not an error of the store's
    """A table is not there; its vectors are made again."""


def clear(places: list[Place], current: Container[str]) -> None:
    """Do away with a workspace's tables that no segment of it names: those replaced, or of a process killed.

    Raises
    ------
    WorkspaceError
        If a store does not answer.
    """
    for place in {(one.store, one.address, one.workspace): one for one in places}.values():
        try:
            for table in place.backend.tables(place.address):
                if table.startswith(f"{place.workspace}_") and table not in current:
                    place.backend.dropped(place.address, table)
        except Exception as error:  # each store has its own
            raise _no_answer(place, error) from None

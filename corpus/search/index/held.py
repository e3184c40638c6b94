"""An index whose vectors are held elsewhere: by actors, each of which has some segments open.

Vectors are most of what an index is, and reading them most of what a search does for each segment: so that is
what is shared. The actor that holds a segment finds the nearest in it and compares them exactly, as one
process would; the caller puts the answers together. Rows, words and letters are looked up where the question
is asked, in mapped files of which a search reads little.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from platform import node
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from corpus.base.errors import WorkspaceError
from corpus.search.index.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from align.encoder import Vectors
    from corpus.execution.executor import Actors, Executor
    from corpus.search.index.segment import Ids
    from corpus.search.index.vector_index import Mask, Nearest

R = TypeVar("R")

_FEWEST = 2  # segments: one is searched before a process has begun
_AT_A_TIME = 64  # segments that are asked, by threads that wait


class _Key(NamedTuple):
    """What an actor needs to know to open a segment."""

    folder: Path
    vectors: Path


@dataclass(frozen=True)
class HeldSegment(Segment):
    """A segment whose vectors an actor has open, and this process has not."""

    actors: Actors

    def nearest(
        self, query: Vectors, count: int, mask: Mask | None = None, langs: Sequence[str] | None = None
    ) -> Nearest:
        """Have the nearest found; see `Segment.nearest`."""
        packed = None if mask is None else np.packbits(mask)
        return self.actors.ask(self._key, _nearest, query, count, packed, langs)

    def similarities(self, query: Vectors, rows: Ids) -> Vectors:
        """Have rows compared; see `Segment.similarities`."""
        return self.actors.ask(self._key, Segment.similarities, query, rows)

    def vectors_of(self, rows: Ids) -> Vectors:
        """Have vectors sent."""
        return self.actors.ask(self._key, Segment.vectors_of, rows)

    @property
    def _key(self) -> _Key:
        assert self.vectors is not None
        return _Key(self.folder, self.vectors)


def held(segments: Sequence[Segment], executor: Executor | None) -> tuple[Segment, ...]:
    """Have segments held by an executor's actors, as long as anyone has the segments that are returned.

    A single one stays as it is, and so do those whose vectors are in a store (`corpus.search.index.stores`).

    Parameters
    ----------
    segments
        Of an index; those opened for their words only stay as they are, too.
    executor
        Whose; None leaves all as it is.
    """
    count = sum(map(_in_file, segments))
    if executor is None or count < _FEWEST:
        return tuple(segments)
    actors = executor.actors(_open, count)
    return tuple(_held(one, actors) if _in_file(one) else one for one in segments)


def _in_file(segment: Segment) -> bool:
    return segment.vectors is not None and segment.vectors.suffix == ".faiss"


def _held(segment: Segment, actors: Actors) -> HeldSegment:
    assert segment.vectors is not None
    paths = segment.folder.resolve(), segment.vectors.resolve()
    return HeldSegment(segment.number, *paths, segment.removed, actors)


def of_each(segments: Sequence[Segment], function: Callable[[int], R]) -> list[R]:
    """Apply a function to the places of segments, side by side where others do the work; in order."""
    places = range(len(segments))
    waiting = sum(isinstance(one, HeldSegment) for one in segments)
    if not waiting:
        return [function(place) for place in places]
    with ThreadPoolExecutor(min(waiting, _AT_A_TIME)) as threads:
        return list(threads.map(function, places))


def _open(key: _Key) -> Segment:
    """Open a segment, in an actor: what is gone from it, the question says."""
    if not key.vectors.exists():
        raise WorkspaceError(
            f"{node()}: no file {key.vectors} there; put the workspace on storage that all nodes have in the "
            "same place, and if its index was made anew since, open it again"
        )
    return Segment(0, key.folder, key.vectors, np.empty(0, np.int64))


def _nearest(
    segment: Segment,
    query: Vectors,
    count: int,
    packed: npt.NDArray[np.uint8] | None,
    langs: Sequence[str] | None,
) -> Nearest:
    mask = None if packed is None else np.unpackbits(packed, count=len(segment.ids)).view(np.bool_)
    return segment.nearest(query, count, mask, langs)

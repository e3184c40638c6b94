"""Workers that are processes of this machine."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from corpus.execution.executor import AHEAD, Inline, Workers
from corpus.execution.threads import processors, use_processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of processes, which is there as long as its block.

    Attributes
    ----------
    most
        How many at most; None for one a processor.
    """

    most: int | None = None
    name: str = "processes"

    @contextmanager
    def workers(self, tasks: int | None = None, *, gpu: bool = False) -> Iterator[Workers]:  # noqa: ARG002
        """Start processes; for a single task there is none: it would take longer to start than to do."""
        if tasks is not None and tasks < 2:
            yield Inline()
            return
        count = self.most or processors()
        count = count if tasks is None else min(count, tasks)
        # Spawned, not forked: threads of numpy's libraries do not survive a fork.
        pool = ProcessPoolExecutor(
            count,
            mp_context=get_context("spawn"),
            initializer=use_processors,
            initargs=(max(1, processors() // count),),
        )
        try:
            yield _Pool(pool, AHEAD * count)
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Pool:
    pool: ProcessPoolExecutor
    window: int

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        return self.pool.submit(function, task)

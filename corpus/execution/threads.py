"""Running parts of array work side by side."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]

T = TypeVar("T")
R = TypeVar("R")

_MOST_WORKERS = 8
_ROWS_A_TASK = 1024


class Run(Protocol):
    """Applies a function to each task, and returns the results in order."""

    def __call__(self, function: Callable[[T], R], tasks: Sequence[T], /) -> list[R]:
        """Apply the function."""
        ...


_granted: int | None = None  # a worker's share of its machine


def use_processors(count: int) -> None:
    """Have this process use so many processors at most: others work beside it."""
    global _granted  # noqa: PLW0603 - of the process, as the processors are
    _granted = count


def processors() -> int:
    """Return the number of processors this process may use."""
    if _granted is not None:
        return _granted
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def parallel() -> Iterator[Run]:
    """Give a `Run` whose tasks run in threads; within the context BLAS has one thread.

    One thread a task, rather than one product spread over threads: what lies between the products then runs
    side by side too, and threads do not wait for each other many times a task, which on a busy computer
    costs more than the second thread brings. Threads live as long as the context.
    """
    workers = min(processors(), _MOST_WORKERS)
    pool: ThreadPoolExecutor | None = None

    def run(function: Callable[[T], R], tasks: Sequence[T]) -> list[R]:
        nonlocal pool
        if len(tasks) < 2 or workers < 2:
            return [function(task) for task in tasks]
        if pool is None:
            pool = ThreadPoolExecutor(workers)
        return list(pool.map(function, tasks))

    with _controller().limit(limits=1, user_api="blas"):
        try:
            yield run
        finally:
            if pool is not None:
                pool.shutdown()


def by_rows(function: Callable[..., Matrix], *arrays: Matrix) -> Matrix:
    """Apply a function of rows to arrays of n rows, some rows at a time, in threads; n may be 0."""
    parts = range(0, max(len(arrays[0]), 1), _ROWS_A_TASK)
    with parallel() as run:
        results = run(lambda i: function(*(array[i : i + _ROWS_A_TASK] for array in arrays)), parts)
    return results[0] if len(results) == 1 else np.concatenate(results)


@cache
def _controller() -> ThreadpoolController:
    # Looking for the libraries takes a millisecond, so it is done once.
    return ThreadpoolController()

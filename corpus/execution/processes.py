"""Workers that are processes of this machine."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.base.errors import CorpusError
from corpus.execution.executor import AHEAD, ENDED, Actors, Holder, Inline, K, Places, Workers
from corpus.execution.threads import processors, use_processors

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

T = TypeVar("T")
R = TypeVar("R")

_ATTEMPTS = 4  # to ask a question; one that ends every actor is given up


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
        pool = _spawned(count, _begin, max(1, processors() // count))
        try:
            yield _Pool(pool, AHEAD * count)
        finally:
            pool.shutdown(cancel_futures=True)

    def actors(self, opened: Callable[[K], object], count: int) -> Actors:
        """Start processes, each when it is first asked."""
        return _Actors(opened, min(count, self.most or processors()))


@dataclass(frozen=True, slots=True)
class _Pool:
    pool: ProcessPoolExecutor
    window: int

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        try:
            return self.pool.submit(function, task)
        except BrokenExecutor as error:  # a process ended while none waited for its result
            broken: Future[R] = Future()
            broken.set_exception(error)
            return broken


class _Actors:
    """Pools of one process each, since a pool does not say which of its processes does what."""

    def __init__(self, opened: Callable[[Any], object], count: int) -> None:
        self._begin = opened, max(1, processors() // count)
        self._places = Places(count)
        self._pools = [self._new() for _ in range(count)]
        self._renewing = threading.Lock()

    def ask(self, key: Hashable, function: Callable[..., R], /, *arguments: object) -> R:
        place = self._places.of(key)
        for _ in range(_ATTEMPTS):
            pool = self._pools[place]
            try:
                return pool.submit(_answer, key, function, *arguments).result()
            except BrokenExecutor:
                with self._renewing:
                    if self._pools[place] is pool:
                        self._pools[place] = self._new()
        raise CorpusError(ENDED)

    def _new(self) -> ProcessPoolExecutor:
        return _spawned(1, _hold, *self._begin)


def _begin(count: int) -> None:
    """Begin in a process that was started: use so many processors, and end with the one that started it."""
    use_processors(count)
    if sys.platform != "win32":
        if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # as of a command in the background
            signal.signal(signal.SIGINT, _end)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end(*_: object) -> None:
    os._exit(130)


def _end_with_parent() -> None:
    # One that was killed tells nobody, and this would mostly wait for its tasks for ever.
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


_holder: Holder | None = None  # of a process that is an actor


def _hold(opened: Callable[[Any], object], count: int) -> None:
    global _holder  # noqa: PLW0603 - it is what the process is for
    _begin(count)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that asks
    _holder = Holder(opened)


def _answer(key: Hashable, function: Callable[..., R], *arguments: object) -> R:
    assert _holder is not None
    return _holder.ask(key, function, *arguments)


class _Spawned(ProcessPoolExecutor):
    """Processes that are not interrupted while they import: they would say where they were."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:  # noqa: ANN401
        if sys.platform == "win32":
            return super().submit(fn, *args, **kwargs)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a process inherits that
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _spawned(count: int, begin: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:  # noqa: ANN401
    # Not forked: threads of numpy's libraries do not survive a fork.
    return _Spawned(count, mp_context=get_context("spawn"), initializer=begin, initargs=arguments)

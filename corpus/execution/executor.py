"""Where work runs, behind one small interface: in this process, in processes beside it, on a Ray cluster.

An executor opens workers; `in_order` and `as_done` give them tasks, a bounded number at a time, and yield
results as they come. A function and its task travel to another process, so both have to be picklable: a
function is one of a module, and a task is plain data. What a worker is to keep from task to task is what
its module keeps: `corpus.encoders.load_encoder` loads an encoder once a process, so that it stays warm.

    with Processes().workers() as workers:
        for task, result in as_done(workers, function, tasks):
            ...

Leaving the block because of an error, or of Ctrl-C, cancels what has not begun.

What has to stay open from question to question, parts of an index above all, is held by actors: workers that
are there as long as anyone has them, each of which opens what it is asked about once.

    actors = Processes().actors(open_part, count=4)
    actors.ask(part, Part.nearest, query)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from corpus.base.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

T = TypeVar("T")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)

AHEAD = 2
"""How many tasks a worker are given out at a time: it never waits for the next, and few are held."""


class Workers(Protocol):
    """Workers that are there until the block that opened them ends."""

    @property
    def window(self) -> int:
        """How many tasks to give out before taking a result: enough that no worker waits."""
        ...

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        """Have a worker apply a function to a task."""
        ...


class Actors(Protocol):
    """Workers that keep what they opened, until nobody has this object any more (Hewitt et al. 1973)."""

    def ask(self, key: Hashable, function: Callable[..., R], /, *arguments: object) -> R:
        """Have the actor that holds something apply a function to it, and wait for the answer.

        Of each key the same actor is asked, which opens it when it is asked for the first time. One that was
        lost is started again, opens it again, and is asked again. Several threads may ask at a time.

        Parameters
        ----------
        key
            Of what is held; picklable.
        function
            Of a module; given what is held, and then the arguments.

        Raises
        ------
        CorpusError
            If actors end again and again under the question; what the function raises is raised here.
        """
        ...


class Executor(Protocol):
    """Opens workers somewhere."""

    @property
    def name(self) -> str:
        """What a user calls it."""
        ...

    def workers(self, tasks: int | None = None, *, gpu: bool = False) -> AbstractContextManager[Workers]:
        """Open workers.

        Parameters
        ----------
        tasks
            How many there are, if that is known: there are no more workers.
        gpu
            Whether a task is done on a GPU where there is one, each by a worker of its own.
        """
        ...

    def actors(self, opened: Callable[[K], object], count: int) -> Actors:
        """Start actors.

        Parameters
        ----------
        opened
            Opens what a key names, in the actor: a function of a module.
        count
            How many there are at most; no more than there is room for.
        """
        ...


def in_order(workers: Workers, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
    """Apply a function to tasks, and yield each with its result, in the order of the tasks.

    Parameters
    ----------
    workers, function
        Who does what.
    tasks
        Taken as workers become free: no more than `Workers.window` are held.

    Raises
    ------
    CorpusError
        If a process ended in the middle of a task, say for want of memory; what the function raises is
        raised here.
    """
    waiting: deque[tuple[T, Future[R]]] = deque()
    for task in tasks:
        waiting.append((task, workers.submit(function, task)))
        if len(waiting) >= workers.window:
            first, future = waiting.popleft()
            yield first, _result(future)
    for task, future in waiting:
        yield task, _result(future)


def as_done(workers: Workers, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
    """Apply a function to tasks, and yield each with its result as it is done; see `in_order`."""
    waiting: dict[Future[R], T] = {}
    for task in tasks:
        waiting[workers.submit(function, task)] = task
        if len(waiting) >= workers.window:
            yield from _finished(waiting)
    while waiting:
        yield from _finished(waiting)


def _finished(waiting: dict[Future[R], T]) -> Iterator[tuple[T, R]]:
    """Wait until something is done; take it out and yield it."""
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in [one for one in waiting if one in done]:
        yield waiting.pop(future), _result(future)


def _result(future: Future[R]) -> R:
    try:
        return future.result()
    except BrokenExecutor:
        raise CorpusError(
            "a process that worked for this one ended, perhaps for want of memory; what was finished is "
            "kept: run the same again to go on"
        ) from None


class Holder:
    """What an actor keeps: things that it opened, by their keys. By itself it is this process's actor."""

    def __init__(self, opened: Callable[[Any], object]) -> None:
        self._opened = opened
        self._held: dict[Hashable, object] = {}

    def ask(self, key: Hashable, function: Callable[..., R], /, *arguments: object) -> R:
        """Apply a function to what a key names, which is opened if it is not yet."""
        if key not in self._held:
            self._held[key] = self._opened(key)
        return function(self._held[key], *arguments)


ENDED = "a process that held part of what was asked about ended again and again, perhaps for want of memory"
"""What is said where actors cannot be kept alive."""


class Places:
    """Which of several actors holds what: each key goes to one, in turn."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._of: dict[Hashable, int] = {}

    def of(self, key: Hashable) -> int:
        """Return the number of the actor of a key."""
        return self._of.setdefault(key, len(self._of) % self._count)


@dataclass(frozen=True, slots=True)
class Inline:
    """The process itself is the only worker: a task is done when it is given."""

    name: str = "inline"
    window: int = 1

    @contextmanager
    def workers(self, tasks: int | None = None, *, gpu: bool = False) -> Iterator[Workers]:  # noqa: ARG002
        """Give this process as a worker."""
        yield self

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        """Apply the function at once."""
        future: Future[R] = Future()
        try:
            future.set_result(function(task))
        except Exception as error:  # it is raised where the result is taken
            future.set_exception(error)
        return future

    def actors(self, opened: Callable[[K], object], count: int) -> Actors:  # noqa: ARG002
        """Hold all in this process."""
        return Holder(opened)


NAMES = ("processes", "ray")
"""What `executor_named` knows."""


def executor_named(name: str | Executor | None) -> Executor | None:
    """Return an executor by its name; None, or what is one already, as it is.

    Parameters
    ----------
    name
        ``processes`` of this machine, or ``ray``: the cluster that the environment variable RAY_ADDRESS
        names, or that was started on this machine, else one of this machine alone.

    Raises
    ------
    InputError
        If there is no such executor.
    CorpusError
        If it needs what is not installed.
    """
    if not isinstance(name, str):
        return name
    if name == "processes":
        from corpus.execution.processes import Processes

        return Processes()
    if name == "ray":
        from corpus.execution.ray import Ray, ensure_installed

        ensure_installed()
        return Ray()
    raise InputError(f"`executor={name!r}`: there are {', '.join(NAMES)}")

"""Workers on a Ray cluster: its scheduler gives tasks to nodes, and gives them again where a node is lost.

A task is one of Ray's tasks, not a call of an actor: tasks go wherever there is room, onto nodes that were
added later, too, while an actor of a lost node would wait for room of its own. Ray keeps the processes that
do them, so that an encoder stays loaded from task to task (`corpus.encoders.load_encoder`).
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from platform import node
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.base.errors import CorpusError
from corpus.base.version import __version__
from corpus.execution.executor import AHEAD, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
R = TypeVar("R")

INSTALL = "pip install 'duizhao[ray]'"
_PATIENCE = 10.0  # seconds until the head of a cluster has answered
_RETRIES = 3  # times that a task is done again whose worker or node was lost; one that kills each is given up


@dataclass(frozen=True, slots=True)
class Ray:
    """A cluster that runs Ray.

    Attributes
    ----------
    address
        ``host:port`` of its head; None for what RAY_ADDRESS names, else the cluster that `ray start` started
        on this machine, else a new one of this machine, which ends with this process.
    processors
        Of a task; a cluster does as many tasks at a time as it has processors for.
    """

    address: str | None = None
    processors: int = 1
    name: str = "ray"

    @contextmanager
    def workers(self, tasks: int | None = None, *, gpu: bool = False) -> Iterator[Workers]:  # noqa: ARG002
        """Connect to the cluster, if this process is not yet; cancel what is not done when the block ends.

        The connection stays until the process ends: to make one takes longer than many a stage.

        Raises
        ------
        CorpusError
            If Ray is not installed, or no cluster answers.
        """
        ray = _ray()
        if not ray.is_initialized():
            _connect(ray, self.address)
        on_gpu = gpu and ray.cluster_resources().get("GPU", 0) >= 1
        options: dict[str, Any] = {"num_cpus": self.processors, "max_retries": _RETRIES}
        if on_gpu:  # a worker would end after each task that had a GPU, and load its model again
            options |= {"num_gpus": 1, "max_calls": 0}
        open_workers = _Tasks(ray, ray.remote(**options)(_run), "GPU" if on_gpu else "CPU", self.processors)
        try:
            yield open_workers
        finally:
            open_workers.cancel()


@dataclass(frozen=True, slots=True)
class _Tasks:
    """What is given to the cluster."""

    ray: Any
    remote: Any
    resource: str
    processors: int
    given: dict[Future[Any], Any] = field(default_factory=dict)

    @property
    def window(self) -> int:
        """As many as the cluster has room for now, and more: an autoscaler sees that there is more to do."""
        room = self.ray.cluster_resources().get(self.resource, 1)
        return AHEAD * max(1, int(room) if self.resource == "GPU" else int(room // self.processors))

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        """Give the cluster a task."""
        reference = self.remote.remote(function, task, self.processors, __version__)
        future: Future[R] = Future()
        self.given[future] = reference

        def settle(done: Future[R]) -> None:
            self.given.pop(future, None)
            if (error := done.exception()) is None:
                future.set_result(done.result())
            else:
                future.set_exception(_cause(error))

        reference.future().add_done_callback(settle)
        return future

    def cancel(self) -> None:
        """Have the cluster leave what is not done yet."""
        for reference in list(self.given.values()):
            self.ray.cancel(reference)


def _run(function: Callable[[T], R], task: T, processors: int, version: str) -> R:
    """Do a task, in a worker."""
    from corpus.execution.threads import use_processors

    if version != __version__:
        raise CorpusError(
            f"{node()}: has duizhao {__version__}, where {version} gives it work; install the same version "
            "on all nodes"
        )
    use_processors(processors)
    return function(task)


def ensure_installed() -> None:
    """Raise CorpusError if Ray is not there, without importing it."""
    if find_spec("ray") is None:
        raise CorpusError(f"`executor='ray'` needs Ray, which is not installed: {INSTALL}")


def _ray() -> Any:  # noqa: ANN401 - an extra, which may not be there to be looked at
    ensure_installed()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing of a corpus's use goes anywhere
    return import_module("ray")


def _say_on_stderr() -> None:
    """Have what Ray says of lost workers and nodes on stderr, in a line each.

    It prints that on standard output, where results go, and has no option for another place.
    """

    def said(data: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
        for message in data.get("lines", ()):
            print(f"ray: {str(message).strip().partition(chr(10))[0][:300]}", file=sys.stderr)  # noqa: T201

    import_module("ray._private.worker").print_to_stdstream = said  # type: ignore[attr-defined]


def _connect(ray: Any, address: str | None) -> None:  # noqa: ANN401
    _say_on_stderr()
    where = address or os.environ.get("RAY_ADDRESS") or "this machine"
    try:
        _check_answers(where)
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, configure_logging=False)
    except (OSError, RuntimeError, ValueError) as error:
        said = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise CorpusError(
            f"no Ray cluster answers at {where}: {said}; start one by `ray start`, or name another: "
            "RAY_ADDRESS=host:6379"
        ) from None


def _check_answers(where: str) -> None:
    """Raise OSError if nothing listens at an address: Ray would wait for minutes, and end this process."""
    host, _, port = where.rpartition("//")[2].rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


def _cause(error: BaseException) -> BaseException:
    """Return what went wrong in a task, as it is raised here."""
    exceptions = import_module("ray.exceptions")
    cause = getattr(error, "cause", None) if isinstance(error, exceptions.RayTaskError) else error
    if isinstance(cause, ImportError):
        return CorpusError(
            f"a node of the cluster lacks what this one has ({cause}): {INSTALL}, on all nodes"
        )
    if isinstance(cause, exceptions.RayError):  # a worker or a node was lost, time and again
        return BrokenExecutor(str(cause))
    return cause if isinstance(cause, BaseException) else error

"""Workers on a Ray cluster: its scheduler gives tasks to nodes, and gives them again where a node is lost.

A task is one of Ray's tasks, not a call of an actor: tasks go wherever there is room, onto nodes that were
added later, too, while an actor of a lost node would wait for room of its own. Ray keeps the processes that
do them, so that an encoder stays loaded from task to task (`corpus.encoders.load_encoder`). Actors are for
what has to stay open: parts of an index, which are spread over the nodes.
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
from corpus.execution.executor import AHEAD, ENDED, Actors, Holder, K, Places, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

T = TypeVar("T")
R = TypeVar("R")

INSTALL = "pip install 'duizhao[ray]'"
_PATIENCE = 10.0  # seconds until the head of a cluster has answered
_TRAVEL = ("DUIZHAO_", "HF_HUB_", "HF_HOME", "HF_ENDPOINT", "TRANSFORMERS_")  # variables, by their beginning
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
        ray = _connected(self.address)
        on_gpu = gpu and ray.cluster_resources().get("GPU", 0) >= 1
        options = {"num_cpus": self.processors, "max_retries": _RETRIES, **_environment()}
        if on_gpu:  # a worker would end after each task that had a GPU, and load its model again
            options |= {"num_gpus": 1, "max_calls": 0}
        open_workers = _Tasks(ray, ray.remote(**options)(_run), "GPU" if on_gpu else "CPU", self.processors)
        try:
            yield open_workers
        finally:
            open_workers.cancel()

    def actors(self, opened: Callable[[K], object], count: int) -> Actors:
        """Start actors on the nodes in turn; they end when nobody has the object any more.

        Each needs a free processor to be placed, and keeps none while nothing is asked (Ray's default for
        actors): tasks of the same command would wait for processors that are never free again.

        Raises
        ------
        CorpusError
            If Ray is not installed, or no cluster answers.
        """
        ray = _connected(self.address)
        remote = ray.remote(max_restarts=-1, max_task_retries=_RETRIES, **_environment())(_Actor)
        affine = import_module("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy
        where = [affine(one, soft=True) for one in _spread(ray.nodes(), self.processors)[:count]]
        handles = [
            remote.options(scheduling_strategy=one).remote(opened, self.processors)
            for one in where or ["SPREAD"] * count  # an autoscaler brings nodes
        ]
        return _Actors(ray, handles, Places(len(handles)))


def _environment() -> dict[str, Any]:
    """Return an option of tasks and actors: what the user set here for models, and for this toolkit.

    A worker has else what its node was started with. Folders of one machine (CORPUS_CACHE) stay its own, and
    what may be a secret goes nowhere: who can see a cluster can read these.
    """
    told = {
        name: value for name, value in os.environ.items() if name.startswith(_TRAVEL) and "TOKEN" not in name
    }
    return {"runtime_env": {"env_vars": told}} if told else {}


def _spread(nodes: list[dict[str, Any]], processors: int) -> list[str]:
    """Return ids of nodes, each as often as it has room, in turn; Ray's own spreading puts all on one."""
    rooms = {
        one["NodeID"]: max(1, int(one["Resources"]["CPU"] // processors))
        for one in nodes
        if one["Alive"] and one["Resources"].get("CPU")
    }
    turns = range(max(rooms.values(), default=0))
    return [name for turn in turns for name, room in rooms.items() if room > turn]


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


@dataclass(frozen=True, slots=True)
class _Actors:
    """Handles of actors: Ray starts one that was lost, on another node if need be, and asks it again."""

    ray: Any
    handles: list[Any]
    places: Places

    def ask(self, key: Hashable, function: Callable[..., R], /, *arguments: object) -> R:
        handle = self.handles[self.places.of(key)]
        try:
            found: R = self.ray.get(handle.answer.remote(__version__, key, function, arguments))
        except self.ray.exceptions.RayError as error:
            cause = _cause(error)
            raise CorpusError(ENDED) if isinstance(cause, BrokenExecutor) else cause from None
        return found


class _Actor:
    """In a worker: what an actor holds."""

    def __init__(self, opened: Callable[[Any], object], processors: int) -> None:
        from corpus.execution.threads import use_processors

        use_processors(processors)
        self._holder = Holder(opened)

    def answer(
        self,
        version: str,
        key: Hashable,
        function: Callable[..., R],
        arguments: tuple[object, ...],
    ) -> R:
        """Answer a question about what a key names."""
        _check_version(version)
        return self._holder.ask(key, function, *arguments)


def _run(function: Callable[[T], R], task: T, processors: int, version: str) -> R:
    """Do a task, in a worker."""
    from corpus.execution.threads import use_processors

    _check_version(version)
    use_processors(processors)
    return function(task)


def _check_version(version: str) -> None:
    if version != __version__:
        raise CorpusError(
            f"{node()}: has duizhao {__version__}, where {version} gives it work; install the same version "
            "on all nodes"
        )


def ensure_installed() -> None:
    """Raise CorpusError if Ray is not there, without importing it."""
    if find_spec("ray") is None:
        raise CorpusError(f"`executor='ray'` needs Ray, which is not installed: {INSTALL}")


def _ray() -> Any:  # noqa: ANN401 - an extra, which may not be there to be looked at
    ensure_installed()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing of a corpus's use goes anywhere
    return import_module("ray")


def _connected(address: str | None) -> Any:  # noqa: ANN401
    ray = _ray()
    if not ray.is_initialized():
        _connect(ray, address)
    return ray


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

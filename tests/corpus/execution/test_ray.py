"""Two nodes on one machine: workers, nodes and a driver are killed, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pytest

from corpus.base.errors import CorpusError, InputError
from corpus.execution.executor import as_done, in_order
from corpus.execution.ray import Ray
from corpus.search.index.held import HeldSegment
from corpus.search.searcher import open_searcher
from tests.corpus.execution.test_shards import archive, small_shards
from tests.corpus.search.index.test_held import QUERIES, answers, in_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from corpus.execution.executor import Workers
    from corpus.store.workspace import Workspace

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'duizhao[ray]'")
utils = pytest.importorskip("ray.cluster_utils")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")

T = TypeVar("T")
R = TypeVar("R")
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
# A node that is gone refuses to answer, and five times are enough; how long a slow one may take stays as it is.
SOON = {"health_check_initial_delay_ms": 1000, "health_check_period_ms": 200}


class TwoNodes:
    """A cluster whose second node can be killed, and comes back."""

    def __init__(self, folder: Path) -> None:
        (folder / "ray").mkdir()
        head = {**NODE, "num_gpus": 1, "include_dashboard": False, "temp_dir": str(folder / "ray")}
        head["_system_config"] = SOON
        self.cluster = utils.Cluster(initialize_head=True, head_node_args=head)
        self.second = self.cluster.add_node(**NODE)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def kill_node(self) -> None:
        self.cluster.remove_node(self.second, allow_graceful=False)

    def restore_node(self) -> None:
        self.second = self.cluster.add_node(**NODE)


@pytest.fixture(scope="module")
def nodes() -> Iterator[TwoNodes]:
    folder = Path(tempfile.mkdtemp(prefix="ray"))  # a short path: there are sockets in it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")  # nothing is to be left in the user's folder
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_TMPDIR", str(folder))  # where the address of the last cluster is written, too
        found = TwoNodes(folder)
        try:
            yield found
        finally:
            ray.shutdown()
            found.cluster.shutdown()
            shutil.rmtree(folder, ignore_errors=True)


def square(number: int) -> int:
    if number == 13:
        raise InputError("13: no number of ours")
    if number == 14:
        raise ModuleNotFoundError("No module named 'kiwipiepy'")
    return number * number


def end(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def variables(_: int) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(("DUIZHAO_", "HF_"))}


def worker(_: int) -> int:
    return os.getpid()


def test_results_errors_and_warm_workers(nodes: TwoNodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.execution.ray._RETRIES", 1)  # each is a process that begins
    with Ray(nodes.address).workers() as workers:
        assert workers.window == 4
        assert list(in_order(workers, square, range(8))) == [(n, n * n) for n in range(8)]
        assert dict(as_done(workers, square, range(8))) == {n: n * n for n in range(8)}
        with pytest.raises(InputError, match=r"^13: no number of ours$"):
            list(in_order(workers, square, [13]))
        with pytest.raises(CorpusError, match=r"lacks what this one has .*duizhao\[ray\]"):
            list(in_order(workers, square, [14]))
        with pytest.raises(CorpusError, match="run the same again"):
            list(in_order(workers, end, [0]))
    with Ray(nodes.address).workers(gpu=True) as workers:  # which the first node says it has
        assert workers.window == 2
        assert len({pid for _, pid in as_done(workers, worker, range(6))}) == 1
    with Ray(nodes.address).workers() as workers:
        # A processor has one worker, which keeps what it loaded.
        assert len({pid for _, pid in as_done(workers, worker, range(20))}) <= 2 + 1
    told = {"DUIZHAO_MADE_UP": "1", "HF_HUB_OFFLINE": "1", "HF_HUB_TOKEN": "secret"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with Ray(nodes.address).workers() as workers:
        ((_, found),) = in_order(workers, variables, [0])
    assert {name: found.get(name) for name in told} == {**told, "HF_HUB_TOKEN": None}


def harmed(folder: Path, node: str, function: Callable[[T], R], task: T) -> R:
    """Do a task, in a worker; that of a stage's first is killed, and the second node is lost under another.

    Parameters
    ----------
    folder
        Of marks: what was harmed in a stage is not harmed again.
    node
        Id of the node to lose.
    function, task
        `corpus.execution.shards._make`, of some stage's function.
    """
    stage = cast("partial[R]", function).args[0].__module__
    if not (folder / f"{stage}-worker").exists():
        (folder / f"{stage}-worker").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if ray.get_runtime_context().get_node_id() == node and not (folder / f"{stage}-node").exists():
        (folder / f"{stage}-node").touch()
        time.sleep(600)  # the node goes away, and this with it
    return function(task)


@dataclass
class Harming:
    """A cluster that loses a worker and a node in each stage, once."""

    nodes: TwoNodes
    folder: Path
    name: str = "ray"

    @contextmanager
    def workers(self, tasks: int | None = None, *, gpu: bool = False) -> Iterator[Workers]:
        del tasks, gpu
        before, over = self.lost_nodes(), threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                if self.lost_nodes() > before:
                    self.nodes.kill_node()
                    return

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            with Ray(self.nodes.address).workers() as workers:
                yield _Harming(workers, self.folder, self.nodes.second.node_id)
        finally:
            over.set()
            thread.join()
            if self.lost_nodes() > before:
                self.nodes.restore_node()

    def lost_nodes(self) -> set[str]:
        return {mark.name for mark in self.folder.glob("*-node")}


@dataclass
class _Harming:
    inner: Workers
    folder: Path
    node: str

    @property
    def window(self) -> int:
        return self.inner.window

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        return self.inner.submit(partial(harmed, self.folder, self.node, function), task)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Any]]]:
    """Return where texts are, and what one process makes of them."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, archive(folder / "w", None)


def test_a_worker_and_a_node_are_killed_in_each_stage(
    nodes: TwoNodes,
    whole: tuple[Path, dict[str, list[Any]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    small_shards(monkeypatch)
    assert archive(whole[0] / "harmed", Harming(nodes, tmp_path)) == whole[1]
    stages = ("ingestion.shards", "alignment.shards", "encoders.shards", "linguistics.term_counts")
    assert {mark.name for mark in tmp_path.iterdir()} == {
        f"corpus.{stage}-{what}" for stage in stages for what in ("worker", "node")
    }
    printed = capfd.readouterr()
    assert printed.out == ""  # results go there
    assert "ray: " in printed.err


KILLED = """
import os, signal, sys, time
from pathlib import Path
import pytest
import corpus.alignment.shards as aligning
from corpus.execution.ray import Ray
from tests.corpus.execution.test_shards import archive, small_shards

address, folder = sys.argv[1], Path(sys.argv[2])
patch = pytest.MonkeyPatch()
small_shards(patch)
store, calls = aligning.store, 0

def killing(*arguments, **options):
    global calls
    calls += 1
    if calls == 2:  # one shard is committed; a later one is to be finished, but not committed
        while len([one for one in (folder / "shards" / "align").iterdir() if one.name[0] != "."]) < 2:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
    return store(*arguments, **options)

patch.setattr(aligning, "store", killing)
archive(folder, Ray(address))
"""


def test_a_driver_that_is_killed_and_started_again_goes_on(
    nodes: TwoNodes, whole: tuple[Path, dict[str, list[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # In every stage, without a cluster: test_shards.py.
    folder = whole[0] / "killed"
    command = [sys.executable, "-c", KILLED, nodes.address, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert list((folder / "shards" / "align").iterdir())
    small_shards(monkeypatch)
    made = archive(folder, Ray(nodes.address), ask=False)
    # What a killed driver's workers wrote after that is left, and goes after a day: see test_shards.py.
    assert made == {name: whole[1][name] for name in made}


def node_of(_: object) -> str:
    return str(ray.get_runtime_context().get_node_id())


def test_nodes_make_an_index_and_actors_hold_it_and_move(nodes: TwoNodes, seeded: Workspace) -> None:
    workspace = in_parts(seeded, Ray(nodes.address))  # which made the parts, too
    expected = answers(open_searcher(workspace), QUERIES[:1])
    searcher = open_searcher(workspace, executor=Ray(nodes.address))
    assert answers(searcher, QUERIES[:1]) == expected
    held = [one for one in searcher.segments if isinstance(one, HeldSegment)]
    where = [one.actors.ask(one._key, node_of) for one in held]
    assert len(set(where)) == 2
    with pytest.raises(CorpusError, match="ended again and again"):
        held[0].actors.ask(held[0]._key, end)
    assert answers(searcher, QUERIES[:1]) == expected
    nodes.kill_node()
    try:
        assert answers(searcher, QUERIES[:1]) == expected
        assert len({one.actors.ask(one._key, node_of) for one in held}) == 1
    finally:
        nodes.restore_node()


def test_no_cluster_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    ray.shutdown()
    with (
        pytest.raises(CorpusError, match=r"no Ray cluster answers at 127\.0\.0\.1:9"),
        Ray("127.0.0.1:9").workers(),
    ):
        pass

"""Tasks and results: order, a bounded number at a time, errors, and processes that end; actors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from corpus.base.errors import CorpusError, InputError
from corpus.execution.executor import Inline, as_done, in_order
from corpus.execution.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")


def square(number: int) -> int:
    if number == 13:
        raise InputError("13: no number of ours")
    return number * number


def process(_: int) -> int:
    return os.getpid()


def end_if_odd(number: int) -> int:
    if number % 2:
        os._exit(1)
    return number


def wait_for_file(path: Path) -> str:
    """Wait until another task has made a file, if this one is not to make it."""
    if path.name == "made":
        path.touch()
    while not (path.parent / "made").exists():
        time.sleep(0.01)
    return path.name


def leave_mark(path: Path) -> None:
    if path.name == "1":
        raise InputError("no time")
    path.touch()


@pytest.mark.parametrize("executor", [Inline(), Processes(2)], ids=["inline", "processes"])
def test_results_come_with_their_tasks(executor: Inline | Processes) -> None:
    with executor.workers(20) as workers:
        assert list(in_order(workers, square, range(10))) == [(n, n * n) for n in range(10)]
        assert dict(as_done(workers, square, range(10))) == {n: n * n for n in range(10)}
        with pytest.raises(InputError, match="no number of ours"):
            list(in_order(workers, square, range(10, 20)))


def test_what_is_done_first_comes_first(tmp_path: Path) -> None:
    tasks = [tmp_path / "waits", tmp_path / "made"]
    with Processes(2).workers(2) as workers:
        assert [name for _, name in in_order(workers, wait_for_file, tasks)] == ["waits", "made"]
        (tmp_path / "made").unlink()
        first = next(as_done(workers, wait_for_file, tasks))
    assert first == (tmp_path / "made", "made")


@dataclass
class Wide:
    """Workers with room for three tasks."""

    window: int = 3

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        return Inline().submit(function, task)


@pytest.mark.parametrize("run", [in_order, as_done])
def test_tasks_are_taken_as_there_is_room_for_them(run: Callable[..., Iterator[tuple[int, int]]]) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100, 200):
            taken.append(number)
            yield number

    results = run(Wide(), square, tasks())
    for number in range(100, 105):
        assert number in next(results)
        assert len(taken) <= number - 100 + 3


def test_a_process_that_ends_is_an_error_one_can_act_on() -> None:
    with Processes(1).workers(3) as workers, pytest.raises(CorpusError, match="run the same again"):
        list(in_order(workers, end_if_odd, [0, 1, 2]))


def test_a_process_that_ended_before_more_is_given_is_such_an_error_too() -> None:
    with Processes(1).workers(3) as workers:
        with pytest.raises(BrokenExecutor):
            workers.submit(end_if_odd, 1).result()
        with pytest.raises(CorpusError, match="run the same again"):
            list(in_order(workers, end_if_odd, [0, 2]))


def test_what_has_not_begun_at_an_error_is_not_done(tmp_path: Path) -> None:
    tasks = [tmp_path / str(number) for number in range(100)]
    with pytest.raises(InputError, match="no time"), Processes(1).workers(100) as workers:
        list(in_order(workers, leave_mark, tasks))
    assert len(list(tmp_path.iterdir())) < 10


def test_a_single_task_needs_no_process() -> None:
    with Processes().workers(1) as workers:
        assert next(in_order(workers, process, [0])) == (0, os.getpid())
    with Processes(1).workers(2) as workers:
        assert next(in_order(workers, process, [0])) != (0, os.getpid())


@dataclass
class Opened:
    """What an actor holds: who opened it, and what it was asked."""

    key: str
    process: int
    asked: list[int] = field(default_factory=list)

    def add(self, number: int) -> tuple[str, int, list[int]]:
        if number == 13:
            raise InputError("13: no number of ours")
        self.asked.append(number)
        return self.key, self.process, list(self.asked)

    def end(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def opened(key: str) -> Opened:
    return Opened(key, os.getpid())


@pytest.mark.parametrize("executor", [Inline(), Processes(2)], ids=["inline", "processes"])
def test_an_actor_keeps_what_it_opened(executor: Inline | Processes) -> None:
    actors = executor.actors(opened, 3)
    first = {key: actors.ask(key, Opened.add, 1) for key in "abc"}
    assert {key: (answer[0], answer[2]) for key, answer in first.items()} == {k: (k, [1]) for k in "abc"}
    with pytest.raises(InputError, match="no number of ours"):
        actors.ask("b", Opened.add, 13)
    again = {key: actors.ask(key, Opened.add, 2) for key in "abc"}
    assert again == {key: (*answer[:2], [1, 2]) for key, answer in first.items()}
    # No more processes than there may be; each key has its own.
    assert len({process for _, process, _ in first.values()}) == (2 if executor.name == "processes" else 1)


def test_an_actor_that_was_killed_is_started_again_and_asked_again() -> None:
    actors = Processes(2).actors(opened, 2)
    before = {key: actors.ask(key, Opened.add, 1)[1] for key in "ab"}
    os.kill(before["a"], signal.SIGKILL)
    with ThreadPoolExecutor(4) as threads:  # who ask all at once, and have it started again once
        answers = list(threads.map(lambda n: actors.ask("a", Opened.add, n), range(4)))
    assert {process for _, process, _ in answers} != {before["a"]}
    assert sorted(max(answers, key=lambda answer: len(answer[2]))[2]) == [0, 1, 2, 3]
    assert actors.ask("b", Opened.add, 2) == ("b", before["b"], [1, 2])


def test_a_question_that_ends_every_actor_is_given_up() -> None:
    with pytest.raises(CorpusError, match="ended again and again"):
        Processes(1).actors(opened, 1).ask("a", Opened.end)


KILLED = """
import os, signal
from corpus.execution.processes import Processes
from tests.corpus.execution.test_executor import Opened, opened, process

if __name__ == "__main__":
    actors = Processes(1).actors(opened, 1)
    with Processes(1).workers(2) as workers:
        print(actors.ask("a", Opened.add, 1)[1], workers.submit(process, 0).result(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def is_there(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux to look at processes")
def test_processes_end_with_the_one_that_started_them_though_it_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    # Into a file: of a pipe the end would be waited for, which processes that are left would hold open.
    with (tmp_path / "out").open("w") as out:
        subprocess.run([sys.executable, script], stdout=out, check=False, env=environment)
    started = [int(pid) for pid in (tmp_path / "out").read_text().split()]
    assert len(started) == 2
    waited_until = time.monotonic() + 60
    while any(map(is_there, started)):
        assert time.monotonic() < waited_until
        time.sleep(0.05)


INTERRUPTED = """
import os, signal
from concurrent.futures import wait
from corpus.execution.processes import Processes
from tests.corpus.execution.test_executor import process

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
    with Processes(2).workers(2) as workers:
        wait([workers.submit(process, task) for task in range(2)])
        os.killpg(0, signal.SIGINT)
        signal.pause()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no groups of processes")
def test_processes_that_are_interrupted_say_nothing(tmp_path: Path) -> None:
    """Ctrl-C reaches all of them, those too that wait for a task; only the driver says where it was."""
    (tmp_path / "interrupted.py").write_text(INTERRUPTED)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, str(tmp_path / "interrupted.py")]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, start_new_session=True
    )
    assert ran.stderr.count("Traceback") == 1, ran.stderr

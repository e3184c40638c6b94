"""Tasks and results: order, a bounded number at a time, errors, and processes that end."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pytest

from corpus.base.errors import CorpusError, InputError
from corpus.execution.executor import Inline, as_done, in_order
from corpus.execution.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

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

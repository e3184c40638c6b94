"""Work in the background: one job at a time, in a thread, with progress; it can be cancelled."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError
from corpus.web.paths import without_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpus.api.corpus import Corpus
    from corpus.base.progress import Progress

_KEPT = 30  # jobs that have ended
_log = logging.getLogger(__name__)


class CancelledError(KeyboardInterrupt):
    """A job that was cancelled; to the library an interrupt, after which what was finished is kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    message, values
        What to say of it, a message of `corpus.web.language` with its values.
    notes
        What else is to be known, in the library's words.
    href
        Where it can be seen.
    value
        What was made, for the pages that show it.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    href: str | None = None
    value: Any = None


@dataclass(slots=True)
class Job:
    """A piece of work.

    Attributes
    ----------
    number, kind
        Which, and ``ingest``, ``align``, ``pair``, ``mine``, ``prepare`` or ``paste``.
    state
        ``queued``, ``running``, ``done``, ``failed`` or ``cancelled``.
    task, done, total
        What it is at, and how far.
    outcome, error
        How it ended.
    """

    number: int
    kind: str
    run: Callable[[Corpus], Outcome] = field(repr=False)
    state: str = "queued"
    task: str = ""
    done: int = 0
    total: int = 0
    started: float = 0.0
    ended: float = 0.0
    outcome: Outcome | None = None
    error: str | None = None
    wanted: bool = True
    over: threading.Event = field(default_factory=threading.Event, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return what the page of jobs is told of it."""
        took = (self.ended or time.time()) - self.started if self.started else 0.0
        return {
            "number": self.number, "kind": self.kind, "state": self.state, "task": self.task,
            "done": self.done, "total": self.total, "seconds": round(took, 1), "error": self.error,
            "href": self.outcome.href if self.outcome else None,
        }  # fmt: skip


class Jobs:
    """The jobs of a studio, in the order that they were asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._numbers = count(1)
        self._jobs: dict[int, Job] = {}
        self._queue: deque[Job] = deque()
        self._changed = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def start(self, kind: str, run: Callable[[Corpus], Outcome]) -> Job:
        """Put a job at the end of the queue."""
        with self._changed:
            job = Job(next(self._numbers), kind, run)
            self._jobs[job.number] = job
            self._queue.append(job)
            ended = [one for one in self._jobs.values() if one.over.is_set()]
            for old in ended[: max(0, len(ended) - _KEPT)]:
                del self._jobs[old.number]
            self._changed.notify_all()
        return job

    def get(self, number: int) -> Job | None:
        """Return a job by its number; None if there is none, or it is long over."""
        return self._jobs.get(number)

    def all(self) -> list[Job]:
        """Return the jobs, the latest first."""
        return sorted(self._jobs.values(), key=lambda job: -job.number)

    def current(self, kind: str | None = None) -> Job | None:
        """Return a job that is not over, the running one first; of a kind, if one is named."""
        waiting = [job for job in self._jobs.values() if not job.over.is_set() and kind in (None, job.kind)]
        return min(waiting, key=lambda job: job.number, default=None)

    def last(self, kind: str) -> Job | None:
        """Return the job of a kind that was asked for last; None if there is none, or it is long over."""
        return next((job for job in self.all() if job.kind == kind), None)

    def cancel(self, number: int) -> None:
        """Stop a job at its next step; what was finished is kept."""
        job = self._jobs.get(number)
        if job is not None:
            job.wanted = False
            with self._changed:
                self._changed.notify_all()

    def end(self, patience: float = 10.0) -> None:
        """Cancel all jobs, and wait for the running one to stop."""
        for job in self.all():
            job.wanted = False
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._thread.join(patience)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._ending)
                if self._ending:
                    return
                job = self._queue.popleft()
            self._run(job)

    def _run(self, job: Job) -> None:
        job.started = time.time()
        job.state = "running"

        @contextmanager
        def progressing(task: str) -> Iterator[Progress | None]:
            job.task, job.done, job.total = task, 0, 0
            _check(job)
            yield lambda done, total: _note(job, done, total)

        try:
            _check(job)
            job.outcome = job.run(self._corpus.reporting(progressing))
            job.state = "done"
        except CancelledError:
            job.state = "cancelled"
        except CorpusError as error:
            job.state, job.error = "failed", without_paths(str(error), self._corpus.workspace.path)
        except Exception:
            _log.exception("job %d (%s) failed", job.number, job.kind)
            job.state, job.error = "failed", "something failed that should not; the terminal says what"
        finally:
            job.ended = time.time()
            job.over.set()


def _note(job: Job, done: int, total: int) -> None:
    job.done, job.total = done, total
    _check(job)


def _check(job: Job) -> None:
    if not job.wanted:
        raise CancelledError

"""What the pages share: the corpus, its jobs, the open searcher, and what can be undone."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

import anyio

from corpus.store.workspace import FOLDER
from corpus.web.jobs import Job, Jobs, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corpus.api.corpus import Corpus
    from corpus.quality.steps import Step
    from corpus.search.searcher import Searcher
    from corpus.web.security import Access

_PATIENCE = 2.0  # seconds that a page waits for what is missing, before it is shown without
_STEPS = 200
_RESULTS = 16

T = TypeVar("T")


class Studio:
    """A workspace in use.

    Attributes
    ----------
    corpus, jobs, access
        The workspace, work in the background, and who may ask.
    steps
        Of reviews, the last at the right; they are forgotten when the studio ends.
    access_limit
        Lets one password be tried at a time.
    """

    def __init__(self, corpus: Corpus, access: Access) -> None:
        self.corpus = corpus
        self.access = access
        self.access_limit = anyio.Semaphore(1)
        self.jobs = Jobs(corpus)
        self.steps: deque[Step] = deque(maxlen=_STEPS)
        self._prepared: int | None = None
        self._searcher: tuple[tuple[int, str], Searcher] | None = None
        self._searching = threading.Lock()
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._keeping = threading.Lock()

    @property
    def holds_documents(self) -> bool:
        """Whether there is a document in the workspace."""
        return self.corpus.workspace.exists() and self.corpus.workspace.state().rows("documents") > 0

    @property
    def change(self) -> int:
        """The number of the workspace's last change."""
        return self.corpus.workspace.state().change

    def prepare(self, patience: float = _PATIENCE) -> Job | None:
        """See to it that nothing is missing that answers rest on; return the job that is still at it.

        Pages do not wait for long: without what is missing they answer from what is there.
        """
        if self._prepared == self.change:
            return None
        job = self.jobs.current("prepare") or self.jobs.start("prepare", self._refresh)
        job.over.wait(patience)
        return None if job.over.is_set() else job

    def _refresh(self, corpus: Corpus) -> Outcome:
        done = corpus.refresh(files=False)
        self._prepared = self.change
        self.searcher("hybrid")  # so that the first search need not open the index
        return Outcome("Ready to search: {n} sentences were new.", {"n": done.encoded}, href="/search")

    def searcher(self, mode: str) -> Searcher:
        """Return the workspace open for searching, as it is now."""
        with self._searching:
            key = self.change, mode
            if self._searcher is None or self._searcher[0] != key:
                self._searcher = key, self.corpus.searcher(mode=mode, refresh=False)
            return self._searcher[1]

    def kept(self, name: str, options: Mapping[str, Any], make: Callable[[], T]) -> T:
        """Return what `make` makes, or made of the same options since the workspace last changed.

        Another page of a table, or the download of one, does not count anew.
        """
        key = self.change, name, repr(sorted(options.items()))
        with self._keeping:
            if key in self._kept:
                found: T = self._kept[key]
                return found
        made = make()
        with self._keeping:
            self._kept[key] = made
            while len(self._kept) > _RESULTS:
                del self._kept[next(iter(self._kept))]
        return made

    def end(self) -> None:
        """Stop what is at work."""
        self.jobs.end()

    def facts(self) -> dict[str, Any]:
        """Return what every page says of the workspace."""
        from corpus.ingestion.seeds import holds_seeds_only

        space = self.corpus.workspace
        folder = space.path.resolve()
        there = self.holds_documents
        seeds_only = there and self.kept("seeds_only", {}, lambda: holds_seeds_only(space))
        return {
            "workspace": folder.parent.name if folder.name == FOLDER else folder.name,
            "documents": space.state().rows("documents") if there else 0,
            "seeds_only": seeds_only,
            "job": self.jobs.current(),
        }

"""The workspace behind a `Corpus`, and what makes it up to date."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from corpus.api.tables import Table
from corpus.base.errors import CorpusWarning, EmptyWorkspaceError, WorkspaceError
from corpus.execution.executor import executor_named
from corpus.ingestion.seeds import ensure_documents
from corpus.store.snapshot import snapshot
from corpus.store.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import polars as pl

    from align import Weights
    from align.encoder import Encoder
    from corpus.api.arguments import AnyPath
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor

    Progressing: TypeAlias = Callable[[str], AbstractContextManager[Progress | None]]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What `Corpus.refresh` did.

    Attributes
    ----------
    changed
        Ids of documents that were read again, since their files had changed.
    skipped
        Files that cannot be read any more, and why; their documents stay as they were.
    gone
        Files of documents that are not there any more; their documents stay.
    encoded
        How many sentences were encoded for the index.
    repeats
        How many pairs of similar sentences were found among those not compared before.
    """

    changed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    encoded: int = 0
    repeats: int = 0


class CorpusBase:
    """A workspace folder, opened by its path."""

    def __init__(
        self,
        folder: AnyPath | None = None,
        *,
        executor: Executor | str | None = None,
        progress: Progressing | None = None,
    ) -> None:
        """Open a corpus.

        Parameters
        ----------
        folder
            Of the workspace, which is made when something is ingested. Without one, the folder that the
            environment variable CORPUS_WORKSPACE names, else ``.corpus``; the latter shows the seed documents
            until something is ingested.
        executor
            Where `ingest`, `align`, `index`, `refresh`, `pair`, `mine` and `terms` have work done, in shards,
            and who holds the parts of a large index for `searcher` and `search`: ``processes`` of this
            machine, or ``ray`` (`corpus.execution.executor.executor_named`). Otherwise this process.
        progress
            Given the name of a task, returns a context manager of a function to call with (done, total).

        Raises
        ------
        WorkspaceError
            If there is something else than a folder.
        InputError
            If there is no such executor.
        """
        self.workspace: Workspace = open_workspace(folder)
        self._executor = executor_named(executor)
        self._progress: Progressing = progress or _quietly

    def __repr__(self) -> str:
        """Return the folder, and how many documents it holds."""
        count = self.workspace.state().rows("documents") if self.workspace.exists() else 0
        return f"Corpus({str(self.workspace.path)!r}): {count} document{'' if count == 1 else 's'}"

    def refresh(
        self,
        *,
        files: bool = True,
        align: bool = True,
        index: bool = True,
        compare: bool = True,
        encoder: Encoder | str = "use",
    ) -> Refreshed:
        """Do what is missing, once: read files that changed, align, index, find reprints.

        Parameters
        ----------
        files
            Read the files of all documents, and those that have changed into the workspace again. Methods
            that look leave this out: what a citation points at should not change under a reader's hands.
        align, index, compare
            Align bilingual documents; encode sentences for searching; find out which sentences repeat others.
        encoder
            For searching, or its name.

        Raises
        ------
        EmptyWorkspaceError
            If the workspace was named and holds nothing.
        """
        from corpus.alignment.incremental import align_missing
        from corpus.encoders import load_encoder
        from corpus.ingestion.ingest import read_changed
        from corpus.ingestion.report import IngestReport
        from corpus.reuse.reprints import update_reprints
        from corpus.search.index.builder import update_index

        ensure_documents(self.workspace)
        report, gone = IngestReport(), list[str]()
        if files:
            with self._progress("reading") as progress:
                report, gone = read_changed(self.workspace, executor=self._executor, progress=progress)
        if align:
            with self._progress("aligning") as progress:
                align_missing(self.workspace, executor=self._executor, progress=progress)
        encoded = repeats = 0
        if index:
            with self._progress("indexing") as progress:
                chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
                encoded = update_index(
                    self.workspace, chosen, executor=self._executor, progress=progress
                ).encoded
        if compare:
            with self._progress("comparing sentences") as progress:
                repeats = update_reprints(self.workspace, progress=progress)
        if align and index:
            self._count_terms(always=False)
        skipped = tuple(f"{skip.file}: {skip.reason}" for skip in report.skipped)
        return Refreshed(tuple(report.changed), skipped, tuple(gone), encoded, repeats)

    def _looked_at(self, *, refresh: bool, once: bool = False) -> Workspace:
        """Return the workspace to look at; pinned, so that nothing is made, if it is not to be refreshed."""
        ensure_documents(self.workspace)
        if not refresh:
            return self.workspace.pin()
        try:
            self.refresh(files=False, align=False, index=False)
        except EmptyWorkspaceError:
            raise
        except WorkspaceError as error:
            if once:  # what is not compared cannot be counted once
                msg = (
                    f"{error}; what came last is not compared with the rest: only `once=False` can be counted"
                )
                raise WorkspaceError(msg) from error
            msg = f"sentences that came last are not compared with others: {error}"
            warnings.warn(msg, CorpusWarning, stacklevel=3)
        return self.workspace

    def _align(
        self,
        encoder: Encoder | str | None = None,
        weights: Weights | None = None,
        *,
        langs: Sequence[tuple[str, str]] | None = None,
        wrong: bool = False,
        realign: Sequence[str] | str = (),
        as_imported: Sequence[str] | str = (),
        moved: bool | None = None,
    ) -> pl.DataFrame:
        """Align what is not aligned, or also what was judged wrong since, and return all pairs."""
        from corpus.documents.pairs import workspace_pairs

        self._ensure_aligned(
            encoder, weights, langs=langs, wrong=wrong, realign=realign, as_imported=as_imported, moved=moved
        )
        return workspace_pairs(self.workspace)

    def _ensure_aligned(
        self,
        encoder: Encoder | str | None = None,
        weights: Weights | None = None,
        *,
        langs: Sequence[tuple[str, str]] | None = None,
        wrong: bool = False,
        realign: Sequence[str] | str = (),
        as_imported: Sequence[str] | str = (),
        moved: bool | None = None,
    ) -> None:
        """Align what is not aligned, or also what was judged wrong since."""
        from corpus.alignment.incremental import align_missing, check_alignable

        with self._progress("aligning") as progress:
            align_missing(
                self.workspace, encoder=encoder, weights=weights, langs=langs, wrong=wrong, realign=realign,
                as_imported=as_imported, moved=moved, executor=self._executor, progress=progress,
            )  # fmt: skip
        check_alignable(self.workspace)
        if "removed" in self.workspace.state().files:  # else it is made with the index
            self._count_terms(always=True)

    def _count_terms(self, *, always: bool) -> bool:
        """Make the workspace's own lexicon where its beads have changed; return whether it was made."""
        from corpus.lexicons.own import is_stale

        if not is_stale(self.workspace, always=always):
            return False
        from corpus.linguistics.own_terms import update_lexicon

        with self._progress("counting terms") as progress:
            return update_lexicon(self.workspace, progress=progress)

    def _table(self, rows: pl.DataFrame, workspace: Workspace, **about: Any) -> Table:  # noqa: ANN401
        return Table.of(rows, snapshot(workspace), **about)


@contextmanager
def _quietly(_task: str) -> Iterator[None]:
    yield None

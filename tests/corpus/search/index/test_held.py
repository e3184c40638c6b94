"""Segments that actors hold are searched as those of one process are: the same rows, whoever was killed."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.base.errors import WorkspaceError
from corpus.documents.subcorpus import Selection
from corpus.execution.executor import Inline
from corpus.execution.processes import Processes
from corpus.ingestion.ingest import remove
from corpus.search.index.held import HeldSegment
from corpus.search.ranking import MODES
from corpus.search.searcher import Searcher, open_searcher
from corpus.store.workspace import Workspace
from tests.corpus.search.index.test_segment import without_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.execution.executor import Executor
    from corpus.search.ranking import Mode
    from tests.conftest import Ran

QUERIES = ("local industry", "地方工业", "a wedding dress", "chairman")


def in_parts(workspace: Workspace, executor: Executor | None = None) -> Workspace:
    """Have the index in parts of thirty sentences, some of which are gone from the tables since."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("builder", "segment"):
            patch.setattr(f"corpus.search.index.{module}.FULL", 30)
        patch.setattr("corpus.search.index.segment._MOST_GONE", 1.0)
        without_index(workspace)
        open_searcher(workspace, executor=executor)
        remove(workspace, [workspace.table("documents")["doc_id"].sort()[-1]])
        open_searcher(workspace)
    return workspace


@pytest.fixture(scope="module")
def parts(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with an index of several parts. Not to be changed."""
    return in_parts(Workspace(Path(shutil.copytree(built, tmp_path_factory.mktemp("parts") / "w"))))


def answers(searcher: Searcher, queries: Sequence[str] = QUERIES) -> list[Any]:
    """Return all that queries find, each asked in several ways."""
    asked: list[dict[str, Any]] = [
        {},
        {"threshold": 0.2, "k": 30},
        {"per_decade": 2},
        {"within": Selection(lang="zh")},
    ]
    found = [searcher.find(query, **how) for query in queries for how in asked]
    return [(one.hits.rows(), one.best, one.threshold, one.searched) for one in found]


def process(_: object) -> int:
    return os.getpid()


@pytest.mark.parametrize("mode", MODES)
def test_actors_find_what_one_process_finds(parts: Workspace, mode: Mode) -> None:
    whole = open_searcher(parts, mode=mode)
    expected = answers(whole)
    assert any(rows for rows, *_ in expected)
    assert any(one.alive is not None for one in whole.segments)
    for executor in (Inline(), Processes(2)) if mode == "hybrid" else (Inline(),):
        searcher = open_searcher(parts, mode=mode, executor=executor)
        segments = searcher.segments
        assert len(segments) > 2
        assert all(isinstance(one, HeldSegment) for one in segments) == (mode != "lexical")
        assert answers(searcher) == expected
        if mode != "lexical":
            assert not any("dense" in vars(one) for one in segments)  # nothing of it is open here


def test_an_actor_that_is_killed_is_missed_by_nobody(parts: Workspace) -> None:
    expected = answers(open_searcher(parts), QUERIES[:1])
    searcher = open_searcher(parts, executor=Processes(2))
    assert answers(searcher, QUERIES[:1]) == expected
    held = [one for one in searcher.segments if isinstance(one, HeldSegment)]
    os.kill(held[0].actors.ask(held[0]._key, process), signal.SIGKILL)
    assert answers(searcher, QUERIES[:1]) == expected


def test_a_node_without_the_workspace_says_so(parts: Workspace, tmp_path: Path) -> None:
    searcher = open_searcher(Workspace(Path(shutil.copytree(parts.path, tmp_path / "w"))), executor=Inline())
    (tmp_path / "w").rename(tmp_path / "elsewhere")
    with pytest.raises(WorkspaceError, match=r"no file .*index-.* there; put the workspace on storage"):
        searcher.segments[0].vectors_of(np.arange(2))


def test_an_index_of_one_part_is_searched_here(seeded: Workspace) -> None:
    searcher = open_searcher(seeded, executor=Processes(2))
    assert [type(one).__name__ for one in searcher.segments] == ["Segment"]
    assert answers(searcher, QUERIES[:1]) == answers(open_searcher(seeded), QUERIES[:1])


def test_cells_are_asked_as_one_process_asks_them(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.search.index.vector_index.FLAT_UP_TO", 20)
    monkeypatch.setattr("corpus.search.index.vector_index._CELLS_LOOKED_INTO", 4)
    workspace = in_parts(seeded)
    assert answers(open_searcher(workspace, executor=Inline())) == answers(open_searcher(workspace))


def test_queries_on_standard_input_are_answered_by_actors(parts: Workspace, cli: Callable[..., Ran]) -> None:
    asked = "\n".join((*QUERIES, "")).encode()
    ran = [
        cli("similar", "-", "--json", "-w", parts.path, *more, stdin=asked)
        for more in ((), ("--executor", "processes"))
    ]
    assert ran[0].code == 0
    assert ran[1] == ran[0]
    assert len(ran[0].out.splitlines()) == len(QUERIES)

"""An index is made, and merged, in parts that are never larger than one is allowed to be."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import polars as pl
import pytest

from corpus.documents.distinct import distinct_sentences
from corpus.encoders import load_encoder
from corpus.execution.executor import Inline
from corpus.execution.processes import Processes
from corpus.ingestion.ingest import ingest, remove
from corpus.ingestion.seeds import ingest_seeds
from corpus.search.index import segment
from corpus.search.index.builder import update_index
from corpus.search.index.folded import containing, read_folded, write_folded
from corpus.search.index.places import read_places
from corpus.search.index.segment import to_merge
from corpus.search.lexical_match import match
from corpus.search.query import read_query
from corpus.search.searcher import open_searcher
from corpus.store.integrity import check

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from corpus.execution.executor import Executor
    from corpus.search.index.segment import Segment
    from corpus.store.workspace import Workspace

T = TypeVar("T")
R = TypeVar("R")
QUERIES = ("local industry", "地方工业工厂", "food")


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> int:
    """Have no segment hold more than thirty sentences."""
    for module in ("builder", "segment"):
        monkeypatch.setattr(f"corpus.search.index.{module}.FULL", 30)
    return 30


def without_index(workspace: Workspace) -> None:
    with workspace.change() as change:
        for name in change.before.files:
            if name.startswith(("rows-", "index-", "removed")):
                change.drop_file(name)


def answers(segments: Sequence[Segment]) -> list[tuple[dict[int, float], set[int]]]:
    """Return what texts hold of each query, by their ids, and which hold it word for word."""
    found = []
    for query in QUERIES:
        read = read_query(query, "en", lambda term: sum(one.words.frequency(term) for one in segments))
        parts = list(zip(segments, match(segments, read), strict=True))
        coverage = {
            int(text_id): round(float(covered), 5)
            for one, matches in parts
            for text_id, covered in zip(one.ids[matches.rows], matches.coverage, strict=True)
        }
        found.append((coverage, {int(i) for one, matches in parts for i in one.ids[matches.literal]}))
    return found


def test_parts_hold_all_sentences_once_and_answer_as_one_does(seeded: Workspace, in_parts: int) -> None:
    whole = update_index(seeded, None).segments
    assert len(whole) == 1
    expected = answers(whole)
    without_index(seeded)
    segments = update_index(seeded, None).segments
    assert len(segments) > 2
    assert max(len(one.ids) for one in segments) == in_parts
    ids = np.concatenate([one.ids for one in segments])
    assert sorted(ids) == seeded.table("sentences")["text_id"].unique().sort().to_list()
    assert answers(segments) == expected
    assert all(coverage for coverage, _ in expected)
    assert any(literal for _, literal in expected)


def test_what_is_added_leaves_full_parts_alone(seeded: Workspace, in_parts: int) -> None:
    without_index(seeded)
    full = [one.folder for one in update_index(seeded, None).segments if len(one.ids) == in_parts]
    last = seeded.table("sentences")["doc_id"].unique().sort()[-1]
    remove(seeded, [last])
    ingest_seeds(seeded)
    after = [one.folder for one in update_index(seeded, None).segments]
    assert len(set(full) & set(after)) >= len(full) - 1


@dataclass(frozen=True)
class Ahead(Inline):
    """Does three before the first is taken, and all twice, as a cluster may that lost sight of a worker."""

    window: int = 3

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        super().submit(function, task).result()
        return super().submit(function, task)


@pytest.mark.parametrize("executor", [Ahead(), Processes(2)], ids=["twice", "processes"])
def test_parts_that_others_make_are_those_that_one_process_makes(
    seeded: Workspace, in_parts: int, executor: Executor
) -> None:
    def made(by: Executor | None) -> list[dict[str, bytes]]:
        without_index(seeded)
        segments = update_index(seeded, load_encoder(), executor=by).segments
        assert not (seeded.path / "shards").exists()
        assert all(one.vectors is not None for one in segments)
        files = [[*one.folder.iterdir(), one.vectors] for one in segments]
        return [{file.name.partition("-0")[0]: file.read_bytes() for file in some if file} for some in files]

    here = made(None)
    assert len(here) > 2
    assert made(executor) == here
    assert not check(seeded)


def test_parts_are_made_here_where_workers_do_not_see_the_workspace(
    seeded: Workspace, in_parts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_index(seeded)
    monkeypatch.setenv("DUIZHAO_SHARDS", "memory://results")
    monkeypatch.setattr("corpus.search.index.builder.filled", None)
    assert len(update_index(seeded, load_encoder(), executor=Ahead()).segments) > 2


def part(size: int, living: int | None = None) -> SimpleNamespace:
    return SimpleNamespace(ids=range(size), living=size if living is None else living)


def merged(sizes: list[SimpleNamespace], new: int) -> list[int]:
    return [sizes.index(one) for one in to_merge(sizes, new)]  # type: ignore[arg-type]


def test_which_parts_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "FULL", 1000)
    full, half, small = part(1000), part(450), part(20)
    assert merged([full, half, small], 10) == [2]
    assert merged([full, half, small], 200) == [1, 2]
    assert merged([full, full, full], 900) == []
    worn = part(1000, 500)
    assert merged([full, worn, small], 1) == [1]
    assert merged([half, small, full], 200) == [0, 1]


def test_texts_are_read_as_they_were_written(tmp_path: Path) -> None:
    texts = ["地方工业", "", "ä b", "x" * 100]
    write_folded(tmp_path, pl.Series("folded", texts))
    found = read_folded(tmp_path, tmp_path / "none")
    assert found.gather(np.arange(4)).to_list() == texts
    assert found.gather(np.array([2, 0])).to_list() == ["ä b", "地方工业"]
    assert containing(found, "工|b").tolist() == [0, 2]
    assert containing(found, "工|b", np.array([1, 2])).tolist() == [2]


def test_texts_of_an_earlier_segment_are_read_from_its_rows(tmp_path: Path) -> None:
    pl.DataFrame({"folded": ["a", "b"]}).write_parquet(tmp_path / "rows.parquet")
    assert containing(read_folded(tmp_path, tmp_path / "rows.parquet"), "b").tolist() == [1]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_distinct_sentences_come_in_order_and_once(
    seeded: Workspace, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.documents.distinct._READ", 11)
    table = seeded.table("sentences")
    ids = table["text_id"].unique().to_numpy()[::2]
    parts = list(distinct_sentences(seeded, np.append(ids, 1), size))
    assert all(len(one) == size for one in parts[:-1])
    together = pl.concat(parts)
    expected = table.filter(pl.col("text_id").is_in(ids.tolist())).unique(
        "text_id", keep="first", maintain_order=True
    )
    assert together["text_id"].to_list() == expected["text_id"].to_list()
    assert together["text"].to_list() == expected["text"].to_list()
    assert together["lang"].null_count() == 0


def test_sentences_are_found_in_all_documents_they_stand_in(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.search.index.places._READ", 3)
    same = "Steel is made in a furnace of the plant by the river."
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"A line of {name} alone.\n\n{same}\n\nAnd one more of {name}.")
    ingest(workspace, [tmp_path])
    table = workspace.table("sentences")
    places = read_places(workspace)
    by_text = table.group_by("text_id").agg(pl.col("doc_id").unique())
    assert by_text["doc_id"].list.len().max() == 3
    for text_id, documents in by_text.iter_rows():
        assert sorted(set(places.of([text_id]))) == sorted(documents)
    assert set(places.of(by_text["text_id"].to_list())) == {"a", "b", "c"}
    assert places.of([1]).to_list() == []


def test_the_second_search_finds_what_the_first_did(seeded: Workspace) -> None:
    searcher = open_searcher(seeded)
    first, second = (searcher.find("local industry").hits for _ in range(2))
    assert len(first) > 3
    assert first.equals(second)

"""Tables in segments hold what a table in one piece would, and stay few."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.store import schemas, segments
from corpus.store.state import Segment, Stored, measure
from corpus.store.workspace import Workspace

DOCS = st.integers(0, 12).map(lambda number: f"doc-{number}")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("replace"), st.dictionaries(DOCS, st.integers(0, 9), min_size=1, max_size=4)),
        st.tuples(st.just("hide"), st.dictionaries(DOCS, st.just(0), min_size=1, max_size=6)),
    ),
    min_size=1,
    max_size=14,
)


def rows_of(docs: dict[str, int]) -> pl.DataFrame:
    rows = [
        {
            "doc_id": doc_id,
            "version": 0,
            "line": line,
            "start": count,
            "reason": "test",
            "text": f"{doc_id} {hash((doc_id, line))}",
        }
        for doc_id, count in docs.items()
        for line in range(count)
    ]
    return schemas.frame("dropped", rows)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_segments_hold_what_was_put_last(steps: list[tuple[str, dict[str, int]]]) -> None:
    expected: dict[str, int] = {}
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / ".corpus")
        for step, docs in steps:
            with workspace.change() as change:
                if step == "replace":
                    change.replace("dropped", docs, rows_of(docs))
                    expected |= docs
                else:
                    change.hide("dropped", docs)
                    expected = {doc_id: count for doc_id, count in expected.items() if doc_id not in docs}
        found = workspace.table("dropped")
        held = {doc_id: count for doc_id, count in expected.items() if count}
        assert dict(found.group_by("doc_id").len().iter_rows()) == held
        assert workspace.state().rows("dropped") == len(found) == sum(held.values())
        assert all(held[row["doc_id"]] == row["start"] for row in found.to_dicts())
        assert len(workspace.state().segments("dropped")) < segments._FAN
        files = {stored.file for stored in workspace.state().stored()} | set(workspace.state().retired)
        assert {path.name for path in workspace.path.glob("*.parquet")} == files & {
            path.name for path in workspace.path.iterdir()
        }


def test_the_rows_of_a_document_stand_together_and_in_order(workspace: Workspace) -> None:
    for number in range(20):
        with workspace.change() as change:
            change.add("dropped", rows_of({f"doc-{number}": 3}))
    found = workspace.table("dropped")
    assert found["line"].to_list() == [0, 1, 2] * 20
    assert found["doc_id"].n_unique() == found["doc_id"].rle_id().max() + 1  # type: ignore[operator]


@given(st.lists(st.integers(1, 3_000_000), max_size=60))
def test_merging_ends_with_few_segments(sizes: list[int]) -> None:
    table: list[Segment] = []
    for number, rows in enumerate(sizes):
        table.append(Segment(Stored(f"{number}", 1, ""), rows))
        while groups := segments.merges(table):
            for group in groups:
                table = [segment for segment in table if segment not in group]
                merged = sum(segment.rows for segment in group)
                table.append(Segment(Stored(f"{number}+{len(table)}", 1, ""), merged))
    total = sum(sizes)
    large = total // segments._LARGE
    assert sum(segment.rows for segment in table) == total
    assert len(table) <= 7 * (1 + math.log(max(total, 1024) / 1024, 8)) + large + 7


def test_adding_a_day_rewrites_little(workspace: Workspace) -> None:
    with workspace.change() as change:
        change.add("dropped", rows_of({f"doc-{number}": 100 for number in range(500)}))
    (before,) = workspace.state().segments("dropped")
    with workspace.change() as change:
        change.replace("dropped", ["doc-7", "new"], rows_of({"doc-7": 1, "new": 2}))
    kept, added = workspace.state().segments("dropped")
    assert kept.stored == before.stored
    assert (kept.live, added.rows) == (49_900, 3)
    assert kept.gone is not None
    assert kept.gone.bytes + added.stored.bytes < before.stored.bytes / 10
    assert sorted(workspace.table("dropped").filter(pl.col("doc_id") == "doc-7")["line"]) == [0]


def test_a_segment_most_of_which_is_gone_is_written_without_it(workspace: Workspace) -> None:
    with workspace.change() as change:
        change.add("dropped", rows_of({f"doc-{number}": 10 for number in range(10)}))
    with workspace.change() as change:
        change.hide("dropped", [f"doc-{number}" for number in range(6)])
    (segment,) = workspace.state().segments("dropped")
    assert (segment.rows, segment.gone) == (40, None)
    with workspace.change() as change:
        change.hide("dropped", [f"doc-{number}" for number in range(10)])
    assert workspace.state().segments("dropped") == ()


def test_a_column_that_came_later_is_null_in_older_files(workspace: Workspace) -> None:
    with workspace.change() as change:
        change.add("documents", schemas.frame("documents", [{"doc_id": "a", "content": "x"}]))
    state = workspace.state()
    (segment,) = state.segments("documents")
    path = workspace.path / segment.stored.file
    pl.read_parquet(path).drop("content").write_parquet(path)
    older = Segment(measure(path), 1)
    frame = segments.scan(workspace.path, "documents", [older]).collect()
    assert frame.schema == schemas.SCHEMAS["documents"]
    assert frame["content"].to_list() == [None]


def test_filters_and_columns_reach_the_files(workspace: Workspace) -> None:
    for number in range(3):
        with workspace.change() as change:
            change.add("dropped", rows_of({f"doc-{number}": 3}))
    with workspace.change() as change:
        change.hide("dropped", ["doc-1"])
    plan = workspace.scan("dropped").filter(pl.col("doc_id") == "doc-2").select("line").explain()
    assert "FILTER" not in plan  # what is asked for is looked for while the file is read
    assert "PROJECT" in plan


@pytest.mark.parametrize("name", ["", "Index", "index_1", "../index", "scans-195801"])
def test_a_file_has_a_plain_name(workspace: Workspace, name: str) -> None:
    def put() -> None:
        with workspace.change() as change:
            change.put_file(name, "faiss", b"x", {})

    with pytest.raises(ValueError, match="no name for a file"):
        put()

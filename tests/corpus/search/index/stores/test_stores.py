"""Vectors in a store give the answers that a FAISS file gives, and are neither lost nor left behind."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus import Corpus, InputError
from corpus.base.errors import CorpusError, WorkspaceError
from corpus.search.index import vector_index
from corpus.search.index.stores import base, lancedb
from tests.corpus.search.index.test_vector_index import DIM, clustered

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Vectors
    from corpus.store.workspace import Workspace

QUERIES = ("local industry", "地方工业", "the weather at sea")


@pytest.fixture(
    params=[
        pytest.param(
            name,
            marks=pytest.mark.skipif(importlib.util.find_spec(package) is None, reason=f"no {package}"),
        )
        for name, package in (("lancedb", "lancedb"), ("qdrant", "qdrant_client"))
    ]
)
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def stored(store: str, vectors: Vectors, folder: Path) -> tuple[str, base.VectorStore]:
    place = base.new_place(folder, (store, ""), [])
    kind = place.backend.put(place, lambda rows: vectors[rows], len(vectors), DIM)
    base.write_place(place, folder / "index.json", len(vectors))
    return kind, base.read_store(folder / "index.json")


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return clustered(200)


def masks(count: int) -> list[np.ndarray | None]:
    random = np.random.default_rng(3)
    return [None, random.random(count) < 0.5, random.random(count) < 0.02, np.zeros(count, bool)]


def test_the_nearest_are_those_of_faiss(
    store: str, vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "_FETCHED", 50)  # so that half of them are searched for, not compared
    _, index = stored(store, vectors, tmp_path)
    faiss = vector_index.build(lambda rows: vectors[rows], len(vectors), DIM)
    assert index.ntotal == len(vectors)
    for seed in range(4):
        query = clustered(1, seed=10 + seed)
        for mask in masks(len(vectors)):
            expected = vector_index.nearest(faiss, query, 20, mask)
            found = vector_index.nearest(index, query, 20, mask)
            assert found.rows.tolist() == expected.rows.tolist()
            assert found.scores.tolist() == expected.scores.tolist()
        for least in (0.2, 0.9, 2.0):
            reached = vector_index.reaching(index, query, least)
            assert reached.rows.tolist() == vector_index.reaching(faiss, query, least).rows.tolist()


def test_vectors_come_back_in_the_order_asked_for(store: str, vectors: Vectors, tmp_path: Path) -> None:
    _, index = stored(store, vectors, tmp_path)
    rows = np.array([5, 199, 3, 5, 0])
    assert vector_index.vectors(index, rows).tolist() == vectors[rows].tolist()
    assert not len(vector_index.similarities(index, vectors[:1], np.empty(0, np.int64)))


@pytest.mark.skipif(importlib.util.find_spec("lancedb") is None, reason="no lancedb")
def test_cells_find_nearly_all_and_everything_is_still_compared_where_all_are_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lancedb, "FLAT_UP_TO", 1000)
    monkeypatch.setattr(lancedb, "_LEAST_PROBED", 16)
    vectors = clustered(6000)
    kind, index = stored("lancedb", vectors, tmp_path)
    assert kind == "lancedb, IVF128"
    queries = clustered(20, seed=4)
    met = 0
    for query in queries:
        truth = np.argsort(-(vectors @ query), kind="stable")[:10]
        met += len(set(vector_index.nearest(index, query[None], 10).rows.tolist()) & set(truth.tolist()))
    assert met / 200 > 0.9
    above = vector_index.reaching(index, queries[:1], 0.5).rows
    assert sorted(above.tolist()) == np.flatnonzero(vectors @ queries[0] >= 0.5).tolist()


def places(workspace: Workspace) -> list[base.Place]:
    files = [workspace.path / one.file for name, one in workspace.state().files.items() if "index" in name]
    return [base.read_place(file) for file in files]


def found(workspace: Workspace) -> list[list[tuple[str, float]]]:
    corpus = Corpus(workspace.path)
    return [corpus.search(query, k=10).select("text", "score").rows() for query in QUERIES]


def test_a_workspace_answers_the_same(
    store: str, seeded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(seeded)
    monkeypatch.setenv(base.VARIABLE, store)
    other = type(seeded)(tmp_path / "other" / ".corpus")
    shutil.copytree(seeded.path, other.path)
    with other.change() as change:  # as if it had been made for another encoder
        change.drop_file("index-000001")
    assert found(other) == expected
    (place,) = places(other)
    assert (place.store, place.where) == (store, "")
    tables = place.backend.tables(place.address)
    assert tables == [place.table]

    # Once it is made, nothing need be said; and what is not there any more is made again.
    monkeypatch.delenv(base.VARIABLE)
    assert found(other) == expected
    place.backend.dropped(place.address, place.table)
    assert found(other) == expected
    assert [one.file[-6:] for name, one in other.state().files.items() if "index" in name] == [".faiss"]


def test_what_no_segment_names_goes_when_the_index_changes(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(base.VARIABLE, store)
    corpus = Corpus(tmp_path / ".corpus")
    named = []
    for number, text in enumerate(("The bridge was opened.", "A market is held daily.", "Snow fell in May.")):
        (tmp_path / f"{number}.txt").write_text(text + "\n", encoding="utf-8")
        corpus.ingest(tmp_path / f"{number}.txt")
        assert corpus.search(text)["text"][0] == text
        current = places(corpus.workspace)
        named.append({one.table for one in current})
        stands = set(current[0].backend.tables(current[0].address))
        assert named[-1] <= stands
    # One generation is kept for those who are reading it; nothing that is older.
    assert len(stands) <= len(named[-1]) + 1
    assert base.new_place(tmp_path, (store, ""), []).workspace != current[0].workspace


def test_a_store_that_does_not_answer_is_not_taken_for_empty(tmp_path: Path) -> None:
    qdrant = pytest.importorskip("qdrant_client")
    client = qdrant.QdrantClient(path=str(tmp_path / "qdrant"))
    place = base.Place("qdrant", "", "duizhao_x_1", tmp_path)
    base.write_place(place, tmp_path / "index.json", 3)
    with pytest.raises(WorkspaceError, match=r"does not answer.*another process has it open"):
        base.read_store(tmp_path / "index.json")
    client.close()
    with pytest.raises(RuntimeError, match="no duizhao_x_1"):
        base.read_store(tmp_path / "index.json")


@pytest.mark.parametrize(
    ("said", "expected"),
    [("", None), ("faiss", None), ("milvus", "no such store"), ("faiss:/data", "no such store")],
)
def test_the_environment_names_the_store(
    said: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(base.VARIABLE, said)
    if expected is None:
        assert base.chosen() is None
    else:
        with pytest.raises(CorpusError, match=expected):
            base.chosen()


def test_a_store_may_be_somewhere_else(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(base.VARIABLE, f"{store}:http://localhost:6333")
    assert base.chosen() == (store, "http://localhost:6333")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(base.VARIABLE, "lancedb")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(CorpusError, match=r"pip install 'duizhao\[lancedb\]'"):
        base.chosen()


@pytest.mark.parametrize("text", ["", "[]", '{"store": "milvus", "where": "", "table": "x"}', '{"store": 1}'])
def test_a_file_that_says_nothing_of_the_kind(text: str, tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"index\.json"):
        base.read_place(tmp_path / "index.json")

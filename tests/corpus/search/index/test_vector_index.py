"""The vectors' index: exact where it is small, near enough where it is large, and whole under a mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.search.index import vector_index

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Vectors

Index = Any  # faiss has no types

DIM = 32


def clustered(count: int, seed: int = 0) -> Vectors:
    """Return unit vectors around some centres."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((40, DIM))
    rows = centres[random.integers(40, size=count)] + 0.5 * random.standard_normal((count, DIM))
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def built(vectors: Vectors) -> Index:
    return vector_index.build(lambda rows: vectors[rows], len(vectors), DIM)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return clustered(6000)


@pytest.fixture
def inverted(vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """Return an inverted file of the vectors, written and mapped."""
    monkeypatch.setattr(vector_index, "FLAT_UP_TO", 1000)
    monkeypatch.setattr(vector_index, "_CELLS_LOOKED_INTO", 16)
    vector_index.write(built(vectors), tmp_path / "index")
    return vector_index.read(tmp_path / "index")


def test_a_small_one_is_exact(vectors: Vectors) -> None:
    index = built(vectors[:500])
    query = clustered(1, seed=5)
    found = vector_index.nearest(index, query, 20)
    truth = vectors[:500] @ query[0]
    assert vector_index.kind(index) == "flat"
    assert found.rows.tolist() == np.argsort(-truth)[:20].tolist()
    assert found.scores == pytest.approx(truth[found.rows], abs=1e-6)


def test_a_large_one_is_near_enough_and_small(vectors: Vectors, inverted: Index, tmp_path: Path) -> None:
    assert vector_index.kind(inverted) == "IVF128,SQ8"
    assert (tmp_path / "index").stat().st_size < 0.6 * vectors.nbytes
    recalled = []
    for query in clustered(50, seed=6):
        truth = np.argsort(-(vectors @ query))[:10]
        found = vector_index.nearest(inverted, query[None], 10)
        recalled.append(len(set(found.rows.tolist()) & set(truth.tolist())) / 10)
        assert found.scores == pytest.approx(vectors[found.rows] @ query, abs=0.02)
    assert np.mean(recalled) > 0.9


@pytest.mark.parametrize("allowed", [1, 10, 200, 5999])
def test_as_many_are_found_under_a_mask_as_there_are(vectors: Vectors, inverted: Index, allowed: int) -> None:
    mask = np.zeros(len(vectors), np.bool_)
    mask[np.random.default_rng(allowed).choice(len(vectors), allowed, replace=False)] = True
    for index in (inverted, built(vectors[:1000])):
        inside = mask[: index.ntotal]
        found = vector_index.nearest(index, clustered(1, seed=7), 10, inside)
        assert len(found.rows) == min(10, inside.sum())
        assert inside[found.rows].all()


def test_similarities_come_in_the_order_asked_for(vectors: Vectors, inverted: Index) -> None:
    query = clustered(1, seed=8)
    rows = np.array([17, 3, 5999, 400])
    assert vector_index.similarities(inverted, query, rows) == pytest.approx(
        vectors[rows] @ query[0], abs=0.02
    )


def test_an_empty_one_finds_nothing() -> None:
    assert len(vector_index.nearest(built(np.empty((0, DIM), np.float32)), clustered(1), 5).rows) == 0


def test_of_equal_vectors_the_first_rows_are_found() -> None:
    """More are equal than are asked for, and than are looked at first."""
    rows = np.zeros((300, 8), dtype=np.float32)
    rows[:, 0] = 1
    rows[17] = np.eye(8)[1]
    index = vector_index.build(lambda some: rows[some], len(rows), 8)
    query = np.eye(8, dtype=np.float32)[:1]
    assert vector_index.nearest(index, query, 20).rows.tolist() == [*range(17), 18, 19, 20]
    mask = np.arange(300) >= 100
    assert vector_index.nearest(index, query, 3, mask).rows.tolist() == [100, 101, 102]


def test_what_differs_by_rounding_is_found_by_row() -> None:
    rows = np.zeros((100, 8), dtype=np.float32)
    rows[:, 0] = 0.5 + 4e-9 * np.arange(100)  # ever nearer, by less than counts
    index = vector_index.build(lambda some: rows[some], len(rows), 8)
    found = vector_index.nearest(index, np.eye(8, dtype=np.float32)[:1], 5)
    assert found.rows.tolist() == [0, 1, 2, 3, 4]

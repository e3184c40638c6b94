"""An index of small cells finds nearly what comparing one by one finds."""

from __future__ import annotations

import faiss
import numpy as np
import pytest

from corpus.search.index import cells


def clustered(count: int, dim: int = 64) -> np.ndarray:
    """Return vectors around centres, as those of sentences are."""
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(count // 50 + 1, dim))
    made = centres[rng.integers(len(centres), size=count)] + rng.normal(size=(count, dim)) * 0.7
    return np.ascontiguousarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def test_nearly_the_same_is_found_as_one_by_one() -> None:
    vectors = clustered(8000)
    index = cells.build(lambda rows: vectors[rows], len(vectors), vectors.shape[1])
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    asked = vectors[::20] + np.random.default_rng(3).normal(size=(400, 64)).astype(np.float32) * 0.05
    rough, true = (one.search(np.ascontiguousarray(asked), 4)[1] for one in (index, exact))
    assert np.mean(rough[:, 0] == np.arange(0, 8000, 20)) > 0.95
    shared = [len({*a} & {*b}) / 4 for a, b in zip(rough.tolist(), true.tolist(), strict=True)]
    assert np.mean(shared) > 0.9
    assert index.nlist == pytest.approx(8000 / 32, rel=0.1)


@pytest.mark.parametrize("count", [1, 5, 40, 200])
def test_of_few_vectors_all_are_found(count: int) -> None:
    vectors = clustered(count)
    index = cells.build(lambda rows: vectors[rows], count, vectors.shape[1])
    _, found = index.search(vectors, 1)
    assert (found[:, 0] == np.arange(count)).all()

"""A quick alignment tells translations from other texts by their sentences' vectors."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.alignment import quick
from corpus.alignment.quick import Encoded, paired_share, paired_shares, run_vectors
from corpus.alignment.weights import shipped_weights

SIZE, DIM = 12, 512


def text(lang: str, vectors: np.ndarray) -> Encoded:
    """Return a text of invented sentences of about one length, with these vectors."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    sentences = [f"{lang} {'word ' * (8 + k % 3)}." for k in range(len(vectors))]
    return Encoded(lang, sentences, unit.astype(np.float32), [k // 4 for k in range(len(vectors))])


@pytest.fixture(scope="module")
def texts() -> tuple[Encoded, Encoded, Encoded]:
    """A text, its translation, in which two sentences are one, and another of its subject."""
    rng = np.random.default_rng(5)
    subject = rng.normal(size=DIM) * 0.7
    own = rng.normal(size=(SIZE, DIM)) + subject
    near = own + rng.normal(size=own.shape) * 0.6
    near[4] += near[5]
    return (
        text("de", own),
        text("en", np.delete(near, 5, axis=0)),
        text("en", rng.normal(size=own.shape) + subject),
    )


def test_translations_are_paired_and_others_are_not(texts: tuple[Encoded, Encoded, Encoded]) -> None:
    src, tgt, other = texts
    weights = shipped_weights()
    assert paired_share(src, tgt, weights) > 0.9
    assert paired_share(src, other, weights) < 0.31
    assert paired_share(src, Encoded("en", (), np.zeros((0, DIM), np.float32)), weights) == 0.0


def test_runs_end_at_their_sentence(texts: tuple[Encoded, Encoded, Encoded]) -> None:
    src = texts[0]
    runs = run_vectors(src, 3)
    assert runs.shape == (3, SIZE, DIM)
    assert np.allclose(runs[0], src.vectors, atol=1e-6)
    assert not runs[1, 0].any()
    assert not runs[2, :2].any()
    assert runs[2, 5] @ src.vectors[3:6].mean(axis=0) > runs[2, 5] @ src.vectors[5:8].mean(axis=0)
    assert np.allclose(np.linalg.norm(runs[1, 1:], axis=1), 1)


def test_many_are_aligned_in_processes_with_the_same_result(
    texts: tuple[Encoded, Encoded, Encoded], monkeypatch: pytest.MonkeyPatch
) -> None:
    src, tgt, other = texts
    pairs = [(src, tgt), (src, other)] * 12
    told: list[tuple[int, int]] = []
    here = paired_shares(
        iter(pairs), len(pairs), shipped_weights(), "use", lambda n, of: told.append((n, of))
    )
    assert told == [(16, 24), (24, 24)]
    monkeypatch.setattr(quick, "_FEW", 2)
    monkeypatch.setattr(quick, "processors", lambda: 2)
    assert paired_shares(pairs, len(pairs), shipped_weights(), "use") == here == here[:2] * 12

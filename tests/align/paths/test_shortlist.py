from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from align.paths.corridor import find_path
from align.paths.shortlist import score_parts, score_window
from align.paths.windows import learn_habits, open_window
from align.scoring.features import NAMES, SMALL, STEPS, band_features
from align.search import IMPOSSIBLE, best_path, marginals
from align.training.train import Example, read_example

if TYPE_CHECKING:
    from align import Weights
    from align.paths.records import Window
    from align.search import Scores32
    from tests.align.conftest import MeaningEncoder


def window_of(encoder: MeaningEncoder, seed: int) -> Window:
    """A text of made-up words, sentences of it joined on either side, or both, and a few left out."""
    rng = np.random.default_rng(seed)
    sides: tuple[list[str], list[str]] = ([], [])
    for _ in range(45):
        whole = [int(word) for word in rng.integers(0, 3000, 12)]
        for side, letter in zip(sides, "st", strict=True):
            words = [f"{letter}{word}" for word in whole]
            parts = int(rng.choice([0, 1, 1, 1, 1, 2, 3, 4]))
            side.extend(" ".join(part) for part in (np.array_split(words, parts) if parts else ()))
    src, tgt = read_example(Example(tuple(sides[0]), tuple(sides[1]), ()), encoder, 4)
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    return open_window(src, tgt, path, (0, 0), (len(src), len(tgt)), learn_habits(src, tgt, path))


def all_scores(window: Window, weights: Weights) -> Scores32:
    """Log-scores of every bead at every cell."""
    features = band_features(window.src, window.tgt, window.context, window.band)
    vector = np.array([weights.features.get(name, 0.0) for name in NAMES], dtype=np.float32)
    scores = np.tensordot(vector, features, axes=1)
    scores[~features.any(axis=0)] = IMPOSSIBLE
    return np.asarray(scores, dtype=np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_out_would_change_nothing(encoder: MeaningEncoder, weights: Weights, seed: int) -> None:
    """The best path and the posteriors are those with every bead scored; most large beads are not."""
    window = window_of(encoder, seed)
    short, every = score_window(window, weights.features), all_scores(window, weights)
    scored = short > IMPOSSIBLE / 2
    np.testing.assert_allclose(short[scored], every[scored], atol=1e-4)
    assert scored[:, : len(SMALL)].sum() == (every[:, : len(SMALL)] > IMPOSSIBLE / 2).sum()
    larger = (every[:, len(SMALL) :] > IMPOSSIBLE / 2).sum()
    assert 0 < scored[:, len(SMALL) :].sum() < larger / 4
    beads = best_path(short, window.band, STEPS)[0]
    assert beads == best_path(every, window.band, STEPS)[0]
    assert {kind for kind, _, _ in beads} - set(SMALL)
    np.testing.assert_allclose(
        marginals(short, window.band, STEPS)[0], marginals(every, window.band, STEPS)[0], atol=1e-4
    )


def test_smaller_beads_inside_those_found_are_scored(encoder: MeaningEncoder, weights: Weights) -> None:
    """What a bead would be without the sentences at its edges can be looked up."""
    window = window_of(encoder, 1)
    band = window.band
    every = all_scores(window, weights)
    # As if the path were of one large bead, at a place where its parts were not worth scoring.
    whole = STEPS.tolist().index([4, 4])
    i = j = 20
    scores = score_window(window, weights.features)
    scores[i + j] = IMPOSSIBLE
    scores[i + j - 1] = IMPOSSIBLE
    score_parts(window, [(whole, i, j)], scores, weights.features, np.zeros_like(scores))
    for kind in ([3, 4], [4, 3], [3, 3], [2, 4], [2, 2]):
        at = STEPS.tolist().index(kind)
        assert scores[i + j, at, i - band.lo[i + j]] == pytest.approx(
            every[i + j, at, i - band.lo[i + j]], abs=1e-4
        )

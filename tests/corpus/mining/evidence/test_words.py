"""Words are in the other sentence where a lexicon says so, or where their vectors are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.mining.evidence.words import NOTHING, coverage, nearest_words, word_vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

ENGLISH = {
    word: word for word in ("bridge", "river", "train", "worker", "school", "winter", "cotton", "letter")
}
GERMAN = {
    word: word for word in ("brücke", "fluss", "zug", "arbeiter", "schule", "winter", "baumwolle", "brief")
}


def encode(words: Sequence[str], side: int) -> np.ndarray:
    """Return vectors: those of the words at the same place in both lists are near to each other."""
    places = [[*(ENGLISH, GERMAN)[side]].index(word) for word in words]
    common = np.random.default_rng(0).normal(size=(len(ENGLISH), 64))
    own = np.random.default_rng(side + 1).normal(size=common.shape) * 0.4
    made = (common + own)[places]
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def test_the_nearest_word_of_a_translation_is_near_and_of_others_far() -> None:
    vectors = word_vectors((ENGLISH, GERMAN), encode)
    right = nearest_words((["bridge", "river"], ["fluss", "brücke"]), vectors)
    wrong = nearest_words((["bridge", "river"], ["schule", "brief"]), vectors)
    assert min(*right[0], *right[1]) > max(*wrong[0], *wrong[1])
    one = nearest_words((["bridge", "winter"], ["brücke"]), vectors)
    assert one[0][0] > one[0][1]
    assert [len(side) for side in one] == [2, 1]
    assert [len(side) for side in nearest_words((["bridge"], []), vectors)] == [1, 0]


def test_of_no_words_there_are_no_vectors() -> None:
    left, right = word_vectors(({}, GERMAN), encode)
    assert left.vectors.shape[0] == 0
    assert right.hubness.tolist() == [0.0] * len(GERMAN)


def test_coverage_is_weighed_by_rarity_and_what_a_lexicon_says_counts_most() -> None:
    words = ["the-rare", "the-common"]
    rarity = {"the-rare": 1.0, "the-common": 0.25}
    far = np.array([-0.5, 0.9])
    covered, lacking = coverage(words, far, {}, rarity)
    assert covered == pytest.approx((1.0 * -0.2 + 0.25 * 0.8) / 1.25)
    assert lacking == pytest.approx(1.0)
    assert coverage(words, far, {"the-rare": True}, rarity) == pytest.approx((0.8, 0.0))
    assert coverage(words, far, {"the-rare": False}, rarity) == pytest.approx((covered, lacking))
    assert coverage([], np.zeros(0), {}, {}) == (NOTHING, 0.0)

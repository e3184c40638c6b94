"""Passages that stand in another place on the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align import Bead, align
from tests.align.conftest import MeaningEncoder, sentence, story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align import Weights

N = 60


def found(
    order: Sequence[int], weights: Weights, encoder: MeaningEncoder, *, seed: int = 1, moved: bool = True
) -> list[Bead]:
    """Align a story with itself told in another order; check what always holds."""
    meanings = story(N, seed)
    src = [sentence("s", words) for words in meanings]
    tgt = [sentence("t", meanings[k]) for k in order]
    beads = align(src, tgt, weights=weights, encoder=encoder, moved=moved)
    check(beads, len(src), len(tgt))
    return beads


def check(beads: Sequence[Bead], n: int, m: int) -> None:
    """Every sentence once; all in the order of the source; all but what was moved in that of the target."""
    assert [i for bead in beads for i in bead.src] == list(range(n))
    assert sorted(j for bead in beads for j in bead.tgt) == list(range(m))
    still = [j for bead in beads if "moved" not in bead.flags for j in bead.tgt]
    assert still == sorted(still)
    across = [bead for bead in beads if "moved" in bead.flags]
    assert all(bead.score >= 0.5 and not bead.is_null for bead in across)


def right(beads: Sequence[Bead], order: Sequence[int]) -> int:
    """Count 1:1 beads of a sentence and its counterpart."""
    return sum(bead.kind == "1:1" and order[bead.tgt[0]] == bead.src[0] for bead in beads)


SWAPPED = [*range(20), *range(25, 31), *range(20, 25), *range(31, N)]
ENDNOTE = [*range(20), *range(23, N), 20, 21, 22]
HALVES = [*range(30, N), *range(30)]


@pytest.mark.parametrize("order", [SWAPPED, ENDNOTE, HALVES, HALVES[::-1][:30][::-1] + HALVES[:30]])
def test_what_was_moved_is_found(order: list[int], encoder: MeaningEncoder, weights: Weights) -> None:
    beads = found(order, weights, encoder)
    assert right(beads, order) >= 58
    across = [bead for bead in beads if "moved" in bead.flags]
    assert all(order[bead.tgt[0]] == bead.src[0] for bead in across)
    monotone = found(order, weights, encoder, moved=False)
    assert [bead for bead in beads if "moved" not in bead.flags and not bead.is_null] == [
        bead for bead in monotone if not bead.is_null
    ]
    assert bool(across) is (order != list(range(N)))


def test_where_nothing_was_moved_nothing_is_found(encoder: MeaningEncoder, weights: Weights) -> None:
    """Sentences left out of both sides are left over, and are not each other's counterparts."""
    meanings = story(200, 3)
    src = [sentence("s", words) for k, words in enumerate(meanings) if k % 9]
    tgt = [sentence("t", words) for k, words in enumerate(meanings) if k % 7 != 3]
    beads = align(src, tgt, weights=weights, encoder=encoder, moved=True)
    assert sum(bead.is_null for bead in beads) >= 20
    assert not any("moved" in bead.flags for bead in beads)


def test_no_break_is_crossed_and_nothing_forbidden_is_found(
    encoder: MeaningEncoder, weights: Weights
) -> None:
    meanings = story(N, 5)
    src = [sentence("s", words) for words in meanings]
    tgt = [sentence("t", meanings[k]) for k in ENDNOTE]
    cut = align(src, tgt, weights=weights, encoder=encoder, moved=True, breaks=[(40, 37)])
    assert not any("moved" in bead.flags for bead in cut)
    wrong = [Bead((21,), (58,))]
    beads = align(src, tgt, weights=weights, encoder=encoder, moved=True, forbidden=wrong)
    check(beads, N, N)
    assert (wrong[0].src, wrong[0].tgt) not in {(bead.src, bead.tgt) for bead in beads}
    assert ((20,), (57,)) in {(bead.src, bead.tgt) for bead in beads}


def test_blanks_and_what_is_known_to_stand_alone(encoder: MeaningEncoder, weights: Weights) -> None:
    meanings = story(N, 6)
    src = [sentence("s", words) for words in meanings]
    tgt = [sentence("t", meanings[k]) for k in ENDNOTE]
    src[21] = " "
    beads = align(src, tgt, weights=weights, encoder=encoder, moved=True, fixed=[Bead((22,), ())])
    check(beads, N, N)
    assert {(bead.src, bead.tgt) for bead in beads if "moved" in bead.flags} == {((20,), (57,))}
    assert {(bead.src, bead.tgt) for bead in beads} >= {((21,), ()), ((22,), ())}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1000))
def test_every_sentence_once_in_any_order(seed: int) -> None:
    weights = _shipped()
    rng = np.random.default_rng(seed)
    cuts = sorted(rng.integers(0, N, 3).tolist())
    parts = np.split(np.arange(N), cuts)
    order = [int(k) for part in rng.permutation(len(parts)) for k in parts[part]]
    kept = [k for k in order if rng.random() > 0.1]
    for bead in found(kept, weights, MeaningEncoder(), seed=seed):
        if "moved" in bead.flags:
            assert {kept[j] for j in bead.tgt} & set(bead.src)


def _shipped() -> Weights:
    from corpus.alignment.weights import shipped_weights  # noqa: PLC0415

    return shipped_weights()

from __future__ import annotations

import functools
import operator
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from align import Bead, Weights, align
from tests.align.conftest import MeaningEncoder, sentence, story

if TYPE_CHECKING:
    from collections.abc import Sequence

Plain = list[tuple[list[int], list[int]]]


def plain(beads: Sequence[Bead]) -> Plain:
    return [(list(bead.src), list(bead.tgt)) for bead in beads]


def covers(beads: Sequence[Bead], n: int, m: int) -> bool:
    """Every sentence in exactly one bead, in order, and no bead empty."""
    src = [i for bead in beads for i in bead.src]
    tgt = [j for bead in beads for j in bead.tgt]
    return src == list(range(n)) and tgt == list(range(m)) and all(bead.src or bead.tgt for bead in beads)


def one_to_one(beads: Sequence[Bead]) -> set[tuple[int, int]]:
    return {(bead.src[0], bead.tgt[0]) for bead in beads if bead.kind == "1:1"}


def lines(side: str, meanings: Sequence[Sequence[int]]) -> list[str]:
    return [sentence(side, words) for words in meanings]


def test_a_text_against_itself(encoder: MeaningEncoder, weights: Weights) -> None:
    text = lines("s", story(150, 0))
    beads = align(text, text, encoder=encoder, weights=weights)
    assert one_to_one(beads) == {(i, i) for i in range(150)}
    assert all(0.5 < bead.score <= 1 for bead in beads)


@pytest.mark.parametrize("place", [0, 200, 400])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_chapter_on_one_side_only(
    encoder: MeaningEncoder, weights: Weights, place: int, *, swapped: bool
) -> None:
    meanings = story(400, 1)
    chapter = story(300, 2)
    src = lines("s", meanings[:place] + chapter + meanings[place:])
    tgt = lines("t", meanings)
    if swapped:
        beads = [Bead(bead.tgt, bead.src) for bead in align(tgt, src, encoder=encoder, weights=weights)]
    else:
        beads = align(src, tgt, encoder=encoder, weights=weights)
    assert covers(beads, 700, 400)
    true = {(i if i < place else i + 300, i) for i in range(400)}
    assert len(true & one_to_one(beads)) >= 394
    assert sum(bead.is_null for bead in beads) >= 290


def test_boilerplate_at_both_ends(encoder: MeaningEncoder, weights: Weights) -> None:
    meanings = story(60, 3)
    src = lines("s", story(8, 4) + meanings + story(5, 5))
    tgt = lines("t", story(3, 6) + meanings + story(9, 7))
    beads = align(src, tgt, encoder=encoder, weights=weights)
    assert covers(beads, 73, 72)
    assert len({(i + 8, i + 3) for i in range(60)} & one_to_one(beads)) >= 57


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 5), (5, 0), (1, 1)])
def test_empty_sides(encoder: MeaningEncoder, weights: Weights, n: int, m: int) -> None:
    beads = align(lines("s", story(n, 8)), lines("t", story(m, 8)), encoder=encoder, weights=weights)
    assert covers(beads, n, m)
    assert all(bead.is_null and bead.score == 0.0 for bead in beads) or (n, m) == (1, 1)


@pytest.mark.parametrize("swapped", [False, True])
def test_one_sentence_against_forty(encoder: MeaningEncoder, weights: Weights, *, swapped: bool) -> None:
    forty = story(40, 9)
    src, tgt = [sentence("s", forty[20])], lines("t", forty)
    if swapped:
        beads = [Bead(b.tgt, b.src, b.score) for b in align(tgt, src, encoder=encoder, weights=weights)]
    else:
        beads = align(src, tgt, encoder=encoder, weights=weights)
    assert covers(beads, 1, 40)
    matched = [bead for bead in beads if not bead.is_null]
    assert len(matched) == 1
    assert 20 in matched[0].tgt


def test_the_same_sentence_two_hundred_times(encoder: MeaningEncoder, weights: Weights) -> None:
    words = story(1, 10)[0]
    beads = align(
        [sentence("s", words)] * 200, [sentence("t", words)] * 200, encoder=encoder, weights=weights
    )
    assert covers(beads, 200, 200)
    assert len({(i, i) for i in range(200)} & one_to_one(beads)) >= 190


def test_unrelated_texts(encoder: MeaningEncoder, weights: Weights) -> None:
    beads = align(lines("s", story(120, 11)), lines("t", story(100, 12)), encoder=encoder, weights=weights)
    assert covers(beads, 120, 100)
    assert max(bead.score for bead in beads) <= 0.5


@pytest.mark.parametrize("size", range(2, 9))
@pytest.mark.parametrize("swapped", [False, True])
def test_one_to_many(encoder: MeaningEncoder, weights: Weights, size: int, *, swapped: bool) -> None:
    meanings = story(30, 13)
    long = story(size, 14)
    src = lines("s", [*meanings[:15], functools.reduce(operator.iadd, long, []), *meanings[15:]])
    tgt = lines("t", [*meanings[:15], *long, *meanings[15:]])
    if swapped:
        src, tgt = tgt, src
    beads = align(src, tgt, encoder=encoder, weights=weights)
    one, many = [15], list(range(15, 15 + size))
    assert ((many, one) if swapped else (one, many)) in plain(beads)


def test_four_to_four(encoder: MeaningEncoder, weights: Weights) -> None:
    """Four sentences whose words come in another order: no smaller bead holds together."""
    meanings = story(30, 15)
    words = story(4, 16, words=8)
    mixed = [[words[(i + k) % 4][k] for k in range(8)] for i in range(4)]
    src = lines("s", [*meanings[:15], *words, *meanings[15:]])
    tgt = lines("t", [*meanings[:15], *mixed, *meanings[15:]])
    beads = align(src, tgt, encoder=encoder, weights=weights)
    assert ([15, 16, 17, 18], [15, 16, 17, 18]) in plain(beads)
    merged = next(bead for bead in beads if bead.src[:1] == (15,))
    assert "merge" in merged.flags


def test_reversed_halves(encoder: MeaningEncoder, weights: Weights) -> None:
    meanings = story(80, 17)
    beads = align(
        lines("s", meanings), lines("t", meanings[40:] + meanings[:40]), encoder=encoder, weights=weights
    )
    assert covers(beads, 80, 80)
    true = {(i, (i + 40) % 80) for i in range(80)}
    for bead in beads:
        if bead.score > 0.5:
            assert any((i, j) in true for i in bead.src for j in bead.tgt)
    assert len(true & one_to_one(beads)) >= 36


def test_breaks_are_never_crossed(encoder: MeaningEncoder, weights: Weights) -> None:
    meanings = story(40, 18)
    src, tgt = lines("s", meanings), lines("t", meanings)
    beads = align(src, tgt, encoder=encoder, weights=weights, breaks=[(10, 13), (10, 13), (25, 25)])
    assert covers(beads, 40, 40)
    for i, j in [(10, 13), (25, 25)]:
        for bead in beads:
            before = [s < i for s in bead.src] + [t < j for t in bead.tgt]
            assert all(before) or not any(before)


@pytest.mark.parametrize("breaks", [[(5, 5), (4, 6)], [(41, 3)], [(-1, 0)], [(3, 41)]])
def test_bad_breaks(encoder: MeaningEncoder, weights: Weights, breaks: list[tuple[int, int]]) -> None:
    text = lines("s", story(40, 19))
    with pytest.raises(ValueError, match="break"):
        align(text, text, encoder=encoder, weights=weights, breaks=breaks)


def test_blank_sentences(encoder: MeaningEncoder, weights: Weights) -> None:
    src = lines("s", story(30, 20))
    tgt = lines("t", story(30, 20))
    src[4] = " "
    tgt[10] = tgt[29] = ""
    beads = align(src, tgt, encoder=encoder, weights=weights)
    assert covers(beads, 30, 30)
    for bead in beads:
        if bead.src == (4,) or bead.tgt in {(10,), (29,)}:
            assert bead.is_null
    assert len({(i, i) for i in range(30)} & one_to_one(beads)) >= 24
    assert all(bead.is_null for bead in align(["", ""], ["", "", ""], encoder=encoder, weights=weights))


def test_embeddings_given(encoder: MeaningEncoder, weights: Weights) -> None:
    src, tgt = lines("s", story(50, 21)), lines("t", story(50, 21))
    blocks = [encoder.encode_blocks(text, weights.max_block) for text in (src, tgt)]
    beads = align(src, tgt, weights=weights, src_blocks=blocks[0], tgt_blocks=blocks[1])
    assert len(one_to_one(beads)) >= 48
    with pytest.raises(ValueError, match="shape"):
        align(src[:-1], tgt, weights=weights, src_blocks=blocks[0], tgt_blocks=blocks[1])
    with pytest.raises(ValueError, match="encoder"):
        align(src, tgt, weights=weights)


def test_weights_of_another_encoder_are_refused(encoder: MeaningEncoder, weights: Weights) -> None:
    other = Weights(encoder="e5", encoder_version="1", features=weights.features)
    with pytest.raises(ValueError, match="e5"):
        align(["s1"], ["t1"], encoder=encoder, weights=other)


def test_sides_swapped_give_the_same_beads(encoder: MeaningEncoder, weights: Weights) -> None:
    rng = np.random.default_rng(22)
    meanings = story(120, 22)
    src = lines("s", [words for words in meanings if rng.random() > 0.1])
    tgt = lines("t", [words for words in meanings if rng.random() > 0.1])
    there = align(src, tgt, encoder=encoder, weights=weights)
    back = align(tgt, src, encoder=encoder, weights=weights)
    matches = {(bead.src, bead.tgt) for bead in there if not bead.is_null}
    assert matches == {(bead.tgt, bead.src) for bead in back if not bead.is_null}


def test_progress_ends_at_one(encoder: MeaningEncoder, weights: Weights) -> None:
    seen: list[float] = []
    text = lines("s", story(900, 23))
    align(text, text, encoder=encoder, weights=weights, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 3


def test_very_many_one_word_lines(weights: Weights) -> None:
    """Long, and all alike: every line has one of ten vectors. ``ALIGN_LONG=1`` runs all 200,000 lines."""
    n = 100_000 if os.environ.get("ALIGN_LONG") else 10_000  # a side
    rng = np.random.default_rng(24)
    ten = rng.standard_normal((10, 8)).astype(np.float32)
    ten /= np.linalg.norm(ten, axis=1, keepdims=True)
    which = rng.integers(0, 10, n)
    blocks = np.zeros((weights.max_block, n, 8), dtype=np.float32)
    total = np.zeros((n, 8), dtype=np.float32)
    for size in range(weights.max_block):
        total[size:] += ten[which[: n - size]]
        blocks[size, size:] = total[size:] / np.maximum(
            np.linalg.norm(total[size:], axis=1, keepdims=True), 1e-9
        )
    words = [f"w{k}" for k in which]
    beads = align(words, words, weights=weights, src_blocks=blocks, tgt_blocks=blocks)
    assert covers(beads, n, n)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    src=st.lists(st.sampled_from(["", " ", "s1", "s2 s3", "s4, s5 s6", "s7"]), max_size=14),
    tgt=st.lists(st.sampled_from(["", "t1", "t2 t3", "t4 t5, t6", "t7 t7 t7"]), max_size=14),
    data=st.data(),
)
def test_every_sentence_is_in_exactly_one_bead(
    encoder: MeaningEncoder, weights: Weights, src: list[str], tgt: list[str], data: st.DataObject
) -> None:
    cut = (data.draw(st.integers(0, len(src))), data.draw(st.integers(0, len(tgt))))
    beads = align(src, tgt, encoder=encoder, weights=weights, breaks=[cut])
    assert covers(beads, len(src), len(tgt))
    assert all(0.0 <= bead.score <= 1.0 for bead in beads)
    assert all(bead.score == 0.0 and not bead.flags for bead in beads if bead.is_null)


def test_threads_change_nothing(encoder: MeaningEncoder, weights: Weights) -> None:
    src, tgt = lines("s", story(12, 31)), lines("t", story(12, 31))
    beads = [align(src, tgt, encoder=encoder, weights=weights, threads=threads) for threads in (None, 1, 2)]
    assert beads[0] == beads[1] == beads[2]

"""The first and the last words of sentences tell where beads begin and end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.scoring.ends import AMOUNT, USUAL, EndCosines, encode_ends, end_cosines, split_ends
from align.scoring.products import WIDER
from align.search import Band
from tests.align.conftest import MeaningEncoder, sentence, story


@pytest.mark.parametrize(
    ("text", "head", "tail"),
    [
        (
            "“We shall have the plan met before autumn,” the chairman of the commune said.",
            "“We shall have the plan met",
            "chairman of the commune said.",
        ),
        ("  Peace!  ", "Peace!", "Peace!"),
        ("朝鲜地方工业犹如雨后春笋，全国人民都很高兴。", "朝鲜地方工业犹如雨", "国人民都很高兴。"[-9:]),
        (
            "지방공업이 우후죽순처럼 자라나고 있다고 통신이 보도하였다.",
            "지방공업이 우후죽순처럼",
            "있다고 통신이 보도하였다.",
        ),
        ("据KCNA说", "据KCNA说", "据KCNA说"),
        ("……", "……", "……"),
        ("\u3000", "\u3000", "\u3000"),
    ],
)
def test_the_ends_of_a_sentence_are_whole_words(text: str, head: str, tail: str) -> None:
    found = split_ends(text)
    assert found[0] == head
    assert found[1].endswith(tail)


@given(st.text(st.sampled_from("ab ，。的朝 \n\ud800é"), max_size=60))
def test_ends_are_long_enough_and_no_longer(text: str) -> None:
    for side, end in enumerate(split_ends(text)):
        whole = text.strip() or text
        assert whole.startswith(end) if side == 0 else whole.endswith(end)
        size = len(end.encode(errors="replace"))
        assert size >= AMOUNT or end == whole
        # Without the last word that was taken, it would be too short.
        if " " in end and "\n" not in end and end.isascii():
            rest = end.rsplit(" ", 1)[0] if side == 0 else end.split(" ", 1)[1]
            assert len(rest.rstrip().encode(errors="replace")) < AMOUNT


def near(src: list[list[int]], tgt: list[list[int]], band: Band) -> EndCosines:
    encoder = MeaningEncoder()
    sides = [[sentence(letter, one) for one in text] for letter, text in (("s", src), ("t", tgt))]
    return end_cosines(encode_ends(sides[0], encoder, "xx"), encode_ends(sides[1], encoder, "xx"), band)


def test_beads_that_begin_and_end_alike_are_nearer_than_those_that_do_not() -> None:
    """Of sentences that were joined, the joined one begins as the first and ends as the last."""
    halves = story(60, seed=6, words=8)
    whole = [[*halves[k], *halves[k + 1]] for k in range(0, 60, 2)]
    band = Band(60, 30, np.maximum(2 * np.arange(91) // 3 - 20, 0), 41)
    ends = near(halves, whole, band)
    j = np.arange(2, 29)
    right = ends.of_beads(2 * j, j, 2, 1)
    for short_of in (
        ends.of_beads(2 * j - 1, j, 1, 1),
        ends.of_beads(2 * j, j, 1, 1),
        ends.of_beads(2 * j + 1, j, 3, 1),
    ):
        assert (right > short_of).mean() > 0.95
    assert right.mean() > 0.5 - USUAL > short_of.mean()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**31))
def test_cosines_are_those_of_the_sentences_at_the_ends(n: int, m: int, seed: int) -> None:
    src, tgt = story(n, seed), story(m, seed + 1)
    encoder = MeaningEncoder()
    one = encode_ends([sentence("s", words) for words in src], encoder, None)
    other = encode_ends([sentence("t", words) for words in tgt], encoder, None)
    band = Band(n, m, np.zeros(n + m + 1, dtype=np.int64) - 1, n + 3)
    ends = end_cosines(one, other, band)
    heads, tails = (
        a.astype(np.float64) @ b.astype(np.float64).T
        for a, b in ((one.heads, other.heads), (one.tails, other.tails))
    )
    for a, b in ((1, 1), (1, min(m, 4)), (min(n, 3), 1)):
        found = ends.of_beads(np.arange(a, n + 1), np.full(n + 1 - a, m), a, b)
        expected = [(heads[i - a, m - b] + tails[i - 1, m - 1]) / 2 - USUAL for i in range(a, n + 1)]
        np.testing.assert_allclose(found, expected, atol=1e-6)
    assert ends.heads.shape == (n + m + 1, n + 3 + 2 * WIDER)


def test_few_sentences_keep_what_they_have_in_common() -> None:
    """The mean of one or two sentences is themselves: taken off, it would leave nothing, or opposites."""
    encoder = MeaningEncoder()
    src, tgt = (encode_ends([sentence(side, range(6))] * 2, encoder, None) for side in "st")
    assert float(src.heads[0].astype(np.float32) @ tgt.heads[0].astype(np.float32)) > 0.5
    assert encode_ends([], encoder, None).part(0, 0).tails.shape == (0, encoder.dim)

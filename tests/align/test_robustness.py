"""Texts that make aligners fail, with the encoder and the weights that ship: an invented chronicle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align import Bead, align
from corpus.alignment.weights import shipped_weights
from corpus.encoders import load_encoder
from tests.align.chronicle import Event, chronicle

if TYPE_CHECKING:
    from collections.abc import Sequence

BOILERPLATE_ZH = ["首页", "登录 注册", "本站动态", "字号：大 中 小", "分享到微博", "责任编辑：王"]
BOILERPLATE_EN = [
    "Home",
    "Subscribe to our newsletter",
    "Share this page",
    "All rights reserved.",
    "Contact us",
]


def aligned(src: Sequence[str], tgt: Sequence[str], breaks: Sequence[tuple[int, int]] = ()) -> list[Bead]:
    """Align with what ships, and check what always holds."""
    beads = align(
        src,
        tgt,
        weights=shipped_weights(),
        encoder=load_encoder("use"),
        src_lang="zh",
        tgt_lang="en",
        breaks=breaks,
    )
    assert [i for bead in beads for i in bead.src] == list(range(len(src)))
    assert [j for bead in beads for j in bead.tgt] == list(range(len(tgt)))
    assert all(bead.src or bead.tgt for bead in beads)
    return beads


def zh(events: Sequence[Event]) -> list[str]:
    return [event.zh for event in events]


def en(events: Sequence[Event]) -> list[str]:
    return [event.en for event in events]


def pairs(beads: Sequence[Bead]) -> set[tuple[int, int]]:
    return {(bead.src[0], bead.tgt[0]) for bead in beads if bead.kind == "1:1"}


def test_a_chronicle_and_its_translation() -> None:
    events = chronicle(60, seed=1)
    assert len(pairs(aligned(zh(events), en(events))) & {(k, k) for k in range(60)}) >= 59


@pytest.mark.parametrize(("place", "side"), [(0, "src"), (40, "tgt"), (80, "src")])
def test_a_chapter_of_300_sentences_on_one_side_only(place: int, side: str) -> None:
    events = chronicle(380, seed=2)
    body, chapter = events[:80], events[80:]
    longer = [*body[:place], *chapter, *body[place:]]
    beads = aligned(zh(longer), en(body)) if side == "src" else aligned(zh(body), en(longer))
    found = pairs(beads) if side == "src" else {(j, i) for i, j in pairs(beads)}
    true = {(k if k < place else k + 300, k) for k in range(80)}
    assert len(found & true) >= 75
    # Of the chapter, next to nothing is believed to be translated.
    extra = set(range(place, place + 300))
    believed = [b for b in beads if b.score > 0.5 and extra & set(b.src if side == "src" else b.tgt)]
    assert len(believed) <= 3


def with_boilerplate() -> list[Bead]:
    """Sixty sentences; lines that are no translations of each other before and after them."""
    events = chronicle(60, seed=3)
    src = [*BOILERPLATE_ZH[:4], *zh(events), *BOILERPLATE_ZH[4:]]
    return aligned(src, [*BOILERPLATE_EN[:2], *en(events), *BOILERPLATE_EN[2:]])


def test_boilerplate_at_both_ends_does_not_shift_the_text() -> None:
    beads = with_boilerplate()
    assert len(pairs(beads) & {(k + 4, k + 2) for k in range(60)}) >= 58


SAME = {((0,), (0,)), ((64,), (62,))}
"""Lines that do say the same: 首页 and Home, 分享到微博 and Share this page."""


def believed_boilerplate() -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Beads of 0.5 and more with lines before and after the text."""
    ends = {*range(4), *range(64, 66)}
    beads = with_boilerplate()
    return {(bead.src, bead.tgt) for bead in beads if ends & set(bead.src) and bead.score > 0.5}


def test_of_boilerplate_hardly_any_is_believed() -> None:
    """登录 注册 (to log in, to register) and "Subscribe to our newsletter" are near."""
    assert believed_boilerplate() <= {*SAME, ((1,), (1,))}


@pytest.mark.xfail(strict=True, reason="two lines of like meaning that face each other score .75; see docs")
def test_boilerplate_is_not_believed() -> None:
    assert believed_boilerplate() <= SAME


@pytest.mark.parametrize(("n", "m"), [(0, 30), (30, 0), (0, 0)])
def test_one_side_empty(n: int, m: int) -> None:
    events = chronicle(30, seed=4)
    beads = aligned(zh(events[:n]), en(events[:m]))
    assert all(bead.is_null and bead.score == 0.0 for bead in beads)
    assert len(beads) == n + m


@pytest.mark.parametrize("place", [0, 20, 39])
@pytest.mark.parametrize("side", ["src", "tgt"])
def test_one_sentence_against_forty(place: int, side: str) -> None:
    """The one is found; where too much is taken along with it, or others that begin and end alike, no belief."""
    events = chronicle(40, seed=5)
    one = [events[place]]
    beads = aligned(zh(one), en(events)) if side == "src" else aligned(zh(events), en(one))
    (matched,) = [bead for bead in beads if not bead.is_null]
    ids = matched.tgt if side == "src" else matched.src
    assert place in ids or matched.score <= 0.05
    assert ids == (place,) or matched.score <= 0.5


def test_the_same_sentence_two_hundred_times() -> None:
    (event,) = chronicle(1, seed=6)
    beads = aligned([event.zh] * 200, [event.en] * 200)
    assert pairs(beads) == {(k, k) for k in range(200)}


def test_a_text_against_itself() -> None:
    text = zh(chronicle(80, seed=7))
    beads = aligned(text, text)
    assert pairs(beads) == {(k, k) for k in range(80)}
    assert min(bead.score for bead in beads) > 0.5


def test_unrelated_texts_are_not_believed() -> None:
    src, tgt = chronicle(80, 8, slice(0, None, 2)), chronicle(100, 8, slice(1, None, 2))
    assert max(bead.score for bead in aligned(zh(src), en(tgt))) <= 0.5


def test_unrelated_subjects_are_not_believed() -> None:
    src = [
        "水泥生产的统计数字公布了。",
        "煤炭产量增加了百分之十二。",
        "工人们讨论了新的计划。",
        "会议在周五结束。",
    ]
    assert max(bead.score for bead in aligned(src * 10, en(chronicle(40, seed=11)))) <= 0.5


@pytest.mark.parametrize("size", range(2, 9))
@pytest.mark.parametrize("side", ["src", "tgt"])
def test_beads_up_to_one_to_eight(size: int, side: str) -> None:
    events = chronicle(16 + size, seed=12)
    body, long = events[:16], events[16:]
    one = long[0].zh_joined(*long[1:]) if side == "tgt" else long[0].en_joined(*long[1:])
    src, tgt = zh([*body[:8], *long, *body[8:]]), en([*body[:8], *long, *body[8:]])
    many = tuple(range(8, 8 + size))
    if side == "tgt":
        beads = aligned([*zh(body[:8]), one, *zh(body[8:])], tgt)
        assert ((8,), many) in {(bead.src, bead.tgt) for bead in beads}
    else:
        beads = aligned(src, [*en(body[:8]), one, *en(body[8:])])
        assert (many, (8,)) in {(bead.src, bead.tgt) for bead in beads}


def test_four_to_four() -> None:
    """Sentences cut at different places on the two sides: no smaller bead holds together, none is believed."""
    events = chronicle(37, seed=13)
    body, e = events[:30], events[30:]
    src_mid = [e[0].zh_joined(e[1]), e[2].zh_joined(e[3]), e[4].zh_joined(e[5]), e[6].zh]
    tgt_mid = [e[0].en, e[1].en_joined(e[2]), e[3].en_joined(e[4]), e[5].en_joined(e[6])]
    beads = aligned([*zh(body[:15]), *src_mid, *zh(body[15:])], [*en(body[:15]), *tgt_mid, *en(body[15:])])
    tangle = set(range(15, 19))
    here = [bead for bead in beads if tangle & {*bead.src, *bead.tgt}]
    assert all(tangle >= {*bead.src, *bead.tgt} for bead in here)  # the sentences around are kept out of it
    whole = tuple(sorted(tangle))
    assert (here[0].src, here[0].tgt) == (whole, whole) or max(bead.score for bead in here) <= 0.7


def test_reversed_halves() -> None:
    """One half can be aligned; the other has no monotone counterpart, and none is invented."""
    events = chronicle(100, seed=14)
    beads = aligned(zh(events), en([*events[50:], *events[:50]]))
    true = {(k, (k + 50) % 100) for k in range(100)}
    assert len(pairs(beads) & true) >= 45
    invented = [b for b in beads if b.score > 0.5 and not any((i, j) in true for i in b.src for j in b.tgt)]
    assert not invented


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_breaks_are_never_crossed(data: st.DataObject) -> None:
    events = chronicle(24, seed=15)
    n = data.draw(st.integers(0, 24))
    m = data.draw(st.integers(0, 24))
    cuts = data.draw(st.lists(st.tuples(st.integers(0, n), st.integers(0, m)), max_size=3))
    rows, columns = sorted(i for i, _ in cuts), sorted(j for _, j in cuts)
    breaks = list(zip(rows, columns, strict=True))
    for bead in aligned(zh(events[:n]), en(events[:m]), breaks):
        for i, j in breaks:
            before = [s < i for s in bead.src] + [t < j for t in bead.tgt]
            assert all(before) or not any(before)


@settings(max_examples=15, deadline=None)
@given(
    src=st.lists(st.sampled_from([*zh(chronicle(6, seed=16)), "", "　", "3", "……", "。"]), max_size=12),
    tgt=st.lists(st.sampled_from([*en(chronicle(6, seed=16)), "", " ", "3.", "!", "\u200b"]), max_size=12),
)
def test_every_sentence_is_in_exactly_one_bead(src: list[str], tgt: list[str]) -> None:
    for bead in aligned(src, tgt):
        assert 0.0 <= bead.score <= 1.0

"""Sentences on one subject that say different things are told apart by their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.encoders.loading import load_encoder
from corpus.mining.evidence import parts as parts_module
from corpus.mining.evidence.parts import PARTS, nearness_of_parts, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

EN = "The second bridge over the river, a mile long, was opened to traffic on Monday."
ZH = "长江上的第二座大桥昨天通车，桥长一千六百四十米。"


@pytest.mark.parametrize(("text", "lang"), [(EN, "en"), (ZH, "zh")])
def test_parts_are_the_sentence_in_order(text: str, lang: str) -> None:
    cut = parts(text, lang)
    assert len(cut) == PARTS
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, cut)) < 0.5 * len(text)


@pytest.mark.parametrize("text", ["", "……", "Yes, he did."])
def test_a_short_sentence_is_compared_as_a_whole(text: str) -> None:
    assert parts(text, "en") == (text,) * PARTS


@settings(deadline=None)  # what cuts Chinese words is loaded first
@given(st.text(), st.sampled_from(["en", "zh", "ko", "th"]))
def test_any_text_has_parts(text: str, lang: str) -> None:
    assert len(parts(text, lang)) == PARTS


def encode(texts: Sequence[str], side: int) -> np.ndarray:
    return load_encoder("use").encode(texts, lang=("zh", "en")[side])


def test_what_is_said_of_another_is_farther_than_a_translation() -> None:
    zh = ["桥上有两条铁路和四条公路，每天可以通过三百列火车。"]
    en = [
        "The bridge has two railway lines and four roads, and three hundred trains can cross it every day.",
        "Of the bridge with its railway lines it is said by old people that it cost far too much.",
    ]
    pairs = np.array([0, 0]), np.array([0, 1])
    near = nearness_of_parts(pairs, (zh, en), ("zh", "en"), encode)
    assert near[0] > near[1] + 0.2


def test_clauses_in_another_order_are_a_little_farther() -> None:
    english = ["Yesterday the new hall was opened; many old people danced there until midnight."]
    turned = ["Many old people danced there until midnight; yesterday the new hall was opened."]
    other = ["Yesterday the new law was repealed; many old people complained about it to him."]
    pair = np.array([0]), np.array([0])
    same, moved, wrong = (
        float(nearness_of_parts(pair, (english, texts), ("en", "en"), encode)[0])
        for texts in (english, turned, other)
    )
    assert wrong < moved < same - 0.03


def test_however_many_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = np.array([0, 1, 1, 0, 1]), np.array([1, 0, 1, 0, 1])
    texts = [ZH, "好。"], [EN, "Good."]
    done: list[tuple[int, int]] = []
    once = nearness_of_parts(pairs, texts, ("zh", "en"), encode)
    monkeypatch.setattr(parts_module, "_BATCH", 2)
    again = nearness_of_parts(
        pairs, texts, ("zh", "en"), encode, progress=lambda count, of: done.append((count, of))
    )
    assert again == pytest.approx(once, abs=1e-5)
    assert done == [(2, 5), (4, 5), (5, 5)]
    whole = float((encode(["好。"], 0) @ encode(["Good."], 1).T)[0, 0])
    assert once[2] == pytest.approx(whole, abs=1e-5)

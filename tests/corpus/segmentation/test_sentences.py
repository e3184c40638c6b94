"""Sentences and their offsets."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning.records import Block
from corpus.segmentation.sentences import segment
from corpus.text.spans import Span, strip_span, uncovered


def sentences(text: str, lang: str) -> list[str]:
    span = strip_span(text, Span(0, len(text), 1))
    assert span is not None
    return [sentence.text for sentence in segment(text, [Block(span, "paragraph")], lang)]


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", ["The U.S. economy grew by 1.2 times.", "No. 3 Plant opened on Feb. 10 in Pyongyang."]),
        ("en", ["Output rose to 27.5%.", "Nos. 3 and 4 followed."]),
        ("en", ['He said, "We will go."', "Then he left."]),
        ("en", ["They improve the people's living standards.", "(Attached photo)"]),
        ("zh", ["朝鲜地方工业的发展起着很大的作用。", "（附图片）"]),
        ("zh", ["他说：“我们前进！”", "大家鼓掌。"]),
        ("zh", ["他問：「去嗎？」", "她答：「去！」"]),
        ("zh", ["今年将要达到去年的二点六倍，并且将占朝鲜工业总产值的27.5％。"]),
        ("ko", ["김정은동지께서 말씀하시였다.", "그는 갔다."]),
    ],
)
def test_boundaries(lang: str, expected: list[str]) -> None:
    between = "" if lang == "zh" else " "
    assert sentences(between.join(expected), lang) == expected


@given(
    st.text(alphabet=st.sampled_from("aB。.！?” “(）1　 \n国工"), max_size=80),
    st.sampled_from(["en", "zh", "ko", "und"]),
)
def test_sentences_cover_a_paragraph_in_order(text: str, lang: str) -> None:
    span = strip_span(text, Span(0, len(text), 1))
    if span is None:
        return
    spans = [sentence.span for sentence in segment(text, [Block(span, "paragraph")], lang)]
    assert list(uncovered(text, spans)) == []
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))


def test_a_heading_is_one_sentence() -> None:
    text = "What next? The U.S. decides. A report"
    block = Block(Span(0, len(text), 1), "heading")
    assert [sentence.text for sentence in segment(text, [block], "en")] == [text]


@pytest.mark.parametrize("space", ["\u3000", "\u00a0", "\u2003", " \u3000", "\u2028"])
@pytest.mark.parametrize("lang", ["en", "de", "fr", "zh", "und"])
def test_an_initial_before_a_wide_space_is_read(space: str, lang: str) -> None:
    text = f"Signed by Kim B{space}.国. It was read."
    block = Block(Span(0, len(text), 1), "paragraph")
    sentences = segment(text, [block], lang)
    assert sentences[0].span.start == 0
    assert sentences[-1].span.end == len(text)

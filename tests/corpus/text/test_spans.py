"""Lines, paragraphs and their offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.text.spans import (
    Span,
    ends_sentence,
    join_wrapped,
    normalised,
    split_lines,
    squeeze,
    uncovered,
    width,
)

TEXT = st.text(alphabet=st.sampled_from("ab。.　 \t\r\n\ufeff国"), max_size=60)

WRAPPED = """The modernization of local-industry factories is vigorously pushed
ahead across the country, and the standards that should be met in this
effort are the factories in Kimhwa County, which were built last June as
models of local factories.
"""


@given(TEXT)
def test_lines_hold_all_that_is_not_white_space(text: str) -> None:
    assert list(uncovered(text, split_lines(text))) == []


@given(TEXT)
def test_lines_are_numbered_as_an_editor_would(text: str) -> None:
    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    numbers = [span.line for span in split_lines(text)]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= count for number in numbers)


def test_a_hard_wrapped_paragraph_is_one() -> None:
    (paragraph,) = join_wrapped(WRAPPED, split_lines(WRAPPED))
    assert paragraph == Span(0, len(WRAPPED) - 1, 1)
    assert "pushed ahead across" in squeeze(WRAPPED)


def test_an_indented_line_opens_a_paragraph() -> None:
    text = WRAPPED.replace("effort are", "    effort are")
    assert [span.line for span in join_wrapped(text, split_lines(text))] == [1, 3]


def test_lines_that_are_sentences_are_paragraphs() -> None:
    text = "".join(f"This is line number {number} of a list of whole sentences.\n" for number in range(5))
    assert len(join_wrapped(text, split_lines(text))) == 5


def test_wrapped_chinese_is_joined_without_a_space() -> None:
    assert squeeze("朝鲜地方工业的\n  发展") == "朝鲜地方工业的发展"
    assert squeeze("加强国家经济　朝鲜 地方") == "加强国家经济　朝鲜 地方"


def test_a_closing_quote_does_not_hide_the_end_of_a_sentence() -> None:
    assert ends_sentence("他说：“我们前进！”")
    assert ends_sentence("It is late.)")
    assert not ends_sentence("Regional-Industry Factories in Kimhwa County")


@given(st.text(st.characters(max_codepoint=127)))
def test_the_quick_way_for_ascii_is_the_same(text: str) -> None:
    assert normalised(text + "字") == normalised(text) + "字"
    assert width(text + "字") == width(text) + 2

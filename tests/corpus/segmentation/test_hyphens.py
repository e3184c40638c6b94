"""Words divided at the end of a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ingestion.reading.document import read_document
from corpus.segmentation.hyphens import has_divided, mend, words_of


@pytest.mark.parametrize(
    ("piece", "mended"),
    [
        ("the local indus-\ntry of", "the local industry of"),
        ("the indus-\r\n  try", "the industry"),
        ("a well-\nknown works", "a well-known works"),
        ("the North-\nSouth railway", "the North-South railway"),
        ("pre-\nand post-war ploughs", "pre-\nand post-war ploughs"),
        ("an up-\nto-date plough", "an up-to-date plough"),
        ("the day-\nto-day work", "the day-to-day work"),
        ("the indus-\ntry-wide plan", "the industry-wide plan"),
        ("a co-opera-\ntive farm", "a co-operative farm"),
        ("die Produk-\ntion", "die Produktion"),
        ("the wall -\nthe old one", "the wall -\nthe old one"),
        ("20-\n25 pits", "20-25 pits"),
        ("since mid-\n1958", "since mid-1958"),
        ("indus\u00ad\ntry and indus\u00adtry", "industry and industry"),
    ],
)
def test_what_is_one_word_is_put_together(piece: str, mended: str) -> None:
    assert mend(piece, words_of(piece)) == mended


def test_the_file_itself_says_how_a_word_is_written() -> None:
    piece = "the kol-\nkhoz"
    assert mend(piece, words_of(piece)) == "the kol-khoz"
    assert mend(piece, words_of(f"{piece}; each Kolkhoz")) == "the kolkhoz"
    piece = "the re-\nform of the line"
    assert mend(piece, words_of(piece)) == "the reform of the line"
    assert mend(piece, words_of(f"{piece} to re-form")) == "the re-form of the line"


def test_offsets_are_those_of_the_untouched_file() -> None:
    text = "The shops belong to the local indus-\ntry of the county. They are new.\n"
    (version,) = read_document(text, "a.txt").versions
    first, second = version.sentences
    assert first.text == "The shops belong to the local industry of the county."
    assert text[first.span.start : first.span.end].endswith("indus-\ntry of the county.")
    assert (text[second.span.start : second.span.end], second.span.line) == ("They are new.", 2)


def test_a_list_of_words_with_hyphens_is_no_paragraph() -> None:
    text = "The compounds\n\nNorth-\nSouth\n\nThe rest of them is found on the next page of this book."
    (version,) = read_document(text, "a.txt").versions
    assert [sentence.text for sentence in version.sentences][1:3] == ["North-", "South"]


@given(st.text(st.sampled_from("ab-B \n\u00ad.国"), max_size=30))
def test_only_hyphens_and_white_space_go(text: str) -> None:
    mended = mend(text, words_of(text))
    assert [c for c in mended if c.isalnum()] == [c for c in text if c.isalnum()]
    assert has_divided(text) or mended == text

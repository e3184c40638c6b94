"""What a pattern matches, and where."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.linguistics.patterns import compile_pattern, forms_of
from corpus.text.variants import shipped_variants


def found(query: str, text: str, *, as_regex: bool = False) -> list[str]:
    return [text[m.start : m.end] for m in compile_pattern(query, as_regex=as_regex).matches(text)]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("local industr*", "LOCAL-INDUSTRY; local  industrial; nonlocal industry", ["LOCAL-INDUSTRY", "local  industrial"]),
        ("art", "party art, Art.", ["art", "Art"]),
        ("local * factories", "local iron factories, local factories", ["local iron factories"]),
        ("*industry", "subindustry industry-wide", ["subindustry", "industry"]),
        ("地方工业", "发展地方工业工厂，發展地方工業。", ["地方工业", "地方工業"]),
        ("地方*", "发展地方工业", ["地方"]),  # Chinese words have no end to reach
        ("공업*", "지방공업을 건설", ["공업을"]),
        ("AI", "使用AI技术，DPRK는 AI다 MAID", ["AI", "AI"]),
        ("27.5%", "占２７．５％了；127.5% 27.5%", ["２７．５％", "27.5%"]),
        ("5", "2.5 5,000 15 5.", ["5"]),
        ("people's", "the people’s, the people's", ["people’s", "people's"]),
        ("Café", "CAFÉ, Cafe\u0301, cafe", ["CAFÉ", "Cafe\u0301"]),
        ("strasse", "Die Straße", ["Straße"]),
    ],
)  # fmt: skip
def test_what_a_pattern_matches(query: str, text: str, expected: list[str]) -> None:
    assert found(query, text) == expected
    possible = compile_pattern(query).possible()
    assert possible is None or pl.DataFrame({"text": [text]}).filter(possible).height == 1


def test_a_regular_expression_is_of_the_folded_text() -> None:
    assert found(r"\p{Han}{2}工厂", "每个郡要办地方工廠", as_regex=True) == ["地方工廠"]
    assert found(r"(?<!local )industr\w+", "Local industry, heavy industries", as_regex=True) == [
        "industries"
    ]
    assert found(r"\bKimhwa\b", "在Kimhwa郡", as_regex=True) == ["Kimhwa"]  # an edge as everywhere
    assert found(r"\bhwa\b|[\b]|\\b", "在Kimhwa郡", as_regex=True) == []
    assert found(r"\b김화\b", "그는 김화 군", as_regex=True) == ["김화"]
    assert found("x*", "axxb", as_regex=True) == ["xx"]  # empty matches are none


def test_the_longer_of_two_forms_is_tried_first() -> None:
    pattern = compile_pattern("q", forms=["local", "local industr*", "地方工业"])
    text = "local industry, local iron, 地方工业"
    matches = [(pattern.forms[m.form], text[m.start : m.end]) for m in pattern.matches(text)]
    assert matches == [
        ("local industr*", "local industry"),
        ("local", "local"),
        ("地方工业", "地方工业"),
    ]


@pytest.mark.parametrize("query", ["", " ", "*", "…", "\udcff\udcfe"])
def test_nothing_to_look_for(query: str) -> None:
    with pytest.raises(CorpusError, match=r"no letter or number|not valid UTF-8"):
        compile_pattern(query)


def test_a_broken_expression_is_named() -> None:
    with pytest.raises(CorpusError, match=r"'\(a' is not a regular expression"):
        compile_pattern("(a", as_regex=True)


LETTERS = st.text(
    st.sampled_from("aAäÄßéİıſẞ ’“-工业業地ｶガ가나１2.,%\u0301ﬁŉK㍿％－"), min_size=1, max_size=12
)


@given(before=LETTERS, query=LETTERS, after=LETTERS)
def test_the_filter_lets_every_match_pass(before: str, query: str, after: str) -> None:
    if not any(character.isalnum() for character in query):
        return
    text = before + query + after
    pattern = compile_pattern(query)
    possible = pattern.possible()
    matches = list(pattern.matches(text))
    if matches and possible is not None:
        assert pl.DataFrame({"text": [text]}).filter(possible).height == 1
    assert all(0 <= m.start < m.end <= len(text) for m in matches)


@given(LETTERS)
def test_a_text_that_is_the_pattern_matches(query: str) -> None:
    if query[0].isalnum() and query[-1].isalnum() and "\u0301" not in query:
        assert found(query, query) == [query]


def test_forms_are_those_of_the_thing_a_query_names_as_a_whole() -> None:
    variants = shipped_variants()
    group = {"地方工业", "지방공업", "local industr*", "regional industr*"}
    for query in ("Local Industry", "地方工業", "local-industry", "regional industr*"):
        assert set(forms_of(query, variants)) == group
    for query in ("local industry factories", "local", "soap"):
        assert forms_of(query, variants) == ()

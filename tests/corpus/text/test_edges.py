"""Where words begin and end, and what is compared: one definition in `re`, polars and concordances."""

from __future__ import annotations

import re
import time

import polars as pl
import pytest

from corpus.base.errors import CorpusError
from corpus.linguistics import patterns
from corpus.linguistics.patterns import compile_pattern
from corpus.text.folding import containing, fold, pattern
from corpus.text.tokens import terms

EDGES = [
    ("Kimhwa", "在Kimhwa郡建厂", True),
    ("23.4％", "占比23.4％，", True),
    ("23.4", "占比23.4％", True),
    ("23.4", "占比123.45％", False),
    ("2.0", "版本2.0版", True),
    ("2.0", "版本12.0版", False),
    ("2.0", "it is 2.0.", True),
    ("2.0", "2.05", False),
    ("20", "3.20", False),
    ("art", "party", False),
    ("art", "the art of", True),
    ("NATO", "反对NATO的军队", True),
    ("iPhone", "アイフォンiPhoneを", True),
    ("DPRK", "조선DPRK의", True),
    ("金化", "在金化郡", True),
    ("공장", "지방공장에서", True),
    ("завод", "заводы", False),
    ("завод", "на 工厂завод", True),
]


@pytest.mark.parametrize(("query", "text", "there"), EDGES)
def test_one_edge_for_search_variants_and_concordances(query: str, text: str, *, there: bool) -> None:
    folded = fold(text)
    assert (re.search(pattern(query), folded) is not None) is there
    assert pl.Series([folded]).str.contains(containing(query))[0] is there
    wanted = compile_pattern(query)
    assert bool(list(wanted.matches(text))) is there
    possible = wanted.possible()
    assert possible is not None
    if there:
        assert pl.DataFrame({"text": [text]}).filter(possible).height == 1


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("看着", "他看著書", "看著"),
        ("隨著", "随着时间", "随着"),
        ("向着", "向著太陽", "向著"),
        ("接着", "接著說", "接著"),
        ("著名", "著名的人", "著名"),
        ("編著", "由他编著", "编著"),
        ("factory", "the fac\u200ctory", "fac\u200ctory"),
        ("factory", "the fac\u2060tory", "fac\u2060tory"),
        ("工厂", "新工\u200d廠", "工\u200d廠"),
        ("𥖲", "山𥖲水", "𥖲"),
        ("𠀋部", "丈𠀋部", "𠀋部"),
        ("𠮷野家", "在𠮷野家", "𠮷野家"),
        ("𪚥*", "龍𪚥也", "𪚥"),
    ],
)
def test_what_is_written_otherwise_is_found(query: str, text: str, found: str) -> None:
    wanted = compile_pattern(query)
    (match,) = wanted.matches(text)
    assert text[match.start : match.end] == found
    possible = wanted.possible()
    assert possible is not None
    assert pl.DataFrame({"text": [text]}).filter(possible).height == 1


@pytest.mark.parametrize(
    ("query", "text"), [("编着", "由他編著"), ("着名", "著名的"), ("土着", "土著人"), ("着作", "他的著作")]
)
def test_a_character_that_is_another_word_stays_itself(query: str, text: str) -> None:
    assert list(compile_pattern(query).matches(text)) == []


def test_search_terms_are_the_same_too() -> None:
    assert terms("看著", "zh") == terms("看着", "zh")
    assert terms("fac\u200dtory", "en") == terms("factory", "en")
    assert terms("土著", "zh") != terms("土着", "zh")


@pytest.mark.parametrize("query", ["“[^”]+”", "[。！]", r"\s\.\.\."])
def test_a_regular_expression_need_hold_no_letter(query: str) -> None:
    assert compile_pattern(query, as_regex=True).query == query


@pytest.mark.parametrize("query", ["(?:a|a)*$", "(a|aa)+$"])
def test_a_pattern_that_would_never_end_is_stopped(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MAX_SECONDS", 0.2)
    start = time.monotonic()
    with pytest.raises(CorpusError, match=r"was stopped: it took more than 0\.2 seconds"):
        list(compile_pattern(query, as_regex=True).matches("a" * 200 + "b"))
    assert time.monotonic() - start < 20

"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import copy
import pickle
import re

import pytest

from corpus.base.patterns import lazy_pattern


def test_it_matches_as_a_compiled_one_does() -> None:
    lazy, compiled = (
        lazy_pattern(r"(?P<year>\d{4})年", re.IGNORECASE),
        re.compile(r"(?P<year>\d{4})年", re.IGNORECASE),
    )
    text = "1958年到1959年"
    assert lazy.findall(text) == compiled.findall(text)
    assert [match.span() for match in lazy.finditer(text)] == [
        match.span() for match in compiled.finditer(text)
    ]
    assert lazy.sub(r"\g<year>", text) == compiled.sub(r"\g<year>", text)
    found, wanted = lazy.match(text, 6), compiled.match(text, 6)
    assert (found and found.groupdict()) == (wanted and wanted.groupdict()) == {"year": "1959"}
    assert lazy.pattern == compiled.pattern


def test_it_is_compiled_when_it_is_first_used() -> None:
    wrong = lazy_pattern("(")
    assert wrong.pattern == "("
    with pytest.raises(re.error):
        wrong.search("(")


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    for used in (False, True):
        lazy = lazy_pattern("工厂")
        if used:
            assert lazy.search("新工厂")
        for other in (copy.deepcopy(lazy), pickle.loads(pickle.dumps(lazy))):
            assert other.findall("工厂和工厂") == ["工厂", "工厂"]

"""Sentence boundaries, kind by kind (cases.toml)."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest

from corpus.cleaning.records import Block
from corpus.segmentation.sentences import segment
from corpus.text.spans import Span, uncovered

CASES = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['lang']}")
def test_sentences(case: dict[str, Any]) -> None:
    text = case["input"]
    found = segment(text, [Block(Span(0, len(text), 1), "paragraph")], case["lang"])
    assert [sentence.text for sentence in found] == case["sentences"]
    spans = [sentence.span for sentence in found]
    assert list(uncovered(text, spans)) == []
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))


def test_every_kind_is_tried_four_times_at_least() -> None:
    kinds = [case["kind"] for case in CASES]
    assert min(kinds.count(kind) for kind in set(kinds)) >= 4

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from corpus import Corpus
from corpus.base.errors import CorpusError
from corpus.diachrony.svg_chart import timeline_svg

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


def test_bars_are_as_high_as_the_frequencies_and_what_was_not_searched_is_no_zero(seeded: Workspace) -> None:
    found = Corpus(seeded.path).timeline("local industry", refresh=False)
    root = drawn(timeline_svg(found.result, title="local industry"))
    bars = [one for one in root.iter(f"{SVG}rect") if one.find(f"{SVG}title") is not None]
    searched = found.filter(kind="bin").drop_nulls("per_10k")
    heights = [float(one.get("height", "nan")) for one in bars]
    assert len(bars) == len(searched)
    rates = searched["per_10k"].to_list()
    ratios = [height / rate for height, rate in zip(heights, rates, strict=True) if rate]
    assert max(ratios) - min(ratios) < 0.01
    absent = [one for one in root.iter(f"{SVG}rect") if one.get("fill") == "url(#absent)"]
    assert len(absent) == 6 + 1  # decades, and the legend


def test_one_language_is_absent_where_another_was_searched_without_a_bar(seeded: Workspace) -> None:
    found = Corpus(seeded.path).timeline("zzzz", refresh=False)
    root = drawn(timeline_svg(found.result, title="zzzz"))
    bars = [one for one in root.iter(f"{SVG}rect") if one.find(f"{SVG}title") is not None]
    assert len(bars) == 3  # zeroes of what was searched can be seen
    assert all(float(one.get("height", "nan")) > 0 for one in bars)


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a & b", '"x"', "\x00\ud800"])
def test_a_title_is_text(seeded: Workspace, title: str) -> None:
    found = Corpus(seeded.path).timeline("industry", refresh=False)
    text = timeline_svg(found.result, title=title, unit=title, absent=title)
    assert "<script" not in text
    assert drawn(text).find(f"{SVG}title") is not None
    assert " style=" not in text


def test_too_many_bins_are_refused(seeded: Workspace) -> None:
    found = Corpus(seeded.path).timeline("industry", by="month", refresh=False)
    with pytest.raises(CorpusError, match="bins"):
        timeline_svg(found.result, title="industry")

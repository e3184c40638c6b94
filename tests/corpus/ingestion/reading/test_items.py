"""A day's bulletin is as many documents as it has items; anything in doubt is one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents.locations import find_place, passage_at, settled
from corpus.ingestion.ingest import ingest, read_again
from corpus.ingestion.reading.items import split_items
from corpus.readers.base import Extract, Locus
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

STORY = (
    "The workers of the {0} finished the new line ahead of time. It was opened by the minister on Sunday.\n"
    "More than 3,000 people came to see it, and the works will go on through the coming winter.\n"
)
ITEMS = [
    f"{title}\n\nPyongyang, May {day} (KCNA) -- {STORY.format(title.lower())}"
    for title, day in (("Railway Opened", 20), ("Reservoir Completed in North", 21), ("Bridge Repaired", 22))
]
CHINESE = [
    f"{title}\n新华社平壤{day}日电  朝鲜北部的{title}，最近已经全部完成，当地的农民和工人都来参加了典礼。部长说，明年将继续扩大生产，改善人民的生活。\n"
    for title, day in (("新水库竣工", 19), ("铁路通车典礼", 20))
]


@pytest.mark.parametrize("items", [ITEMS, CHINESE], ids=["English", "Chinese"])
@pytest.mark.parametrize("between", ["\n", "\n\n\n", "\n* * *\n\n"])
def test_a_bulletin_is_its_items(items: list[str], between: str) -> None:
    text = between.join(items)
    found = split_items(Extract(text))
    assert [item.part for item in found] == [str(number) for number in range(1, len(items) + 1)]
    assert "".join(item.text for item in found) == text
    for item, whole in zip(found, items, strict=True):
        assert text[item.offset :].startswith(item.text)
        assert item.line == text.count("\n", 0, item.offset)
        assert item.text.startswith(whole)


@pytest.mark.parametrize(
    "text",
    [
        *map(seed_text, SEEDS),
        ITEMS[0],
        f"{CHINESE[0]}\n{ITEMS[0]}",  # a text and its translation
        f"{ITEMS[0]}\n\n{ITEMS[0]}",  # printed twice
        f"{ITEMS[0]}\n\nIn brief\n\nSEOUL, May 3 (Reuters) -- Short.\n",  # no whole story
        ITEMS[0] + "\n" + ITEMS[1].split("\n\n", 1)[1],  # no headline of its own
        "\n\n".join(item.replace("Pyongyang, May", "In May") for item in ITEMS),  # no datelines
    ],
)
def test_what_is_in_doubt_is_one(text: str) -> None:
    assert split_items(Extract(text)) == [Extract(text)]


def test_a_date_above_the_items_is_evidence_for_all_of_them(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.txt"
    text = "KCNA Daily News\n\nMay 22, 1997\n\n" + "\n".join(ITEMS)
    file.write_bytes(text.encode())
    report = ingest(workspace, [file])
    assert report.new == ["bulletin.1", "bulletin.2", "bulletin.3"]
    versions = workspace.table("versions").sort("doc_id")
    assert versions["title"].to_list() == [
        "Railway Opened",
        "Reservoir Completed in North",
        "Bridge Repaired",
    ]
    assert versions["date"].to_list() == ["1997-05-22"] * 3
    assert "above the first of its items, and in none: 'KCNA Daily News May 22, 1997'" in "".join(
        report.notes
    )
    for row in workspace.table("sentences").iter_rows(named=True):
        assert " ".join(text[row["start"] : row["end"]].split()) == row["text"]
        assert text.count("\n", 0, row["start"]) == row["line"] - 1
    place = find_place(workspace, "bulletin.2:L13")
    assert place is not None
    assert settled(workspace, place) == place
    assert passage_at(workspace, place).sentences.filter(pl.col("here"))["text"].to_list()
    before = workspace.table("sentences").sort("doc_id", "sentence")
    read_again(workspace, ["bulletin.1", "bulletin.2", "bulletin.3"])
    assert workspace.table("sentences").sort("doc_id", "sentence").equals(before)


def test_a_file_that_is_one_document_stays_one(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.txt"
    file.write_text(ITEMS[0])
    ingest(workspace, [file])
    file.write_text("\n".join(ITEMS))
    assert ingest(workspace, [file]).changed == ["bulletin"]
    (tmp_path / "other.txt").write_text("\n".join(ITEMS))
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "other.txt"\noriginal = "en"\n')
    assert ingest(workspace, [tmp_path / "other.txt"]).new == ["other"]


def test_items_of_a_page_keep_their_places(workspace: Workspace, tmp_path: Path) -> None:
    items = "".join(
        f"<h3>{item.splitlines()[0]}</h3><p>{item.split(chr(10) * 2, 1)[1]}</p>" for item in ITEMS
    )
    page = f"<html><head><title>Bulletin</title></head><body>{items}</body></html>"
    (tmp_path / "day.html").write_text(page)
    assert ingest(workspace, [tmp_path / "day.html"]).new == ["day.1", "day.2", "day.3"]
    for row in workspace.table("sentences").iter_rows(named=True):
        there = page[int(row["place"].removeprefix("byte ")) :]
        assert row["text"].split()[0] in there[:600]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), max_size=12),
    st.lists(st.integers(0, 9), min_size=1, max_size=4),
)
def test_places_are_cut_where_the_text_is(gaps: list[tuple[int, int]], order: list[int]) -> None:
    loci, at = [], 0
    for number, (gap, size) in enumerate(gaps):
        loci.append(Locus(at + gap, at + gap + size, str(number)))
        at += gap + size
    text = "\n".join(ITEMS[one % 3] for one in order)
    loci = [locus for locus in loci if locus.end <= len(text)]
    items = split_items(Extract(text, tuple(loci)))
    assert "".join(item.text for item in items) == text
    for item in items:
        for locus in item.loci:
            assert 0 <= locus.start < locus.end <= len(item.text)
        assert all(one.end <= two.start for one, two in pairwise(item.loci))

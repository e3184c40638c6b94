"""A hit in an aligned sentence counts for its counterpart, where only texts in the other language are searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus import Corpus
from corpus.api.arguments import date_of
from corpus.documents.subcorpus import Selection
from corpus.search.passages import Passages
from tests.conftest import seed_text

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace


@pytest.mark.parametrize(
    ("query", "lang", "beside"),
    [
        ("雨后春笋", "en", "Bamboo Shoots"),
        ("兴办", "en", "required each county"),
        ("bamboo shoots", "zh", "雨后春笋"),
        ("previous", "zh", None),
    ],
)
def test_a_word_is_found_through_the_translation(
    seeded: Workspace, query: str, lang: str, beside: str | None
) -> None:
    hits = Corpus(seeded.path).search(query, lang=lang, details=True)
    assert set(hits["lang"]) <= {lang}
    through = [
        one for because in hits["because"] for one in because if one.startswith("through its translation")
    ]
    if beside is None:
        assert not through
        return
    first = hits.row(0, named=True)
    assert beside in first["text"]
    assert all(word in first["because"][0] for word in query.split())
    assert first["translation"]
    assert 0.5 < first["score"] <= 1


def test_what_the_sentence_says_itself_comes_before(seeded: Workspace) -> None:
    hit = Corpus(seeded.path).search("ball bearings", lang="en", details=True).row(0, named=True)
    assert hit["literal"]
    assert hit["because"] == ["ball", "bearings"]


def test_without_a_language_both_sides_are_searched_as_before(seeded: Workspace) -> None:
    hits = Corpus(seeded.path).search("雨后春笋", details=True)
    assert not [one for because in hits["because"] for one in because if "through" in one]


def test_other_selections_hold_for_the_counterpart(seeded: Workspace) -> None:
    searcher = Corpus(seeded.path).searcher()
    assert len(searcher.find("雨后春笋", within=Selection(lang="en", until=date_of(1960))).hits)
    assert not len(searcher.find("雨后春笋", within=Selection(lang="en", since=date_of(1961))).hits)
    by_decade = searcher.find("雨后春笋", within=Selection(lang="en"), per_decade=1).hits
    assert by_decade["decade"].to_list() == ["1950s"]


def test_it_takes_an_alignment(tmp_path: Path) -> None:
    chinese = seed_text("003").split("Original:")[1]
    (tmp_path / "zh.txt").write_text(chinese, "utf-8")
    (tmp_path / "en.txt").write_text(
        "1959-05-20\n\nLocal industries spring up like bamboo shoots.\n", "utf-8"
    )
    c = Corpus(tmp_path / "archive")
    c.ingest(tmp_path)
    found = c.search("雨后春笋", lang="en")
    assert found.about["close"] == 0
    assert not [one for because in found.result.hits["because"] for one in because]


def test_sentences_beside_others_are_those_of_their_beads(seeded: Workspace) -> None:
    passages = Passages(seeded.pin())
    sides = {lang: passages.versions.filter(pl.col("lang") == lang) for lang in ("zh", "en")}
    table = seeded.table("sentences")
    zh = table.join(sides["zh"], on=["doc_id", "version"], how="semi")["text_id"].to_list()
    beside = passages.beside(zh, sides["zh"], sides["en"])
    links = seeded.table("beads").explode("src_ids").explode("tgt_ids").drop_nulls(["src_ids", "tgt_ids"])
    assert len(beside) == len(links)
    assert set(beside["lang"]) == {"zh"}
    back = passages.beside(beside["other_id"].to_list(), sides["en"], sides["zh"])
    assert set(back.select("other_id", "text_id").iter_rows()) == set(
        beside.select("text_id", "other_id").iter_rows()
    )
    assert passages.beside([], sides["zh"], sides["en"]).is_empty()

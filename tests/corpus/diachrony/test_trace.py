"""How a wording moves through time, and what is not said of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.diachrony.similar_passages import View, nearest
from corpus.diachrony.trace import FORMS, KEYNESS, ONLY, Trace, trace
from corpus.documents.subcorpus import Selection
from corpus.ingestion.ingest import ingest
from corpus.linguistics.patterns import compile_pattern, forms_of
from corpus.store.workspace import Workspace
from corpus.text.dates import parse_date
from corpus.text.variants import shipped_variants

INDUSTRY = compile_pattern("local industry", forms=forms_of("local industry", shipped_variants()))


@pytest.fixture(scope="module")
def seeds(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a copy: counting words writes to the workspace."""
    return Workspace(Path(shutil.copytree(built, tmp_path_factory.mktemp("trace") / ".corpus")))


@pytest.fixture(scope="module")
def traced(seeds: Workspace) -> Trace:
    return trace(seeds, INDUSTRY)


def test_the_wording_moves_from_local_to_regional(traced: Trace) -> None:
    assert traced.forms.schema == FORMS
    hits = {
        (row["bin"], row["lang"], row["form"]): row["hits"] for row in traced.forms.to_dicts() if row["hits"]
    }
    assert hits == {
        ("1959", "en", "local industr*"): 5,
        ("1959", "zh", "地方工业"): 5,
        ("2022", "en", "local industr*"): 8,
        ("2023", "en", "local industr*"): 4,
        ("2024", "en", "regional industr*"): 25,
        ("2025", "en", "regional industr*"): 8,
    }
    assert traced.absent == ("지방공업",)
    empty = traced.rows.filter(kind="bin", documents=0, lang="en")["bin"].to_list()
    assert (empty[0], empty[-1], len(empty)) == ("1960", "2021", 62)


def test_like_passages_show_what_they_share(traced: Trace) -> None:
    pairs = traced.near.select("bin_before", "bin_after").rows()
    assert pairs == [("1959", "2022"), ("2022", "2023"), ("2023", "2024"), ("2024", "2025")]
    for row in traced.near.to_dicts():
        assert 0 < row["score"] < 1
        assert len(row["shared"]) >= 2
        for word in row["shared"]:
            assert word in row["after"].casefold()
        assert not {"industry", "local", "regional"} & set(row["shared"])
    assert traced.near["date_before"][0] == "1959-05-20 (original)"
    assert "factories" in traced.near["shared"][0]


def test_words_of_one_bin_only(traced: Trace) -> None:
    assert traced.only.schema == ONLY
    assert {"modern", "policy"} <= set(traced.only.filter(bin="2024")["word"])
    assert "factories" not in set(traced.only["word"])
    assert "zh" not in set(traced.only["lang"])  # in one bin only: there is nothing to be apart from


def test_few_documents_bear_no_keyness(traced: Trace) -> None:
    assert traced.keyness.is_empty()
    assert len(traced.unborne) == 6
    assert traced.unborne[0] == ("1959 en: the pattern stands in 1 document there, and keyness needs 5")


def test_a_chinese_passage_is_compared_by_its_translation(seeds: Workspace) -> None:
    found = trace(seeds, compile_pattern("x", forms=["地方工业", "regional industr*"]))
    (row,) = found.near.filter(bin_before="1959").to_dicts()
    assert (row["bin_after"], row["lang"], row["aligned_before"]) == ("2024", "en", "zh")
    assert row["before"].isascii()
    assert row["place_before"].startswith("003_ed76d6293c6aeeaa:L3")


def test_keyness_where_counts_bear_it(workspace: Workspace, tmp_path: Path) -> None:
    # Ten documents a decade; "machine" goes with the later, "horse" with the earlier.
    for year, word in ((1955, "horse"), (1965, "machine")):
        for number in range(10):
            text = f"The farm of number {number} had a {word} and a field and wheat and a barn. " * 12
            (tmp_path / f"{year}-{number:02d}.txt").write_text(text)
    entries = [
        f'[[document]]\nfile = "{year}-{number:02d}.txt"\ndate = "{year}"\nlang = "en"\n'
        for year in (1955, 1965)
        for number in range(10)
    ]
    (tmp_path / "manifest.toml").write_text("\n".join(entries))
    ingest(workspace, [tmp_path])
    found = trace(workspace, compile_pattern("farm"), by="decade")
    assert found.keyness.schema == KEYNESS
    assert found.unborne == ()
    rows = {(row["bin"], row["word"]): row for row in found.keyness.to_dicts()}
    assert set(rows) == {("1950s", "horse"), ("1960s", "machine")}
    horse = rows["1950s", "horse"]
    assert (horse["n"], horse["n_other"]) == (120, 0)
    assert horse["g2"] > 100
    assert horse["log_ratio"] == pytest.approx(7.9, abs=0.05)  # 120 against half of one


def test_many_sentences_are_sampled_and_said(
    seeds: Workspace, traced: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert traced.sampled == ()
    monkeypatch.setattr("corpus.diachrony.trace._MOST_VIEWS", 4)
    assert trace(seeds, INDUSTRY).sampled == ("1959", "2022", "2024", "2025")


def test_nothing_found(seeds: Workspace) -> None:
    found = trace(seeds, compile_pattern("penguin"), cuts=[parse_date("2000")])
    assert (found.absent, len(found.near), len(found.only)) == (("penguin",), 0, 0)
    assert found.forms["hits"].sum() == 0
    early = trace(seeds, INDUSTRY, selection=Selection(until=parse_date("1960")))
    assert early.near.is_empty()


def test_likeness_takes_each_passage_once() -> None:
    before = [View("en", "red iron ore", "a:L1", "1950"), View("en", "green copper ore", "a:L2", "1950")]
    after = [
        View("en", "iron ore of red", "b:L1", "1960"),
        View("en", "the ore", "b:L2", "1960"),
        View("zh", "铁矿", "b:L3", "1960"),
    ]
    found = nearest(before, after, 5)
    assert found.select("place_before", "place_after").rows() == [("a:L1", "b:L1")]
    assert sorted(found["shared"][0]) == ["iron", "ore", "red"]
    assert found["score"][0] == pytest.approx(1, abs=1e-5)
    # What the pattern covers does not count.
    covered = [View("en", "red iron ore", "a:L1", "1950", ((0, 8),))]
    assert nearest(covered, after, 1).is_empty()

"""Passages that stand in several documents are found, linked and kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.ingestion.ingest import ingest, remove
from corpus.reuse import minhash
from corpus.reuse.clusters import HISTORIES, histories
from corpus.reuse.figures import figures
from corpus.reuse.minhash import signatures, similarity
from corpus.reuse.reprints import reprint_groups, update_reprints
from corpus.search.searcher import similar
from corpus.text.normalization import count_minus_signs
from tests.conftest import reprinted_item

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

OTHER = "The council of the province met on Tuesday to hear how the harvest of the year had been brought in."


@pytest.fixture
def reprinted(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Return a workspace of the 1959 item, a lightly edited reprint, a later whole one, and another text."""
    first, edited, again = reprinted_item()
    for name, content in {
        "first": first,
        "edited": edited,
        "again": again,
        "other": OTHER,
    }.items():
        (tmp_path / f"{name}.txt").write_text(content, "utf-8")
    ingest(workspace, [tmp_path])
    return workspace


def test_similarity_is_the_share_of_what_is_in_either() -> None:
    assert similarity("Local industry", "LOCAL  INDUSTRY!") == 1
    assert similarity("地方工业工厂", "地方工业公司") == pytest.approx(3 / 7)
    assert similarity("abcdefgh", "abcdwxyz") == pytest.approx(1 / 9)
    assert similarity("", "") == 1


@given(st.text(max_size=200), st.text(max_size=200))
def test_similarity_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
    if minhash._is_of_signs(one) == minhash._is_of_signs(other):
        assert similarity(one, other) == similarity(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10,500 tons in 1957", "in 1957, 10500 tons"),
        ("一千多个工厂", "一千余个工厂"),
        ("产量２７．５％", "产量27.5％"),
        ("twelve factories", "12 factories"),
        ("no figure here", "nor is there any here"),
    ],
)
def test_figures_are_the_same_however_written(one: str, other: str) -> None:
    assert figures(one) == figures(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("214 million yuan", "387 million yuan"),
        ("in 1956", "in 1957"),
        ("in 1950", "in the 1950s"),
        ("-5 degrees", "5 degrees"),
        ("－５度", "５度"),
        ("10−³ m", "10³ m"),
        ("2.6 times", "26 times"),
        ("两个工厂", "三个工厂"),
        ("two were killed", "three were killed"),
        ("214 of 300", "300"),
    ],
)
def test_other_figures_are_told_apart(one: str, other: str) -> None:
    assert figures(one) != figures(other)


@given(st.text(alphabet="-−–— 5a$.½²⁻,", max_size=12))
@example("5.–. 5")
def test_every_figure_below_zero_is_counted(text: str) -> None:
    assert figures(text)[0] == count_minus_signs(text)


@given(st.lists(st.text(max_size=60), max_size=20))
def test_a_signature_is_the_same_in_any_batch(texts: list[str]) -> None:
    together = signatures(texts).to_list()
    assert together == [signatures([text])[0] if row is None else signatures([text]).to_list()[0]
                        for text, row in zip(texts, together, strict=True)]  # fmt: skip


def test_similar_texts_share_a_band_and_others_do_not() -> None:
    text = "Workers built more than one thousand local factories in all parts of the country this year."
    bands = signatures([text, text.replace("factories", "workshops"), OTHER, "Too short."]).to_list()
    assert sum(one == other for one, other in zip(bands[0], bands[1], strict=True)) >= 1
    assert sum(one == other for one, other in zip(bands[0], bands[2], strict=True)) == 0
    assert bands[3] is None


def test_a_reprint_history_is_in_order_of_time(reprinted: Workspace) -> None:
    assert update_reprints(reprinted) == 2
    found = histories(reprinted)
    assert found.schema == HISTORIES
    first = found.filter(passage=1)
    assert first["doc_id"].to_list() == ["first", "edited", "again"]
    assert first["similarity"].to_list() == [1.0, pytest.approx(0.98, abs=0.02), 1.0]
    assert "other" not in found["doc_id"]
    chinese = found.filter(lang="zh")
    assert chinese["date"].to_list()[:3] == ["1959-05-20", "1959-05-23", "1960-01-02"]
    assert "一千余个" in chinese["text"][1]
    # What follows in all places is one passage: fewer of them than sentences.
    assert found["passage"].max() == 2
    assert dict(found.select("lang", "sentences").iter_rows()) == {"zh": 11, "en": 11}
    held = reprinted.table("paragraphs").group_by("doc_id", "version").len("held")
    counted = found.join(held, on=["doc_id", "version"])
    assert (counted["held"] == counted["paragraphs"]).all()


def test_offsets_lead_back_to_the_file(reprinted: Workspace, tmp_path: Path) -> None:
    update_reprints(reprinted)
    for row in histories(reprinted).to_dicts():
        text = (tmp_path / row["file"]).read_bytes().decode()
        printed = "".join(text[row["start"] : row["end"]].split())
        assert printed.startswith("".join(row["text"].split())[:10])
        assert printed.endswith("".join(row["text"].split())[-10:])


def test_a_threshold_of_one_wants_the_same_words(reprinted: Workspace) -> None:
    update_reprints(reprinted)
    found = histories(reprinted, threshold=1)
    assert set(found["similarity"]) == {1.0}
    assert reprint_groups(reprinted, 1).is_empty()
    with pytest.raises(CorpusError, match=r"from 0\.5 to 1"):
        histories(reprinted, threshold=0.2)


def test_what_is_new_only_is_compared_and_the_result_is_the_same(
    reprinted: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_reprints(reprinted)
    at_once = histories(reprinted)
    compared: list[int] = []
    make = signatures

    def counted(texts: list[str]) -> object:
        compared.append(len(texts))
        return make(texts)

    remove(reprinted, ["edited"])
    assert "edited" not in histories(reprinted)["doc_id"]
    monkeypatch.setattr("corpus.reuse.reprints.signatures", counted)
    assert update_reprints(reprinted) == 0
    ingest(reprinted, [tmp_path / "edited.txt"])
    assert update_reprints(reprinted) == 0  # its sentences are known from before
    assert compared == []
    assert histories(reprinted).equals(at_once)


def test_what_is_gone_is_forgotten_once_it_is_most(
    reprinted: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_reprints(reprinted)
    at_once = histories(reprinted)
    monkeypatch.setattr("corpus.store.schemas._RULES", 3)  # as a later version of the toolkit may have it
    monkeypatch.setattr("corpus.ingestion.reading.loading.READER", "later")
    ingest(reprinted, [tmp_path])
    assert update_reprints(reprinted) == 2
    assert histories(reprinted).equals(at_once)
    monkeypatch.setattr("corpus.store.schemas._RULES", 4)
    monkeypatch.setattr("corpus.ingestion.reading.loading.READER", "later still")
    ingest(reprinted, [tmp_path])
    assert update_reprints(reprinted) == 2
    assert histories(reprinted).equals(at_once)
    there = set(reprinted.table("sentences")["text_id"])
    assert set(reprinted.table("minhashes")["text_id"]) == there
    assert set(reprinted.table("reprints")["text_id"]) <= there
    assert len(reprinted.table("reprints")) == 2


def test_nothing_is_read_where_nothing_is_new(
    reprinted: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_reprints(reprinted)
    before = reprinted.table("reprints").sort("text_id", "other")
    with monkeypatch.context() as patch:
        patch.delattr("corpus.reuse.reprints._new_ids")
        assert update_reprints(reprinted) == 0
    (tmp_path / "new.txt").write_text(f"{OTHER} It rained a little on the coast in the evening.", "utf-8")
    ingest(reprinted, [tmp_path / "new.txt"])
    update_reprints(reprinted)
    assert set(reprinted.table("sentences")["text_id"]) <= set(reprinted.table("minhashes")["text_id"])
    remove(reprinted, ["new"])
    assert update_reprints(reprinted) == 0
    with reprinted.change() as change:  # as a repair does with a damaged file
        for name in ("minhashes", "reprints"):
            change.put_table(name, reprinted.table(name).clear())
    assert update_reprints(reprinted) == len(before)
    assert reprinted.table("reprints").sort("text_id", "other").equals(before)


def test_batches_find_what_one_batch_does(reprinted: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.reuse.reprints._BATCH", 3)
    seen: list[tuple[int, int]] = []
    assert update_reprints(reprinted, progress=lambda done, total: seen.append((done, total))) == 2
    assert seen[-1][0] == seen[-1][1] == reprinted.scan("sentences").collect()["text_id"].n_unique()


def test_groups_map_texts_for_a_search(reprinted: Workspace) -> None:
    update_reprints(reprinted)
    groups = reprint_groups(reprinted)
    texts = reprinted.table("sentences").join(groups, on="text_id")
    assert sorted(texts.group_by("group").agg(texts=texts["text"].n_unique())["group"].unique()) == sorted(
        groups["group"].unique()
    )
    assert groups["group"].n_unique() == 2
    assert (groups["group"] <= groups["text_id"]).all()


def test_what_a_sign_tells_apart_is_two_results(workspace: Workspace, tmp_path: Path) -> None:
    text = "The temperature in the valley fell to {}5 degrees during the night of the great frost."
    for name, sign in {"below": "-", "above": "", "again": ""}.items():
        (tmp_path / f"{name}.txt").write_text(text.format(sign))
    ingest(workspace, [tmp_path])
    hits = similar(workspace, "temperature in the valley").hits
    assert {hit["text"]: len(hit["places"]) for hit in hits.to_dicts()} == {
        text.format("-"): 1,
        text.format(""): 2,
    }


def test_the_command(cli: Callable[..., Ran], reprinted: Workspace) -> None:
    ran = cli("reprints")
    assert ran.code == 0
    assert "1. 3 documents" in ran.out
    assert "1959-05-23" in ran.out
    found = json.loads(cli("reprints", "edited", "--json").out)
    assert {place["doc_id"] for place in found[0]["places"]} == {"first", "edited", "again"}
    assert json.loads(cli("reprints", "other", "--json").out) == []
    ran = cli("reprints", "--documents", "9")
    assert (ran.code, ran.out) == (0, "")
    assert "no passage stands in 9 documents" in ran.err

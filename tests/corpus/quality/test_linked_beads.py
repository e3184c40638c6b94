"""Beads of documents that are linked can be judged, set, edited in a table and undone, from either side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus import Corpus
from corpus.alignment.incremental import align_missing, align_workspace
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError
from corpus.documents.link_tables import links_of
from corpus.documents.links import add_links
from corpus.documents.pairs import workspace_pairs
from corpus.ingestion.ingest import ingest
from corpus.quality.bead_specs import aligned_pairs
from corpus.quality.bead_tables import bead_table
from corpus.quality.corrections import move_sentences, set_bead, undo
from corpus.quality.judged_beads import reviewed_beads
from corpus.quality.review_queue import next_beads
from corpus.quality.reviews import Review, bead_named, document_beads, names_of_beads, record

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

ZH = "工厂今天开工了。工人们都很高兴。厂长在会上讲了话。晚上下了一场大雨。"
EN = "The factory opened today. The workers were all happy. The director spoke at the meeting. It rained hard at night."

KO = "공장이 오늘 문을 열었다. 로동자들은 모두 기뻐하였다. 지배인이 모임에서 연설하였다. 저녁에는 큰비가 내렸다."

OTHER = "The plant was opened today. All the workers rejoiced. The manager made a speech at the meeting. At night it rained."


@pytest.fixture
def linked(workspace: Workspace, tmp_path: Path) -> Workspace:
    """One Chinese text, and two English ones that are linked with it."""
    for name, text in (("a", ZH), ("b", EN), ("c", OTHER)):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    ingest(workspace, [tmp_path / f"{name}.txt" for name in "abc"])
    add_links(workspace, links_of(workspace, ["a", "b", "c"], original="a"))
    align_missing(workspace)
    return workspace


def specs(workspace: Workspace, other: str) -> list[str]:
    (pair,) = (pair for pair in aligned_pairs(workspace, "a") if pair.tgt_doc == other)
    return [f"{','.join(map(str, one.src))}:{','.join(map(str, one.tgt))}" for one in pair.beads.values()]


def test_either_side_names_the_pair(linked: Workspace) -> None:
    assert [pair.tgt_doc for pair in aligned_pairs(linked, "a")] == ["b", "c"]
    (pair,) = aligned_pairs(linked, "b")
    assert (pair.doc_id, pair.name) == ("a", "zh-en b")


def test_a_bead_of_two_is_asked_for_by_the_document(linked: Workspace) -> None:
    with pytest.raises(CorpusError, match="say which: b:1, c:1"):
        set_bead(linked, "a", "1", "1:1")


def test_a_bead_of_two_originals_is_asked_for_by_the_original(workspace: Workspace, tmp_path: Path) -> None:
    for name, text in (("b", EN), ("b2", OTHER), ("z", ZH)):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    ingest(workspace, [tmp_path / f"{name}.txt" for name in ("b", "b2", "z")])
    for one in ("b", "b2"):
        add_links(workspace, links_of(workspace, [one, "z"], original=one))
    align_missing(workspace)
    with pytest.raises(CorpusError, match="say which: b2:1, b:1"):
        set_bead(workspace, "z", "1", "1:1")
    with pytest.raises(CorpusError, match="such as b:0, b2:0"):
        set_bead(workspace, "z", None, "1:1")
    assert bead_named(workspace, "z", "b:1")["doc_id"] == "b"  # whose id is how the other's begins
    shown = document_beads(workspace, "z")
    for name, row in zip(names_of_beads(shown, "z"), shown.iter_rows(named=True), strict=True):
        assert bead_named(workspace, "z", name) == row


def test_a_bead_of_two_versions_is_named_by_both_languages(workspace: Workspace, tmp_path: Path) -> None:
    paragraphs = ZH.replace("。", "。\n\n") + "\n\n".join([EN, KO]).replace(". ", ".\n\n")
    (tmp_path / "three.txt").write_text(paragraphs, "utf-8")
    ingest(workspace, [tmp_path / "three.txt"])
    align_workspace(workspace, langs=[("en", "ko")])
    for ask in (None, "ko:1"):
        with pytest.raises(CorpusError, match=r"en-ko:\d, zh-ko:|zh-ko:\d, en-ko:"):
            set_bead(workspace, "three", ask, "1:1")
    done = set_bead(workspace, "three", "en-ko:1", "1,2:1,2")
    assert done.beads.filter("set").select("src_lang", "tgt_lang").rows() == [("en", "ko")]
    assert len(done.beads) == 1  # none of another pair of versions is shown with it


def test_a_verdict_said_of_the_translation_is_kept_and_taken_back(linked: Workspace) -> None:
    corpus = Corpus(linked.path)
    assert corpus.review("b", 1, verdict=True)["right"].to_list()[1]
    step = corpus.judge("b", "2", verdict=False)
    assert document_beads(linked, "a").filter(~pl.col("right"))["tgt_doc"].to_list() == ["b"]
    corpus.take_back(step)
    assert document_beads(linked, "a").filter(~pl.col("right")).is_empty()


@pytest.mark.parametrize(("doc_id", "name"), [("a", "b:2"), ("b", "2")])
def test_a_bead_is_set_and_undone(linked: Workspace, doc_id: str, name: str) -> None:
    before = specs(linked, "b"), specs(linked, "c")
    set_bead(linked, doc_id, name, "2,3:2,3")
    assert "2,3:2,3" in specs(linked, "b")
    assert specs(linked, "c") == before[1]
    align_workspace(linked, wrong=True)
    assert "2,3:2,3" in specs(linked, "b")
    number = specs(linked, "b").index("2,3:2,3")
    undo(linked, doc_id, f"b:{number}" if doc_id == "a" else str(number))
    assert (specs(linked, "b"), specs(linked, "c")) == before


def test_the_table_has_both_pairs_and_changes_nothing_unedited(linked: Workspace) -> None:
    table = bead_table(linked, "a")
    assert table["langs"].unique().sort().to_list() == ["zh-en b", "zh-en c"]
    assert len(table) == len(document_beads(linked, "a"))


def test_a_wrong_bead_is_not_proposed_again(linked: Workspace) -> None:
    row = document_beads(linked, "b").row(0, named=True)
    record(linked, [Review(row["doc_id"], row["src"], row["tgt"], right=False)])
    was = specs(linked, "b")[0]
    align_workspace(linked, wrong=True)
    assert was not in specs(linked, "b")


def test_the_queue_has_linked_beads(linked: Workspace) -> None:
    assert set(next_beads(linked, 20)["tgt_doc"]) == {"b", "c"}


def test_verdicts_of_linked_beads_can_be_learnt_from(linked: Workspace) -> None:
    for row in document_beads(linked, "a").iter_rows(named=True):
        record(linked, [Review(row["doc_id"], row["src"], row["tgt"], right=row["number"] != 0)])
    align_workspace(linked, wrong=True)
    marked, lost = reviewed_beads(linked, workspace_pairs(linked), weights=shipped_weights())
    assert len(marked.scores) == 8
    assert sum(marked.right) == 6
    assert lost == 0


def test_a_sentence_is_not_moved_into_a_bead_of_another_pair(linked: Workspace) -> None:
    with pytest.raises(CorpusError, match="no other bead of the same two versions"):
        move_sentences(linked, "a", "b:1", "en1", "c:2")

"""Links: kept, followed when files change, and what knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus import Corpus
from corpus.alignment.incremental import align_missing, align_workspace, missing_pairs
from corpus.alignment.settings import workspace_aligner
from corpus.base.errors import CorpusError
from corpus.documents.citations import cite
from corpus.documents.links import Link, Works, add_links, linked_pairs, list_links, remove_links
from corpus.documents.pairs import numbered_pairs, workspace_pairs
from corpus.documents.subcorpus import Selection, dated_versions
from corpus.ingestion.ingest import ingest, remove
from corpus.maintenance.repair import check, repair
from corpus.maintenance.status import status
from corpus.quality.reviews import Review, document_beads, list_reviews, record
from corpus.store.snapshot import snapshot
from tests.conftest import SEEDS
from tests.corpus.alignment.test_incremental import plain, versions

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

OTHER = "Die Zeitung berichtet über neue Fabriken im Norden. Sie bauen Traktoren und Maschinen für die Landwirtschaft.\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with a Chinese item, dated, its English translation, undated, and a German text."""
    folder = tmp_path / "press"
    folder.mkdir()
    chinese, english = versions()
    (folder / "1959-05-20-a17.txt").write_text(plain(chinese), "utf-8")
    (folder / "b9.txt").write_text(plain(english), "utf-8")
    (folder / "c.txt").write_text(OTHER * 3, "utf-8")
    return folder


@pytest.fixture
def archive(workspace: Workspace, files: Path) -> Workspace:
    ingest(workspace, [files])
    return workspace


A, B, C = "1959-05-20-a17", "b9", "c"


def test_what_is_linked_is_aligned_and_known_everywhere(archive: Workspace) -> None:
    with pytest.raises(CorpusError, match="none is linked"):
        align_workspace(archive)
    before = snapshot(archive).texts
    done = add_links(archive, [Link(B, A, original=A)])
    assert len(done.new) == 1
    assert snapshot(archive).texts != before
    pairs = align_workspace(archive)
    assert set(pairs.select("doc_id", "tgt_doc").unique().rows()) == {(A, B)}
    assert pairs["src_lang"].unique().to_list() == ["zh"]
    assert len(pairs) == 10
    # by either document
    assert numbered_pairs(archive, [B]).equals(numbered_pairs(archive, [A]))
    corpus = Corpus(archive.path)
    line = corpus.concordance("地方工业").row(0, named=True)
    assert "local" in line["counterparts"][0]["text"].lower()
    hit = corpus.search("地方工业工厂", k=1).row(0, named=True)
    assert (hit["doc_id"], "factories" in hit["translation"]) == (A, True)
    english = corpus.search("签字 平壤 工厂", k=3, lang="en")
    assert set(english["doc_id"]) <= {B, C}
    assert corpus.terms().height > 0
    dated = {row["doc_id"]: row for row in dated_versions(archive).iter_rows(named=True)}
    assert (dated[B]["date"], dated[B]["date_basis"]) == ("1959-05-20", "original")
    assert (dated[A]["relation"], dated[B]["relation"], dated[C]["date"]) == ("original", "translation", None)
    items = {item["id"]: item for item in cite(archive, [B], Selection())}
    assert f"translation of {A}-zh" in items["b9-en"]["note"]
    place = f"{B}:L{pairs['tgt_line'].drop_nulls()[1]}"
    assert [item["language"] for item in cite(archive, [place], Selection())] == ["en", "zh"]
    found = status(archive)
    assert (found.links, found.lost_links, found.unaligned, found.pairs) == (1, 0, 0, 10)
    assert check(archive) == []


def test_only_what_is_new_or_changed_is_aligned(archive: Workspace, files: Path) -> None:
    add_links(archive, [Link(A, B)])
    align_missing(archive)
    aligner = workspace_aligner(archive)
    assert missing_pairs(archive, aligner).is_empty()
    change = archive.state().change
    align_missing(archive)
    assert archive.state().change == change
    with (files / "b9.txt").open("a", encoding="utf-8") as file:
        file.write("\nOne more sentence was added to it yesterday.\n")
    ingest(archive, [files])
    assert archive.table("beads").is_empty()
    assert missing_pairs(archive, aligner).select("doc_id", "tgt_doc").rows() == [(A, B)]
    assert list_links(archive)["state"].to_list() == ["changed"]
    align_missing(archive)
    assert len(archive.table("beads")) == 11


def test_a_link_outlives_its_documents_and_finds_their_text(archive: Workspace, files: Path) -> None:
    add_links(archive, [Link(A, B)])
    align_missing(archive)
    row = workspace_pairs(archive).row(1, named=True)
    record(archive, [Review(row["doc_id"], row["src"], row["tgt"], right=True)])
    remove(archive, [B])
    assert archive.table("beads").is_empty()
    assert check(archive) == []
    assert list_links(archive).select("state", "b_now").rows() == [("no document", None)]
    assert status(archive).lost_links == 1
    (files / "b9.txt").rename(files / "z.txt")
    ingest(archive, [files])
    assert list_links(archive).select("state", "b", "b_now").rows() == [("linked", "b9", "z")]
    align_missing(archive)
    assert set(archive.table("beads")["tgt_doc"]) == {"z"}
    assert list_reviews(archive)["state"].to_list() == ["aligned"]
    assert document_beads(archive, "z")["right"].drop_nulls().to_list() == [True]


def test_what_is_linked_with_a_translation_has_its_original(archive: Workspace) -> None:
    add_links(archive, [Link(A, B, original=A), Link(C, B)])
    dated = {row["doc_id"]: row for row in dated_versions(archive).iter_rows(named=True)}
    assert (dated[C]["date"], dated[C]["relation"]) == ("1959-05-20", "translation")
    remove_links(archive, [(B, C)])
    add_links(archive, [Link(A, C)])  # may be what A was translated from
    dated = {row["doc_id"]: row for row in dated_versions(archive).iter_rows(named=True)}
    assert (dated[C]["date"], dated[C]["relation"]) == (None, "unknown")


def test_two_links_make_a_work_of_three(archive: Workspace) -> None:
    add_links(archive, [Link(A, B, original=A), Link(B, C, original=B)])
    pairs = linked_pairs(archive)
    works = Works(pairs)
    assert works.members([A, B, C]) == {A: [A, B, C]}
    assert {row["doc_id"]: row["date"] for row in dated_versions(archive).iter_rows(named=True)}[
        C
    ] == "1959-05-20"
    align_missing(archive)
    made = archive.table("beads").select("doc_id", "tgt_doc").unique().sort("doc_id").rows()
    assert made == [(A, B), (B, C)]
    align_missing(archive, langs=[("zh", "de")])
    assert (A, C) in archive.table("beads").select("doc_id", "tgt_doc").unique().rows()
    # kept from now on; what was linked is not aligned the other way round besides
    align_missing(archive, langs=[("en", "zh"), ("zh", "de")])
    assert len(archive.table("beads").select("doc_id", "tgt_doc").unique()) == 3
    remove_links(archive, [(C, B)])
    assert archive.table("beads").select("doc_id", "tgt_doc").unique().rows() == [(A, B)]


def test_links_are_the_users_word(archive: Workspace) -> None:
    first = add_links(archive, [Link(A, B, note="seen", by="A. Reader")])
    again = add_links(archive, [Link(B, A)])
    assert (again.same, archive.table("links")["note"].to_list()) == (first.new, ["seen"])
    changed = add_links(archive, [Link(A, B, original=B)])
    assert changed.changed == first.new
    assert archive.table("links").select("a", "b", "original").rows() == [(A, B, B)]
    remove_links(archive, [(A, B)])
    exact = add_links(archive, [Link(A, B, a_lang="zh", b_lang="en")])
    assert add_links(archive, [Link(B, A, original=A)]).changed == exact.new
    for wrong, said in (
        (Link(A, A), "itself"),
        (Link(A, "none"), "no document"),
        (Link(A, B, a_lang="ko"), "'ko'"),
    ):
        with pytest.raises(CorpusError, match=said):
            add_links(archive, [wrong])
    with pytest.raises(CorpusError, match="not linked"):
        remove_links(archive, [(A, C)])
    assert len(archive.table("links")) == 1


@pytest.mark.parametrize("which", ["table", "copy", "both", "state"])
def test_damage_costs_no_link(archive: Workspace, which: str) -> None:
    add_links(archive, [Link(A, B, original=A), Link(A, C)])
    before = archive.table("links").sort("link")
    table = archive.path / archive.state().segments("links")[0].stored.file
    copy = archive.file("links")
    assert copy is not None
    if which in ("table", "both"):
        table.write_bytes(table.read_bytes()[:50])
    if which == "copy":
        copy.unlink()
    if which == "both":
        copy.write_bytes(copy.read_bytes()[:-10])
    if which == "state":
        (archive.path / "workspace.json").unlink()
        (archive.path / "workspace.json.copy").unlink()
        with pytest.raises(CorpusError, match=r"links-.*\.jsonl"):
            repair(archive, check(archive))
        return
    done = repair(archive, check(archive))
    assert any(line.startswith("links:") for line in done)
    after = archive.table("links").sort("link")
    assert after.equals(before) if which != "both" else len(after) == 1
    assert check(archive) == []


def test_beads_of_an_older_workspace_have_no_second_document(seeded: Workspace) -> None:
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads"))
    file = seeded.path / seeded.state().segments("beads")[0].stored.file
    assert pl.read_parquet(file)["tgt_doc"].is_null().all()
    assert set(workspace_pairs(seeded)["tgt_doc"]) == {SEEDS["003"].removesuffix(".txt")}

"""Paragraphs are a table of their own, which fits the sentences."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.base.resources import seeds_dir
from corpus.documents import catalogue
from corpus.documents.locations import Place, passage_at
from corpus.ingestion.ingest import ingest, remove
from corpus.maintenance.repair import repair
from corpus.reuse.clusters import histories
from corpus.reuse.reprints import update_reprints
from corpus.store import schemas
from corpus.store.integrity import check
from corpus.store.paragraphs import paragraph_rows, paragraphs_of
from corpus.store.schemas import SCHEMAS
from tests.conftest import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")
TEXT = """A Headline of a Few Words

The county built nine local factories in that one year. It was the first to do so in the whole province.

The others followed in the spring of the year after that. All of them had more than five by the autumn.
"""


@pytest.fixture
def article(workspace: Workspace, tmp_path: Path) -> Workspace:
    (tmp_path / "item.txt").write_text(TEXT)
    ingest(workspace, [tmp_path / "item.txt"])
    return workspace


def test_a_row_says_where_a_paragraph_is_and_what_is_in_it(article: Workspace) -> None:
    found = article.table("paragraphs")
    assert found.schema == SCHEMAS["paragraphs"]
    rows = found.select("paragraph", "kind", "line", "sentence", "sentences").rows()
    assert rows == [(0, "heading", 1, 0, 1), (1, "paragraph", 3, 1, 2), (2, "paragraph", 5, 3, 2)]
    texts = [TEXT[row["start"] : row["end"]] for row in found.to_dicts()]
    assert texts == [line for line in TEXT.split("\n") if line]


def test_the_seeds_paragraphs_enclose_their_sentences(seeded: Workspace) -> None:
    found = seeded.table("paragraphs").sort("doc_id", "version", "paragraph")
    assert found["sentences"].sum() == len(seeded.table("sentences"))
    inside = seeded.table("sentences").join(found, on=["doc_id", "version", "paragraph"], suffix="_of")
    assert (inside["start"] >= inside["start_of"]).all()
    assert (inside["end"] <= inside["end_of"]).all()
    assert found.equals(paragraph_rows(seeded.scan("sentences")).collect())


def test_paragraphs_that_are_lacking_are_named_and_made_again(seeded: Workspace) -> None:
    before = paragraphs_of(seeded, [DOC])
    shown = catalogue.paragraphs(seeded, DOC)
    with seeded.change() as change:
        change.put_table("paragraphs", schemas.empty("paragraphs"))
    faults = check(seeded)
    assert {len(fault.doc_ids) for fault in faults} == {5}
    repair(seeded, faults)
    assert paragraphs_of(seeded, [DOC]).equals(before)
    assert catalogue.paragraphs(seeded, DOC).equals(shown)
    assert check(seeded) == []


def test_a_place_is_shown_with_the_paragraph_it_is_in(article: Workspace) -> None:
    start = TEXT.index("It was the first")
    found = passage_at(article, Place("item", start, is_line=False))
    assert found.sentences.filter("here")["text"].to_list() == [
        "It was the first to do so in the whole province."
    ]
    paragraph = found.paragraph
    assert TEXT[paragraph["start"] : paragraph["end"]] == paragraph["text"]
    assert (paragraph["paragraph"], paragraph["sentence"], paragraph["sentences"]) == (1, 1, 2)


def test_the_command_says_which_sentence_of_the_paragraph(
    cli: Callable[..., Ran], article: Workspace
) -> None:
    place = f"item:{TEXT.index('It was the first')}"
    assert "paragraph: line 3, 27–131; sentence 2 of 2" in cli("show", place).out
    assert json.loads(cli("show", place, "--json").out)["paragraph"]["sentences"] == 2
    (version,) = json.loads(cli("show", "item", "--json").out)["versions"]
    assert [row["sentences"] for row in version["paragraphs"]] == [1, 2, 2]
    assert json.loads(cli("status", "--json").out)["paragraphs"] == 3


def test_removing_a_document_removes_its_paragraphs(seeded: Workspace) -> None:
    remove(seeded, [DOC])
    assert DOC not in seeded.table("paragraphs")["doc_id"]
    assert check(seeded) == []


@pytest.mark.parametrize(
    "change_of",
    [
        pl.col("end") - 1,
        pl.col("start") + 1,
        (pl.col("sentences") + 1).cast(pl.Int32),
        (pl.col("paragraph") + 1).cast(pl.Int32),
    ],
)
def test_paragraphs_that_do_not_fit_are_named_and_made_again(seeded: Workspace, change_of: pl.Expr) -> None:
    before = seeded.table("paragraphs")
    with seeded.change() as change:
        wrong = (
            pl.when(pl.col("doc_id") == DOC).then(change_of).otherwise(pl.col(change_of.meta.root_names()[0]))
        )
        change.put_table("paragraphs", before.with_columns(wrong))
    faults = check(seeded)
    assert {fault.file for fault in faults} == {"table of paragraphs"}
    assert {doc_id for fault in faults for doc_id in fault.doc_ids} == {DOC}
    done = repair(seeded, faults)
    assert "paragraphs: made again of the sentences" in done
    assert not any("read again" in line for line in done)
    keys = ["doc_id", "version", "paragraph"]
    assert seeded.table("paragraphs").sort(keys).equals(before.sort(keys))
    assert check(seeded) == []


@pytest.mark.parametrize("how", ["truncated", "missing"])
def test_a_damaged_table_of_paragraphs_is_made_again(seeded: Workspace, how: str) -> None:
    keys = ["doc_id", "version", "paragraph"]
    before = seeded.table("paragraphs").sort(keys)
    file = seeded.path / seeded.state().segments("paragraphs")[0].stored.file
    file.unlink() if how == "missing" else file.write_bytes(file.read_bytes()[:-9])
    beads = seeded.table("beads")
    repair(seeded, check(seeded))
    assert check(seeded) == []
    assert seeded.table("paragraphs").sort(keys).equals(before)
    assert seeded.table("beads").equals(beads)


def test_a_history_says_how_many_paragraphs_were_reprinted_whole(
    workspace: Workspace, tmp_path: Path
) -> None:
    first, second = (line for line in TEXT.split("\n")[2:] if line)
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(f"Another Headline\n\n{second}\n\n{first.partition('. ')[0]}.\n")
    ingest(workspace, [tmp_path])
    update_reprints(workspace)
    found = histories(workspace).sort("passage", "doc_id")
    assert found.select("doc_id", "sentences", "paragraphs").rows() == [
        ("a", 1, 0),
        ("b", 1, 1),
        ("a", 2, 1),
        ("b", 2, 1),
    ]


def test_what_is_too_short_to_compare_is_reprinted_with_its_paragraph(
    workspace: Workspace, tmp_path: Path
) -> None:
    parts = [line for line in TEXT.split("\n") if line][1].split(". ")
    for name, short in {"a": "Nine!", "b": "Nine!", "c": "Ten!", "d": "\nNine!\n"}.items():
        (tmp_path / f"{name}.txt").write_text(f"Headline {name}\n\n{parts[0]}. {short} {parts[1]}\n")
    ingest(workspace, [tmp_path / "a.txt", tmp_path / "b.txt"])
    update_reprints(workspace)
    found = histories(workspace)
    assert found.select("doc_id", "sentences", "paragraphs").rows() == [("a", 3, 1), ("b", 3, 1)]
    assert found["text"][0] == f"{parts[0]}. Nine! {parts[1]}"
    for other in ("c", "d"):  # another sentence, and one that is a paragraph of its own
        remove(workspace, ["b", "c"])
        ingest(workspace, [tmp_path / f"{other}.txt"])
        update_reprints(workspace)
        found = histories(workspace).filter(doc_id="a")
        assert found["sentences"].to_list() == [1, 1]


def test_the_seeds_history_counts_paragraphs(
    cli: Callable[..., Ran], workspace: Workspace, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        shutil.copy(seeds_dir() / SEEDS["003"], tmp_path / f"{name}.txt")
    assert cli("ingest", "one.txt", "two.txt").code == 0
    assert "whole paragraphs" in cli("reprints").out

"""Several documents in one file: each is known by the file and its name in it, however the file changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.base.errors import CorpusError
from corpus.documents.citations import cite
from corpus.documents.locations import find_place, passage_at, settled
from corpus.documents.subcorpus import Selection
from corpus.ingestion.ingest import ingest, read_again, read_changed, remove
from corpus.store import schemas
from corpus.store.integrity import check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

TEXTS = {name: f"The bridge of county {name} was repaired in spring. It is long." for name in "abc"}


def write(file: Path, texts: Mapping[str, str], **facts: str) -> Path:
    file.write_text(
        "".join(json.dumps({"id": name, "text": text} | facts) + "\n" for name, text in texts.items())
    )
    return file


def parts(workspace: Workspace) -> dict[str, tuple[str | None, str | None]]:
    rows = workspace.table("documents").sort("doc_id").select("doc_id", "file", "part").iter_rows()
    return {doc_id: (file, part) for doc_id, file, part in rows}


def test_each_part_is_a_document(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path / "day.jsonl", TEXTS)
    assert ingest(workspace, [file]).new == ["day.a", "day.b", "day.c"]
    assert parts(workspace) == {f"day.{name}": ("day.jsonl", name) for name in "abc"}
    assert sorted(ingest(workspace, [file]).unchanged) == ["day.a", "day.b", "day.c"]
    assert check(workspace) == []


def test_parts_change_come_and_go(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path / "day.jsonl", TEXTS)
    ingest(workspace, [file])
    write(file, {"a": TEXTS["a"], "c": "Another text is here now.", "d": TEXTS["b"]})
    report = ingest(workspace, [file])
    assert (sorted(report.changed), report.new, report.removed) == (["day.a", "day.c"], ["day.d"], ["day.b"])
    assert any("holds no b any more; day.b is removed" in note for note in report.notes)
    assert parts(workspace).keys() == {"day.a", "day.c", "day.d"}
    assert workspace.table("sentences").filter(doc_id="day.c")["text"].to_list() == [
        "Another text is here now."
    ]
    assert set(workspace.table("sentences")["doc_id"]) == {"day.a", "day.c", "day.d"}


def test_a_file_that_moves_takes_its_parts_along(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = write(tmp_path / "in" / "day.jsonl", TEXTS)
    ingest(workspace, [tmp_path / "in"])
    file.rename(tmp_path / "in" / "other.jsonl")
    report = ingest(workspace, [tmp_path / "in"])
    assert (sorted(report.moved), report.new) == (["day.a", "day.b", "day.c"], [])
    assert parts(workspace) == {f"day.{name}": ("in/other.jsonl", name) for name in "abc"}
    # Two files change places, one of which is a text.
    (tmp_path / "in" / "text.txt").write_text(TEXTS["a"])
    assert ingest(workspace, [tmp_path / "in"]).new == ["text"]
    (tmp_path / "in" / "other.jsonl").rename(tmp_path / "in" / "x")
    (tmp_path / "in" / "text.txt").rename(tmp_path / "in" / "other.jsonl")
    (tmp_path / "in" / "x").rename(tmp_path / "in" / "more.jsonl")
    write(tmp_path / "in" / "other.jsonl", {"a": "Something else. It is new."})
    ingest(workspace, [tmp_path / "in"])
    assert check(workspace) == []


def test_parts_are_read_again_as_they_were(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path / "day.jsonl", TEXTS)
    ingest(workspace, [file])
    before = workspace.table("sentences").sort("doc_id", "sentence")
    assert read_again(workspace, ["day.b", "day.a"])[0] in (["day.b", "day.a"], ["day.a", "day.b"])
    assert workspace.table("sentences").sort("doc_id", "sentence").equals(before)
    assert read_changed(workspace)[0].changed == []
    write(file, {"a": TEXTS["a"]})
    again, left = read_again(workspace, ["day.a", "day.b"])
    assert again == ["day.a"]
    assert left == [f"day.b ({file}: holds no b any more)"]


def test_a_part_that_was_removed_comes_back(workspace: Workspace, tmp_path: Path) -> None:
    file = write(tmp_path / "day.jsonl", TEXTS)
    ingest(workspace, [file])
    remove(workspace, ["day.b"])
    assert ingest(workspace, [file]).new == ["day.b"]


def test_names_of_parts_make_ids_that_a_place_can_follow(workspace: Workspace, tmp_path: Path) -> None:
    names = ["a/b", "a b", "a:b", "../x", "é", "ab", "ab ", "x" * 200]
    write(tmp_path / "day.jsonl", {name: f"{TEXTS['a']} {number}." for number, name in enumerate(names)})
    new = ingest(workspace, [tmp_path / "day.jsonl"]).new
    assert len(set(new)) == len(names)
    assert all("/" not in doc_id and ":" not in doc_id and " " not in doc_id for doc_id in new)
    assert max(map(len, new)) < 100


def test_what_a_file_says_of_itself_is_the_weakest_evidence(workspace: Workspace, tmp_path: Path) -> None:
    facts = {
        "date": "2001-02-03",
        "source": "The Daily",
        "lang": "ko",
        "title": "T",
        "url": "http://example.org",
    }
    texts = {"plain": TEXTS["a"], "dated": f"Date: 1999-01-02\n\n{TEXTS['b']}"}
    report = ingest(workspace, [write(tmp_path / "day.jsonl", texts, **facts)])
    versions = workspace.table("versions").sort("doc_id")
    assert versions.select("doc_id", "date", "date_basis", "source", "lang", "title", "url").rows() == [
        ("day.dated", "1999-01-02", "stated", "The Daily", "en", "T", "http://example.org"),
        ("day.plain", "2001-02-03", "metadata", "The Daily", "en", "T", "http://example.org"),
    ]
    assert any(
        "dated 1999-01-02 as the text says; the file's own data say 2001-02-03" in n for n in report.notes
    )
    assert any("it reads as en; the file's own data say ko" in note for note in report.notes)
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "day.jsonl"\ndate = 1980\n')
    ingest(workspace, [tmp_path])
    assert set(workspace.table("versions").select("date", "date_basis").rows()) == {("1980", "manifest")}


def test_a_place_in_the_files_own_terms_is_found(workspace: Workspace, tmp_path: Path) -> None:
    page = (
        '<TEI><text><body><pb n="3"/><p>The bridge was repaired. It is long.</p>'
        '<pb n="31"/><p>The road is new.</p></body></text></TEI>'
    )
    (tmp_path / "book.xml").write_text(page)
    ingest(workspace, [tmp_path / "book.xml"])
    for name, text in (
        ("page 3", "The bridge was repaired."),
        ("page 31", "The road is new."),
        ("PAGE 31, p 4", "The road is new."),
    ):
        place = find_place(workspace, f"book:{name}")
        assert place is not None
        assert str(place) == f"book:{name}"
        here = passage_at(workspace, place).sentences.filter(pl.col("here"))
        assert here["text"][0].startswith(text)
    (item,) = cite(workspace, ["book:page 31"], Selection())
    assert "page 31, p 4 (code points" in item["note"]
    with pytest.raises(CorpusError, match="no sentence stands at 'page 4'; its places are 'page 3, p 3' to"):
        find_place(workspace, "book:page 4")
    assert find_place(workspace, "nothing:page 4") is None
    place = find_place(workspace, "book:L1")
    assert place is not None
    assert settled(workspace, place) == place


def test_plain_texts_have_no_such_places(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXTS["a"])
    ingest(workspace, [tmp_path / "a.txt"])
    assert workspace.table("sentences")["place"].null_count() == 2
    with pytest.raises(CorpusError, match="a plain text; places in it are a:1234 and a:L33"):
        find_place(workspace, "a:page 3")


def test_results_name_the_place(cli: Callable[..., Ran], tmp_path: Path) -> None:
    page = "<html><body><h1>Local industry</h1><p>The local industry of the county grows.</p></body></html>"
    (tmp_path / "page.html").write_text(page)
    assert cli("ingest", "page.html").code == 0
    byte = page.index("The local")
    assert f"page:byte {byte}" in cli("concordance", "grows").out
    assert f"byte {byte}: line 3" in cli("show", f"page:byte {byte}").out
    hits = json.loads(cli("similar", "industry of the county", "--json").out)
    assert f"byte {byte}" in {hit["place"] for hit in hits}


def test_a_workspace_from_before_has_null_where_columns_were_added(seeded: Workspace, tmp_path: Path) -> None:
    # The files of a table as an older version wrote them: without the columns that came since.
    added = {"documents": ["part", "format"], "sentences": ["place"]}
    for name, columns in added.items():
        table = seeded.table(name)
        with seeded.change() as change:
            change.replace(name, table["doc_id"].unique(), table)
        assert table.select(pl.col(columns).is_null().all()).row(0) == (True,) * len(columns)
        assert set(columns) <= set(schemas.SCHEMAS[name])

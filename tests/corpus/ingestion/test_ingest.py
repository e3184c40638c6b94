"""Adding files to a workspace."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl
import pytest

from corpus.alignment.incremental import align_missing
from corpus.base.errors import InputError
from corpus.base.resources import seeds_dir
from corpus.ingestion.ingest import ingest, read_again, remove
from corpus.ingestion.manifest import Entry
from corpus.ingestion.seeds import ingest_seeds
from corpus.maintenance.status import status
from corpus.reuse.clusters import histories
from corpus.reuse.reprints import update_reprints
from corpus.search.searcher import similar
from corpus.store.integrity import check
from corpus.store.schemas import SCHEMAS
from corpus.store.workspace import Workspace
from corpus.text.dates import parse_date
from corpus.text.spans import normalised
from tests.conftest import seed_text

ENGLISH = "The development of local industry plays a great part in the economy of the counties."


def folder_of(tmp_path: Path, **files: str | bytes) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.txt").write_bytes(data)
    return folder


def test_tables_have_their_documented_schema(seeded: Workspace) -> None:
    for name, schema in SCHEMAS.items():
        assert seeded.table(name).schema == schema
    assert len(seeded.table("documents")) == 5
    assert len(seeded.table("versions")) == 6


def test_provenance_travels_with_every_sentence(seeded: Workspace) -> None:
    joined = seeded.table("sentences").join(seeded.table("versions"), on=["doc_id", "version"])
    assert len(joined) == len(seeded.table("sentences"))
    files = seeded.table("documents").select("doc_id", "file")
    for row in joined.join(files, on="doc_id").iter_rows(named=True):
        text = (seeds_dir().parent / row["file"]).read_bytes().decode()
        assert text[row["start"] : row["end"]].split() == row["text"].split()


def test_a_second_ingest_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b="朝鲜地方工业的发展起着很大的作用。")
    assert len(ingest(workspace, [folder]).new) == 2
    before = workspace.state()
    report = ingest(workspace, [folder])
    assert (report.new, report.changed, sorted(report.unchanged)) == ([], [], ["a", "b"])
    assert workspace.state() == before


def test_a_changed_file_replaces_its_document(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b=ENGLISH)
    ingest(workspace, [folder])
    folder_of(tmp_path, a="Everything in this file is new, and it is one sentence.")
    report = ingest(workspace, [folder])
    assert (report.changed, report.unchanged) == (["a"], ["b"])
    texts = dict(workspace.table("sentences").select("doc_id", "text").iter_rows())
    assert texts == {"a": "Everything in this file is new, and it is one sentence.", "b": ENGLISH}


def test_a_new_date_in_the_manifest_is_taken_up(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    ingest(workspace, [folder])
    (folder / "manifest.toml").write_text('[[document]]\nfile = "a.txt"\ndate = "1959"\n')
    assert ingest(workspace, [folder]).changed == ["a"]
    assert workspace.table("versions")["date"].to_list() == ["1959"]


def test_options_state_date_source_and_language(workspace: Workspace, tmp_path: Path) -> None:
    stated = Entry(date=parse_date("1959-05"), source="A newspaper", lang="fr")
    ingest(workspace, [folder_of(tmp_path, a=ENGLISH)], stated=stated)
    (row,) = workspace.table("versions").to_dicts()
    assert (row["date"], row["date_basis"], row["source"], row["lang"]) == (
        "1959-05",
        "option",
        "A newspaper",
        "fr",
    )


def test_seeds_make_room_for_the_users_texts(seeded: Workspace, tmp_path: Path) -> None:
    ingest(seeded, [folder_of(tmp_path, a=ENGLISH)])
    for name in ("documents", "versions", "sentences"):
        assert seeded.table(name)["doc_id"].unique().to_list() == ["a"]
    assert seeded.table("beads").is_empty()


def test_seeds_named_by_the_user_stay(seeded: Workspace, tmp_path: Path) -> None:
    report = ingest(seeded, [seeds_dir(), folder_of(tmp_path, a=ENGLISH)])
    assert len([doc_id for doc_id in report.new if doc_id.startswith("00")]) == 5
    assert not seeded.table("documents")["seed"].any()
    assert "2024" in seeded.table("versions")["date"].to_list()


def test_files_of_one_name_in_two_folders_are_two_documents(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, item=ENGLISH)
    (folder / "1960").mkdir()
    (folder / "1960" / "item.txt").write_text("朝鲜地方工业的发展起着很大的作用。", "utf-8")
    report = ingest(workspace, [folder])
    assert len(set(report.new)) == 2
    assert {doc_id.split("~")[0] for doc_id in report.new} == {"item"}
    assert any("another document is called item" in note for note in report.notes)
    assert set(ingest(workspace, [folder]).unchanged) == set(report.new)


def test_unreadable_files_of_a_folder_are_skipped_and_named(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, a=ENGLISH, empty=b"", binary=b"\0\1\2", korean="조선의 공업".encode("euc-kr")
    )
    report = ingest(workspace, [folder])
    assert report.new == ["a"]
    assert sorted(Path(skipped.file).stem for skipped in report.skipped) == ["binary", "empty", "korean"]
    assert all(Path(skipped.file).name in skipped.reason for skipped in report.skipped)


def test_a_named_file_that_cannot_be_read_leaves_all_as_it_was(seeded: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, bad=b"\0")
    before = seeded.state()
    with pytest.raises(InputError, match=r"bad\.txt: binary"):
        ingest(seeded, [folder / "a.txt", folder / "bad.txt"])
    assert seeded.state() == before


def test_a_folder_with_nothing_to_read_is_an_error(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    with pytest.raises(InputError, match="nothing to ingest"):
        ingest(workspace, [tmp_path / "texts"])
    assert workspace.table("documents").is_empty()


def test_the_workspace_is_not_read_as_text(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENGLISH)
    (tmp_path / ".hidden").write_text(ENGLISH)
    assert ingest(workspace, [tmp_path]).new == ["a"]
    assert ingest(workspace, [tmp_path]).unchanged == ["a"]


def test_gb18030_files_are_marked(workspace: Workspace, tmp_path: Path) -> None:
    text = (seeds_dir() / "003_ed76d6293c6aeeaa.txt").read_text("utf-8")
    ingest(workspace, [folder_of(tmp_path, gb=text.encode("gb18030"))])
    assert workspace.table("documents")["encoding"].to_list() == ["gb18030"]
    chinese = workspace.table("sentences").filter(pl.col("version") == 1)
    assert chinese["text"][0] == "郡郡都办工厂　加强国家经济"


def test_ingest_seeds_twice_is_once(workspace: Workspace) -> None:
    ingest_seeds(workspace)
    before = workspace.state()
    ingest_seeds(workspace)
    assert workspace.state() == before
    assert workspace.table("documents")["seed"].to_list() == [True] * 5


def test_seeds_never_join_the_users_documents(workspace: Workspace, tmp_path: Path) -> None:
    ingest(workspace, [folder_of(tmp_path, a=ENGLISH)])
    ingest_seeds(workspace)
    assert workspace.table("documents")["doc_id"].to_list() == ["a"]


def test_what_options_stated_is_remembered(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    ingest(workspace, [folder / "a.txt"], stated=Entry(date=parse_date("1959"), source="A newspaper"))
    assert ingest(workspace, [folder]).unchanged == ["a"]
    folder_of(tmp_path, a=ENGLISH + " It changed.")
    ingest(workspace, [folder], stated=Entry(source="Another"))
    (row,) = workspace.table("versions").to_dicts()
    assert (row["date"], row["source"]) == ("1959", "Another")


def test_manifests_of_subfolders_are_read_and_the_nearest_outweighs(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    (folder / "sub").mkdir()
    (folder / "sub" / "b.txt").write_text(ENGLISH)
    (folder / "manifest.toml").write_text(
        '[[document]]\nfile = "sub/b.txt"\ndate = "1958"\nsource = "A newspaper"\n'
        '[[document]]\nfile = "absent.txt"\ndate = "1958"\n'
    )
    (folder / "sub" / "manifest.toml").write_text('[[document]]\nfile = "b.txt"\ndate = "1959"\n')
    report = ingest(workspace, [folder])
    (row,) = workspace.table("versions").filter(pl.col("doc_id") == "b").to_dicts()
    assert (row["date"], row["source"]) == ("1959", "A newspaper")
    assert any("no file absent.txt" in note for note in report.notes)


def test_a_manifest_that_speaks_of_another_language_is_noted(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    (folder / "manifest.toml").write_text('[[document]]\nfile = "a.txt"\noriginal = "fr"\n')
    assert any("text in fr; the file holds en" in note for note in ingest(workspace, [folder]).notes)


def test_a_file_with_nothing_but_furniture_is_no_document(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b="2023 © All rights reserved.")
    report = ingest(workspace, [folder])
    assert report.new == ["a"]
    assert "no text in it" in report.skipped[0].reason


def test_a_failed_ingest_makes_no_workspace(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        ingest(workspace, [tmp_path / "absent.txt"])
    assert not workspace.path.exists()


def test_an_interrupted_ingest_keeps_what_is_read(workspace: Workspace, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(workspace, [folder_of(tmp_path, a=ENGLISH, b=ENGLISH, c=ENGLISH)], progress=interrupt)
    assert workspace.table("documents")["doc_id"].to_list() == ["a", "b"]


def test_documents_are_removed_with_all_that_was_made_of_them(seeded: Workspace) -> None:
    remove(seeded, ["003_ed76d6293c6aeeaa"])
    assert len(seeded.table("documents")) == 4
    assert seeded.table("beads").is_empty()


def test_a_file_that_is_gone_is_noted_and_its_text_kept(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b=ENGLISH)
    ingest(workspace, [folder])
    (folder / "b.txt").unlink()
    assert any("`rm('b')`" in note for note in ingest(workspace, [folder]).notes)
    assert len(workspace.table("documents")) == 2


def test_a_file_that_was_moved_keeps_its_document(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=seed_text("003"), b=ENGLISH)
    ingest(workspace, [folder], stated=Entry(source="A newspaper"))
    align_missing(workspace)
    beads = workspace.table("beads")
    (folder / "1959").mkdir()
    (folder / "a.txt").rename(folder / "1959" / "item.txt")
    report = ingest(workspace, [folder])
    assert (report.new, report.changed, report.moved, report.unchanged) == ([], [], ["a"], ["b"])
    assert any("moved here; it is still a" in note for note in report.notes)
    assert not any("no such file" in note for note in report.notes)
    row = workspace.table("documents").filter(doc_id="a").row(0, named=True)
    assert row["file"] == "texts/1959/item.txt"
    assert "A newspaper" in workspace.table("versions")["source"]  # what was stated of it is remembered
    assert workspace.table("beads").equals(beads)  # its text is what it was, so its alignment is, too
    assert ingest(workspace, [folder]).unchanged == ["a", "b"]


def test_a_copy_is_a_document_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    ingest(workspace, [folder])
    folder_of(tmp_path, copy=ENGLISH)
    report = ingest(workspace, [folder])
    assert (report.new, report.moved, report.unchanged) == (["copy"], [], ["a"])


def test_a_new_date_leaves_the_alignment_and_a_new_text_does_not(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, a=seed_text("003"))
    ingest(workspace, [folder])
    align_missing(workspace)
    assert len(workspace.table("beads")) == 10
    assert ingest(workspace, [folder], stated=Entry(source="A newspaper")).changed == ["a"]
    assert len(workspace.table("beads")) == 10
    folder_of(tmp_path, a=seed_text("003") + "\nA sentence that was added to it.\n")
    assert ingest(workspace, [folder]).changed == ["a"]
    assert workspace.table("beads").is_empty()


def test_batches_give_what_one_batch_gives(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(
        tmp_path, **{f"item-{number}": f"{ENGLISH} It is number {number}." for number in range(9)}
    )
    at_once = Workspace(tmp_path / "at-once" / ".corpus")
    ingest(at_once, [folder])
    monkeypatch.setattr("corpus.ingestion.ingest._BATCH_FILES", 2)
    report = ingest(workspace, [folder])
    assert len(report.new) == 9
    assert workspace.state().change == 5
    for name in ("versions", "sentences"):
        assert workspace.table(name).sort("doc_id").equals(at_once.table(name).sort("doc_id"))
    assert len(ingest(workspace, [folder]).unchanged) == 9
    assert workspace.state().change == 5


def test_an_interruption_keeps_the_batches_before(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, **{f"item-{number}": ENGLISH for number in range(9)})
    monkeypatch.setattr("corpus.ingestion.ingest._BATCH_FILES", 2)

    def interrupt(done: int, total: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(workspace, [folder], progress=interrupt)
    assert len(workspace.table("documents")) == 7
    report = ingest(workspace, [folder])
    assert (len(report.new), len(report.unchanged)) == (2, 7)


def test_named_files_of_many_batches_are_looked_at_before_anything_is_stored(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b=ENGLISH, c=ENGLISH, z=b"\0")
    monkeypatch.setattr("corpus.ingestion.ingest._BATCH_FILES", 2)
    with pytest.raises(InputError, match=r"z\.txt: binary"):
        ingest(workspace, sorted(folder.iterdir()))
    assert not workspace.path.exists()


def test_two_that_ingest_the_same_files_make_them_once(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b=ENGLISH)

    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            ingest(workspace, [folder])

    ingest(workspace, [folder], progress=meanwhile)
    assert sorted(workspace.table("documents")["doc_id"]) == ["a", "b"]
    assert len(workspace.table("sentences")) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes for a name")
def test_a_file_whose_name_is_no_text_is_skipped_and_named(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    strange = Path(os.fsdecode(os.fsencode(folder) + b"/" + "工业.txt".encode("gb18030")))
    strange.write_text(ENGLISH)
    report = ingest(workspace, [folder])
    assert report.new == ["a"]
    assert "not valid UTF-8" in report.skipped[0].reason
    with pytest.raises(InputError, match="rename it"):
        ingest(workspace, [strange])


def test_what_a_manifest_said_that_was_named_is_remembered(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b=ENGLISH)
    scans = tmp_path / "scans.toml"
    scans.write_text(
        '[[document]]\nfile = "texts/a.txt"\ndate = "1959-05"\nsource = "A newspaper"\npage = 5\n'
        '[document.versions.en]\nauthor = "A. Translator"\n'
    )
    ingest(workspace, [folder], manifest=scans)

    def known() -> dict[str, object]:
        rows = workspace.table("versions").sort("doc_id").to_dicts()
        return {row["doc_id"]: (row["date"], row["source"], row["page"], row["author"]) for row in rows}

    before = known()
    assert before == {"a": ("1959-05", "A newspaper", "5", "A. Translator"), "b": (None, None, None, None)}
    assert ingest(workspace, [folder]).unchanged == ["a", "b"]
    folder_of(tmp_path, a=f"{ENGLISH} And so on.")
    assert ingest(workspace, [folder]).changed == ["a"]
    assert known() == before
    # A folder's manifest does not take its place unseen, as it did not when the other was named.
    (folder / "manifest.toml").write_text('[[document]]\nfile = "a.txt"\ndate = "1960"\n')
    report = ingest(workspace, [folder])
    assert report.unchanged == ["a", "b"]
    assert any("manifest='manifest.toml'" in note for note in report.notes)
    # What is said later wins: an option, then a manifest, which says all there is to say.
    ingest(workspace, [folder], stated=Entry(date=parse_date("1961")))
    assert known()["a"] == ("1961", "A newspaper", "5", "A. Translator")
    ingest(workspace, [folder], manifest=folder / "manifest.toml")
    assert known() == {"a": ("1960", None, None, None), "b": ("1961", None, None, None)}
    assert ingest(workspace, [folder]).unchanged == ["a", "b"]
    read_again(workspace, ["a"])
    assert known()["a"] == ("1960", None, None, None)


def test_a_manifest_that_says_nothing_of_a_file_leaves_what_another_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, b=ENGLISH)
    for name in "ab":
        manifest = tmp_path / f"{name}.toml"
        manifest.write_text(f'[[document]]\nfile = "texts/{name}.txt"\nsource = "Newspaper {name}"\n')
        ingest(workspace, [folder], manifest=manifest)
    sources = workspace.table("versions").select("doc_id", "source")
    assert dict(sources.iter_rows()) == {"a": "Newspaper a", "b": "Newspaper b"}


@pytest.mark.parametrize("lang", ["xx", "english", "zh_", "zh-CN"])
def test_what_is_no_language_is_refused(workspace: Workspace, tmp_path: Path, lang: str) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    with pytest.raises(InputError, match="not the code of a language: it has two letters, like zh"):
        ingest(workspace, [folder], stated=Entry(lang=lang))
    (folder / "manifest.toml").write_text(f'[[document]]\nfile = "a.txt"\nlang = "{lang}"\n')
    with pytest.raises(InputError, match=r"document 1 \(a.txt\): .* not the code of a language"):
        ingest(workspace, [folder])
    assert not workspace.path.exists()


def test_new_documents_without_a_date_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a=ENGLISH, **{"1959-05-20 b": ENGLISH})
    assert ingest(workspace, [folder]).undated == ["a"]
    assert ingest(workspace, [folder]).undated == []


def test_a_workspace_of_other_ids_works_and_is_brought_in_step(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path, a=f"{ENGLISH} It was -5 degrees.", b=f"{ENGLISH} It was 5 degrees.")
    with monkeypatch.context() as earlier:
        earlier.setattr("corpus.store.schemas._RULES", 1)
        earlier.setattr("corpus.store.schemas.wording", normalised)
        earlier.setattr("corpus.ingestion.reading.loading.READER", "1")
        ingest(workspace, [folder])
    old = set(workspace.table("sentences")["text_id"])
    assert len(old) == 2  # the two temperatures are one text
    update_reprints(workspace)
    assert len(similar(workspace, ENGLISH).hits["places"][0]) == 2
    folder_of(tmp_path, c=ENGLISH)
    assert ingest(workspace, [folder / "c.txt"]).new == ["c"]  # its ids are new, the others' are not
    update_reprints(workspace)
    assert len(similar(workspace, ENGLISH).hits["places"][0]) == 3
    assert histories(workspace)["doc_id"].to_list() == ["a", "b", "c"]
    assert sorted(ingest(workspace, [folder]).changed) == ["a", "b"]
    new = set(workspace.table("sentences")["text_id"])
    assert len(new) == 3
    assert not new & old
    found = {hit["text"] for hit in similar(workspace, "-5 degrees", k=5).hits.to_dicts()}
    assert {"It was -5 degrees.", "It was 5 degrees."} <= found
    update_reprints(workspace)
    assert histories(workspace)["doc_id"].to_list() == ["a", "b", "c"]
    assert check(workspace) == []
    assert status(workspace).unindexed == 0


def test_what_options_overrule_is_reported_and_can_be_taken_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, dated=seed_text("000"), undated=ENGLISH, listed=ENGLISH)
    (folder / "manifest.toml").write_text(
        '[[document]]\nfile = "listed.txt"\ndate = "1959"\nsource = "A newspaper"\n'
    )
    first = ingest(workspace, [folder])
    assert (first.undated_files, first.overruled) == ([folder / "undated.txt"], [])
    before = workspace.table("versions").sort("doc_id")
    stated = Entry(date=parse_date("1960"), source="A paper", lang="fr")
    report = ingest(workspace, [folder], stated=stated)
    found = {(doc_id, item.what, item.found, item.stated) for doc_id, item in report.overruled}
    assert {row for row in found if row[1] != "lang"} == {
        ("dated", "date", "2022-11-11", "1960"),
        ("listed", "date", "1959", "1960"),
        ("listed", "source", "A newspaper", "A paper"),
    }
    assert {row[2:] for row in found if row[1] == "lang"} == {("en", "fr")}
    assert ingest(workspace, [folder]).unchanged == ["dated", "listed", "undated"]
    ingest(workspace, [folder], forget=["date", "source", "lang"])
    assert workspace.table("versions").sort("doc_id").equals(before)


@pytest.mark.parametrize("taken_back", [False, True])
def test_what_says_the_same_as_a_manifest_is_remembered_and_forgotten(
    workspace: Workspace, tmp_path: Path, *, taken_back: bool
) -> None:
    folder = folder_of(tmp_path, a=ENGLISH)
    (folder / "manifest.toml").write_text('[[document]]\nfile = "a.txt"\ndate = "1960"\n')
    ingest(workspace, [folder])
    assert ingest(workspace, [folder], stated=Entry(date=parse_date("1960"))).overruled == []
    if taken_back:
        ingest(workspace, [folder], forget=["date"])
    (folder / "manifest.toml").write_text("")
    ingest(workspace, [folder])
    assert workspace.table("versions")["date"].to_list() == [None if taken_back else "1960"]


def test_a_year_in_place_of_a_day_of_it_is_reported_and_a_day_in_place_of_its_year_is_not(
    workspace: Workspace, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, **{"1959-05-20": ENGLISH, "1959-05": ENGLISH})
    report = ingest(workspace, [folder], stated=Entry(date=parse_date("1959-05")))
    ((doc_id, overruled),) = report.overruled
    assert (doc_id, overruled.found, overruled.stated) == ("1959-05-20", "1959-05-20", "1959-05")
    report = ingest(workspace, [folder], stated=Entry(date=parse_date("1959-05-20")))
    assert report.overruled == []


def test_only_what_options_state_can_be_forgotten(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to forget is called title"):
        ingest(workspace, [folder_of(tmp_path, a=ENGLISH)], forget=["title"])
    assert not workspace.path.exists()


def test_a_page_of_html_that_is_called_a_text_is_read_as_a_page(workspace: Workspace, tmp_path: Path) -> None:
    page = f"<h1>We&nbsp;build</h1>\n<p>It is <b>so</b>.</p>\n<p>{ENGLISH}</p>"
    folder = folder_of(tmp_path, a=ENGLISH, page=page, menu="<html><body><nav>Home News</nav></body></html>")
    report = ingest(workspace, [folder])
    assert report.new == ["a", "page"]
    assert "menu.txt: no article in this page" in report.skipped[0].reason
    sentences = workspace.table("sentences").filter(doc_id="page")
    assert "It is so." in sentences["text"].to_list()
    assert not sentences.filter(pl.col("text").str.contains("[<>]")).height
    with pytest.raises(InputError, match="no article"):
        ingest(workspace, [folder / "menu.txt"])


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
def test_what_is_no_plain_file_is_skipped_by_name(workspace: Workspace, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, text=ENGLISH)
    os.mkfifo(folder / "pipe.txt")
    (folder / "endless.txt").symlink_to("/dev/zero")
    report = ingest(workspace, [folder])
    assert report.new == ["text"]
    assert sorted(Path(str(skipped).split(":")[0]).name for skipped in report.skipped) == [
        "endless.txt",
        "pipe.txt",
    ]
    with pytest.raises(
        InputError, match=r"pipe\.txt: not a plain file"
    ):  # as any named file that is not read
        ingest(workspace, [folder / "pipe.txt"])


@pytest.mark.parametrize("name", ["n" * 300 + ".txt", "字" * 120, "a\\u0000b"])
def test_a_manifest_entry_that_no_file_can_have_stops_nothing(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    folder = folder_of(tmp_path, text=ENGLISH)
    (folder / "manifest.toml").write_text(
        f'[[document]]\nfile = "{name}"\n\n[[document]]\nfile = "text.txt"\n'
    )
    report = ingest(workspace, [folder])
    assert report.new == ["text"]
    assert len([note for note in report.notes if "no file" in note]) == 1


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000, "x = {a = " * 200])
def test_a_hostile_manifest_is_an_error_with_its_name(
    workspace: Workspace, tmp_path: Path, text: str
) -> None:
    folder = folder_of(tmp_path, text=ENGLISH)
    (folder / "manifest.toml").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.toml: not a TOML file"):
        ingest(workspace, [folder])


@pytest.mark.parametrize("first", ["folder", "file"])
def test_a_file_of_no_known_ending_is_read_where_it_is_named_before_or_after_its_folder(
    workspace: Workspace, tmp_path: Path, first: str
) -> None:
    folder = tmp_path / "press"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge was repaired in 1959. It is long.", "utf-8")
    for name in ("b.log", "c.log"):
        (folder / name).write_text("The mill makes paper. It was built in 1961.", "utf-8")
    paths = [folder, folder / "b.log"]
    report = ingest(workspace, paths if first == "folder" else paths[::-1])
    assert sorted(report.new) == ["a", "b"]
    assert [Path(one.file).name for one in report.skipped] == ["c.log"]

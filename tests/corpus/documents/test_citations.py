"""Citations of the seeds, and places as results name them."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.base.resources import seeds_dir
from corpus.documents.citations import cite, cite_documents, cite_place
from corpus.documents.locations import find_place, passage_at
from corpus.documents.subcorpus import Selection
from corpus.ingestion.ingest import ingest
from corpus.ingestion.manifest import Entry
from corpus.store.snapshot import snapshot
from corpus.store.workspace import Workspace
from corpus.writers.bibtex import to_bibtex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran


@pytest.fixture(scope="module")
def seeds(built: Path) -> Workspace:
    return Workspace(built)


def cited(workspace: Workspace, *names: str) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in cite(workspace, names, Selection())}


def entries(bibtex: str) -> dict[str, dict[str, str]]:
    library = parse_string(bibtex)
    assert not library.failed_blocks
    return {entry.key: {field.key: str(field.value) for field in entry.fields} for entry in library.entries}


def test_a_document_is_cited_as_original_and_as_translation(seeds: Workspace) -> None:
    items = cited(seeds, "003")
    zh, en = items["003_ed76d6293c6aeeaa-zh"], items["003_ed76d6293c6aeeaa-en"]
    assert zh["issued"] == {"date-parts": [[1959, 5, 20]]}
    assert (zh["page"], zh["container-title"], zh["language"]) == ("5", "Xinhua News Agency", "zh")
    assert "issued" not in en  # the translation's own date is not known
    assert en["original-date"] == zh["issued"]
    assert en["original-title"] == zh["title"]
    assert "translation of 003_ed76d6293c6aeeaa-zh" in en["note"]
    assert f"snapshot {snapshot(seeds).texts}" in en["note"]
    assert "file seeds/003_ed76d6293c6aeeaa.txt (utf-8)" in zh["note"]


def test_a_date_stays_as_partial_as_it_is(seeds: Workspace) -> None:
    assert cited(seeds, "001")["001_5032777c36143267-en"]["issued"] == {"date-parts": [[2024]]}
    fields = entries(to_bibtex(cite_documents(seeds, Selection(docs=("001",)))))["001_5032777c36143267-en"]
    assert (fields["date"], fields["year"]) == ("2024", "2024")
    assert "month" not in fields


def test_a_translator_is_no_author(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((seeds_dir() / "003_ed76d6293c6aeeaa.txt").read_bytes())
    (tmp_path / "manifest.toml").write_text(
        '[[document]]\nfile = "a.txt"\noriginal = "zh"\n'
        '[document.versions.en]\nauthor = "A. Translator"\ndate = "2019-03"\n'
    )
    ingest(workspace, [tmp_path / "a.txt"])
    item = cited(workspace, "a")["a-en"]
    assert item["translator"] == [{"literal": "A. Translator"}]
    assert "author" not in item
    assert item["issued"] == {"date-parts": [[2019, 3]]}
    assert item["original-date"] == {"date-parts": [[1959, 5, 20]]}
    fields = entries(to_bibtex([item]))["a-en"]
    assert (fields["date"], fields["month"], fields["origdate"]) == ("2019-03", "mar", "1959-05-20")


def test_a_place_is_cited_with_its_pair(seeds: Workspace) -> None:
    place = find_place(seeds, "003:L33")
    assert place is not None
    zh, en = sorted(cite_place(seeds, place), key=lambda item: item["language"], reverse=True)
    text = (seeds_dir() / "003_ed76d6293c6aeeaa.txt").read_bytes().decode()
    # The whole bead of two sentences, not the one that was named.
    assert "bead 0 (2:1), score 0.99" in zh["note"]
    assert "code points 1677–1707" in zh["note"]
    assert text[1677:1707].split() == ["郡郡都办工厂", "加强国家经济", "朝鲜地方工业犹如雨后春笋"]
    assert "code points 7–141" in en["note"]
    assert f"beads {snapshot(seeds).beads}" in en["note"]


def test_every_sentence_can_be_cited_and_shown(seeds: Workspace) -> None:
    for row in seeds.table("sentences").iter_rows(named=True):
        place = find_place(seeds, f"{row['doc_id']}:{row['start']}")
        assert place is not None
        passage = passage_at(seeds, place)
        here = passage.sentences.filter("here").row(0, named=True)
        assert (here["text"], passage.version["version"]) == (row["text"], row["version"])
        assert 1 <= len(passage.sentences) <= 5
        assert cite_place(seeds, place)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("003:99999", "no sentence stands at that offset; the nearest: 003_ed76d6293c6aeeaa:"),
        ("003:L32", "no sentence begins on that line; the nearest: 003_ed76d6293c6aeeaa:L"),
        ("003:L3", r"left out of the text \(.+\); see: `show\('003_ed76d6293c6aeeaa', dropped=True\)`"),
        ("999:5", "no document '999'"),
    ],
)
def test_a_place_without_a_sentence_says_what_is_there(seeds: Workspace, name: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        cite(seeds, [name], Selection())


WRAPPED = """The kilns of the county were inspected in the spring, and the report on them was
printed in June, when the inspectors had come back from the last of the valleys that
they had gone to on foot. It counts two hundred and eleven kilns, and names all of their
potters.

The rest is silence.
"""


@pytest.mark.parametrize(("line", "begins"), [(1, 1), (2, 1), (3, 3), (4, 3), (6, 6)])
def test_a_line_in_mid_sentence_is_of_the_sentence_that_goes_on(
    workspace: Workspace, tmp_path: Path, line: int, begins: int
) -> None:
    (tmp_path / "a.txt").write_text(WRAPPED)
    ingest(workspace, [tmp_path / "a.txt"])
    place = find_place(workspace, f"a:L{line}")
    assert place is not None
    passage = passage_at(workspace, place)
    assert (passage.place.number, passage.sentences.filter("here")["line"].item()) == (begins, begins)
    assert cite_place(workspace, place) == cite_place(workspace, passage.place)


def test_without_the_file_that_was_read_a_line_in_mid_sentence_is_not_known(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(WRAPPED)
    ingest(workspace, [tmp_path / "a.txt"])
    (tmp_path / "a.txt").write_text("\n" + WRAPPED)
    place = find_place(workspace, "a:L4")
    assert place is not None
    with pytest.raises(CorpusError, match="no sentence begins on that line"):
        passage_at(workspace, place)


def test_a_blank_line_is_in_no_sentence(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WRAPPED)
    ingest(workspace, [tmp_path / "a.txt"])
    with pytest.raises(CorpusError, match="the nearest: a:L3, a:L6"):
        cite(workspace, ["a:L5"], Selection())


def test_the_command_says_which_sentence_it_took(
    cli: Callable[..., Ran], workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(WRAPPED)
    ingest(workspace, [tmp_path / "a.txt"])
    for command in ("show", "cite"):
        ran = cli(command, "a:L2", "-w", workspace.path)
        assert ran.code == 0, ran.err
        assert "a:L2: in the middle of the sentence that begins on line 1: a:L1" in ran.err


def test_a_document_whose_name_looks_like_a_place(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a:12.txt").write_text("Steel is made in a furnace of the plant by the river.")
    (tmp_path / "人民日报 1.txt").write_text("钢铁厂在河边炼钢，产量比去年增加一倍。")
    ingest(workspace, [tmp_path / "a:12.txt", tmp_path / "人民日报 1.txt"])
    assert find_place(workspace, "a:12") is None
    assert find_place(workspace, "a:12:7") is not None
    keys = list(cited(workspace))
    assert len(keys) == 2
    assert list(entries(to_bibtex(cite_documents(workspace)))) == keys


def test_keys_differ_where_bibtex_sees_no_difference(workspace: Workspace, tmp_path: Path) -> None:
    twice = "山区的小学去年建成了新的校舍。\n\n译文：\n\n山區的小學去年建成了新的校舍，學生們很高興。\n"
    for name, text in (("a", twice), ("Item", "Steel is made here."), ("item", "Steel is made there, too.")):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    ingest(workspace, [tmp_path / f"{name}.txt" for name in ("a", "Item", "item")])
    items = cite_documents(workspace)
    keys = [item["id"] for item in items]
    assert len({key.lower() for key in keys}) == len(keys) == 4
    assert {"a-zh-v0", "a-zh-v1"} < set(keys)
    (note,) = [item["note"] for item in items if item["id"] == "a-zh-v1"]
    assert "translation of a-zh-v0" in note
    assert list(entries(to_bibtex(items))) == keys


def test_days_from_one_to_another(workspace: Workspace, tmp_path: Path) -> None:
    text = "Survey of the Press\nMay 28 - June 3, 1964\npp. 3-4\n\nThe papers of the provinces were read in the week.\n"
    (tmp_path / "a.txt").write_text(text)
    ingest(workspace, [tmp_path / "a.txt"])
    (item,) = cite(workspace, ["a"], Selection())
    assert item["issued"] == {"date-parts": [[1964, 5, 28], [1964, 6, 3]]}
    fields = entries(to_bibtex([item]))["a-en"]
    assert (fields["date"], fields["year"], fields["month"]) == ("1964-05-28/1964-06-03", "1964", "may")
    assert (item["page"], fields["pages"]) == ("3-4", "3--4")


def test_what_is_undetermined_and_an_address_without_scheme(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("URL: www.example.org/a_b%20c\n\nAbc. Def.\n")
    ingest(workspace, [tmp_path / "a.txt"], stated=Entry(source="Smith & Sons_100%"))
    (item,) = cite(workspace, ["a"], Selection())
    assert "language" not in item
    fields = entries(to_bibtex([item]))[item["id"]]
    assert fields["url"] == "http://www.example.org/a_b%20c"  # verbatim: nothing is escaped there
    assert fields["journal"] == r"Smith \& Sons\_100\%"
    assert "langid" not in fields


def test_each_item_stands_once(seeds: Workspace) -> None:
    names = ["003", "003_ed76d6293c6aeeaa", "003:L33", "003:L34"]  # lines of one bead
    assert len(cited(seeds, *names)) == 4


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_title_is_an_entry_that_can_be_read(title: str) -> None:
    item = {"id": "k", "type": "article-newspaper", "title": title, "language": "en", "note": title}
    fields = entries(to_bibtex([item]))["k"]
    assert set(fields) == {"title", "langid", "note"}
    text = fields["note"]
    assert not any(  # no mark that TeX would act on
        mark in "%&$#_" and (place == 0 or text[place - 1] != "\\") for place, mark in enumerate(text)
    )


def test_items_are_json(seeds: Workspace) -> None:
    items = json.loads(json.dumps(cite_documents(seeds)))
    assert len({item["id"] for item in items}) == len(items) == 6
    assert all(item["type"] == "article-newspaper" for item in items)


def test_the_snapshot_is_of_the_texts_not_of_the_order(tmp_path: Path) -> None:
    files = sorted(path for path in seeds_dir().glob("*.txt"))
    digests = set()
    for number, order in enumerate(itertools.permutations(files[:3])):
        workspace = Workspace(tmp_path / str(number))
        for file in order:
            ingest(workspace, [file])
        digests.add(snapshot(workspace))
    (one,) = digests
    assert (one.beads, one.encoder) == (None, None)
    ingest(workspace, [files[3]])
    assert snapshot(workspace).texts != one.texts


def test_the_snapshot_tells_alignment_and_index(seeds: Workspace, workspace: Workspace) -> None:
    whole = snapshot(seeds)
    assert whole.beads is not None
    assert whole.encoder is not None
    assert whole.encoder.startswith("use ")
    assert len({whole.digest, whole.texts, whole.beads, snapshot(workspace).texts}) == 4

"""The front door: what a notebook does with a folder of texts."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.main import get_command

import corpus
from corpus import Corpus, CorpusError, WorkspaceError
from corpus.api.arguments import date_of, paths_of
from corpus.api.tables import Table
from corpus.base.errors import EmptyWorkspaceError
from corpus.cli import app
from corpus.text.dates import parse_date
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace


@pytest.fixture
def seeds(seeded: Workspace) -> Corpus:
    return Corpus(seeded.path)


def test_from_files_to_pairs_and_hits(tmp_path: Path) -> None:
    c = Corpus(tmp_path / "archive")
    assert repr(c).endswith("archive'): 0 documents")
    for number in ("002", "003"):
        (tmp_path / f"{number}.txt").write_text(seed_text(number), "utf-8")
    report = c.ingest(str(tmp_path / "002.txt"), [tmp_path / "003.txt"])
    assert report.new == ["002", "003"]
    pairs = c.align()
    assert pairs["score"].min() > 0.99  # type: ignore[operator]
    assert pairs.columns == [
        "doc_id", "date", "src_lang", "tgt_lang", "src", "tgt", "score", "bead", "src_ids", "tgt_ids", "flags",
    ]  # fmt: skip
    assert pairs["src_ids"].to_list()[:2] == ["0 1", "2"]
    hits = c.search("local industry", k=3)
    assert {"002", "003"} == set(hits["doc_id"])
    assert hits["rank"].to_list() == [1, 2, 3]
    for frame in (pairs, hits):
        assert pl.read_csv(frame.write_csv().encode()).height == len(frame)  # type: ignore[union-attr]
    assert c.export(tmp_path / "aligned.tsv") == len(pairs)
    assert (tmp_path / "aligned.tsv").read_text("utf-8").count("\n") == len(pairs) + 1
    assert c.remove("002") == ["002"]
    assert repr(c).endswith(": 1 document")


def test_details_are_all_columns(seeds: Corpus) -> None:
    assert "src_start" in seeds.pairs(details=True).columns
    assert seeds.pairs(details=True)["src_ids"].to_list()[0] == [0, 1]
    assert {"coverage", "places"} <= set(seeds.search("soap", details=True).columns)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: c.documents(), lambda c: c.sentences(lang="zh"), lambda c: c.pairs(), lambda c: c.search("soap"),
        lambda c: c.concordance("soap"), lambda c: c.words(lang="zh"), lambda c: c.collocates("factor*"),
        lambda c: c.terms(), lambda c: c.timeline("soap"), lambda c: c.trace("local industry"),
        lambda c: c.reprints(), lambda c: c.dropped("003"),
    ],
)  # fmt: skip
def test_what_looks_returns_a_polars_frame_that_says_what_it_rests_on(
    seeds: Corpus, ask: Callable[[Corpus], Table]
) -> None:
    found = ask(seeds)
    assert isinstance(found, pl.DataFrame)
    assert found.snapshot["texts"]
    assert str(found.snapshot["texts"]) in found._repr_html_()
    assert isinstance(found.write_csv(), str)
    again = pickle.loads(pickle.dumps(found))
    assert again.equals(found)
    assert again.snapshot == found.snapshot


def test_frames_made_of_a_result_are_plain(seeds: Corpus) -> None:
    found = seeds.words(lang="zh")
    assert found.filter(pl.col("n") > 3)["n"].min() > 3  # type: ignore[operator]
    assert Table(found.head(1)).snapshot == {}


def test_python_and_the_command_line_say_the_same(cli: Callable[..., object], seeds: Corpus) -> None:
    where = ["--workspace", str(seeds.workspace.path), "--json"]
    ran = cli("concordance", "local industry", "--since", "2023", "--once", *where)
    said = json.loads(ran.out)  # type: ignore[attr-defined]
    found = seeds.concordance("local industry", since=2023, once=True)
    assert said["lines"] == json.loads(json.dumps(found.to_dicts(), default=str))
    assert {name: said[name] for name in found.about if name in said} == json.loads(
        json.dumps(found.about, default=str)
    )
    hits = json.loads(cli("similar", "local industry", "-k", "4", *where).out)  # type: ignore[attr-defined]
    assert [hit["text"] for hit in hits] == seeds.search("local industry", k=4)["text"].to_list()


def test_without_refresh_nothing_is_made(tmp_path: Path) -> None:
    c = Corpus(tmp_path / "archive")
    (tmp_path / "003.txt").write_text(seed_text("003"), "utf-8")
    c.ingest(tmp_path)
    before = c.status()
    with pytest.raises(CorpusError, match="nothing is indexed yet"):
        c.search("工厂", refresh=False)
    assert c.pairs(refresh=False).is_empty()
    assert len(c.concordance("工厂", refresh=False)) > 5
    assert len(c.words(refresh=False)) > 50
    assert c.status().change == before.change
    done = c.refresh()
    assert done.encoded > 20
    assert c.refresh().encoded == 0
    assert len(c.pairs(refresh=False)) == 10
    assert c.search("工厂", refresh=False).height > 0


def test_refresh_reads_files_that_changed_and_names_those_that_are_gone(tmp_path: Path) -> None:
    c = Corpus(tmp_path / "archive")
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"The county makes soap number {name}.\n", "utf-8")
    c.ingest(tmp_path)
    (tmp_path / "a.txt").write_text("The county makes paper.\n", "utf-8")
    (tmp_path / "b.txt").unlink()
    (tmp_path / "c.txt").write_bytes(b"\x00\x01")
    done = c.refresh(align=False, index=False)
    assert (done.changed, len(done.gone), len(done.skipped)) == (("a",), 1, 1)
    assert c.sentences(doc="a")["text"].to_list() == ["The county makes paper."]
    assert c.sentences(doc=["b", "c"])["text"].to_list() == [
        "The county makes soap number b.", "The county makes soap number c.",
    ]  # fmt: skip
    assert c.refresh(align=False, index=False).changed == ()


def test_sentences_stand_where_they_say(seeds: Corpus) -> None:
    rows = seeds.sentences(since="1959", until="1959-12-31")
    assert set(rows["lang"]) == {"zh", "en"}
    text = seed_text("003")
    for row in rows.iter_rows(named=True):
        assert "".join(text[row["start"] : row["end"]].split()) == "".join(row["text"].split())


def test_places_and_citations(seeds: Corpus) -> None:
    passage = seeds.show("003:L34")
    assert "地方工业" in passage.sentences.filter(pl.col("here"))["text"].item()
    assert {item["id"] for item in seeds.cite("003")} == {
        f"{SEEDS['003'][:-4]}-{lang}" for lang in ("zh", "en")
    }
    with pytest.raises(CorpusError, match="names a document, and no place"):
        seeds.show("003")


def test_two_lists_of_sentences() -> None:
    found = corpus.align(
        ["工人们制造肥皂。", "学校在平壤。"],
        ["The workers make soap.", "The school is in Pyongyang."],
    )
    assert found["bead"].to_list() == ["1:1", "1:1"]
    assert corpus.align(["a b c"], ["d e f"], nulls=True, details=True)["src_ids"].to_list()[0] == [0]


def test_two_files(tmp_path: Path) -> None:
    (tmp_path / "zh.txt").write_text("工人们制造肥皂。\n学校在平壤。\n", "utf-8")
    (tmp_path / "en.txt").write_text("The workers make soap.\nThe school is in Pyongyang.\n", "utf-8")
    found = corpus.align(tmp_path / "zh.txt", str(tmp_path / "en.txt"))
    assert (found["src_lang"][0], found["tgt_lang"][0], len(found)) == ("zh", "en", 2)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda c: c.ingest(3), "a path is a str or a pathlib.Path, not int: 3"),
        (lambda c: c.ingest([b"a.txt"]), "a path is a str or a pathlib.Path, not bytes"),
        (lambda c: c.concordance(5), "a pattern is a str"),
        (lambda c: c.search("soap", since=3.5), "a date is like 1959"),
        (lambda c: c.words(doc=[3]), "doc is a str or a list of them, not int: 3"),
        (lambda _: corpus.align(["a"], "b.txt"), "two lists of sentences or two files"),
        (lambda _: corpus.align(["a", 3], ["b"]), "a sentence is a str, not int: 3"),  # type: ignore[list-item]
    ],
)
def test_a_wrong_type_says_what_is_right(seeds: Corpus, call: Callable[[Corpus], object], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        call(seeds)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda c: c.search("soap", mode="fuzzy"), "there are dense, lexical, hybrid"),
        (lambda c: c.search(" "), "empty"),
        (lambda c: c.timeline("soap*", dense=True), r"\* stands for nothing"),
        (lambda c: c.timeline("soap", dense=True, regex=True), "`regex=True` and `dense=True`: choose one"),
        (lambda c: c.trace("soap", part="far"), "there are forms, near, only, keyness, rows"),
        (lambda c: c.words(lang="ko"), "no text in 'ko' here"),
        (lambda c: c.ingest(), "nothing to ingest"),
        (lambda c: c.export("pairs.sdltm"), "no writer for .sdltm"),
    ],
)
def test_what_cannot_be_done_says_why(seeds: Corpus, call: Callable[[Corpus], object], says: str) -> None:
    with pytest.raises(CorpusError, match=says):
        call(seeds)


def test_an_empty_corpus_that_was_named_answers_nothing(tmp_path: Path) -> None:
    c = Corpus(tmp_path / "typo")
    for ask in (lambda: c.search("soap"), c.documents, c.refresh, c.align, c.words, c.check):
        with pytest.raises(EmptyWorkspaceError, match="no workspace there"):
            ask()
    assert not (tmp_path / "typo").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="not a folder"):
        Corpus(tmp_path / "file")


@pytest.mark.parametrize(
    "value",
    ["1959-05", 1959, dt.date(1959, 5, 20), dt.datetime(1959, 5, 20, 3, tzinfo=dt.UTC), parse_date("1959")],
)
def test_dates_may_be_given_as_users_have_them(value: object) -> None:
    assert str(date_of(value)).startswith("1959")  # type: ignore[arg-type]


def test_paths_may_be_given_one_by_one_or_in_lists(tmp_path: Path) -> None:
    assert paths_of(["a", [tmp_path, ["b"]]]) == [*paths_of(["a"]), tmp_path, *paths_of(["b"])]


# What a command says in another way in Python: where it prints, which workspace, and in which form.
OF_THE_COMMAND_LINE = {
    "workspace",
    "as_json",
    "tsv",
    "out",
    "help",
    "width",
    "examples",
    "executor",  # of a `Corpus`
    "paths",
    "docs",
    "places",
}
METHODS = {"similar": "search", "rm": "remove"}


@pytest.mark.parametrize(
    "name",
    ["ingest", "align", "similar", "export", "rm", "status", "check", "reprints", "concordance", "words",
     "collocates", "terms", "lexicon", "timeline", "trace", "cite", "link", "pair", "index"],
)  # fmt: skip
def test_options_have_the_names_of_arguments(name: str) -> None:
    command = get_command(app).commands[name]  # type: ignore[attr-defined]
    own = set(inspect.signature(getattr(Corpus, METHODS.get(name, name))).parameters)
    of_files = {"src", "tgt", "src_lang", "tgt_lang", "lines", "beads", "encoding", "columns", "header"}
    of_files |= {"keep", "pattern"}
    left_out = (
        OF_THE_COMMAND_LINE
        | (of_files if name == "align" else set())
        | ({"encoder"} if name == "export" else set())
        | ({"remove"} if name == "link" else set())  # `Corpus.unlink`
    )
    options = {parameter.name for parameter in command.params} - left_out
    assert options <= own


def test_the_public_names_are_listed_and_importing_is_free() -> None:
    assert dir(corpus) == sorted(corpus.__all__)
    code = (
        "import corpus, sys; print(corpus.Corpus.__name__ if '-v' in sys.argv else 'polars' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"

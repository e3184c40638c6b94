"""A workspace's own lexicon: made of its beads, used by searches, shown, and made again when they change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus import Corpus, CorpusError
from corpus.base.errors import CorpusWarning, InputError, WorkspaceError
from corpus.lexicons.own import OwnLexicons, is_stale
from corpus.linguistics import own_terms
from corpus.linguistics.own_terms import _rounded, update_lexicon
from corpus.search.searcher import open_searcher
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran


@pytest.fixture
def unread(seeded: Workspace) -> Workspace:
    """Return the seeds' workspace as it is before its terms are counted."""
    with seeded.change() as change:
        for name in [name for name in change.before.files if name.startswith("lexicon-")]:
            change.drop_file(name)
        change.note("lexicon", {})
    return seeded


@pytest.fixture
def termed(unread: Workspace) -> Workspace:
    assert is_stale(unread, always=False)
    assert update_lexicon(unread)
    return unread


def test_terms_of_the_beads_are_a_lexicon_both_ways(termed: Workspace) -> None:
    own = OwnLexicons(termed)
    there, back = own.terms("zh", "en"), own.terms("en", "zh")
    assert there is not None
    assert back is not None
    pairs = Corpus(termed.path).terms(min_count=3)
    assert 3 < len(pairs) < 20
    for row in pairs.iter_rows(named=True):
        found = {entry.word: entry for entry in there.translations(row["src"])}
        assert found[row["tgt"]].source == f"workspace:{row['linked']}"
        assert found[row["tgt"]].weight == pytest.approx(row["linked"] / (row["src_n"] + 2), abs=0.01)
        assert row["src"] in {entry.word for entry in back.translations(row["tgt"])}


def test_what_is_up_to_date_is_not_made_again(termed: Workspace) -> None:
    change = termed.state().change
    assert not is_stale(termed, always=True)
    c = Corpus(termed.path)
    c.align()
    c.searcher()
    assert termed.state().change == change


def test_it_follows_the_beads_at_align_and_at_an_index(tmp_path: Path) -> None:
    c = Corpus(tmp_path / "archive")
    (tmp_path / "002.txt").write_text(seed_text("002"), "utf-8")
    c.ingest(tmp_path / "002.txt")
    c.searcher()
    assert not OwnLexicons(c.workspace).of_beads
    (tmp_path / SEEDS["003"]).write_text(seed_text("003"), "utf-8")
    c.ingest(tmp_path / SEEDS["003"])
    assert c.searcher().lexicons.of_beads  # used at once
    c.remove(SEEDS["003"].removesuffix(".txt"))
    assert is_stale(c.workspace, always=False)
    c.searcher()
    assert not OwnLexicons(c.workspace).of_beads


def test_few_new_beads_wait_for_align(termed: Workspace) -> None:
    with termed.change() as change:
        noted = change.before.about["lexicon"]
        change.note("lexicon", noted | {"beads": "others"})
    assert not is_stale(termed, always=False)
    assert is_stale(termed, always=True)


def test_searches_go_by_it(termed: Workspace) -> None:
    (termed.path / "lexicon.tsv").write_text("zh\t肥皂\tde\tSeife\n", "utf-8")
    searcher = open_searcher(termed, refresh=False)
    shipped = open_searcher(termed, refresh=False).lexicons
    found = searcher.lexicons.open("zh", "en")
    assert found is not None
    known = [found.translations(word) for word in Corpus(termed.path).terms(min_count=3)["src"]]
    assert {entry.source[:10] for entries in known for entry in entries} > {"workspace:"}  # and shipped ones
    german = shipped.open("de", "zh")
    assert german is not None
    assert ("肥皂", 0.9, "lexicon.tsv:1") in german.translations("Seife")
    hits = searcher.find("县 工厂").hits
    assert any(said for said in hits["because"].to_list())


def test_a_forbidden_pair_is_not_searched_by(termed: Workspace) -> None:
    query = "factory"
    before = open_searcher(termed, refresh=False).find(query, k=50).hits
    said = {one for because in before["because"].to_list() for one in because if "=" in one}
    assert said
    lines = "".join(f"en\t{query}\tzh\t{one.split(' = ')[0]}\tno\n" for one in said)
    (termed.path / "lexicon.tsv").write_text(lines, "utf-8")
    after = open_searcher(termed, refresh=False).find(query, k=50).hits
    assert not said & {one for because in after["because"].to_list() for one in because}


def test_a_wrong_file_is_said_when_a_search_opens(termed: Workspace) -> None:
    (termed.path / "lexicon.tsv").write_text("zh\t肥皂\n", "utf-8")
    with pytest.raises(InputError, match=r"lexicon\.tsv:1: it has 2 columns"):
        open_searcher(termed, refresh=False)


def test_a_damaged_lexicon_is_said_passed_over_and_made_again(termed: Workspace) -> None:
    file = termed.file("lexicon-zh-en")
    assert file is not None
    file.write_bytes(file.read_bytes()[:-9] + b"\0" * 9 + b"more")
    with pytest.warns(CorpusWarning, match="without the workspace's own terms"):
        assert OwnLexicons(termed).terms("zh", "en") is None
    c = Corpus(termed.path)
    assert c.check()
    assert c.check(repair=True) == []
    assert is_stale(termed, always=False)
    c.searcher()
    assert OwnLexicons(termed).terms("zh", "en") is not None


def test_what_cannot_be_kept_is_not_counted(unread: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Workspace) -> None:
        msg = "cannot write"
        raise WorkspaceError(msg)

    counted: list[object] = []
    monkeypatch.setattr(type(unread), "locked", refused)
    monkeypatch.setattr(own_terms, "term_pairs", lambda *_, **__: counted.append(1))
    assert not update_lexicon(unread)
    assert not counted
    assert is_stale(unread, always=False)


def test_counts_have_few_names() -> None:
    rounded = {_rounded(count) for count in range(1, 100_000)} | {_rounded(10**9)}
    assert len(rounded) < 255
    assert all(_rounded(count) == count for count in range(1, 101))
    assert all(count * 0.6 <= _rounded(count) <= count for count in range(1, 30_000))


def test_the_command_shows_where_entries_come_from(cli: Callable[..., Ran], termed: Workspace) -> None:
    (termed.path / "lexicon.tsv").write_text("zh\t工厂\ten\tworks\t0.5\nzh\t工厂\ten\tfactory\tno\n", "utf-8")
    where = ["--workspace", str(termed.path)]
    ran = cli("lexicon", "工厂", "--lang", "zh", "--to", "en", "--json", *where)
    rows = json.loads(ran.out)["rows"]
    by_source = {row["source"]: row for row in rows if row["counts"]}
    assert by_source["lexicon.tsv:1"]["translation"] == "works"
    assert by_source["name"]["translation"] in {row["translation"] for row in rows}
    forbidden = {row["source"]: row for row in rows if not row["counts"]}
    assert forbidden["cc-cedict"]["licence"] == "CC-BY-SA-4.0"
    assert forbidden["beads"]["n"] >= 3
    assert forbidden["lexicon.tsv:2"]["weight"] == 0
    assert rows == json.loads(json.dumps(Corpus(termed.path).lexicon("工厂", lang="zh", to="en").to_dicts()))
    assert "cc-cedict (forbidden)" in cli("lexicon", "工厂", *where).out
    named = Corpus(termed.path).lexicon("金化")
    assert {"Kimhwa", "김화"} <= set(named.filter(source="variants.toml")["translation"])


def test_without_a_word_the_lexicons_are_listed(cli: Callable[..., Ran], termed: Workspace) -> None:
    (termed.path / "lexicon.tsv").write_text("zh\t工厂\ten\tworks\n", "utf-8")
    found = Corpus(termed.path).lexicon(lang="zh", to="en")
    assert {"beads", "lexicon.tsv"} <= set(found["source"])
    shipped = found.filter(found["source"].str.contains("cc-cedict"))
    assert shipped["pairs"].item() > 100_000
    assert "CC-BY-SA-4.0" in shipped["licence"].item()
    assert "cc-cedict" in cli("lexicon", "--workspace", termed.path).out


def test_what_no_lexicon_knows_is_said(cli: Callable[..., Ran], termed: Workspace) -> None:
    where = ["--workspace", str(termed.path)]
    ran = cli("lexicon", "xqzzv", *where)
    assert ran.code == 0
    assert "no lexicon knows 'xqzzv'" in ran.err
    with pytest.raises(CorpusError, match="no lexicon from xx; there are lexicons of de, en, fr"):
        Corpus(termed.path).lexicon("工厂", lang="xx")
    with pytest.raises(CorpusError, match="has no letter or digit"):
        Corpus(termed.path).lexicon("—")

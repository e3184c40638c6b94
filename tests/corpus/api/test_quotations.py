"""A quotation in another language: found, counted and shown as that language, in the version that quotes it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.documents.subcorpus import select_versions
from corpus.store.schemas import PART, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

STATEMENT = (
    "The United States Government will support its allies in the region. We shall not withdraw our troops."
)
TEXT = (
    "中国谴责这项声明\n\n新华社北京五月二十日电　美国国务院昨天发表了一项声明。全世界人民都不会相信这种谎言。\n\n"
    f"{STATEMENT}\n\n这项声明说明他们仍然坚持侵略政策。我们坚决反对这种政策。\n"
)
QUOTED = STATEMENT.replace(". ", ".\n").splitlines()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("quoted")
    (folder / "1958-05-20.txt").write_text(TEXT, "utf-8")
    made = Corpus(folder / "ws")
    made.ingest(folder / "1958-05-20.txt")
    return made


def test_sentences_and_versions(corpus: Corpus) -> None:
    assert corpus.documents()["lang"].to_list() == ["zh"]
    assert corpus.sentences(lang="en")["text"].to_list() == QUOTED
    chinese = corpus.sentences(lang="zh")["text"].to_list()
    assert corpus.sentences().height == len(QUOTED) + len(chinese)
    assert not set(chinese) & set(QUOTED)


def test_status_counts_them_under_their_language(corpus: Corpus) -> None:
    counts = corpus.status().counts
    assert dict(counts.select("lang", "versions").iter_rows()) == {"en": 0, "zh": 1}
    assert dict(counts.select("lang", "sentences").iter_rows()) == {"en": len(QUOTED), "zh": 5}


def test_they_are_found_by_meaning_and_by_words(corpus: Corpus) -> None:
    hits = corpus.similar("withdraw troops", lang="en")
    assert hits["text"][0].endswith(QUOTED[1])
    assert hits["lang"].unique().to_list() == ["en"]
    assert set(corpus.similar("侵略政策", lang="zh")["lang"]) == {"zh"}
    assert corpus.concordance("troop*", lang="en")["lang"].to_list() == ["en"]
    assert corpus.concordance("troop*", lang="zh").is_empty()
    assert corpus.concordance("声明", lang="en").is_empty()


def test_a_window_does_not_reach_over_the_end_of_a_quotation(corpus: Corpus) -> None:
    assert set(corpus.similar("withdraw troops", window=3)["text"]) <= {
        STATEMENT,
        *QUOTED,
        *corpus.sentences(lang="zh")["text"],
    }


def test_words_are_counted_in_their_language(corpus: Corpus) -> None:
    english = corpus.words(lang="en", min_count=1)
    assert "troops" in english["word"].to_list()
    assert set(english["lang"]) == {"en"}
    assert "troops" not in corpus.words(lang="zh", min_count=1)["word"].to_list()
    near = corpus.collocates("troops", min_count=1)
    assert set(near["lang"]) == {"en"}
    rows = corpus.timeline("troops", by="year")
    assert dict(rows.select("lang", "hits").iter_rows()) == {"en": 1, "zh": 0}
    assert dict(rows.select("lang", "words").iter_rows())["en"] == 17


def test_it_is_shown_where_it_stands_and_cited_as_its_version(corpus: Corpus) -> None:
    passage = corpus.show(f"1958-05-20:{TEXT.index('We shall')}")
    assert passage.paragraph["lang"] == "en"
    assert passage.version["lang"] == "zh"
    assert [item["language"] for item in corpus.cite(lang="en")] == ["zh"]
    assert corpus.check() == []


def test_the_command_shows_it_in_the_order_of_the_text(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert cli("ingest", "a.txt").code == 0
    shown = cli("show", "a").out.replace("\n", "")
    places = [shown.index(text) for text in ("相信这种谎言", "The United States", "侵略政策")]
    assert places == sorted(places)
    assert QUOTED[1] in cli("similar", "withdraw troops", "--lang", "en").out


def test_a_workspace_without_the_column_is_read_as_before(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(corpus.workspace.path, tmp_path / "old")
    old = Corpus(tmp_path / "old")
    table = old.workspace.table("sentences")
    documents = old.workspace.table("documents")
    with monkeypatch.context() as patch, old.workspace.change() as change:
        for name, frame, new in (("sentences", table, "quoted"), ("documents", documents, "translated")):
            patch.setitem(SCHEMAS, name, frame.drop(new).schema)
            change.put_table(name, frame.drop(new))
    assert select_versions(old.workspace).versions.select(PART).rows() == [("1958-05-20", 0, None)]
    assert old.sentences()["lang"].to_list() == ["zh"] * len(table)
    assert old.concordance("troop*")["lang"].to_list() == ["zh"]
    assert old.documents().height == 1

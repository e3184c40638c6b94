"""A near miss is said, in the corpus's own words, and never searched for."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.search.searcher import open_searcher
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.search.searcher import Searcher
    from tests.conftest import Ran


@pytest.fixture(scope="module")
def searcher(built: Path) -> Searcher:
    return open_searcher(Workspace(built), refresh=False, mode="lexical")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("facotry", "factory"),
        ("Pyongyng", "pyongyang"),
        ("bambo shoots", "bamboo shoots"),
        ("workers in factries", "workers in factories"),
        ("necesities of lief", "necessities of lief"),
        ("indutry 工业", "industry 工业"),
        ("bamboo shoots", None),  # as it is
        ("factorys", None),  # a form of a word that is there
        ("fungus", None),  # nothing is near
        ("causal", None),  # near a word of the corpus, perhaps, and in a lexicon
        ("Gimhwa", None),  # a variant
        ("regoinal", "regional"),
        ("iorn", "iron"),
        ("fod", None),  # too short to tell
        ("地方工叶", None),
        ("1959", None),
    ],
)
def test_what_was_meant(searcher: Searcher, query: str, meant: str | None) -> None:
    assert searcher.find(query).meant == meant


def test_words_that_are_gone_are_not_proposed(seeded: Workspace) -> None:
    c = Corpus(seeded.path)
    assert c.search("bambo", mode="lexical").about["meant"] == "bamboo"
    c.remove("003")
    assert c.search("bambo", mode="lexical").about["meant"] is None


def test_what_the_user_wrote_down_is_no_slip(seeded: Workspace) -> None:
    (seeded.path / "lexicon.tsv").write_text("en\tbambo\tzh\t竹\n", "utf-8")
    assert open_searcher(seeded, refresh=False, mode="lexical").find("bambo").meant is None


def test_an_older_index_proposes_nothing(seeded: Workspace) -> None:
    searcher = open_searcher(seeded, refresh=False, mode="lexical")
    for segment in searcher.segments:
        segment.__dict__["letters"] = None
    assert searcher.find("bambo").meant is None


def test_the_command_says_it_and_searches_for_what_was_asked(
    cli: Callable[..., Ran], seeded: Workspace
) -> None:
    where = ["--workspace", str(seeded.path), "--mode", "lexical", "--json"]
    ran = cli("similar", "facotry", *where)
    assert "did you mean 'factory'?" in ran.err
    assert json.loads(ran.out) == []
    answers = cli("similar", "-", *where, stdin=b"facotry\nfactory\n").out.splitlines()
    assert [json.loads(answer)["meant"] for answer in answers] == ["factory", None]


def test_a_chinese_query_loads_no_dictionary(built: Path) -> None:
    code = (
        "import sys; from corpus.store.workspace import Workspace; from corpus.search.searcher import similar;"
        f"from pathlib import Path; similar(Workspace(Path({str(built)!r})), '洪水灾后恢复 1964年');"
        "sys.exit('jieba' in sys.modules and sys.modules['jieba'].dt.initialized)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

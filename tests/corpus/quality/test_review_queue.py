"""The least certain beads come first, over all documents, until somebody judged them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError
from corpus.cli.commands.pairs.review_asking import ask
from corpus.documents.pairs import without_nulls, workspace_pairs
from corpus.ingestion.ingest import ingest
from corpus.quality.corrections import set_bead
from corpus.quality.review_queue import next_beads
from corpus.quality.reviews import Review, document_beads, list_reviews, record
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")


@pytest.fixture
def several(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Return a workspace of the bilingual seed and of one of which a sentence is not translated."""
    text = seed_text("003")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (tmp_path / "b.txt").write_text(text.replace("At present, North Korea's", "Formerly, all"), "utf-8")
    ingest(workspace, [tmp_path / "a.txt", tmp_path / "b.txt"])
    align_missing(workspace)
    return workspace


def test_the_least_certain_come_first_over_all_documents(
    several: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = without_nulls(workspace_pairs(several))["score"].sort()
    found = next_beads(several, 100)
    assert found["score"].to_list() == scores.to_list()
    assert set(found["doc_id"]) == {"a", "b"}
    monkeypatch.setattr("corpus.quality.review_queue._FEWEST", 1)  # as if there were very many
    assert next_beads(several, 3).equals(found.head(3))
    first, second = found.head(2).to_dicts()
    record(several, [Review(first["doc_id"], first["src"], first["tgt"], right=False)])
    ids = (",".join(map(str, second[name])) for name in ("src_ids", "tgt_ids"))
    set_bead(several, second["doc_id"], str(second["number"]), ":".join(ids))
    judged = {first["review"], second["review"]}
    assert judged.isdisjoint(next_beads(several, 100)["review"])
    with pytest.raises(CorpusError, match="one bead at least"):
        next_beads(several, 0)


def test_the_command_serves_them(cli: Callable[..., Ran], seeded: Workspace) -> None:
    rows = json.loads(cli("review", "--next", "-k", "3", "--json").out)
    assert [row["score"] for row in rows] == sorted(row["score"] for row in rows)
    assert {"doc_id", "number", "src", "tgt", "src_ids", "tgt_ids", "src_lang", "flags"} <= rows[0].keys()
    ran = cli("review", "--next", "-k", "3")
    assert (ran.code, ran.out.count(DOC)) == (0, 3)
    for number in range(10):
        assert cli("review", "003", str(number), "right").code == 0
    ran = cli("review", "--next")
    assert (ran.out, "every bead with two sides was judged" in ran.err) == ("", True)
    ran = cli("review", "003", "--next")
    assert (ran.code, "one of them" in ran.err) == (1, True)


def test_nothing_aligned_is_said(cli: Callable[..., Ran], workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(seed_text("003"), "utf-8")
    assert cli("ingest", "a.txt").code == 0
    ran = cli("review", "--next")
    assert (ran.code, "nothing is aligned yet: corpus align" in ran.err) == (1, True)


def scripted(*answers: str) -> Callable[[str], str]:
    """Return what answers like a person at a terminal, and ends the input after the last answer."""
    left = [*answers]

    def read(_prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    return read


def test_a_terminal_asks_about_one_after_the_other(seeded: Workspace) -> None:
    first, second, third = next_beads(seeded, 3).to_dicts()
    told = ask(seeded, 3, None, "A. Reader", scripted("y", "what?", "n", "s"))
    assert told == {"right": 1, "wrong": 1, "set": 0, "left": 1}
    kept = {row["review"]: (row["right"], row["by"]) for row in list_reviews(seeded).to_dicts()}
    assert kept == {first["review"]: (True, "A. Reader"), second["review"]: (False, "A. Reader")}
    assert next_beads(seeded, 1)["review"].to_list() == [third["review"]]


def test_what_was_said_is_taken_back_and_said_anew(seeded: Workspace) -> None:
    (first,) = next_beads(seeded, 1).to_dicts()
    told = ask(seeded, 5, None, None, scripted("u", "n", "u", "y"))
    assert told == {"right": 1, "wrong": 0, "set": 0, "left": 0}
    assert list_reviews(seeded)["review"].to_list() == [first["review"]]


def test_a_bead_is_set_where_it_is_asked_about(seeded: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (first,) = next_beads(seeded, 1).to_dicts()
    src, tgt = first["src_ids"][0], first["tgt_ids"][0]
    told = ask(seeded, 2, None, None, scripted("900:900", f"{src}:", "u", f"{src}:{tgt}", "q"))
    assert told["set"] == 1
    assert "corpus: " in capsys.readouterr().err  # sentence 900 is not there
    beads = document_beads(seeded, first["doc_id"]).filter("set")
    assert [(row["src_ids"], row["tgt_ids"]) for row in beads.to_dicts()] == [([src], [tgt])]


def test_on_a_terminal_the_command_asks(
    cli: Callable[..., Ran], seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.cli.commands.pairs.review._asks", lambda: True)
    monkeypatch.setattr("builtins.input", scripted("y", "q"))
    ran = cli("review", "--next", "--by", "A. Reader")
    assert (ran.code, "1 right" in ran.err) == (0, True)
    assert list_reviews(seeded)["by"].to_list() == ["A. Reader"]

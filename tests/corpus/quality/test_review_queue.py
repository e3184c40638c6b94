"""The least certain beads come first, over all documents, until somebody judged them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError
from corpus.documents.pairs import without_nulls, workspace_pairs
from corpus.ingestion.ingest import ingest
from corpus.quality.corrections import set_bead
from corpus.quality.review_queue import next_beads
from corpus.quality.reviews import Review, record
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

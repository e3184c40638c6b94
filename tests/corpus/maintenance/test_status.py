"""What a workspace holds, and what is stale."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corpus.ingestion.ingest import ingest, remove
from corpus.maintenance.status import status
from corpus.search.searcher import similar
from tests.conftest import seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran


def test_the_seeds_are_counted(seeded: Workspace) -> None:
    found = status(seeded)
    assert (found.documents, found.versions, found.pairs, found.bilingual) == (5, 6, 10, 1)
    assert (found.seeds, found.unaligned, found.outdated, found.unindexed) == (True, 0, 0, 0)
    assert found.sentences == len(seeded.table("sentences")) == found.counts["sentences"].sum()
    # The English of the 1959 item has no date of its own: it is its original's.
    assert found.counts.select("lang", "decade", "versions").rows() == [
        ("en", "1950s", 1),
        ("en", "2020s", 4),
        ("zh", "1950s", 1),
    ]
    assert [about["encoder"] for about in found.indexes.values()] == ["use"]
    assert found.disk["tables"] > 10_000
    assert found.disk["embeddings"] > 0


def test_an_empty_workspace_stays_unmade(workspace: Workspace) -> None:
    found = status(workspace)
    assert (found.documents, found.sentences, found.unindexed) == (0, 0, 0)
    assert sum(found.disk.values()) == 0
    assert not workspace.path.exists()


def test_what_is_stale_is_counted(seeded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.alignment.settings.aligner_name", lambda encoder, _: f"{encoder} of tomorrow")
    assert (status(seeded).unaligned, status(seeded).outdated) == (0, 1)
    monkeypatch.undo()
    (tmp_path / "item.txt").write_text(
        seed_text("003") + "\nA sentence that nobody has seen before.\n", "utf-8"
    )
    ingest(seeded, [tmp_path / "item.txt"])
    found = status(seeded)
    assert (found.seeds, found.documents, found.unaligned, found.outdated) == (False, 1, 1, 0)
    assert found.unindexed == 1
    similar(seeded, "soap")
    assert (status(seeded).unaligned, status(seeded).unindexed) == (0, 0)
    remove(seeded, ["item"])
    assert status(seeded).documents == 0


def test_the_command(cli: Callable[..., Ran], seeded: Workspace) -> None:
    ran = cli("status")
    assert ran.code == 0
    assert "5 documents; the seeds: nothing is ingested" in ran.out
    assert "0 different sentences not indexed" in ran.out
    found = json.loads(cli("status", "--json").out)
    assert found["documents"] == 5
    assert found["counts"][0] == {"lang": "en", "decade": "1950s", "versions": 1, "sentences": 11}

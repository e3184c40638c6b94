"""Two people's reviews of copies come together; what contradicts one's own is listed and left."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from corpus.ingestion.ingest import remove
from corpus.quality.corrections import set_bead
from corpus.quality.review_merge import merge_reviews
from corpus.quality.reviews import Review, document_beads, record
from corpus.store.workspace import Workspace
from tests.conftest import SEEDS
from tests.corpus.quality.test_corrections import judge, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")


@pytest.fixture
def theirs(built: Path, tmp_path: Path) -> Workspace:
    """Return another copy of the seeds' workspace."""
    return Workspace(shutil.copytree(built, tmp_path / "other" / ".corpus"))


def test_what_the_other_said_is_taken_and_aligned_around(seeded: Workspace, theirs: Workspace) -> None:
    judge(seeded, 0, right=True)
    judge(theirs, 0, right=True)
    judge(theirs, 1, right=False)
    set_bead(theirs, DOC, "5", "6:6", note="a clause", by="B. Reader")
    before = theirs.state()
    done = merge_reviews(seeded, theirs)
    assert (len(done.new), len(done.same), done.conflicts) == (2, 1, [])
    assert said(seeded) == {"0,1:0": "right", "6:6": "set"} | {
        bead: verdict for bead, verdict in said(seeded).items() if verdict == "wrong"
    }
    assert seeded.table("reviews").equals(theirs.table("reviews"))
    assert theirs.state() == before
    again = merge_reviews(seeded, theirs)
    assert (again.new, len(again.same)) == ([], 3)


def test_what_contradicts_is_listed_and_left(seeded: Workspace, theirs: Workspace) -> None:
    judge(seeded, 0, right=True)
    judge(seeded, 4, right=True)
    judge(seeded, 2, right=False)
    set_bead(seeded, DOC, None, "6:5,6")
    set_bead(seeded, DOC, None, "9:8")
    judge(theirs, 0, right=False)
    judge(theirs, 2, right=True)
    row = document_beads(theirs, DOC).row(5, named=True)
    record(theirs, [Review(DOC, row["src"], row["tgt"], right=False, by="B. Reader")])
    set_bead(theirs, DOC, None, "5:4; 8:9")
    set_bead(theirs, DOC, None, "4:3")
    before = seeded.table("reviews")
    done = merge_reviews(seeded, theirs)
    assert {(one.ours, one.theirs) for one in done.conflicts} == {
        ("right 0,1:0", "wrong 0,1:0"), ("wrong 3:2", "right 3:2"), ("set 6:5,6", "wrong 6:5,6"),
        ("set 9:8", "set 8:9"),
    }  # fmt: skip
    mine = {row["review"]: row for row in before.to_dicts()}
    now = {row["review"]: row for row in seeded.table("reviews").to_dicts()}
    assert {review: now[review] | {"places": None} for review in mine} == {
        review: row | {"places": None} for review, row in mine.items()
    }
    # A bead that both hold to be right is set, as one of them did.
    assert said(seeded)["5:4"] == "set"
    assert said(seeded)["4:3"] == "set"
    assert len(done.changed) == 1


def test_the_command_lists_conflicts(cli: Callable[..., Ran], seeded: Workspace, theirs: Workspace) -> None:
    set_bead(seeded, DOC, None, "6:6")
    set_bead(theirs, DOC, None, "6:5,6", by="B. Reader")
    judge(theirs, 0, right=True)
    ran = cli("review", "--from", "other")  # the folder that the workspace is in
    assert ran.code == 0
    assert "1 new, 0 added to, 0 known already, 1 not taken" in ran.err
    assert f"{DOC}: ours set 6:6 (" in ran.out
    assert "theirs set 6:5,6 by B. Reader (" in ran.out
    facts = json.loads(cli("review", "--from", "other/.corpus", "--json").out)
    assert (len(facts["same"]), len(facts["conflicts"])) == (1, 1)
    remove(seeded, [DOC])
    ran = cli("review", "--from", "other")
    assert f"left out 2 of documents that are not here: {DOC}" in ran.err
    for args, message in (
        (("--from", "nowhere"), "no workspace there"),
        (("--from", "."), "is this workspace"),
        (("--from", "other", "--list"), "one of them"),
    ):
        ran = cli("review", *args)
        assert (ran.code, message in ran.err) == (1, True), ran.err

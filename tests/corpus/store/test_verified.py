"""What is damaged is not searched: a file is compared with its checksum when it may have changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import CorpusWarning, WorkspaceError
from corpus.maintenance.repair import repair
from corpus.search.searcher import open_searcher, similar
from corpus.store import verified
from corpus.store.integrity import check
from corpus.store.verified import ensure_whole

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

WORDS = ("rows.parquet", "scores.npy", "texts.npy", "starts.npy", "lengths.npy", "terms.parquet")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)


def hits(workspace: Workspace, query: str = "工业") -> list[tuple[object, ...]]:
    return (
        similar(workspace, query, mode="lexical").hits.select("doc_id", "lang", "line", "text", "bm25").rows()
    )


@pytest.mark.parametrize("name", WORDS)
def test_a_flipped_byte_in_the_words_is_repaired_and_the_answers_are_the_same(
    seeded: Workspace, name: str
) -> None:
    before = hits(seeded)
    assert before
    folder = seeded.file("rows-000001")
    assert folder is not None
    flip(folder / name)
    assert [fault.kind for fault in check(seeded)] == ["file"]
    repair(seeded, check(seeded))
    assert check(seeded) == []
    assert hits(seeded) == before


@pytest.mark.parametrize("name", [*WORDS, "removed", "index"])
def test_a_search_says_that_the_index_is_damaged_and_makes_it_again(seeded: Workspace, name: str) -> None:
    before = similar(seeded, "local industry").hits
    file = seeded.file("rows-000001" if name in WORDS else "index-000001" if name == "index" else name)
    assert file is not None
    flip(file / name if name in WORDS else file)
    with pytest.warns(CorpusWarning, match="damaged or lost of the index: .*; made again"):
        after = similar(seeded, "local industry").hits
    assert after.equals(before)
    assert check(seeded) == []


def test_an_index_without_rows_is_not_taken_for_one_of_all_sentences(seeded: Workspace) -> None:
    before = hits(seeded)
    with seeded.change() as change:  # as a repair left it that was believed by its own word
        change.drop_file("rows-000001")
        change.drop_file("index-000001")
    assert [fault.kind for fault in check(seeded)] == ["index"]
    with pytest.warns(CorpusWarning, match="holds 0 of the"):
        assert hits(seeded) == before
    assert check(seeded) == []


def test_a_search_that_makes_nothing_says_what_it_cannot_search(seeded: Workspace) -> None:
    file = seeded.file("index-000001")
    assert file is not None
    file.unlink()
    with (
        pytest.warns(CorpusWarning, match="not all texts are searched"),
        pytest.raises(Exception, match="nothing"),
    ):
        open_searcher(seeded, refresh=False)


def test_a_damaged_table_is_met_before_it_is_read(seeded: Workspace) -> None:
    (segment, *_) = seeded.state().segments("sentences")
    flip(seeded.path / segment.stored.file)
    with pytest.raises(WorkspaceError, match="its content is not what was written"):
        seeded.scan("sentences")


def test_a_file_is_read_through_once_and_again_when_its_time_changes(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    monkeypatch.setattr(verified, "verify", lambda _, stored: compared.append(stored.file))
    monkeypatch.setattr(verified, "_noted", {})  # as in another process
    stored = seeded.state().segments("beads")[0].stored
    ensure_whole(seeded.path, stored)
    assert compared == []  # it was noted as it was written, and the copy of the workspace kept its time
    os.utime(seeded.path / stored.file, ns=(1, 1))
    for _ in range(2):
        ensure_whole(seeded.path, stored)
        monkeypatch.setattr(verified, "_noted", {})
    assert compared == [stored.file]


@pytest.mark.parametrize("content", [b"", b"\xff\0 nothing\n\n", None])
def test_the_notes_of_what_is_whole_may_be_lost(seeded: Workspace, content: bytes | None) -> None:
    before = hits(seeded)
    notes = seeded.path / verified.NAME
    notes.unlink() if content is None else notes.write_bytes(content)
    assert check(seeded) == []
    assert hits(seeded) == before

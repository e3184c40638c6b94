"""Links and pairing from a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.base.errors import CorpusError
from tests.corpus.alignment.test_incremental import plain, versions

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def archive(tmp_path: Path) -> Corpus:
    for name, version in zip(("a17.txt", "b9.txt"), versions(), strict=True):
        (tmp_path / name).write_text(plain(version), "utf-8")
    found = Corpus(tmp_path / ".corpus")
    found.ingest(tmp_path / "a17.txt", tmp_path / "b9.txt")
    return found


def test_what_is_linked_is_aligned_until_it_is_unlinked(archive: Corpus, tmp_path: Path) -> None:
    archive.link("b9", "a17.txt", original="a17", note="seen")
    assert archive.links().select("a", "b", "original", "note", "state").rows() == [
        ("a17", "b9", "a17", "seen", "linked")
    ]
    assert len(archive.align(langs="zh-en")) == 10
    (copy,) = archive.workspace.path.glob("links-*.jsonl")
    kept = tmp_path / "links.jsonl"
    kept.write_bytes(copy.read_bytes())
    archive.unlink("a17", "b9")
    assert archive.links().is_empty()
    assert archive.pairs(refresh=False).is_empty()
    assert len(archive.link(file=kept).new) == 1
    kept.write_bytes(kept.read_bytes().replace(b"a17", b"a18"))
    with pytest.raises(CorpusError, match=r"links\.jsonl: line 1"):
        archive.link(file=kept)
    with pytest.raises(CorpusError, match="two documents"):
        archive.link("a17")
    with pytest.raises(CorpusError, match="like zh-en"):
        archive.align(langs="zh")


def test_pairs_are_found_and_kept(archive: Corpus) -> None:
    found = archive.pair()
    assert found.select("a", "b", "accepted", "kind").rows() == [("b9", "a17", True, "whole")]
    assert archive.links().is_empty()
    archive.pair(langs=["zh-en"], accept=True)
    assert archive.links()["by"].to_list() == ["corpus pair"]
    assert archive.pair().is_empty()

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus import Corpus
from corpus.documents.reading import READ, read_stretch
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

DOC = "003_ed76d6293c6aeeaa"


def test_a_stretch_is_the_beads_in_order(built: Path) -> None:
    space = Workspace(built)
    whole = read_stretch(space, DOC)
    assert whole.rows.schema == READ
    assert whole.total == len(whole.rows) == 10
    assert [whole.pairs[0].src_lang, whole.pairs[0].tgt_lang] == ["zh", "en"]
    ids = [one["sentence"] for row in whole.rows["tgt"] for one in row]
    assert ids == sorted(ids) == list(range(11))
    parts = [read_stretch(space, DOC, first=first, count=3).rows for first in range(0, 10, 3)]
    assert pl.concat(parts).equals(whole.rows)


def test_a_place_is_found_by_the_line_in_its_file(built: Path) -> None:
    space = Workspace(built)
    whole = read_stretch(space, DOC)
    last = whole.rows["src"][9][-1]
    assert read_stretch(space, DOC, line=last["line"], count=4).first == 6
    assert read_stretch(space, DOC, line=1, count=4).first == 0
    assert read_stretch(space, DOC, first=99).rows["number"].to_list() == [9]


def test_what_is_not_aligned_is_read_by_paragraph(built: Path) -> None:
    found = read_stretch(Workspace(built), "001_5032777c36143267")
    assert [found.pairs[0].tgt, found.rows["score"].null_count()] == [None, len(found.rows)]
    assert all(row[0]["begins"] for row in found.rows["src"])
    sentences = Corpus(built).sentences(doc="001")
    assert [one["text"] for row in found.rows["src"] for one in row] == sentences["text"].to_list()


def test_a_linked_document_is_read_from_either_side(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / ".corpus")
    src = corpus.add_pair(
        ("a.zh.txt", "工厂去年生产了钢。工人们很高兴。"),
        ("b.en.txt", "The factory made steel last year. The workers were happy."),
    )
    other = read_stretch(corpus.workspace, "b.en")
    assert src == "a.zh"
    assert other.pairs[0].src == ("a.zh", 0)
    assert other.rows.equals(read_stretch(corpus.workspace, "a.zh").rows)
    assert {row["doc_id"] for row in other.versions} == {"a.zh", "b.en"}

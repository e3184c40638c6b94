"""DOCX as python-docx reads it: a heading and a table of two columns a document."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from corpus.documents.pairs import all_pairs, without_nulls, workspace_pairs
from corpus.writers.base import WriteOptions, write_pairs
from tests.corpus.writers.making import hostile

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace


def test_tables_hold_the_pairs(seeded: Workspace, tmp_path: Path) -> None:
    write_pairs(
        [all_pairs(seeded), hostile()], tmp_path / "p.docx", "docx", WriteOptions(title="<Two> & more")
    )
    document = docx.Document(str(tmp_path / "p.docx"))
    styles = [(p.text, str(p.style.name if p.style else "")) for p in document.paragraphs]
    headings = [text for text, style in styles if style.startswith(("Heading", "Title"))]
    assert headings == ["<Two> & more", *workspace_pairs(seeded)["doc_id"].unique(), "a <b> & c"]
    wanted = [
        without_nulls(workspace_pairs(seeded)).select("src", "tgt").rows(),
        without_nulls(hostile().pairs).select("src", "tgt").rows(),
    ]
    for table, pairs in zip(document.tables, wanted, strict=True):
        assert len(table.columns) == 2
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        shown = [[text.replace("\x02", "\ufffd") for text in pair] for pair in pairs]
        assert cells[1:] == shown
    langs = {
        lang.get(qn("w:eastAsia")) or lang.get(qn("w:val")) for lang in document.element.iter(qn("w:lang"))
    }
    assert langs == {"zh-CN", "en"}


def test_equal_pairs_make_equal_files_part_by_part(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_pairs([hostile()], tmp_path / f"{name}.docx", "docx")
    parts = [
        {info.filename: file.read(info) for info in file.infolist()}
        for file in (zipfile.ZipFile(tmp_path / "a.docx"), zipfile.ZipFile(tmp_path / "b.docx"))
    ]
    assert parts[0] == parts[1]


def test_no_pairs_make_a_document_without_tables(tmp_path: Path) -> None:
    write_pairs([], tmp_path / "p.docx", "docx")
    assert not docx.Document(str(tmp_path / "p.docx")).tables

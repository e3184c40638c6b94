"""Documents of an office come in by the command, and their places are shown and cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fpdf

from tests.corpus.readers.making import make_docx, make_epub, make_odt, make_rtf, make_srt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

PARAGRAPHS = [
    "The bridge over the river was repaired in spring by the workers of the county.",
    "It is long, and many people cross it every day on their way to the factories.",
]


def make_pdf() -> bytes:
    pdf = fpdf.FPDF()
    for paragraph in PARAGRAPHS:
        pdf.add_page()
        pdf.set_font("times", size=12)
        pdf.multi_cell(0, 6, paragraph)
    return bytes(pdf.output())


def test_places_of_documents_are_shown_and_cited(cli: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    files = {
        "word.docx": (make_docx(PARAGRAPHS), "paragraph 2"),
        "open.odt": (make_odt(PARAGRAPHS), "paragraph 2"),
        "rich.rtf": (make_rtf(PARAGRAPHS), "paragraph 2"),
        "book.epub": (make_epub(PARAGRAPHS), "chapter 2 paragraph 1"),
        "film.srt": (make_srt(PARAGRAPHS), "cue 2 00:02:00.000"),
        "print.pdf": (make_pdf(), "page 2"),
    }
    for name, (data, _) in files.items():
        (folder / name).write_bytes(data)
    (folder / "broken.docx").write_bytes(files["word.docx"][0][:-400])
    (folder / "locked.doc").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    )
    (folder / "really.docx").write_bytes(files["rich.rtf"][0])  # what a file is, its content says
    ran = cli("ingest", folder)
    assert ran.code == 1
    assert "documents: 7 new, 0 changed, 0 unchanged, 2 skipped" in ran.out + ran.err
    assert "broken.docx: a Word document that is cut off or damaged" in ran.err
    assert "locked.doc: not a Word document but one under a password" in ran.err
    for name, (_, place) in files.items():
        shown = cli("show", f"{name.partition('.')[0]}:{place}")
        assert shown.code == 0, shown.err
        assert "It is long" in shown.out
        assert place in shown.out
    cited = cli("cite", "print:page 2")
    assert cited.code == 0
    assert "page 2" in cited.out
    assert "The bridge" in cli("show", "really").out
    assert "0 new, 0 changed, 7 unchanged" in cli("ingest", folder).err

"""PDFs made by another program come out as they were written: paragraphs, columns, without what a printer adds."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import fpdf
import pypdfium2
import pytest

from corpus.base.errors import InputError
from corpus.ingestion.reading.document import read_document
from corpus.readers.pdf.reader import read_pdf
from corpus.text.spans import squeeze
from tests.conftest import seed_text
from tests.corpus.readers.test_documents import mutations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers.base import Extract

CJK = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
needs_cjk = pytest.mark.skipif(not CJK.exists(), reason="no font with Chinese characters: fonts-noto-cjk")

# What the fonts that every reader of PDFs has can write.
_PLAIN = str.maketrans("’‘“”–—…×", "''\"\"--.x")


def paragraphs_of(number: str) -> list[str]:
    return [
        line
        for line in map(squeeze, seed_text(number).translate(_PLAIN).splitlines())
        if line.isascii() and line
    ]


def read(data: bytes) -> Extract:
    (extract,) = read_pdf(data, Path("a.pdf"))
    return extract


def blocks(extract: Extract) -> list[str]:
    return [block.removeprefix("# ") for block in extract.text.rstrip("\n").split("\n\n")]


class Printed(fpdf.FPDF):
    """Pages with a running head and their number."""

    def header(self) -> None:
        self.set_font("helvetica", style="I", size=9)
        self.cell(0, 8, "Review of Regional Industry", align="C")
        self.ln(12)

    def footer(self) -> None:
        self.set_y(-15)
        self.cell(0, 10, f"- {self.page_no()} -", align="C")


def printed(
    paragraphs: Sequence[str],
    pdf: fpdf.FPDF | None = None,
    *,
    align: str = "J",
    indent: str = "",
    gap: float = 3,
) -> bytes:
    pdf = pdf or fpdf.FPDF()
    pdf.add_page()
    pdf.set_font("times", size=11)
    for paragraph in paragraphs:
        pdf.multi_cell(0, 5.5, indent + paragraph, align=align, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(gap)
    return bytes(pdf.output())


@pytest.mark.parametrize("align", ["J", "L"])
def test_paragraphs_come_out_as_they_went_in(align: str) -> None:
    paragraphs = paragraphs_of("001")
    extract = read(printed(paragraphs, align=align))
    assert blocks(extract) == paragraphs
    assert extract.loci[0].place == "page 1"
    assert extract.loci[-1].place == f"page {len({locus.place for locus in extract.loci})}"


def test_running_heads_and_page_numbers_are_no_text() -> None:
    paragraphs = paragraphs_of("001")
    extract = read(printed(paragraphs, Printed()))
    assert blocks(extract) == paragraphs
    (note,) = extract.notes
    assert note.startswith("running heads and page numbers left out: ")
    assert '"Review of Regional Industry" (4)' in note
    assert '"- # -" (4)' in note


def test_a_line_that_stands_on_one_page_is_text() -> None:
    paragraphs = ["A Headline of Its Own", *paragraphs_of("000")]
    assert blocks(read(printed(paragraphs))) == paragraphs


def test_paragraphs_go_on_over_pages_and_say_so() -> None:
    paragraphs = [" ".join(paragraphs_of("001"))]
    extract = read(printed(paragraphs, Printed()))
    assert blocks(extract) == paragraphs
    assert [locus.place for locus in extract.loci] == ["page 1", "page 2", "page 3"][: len(extract.loci)]
    assert len(extract.loci) > 1
    assert [locus.start for locus in extract.loci[1:]] == [locus.end for locus in extract.loci[:-1]]


def test_paragraphs_are_told_by_their_indented_lines() -> None:
    paragraphs = [text for text in paragraphs_of("001") if len(text) > 60]
    extract = read(printed(paragraphs, Printed(), indent="      ", gap=0))
    assert blocks(extract) == paragraphs


def _wrapped(pdf: fpdf.FPDF, width: float, line: float, paragraph: str) -> list[str]:
    lines = pdf.multi_cell(width, line, paragraph, dry_run=True, output="LINES")
    assert isinstance(lines, list)
    return lines


def in_columns(paragraphs: Sequence[str], head: str) -> bytes:
    """Print a headline, and below it two columns a page, each filled before the next."""
    pdf = fpdf.FPDF()
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    pdf.set_font("times", style="B", size=20)
    pdf.cell(0, 12, head)
    pdf.set_font("times", size=10)
    width, line = 90, 4.6
    lines = [
        (place == 0, text)
        for paragraph in paragraphs
        for place, text in enumerate(_wrapped(pdf, width, line, paragraph))
    ]
    x, y = 10.0, 30.0
    for starts, text in lines:
        y += 2 if starts else 0
        if y > 280:
            if x > 10:
                pdf.add_page()
            x, y = (
                (10.0, 15.0 if pdf.page_no() > 1 else 30.0)
                if x > 10
                else (110.0, 15.0 if pdf.page_no() > 1 else 30.0)
            )
        pdf.text(x, y, text)
        y += line
    return bytes(pdf.output())


def test_columns_are_read_one_after_the_other() -> None:
    paragraphs = paragraphs_of("001")
    head = "A Headline over Both of the Columns of the Page"
    extract = read(in_columns(paragraphs, head))
    assert blocks(extract) == [head, *paragraphs]


@needs_cjk
def test_lines_of_chinese_are_joined_without_a_space() -> None:
    text = "据朝鲜中央通讯社报道，自从去年六月朝鲜劳动党中央委员会全体会议作出关于加强食品加工工业和日用必需品生产的决议以来，"
    paragraphs = [
        text * 3 + "各地已经建成了一千多个地方工业工厂。",
        text * 2 + "这些工厂中有食品工厂一百七十六个。",
        "朝鲜的地方工业",
    ]
    pdf = fpdf.FPDF()
    pdf.add_font("cjk", fname=str(CJK))
    pdf.add_page()
    pdf.set_font("cjk", size=12)
    for paragraph in paragraphs:
        pdf.multi_cell(
            0, 7, paragraph, align="L", new_x="LMARGIN", new_y="NEXT", wrapmode=fpdf.enums.WrapMode.CHAR
        )
        pdf.ln(4)
    assert blocks(read(bytes(pdf.output()))) == paragraphs


def test_divided_words_are_whole_in_the_document() -> None:
    pdf = fpdf.FPDF()
    pdf.add_page()
    pdf.set_font("times", size=12)
    lines = [
        "The factories of the county were built for the develop-",
        "ment of the regional industry, and a well-known engin-",
        "eer of the Anglo-",
        "Saxon school praised them.",
    ]
    for line in lines:
        pdf.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    (version,) = read_document(read(bytes(pdf.output())).text, "a.pdf").versions
    assert [sentence.text for sentence in version.sentences] == [
        "The factories of the county were built for the development of the regional industry, and a well-known "
        "engineer of the Anglo-Saxon school praised them."
    ]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_pages_that_lie_on_their_side_are_read(turns: int) -> None:
    paragraphs = paragraphs_of("000")
    straight = pypdfium2.PdfDocument(printed(paragraphs))
    straight[0].set_rotation(90 * turns)  # printed straight, shown turned
    out = io.BytesIO()
    straight.save(out)
    assert blocks(read(out.getvalue())) == paragraphs

    width, height = straight[0].get_size() if turns == 2 else straight[0].get_size()[::-1]
    matrix = {1: (0, 1, -1, 0, height, 0), 2: (-1, 0, 0, -1, width, height), 3: (0, -1, 1, 0, 0, width)}[
        turns
    ]
    straight[0].set_rotation(0)
    turned = pypdfium2.PdfDocument.new()  # printed turned, shown straight
    page = turned.new_page(*((width, height) if turns == 2 else (height, width)))
    placed = straight.page_as_xobject(0, turned).as_pageobject()
    placed.set_matrix(pypdfium2.PdfMatrix(*matrix))
    page.insert_obj(placed)
    page.gen_content()
    page.set_rotation(90 * turns)
    out = io.BytesIO()
    turned.save(out)
    assert blocks(read(out.getvalue())) == paragraphs


def test_footnotes_come_at_the_end() -> None:
    pdf = fpdf.FPDF()
    paragraphs = paragraphs_of("001")
    notes = ["1 See the report of the Central Committee.", "2 It was printed in the same year."]

    class Noted(fpdf.FPDF):
        def footer(self) -> None:
            if self.page_no() == 1:
                self.set_y(-30)
                self.set_font("times", size=8)
                for note in notes:
                    self.cell(0, 4, note, new_x="LMARGIN", new_y="NEXT")

    pdf = Noted()
    pdf.set_auto_page_break(auto=True, margin=32)
    extract = read(printed(paragraphs, pdf))
    assert blocks(extract) == [*paragraphs, *notes]
    assert [locus.place for locus in extract.loci[-2:]] == ["page 1 footnote", "page 1 footnote"]


def test_what_a_file_says_of_itself_is_stated_unless_a_program_said_it() -> None:
    for title, author, stated in (
        ("Local Industry", "Kim", {"title": "Local Industry", "author": "Kim"}),
        ("Microsoft Word - draft3.doc", "Administrator", {}),
        ("scan_0001.pdf", "", {}),
    ):
        pdf = fpdf.FPDF()
        pdf.set_title(title)
        pdf.set_author(author)
        assert read(printed(["Some text."], pdf)).stated == stated


def test_pages_without_text_are_named() -> None:
    pdf = fpdf.FPDF()
    pdf.add_page()
    pdf.rect(10, 10, 50, 50)
    extract = read(printed(["The second page has text."], pdf))
    assert extract.loci[0].place == "page 2"
    assert extract.notes == ("pages without text: page 1; if they are pictures, have them read by OCR",)


def test_files_that_have_no_text_or_are_locked_are_named() -> None:
    empty = fpdf.FPDF()
    empty.add_page()
    with pytest.raises(InputError, match=r"a\.pdf: no text in it.*ocrmypdf"):
        read(bytes(empty.output()))
    locked = fpdf.FPDF()
    locked.set_encryption(owner_password="one", user_password="two")
    with pytest.raises(InputError, match=r"a\.pdf: under a password"):
        read(printed(["Some text."], locked))
    for_printing = fpdf.FPDF()
    for_printing.set_encryption(owner_password="one")
    assert read(printed(["Some text."], for_printing)).text == "Some text.\n"


def test_broken_files_raise_nothing_but_input_errors() -> None:
    whole = printed(paragraphs_of("000"))
    outcomes: set[type] = set()
    for data in [b"", b"%PDF-1.7", b"plain text", *mutations(whole, 12)]:
        try:
            outcomes.add(type(read(data)))
        except InputError as error:
            outcomes.add(type(error))
    assert InputError in outcomes


def test_a_file_that_takes_too_long_or_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = printed(paragraphs_of("001"))
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_PAGES", 1)
    with pytest.raises(InputError, match="4 pages, the most is 1; cut it into several"):
        read(data)
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_PAGES", 100)
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_TEXT", 100)
    with pytest.raises(InputError, match="more than 100 characters; cut it into several"):
        read(data)
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_TEXT", 10**6)
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_PDF_SECONDS", 0)
    with pytest.raises(InputError, match="takes more than 0 seconds to read"):
        read(data)
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_PDF_SECONDS", 100)
    monkeypatch.setattr("corpus.readers.pdf.reader.MAX_PDF_MEMORY", 10**7)
    with pytest.raises(InputError, match=r"takes more than 10,000,000 bytes of memory"):
        read(data)

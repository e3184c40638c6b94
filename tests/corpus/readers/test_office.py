"""Word documents, OpenDocument and RTF: headings, tables, notes, changes, encodings, each as a reader sees them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import odfdo
import pytest
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.docx import read_docx
from corpus.readers.odt import read_odt
from corpus.readers.rtf import read_rtf
from tests.corpus.readers.making import docx_bytes, make_docx, odt_bytes, rtf_text, zipped

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = [
    ("他们来了，带着很多礼物。", "They came, and brought many gifts."),
    ("“请进！”她说。", "“Come in!” she said."),
    ("", "Nobody answered her."),
    ("天黑了，路上没有一个人。", "It grew dark, and there was nobody on the road."),
]


def only(items: Sequence[Extract | AlignedSegments]) -> Extract:
    (item,) = items
    assert isinstance(item, Extract)
    return item


def from_docx(document: docx.document.Document) -> list[Extract | AlignedSegments]:
    return list(read_docx(docx_bytes(document), Path("a.docx")))


def add_xml(document: docx.document.Document, xml: str) -> None:
    for element in parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>"):
        document.element.body.insert(-1, element)


# --- Word ------------------------------------------------------------------------------------------------


def test_headings_and_places_of_a_word_document() -> None:
    document = docx.Document()
    document.add_heading("地方工业", 0)
    document.add_paragraph("")
    document.add_heading("一、食品工厂", 2)
    document.add_paragraph("有一百七十六个。\n在各地。")
    own = document.styles.add_style("Mine", 1)
    own.base_style = document.styles["Heading 3"]
    document.add_paragraph("二、其他", style="Mine")
    extract = only(from_docx(document))
    assert extract.text == "# 地方工业\n\n## 一、食品工厂\n\n有一百七十六个。\n在各地。\n\n### 二、其他\n"
    assert [(locus.place, extract.text[locus.start : locus.end]) for locus in extract.loci] == [
        ("paragraph 1", "地方工业"),
        ("paragraph 3", "一、食品工厂"),
        ("paragraph 4", "有一百七十六个。\n在各地。"),
        ("paragraph 5", "二、其他"),
    ]


def test_changes_are_taken_as_accepted() -> None:
    document = docx.Document()
    by = 'w:id="1" w:author="A" w:date="2020-01-01T00:00:00Z"'
    add_xml(
        document,
        f"<w:p><w:r><w:t xml:space='preserve'>They </w:t></w:r><w:del {by}><w:r><w:delText>gone</w:delText></w:r></w:del>"
        f"<w:ins {by}><w:r><w:t>came</w:t></w:r></w:ins><w:r><w:t xml:space='preserve"
        f"'> home.</w:t></w:r></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del {by}/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>Two paragraphs </w:t></w:r></w:p>"
        "<w:p><w:r><w:t>are one.</w:t></w:r></w:p>"
        f"<w:p><w:moveFrom {by}><w:r><w:t>From here.</w:t></w:r></w:moveFrom></w:p>"
        f"<w:p><w:moveTo {by}><w:r><w:t>To here.</w:t></w:r></w:moveTo></w:p>",
    )
    extract = only(from_docx(document))
    assert extract.text == "They came home.\n\nTwo paragraphs are one.\n\nTo here.\n"
    assert extract.notes == ("tracked changes: 2 insertions taken in, 2 deletions left out",)


def test_what_is_wrapped_in_a_word_document_is_text_and_what_is_beside_it_is_none() -> None:
    document = docx.Document()
    add_xml(
        document,
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink><w:r><w:t xml:space='preserve"
        "'> and a field: </w:t></w:r><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>7</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:noBreakHyphen/><w:t>a.</w:t></w:r></w:p>"
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase>"
        "</w:ruby></w:r></w:p>"
        "<w:p><w:r><w:t>Outside.</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>",
    )
    extract = only(from_docx(document))
    assert extract.text == "In a control.\n\nA link and a field: 7-a.\n\n東京\n\nOutside.\n\nIn a box.\n"
    assert extract.loci[-1].place == "paragraph 4 text box"
    assert extract.notes == ("pieces of hidden text left out: 1",)


def test_footnotes_come_at_the_end() -> None:
    data = make_docx(["See there."])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    files["word/footnotes.xml"] = (
        f'<w:footnotes {space}><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Rodong Sinmun, 1959.</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    ).encode()
    rels = files["word/_rels/document.xml.rels"].decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    files["word/_rels/document.xml.rels"] = rels.replace(
        "</Relationships>", f'<Relationship Id="n" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    ).encode()
    extract = only(list(read_docx(zipped(files), Path("a.docx"))))
    assert extract.text == "See there.\n\nRodong Sinmun, 1959.\n"
    assert [locus.place for locus in extract.loci] == ["paragraph 1", "footnote 1"]
    assert extract.notes == ("notes, at the end of the text: 1",)


def test_strict_files_are_read_as_well() -> None:
    with zipfile.ZipFile(io.BytesIO(make_docx(["Strict, but fair."]))) as packed:
        files = {
            name: packed.read(name)
            .replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            .replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/",
                b"http://purl.oclc.org/ooxml/officeDocument/",
            )
            for name in packed.namelist()
        }
    assert only(list(read_docx(zipped(files), Path("a.docx")))).text == "Strict, but fair.\n"


def test_another_office_file_is_no_document() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, "cell")
    with pytest.raises(
        InputError, match=r"not a Word document but another zip.*spreadsheets are to be saved as \.xlsx"
    ):
        list(read_docx(out.getvalue(), Path("a.docx")))
    with pytest.raises(InputError, match="not an OpenDocument text but a spreadsheet"):
        list(read_odt(odt_bytes(odfdo.Document("spreadsheet")), Path("a.odt")))


def test_what_a_document_says_of_itself() -> None:
    document = docx.Document()
    document.add_paragraph("据报道，各地的工厂都建成了。")
    properties = document.core_properties
    properties.title, properties.author, properties.language = "地方工业", "python-docx", "en-US"
    extract = only(from_docx(document))
    assert extract.stated == {"title": "地方工业"}  # not the language, which the program filled in
    assert extract.notes == ("says that its language is en-US; the text is in zh",)
    properties.title, properties.author, properties.language = "Document1", "金日", "zh-CN"
    assert only(from_docx(document)).stated == {"author": "金日", "lang": "zh"}


# --- tables ----------------------------------------------------------------------------------------------


def docx_table(rows: Sequence[Sequence[str]]) -> docx.document.Document:
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return document


def odt_table(rows: Sequence[Sequence[str]]) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    table = odfdo.Table("T", width=len(rows[0]), height=len(rows))
    for y, texts in enumerate(rows):
        for x, text in enumerate(texts):
            cell = odfdo.Cell()
            if text:
                cell.append(odfdo.Paragraph(text))
            table.set_cell((x, y), cell)
    document.body.append(table)
    return odt_bytes(document)


def rtf_table(rows: Sequence[Sequence[str]]) -> bytes:
    body = "".join(
        "\\trowd" + "".join(f"\\pard\\intbl {rtf_text(text)}\\cell" for text in row) + "\\row\n"
        for row in rows
    )
    return f"{{\\rtf1\\ansi {body}\\pard}}".encode()


@pytest.mark.parametrize("form", ["docx", "odt", "rtf"])
def test_a_table_of_two_languages_is_aligned(form: str) -> None:
    def items(rows: Sequence[Sequence[str]]) -> list[Extract | AlignedSegments]:
        if form == "docx":
            return from_docx(docx_table(rows))
        if form == "odt":
            return list(read_odt(odt_table(rows), Path("a.odt")))
        return list(read_rtf(rtf_table(rows), Path("a.rtf")))

    (item,) = items([("原文", "Translation"), *ROWS])
    assert isinstance(item, AlignedSegments)
    assert item.segments == {
        "zh": tuple(zh for zh, _ in ROWS if zh),
        "en": tuple(en for _, en in ROWS),
    }
    assert item.beads == (
        {"zh": (0,), "en": (0,)},
        {"zh": (1,), "en": (1,)},
        {"en": (2,)},
        {"zh": (2,), "en": (3,)},
    )
    assert item.places["zh"] == ("table 1 row 2 column 1", "table 1 row 3 column 1", "table 1 row 5 column 1")
    assert "table 1: its first row is its head, left out" in item.notes

    numbered = [("No.", "中文", "English"), *((str(n), *row) for n, row in enumerate(ROWS, start=1))]
    (other,) = items(numbered)
    assert isinstance(other, AlignedSegments)
    assert (other.segments, other.beads) == (item.segments, item.beads)
    assert "table 1: 1 columns of numbers left out" in other.notes


@pytest.mark.parametrize(
    "rows",
    [
        [
            ("County", "Factories"),
            ("Kimhwa in the province of Kangwon", "4 factories"),
            ("Songchon", "3 factories"),
        ],
        [("name", "值"), ("x", "")],
        [("工厂", "Factory")],  # one row
        [
            ("他们来了，带着很多礼物。", ""),
            ("天黑了，路上没有一个人。", ""),
            ("", "They came, and brought many gifts."),
        ],
    ],
)
def test_other_tables_are_text_cell_by_cell(rows: list[tuple[str, str]]) -> None:
    extract = only(from_docx(docx_table(rows)))
    assert extract.text.rstrip("\n").split("\n\n") == [text for row in rows for text in row if text]
    assert extract.loci[0].place == "table 1 row 1 column 1"


def test_text_around_a_bilingual_table_is_a_document_of_its_own() -> None:
    document = docx_table(ROWS)
    document.add_paragraph(
        "The text below the table goes on for a while, and says more than the title of a table does."
    )
    aligned, text = from_docx(document)
    assert isinstance(aligned, AlignedSegments)
    assert isinstance(text, Extract)
    assert (aligned.part, text.part) == ("table-1", "text")
    titled = docx_table(ROWS)
    titled.add_paragraph("Fin")
    (aligned,) = from_docx(titled)
    assert 'outside of the table, left out: "Fin"' in aligned.notes


def test_paragraphs_of_a_cell_are_segments_of_one_bead() -> None:
    document = docx_table(ROWS)
    document.tables[0].rows[0].cells[1].add_paragraph("And then they left.")
    (item,) = from_docx(document)
    assert isinstance(item, AlignedSegments)
    assert item.beads[0] == {"zh": (0,), "en": (0, 1)}
    assert item.segments["en"][1] == "And then they left."


def test_columns_that_are_texts_of_their_own_follow_each_other() -> None:
    document = docx_table([ROWS[0], ROWS[1]])
    for cell, lang in zip(document.tables[0].rows[0].cells, (0, 1), strict=True):
        for row in ROWS * 3:
            if row[0]:
                cell.add_paragraph(row[lang])
    assert isinstance(only(from_docx(document)), Extract)


# --- OpenDocument ----------------------------------------------------------------------------------------


def test_headings_notes_lists_and_changes_of_opendocument() -> None:
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    body.append(odfdo.Header(2, "Local industry"))
    paragraph = odfdo.Paragraph("They came")
    paragraph.append(odfdo.Note("footnote", note_id="n1", citation="1", body="In 1959."))
    body.append(paragraph)
    body.append(odfdo.List(["first point", "second point"]))
    body.append(
        odfdo.Element.from_tag(
            "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion><text:p>gone</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
        )
    )
    spaced = odfdo.Element.from_tag(
        "<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d<text:span>e\n   f</text:span>"
        "<office:annotation><text:p>a comment</text:p></office:annotation>"
        "<text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby></text:p>"
    )
    body.append(spaced)
    extract = only(list(read_odt(odt_bytes(document), Path("a.odt"))))
    assert extract.text == (
        "## Local industry\n\nThey came\n\nfirst point\n\nsecond point\n\na b c\nde f東京\n\nIn 1959.\n"
    )
    assert extract.loci[-1].place == "footnote 1"
    assert set(extract.notes) == {
        "tracked changes: 0 insertions taken in, 1 deletions left out",
        "comments left out: 1",
        "notes, at the end of the text: 1",
    }


def test_opendocument_under_a_password_is_named() -> None:
    with zipfile.ZipFile(io.BytesIO(odt_bytes(odfdo.Document("text")))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["META-INF/manifest.xml"] = (
        b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml">'
        b"<m:encryption-data/></m:file-entry></m:manifest>"
    )
    with pytest.raises(InputError, match="under a password"):
        list(read_odt(zipped(files), Path("a.odt")))


# --- RTF -------------------------------------------------------------------------------------------------


def coded(text: str, encoding: str, *, plain_trails: bool = False) -> str:
    """Write a text byte by byte; the second byte of a character as the letter it looks like, as Word does."""
    letters = set(range(0x41, 0x7B)) - set(b"\\{}")
    return "".join(
        chr(byte) if plain_trails and byte in letters else f"\\'{byte:02x}" for byte in text.encode(encoding)
    )


FONTS = (
    r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset134 SimSun;}{\f2\fcharset204 Times;}"
    r"{\f3\fcharset128 Mincho;}{\f4\fcharset129 Batang;}{\f5\fcharset136 PMingLiU;}{\f6\fcharset238 Arial CE;}}"
)


def from_rtf(body: str, *, page: int = 1252) -> Extract:
    text = rf"{{\rtf1\ansi\ansicpg{page}\deff0{FONTS}{body}}}"
    return only(list(read_rtf(text.encode("latin-1"), Path("a.rtf"))))


@pytest.mark.parametrize(
    ("font", "encoding", "text"),
    [
        (1, "gb18030", "朝鲜的地方工业"), (2, "cp1251", "Местная промышленность"), (3, "cp932", "ソ連の表示テスト"),
        (4, "cp949", "지방공업"), (5, "cp950", "許功蓋的地方工業"), (6, "cp1250", "Příliš žluťoučký kůň"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("plain_trails", [False, True])
def test_bytes_are_read_by_the_character_set_of_their_font(
    font: int, encoding: str, text: str, *, plain_trails: bool
) -> None:
    body = rf"\pard\f{font} {coded(text, encoding, plain_trails=plain_trails)}\par\f0 caf\'e9\par"
    assert from_rtf(body).text == f"{text}\n\ncafé\n"


@pytest.mark.parametrize(
    ("page", "encoding", "text"),
    [
        (936, "gbk", "地方工业"),
        (1251, "cp1251", "Промышленность"),
        (932, "cp932", "工業"),
        (65001, "utf-8", "地方"),
    ],
)
def test_bytes_of_a_font_without_a_set_are_of_the_code_page(page: int, encoding: str, text: str) -> None:
    assert from_rtf(rf"\pard {coded(text, encoding)}\par", page=page).text == f"{text}\n"


def test_unicode_has_its_fallback_left_out() -> None:
    assert from_rtf(r"\uc2\u22320\'b5\'d8{\uc1 \u26041?}\uc0\u24037 \u19994x").text == "地方工业x\n"
    assert from_rtf(r"\uc1\u-10179?\u-8704?!").text == "😀!\n"


def test_groups_that_are_no_text_are_left_out() -> None:
    extract = from_rtf(
        r"{\*\generator Riched20;}{\stylesheet{\s0 Normal;}}{\info{\title Local industry}{\author Kim}}"
        r"{\header Head}{\footer 1}{\pict\wmetafile8 0102ff}{\*\unknown\bin5 }}}}}}"
        r"\pard\outlinelevel0 Heading\par\pard Text{\deleted gone}{\v hidden}{\footnote\pard\chftn  A note.} goes on\line here."
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt a link}}\~\{x\}\par}trailing"
    )
    assert extract.text == "# Heading\n\nText goes on\nhere.a link\u00a0{x}\n\nA note.\n"
    assert extract.stated == {"title": "Local industry", "author": "Kim"}
    assert [locus.place for locus in extract.loci] == ["paragraph 1", "paragraph 2", "footnote 1"]
    assert "tracked changes: 0 insertions taken in, 1 deletions left out" in extract.notes

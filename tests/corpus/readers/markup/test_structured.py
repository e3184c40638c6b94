"""MHTML, TEI, ALTO, hOCR and JSON lines: what of them is text, where it stands, and what is stated of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.base.errors import InputError
from corpus.readers.base import Extract
from corpus.readers.extraction import extract
from corpus.readers.registry import format_of

TEI = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE TEI SYSTEM "http://example.org/tei.dtd">
<TEI xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader><fileDesc>
 <titleStmt><title>The Bridge</title><author>Jane Doe</author></titleStmt>
 <publicationStmt><publisher>An Archive</publisher><date when="2015-01-01"/></publicationStmt>
 <sourceDesc><bibl><publisher>The Daily</publisher><date when="1959-05-20">20 May</date></bibl></sourceDesc>
</fileDesc></teiHeader>
<text xml:lang="en"><body><pb n="3"/>
 <head>Of the bridge</head>
 <p xml:id="p1">It was&nbsp;<choice><sic>repared</sic><corr>repaired</corr></choice> in the
   spring<note>So the paper.</note>, when the wa<lb break="no"/>ter was low.</p>
 <pb n="4"/><fw>The Daily 4</fw>
 <p>A second <hi rend="i">paragraph</hi>.<lb/>It goes on.</p>
 <lg><l>A line of verse,</l><l>and another.</l></lg>
</body></text></TEI>"""

ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>
<Page PHYSICAL_IMG_NR="7"><PrintSpace><TextBlock HPOS="10" VPOS="20" WIDTH="300" HEIGHT="40">
<TextLine><String CONTENT="The" WC="0.9"/><SP/><String CONTENT="bridge" WC="0.7"/><SP/><String CONTENT="was" WC="0.4"/></TextLine>
<TextLine><String CONTENT="re" WC="1.0"/><HYP CONTENT="-"/></TextLine><TextLine><String CONTENT="paired." WC="1.0"/></TextLine>
</TextBlock></PrintSpace></Page><Page><PrintSpace><TextBlock><TextLine><String CONTENT="Next."/></TextLine></TextBlock>
</PrintSpace></Page></Layout></alto>"""

HOCR = """<?xml version="1.0"?><!DOCTYPE html><html lang="en"><head><meta name='ocr-system' content='tesseract'/></head><body>
<div class='ocr_page' title='bbox 0 0 900 900'><p class='ocr_par' title="bbox 5 6 70 80">
<span class='ocr_line'><span class='ocrx_word' title='bbox 1 1 2 2; x_wconf 90'>The</span> <span class='ocrx_word' title='x_wconf 30'>bridge</span></span>
<span class='ocr_line'><span class='ocrx_word' title='x_wconf 60'>stands.</span></span></p></div></body></html>"""

MHTML = b"""From: <Saved by Blink>\r
Snapshot-Content-Location: http://example.org/news/1\r
Subject: Bridge\r
MIME-Version: 1.0\r
Content-Type: multipart/related; type="text/html"; boundary="----x"\r
\r
------x\r
Content-Type: text/html\r
Content-Transfer-Encoding: quoted-printable\r
Content-Location: http://example.org/news/1\r
\r
<html><head><meta charset=3D"utf-8"></head><body><h1>Bridge</h1><p>It=E2=80=99s repaired, said caf=C3=A9 owners of the =\r
town.</p></body></html>\r
------x\r
Content-Type: image/png\r
Content-Transfer-Encoding: base64\r
Content-Location: http://example.org/a.png\r
\r
iVBORw0KGgo=\r
------x--\r
"""


def read(data: bytes | str, name: str) -> list[Extract]:
    data = data.encode() if isinstance(data, str) else data
    return [item for item in extract(data, Path(name)) if isinstance(item, Extract)]


def places(item: Extract) -> dict[str, str]:
    return {item.text[locus.start : locus.end]: locus.place for locus in item.loci}


def test_an_edition_is_its_text() -> None:
    (item,) = read(TEI, "bridge.xml")
    assert places(item) == {
        "Of the bridge": "page 3, head 3",
        "It was repaired in the spring, when the water was low.": "page 3, p1",
        "So the paper.": "page 3, note 5",
        "A second paragraph. It goes on.": "page 4, p 6",
        "A line of verse,": "page 4, l 8",
        "and another.": "page 4, l 9",
    }
    assert dict(item.stated) == {
        "title": "The Bridge", "author": "Jane Doe", "source": "The Daily", "date": "1959-05-20", "lang": "en",
    }  # fmt: skip


def test_editions_in_one_file_are_several_documents() -> None:
    one = TEI[TEI.index("<TEI") :]
    two = one.replace("<TEI", "<TEI xml:id='b'", 1).replace('"p1"', '"p2"')
    corpus = f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/>{one}{two}</teiCorpus>'
    assert [item.part for item in read(corpus, "all.xml")] == ["1", "b"]


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ('<!DOCTYPE TEI [<!ENTITY a "aaaa">]>', "declares entities"),
        ('<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "declares entities"),
        ('<!DOCTYPE TEI [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p.dtd"> %p;]>', "declares entities"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(declared: str, reason: str, encoding: str) -> None:
    page = f'{declared}<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><p>&a;</p></text></TEI>'
    with pytest.raises(InputError, match=reason):
        read(page.encode(encoding), "a.xml")


def test_a_character_that_nothing_declares_is_named() -> None:
    with pytest.raises(InputError, match=r"a\.xml: &bridge; \(line 2\) is declared nowhere"):
        read("<TEI><text>\n<p>&bridge;</p></text></TEI>", "a.xml")


@pytest.mark.parametrize(
    "page",
    [
        "<TEI><text>" + "<p>" * 5000,
        "<TEI><text><p>a</text></TEI>",
        "<settings><a/></settings>",
        "<TEI",
        "no XML at all",
    ],
)
def test_what_is_no_edition_is_refused_by_name(page: str) -> None:
    with pytest.raises(InputError, match=r"^a\.xml: "):
        read(page, "a.xml")


def test_read_pages_keep_boxes_and_confidence() -> None:
    (item,) = read(ALTO, "scan.xml")
    assert item.text == "The bridge was\nre-\npaired.\n\nNext."
    assert places(item)["The bridge was\nre-\npaired."] == "page 7, box 10 20 300 40, read 0.80"
    assert places(item)["Next."] == "page 2"
    assert item.notes == ("read by a machine: mean confidence 0.80; 1 of 5 words below 0.5",)
    (item,) = read(HOCR, "scan.html")
    assert places(item) == {"The bridge\nstands.": "page 1, box 5 6 70 80, read 0.60"}
    assert item.notes[1] == "read with a confidence below 0.8: page 1 (0.60)"
    assert item.stated == {"lang": "en"}


def test_a_page_saved_whole_is_read_as_the_page() -> None:
    (item,) = read(MHTML, "page.mhtml")
    assert item.text == "# Bridge\n\nIt’s repaired, said café owners of the town."
    assert item.stated["url"] == "http://example.org/news/1"
    assert format_of(MHTML, "page.txt") == "mhtml"
    with pytest.raises(InputError, match="no page in it"):
        read(MHTML.replace(b"Content-Type: text/html", b"Content-Type: text/css"), "page.mhtml")


def test_lines_of_json_are_documents() -> None:
    rows = [
        {
            "text": "The bridge was repaired.",
            "title": "Bridge",
            "date": 1959,
            "lang": "en",
            "id": "a/1",
            "url": None,
        },
        {"text": "朝鲜地方工业的发展。", "author": ["甲", "乙"]},
        {"title": "no text"},
    ]
    data = "\ufeff" + "\n".join([*map(json.dumps, rows), "", "{broken"])
    first, second = read(data, "all.jsonl")
    assert (first.part, second.part) == ("a/1", "2")
    assert first.stated == {"title": "Bridge", "date": "1959", "lang": "en"}
    assert second.stated == {"author": "甲, 乙"}
    assert second.loci[0].place == "line 2"
    assert (
        "2 lines are not read: line 3 has no field 'text' with a text; line 5 is no JSON" in second.notes[0]
    )
    with pytest.raises(InputError, match=r'no line of it is an object like \{"text": "…"'):
        read("[1, 2]\n", "all.jsonl")


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (TEI, "a.txt", "tei"),
        (ALTO, "a.txt", "alto"),
        (HOCR, "a.html", "hocr"),
        ("{}", "a.jsonl", "jsonl"),
        ("<html>", "a.xml", "html"),
        ("plain", "a", "text"),
    ],
)
def test_formats_are_told_by_content_then_name(data: str, name: str, form: str) -> None:
    assert format_of(data.encode(), name) == form

"""Books come out chapter by chapter, in the order of reading, without what is no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.base.errors import InputError
from corpus.readers.base import Extract
from corpus.readers.epub import read_epub
from tests.corpus.readers.making import make_book, zipped


def read(data: bytes) -> Extract:
    (extract,) = read_epub(data, Path("a.epub"))
    assert isinstance(extract, Extract)
    return extract


def test_chapters_are_in_the_order_of_the_spine_and_are_places() -> None:
    chapters = [
        "<h1>一</h1><p>他来了。</p><div><p>她也来了，<br/>带着礼物。</p></div>",
        "<div>No paragraph around it.</div><img src='x.png'/>",
        "<img src='only.png'/>",
        "<h2>Three</h2><blockquote><p>One\n   line.</p></blockquote><ul><li>a</li><li><p>b</p></li></ul>",
    ]
    extract = read(make_book(chapters))
    assert extract.text == (
        "# 一\n\n他来了。\n\n她也来了，\n带着礼物。\n\nNo paragraph around it.\n\n## Three\n\nOne line.\n\na\n\nb\n"
    )
    assert [locus.place for locus in extract.loci] == [
        "chapter 1 paragraph 1", "chapter 1 paragraph 2", "chapter 1 paragraph 3", "chapter 2 paragraph 1",
        "chapter 3 paragraph 1", "chapter 3 paragraph 2", "chapter 3 paragraph 3", "chapter 3 paragraph 4",
    ]  # fmt: skip
    assert extract.notes == ("pages without text left out: 1",)


def test_what_a_reader_does_not_read_is_no_text() -> None:
    extract = read(
        make_book(
            [
                "<script>x()</script><style>p{}</style><p>The<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>"
                '<span epub:type="pagebreak">12</span> tower<sup><a href="#n1">3</a></sup>'
                '<a epub:type="noteref" href="#n2">*</a> stands &nbsp; here &mdash; E=mc<sup>2</sup>.</p>'
                '<aside epub:type="footnote" id="n1"><p>3 A note.</p></aside><p hidden="hidden">none</p>'
            ]
        )
    )
    assert extract.text == "The東京 tower stands here — E=mc2.\n\n3 A note.\n"
    assert extract.loci[-1].place == "chapter 1 note 1"
    assert set(extract.notes) == {"references to notes left out: 2", "notes, at the end of the text: 1"}


def test_what_a_book_says_of_itself() -> None:
    metadata = (
        "<dc:title>Local Industry</dc:title><dc:title>A Subtitle</dc:title><dc:creator>Kim</dc:creator>"
        "<dc:creator>Pak</dc:creator><dc:language>en-GB</dc:language><dc:publisher>Foreign Languages</dc:publisher>"
        "<dc:rights>All of them</dc:rights>{}"
    )
    page = "<p>They came in the evening, and brought many gifts with them for all the children.</p>"
    for date, stated in (
        ("<dc:date>1959-05-20T00:00:00+00:00</dc:date>", "1959-05-20"),
        (
            '<dc:date opf:event="modification">2012</dc:date><dc:date opf:event="publication">1959</dc:date>',
            "1959",
        ),
        ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None),  # what calibre puts for none
        ("", None),
    ):
        extract = read(make_book([page], metadata.format(date)))
        expected = {
            "title": "Local Industry", "author": "Kim; Pak", "lang": "en", "source": "Foreign Languages",
            "rights": "All of them",
        }  # fmt: skip
        assert extract.stated == expected | ({"date": stated} if stated else {})


def protected(uri: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
        f'<CipherData><CipherReference URI="{uri}"/></CipherData></EncryptedData></encryption>',
        "META-INF/rights.xml": "<rights/>",
    }


def test_books_protected_against_copying_are_named_and_fonts_do_not_matter() -> None:
    with pytest.raises(InputError, match=r"a\.epub: protected against copying by DRM \(Adobe\)"):
        read(make_book(["<p>x</p>"], extra=protected("OEBPS/text/ch%200.xhtml")))
    assert read(make_book(["<p>Text.</p>"], extra=protected("OEBPS/fonts/a.otf"))).text == "Text.\n"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>One<p>Two & three</p>", "One\n\nTwo & three\n"),  # no XML
        ("<p>Open <b>bold</p><p>End</p>", "Open bold\n\nEnd\n"),
    ],
)
def test_pages_that_are_not_well_formed_are_read_as_browsers_do(page: str, text: str) -> None:
    extract = read(make_book([page]))
    assert extract.text == text
    assert extract.notes == ("OEBPS/text/ch 0.xhtml: not well formed, read as a browser would",)


def test_pages_in_other_encodings() -> None:
    page = '<?xml version="1.0" encoding="{}"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>地方工业</p></body></html>'
    for name in ("gb18030", "utf-16", "big5"):
        text = page.format(name).replace("业", "業") if name == "big5" else page.format(name)
        book = make_book(["<p>x</p>"], extra={"OEBPS/text/ch 0.xhtml": text.encode(name)})
        assert read(book).text.startswith("地方工")


def test_entities_of_a_page_are_refused() -> None:
    page = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><html><body><p>&b;</p></body></html>'
    with pytest.raises(InputError, match="DOCTYPE"):
        read(make_book(["<p>x</p>"], extra={"OEBPS/text/ch 0.xhtml": page}))


def test_what_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="not an EPUB book but another zip of files"):
        read(zipped({"a.txt": "x"}))
    with pytest.raises(InputError, match=r"no text in it: its pages are pictures"):
        read(make_book(["<img src='a.png'/>"]))
    extract = read(make_book(["<p>One.</p>"], extra={"OEBPS/book.opf": OPF}))
    assert extract.text == "One.\n"
    assert extract.notes == ("OEBPS/text/gone.xhtml is named as a chapter, and is not in it",)


OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
    '<item id="a" href="text/gone.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="b" href="text/ch%200.xhtml#top" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="b"/><itemref idref="none"/></spine></package>'
)

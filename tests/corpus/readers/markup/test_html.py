"""Pages: the article without what is around it, its places in the file, and what the page says of itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import InputError
from corpus.ingestion.ingest import ingest, read_again
from corpus.readers.base import Extract
from corpus.readers.extraction import extract
from corpus.readers.registry import format_of

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

QUOTED = (
    "The tag <p> opens a paragraph and </p> closes it.\nSo do <li> and </li>, and </td> ends a cell.\n" * 3
)
STORY = "The bridge over the river was repaired in spring by the workers of the county, who had no rest. "
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><title>Bridge repaired - The Daily</title>
<meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="1999-03-04T10:00:00Z">
<meta name="author" content="Jane Doe"></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<h1>Bridge repaired</h1>
<p>It was &ldquo;long&rdquo; &amp; <b>strong</b>,
said caf&eacute; owners.</p>
<p>{STORY * 4}</p>
<script>var menu = "<p>not text</p>";</script>
<footer>All rights reserved</footer></body></html>"""


def read(page: str | bytes, name: str = "page.html", encoding: str | None = None) -> list[Extract]:
    data = page.encode() if isinstance(page, str) else page
    return [item for item in extract(data, Path(name), encoding) if isinstance(item, Extract)]


def test_a_page_is_its_article() -> None:
    (page,) = read(PAGE)
    heading, first, *_ = page.text.split("\n\n")
    assert heading == "# Bridge repaired"
    assert first == "It was “long” & strong, said café owners."
    assert "Home" not in page.text
    assert "rights" not in page.text
    assert "not text" not in page.text
    assert dict(page.stated) == {
        "title": "Bridge repaired", "author": "Jane Doe", "date": "1999-03-04", "source": "The Daily", "lang": "en",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "gb18030"])
def test_places_are_bytes_of_the_page(encoding: str) -> None:
    data = PAGE.replace("long", "朝鲜").encode(encoding)
    (page,) = read(data, encoding="gb18030" if encoding == "gb18030" else None)
    opens = {"Bridge repaired": "Bridge", "It was": "It was", "The bridge": "The bridge over"}
    for locus in page.loci:
        kind, byte = locus.place.split()
        text = page.text[locus.start : locus.end]
        (opening,) = [word for start, word in opens.items() if text.startswith(start)]
        there = data[int(byte) :]
        assert kind == "byte"
        if encoding != "gb18030":  # that one was said, and the page decoded before it was read
            assert there.startswith(opening.encode("utf-16-le" if encoding == "utf-16" else "utf-8"))


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="big5">', "big5"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gb18030"),
        ("<meta charset=shift_jis>", "shift-jis"),
        ('<meta charset="gb2312">', "utf-8"),  # saved anew by an editor
        ("", "utf-16"),
    ],
)
def test_the_charset_that_a_page_declares_is_taken(head: str, encoding: str) -> None:
    text = "地方工業的発展。" if encoding == "shift-jis" else "地方工業的發展。"
    (page,) = read(f"<html><head>{head}</head><body><p>{text}</p></body></html>".encode(encoding))
    assert page.text == text


def test_a_page_with_a_few_broken_bytes_is_read_and_says_so() -> None:
    data = f'<html><head><meta charset="gb2312"></head><body><p>{"地方工業的發展。" * 300}'.encode("gb18030")
    (page,) = read(data + b"\xff</p></body></html>")
    assert "地方工業的發展。" in page.text
    assert page.notes == ("1 bytes are not valid gb2312, as which the page is declared",)


def test_articles_that_stand_whole_in_one_page_are_several_documents() -> None:
    articles = "".join(f"<article><h2>Item {n}</h2><p>{STORY * 5}</p></article>" for n in (1, 2, 3))
    teaser = "<article><h2>More</h2><p>Read on …</p></article>"
    comment = f"<article class='comment'><h2>Me</h2><p>{STORY * 5}</p></article>"
    pages = read(f"<html><body>{articles}{teaser}{comment}</body></html>")
    assert [page.part for page in pages] == ["1", "2", "3"]
    assert [page.stated["title"] for page in pages] == ["Item 1", "Item 2", "Item 3"]
    assert len(read(f"<html><body>{articles[: len(articles) // 3]}{teaser * 5}</body></html>")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>text",
        "\ufeff\n <!doctype  HTML>text",
        "<?xml version='1.0'?>\n<!-- saved -->\n<html lang='en'>text",
        "Menu\n<h1>A</h1><p>b</p>\n<P>c</P >",
        "<h1>朝鲜</h1><p>地方工业的发展</p><p>起着很大的作用</p>",
    ],
)
def test_pages_are_told_by_their_content(text: str) -> None:
    assert format_of(text.encode(), "page.txt") == "html"


@pytest.mark.parametrize(
    "text",
    [
        "A.\n<hr>\nB.",
        "It is <b>bold</b>, <i>so</i>, <b>yes</b>.",
        "1 < 2 </p>",
        "A <body> of men.</div>",
        QUOTED,
        "A report.\nWith figures.\nAnd more.\nAnd more.\n<table>\n</table>\nSo </td>.\nEnd </tr>.",
        "The first tag of a page is\n<html> as a rule.",
    ],
)
def test_texts_with_tags_are_texts(text: str) -> None:
    assert format_of(text.encode(), "text.txt") == "text"


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>x</title></head><body><nav>Home</nav><script>x()</script></body></html>",
        "<html></html>",
        "<!DOCTYPE html>",
        "<html><body><p>a</p>" + "<br>" * 50_001,
        "<html><body><img src='http://example.org/a.png'></body></html>",
    ],
)
def test_a_page_without_text_is_named(page: str) -> None:
    with pytest.raises(InputError, match=r"^page\.html: "):
        read(page)


def test_a_page_is_read_again_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("<h1>Local industry</h1>\n<p>It grows.</p>\n<p>Fast.</p>", encoding="utf-8")
    ingest(workspace, [file])
    before = workspace.table("sentences")
    assert read_again(workspace, ["page"])[0] == ["page"]
    assert workspace.table("sentences").equals(before)
    file.write_text("<h1>Local industry</h1>\n<p>It grows.</p>\n<p>Very fast.</p>", encoding="utf-8")
    assert ingest(workspace, [file]).changed == ["page"]


words = st.lists(st.text("abcdé国& <", min_size=1, max_size=12), min_size=1, max_size=8)


@given(words)
def test_every_place_is_where_the_text_begins(paragraphs: list[str]) -> None:
    escaped = [one.replace("&", "&amp;").replace("<", "&lt;") for one in paragraphs]
    data = f"<html><body><div>{''.join(f'<p>{one} and so on.</p>' for one in escaped)}</div></body></html>".encode()
    (page,) = read(data)
    for locus in page.loci:
        there = data[int(locus.place.removeprefix("byte ")) :].decode()
        shown = re.sub(r"&amp;", "&", re.sub(r"&lt;", "<", there))
        taken = "".join(page.text[locus.start : locus.end].split())
        assert "".join(shown.split()).startswith(taken)

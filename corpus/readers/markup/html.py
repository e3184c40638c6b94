"""Saved pages of HTML: the article in each, without menus and the like, and what the page says of it."""

from __future__ import annotations

import copy
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.base.limits import MAX_ELEMENTS
from corpus.readers.base import Extract
from corpus.readers.blocks import assemble, marked_up
from corpus.readers.markup.places import PagePlaces
from corpus.text.decoding import codecs_of, decode, encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corpus.readers.blocks import Block


def read_html(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the article of a page, or its articles; see `corpus.readers.base.Reader`.

    What is an article is `trafilatura`'s to tell, from the bytes alone: nothing is fetched. A page of several
    articles, each whole under its heading in an element of its own, is as many documents. Places are bytes of
    the page. Raises InputError where there is no text in a page but menus and the like.
    """
    page, encoding, notes = decoded_page(data, path)
    yield from read_page(page, str(path), encoding=encoding, notes=notes)


def read_page(
    page: str,
    name: str,
    *,
    encoding: str = "utf-8",
    stated: Mapping[str, str] | None = None,
    notes: tuple[str, ...] = (),
) -> Iterator[Extract]:
    """Yield the articles of a page that is decoded.

    Parameters
    ----------
    page, name
        The page, and what to call it in an error.
    encoding
        What it was decoded from; places are bytes in it.
    stated
        What is known of it otherwise, such as its address.
    notes
        What a user should know of how it was decoded.

    Raises
    ------
    InputError
        If there is no article in it.
    """
    from lxml import etree, html

    try:
        tree = html.document_fromstring(
            _DECLARATION.sub("", page, count=1), parser=html.HTMLParser(huge_tree=False, no_network=True)
        )
    except (etree.LxmlError, ValueError) as error:
        raise InputError(f"{name}: not HTML that can be read: {error}") from None
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise InputError(f"{name}: a page of more than {MAX_ELEMENTS:,} elements; cut it into several")
    places = PagePlaces(page, encoding)
    articles = _articles(tree)
    about = {**_stated(tree), **(stated or {})}
    for number, article in enumerate(articles, start=1):
        blocks = list(_blocks(article))
        text, loci = assemble(_placed(blocks, places))
        title = next((block.text for block in blocks if block.level), "")
        own = {**about, "title": title} if title else about
        yield Extract(text, loci, own, part=str(number), notes=notes)
    if articles:
        return
    blocks = _article_blocks(tree)
    if not blocks:
        raise InputError(
            f"{name}: no article in this page, only menus and the like; what it shows may come by a script: "
            "save what the browser shows as text"
        )
    text, loci = assemble(_placed(blocks, places))
    yield Extract(text, loci, about, notes=notes)


def _placed(blocks: list[Block], places: PagePlaces) -> Iterator[Block]:
    return (replace(block, place=places.find(block.text) or "") for block in blocks)


# An XML declaration says an encoding that the text is not in any more.
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_LOOKED_AT = 16_384


def decoded_page(data: bytes, path: Path, declared: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Return a page decoded, the encoding it was in, and what a user should know of that.

    Parameters
    ----------
    data, path
        The file.
    declared
        Its encoding as what it came in says; None to go by the page itself.

    Raises
    ------
    InputError
        If it cannot be decoded but for more than a few bytes.
    """
    found = _CHARSET.search(data[:_LOOKED_AT])
    if declared is None and found is not None:
        declared = (found[1] or found[2]).decode("ascii", "replace")
    try:
        encoding = encoding_of(data, str(path), declared)
        return decode(data, str(path), encoding), encoding, ()
    except InputError:
        codec = next(iter(codecs_of(declared)), None) if declared else None
        if codec is None:
            raise
        page = data.decode(codec, "replace")
        if page.count("\ufffd") > _MOST_BROKEN * len(page) or "\0" in page:
            raise
        note = f"{page.count(chr(0xFFFD))} bytes are not valid {declared}, as which the page is declared"
        return page, codec, (note,)


_MOST_BROKEN = 0.001  # of its characters: a page that is cut off, or quotes one in another encoding


def _stated(tree: Any) -> dict[str, str]:  # noqa: ANN401 - an element of lxml
    """Return what a page says of itself in its head."""
    from trafilatura.metadata import extract_metadata

    _quiet()
    found = extract_metadata(
        copy.deepcopy(tree), date_config={"extensive_search": False, "original_date": True}, extensive=False
    )
    names = {
        "title": "title", "author": "author", "date": "date", "source": "sitename", "url": "url",
        "rights": "license",
    }  # fmt: skip
    stated = {name: str(value) for name, ours in names.items() if (value := getattr(found, ours, None))}
    langs = tree.xpath("/html/@lang | /html/@xml:lang | //meta[@http-equiv='content-language']/@content")
    return stated | ({"lang": langs[0]} if langs and langs[0].strip() else {})


def _quiet() -> None:
    for name in ("trafilatura", "htmldate", "readability", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _article_blocks(tree: Any) -> list[Block]:  # noqa: ANN401
    """Return the blocks of the article that a page is of, its heading first; none if there is none."""
    from trafilatura import bare_extraction
    from trafilatura.settings import DEFAULT_CONFIG

    _quiet()
    config = copy.deepcopy(DEFAULT_CONFIG)
    for size in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        config["DEFAULT"][size] = "1"
    found = bare_extraction(
        copy.deepcopy(tree),
        include_comments=False,
        include_formatting=False,
        with_metadata=False,
        config=config,
    )
    body = getattr(found, "body", None)
    blocks = [] if body is None else list(_blocks(body))
    return _with_headings(tree, blocks) if blocks else []


def _with_headings(tree: Any, blocks: list[Block]) -> list[Block]:  # noqa: ANN401
    """Return the blocks of an article, with the headings right above them that were left out."""
    own = list(_blocks(tree))
    places: dict[str, int] = {}
    for place, block in enumerate(own):
        places.setdefault(_opening(block), place)
    known = {_opening(block) for block in blocks}
    whole: list[Block] = []
    for block in blocks:
        place = places.get(_opening(block), 0)
        first = place
        while first > 0 and own[first - 1].level and _opening(own[first - 1]) not in known:
            first -= 1
        whole += [*own[first:place], block]
        known.update(_opening(heading) for heading in own[first:place])
    return [*_headline(tree, whole), *whole]


def _opening(block: Block) -> str:
    """Return what a block begins with, by which it is known again."""
    return "".join(block.text.split())[:_KNOWN_BY]


_KNOWN_BY = 40  # characters


def _headline(tree: Any, blocks: list[Block]) -> list[Block]:  # noqa: ANN401
    """Return the main heading of a page if there is one, and it is not among the first blocks."""
    headings = [" ".join(element.text_content().split()) for element in tree.iter("h1")]
    headings = [heading for heading in headings if heading]
    first = [" ".join(block.text.split()) for block in blocks[:3]]
    if len(headings) != 1 or any(headings[0] in text for text in first):
        return []
    return [marked_up(headings[0], heading=True)]


# Elements that hold blocks, and those that are one; what else there is stands in a line.
_BLOCKS = frozenset({
    "p", "head", "h1", "h2", "h3", "h4", "h5", "h6", "item", "li", "cell", "td", "th", "quote", "blockquote",
    "code", "pre", "dt", "dd", "div", "list", "ul", "ol", "dl", "table", "row", "tr", "section", "article",
    "figcaption", "caption", "tbody", "thead", "main", "body", "header", "figure", "address",
})  # fmt: skip
_HEADINGS = frozenset({"head", "h1", "h2", "h3", "h4", "h5", "h6"})
_NO_TEXT = frozenset({
    "script", "style", "noscript", "template", "form", "nav", "aside", "footer", "iframe", "svg", "button",
    "select", "graphic", "title",
})  # fmt: skip


_AS_IT_STANDS = frozenset(
    {"pre", "code", "quote"}
)  # trafilatura makes a quotation of what is set out in lines


def _blocks(root: Any) -> Iterator[Block]:  # noqa: ANN401
    """Yield the blocks of an element of HTML, or of what trafilatura makes of it."""
    line: list[str] = []
    heading = False
    as_it_stands = 0
    # Not by recursion: a page may be nested deeper than Python's stack is.
    todo: list[tuple[Any, bool]] = [(root, True)]
    while todo:
        element, opens = todo.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            if "".join(line).strip():
                yield marked_up("".join(line), heading=heading)
            line, heading = [], opens and tag in _HEADINGS
        as_it_stands += (1 if opens else -1) * (tag in _AS_IT_STANDS)
        if opens:
            todo.append((element, False))
            text = "" if not tag or tag in _NO_TEXT else element.text
            todo += [] if tag in _NO_TEXT else [(child, True) for child in reversed(element)]
        else:
            text = element.tail if element is not root else ""
        line.append((text or "") if as_it_stands else _SPACE.sub(" ", text or ""))
        if tag in ("br", "lb") and not opens:
            line.insert(-1, "\n")
    if "".join(line).strip():
        yield marked_up("".join(line), heading=heading)


_SPACE = re.compile(r"\s+")

# An article that stands whole in a page of several has a heading and at least this much text, weighed so that
# one of Chinese counts as the English one that says as much.
_LEAST_TEXT = 400
_ASIDE = re.compile(r"comment|related|recommend|teaser|sidebar|widget|promo", re.IGNORECASE)


def _articles(tree: Any) -> list[Any]:  # noqa: ANN401
    """Return the articles of a page that holds several, each whole; none of a page that is of one."""
    found = [
        element
        for element in tree.iter("article")
        if next(element.iterancestors("article"), None) is None
        and not any(
            _ASIDE.search(f"{one.get('class')} {one.get('id')}")
            for one in (element, *element.iterancestors())
        )
    ]
    whole = [element for element in found if _is_whole(element)]
    return whole if len(whole) > 1 else []


def _is_whole(element: Any) -> bool:  # noqa: ANN401
    blocks = list(_blocks(element))
    text = "".join(block.text for block in blocks if not block.level)
    weight = sum(_HAN_WEIGHT if character > "\u2e7f" else 1 for character in text)
    return weight >= _LEAST_TEXT and any(block.level for block in blocks)


_HAN_WEIGHT = 3.5


def is_page(data: bytes) -> bool:
    """Tell whether text is marked up like a page, though it does not open with the frame of one.

    A text may hold tags: one that was left in it (``<hr>``, ``<b>``), a table, tags it speaks of. A page has
    closed blocks, and a third of its lines begin with a block's tag.
    """
    text = data.decode("latin-1") if b"<" in data else ""
    if len(_CLOSED.findall(text)) < _FEWEST_CLOSED:
        return False
    lines = sum(1 for line in text.splitlines() if line.strip())
    return sum(1 for _ in _LINE.finditer(text)) >= _LEAST_SHARE * lines


_BLOCK = (
    "p|div|h[1-6]|ul|ol|li|dl|table|tr|td|th|title|head|body|script|style|nav|header|footer|main|article"
    "|section"
)
_CLOSED = re.compile(rf"</(?:{_BLOCK})\s*>", re.IGNORECASE)
_LINE = re.compile(rf"^[ \t]*(</?(?:{_BLOCK})(?=[\s/>]))", re.IGNORECASE | re.MULTILINE)
_FEWEST_CLOSED = 3
_LEAST_SHARE = 1 / 3  # of the lines with text on them; prose that quotes tags seldom begins a line with one

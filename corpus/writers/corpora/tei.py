"""Pairs as TEI P5: the texts as they are, and beads in a stand-off layer that points at their sentences."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from lxml import etree

from corpus.writers.output import xml_text
from corpus.writers.records import written_score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.bitext import Side
    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

NAMESPACE = "http://www.tei-c.org/ns/1.0"
_NAMESPACES = cast("dict[str, str]", {None: NAMESPACE})  # the stubs know no default namespace
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_FLAGS = {
    "numbers": "the numbers of both sides differ",
    "length": "one side is much longer than the other",
    "merge": "of several sentences on each side",
    "low": "a low score",
    "tied": "could as well be cut otherwise",
    "unlike": "the texts do not look like translations of each other",
}


def write_tei(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write a `teiCorpus` with a `TEI` for each pair of versions.

    Each holds both texts as a `group`, paragraphs and sentences marked, and a `standOff` with a `link` for
    each bead: `target` points at its sentences, `cert` is its score, `ana` points at its flags, `n` is its
    number. Without texts, `target` points into the files that these are in by characters
    (``a.txt#char=10,25``, RFC 5147), and the texts are left out.
    """
    with out.open() as file, etree.xmlfile(file, encoding="utf-8", buffered=False) as xml:
        xml.write_declaration()
        file.write(b"\n")
        with xml.element(f"{{{NAMESPACE}}}teiCorpus", nsmap=_NAMESPACES):
            _put(xml, _corpus_header(options))
            _put(xml, _flag_list())
            number = 0
            for batch in batches:
                for bitext in batch.bitexts():
                    number += 1
                    _put(xml, _bitext(bitext, number, options))
            if not number:  # a corpus without texts is none
                _put(xml, _element("TEI", _header("no pairs", [], options), _standoff([])))


def _put(xml: Any, element: etree._Element) -> None:  # noqa: ANN401 - lxml gives it no name
    etree.indent(element, space=" ")
    element.tail = "\n"
    xml.write(element)


def _element(name: str, *children: etree._Element | str | None, **attributes: str | None) -> etree._Element:
    """Return an element; `xml_id` and `xml_lang` are of XML's own namespace."""
    made = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap=_NAMESPACES)
    for key, value in attributes.items():
        if value is not None:
            made.set(_XML + key[4:] if key.startswith("xml_") else key, xml_text(value))
    for child in children:
        if isinstance(child, str):
            made.text = xml_text(child)
        elif child is not None:
            made.append(child)
    return made


def _corpus_header(options: WriteOptions) -> etree._Element:
    return _header(options.title, [], options)


def _header(title: str, sources: list[etree._Element], options: WriteOptions) -> etree._Element:
    about = [_element("p", f"{name}: {value}") for name, value in options.about.items()]
    application = _element(
        "application", _element("label", options.tool), ident="duizhao", version=_version(options)
    )
    return _element(
        "teiHeader",
        _element(
            "fileDesc",
            _element("titleStmt", _element("title", title)),
            _element("publicationStmt", _element("p", f"Written by {options.tool}.")),
            _element("sourceDesc", *(sources or [_element("p", "See the texts.")])),
        ),
        _element("encodingDesc", *about, _element("appInfo", application)) if not sources else None,
    )


def _version(options: WriteOptions) -> str:
    return options.tool.rpartition(" ")[2]


def _flag_list() -> etree._Element:
    told = [_element("interp", why, xml_id=f"flag.{name}") for name, why in _FLAGS.items()]
    return _element("standOff", _element("interpGrp", *told, type="flags"))


def _bitext(bitext: Bitext, number: int, options: WriteOptions) -> etree._Element:
    sides = ("s", bitext.src), ("t", bitext.tgt)
    rows = bitext.pairs.iter_rows(named=True)
    links = [link for row in rows if (link := _link(row, number, sides, options)) is not None]
    title = bitext.src.about.get("title") if options.text else None
    head = _header(title or bitext.doc_id, [_source(side, options) for _, side in sides], options)
    texts = [_text(side, f"b{number}.{letter}") for letter, side in sides] if options.text else []
    text = _element("text", _element("group", *texts)) if texts else None
    return _element("TEI", head, text, _standoff(links), n=bitext.doc_id, xml_id=f"b{number}")


def _standoff(links: list[etree._Element]) -> etree._Element:
    if not links:
        return _element("standOff", _element("ab", "no beads"))
    return _element("standOff", _element("linkGrp", *links, type="translation"))


def _source(side: Side, options: WriteOptions) -> etree._Element:
    about = side.about
    date = about.get("date")
    known = [
        _element("title", about.get("title")) if about.get("title") and options.text else None,
        _element("author", about.get("author")) if about.get("author") else None,
        _element("publisher", about.get("source")) if about.get("source") else None,
        _element("date", date, when=date if _DATE.fullmatch(date) else None) if date else None,
        _element("idno", about.get("file"), type="file") if about.get("file") else None,
        _element("idno", about.get("url"), type="URL") if about.get("url") else None,
        _element("note", about.get("relation"), type="relation") if about.get("relation") else None,
    ]
    if not any(one is not None for one in known):
        known = [_element("note", "nothing is known of it")]
    return _element("bibl", *known, xml_lang=side.lang)


def _text(side: Side, prefix: str) -> etree._Element:
    body = _element("body")
    into = body
    for paragraph, group in groupby(range(len(side.sentences)), key=lambda k: side.paragraphs[k]):
        ids = list(group)
        sentences = [_element("s", side.sentences[k], xml_id=f"{prefix}{k}", n=str(k)) for k in ids]
        if side.headings[ids[0]]:
            if into is body or len(into) > len(into.findall(f"{{{NAMESPACE}}}head")):
                into = etree.SubElement(body, f"{{{NAMESPACE}}}div")
            into.append(_element("head", *sentences))
        else:
            into.append(_element("p", *sentences, n=str(paragraph)))
    return _element("text", body, xml_lang=side.lang)


def _link(
    row: dict[str, Any], number: int, sides: tuple[tuple[str, Side], ...], options: WriteOptions
) -> etree._Element | None:
    ids = row["src_ids"], row["tgt_ids"]
    if not all(ids) and not options.nulls:
        return None
    if options.text:
        target = [
            f"#b{number}.{letter}{k}" for (letter, _), held in zip(sides, ids, strict=True) for k in held
        ]
    else:
        target = [
            f"{quote(str(side.about.get('file') or ''))}#char={side.spans[k][1]},{side.spans[k][2]}"
            for (_, side), held in zip(sides, ids, strict=True)
            for k in held
        ]
    flags = dict.fromkeys(flag.split(":")[0] for flag in row["flags"])
    about = {
        "n": str(row["number"]),
        "cert": written_score(row["score"]) or None,
        "ana": " ".join(f"#flag.{flag}" for flag in flags if flag in _FLAGS) or None,
        "target": " ".join(target),
    }
    # A link has two ends or more: what has no counterpart is only pointed at.
    return _element("link" if all(ids) else "ptr", **about)

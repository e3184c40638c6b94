"""TEI: its structure against a grammar of what we use, and every pointer at what it means.

The grammar is ours, a part of TEI's: what is written was valid against `tei_all` of P5 4.8.0 as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from lxml import etree

from corpus.documents.pairs import all_pairs
from corpus.writers.base import WriteOptions, write_pairs
from tests.corpus.writers.making import BEADS, SOURCE, TARGET, hostile

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.documents.pairs import PairBatch
    from corpus.store.workspace import Workspace

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"


def grammar() -> etree.RelaxNG:
    """Return the part of TEI P5 that we write, as RELAX NG."""

    def element(name: str, *content: str, attributes: str = "") -> str:
        inside = "".join(content) or "<empty/>"
        return f'<element name="{name}">{attributes}{inside}</element>'

    def some(*content: str) -> str:
        return f"<oneOrMore>{''.join(content)}</oneOrMore>"

    def any_of(*content: str) -> str:
        return f"<zeroOrMore>{''.join(content)}</zeroOrMore>"

    def maybe(*content: str) -> str:
        return f"<optional>{''.join(content)}</optional>"

    def attribute(name: str, kind: str = "string") -> str:
        return f'<attribute name="{name}"><data type="{kind}"/></attribute>'

    text, name = "<text/>", attribute("n")
    xml_id, lang = attribute("xml:id", "ID"), attribute("xml:lang", "language")
    paragraph = element("p", text)
    bibl = element(
        "bibl",
        some("<choice>" + "".join([
            element("title", text), element("author", text), element("publisher", text),
            element("date", text, attributes=maybe(attribute("when"))),
            element("idno", text, attributes=attribute("type")),
            element("note", text, attributes=maybe(attribute("type"))),
        ]) + "</choice>"),
        attributes=lang,
    )  # fmt: skip
    header = element(
        "teiHeader",
        element(
            "fileDesc",
            element("titleStmt", element("title", text)),
            element("publicationStmt", paragraph),
            element("sourceDesc", f"<choice>{some(bibl)}{paragraph}</choice>"),
        ),
        maybe(element(
            "encodingDesc",
            any_of(paragraph),
            element("appInfo", element(
                "application", element("label", text), attributes=attribute("ident") + attribute("version")
            )),
        )),
    )  # fmt: skip
    sentence = element("s", text, attributes=xml_id + name)
    plain = element("p", some(sentence), attributes=name)
    division = element("div", some(element("head", some(sentence))), any_of(plain))
    body = element("body", f"<choice>{some(division)}<group>{some(plain)}{any_of(division)}</group></choice>")
    whole = element("text", element("group", some(element("text", body, attributes=lang))))
    pointing = attribute("target")
    about = name + attribute("cert", "decimal") + maybe(attribute("ana")) + pointing
    ends = f"<choice>{element('link', attributes=about)}{element('ptr', attributes=about)}</choice>"
    interp = element("interp", text, attributes=xml_id)
    flags = element("interpGrp", some(interp), attributes=attribute("type"))
    links = element("linkGrp", some(ends), attributes=attribute("type"))
    standoff = element("standOff", f"<choice>{links}{element('ab', text)}</choice>")
    one = element("TEI", header, maybe(whole), standoff, attributes=maybe(name) + maybe(xml_id))
    corpus = element("teiCorpus", header, element("standOff", flags), some(one))
    return etree.RelaxNG(etree.fromstring(
        '<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.tei-c.org/ns/1.0"'
        ' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">'
        f"<start>{corpus}</start></grammar>"
    ))  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    return grammar()


def written(batches: list[PairBatch], path: Path, **options: bool) -> etree._Element:
    write_pairs(batches, path, "tei", WriteOptions(**options))  # type: ignore[arg-type]
    return etree.parse(path, etree.XMLParser(resolve_entities=False)).getroot()


@pytest.mark.parametrize("options", [{}, {"nulls": True}, {"text": False}])
def test_it_is_valid(
    schema: etree.RelaxNG, seeded: Workspace, tmp_path: Path, options: dict[str, bool]
) -> None:
    root = written([all_pairs(seeded), hostile(), hostile("again")], tmp_path / "p.tei.xml", **options)
    assert schema.validate(root.getroottree()), schema.error_log
    assert len(root.findall(f"{TEI}TEI")) == 3


def test_nothing_at_all_is_valid(schema: etree.RelaxNG, tmp_path: Path) -> None:
    root = written([], tmp_path / "p.tei.xml")
    assert schema.validate(root.getroottree()), schema.error_log


def test_links_point_at_the_sentences_of_their_beads(tmp_path: Path) -> None:
    root = written([hostile(), hostile("again")], tmp_path / "p.tei.xml", nulls=True)
    ids = [element.get(ID) for element in root.iter() if element.get(ID)]
    assert len(ids) == len(set(ids))
    texts = {element.get(ID): element.text for element in root.iter(f"{TEI}s")}
    for tei in root.findall(f"{TEI}TEI"):
        ends = [*tei.iter(f"{TEI}link", f"{TEI}ptr")]
        found = [[texts[end[1:]] for end in (one.get("target") or "").split()] for one in ends]
        meant = [[*(SOURCE[k] for k in bead.src), *(TARGET[k] for k in bead.tgt)] for bead in BEADS]
        assert found == [[text.replace("\x02", "\ufffd") for text in one] for one in meant]
        assert [float(one.get("cert") or "") for one in ends] == [bead.score for bead in BEADS]
        assert ends[2].get("ana") == "#flag.numbers #flag.merge"
        assert {end.get("ana") for end in ends} >= {None, "#flag.low"}


def test_without_texts_links_point_into_files(tmp_path: Path) -> None:
    root = written([hostile()], tmp_path / "p.tei.xml", text=False)
    files = {"a b.txt": "\n".join(SOURCE), "b.txt": "\n".join(TARGET)}
    (_, _, third, *_) = root.iter(f"{TEI}link")
    read = []
    for end in (third.get("target") or "").split():
        file, _, place = end.partition("#char=")
        start, stop = map(int, place.split(","))
        read.append(files[unquote(file)][start:stop])
    assert read == [SOURCE[2], SOURCE[3], TARGET[2]]
    assert not [
        text for text in (*SOURCE[2:], *TARGET[2:]) if text in etree.tostring(root, encoding="unicode")
    ]

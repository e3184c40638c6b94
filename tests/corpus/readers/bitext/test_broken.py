"""Files broken at random: each is read, or refused by name."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING

import openpyxl
import pytest

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments
from corpus.readers.bitext.links import linked_files, read_links
from corpus.readers.bitext.moses import read_moses
from corpus.readers.bitext.tables import is_table, read_table
from corpus.readers.bitext.tmx import read_tmx
from corpus.readers.bitext.xliff import read_xliff

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 200
TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="zh" segtype="sentence"/><body>
<tu tuid="a:1"><prop type="x-document">a</prop><prop type="x-score">0.9</prop>
<tuv xml:lang="zh"><prop type="x-sentences">0:0-2 1:2-4</prop><seg>雨。雪。</seg></tuv>
<tuv xml:lang="en-US"><seg>Rain &amp; <bpt i="1"/>snow.</seg></tuv></tu></body></tmx>"""
XLIFF = """<?xml version="1.0"?><xliff version="1.2"><file original="a" source-language="zh" target-language="en"
datatype="plaintext"><body><trans-unit id="1"><source>雨。</source><seg-source><mrk mtype="seg" mid="1">雨。</mrk>
</seg-source><target><mrk mtype="seg" mid="1">Rain.</mrk></target></trans-unit></body></file></xliff>"""
XLIFF_2 = """<?xml version="1.0"?><xliff xmlns:dz="urn:duizhao:bitext" version="2.1" srcLang="zh" trgLang="en">
<file id="f" dz:date="1959"><unit id="1" dz:score="0.5" dz:source="0:0-2"><segment><source>雨。</source>
<target>Rain.</target></segment></unit></file></xliff>"""
XCES = """<?xml version="1.0"?><cesAlign version="1.0"><linkGrp fromDoc="zh/a.xml" toDoc="en/a.xml">
<link xtargets="1 2;1" certainty="0.5"/></linkGrp></cesAlign>"""
INTERTEXT = "<linkGrp toDoc='en/a.xml' fromDoc='zh/a.xml'><link type='1-2' xtargets='1;1 2'/></linkGrp>"
TABLE = "doc_id\tsrc_lang\ttgt_lang\tsrc\ttgt\tscore\tsrc_segments\na\tzh\ten\t雨。雪。\tRain, snow.\t0.5\t0:0-2 1:2-4\n"


def broken(data: bytes, draw: random.Random) -> bytes:
    """Return data with some bytes changed, taken out, put in, doubled or cut off."""
    out = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(out) + 1)
        to = min(len(out), at + draw.randint(1, 12))
        kind = draw.randrange(6)
        if kind == 0:
            out[at:to] = b""
        elif kind == 1:
            out[at:at] = draw.randbytes(draw.randint(1, 4))
        elif kind == 2:
            out[at:to] = draw.randbytes(to - at)
        elif kind == 3:
            out[at:at] = out[at:to]
        elif kind == 4:
            out[at:at] = draw.choice(
                [b"<", b">", b"&", b'"', b"&#0;", b"&#xD800;", b"<!ENTITY a 'b'>", b"\0", b"\t", b"\n"]
            )
        else:
            del out[max(at, 1) :]
    return bytes(out)


def sheet() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (["zh", "en", "score"], ["雨。", "Rain.", 0.5]):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the texts that files of links name, and one side of a Moses pair."""
    for lang, text in (
        ("zh", "<text><p><s id='1'>雨。</s><s id='2'>雪。</s></p></text>"),
        ("en", "<t><s id='1'>Rain.</s></t>"),
    ):
        (tmp_path / lang).mkdir()
        (tmp_path / lang / "a.xml").write_text(text, encoding="utf-8")
    (tmp_path / "a.zh").write_text("雨。\n雪。\n", encoding="utf-8")
    (tmp_path / "a.ids").write_text("zh/a\ten/a\t1\t1\t0.5\nzh/a\ten/a\t2\t2\t\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "data", "read"),
    [
        ("a.tmx", TMX.encode(), read_tmx),
        ("b.tmx", TMX.replace("UTF-8", "gb18030").encode("gb18030"), read_tmx),
        ("c.tmx", TMX.replace("UTF-8", "utf-16").encode("utf-16"), read_tmx),
        ("a.xlf", XLIFF.encode(), read_xliff),
        ("a.xliff", XLIFF_2.encode(), read_xliff),
        ("links.xml", XCES.encode(), read_links),
        ("a.alignment.xml", INTERTEXT.encode(), read_links),
        ("a.tsv", TABLE.encode(), read_table),
        ("a.csv", TABLE.replace(",", ";").replace("\t", ",").encode(), read_table),
        ("a.xlsx", sheet(), read_table),
        ("a.en", b"Rain.\nSnow.\n", read_moses),
    ],
)  # fmt: skip
def test_files_broken_at_random(folder: Path, name: str, data: bytes, read: object) -> None:
    assert callable(read)
    draw = random.Random(name)
    file = folder / name
    file.write_bytes(data)
    assert all(isinstance(found, AlignedSegments) for found in read(data, file))
    refused = 0
    for _ in range(COUNT):
        hurt = broken(data, draw)
        file.write_bytes(hurt)
        try:
            linked_files(hurt, file)
            is_table(hurt, name)
            for found in read(hurt, file):
                check(found)
        except InputError:
            refused += 1
    assert refused > 0


def check(found: AlignedSegments) -> None:
    """Assert that beads name segments that there are, each language's facts are as many as they, none is empty."""
    for lang, segments in found.segments.items():
        assert all(segments)
        assert len(found.places[lang]) == len(found.paragraphs[lang]) == len(segments)
    assert len(found.scores) == len(found.beads)
    for bead in found.beads:
        assert all(ids and max(ids) < len(found.segments[lang]) for lang, ids in bead.items())


@pytest.mark.parametrize("place", ["zh/a.xml", "a.ids"])
def test_files_beside_broken_at_random(folder: Path, place: str) -> None:
    links, moses, beside = folder / "links.xml", folder / "a.en", folder / place
    links.write_text(XCES)
    moses.write_text("Rain.\nSnow.\n")
    draw, whole = random.Random(place), beside.read_bytes()
    for _ in range(COUNT):
        beside.write_bytes(broken(whole, draw))
        for file, read in ((links, read_links), (moses, read_moses)):
            try:
                for found in read(file.read_bytes(), file):
                    check(found)
            except InputError:
                continue

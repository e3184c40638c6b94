"""Texts come out of documents as they went in, and broken documents as errors that say what to do."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.docx import read_docx
from corpus.readers.epub import read_epub
from corpus.readers.odt import read_odt
from corpus.readers.rtf import read_rtf
from corpus.readers.subtitles import read_subtitles
from corpus.text.spans import squeeze
from tests.conftest import SEEDS, seed_text
from tests.corpus.readers.making import MAKERS, make_srt, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READERS: dict[str, Callable[[bytes, Path], Iterator[Extract | AlignedSegments]]] = {
    "docx": read_docx, "odt": read_odt, "rtf": read_rtf, "epub": read_epub, "srt": read_subtitles,
}  # fmt: skip
FORMATS = sorted(MAKERS)


def one(form: str, data: bytes) -> Extract:
    (extract,) = READERS[form](data, Path(f"file.{form}"))
    assert isinstance(extract, Extract)
    return extract


def paragraphs_of(text: str) -> list[str]:
    return [line for line in map(squeeze, text.splitlines()) if line]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("number", SEEDS)
def test_seeds_come_out_as_they_went_in(form: str, number: str) -> None:
    paragraphs = paragraphs_of(seed_text(number))
    extract = one(form, MAKERS[form](paragraphs))
    assert extract.text == "\n\n".join(paragraphs) + "\n"
    assert [extract.text[locus.start : locus.end] for locus in extract.loci] == paragraphs
    assert len({locus.place for locus in extract.loci}) == len(paragraphs)
    assert extract.notes == ()


# Every character that a text may hold: none of controls, of surrogates, of private use, nor noncharacters.
texts = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp", "Zs"), include_characters=" \u3000"),
    min_size=1,
    max_size=60,
).map(lambda text: " ".join(text.split(" ")).strip(" \u3000"))


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=15)
@given(st.lists(texts.filter(lambda text: any(map(str.isalnum, text))), min_size=1, max_size=6))
def test_any_text_comes_out_as_it_went_in(form: str, paragraphs: list[str]) -> None:
    paragraphs = [" ".join(paragraph.split()) for paragraph in paragraphs]
    extract = one(form, MAKERS[form](paragraphs))
    assert extract.text == "\n\n".join(paragraphs) + "\n"
    assert extract == one(form, MAKERS[form](paragraphs))


def mutations(data: bytes, number: int) -> Iterator[bytes]:
    """Yield broken copies: bits turned, pieces cut out, doubled, put elsewhere, the end cut off."""
    draw = random.Random(len(data))
    for _ in range(number):
        broken = bytearray(data)
        for _ in range(draw.choice((1, 1, 3, 20))):
            place = draw.randrange(len(broken))
            length = draw.choice((1, 4, 200))
            match draw.randrange(5):
                case 0:
                    broken[place] ^= 1 << draw.randrange(8)
                case 1:
                    del broken[place : place + length]
                case 2:
                    broken[place:place] = draw.randbytes(length)
                case 3:
                    broken[place:place] = broken[place : place + length]
                case 4:
                    del broken[place + 1 :]
            if not broken:
                break
        yield bytes(broken)


@pytest.mark.parametrize("form", [*FORMATS, "srt"])
def test_broken_files_raise_nothing_but_input_errors(form: str) -> None:
    paragraphs = paragraphs_of(seed_text("003"))[:12]
    whole = (make_srt if form == "srt" else MAKERS[form])(paragraphs)
    outcomes = {"read": 0, "refused": 0}
    unnamed: list[str] = []
    inner = PACKED.get(form)
    broken = list(mutations(whole, 100 if inner else 200))
    if inner:  # a broken zip is told as one; these are whole, and have broken XML in them
        broken += [replaced(whole, inner, content) for content in mutations(part_of(whole, inner), 100)]
    for data in broken:
        try:
            for item in READERS[form](data, Path(f"file.{form}")):
                assert isinstance(item, (Extract, AlignedSegments))
            outcomes["read"] += 1
        except InputError as error:
            outcomes["refused"] += 1
            unnamed += [str(error)] if not str(error).startswith(f"file.{form}: ") else []
    assert outcomes["refused"] > 0
    assert unnamed == []


@pytest.fixture
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.packages.MAX_PACKED_FILES", 100)


PACKED = {"docx": "word/document.xml", "odt": "content.xml", "epub": "OEBPS/book.opf"}


def part_of(data: bytes, file: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(file)


def replaced(data: bytes, file: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return zipped({name: packed.read(name) for name in packed.namelist()} | {file: content})


def broken_by(form: str, content: bytes) -> str:
    data = replaced(MAKERS[form](["One paragraph.", "And another."]), PACKED[form], content)
    with pytest.raises(InputError) as raised:
        list(READERS[form](data, Path(f"file.{form}")))
    return str(raised.value)


@pytest.mark.parametrize("form", PACKED)
def test_entities_and_document_types_are_refused(form: str) -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><d>&l9;</d>'
    outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    remote = '<!-- a --><!DOCTYPE d SYSTEM "http://example.org/d.dtd"><d/>'
    for content in (bomb.encode(), outside.encode(), remote.encode(), bomb[21:].encode("utf-16")):
        assert "DOCTYPE" in broken_by(form, content)


@pytest.mark.parametrize("form", PACKED)
def test_what_unpacks_to_too_much_is_refused(form: str) -> None:
    assert "500 times the packed size" in broken_by(form, b"<d>" + b" " * 20_000_000 + b"</d>")


@pytest.mark.parametrize("form", PACKED)
def test_deep_trees_are_refused(form: str) -> None:
    assert "not well-formed XML" in broken_by(form, b"<d>" * 100_000 + b"</d>" * 100_000)


def test_a_zip_of_very_many_files_is_refused(few_files: None) -> None:
    data = zipped({f"f{number}": b"" for number in range(101)})
    for form in PACKED:
        with pytest.raises(InputError, match=r"holds 101 files, the most for .* is 100"):
            list(READERS[form](data, Path("many")))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty file"),
        (b"  \r\n", "an empty file"),
        (b"{\\rtf1 hello}", r"RTF; name it \.rtf"),
        (b"%PDF-1.7", r"a PDF; name it \.pdf"),
        (b"<!DOCTYPE html><html><body>x</body></html>", r"HTML; name it \.html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<html xmlns='x'>", r"HTML; name it \.html"),
        (b"Only text.\n", r"plain text; name it \.txt"),
        (b"\x89PNG\r\n\x1a\n", "a picture, which has no text"),
        (b"\x00\x01\x02", "something else"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "convert it to DOCX",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "under a password"),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_files_of_other_kinds_are_named(form: str, data: bytes, message: str) -> None:
    if form == "rtf" and data.startswith(b"{\\rtf"):
        assert one(form, data).text == "hello\n"
        return
    with pytest.raises(InputError, match=f"a b: not an? .* but .*{message}"):
        list(READERS[form](data, Path("a b")))


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_without_text_says_so(form: str) -> None:
    with pytest.raises(InputError, match=r"no text in it.*OCR"):
        one(form, MAKERS[form](["", " "]))

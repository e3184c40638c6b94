"""Translation memories as other tools write them, and hostile ones."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.readers.bitext.tmx import read_tmx

if TYPE_CHECKING:
    from corpus.readers.base import AlignedSegments

DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'


def memory(
    units: str, *, header: str = 'srclang="en-US"', prolog: str = DOCTYPE, encoding: str = "utf-8"
) -> bytes:
    text = f"""<?xml version="1.0" encoding="{encoding}"?>{prolog}
    <tmx version="1.4"><header {header} segtype="sentence"/><body>{units}</body></tmx>"""
    return textwrap.dedent(text).encode(encoding)


def unit(*texts: tuple[str, str], props: str = "") -> str:
    return (
        f"<tu>{props}"
        + "".join(f'<tuv xml:lang="{lang}"><seg>{text}</seg></tuv>' for lang, text in texts)
        + "</tu>"
    )


def read(data: bytes) -> AlignedSegments:
    (found,) = read_tmx(data, Path("tm.tmx"))
    return found


def test_a_memory_in_three_languages_is_one_document() -> None:
    found = read(memory(unit(("en-US", "Rain."), ("zh-TW", "雨。"), ("ko", "비."))))
    assert found.segments == {"en": ("Rain.",), "zh": ("雨。",), "ko": ("비.",)}
    assert found.beads == ({"en": (0,), "zh": (0,), "ko": (0,)},)
    assert (found.original, found.scores, found.part) == ("en", (None,), None)
    assert "zh-TW read as zh" in found.notes


def test_codes_are_left_out_and_what_they_enclose_is_kept() -> None:
    seg = 'The <bpt i="1">&lt;b></bpt>rain<ept i="1">&lt;/b></ept> <hi>came</hi>.<ph x="2">{0}</ph>'
    found = read(memory(unit(("en", seg), ("zh", "雨来了。"))))
    assert found.segments["en"] == ("The rain came.",)
    assert "texts with inline codes, which are left out: 1" in found.notes


def test_of_two_texts_in_one_language_the_first_is_read_and_the_other_counted() -> None:
    found = read(memory(unit(("en", "Colour"), ("en-US", "Color"), ("zh", "颜色"))))
    assert found.segments["en"] == ("Colour",)
    assert any("beside another one in en" in note and note.endswith(": 1") for note in found.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "gb2312", "big5", "shift_jis", "cp949"])
def test_declared_encodings_are_heeded(encoding: str) -> None:
    found = read(memory(unit(("en", "Rain"), ("zh", "雨")), encoding=encoding))
    assert found.segments["zh"] == ("雨",)


def test_the_language_of_old_versions_is_in_an_attribute_of_its_own() -> None:
    found = read(
        memory('<tu><tuv lang="EN-GB"><seg>Rain</seg></tuv><tuv lang="zho"><seg>雨</seg></tuv></tu>')
    )
    assert set(found.segments) == {"en", "zh"}


@pytest.mark.parametrize("kind", ["score", "x-score"])
def test_scores_are_read_if_they_are_some(kind: str) -> None:
    units = [
        unit(("en", "a"), ("zh", "甲"), props=f'<prop type="{kind}">{s}</prop>') for s in ("0.5", "7", "high")
    ]
    found = read(memory("".join(units)))
    assert found.scores == (0.5, None, None)
    assert any(note.endswith(": 2") and "scores" in note for note in found.notes)


def test_empty_texts_have_no_part_in_a_bead() -> None:
    found = read(
        memory(
            unit(("en", "Rain"), ("zh", " ")) + unit(("en", ""), ("zh", "")) + unit(("en", "a"), ("zh", "甲"))
        )
    )
    assert found.beads == ({"en": (0,)}, {"en": (1,), "zh": (0,)})
    assert "units without text, left out: 1" in found.notes


@pytest.mark.parametrize(
    ("prolog", "said"),
    [
        ('<!DOCTYPE tmx [<!ENTITY a "aaa"><!ENTITY b "&a;&a;&a;">]>', "line 1: it defines an entity (&a;)"),
        ('<!DOCTYPE tmx SYSTEM "x" [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', "it defines an entity (&p;)"),
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "x">', "document type (html)"),
    ],
)  # fmt: skip
def test_entities_and_other_document_types_are_refused(prolog: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        read(memory(unit(("en", "&b;"), ("zh", "雨")), prolog=prolog))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not XML"),
        (b"plain text", "not XML"),
        (b"<html/>", "outermost element is <html>"),
        (memory(""), "without text"),
        (memory(unit(("en", "a&nbsp;b"), ("zh", "甲"))), "&nbsp; is not defined"),
        (memory(unit(("klingon-x", "a"), ("zh", "甲"))), "not the code of a language"),
        (memory("<tu><tuv><seg>a</seg></tuv></tu>"), "line 2 (unit 1): its language is not stated"),
        (memory('<tu><tuv xml:lang="en"/></tu>'), "0 elements <seg>"),
        (memory(unit(("en", "a")))[:-20], "not well-formed"),
        (b'<?xml version="1.0" encoding="x-none"?><tmx/>', "x-none"),
        (b'<?xml version="1.0" encoding="gb18030"?><tmx>\xff\xff</tmx>', "gb18030"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_with_its_place(data: bytes, said: str) -> None:
    with pytest.raises(InputError) as error:
        read(data)
    assert said in str(error.value)
    assert str(error.value).startswith("tm.tmx")


def test_a_large_memory_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.bitext.units.MAX_UNITS", 100)
    data = memory(unit(("en", "It rained."), ("zh", "下雨了。")) * 210)
    parts = [(found.part, len(found.beads)) for found in read_tmx(data, Path("tm.tmx"))]
    assert parts == [("1", 100), ("2", 100), ("3", 10)]

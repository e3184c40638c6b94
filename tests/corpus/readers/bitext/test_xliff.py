"""XLIFF as translation tools write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.readers.bitext.xliff import read_xliff

if TYPE_CHECKING:
    from corpus.readers.base import AlignedSegments

OLD = "urn:oasis:names:tc:xliff:document:1.2"
NEW = "urn:oasis:names:tc:xliff:document:2.0"


def old(body: str, *, target: str = ' target-language="zh-CN"', original: str = "a.docx") -> str:
    return f'<file original="{original}" source-language="en-US"{target} datatype="plaintext"><body>{body}</body></file>'


def read(text: str) -> list[AlignedSegments]:
    return list(read_xliff(text.encode(), Path("a.xlf")))


def test_segments_that_a_tool_marked_are_beads_of_their_own() -> None:
    (found,) = read(
        f'<xliff version="1.2" xmlns="{OLD}">'
        + old(
            '<group><trans-unit id="1"><source>One. Two.</source><seg-source><mrk mtype="seg" mid="0">One.</mrk> '
            '<mrk mtype="seg" mid="1">Two.</mrk></seg-source><target><mrk mtype="seg" mid="0">一。</mrk>'
            '<mrk mtype="seg" mid="1">二。</mrk></target></trans-unit></group>'
            '<trans-unit id="2"><source>Three <g id="1">four</g><x id="2"/></source></trans-unit>'
            '<bin-unit id="3"><bin-source/></bin-unit>'
        )
        + "</xliff>"
    )
    assert found.segments == {"en": ("One.", "Two.", "Three four"), "zh": ("一。", "二。")}
    assert found.beads == ({"en": (0,), "zh": (0,)}, {"en": (1,), "zh": (1,)}, {"en": (2,)})
    assert found.original == "en"
    assert found.places["en"] == ("unit 1", "unit 1", "unit 2")
    assert "units that are no text, left out: 1" in found.notes


def test_several_files_are_several_documents() -> None:
    unit = '<trans-unit id="1"><source>Rain</source><target>雨</target></trans-unit>'
    found = read(f'<xliff version="1.2">{old(unit)}{old(unit, original="b.docx")}</xliff>')
    assert [one.part for one in found] == ["a.docx", "b.docx"]


def test_a_target_may_state_its_language_itself() -> None:
    unit = '<trans-unit id="1"><source>Rain</source><target xml:lang="ko">비</target></trans-unit>'
    (found,) = read(f'<xliff version="1.2">{old(unit, target="")}</xliff>')
    assert set(found.segments) == {"en", "ko"}


def test_xliff_2_has_segments_in_units() -> None:
    (found,) = read(
        f'<xliff version="2.0" xmlns="{NEW}" srcLang="en" trgLang="zh-Hant"><file id="f1"><group id="g"><unit id="1">'
        '<segment id="s1"><source>One. </source><target>一。</target></segment><ignorable><source> </source>'
        '</ignorable><segment><source>Two <pc id="1">x</pc><ph id="2"/>.</source><target>二。</target></segment>'
        "</unit></group></file></xliff>"
    )
    assert found.segments == {"en": ("One.", "Two x."), "zh": ("一。", "二。")}
    assert "zh-Hant read as zh" in found.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<xliff version="1.2"></xliff>', "without text"),
        ('<tmx version="1.4"/>', "no XLIFF"),
        (f'<xliff version="1.2">{old("<trans-unit id=&quot;7&quot;/>".replace("&quot;", chr(34)))}</xliff>', "unit 7"),
        ('<xliff version="2.0" trgLang="zh"><file id="f"><unit id="1"/></file></xliff>', "language is not stated"),
        ('<xliff version="2.0" srcLang="en" trgLang="en-GB"><file id="f"><unit id="1"><segment><source>a</source>'
         "<target>b</target></segment></unit></file></xliff>", "both in en"),
        ('<!DOCTYPE xliff [<!ENTITY a "b">]><xliff/>', "defines an entity"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text)

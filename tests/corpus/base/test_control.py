"""Control characters are shown, not obeyed."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.control import Terminal, in_xml, pictured


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m地方", "␛[31m地方"),
        ("a\x9b31mb", "a\ufffd31mb"),
        ("\x9d8;;x\x07", "\ufffd8;;x␇"),
        ("a\rb\x08\x7f\0", "a␍b␈␡␀"),
        ("a\tb\nc", "a\tb\nc"),
    ],
)
def test_pictures(text: str, shown: str) -> None:
    assert pictured(text) == shown
    stream = io.StringIO()
    assert Terminal(stream).write(text) == len(text)
    assert stream.getvalue() == shown


@given(st.text(st.characters(codec=None)))
def test_any_text_is_xml(text: str) -> None:
    ET.fromstring(f"<a><![CDATA[{in_xml(text.replace(']]>', ''))}]]></a>".encode())

"""The registry: a file is of the format that its content shows, or else its name's ending."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.readers import registry
from corpus.readers.registry import FORMATS, Format, format_of, formats, reader

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def plug_ins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    class Point:
        value = "elsewhere:FORMAT"

        def __init__(self, name: str, form: Format | None) -> None:
            self.name, self.form = name, form

        def load(self) -> Format:
            if self.form is None:
                raise ImportError("no module named elsewhere")
            return self.form

    form = Format((".letter",), "corpus.readers.text", "read_text", "letters", "line", opens=r"Dear \w+,")
    points = [Point("letter", form), Point("text", form), Point("telex", None)]
    monkeypatch.setattr(registry, "entry_points", lambda **_: points)
    formats.cache_clear()
    yield
    formats.cache_clear()


def test_every_format_has_its_reader() -> None:
    for name, form in FORMATS.items():
        assert callable(getattr(import_module(form.module), form.function)), name
        assert form.endings or form.paired, name
        assert all(ending.startswith(".") and ending == ending.lower() for ending in form.endings), name


def test_plug_ins_come_after_the_own_formats(plug_ins: None) -> None:
    assert formats()["text"] is FORMATS["text"]
    assert format_of("Dear Sir,\nyours".encode("utf-16"), "note.txt") == "letter"
    assert format_of(b"Sirs,", "note.letter") == "letter"
    assert callable(reader("letter", "note.letter"))
    with pytest.raises(
        InputError, match=r"note\.telex: the plug-in for telex files, elsewhere:FORMAT, does not load"
    ):
        reader("telex", "note.telex")


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    form = Format(
        (".x",), "corpus.readers.text", "read_text", "x", "", needs=("no_such_module",), extra="pdf"
    )
    monkeypatch.setattr(registry, "formats", lambda: {"x": form})
    with pytest.raises(InputError, match=r"a\.x: .* takes no_such_module, .*: pip install 'duizhao\[pdf\]'"):
        reader("x", "a.x")


@pytest.mark.parametrize("start", ["<?x?>", "<!--", "<!-- -->", "<!DOCTYPE a [ ] >", " ", "<"])
def test_looking_at_a_start_takes_no_time(start: str) -> None:
    began = time.process_time()
    format_of((start * 9000).encode(), "a.txt")
    assert time.process_time() - began < 2

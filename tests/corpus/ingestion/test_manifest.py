"""Manifests, good and bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.ingestion.manifest import Entry, Statement, load_manifest
from corpus.text.dates import parse_date

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, content: str) -> Path:
    path = folder / "manifest.toml"
    path.write_text(content, "utf-8")
    return path


def test_an_entry_says_what_holds_for_the_document_and_for_one_version(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [[document]]
        file = "1959/item.txt"
        date = 1959-05-20
        original = "zh"
        page = 5
        [document.versions.en]
        date = "2019"
        author = "A. Translator"

        [[document]]
        file = "other.txt"
        date = "1960-02"
        """,
    )
    entries = load_manifest(path)
    assert entries["other.txt"] == Entry(date=parse_date("1960-02"))
    item = entries["1959/item.txt"]
    assert (str(item.date), item.original, item.page) == ("1959-05-20", "zh", "5")
    assert item.about("en") == Statement(date=parse_date("2019"), author="A. Translator")
    assert item.about("zh") == Statement()


def test_options_outweigh_the_manifest() -> None:
    entry = Entry(date=parse_date("1959"), source="Xinhua").override(Entry(date=parse_date("1960")))
    assert (str(entry.date), entry.source) == ("1960", "Xinhua")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[document]\n", "not a TOML file: .*line 1"),
        ('[[document]]\ndate = "1959"', r"document 1: no file"),
        ('[[document]]\nfile = "a.txt"\ndatum = "1959"', r"document 1 \(a.txt\): unknown key 'datum'"),
        (
            '[[document]]\nfile = "a.txt"\ndate = "May 1959"',
            r"document 1 \(a.txt\): 'May 1959' is not a date",
        ),
        ('[[document]]\nfile = "a.txt"\nsource = ["a"]', r"source is to be a text"),
        (
            '[[document]]\nfile = "a.txt"\n[[document]]\nfile = "a.txt"',
            r"document 2: a.txt has an entry already",
        ),
        ('[[document]]\nfile = "a.txt"\nversions = "en"', r"\[document.versions.en\]"),
        ('[documents]\nfile = "a.txt"', r"not documents"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_manifest(write(tmp_path, content))

"""Pages are no texts; texts may speak of tags, and hold some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.ingestion import loading
from corpus.ingestion.ingest import ingest, read_again
from corpus.readers.html import refuse_markup

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

QUOTED = (
    "The tag <p> opens a paragraph and </p> closes it.\nSo do <li> and </li>, and </td> ends a cell.\n" * 3
)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("<!DOCTYPE html><p>text", "<!DOCTYPE html> on line 1"),
        ("\ufeff\n <!doctype  HTML>text", "<!doctype HTML> on line 2"),
        ("<?xml version='1.0'?>\n<!-- saved -->\n<html lang='en'>text", "<html> on line 3"),
        ("Menu\n<h1>A</h1><p>b</p>\n<P>c</P >", "<h1> on line 2"),
        ("<h1>朝鲜</h1><p>地方工业的发展</p><p>起着很大的作用</p>", "<h1> on line 1"),
    ],
)
def test_pages_are_refused(text: str, tag: str) -> None:
    with pytest.raises(InputError, match="pandoc") as caught:
        refuse_markup(text, "page.txt")
    assert tag in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "A.\n<hr>\nB.",
        "It is <b>bold</b>, <i>so</i>, <b>yes</b>.",
        "1 < 2 </p>",
        "A <body> of men.</div>",
        QUOTED,
        "A report.\nWith figures.\nAnd more.\nAnd more.\n<table>\n</table>\nSo </td>.\nEnd </tr>.",
        "The first tag of a page is\n<html> as a rule.",
    ],
)
def test_texts_with_tags_are_read(text: str) -> None:
    refuse_markup(text, "text.txt")


def test_what_was_taken_in_before_can_be_read_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.txt"
    file.write_text("<h1>Local industry</h1>\n<p>It grows.</p>\n<p>Fast.</p>", encoding="utf-8")
    with pytest.raises(InputError, match="HTML"):
        ingest(workspace, [file])
    monkeypatch.setattr(loading, "refuse_markup", lambda *_: None)
    ingest(workspace, [file])
    monkeypatch.undo()
    assert read_again(workspace, ["page"])[0] == ["page"]
    file.write_text("<h1>Local industry</h1>\n<p>It grows.</p>\n<p>Very fast.</p>", encoding="utf-8")
    assert ingest(workspace, [file]).changed == ["page"]

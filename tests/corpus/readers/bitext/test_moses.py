"""Files aligned line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.readers.bitext.moses import moses_files, read_moses

if TYPE_CHECKING:
    from pathlib import Path


def put(folder: Path, **texts: str) -> Path:
    for ending, text in texts.items():
        (folder / f"news.en-zh.{ending}").write_text(text, encoding="utf-8")
    return folder / "news.en-zh.en"


def test_lines_are_beads(tmp_path: Path) -> None:
    file = put(tmp_path, en="Rain.\n\nWind.\n", zh="雨。\n雪。\n风。\n", txt="other")
    assert [path.suffix for path in moses_files(file)] == [".en", ".zh"]
    (found,) = read_moses(file.read_bytes(), file)
    assert found.segments == {"en": ("Rain.", "Wind."), "zh": ("雨。", "雪。", "风。")}
    assert found.beads == ({"en": (0,), "zh": (0,)}, {"zh": (1,)}, {"en": (1,), "zh": (2,)})
    assert found.places["zh"] == ("line 1", "line 2", "line 3")


def test_ids_name_documents_and_their_order(tmp_path: Path) -> None:
    ids = "zh/a.xml.gz\ten/a.xml.gz\t1\t1 2\nzh/b.xml.gz\ten/b.xml.gz\ts1\ts1\t0.5\n"
    file = put(tmp_path, en="Rain. Snow.\nWind.\n", zh="雨雪。\n风。\n", ids=ids)
    first, second = read_moses(file.read_bytes(), file)
    assert (first.part, second.part) == ("a.xml.gz", "b.xml.gz")
    assert list(first.segments) == ["zh", "en"]
    assert second.scores == (0.5,)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"en": "a\n"}, "no other beside it"),
        ({"en": "a\nb\n", "zh": "甲\n"}, "2 in en, 1 in zh"),
        ({"en": "a\n", "zh": "甲\n", "ids": "x\ty\n"}, "a line for each"),
        ({"en": "a\n", "zh": "甲\n", "zh-TW": "甲\n"}, "in zh, too"),
        ({"en": "\n \n", "zh": "\n\n"}, "empty file"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, texts: dict[str, str], said: str) -> None:
    file = put(tmp_path, **texts)
    with pytest.raises(InputError, match=said):
        list(read_moses(file.read_bytes(), file))


def test_endings_that_are_no_languages_are_none(tmp_path: Path) -> None:
    for name in ("a.py", "a.md", "a.txt", "b.en", "c.en", "c.en.gz"):
        (tmp_path / name).write_text("x")
    assert all(moses_files(path) == () for path in tmp_path.iterdir())

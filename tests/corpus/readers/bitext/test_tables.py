"""Bilingual tables: TSV, CSV and spreadsheets."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from corpus.base.errors import InputError
from corpus.readers.bitext.tables import is_table, read_table

if TYPE_CHECKING:
    from corpus.readers.base import AlignedSegments


def read(text: str | bytes, name: str = "a.tsv") -> list[AlignedSegments]:
    return list(read_table(text.encode() if isinstance(text, str) else text, Path(name)))


def test_columns_are_called_by_their_languages() -> None:
    (found,) = read("id\tzh-TW\ten\tfr\tscore\n1\t雨。\tRain.\tPluie.\t0.75\n2\t雪。\t\tNeige.\t\n")
    assert found.segments == {"zh": ("雨。", "雪。"), "en": ("Rain.",), "fr": ("Pluie.", "Neige.")}
    assert found.beads == ({"zh": (0,), "en": (0,), "fr": (0,)}, {"zh": (1,), "fr": (1,)})
    assert found.scores == (0.75, None)
    assert found.places["zh"] == ("row 2", "row 3")


def test_sides_have_the_languages_that_other_columns_state_or_their_texts_show() -> None:
    (stated,) = read("src_lang,tgt_lang,src,tgt\nde,fr,Regen,Pluie\n", "a.csv")
    assert set(stated.segments) == {"de", "fr"}
    (told,) = read(
        "source;target\n今天整天下着雨。;It rained the whole day on the river and in the hills.\n", "a.csv"
    )
    assert set(told.segments) == {"zh", "en"}
    assert "column tgt read as en" in told.notes
    with pytest.raises(InputError, match="cannot be told"):
        read("src\ttgt\n雨\tok\n")


def test_quotes_are_quotes_in_tsv_and_quoting_in_csv() -> None:
    assert read('zh\ten\n“雨”\t"Rain" he said\n')[0].segments["en"] == ('"Rain" he said',)
    assert read('zh,en\r\n雨,"Rain, he said,\n""again"""\r\n', "a.csv")[0].segments["en"] == (
        'Rain, he said,\n"again"',
    )


def test_a_spreadsheet_is_read_by_its_first_sheet() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["Chinese", "English", "score"],
        ["雨。", "Rain.", 0.5],
        [None, None, None],
        ["雪。", "Snow.", None],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    (found,) = read(out.getvalue(), "a.xlsx")
    assert found.segments == {"zh": ("雨。", "雪。"), "en": ("Rain.", "Snow.")}
    assert found.scores == (0.5, None)


def test_documents_are_parted_and_dated() -> None:
    found = read("doc_id\tdate\tzh\ten\na\t1959\t雨\tRain\na\t1959\t雪\tSnow\nb\t1960\t风\tWind\n")
    assert [(one.part, one.stated) for one in found] == [("a", {"date": "1959"}), ("b", {"date": "1960"})]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("雨\tRain\n", "first row is to name the columns"),
        ("zh\ten\n", "without text"),
        ("zh\ten\tzh\n", "two columns are called zh"),
        ("zh-TW\tzh-CN\ten\n雨\t雨\tRain\n", "two columns are in zh"),
        ("zh\ten\n雨\tRain\tmore\n", "row 2 has 3 cells"),
        ("src_lang\ttgt_lang\tsrc\ttgt\nzh\tzh\t雨\t雪\n", "both texts are in zh"),
        ("src_lang\ttgt_lang\tsrc\ttgt\nqq\tzh\t雨\t雪\n", "row 2: 'qq'"),
        ('zh,en\n雨,"Rain\n', "line"),
    ],
)  # fmt: skip
def test_what_is_broken_is_named_with_its_row(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text)
    assert is_table(b"zh\ten\n", "a.tsv")
    assert not is_table("雨\tRain\n".encode(), "a.tsv")

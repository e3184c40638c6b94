"""A spreadsheet is read by another library as it was written: texts as texts."""

from __future__ import annotations

import io

import polars as pl
import pytest
import python_calamine

from corpus.writers.xlsx import frame_xlsx


def test_texts_stay_texts_and_numbers_numbers() -> None:
    texts = ["=1+1", "https://example.org", "007", "a\nb\tc", " ", "\x02", "'", None]
    frame = pl.DataFrame({"text": texts, "n": [0.5, 2.0, None, 4.0, 5.0, 6.0, 7.0, 8.0]})
    data = frame_xlsx(frame, {"text": 40})
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["text", "n"]
    assert [row[0] for row in rows[1:6]] == ["=1+1", "https://example.org", "007", "a\nb\tc", " "]
    assert rows[-1] == ["", 8.0]
    assert [row[1] for row in rows[1:4]] == [0.5, 2.0, ""]


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    assert frame_xlsx(pl.DataFrame({"text": ["a" * 32_767]}), {})
    for text in ("a" * 32_768, "𠀀" * 16_384):
        with pytest.raises(ValueError, match="row 2: a text of"):
            frame_xlsx(pl.DataFrame({"text": [text]}), {})

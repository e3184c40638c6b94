"""Dates of every format and precision."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import PartialDate, find_dates, only_dates, parse_date
from corpus.errors import CorpusError

DATES = st.builds(
    lambda day, precision: PartialDate(*(day.year, day.month, day.day)[:precision]),
    st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)),
    st.integers(1, 3),
)


@given(DATES)
def test_a_date_is_written_and_read_back_with_its_precision(date: PartialDate) -> None:
    assert parse_date(str(date)) == date


@given(DATES)
def test_a_date_lies_in_its_own_interval(date: PartialDate) -> None:
    assert date.first <= date.last
    assert date.agrees_with(PartialDate(date.year))


@pytest.mark.parametrize(
    "text", ["", "59", "1959-13", "1959-02-30", "May 1959", "1959-05-20T00:00", "１９５９年"]
)
def test_what_is_no_date_is_refused_by_name(text: str) -> None:
    with pytest.raises(CorpusError, match="is not a date"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1959-05-20", "1959-05-20"),
        ("2025.02.10.", "2025-02-10"),
        ("(Juche112.9.18.)", "2023-09-18"),
        ("1959年5月20日", "1959-05-20"),
        ("1959年5月", "1959-05"),
        ("November 11, 2022", "2022-11-11"),
        ("11 November 2022", "2022-11-11"),
        ("Feb. 10, 2025", "2025-02-10"),
        ("1st May 1960", "1960-05-01"),
        ("18/09/2023", "2023-09-18"),
        ("09/18/2023", "2023-09-18"),
        ("March 2021", "2021-03"),
    ],
)
def test_formats_of_press_texts(text: str, expected: str) -> None:
    (mention,) = find_dates(text)
    assert [str(reading) for reading in mention.readings] == [expected]


def test_day_and_month_that_can_be_exchanged_keep_both_readings() -> None:
    (mention,) = find_dates("Date: 10/02/2025")
    assert [str(reading) for reading in mention.readings] == ["2025-02-10", "2025-10-02"]


def test_a_date_in_two_formats_without_a_space_is_two_dates() -> None:
    assert len(only_dates("January 05, 2026Jan 05, 2026")) == 2


def test_a_line_with_more_than_a_date_is_no_date_line() -> None:
    assert only_dates("One day in October 2020") == []


@pytest.mark.parametrize(
    "text", ["27.5 percent", "1.2 times", "No. 3", "chapter 12.3", "in 2020", "31/02/2023"]
)
def test_numbers_are_no_dates(text: str) -> None:
    assert find_dates(text) == []

"""Dates of every format and precision."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.text.dates import PartialDate, find_dates, only_dates, parse_date

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
    "text",
    [
        "",
        "59",
        "1959-13",
        "1959-02-30",
        "May 1959",
        "1959-05-20T00:00",
        "１９５９年",
        "1964-05-25/1964-05-20",
        "1964-05-20/1964-05-25/1964-05-30",
        "1964/1965",
        "1964-05/1964-05",
        "1964-05/1964-06-03",
        "1964-05-20/",
    ],
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
        ("中華民國廿三年五月三日", "1934-05-03"),
        ("民国元年", "1912"),
        ("民國二十三年五月三十一日", "1934-05-31"),
        ("１９６３年１０月４日", "1963-10-04"),
        ("주체112(2023)년 9월 9일", "2023-09-09"),
        ("주체112년 9월 9일", "2023-09-09"),
        ("September 9, Juche 112 (2023)", "2023-09-09"),
        ("Juche 112(2023). 9. 9.", "2023-09-09"),
        ("4. Oktober 1963", "1963-10-04"),
        ("1er mai 1964", "1964-05-01"),
        ("4 октября 1963 г.", "1963-10-04"),
        ("May 20-25, 1964", "1964-05-20/1964-05-25"),
        ("20–25 May 1964", "1964-05-20/1964-05-25"),
        ("May 28 - June 3, 1964", "1964-05-28/1964-06-03"),
        ("1964年5月20日至25日", "1964-05-20/1964-05-25"),
        ("1964年5月28日—6月3日", "1964-05-28/1964-06-03"),
        ("一九六四年五月二十日至二十五日", "1964-05-20/1964-05-25"),
        ("1964년 5월 20일부터 25일까지", "1964-05-20/1964-05-25"),
        ("Dec 30 - Jan 2, 1964", "1963-12-30/1964-01-02"),
        ("30. Dezember – 2. Januar 1964", "1963-12-30/1964-01-02"),
        ("1963年12月30日至1月2日", "1963-12-30/1964-01-02"),
        ("一九六三年十二月三十日至一月二日", "1963-12-30/1964-01-02"),
        ("1963년 12월 30일부터 1월 2일까지", "1963-12-30/1964-01-02"),
        ("1958年5月至6月", "1958-05/1958-06"),
        ("1958年5—6月", "1958-05/1958-06"),
        ("一九五八年五月至六月", "1958-05/1958-06"),
        ("1958년 5월부터 6월까지", "1958-05/1958-06"),
        ("1958年12月至1月", "1958-12/1959-01"),
        ("May-June 1958", "1958-05/1958-06"),
        ("November to January 1958", "1957-11/1958-01"),
        ("June 5 - June 3, 1964", "1964"),
        ("Feb 30 - March 2, 1964", "1964"),
    ],
)
def test_formats_of_press_texts(text: str, expected: str) -> None:
    (mention,) = find_dates(text)
    assert [str(reading) for reading in mention.readings] == [expected]


def test_day_and_month_that_can_be_exchanged_keep_both_readings() -> None:
    (mention,) = find_dates("Date: 10/02/2025")
    assert [str(reading) for reading in mention.readings] == ["2025-02-10", "2025-10-02"]


def test_an_interval_has_a_first_and_a_last_day() -> None:
    date = parse_date("1964-05-28/1964-06-03")
    assert (date.first, date.last) == (dt.date(1964, 5, 28), dt.date(1964, 6, 3))
    assert date.agrees_with(parse_date("1964-06-01"))
    assert not date.agrees_with(parse_date("1964-06-04"))
    assert str(date) == "1964-05-28/1964-06-03"


def test_months_from_one_to_another_last_to_the_end_of_the_second() -> None:
    date = parse_date("1957-11/1958-02")
    assert (date.first, date.last) == (dt.date(1957, 11, 1), dt.date(1958, 2, 28))
    assert str(date) == "1957-11/1958-02"


def test_a_year_of_two_digits_has_a_reading_a_century() -> None:
    (mention,) = find_dates("Nov 17, '64")
    assert [str(reading) for reading in mention.readings] == ["1864-11-17", "1964-11-17", "2064-11-17"]
    assert mention.certain is None
    (mention,) = find_dates("10/02/2025")
    assert str(mention.certain) == "2025"


@pytest.mark.parametrize(
    ("text", "is_line"),
    [
        ("Freitag, 4. Oktober 1963", True),
        ("Vendredi 4 octobre 1963", True),
        ("2021년 3월 3일 (수)", True),
        ("Published 3 October 2021", True),
        ("Updated in October 2021", False),
        ("Freitag nach dem 4. Oktober 1963", False),
    ],
)
def test_a_weekday_beside_a_date_is_no_text(text: str, *, is_line: bool) -> None:
    assert bool(only_dates(text)) is is_line


def test_a_date_in_two_formats_without_a_space_is_two_dates() -> None:
    assert len(only_dates("January 05, 2026Jan 05, 2026")) == 2


def test_a_line_with_more_than_a_date_is_no_date_line() -> None:
    assert only_dates("One day in October 2020") == []


@pytest.mark.parametrize(
    "text",
    [
        "27.5 percent",
        "1.2 times",
        "No. 3",
        "chapter 12.3",
        "in 2020",
        "31/02/2023",
        "May 25-20, 1964",
        "Decision 1964",
        "Summary 1964",
        "marshes 1964",
        "May 20-25",
        "5月20日至25日",
        "Nov 17, 64",
        "二三四五年",
        "一二三四年",
    ],
)
def test_numbers_are_no_dates(text: str) -> None:
    assert find_dates(text) == []

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from align.flags import numbers_flag
from align.scoring.numerals import quantities, unmatched


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百七十六个食品工厂", 176),
        ("176 food factories", 176),
        ("去年的二点六倍", 2.6),
        ("2.6 times that of last year", 2.6),
        ("占27.5％", 27.5),
        ("27,5 %", 27.5),
        ("百分之二十七点五", 27.5),
        ("一千多个", 1000),
        ("more than 1,000 local", 1000),
        ("两千以上", 2000),
        ("三十亿", 3e9),
        ("十二亿五千万", 1.25e9),
        ("1.25 billion", 1.25e9),
        ("3万", 30000),
        ("3만", 30000),
        ("thirty thousand", 30000),
        ("one hundred and seventy-six", 176),
        ("二〇二三年", 2023),
        ("２０２３年", 2023),
        ("19th", 19),
        ("五十年代", 1950),
        ("the 1950s", 1950),
        ("twelve", 12),
        ("June", 6),
        ("6月", 6),
    ],
)
def test_reads(text: str, value: float) -> None:
    found = quantities(text)
    assert len(found) == 1
    assert value in found[0].values


@pytest.mark.parametrize("text", ["几十个人", "数百名", "march forward", "", "没有数字", "十几天"])
def test_vague_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("src", "tgt", "missing"),
    [
        ("一百七十六个，三百八十五个", "176 and 385", 0),
        ("一百七十六个，三百八十五个", "176 and 386", 2),
        ("二点六倍", "2.6 times", 0),
        ("二点六倍", "2.5 times", 2),
        ("一个以上的地方工厂", "more than one local factory", 0),
        ("他们一起走了", "They left together", 0),
        ("1958年6月", "June 1958", 0),
        ("176, 176", "176", 1),
        ("1,000", "一千", 0),
        ("十二亿五千万", "1.25 billion", 0),
    ],
)
def test_unmatched(src: str, tgt: str, missing: int) -> None:
    assert unmatched(quantities(src), quantities(tgt)) == missing
    assert unmatched(quantities(tgt), quantities(src)) == missing


CASES = tomllib.loads(Path(__file__).with_name("number_cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize(
    ("src", "tgt", "says"), [(*pair, case["says"]) for case in CASES for pair in case["pairs"]]
)
def test_what_two_sides_say(src: str, tgt: str, says: str) -> None:
    assert numbers_flag(quantities(src), quantities(tgt)) == (f"numbers: {says}" if says else None)
    back = " ≠ ".join(reversed(says.split(" ≠ ")))
    assert numbers_flag(quantities(tgt), quantities(src)) == (f"numbers: {back}" if says else None)


@pytest.mark.parametrize(
    "text",
    [
        "5" + "兆" * 30,
        "五" + "兆" * 30,
        "5万" + "亿" * 60,
        "one" + " hundred" * 160,
        "two" + " trillion" * 40,
        "9" * 400,
        "九" * 400,
        "9" * 6000 + ".5",
        "百分之" + "五" * 400,
        "百分之" + "五兆" * 40,
    ],
)
def test_a_number_beyond_all_numbers_is_no_error(text: str) -> None:
    assert unmatched(quantities(text), quantities(text)) == 0

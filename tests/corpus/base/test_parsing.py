"""JSON and TOML of whatever content is a value or a ValueError."""

from __future__ import annotations

import pytest

from corpus.base.limits import MAX_DEPTH, MAX_DIGITS
from corpus.base.parsing import parse_json, parse_toml


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 900, 100_000])
@pytest.mark.parametrize("signs", ["[]", '{"a":}'])
def test_what_is_nested_too_deeply_is_a_value_error(depth: int, signs: str) -> None:
    text = signs[:-1] * depth + "1" + signs[-1] * depth
    with pytest.raises(ValueError, match="levels deep"):
        parse_json(text)
    inline = text.replace('"a":', "a=")
    with pytest.raises(ValueError, match="levels deep"):
        parse_toml(f"x = {inline}")


def test_what_is_nested_as_deeply_as_is_allowed_is_read() -> None:
    value: object = parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    depth = 0
    while isinstance(value, list):
        value, depth = (value[0] if value else None), depth + 1
    assert depth == MAX_DEPTH
    assert parse_toml("a.b.c = [[1]]") == {"a": {"b": {"c": [[1]]}}}


@pytest.mark.parametrize("digits", [MAX_DIGITS + 1, 5000, 100_000])
def test_a_number_of_too_many_digits_is_a_value_error(digits: int) -> None:
    for parse, text in ((parse_json, "{}"), (parse_toml, "x = {}")):
        with pytest.raises(ValueError, match="limit"):
            parse(text.format("7" * digits))

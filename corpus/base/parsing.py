"""JSON and TOML from outside: what is damaged or hostile is a ValueError, never another error."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from corpus.base.limits import MAX_DEPTH


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read JSON.

    Raises
    ------
    ValueError
        If it is none, has a number of more than `MAX_DIGITS` digits, or more than `MAX_DEPTH` levels.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise _too_deep() from None
    check_depth(value)
    return value


def parse_toml(text: str) -> dict[str, Any]:
    """Read TOML (ValueError as `parse_json`)."""
    try:
        value = tomllib.loads(text)
    except RecursionError:
        raise _too_deep() from None
    check_depth(value)
    return value


def check_depth(value: object) -> None:
    """Raise ValueError if there are more than `MAX_DEPTH` lists or tables inside each other."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        inner: list[object] = []
        for one in level:
            if isinstance(one, dict):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        if not inner:
            return
        level = inner
    raise _too_deep()


def _too_deep() -> ValueError:
    return ValueError(f"nested more than {MAX_DEPTH} levels deep")

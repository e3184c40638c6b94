"""The languages of the interface: tables of messages, and how passages say what language they are in."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "English", "zh": "中文"}
"""Codes, and what their readers call them."""

_FOLDER = Path(__file__).parent / "messages"
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@cache
def _table(code: str, name: str) -> dict[str, str]:
    table: dict[str, str] = tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8")).get(name, {})
    return table


def told(code: str, message: str, **values: Any) -> str:  # noqa: ANN401 - whatever a message names
    """Return a message in a language, with values in the place of their names; as it is where unknown.

    Of one thing, where `n` or the only value is 1, the form in the table ``one`` is taken, if there is one.
    """
    counted = values.get("n", next(iter(values.values())) if len(values) == 1 else None)
    text = _table(code, "one").get(message) if str(counted) == "1" else None
    text = text or _table(code, "messages").get(message, message)
    return text.format(**values) if values else text


def chosen_language(cookie: str | None, accepted: str) -> str:
    """Return the language of the interface: as chosen before, else the first that the browser asks for."""
    if cookie in LANGUAGES:
        return str(cookie)
    for part in accepted.split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def direction(lang: str | None) -> str:
    """Return in which direction a language is written, as HTML names it."""
    return "rtl" if lang in _RIGHT_TO_LEFT else "ltr"


def html_lang(lang: str | None) -> str:
    """Return a language as HTML names it; empty, which is "unknown", for what is not told."""
    return "" if lang in (None, "und") else str(lang)

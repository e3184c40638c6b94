"""The names that agencies and newspapers go by, and how a line is told to be one of them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _names() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("agencies.toml").read_text("utf-8"))
    return {
        _key(form): entry["name"]
        for entry in (*table["agency"], *table["newspaper"])
        for form in (*entry["forms"], *entry.get("sites", ()))
    }


def _key(form: str) -> str:
    return form.casefold().replace("’", "'")


@cache
def agency_pattern() -> str:
    """Return an expression for every form of every name, to be compiled with `re.IGNORECASE`."""
    forms = sorted(_names(), key=len, reverse=True)
    # Latin and Cyrillic names must stand alone ("AP" is not in "APRIL"); Chinese has no word boundary.
    escaped = (re.escape(form).replace("'", "['’]") for form in forms)
    return "|".join(rf"(?<![a-zа-я]){form}(?![a-zа-я])" for form in escaped)


@cache
def _compiled() -> re.Pattern[str]:
    return re.compile(agency_pattern(), re.IGNORECASE)


def agency_name(form: str) -> str:
    """Return the one name that a form stands for (KeyError if it is none)."""
    return _names()[_key(form)]


def find_agencies(text: str) -> list[str]:
    """Return the agencies a text names, in order, by the one name each is shown under."""
    return [agency_name(match.group()) for match in _compiled().finditer(text)]


def agency_of(label: str) -> str | None:
    """Return the agency or newspaper that a label names, None if it says more than that name.

    "KCNA.kp (En)" is the agency; "Xinhua Daily" is another newspaper.
    """
    rest = _compiled().sub("", label.replace("www.", ""))
    named = find_agencies(label)
    return named[0] if named and sum(map(str.isalpha, rest)) <= 2 else None


# What a masthead ends with that is in no list. In English and German it is printed in capitals: "A New
# Times" may be a headline.
_MASTHEAD = re.compile(
    r"(?:THE |DIE |DER |LE |LA )?(?:[A-ZÄÖÜÉÈ]+[ -]){1,4}"
    r"(?:DAILY|TIMES|COURIER|GAZETTE|HERALD|TRIBUNE|JOURNAL|CHRONICLE|OBSERVER|TELEGRAPH|WEEKLY|BULLETIN"
    r"|ZEITUNG|TAGEBLATT|RUNDSCHAU)"
    r"|[\u4e00-\u9fff]{2,6}(?:日报|日報|晚报|晚報|早报|早報|时报|時報|周报|週報)"
    r"|[가-힣]{1,6}(?:일보|신문)"
)


def is_masthead(line: str) -> bool:
    """Whether a line can be the name of a newspaper, listed or not, and nothing else."""
    return agency_of(line) is not None or _MASTHEAD.fullmatch(line) is not None

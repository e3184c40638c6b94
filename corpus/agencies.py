"""Who a press text says it is from: datelines, credit lines, and the names agencies go by."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.dates import month_number


@cache
def _names() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("agencies.toml").read_text("utf-8"))
    return {
        form.casefold(): agency["name"]
        for agency in table["agency"]
        for form in (*agency["forms"], *agency["sites"])
    }


@cache
def _agency_pattern() -> str:
    forms = sorted(_names(), key=len, reverse=True)
    # Latin names must stand alone ("AP" is not in "APRIL"); Chinese has no word boundary to look for.
    return "|".join(rf"(?<![a-z]){re.escape(form)}(?![a-z])" for form in forms)


def find_agencies(text: str) -> list[str]:
    """Return the agencies a text names, in order, by the one name each is shown under."""
    return [
        _names()[match.group().casefold()] for match in re.finditer(_agency_pattern(), text, re.IGNORECASE)
    ]


def agency_of(label: str) -> str | None:
    """Return the agency that a source label names, None if it says more than that name.

    "KCNA.kp (En)" is the agency; "Xinhua Daily" is another newspaper.
    """
    rest = re.sub(_agency_pattern(), "", label.replace("www.", ""), flags=re.IGNORECASE)
    named = find_agencies(label)
    return named[0] if named and sum(map(str.isalpha, rest)) <= 2 else None


@dataclass(frozen=True, slots=True)
class Dateline:
    """The formula a news item opens with.

    Attributes
    ----------
    agency
        The agency whose item it is, None where the formula names none.
    relay
        The agency whose report it relays, None where it relays none.
    month, day
        When it was sent, None where not said; the item may be printed days later.
    """

    agency: str | None
    relay: str | None
    month: int | None
    day: int | None


# How far into a paragraph the formula and the "according to" that follows it may reach.
_REACH = 160


def find_dateline(paragraph: str) -> Dateline | None:
    """Read the dateline at the start of a paragraph, None where there is none.

    Known formulas: ``Pyongyang, February 10 (KCNA) --``, ``Xinhua News Agency, Pyongyang, 19th -``,
    ``新华社平壤19日电``, ``新华社平壤五月十九日电`` (whose day is left unread).
    """
    opening = paragraph.strip()[:_REACH]
    agency = _agency_pattern()
    dash = r"\s*(?:--|—+|–|-)\s"
    patterns = (
        rf"(?P<place>[A-Z][\w' -]+(?:, [A-Z][\w' -]+)?), (?P<month>[A-Z][a-z]+)\.? (?P<day>\d{{1,2}})"
        rf"\s*\((?P<agency>{agency})\){dash}",
        rf"(?P<agency>{agency}), (?P<place>[A-Z][\w' -]+), (?:(?P<month>[A-Z][a-z]+)\.? )?"
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?{dash}",
        rf"(?P<agency>{agency})(?P<place>[^\d，。]{{1,12}}?)(?:(?P<month>\d{{1,2}})月)?(?P<day>\d{{1,2}})日[电電讯訊]",
        rf"(?P<agency>{agency})(?P<place>[^\d，。]{{1,12}}?)[一二三四五六七八九十月]+日[电電讯訊]",
    )
    for pattern in patterns:
        match = re.match(pattern, opening, re.IGNORECASE)
        if match is None:
            continue
        found = match.groupdict()
        month, day = found.get("month"), found.get("day")
        rest = opening[match.end() :]
        cited = re.match(
            rf"\s*(?:据|據|According to (?:the )?|Citing (?:the )?)(?P<agency>{agency})", rest, re.IGNORECASE
        )
        return Dateline(
            agency=_names()[found["agency"].casefold()],
            relay=_names()[cited["agency"].casefold()] if cited else None,
            month=None if month is None else int(month) if month.isdigit() else month_number(month),
            day=None if day is None else int(day),
        )
    return None

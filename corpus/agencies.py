"""Who a press text says it is from: datelines, credit lines, and the names agencies go by."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.dates import DateMention, find_dates, month_number


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
    date
        The same where the formula gives the year, too.
    """

    agency: str | None
    relay: str | None
    month: int | None
    day: int | None
    date: DateMention | None = None


# How far into a paragraph the formula and the "according to" that follows it may reach.
_REACH = 160

_DASH = r"\s*(?:--|—+|–|-)\s"
_SENT = (
    r"(?:(?P<month>[A-Z][a-z]+)\.? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"(?: (?P<later>[A-Z][a-z]+))?(?:,? \d{4})?"
)
_SENT_ZH = r"(?:\d{4}年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日|[〇一二三四五六七八九十年月]+日"


@cache
def _formulas() -> tuple[re.Pattern[str], ...]:
    named = f"(?P<agency>(?i:{_agency_pattern()}))"
    place = r"[A-Z][\w' -]+(?:, [A-Z][\w' -]+)?"
    return (
        re.compile(rf"{place}, {_SENT}\s*\({named}\){_DASH}"),
        re.compile(rf"{named}, {place}, {_SENT}{_DASH}"),
        # Without an agency, only a place in capitals is told from the beginning of a sentence.
        re.compile(rf"[A-Z][A-Z' -]+(?:, {place})?, {_SENT}{_DASH}"),
        re.compile(rf"{named}[^\d，。]{{1,12}}?(?:{_SENT_ZH})[电電讯訊]"),
    )


def find_dateline(paragraph: str) -> Dateline | None:
    """Read the dateline at the start of a paragraph, None where there is none.

    Known formulas: ``Pyongyang, February 10 (KCNA) --``, ``LONDON, March 14, 1963 -``,
    ``Xinhua News Agency, Pyongyang, 19th -``, ``新华社平壤19日电``, ``新华社北京1956年5月3日电``, and
    ``新华社平壤五月十九日电``, whose day is left unread.
    """
    opening = paragraph.strip()[:_REACH]
    match = next((match for formula in _formulas() if (match := formula.match(opening))), None)
    if match is None:
        return None
    found = match.groupdict()
    month, day, agency = found["month"] or found.get("later"), found["day"], found.get("agency")
    number = None if month is None else int(month) if month.isdigit() else month_number(month)
    if month is not None and number is None:
        return None  # "PARIS, Chapter 3 -"
    cited = re.match(
        rf"\s*(?:据|據|According to (?:the )?|Citing (?:the )?)(?P<agency>{_agency_pattern()})",
        opening[match.end() :],
        re.IGNORECASE,
    )
    full = [mention for mention in find_dates(match.group()) if mention.readings[0].day is not None]
    return Dateline(
        agency=None if agency is None else _names()[agency.casefold()],
        relay=_names()[cited["agency"].casefold()] if cited else None,
        month=number,
        day=None if day is None else int(day),
        date=full[0] if full else None,
    )

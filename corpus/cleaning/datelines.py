"""Datelines: the formula a news item opens with, which says who sent it, from where and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from corpus.text.agencies import agency_name, agency_pattern
from corpus.text.dates import (
    FULL_WIDTH,
    HAN_DAY,
    HAN_MONTH,
    DateMention,
    find_dates,
    han_number,
    month_number,
)
from corpus.text.spacing import close_gaps, read


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
    length
        Characters of the formula, counted from the first that is not white space.
    """

    agency: str | None
    relay: str | None
    month: int | None
    day: int | None
    date: DateMention | None = None
    length: int = 0


# How far into a paragraph the formula and the "according to" that follows it may reach.
_REACH = 160
_SHORTEST = 6  # characters of a formula
# What no formula is without, and how far from its beginning that can stand.
_HINT = re.compile(r"[\d(（【\[〔]|[一二三四五六七八九十廿卅]日")
_HINT_REACH = 90

# A dash may stand close to the text, or end the line; a hyphen may not, nor one of a range ("May 3–5").
_DASH = r"\s*(?:(?:--|—+|–)(?:\s|\Z|(?=[^\W\d]))|-(?:\s|\Z))"
_SENT = (
    r"(?:(?P<month>[A-Z][a-z]+)\.? )?(?:le )?(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.(?= [A-Z]))?"
    r"(?: (?P<later>[^\W\d_]{3,10})\.?)?(?:,? (?:Juche \d{1,3} ?\(\d{4}\)|\d{4}))?"
)
_SENT_RU = r"(?P<day>\d{1,2})(?: (?P<later>[а-я]{3,8})\.?)?(?: \d{4}(?: ?(?:г\.|года))?)?"
_SENT_ZH = (
    r"(?:[\d〇○零一二三四五六七八九]{4}年)?"
    rf"(?:(?:(?P<month>\d{{1,2}})|{HAN_MONTH})月)?(?:(?P<day>\d{{1,2}})|{HAN_DAY})日"
)
_SENT_KO = r"(?:\S{4,12}년\s*)?(?:(?P<month>\d{1,2})월\s*)?(?P<day>\d{1,2})일"
_REPORTER_KO = r"(?:\s*[가-힣]{2,4}(?:\s*[·,]\s*[가-힣]{2,4})*\s*(?:특파원|기자|통신원))?"


@cache
def _formulas() -> tuple[re.Pattern[str], ...]:
    agency = f"(?P<agency>(?i:{agency_pattern()}))"
    relay = f"(?P<relay>(?i:{agency_pattern()}))"
    place = r"[A-Z][^\W\d_][\w' -]*(?:, [A-Z][\w' -]+)?"
    town = r"[A-Z][^\W\d_]+(?:[ '-][A-Z][^\W\d_]+){0,3}(?:, [A-Z][^\W\d_]+)?"
    capitals = r"[A-Z][A-Z' -]+"
    formulas = (
        rf"{place}, {_SENT} ?\({agency}\)(?:{_DASH}|[.:](?:\s|\Z)|\Z)",
        rf"{town} \({agency}\)(?:{_DASH}|\Z)",
        rf"{agency}, {place}, {_SENT}{_DASH}",
        # Without an agency, only a place in capitals is told from the beginning of a sentence.
        rf"{capitals}(?:, {place})?, {_SENT}{_DASH}",
        rf"[А-ЯЁ][\w -]+, {_SENT_RU}[.,]? ?[(/]{agency}[)/](?:\.(?:\s|\Z)|{_DASH}|\Z)",
        rf"[（(【\[〔]?(?P<cited>据|據)?{agency}[^\d，。]{{0,12}}?(?:{_SENT_ZH})[电電讯訊][】）)\]〕]?",
        rf"[（(]?[가-힣]+\s*{_SENT_KO}(?:발)?\s*{agency}(?:[)）]|\s*\Z)",
        rf"[（(【\[][가-힣]{{1,10}}(?:[\s·]{relay})?\s*=\s*{agency}[)）】\]]{_REPORTER_KO}(?:\s*=)?",
    )
    return tuple(map(re.compile, formulas))


@cache
def _citing() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:据|據|According to (?:the )?|Citing (?:the )?)(?P<agency>{agency_pattern()})", re.IGNORECASE
    )


def find_dateline(paragraph: str) -> Dateline | None:
    """Read the dateline at the start of a paragraph, None where there is none.

    Known formulas: ``Pyongyang, February 10 (KCNA) --``, ``LONDON, March 14, 1963 -``, ``PARIS (AFP) —``,
    ``Xinhua News Agency, Pyongyang, 19th -``, ``Berlin, 3. Oktober (ADN).``, ``ПХЕНЬЯН, 3 октября. (ТАСС).``,
    ``新华社平壤19日电``, ``（据新华社平壤五月十九日电）``, ``(평양 10월 3일발 조선중앙통신)``,
    ``(서울=연합뉴스) … 기자 =``; and any of them whose characters a scan prints apart.
    """
    if len(paragraph) < _SHORTEST:
        return None
    opening, places = paragraph.strip()[:_REACH], None
    if opening[1:2].isspace() and not opening.isascii():  # a scan may print its characters apart
        opening, places = read(close_gaps(paragraph.strip()[: 2 * _REACH], "zh"))
    opening = opening.translate(FULL_WIDTH)
    if _HINT.search(opening, 0, _HINT_REACH) is None:
        return None
    match = next((match for formula in _formulas() if (match := formula.match(opening))), None)
    if match is None:
        return None
    found = {name: part for name, part in match.groupdict().items() if part is not None}
    month = _month(found)
    if month is None and ("month" in found or "later" in found):
        return None  # "PARIS, Chapter 3 -"
    agency, relay = (agency_name(found[name]) if name in found else None for name in ("agency", "relay"))
    if "cited" in found:
        agency, relay = None, agency
    elif relay is None and (cited := _citing().match(opening, match.end())) is not None:
        relay = agency_name(cited["agency"])
    full = [mention for mention in find_dates(match.group()) if mention.readings[0].day is not None]
    length = match.end() if places is None else places[match.end() - 1] + 1
    return Dateline(agency, relay, month, _day(found), full[0] if full else None, length)


def _month(found: dict[str, str]) -> int | None:
    if "han_month" in found:
        return han_number(found["han_month"])
    name = found.get("month") or found.get("later")
    if name is None or name.isdigit():
        return None if name is None else int(name)
    return month_number(name)


def _day(found: dict[str, str]) -> int | None:
    if "han_day" in found:
        return han_number(found["han_day"])
    return int(found["day"]) if "day" in found else None

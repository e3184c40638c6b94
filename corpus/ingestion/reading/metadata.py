"""What a file says of itself, beside the text in it, as an entry of a manifest would state it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError
from corpus.ingestion.manifest import Entry
from corpus.text.dates import PartialDate, parse_date, read_date
from corpus.text.languages import UNDETERMINED, language_code, meant_code

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 1000
_NO_LANGUAGE = (UNDETERMINED, "mul", "zxx")  # codes of what is unknown, several, or none


def metadata_of(stated: Mapping[str, str]) -> tuple[Entry, list[str]]:
    """Return what a file says of itself, and a note of each value that cannot be understood.

    Parameters
    ----------
    stated
        As `corpus.readers.base.Extract` has it; empty values say nothing.
    """
    said = {name: " ".join(str(value).split())[:_LONGEST] for name, value in stated.items()}
    said = {name: value for name, value in said.items() if value}
    date = _date(said["date"]) if "date" in said else None
    lang = _language(said["lang"]) if "lang" in said else None
    notes = [
        f"its own data say {name} {said[name]!r}, which cannot be understood"
        for name, value in (("date", date), ("lang", lang))
        if name in said and value is None and said[name].casefold() not in _NO_LANGUAGE
    ]
    entry = Entry(
        date=date,
        lang=lang,
        title=said.get("title"),
        author=said.get("author"),
        source=said.get("source"),
        url=said.get("url"),
        rights=said.get("rights"),
    )
    return entry, notes


def _date(value: str) -> PartialDate | None:
    """Read a date, of a moment its day: ``2019-05-03T10:00:00+09:00``, ``D:20190503``, ``3 May 2019``."""
    moment = re.match(r"(\d{4}-\d\d-\d\d)[T ]\d\d:", value) or re.match(
        r"(?:D:)?(\d{8})(?:\d{2,6})?\b", value
    )
    try:
        return parse_date(moment[1] if moment and "-" in moment[1] else value)
    except CorpusError:
        mention = read_date(moment[1] if moment else value)
        return None if mention is None else mention.certain


def _language(value: str) -> str | None:
    try:
        return None if value.casefold() in _NO_LANGUAGE else language_code(meant_code(value) or value)
    except CorpusError:
        return None

"""BibTeX out of CSL-JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.documents.citations import Item


def to_bibtex(items: Iterable[Item]) -> str:
    """Write items as BibTeX, in UTF-8.

    `year` and `month` (the first, of an interval) are for BibTeX; `date`, as partial as it is known,
    `langid` and what is said of the original are for biblatex. Characters that mean something to TeX are
    escaped; the key of an item is its id.
    """
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field
    from bibtexparser.writer import write

    library = Library()
    for item in items:
        kind = "article" if "container-title" in item else "misc"
        library.add(Entry(kind, item["id"], [Field(name, value) for name, value in _fields(item)]))
    return write(library)


def _fields(item: Item) -> Iterable[tuple[str, str]]:
    """Yield the fields of an entry with their values in braces, in the order of `_FIELDS`."""
    for field, (name, written) in _FIELDS.items():
        if name in item and (value := written(item[name])):
            # A month is a macro, so that a style writes it out in its own way.
            yield field, value if field == "month" else f"{{{value}}}"


def _names(people: Sequence[Mapping[str, str]]) -> str:
    """Return names in braces of their own, so that they are not taken apart."""
    return " and ".join(f"{{{_escaped(person['literal'])}}}" for person in people)


def _title(text: str) -> str:
    """Return a title whose capitals are kept."""
    return f"{{{_escaped(text)}}}"


def _url(address: str) -> str:
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", address)


def _iso(date: Mapping[str, Sequence[Sequence[int]]]) -> str:
    return "/".join(
        "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)]) for year, *rest in date["date-parts"]
    )


def _year(date: Mapping[str, Sequence[Sequence[int]]]) -> str:
    return str(date["date-parts"][0][0])


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _month(date: Mapping[str, Sequence[Sequence[int]]]) -> str:
    return "".join(_MONTHS[month - 1] for month in date["date-parts"][0][1:2])


def _pages(page: str) -> str:
    """Return a page or pages, with the dash that BibTeX expects between them."""
    return _escaped(re.sub(r"(?<=\w)\s?[-–—]\s?(?=\w)", "--", page))


_LANGUAGES = {
    "zh": "chinese", "en": "english", "ko": "korean", "ja": "japanese", "fr": "french", "de": "german",
    "ru": "russian", "es": "spanish",
}  # fmt: skip
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "%&$#_"},
        **dict.fromkeys("\r\n\t", " "),
    }
)


def _escaped(text: str) -> str:
    return text.translate(_TEX)


_FIELDS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "author": ("author", _names),
    "translator": ("translator", _names),
    "title": ("title", _title),
    "journal": ("container-title", _escaped),
    "year": ("issued", _year),
    "month": ("issued", _month),
    "date": ("issued", _iso),
    "origtitle": ("original-title", _title),
    "origauthor": ("original-author", _names),
    "origdate": ("original-date", _iso),
    "pages": ("page", _pages),
    "url": ("URL", _url),
    "urldate": ("accessed", _iso),
    "langid": ("language", lambda code: _LANGUAGES.get(code, code)),
    "note": ("note", _escaped),
}
"""Which field of an entry is made of which variable of an item, and how."""

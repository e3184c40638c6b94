"""Translation memories (TMX 1.1 to 1.4b): units of texts in two languages or more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.bitext.markup import LANG, as_unicode, check_prolog, elements, inner_text, local
from corpus.readers.bitext.units import Tally, Unit, cut, documents, peeked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

    from corpus.readers.base import AlignedSegments
    from corpus.readers.bitext.units import Segment

DOCUMENT, DATE, SCORE, LANGUAGES = "x-document", "x-date", "x-score", "x-languages"
SENTENCES = "x-sentences"
"""Types of the properties that `corpus.writers.bitext.tmx` writes: these of texts, the others of units."""

_SCORES = (SCORE, "score")
_CODES = ("bpt", "ept", "ph", "it", "ut")  # the codes of another format, not text


def read_tmx(data: bytes, path: Path) -> Iterator[AlignedSegments]:
    """Yield the documents of a translation memory: one, unless its units name several (`DOCUMENT`).

    A unit in three languages is a bead of all three. Inline codes are left out, of what they enclose the text
    is kept. Of two texts of a unit in one language the first is read, and the others are counted.

    Parameters
    ----------
    data, path
        See `corpus.readers.base.Reader`. The file is read unit by unit.

    Raises
    ------
    InputError
        If it is broken, no translation memory, or a text states no language; the message says on which line.
    """
    name = str(path)
    data = as_unicode(data, name)
    root = check_prolog(data, name, doctypes=("tmx",))
    if root != "tmx":
        raise InputError(f"{name}: no translation memory: its outermost element is <{root}>, not <tmx>")
    tally = Tally()
    units = _units(data, name, tally)
    yield from documents(peeked(units, f"{name}: a translation memory without text", tally), tally)


def _units(data: bytes, name: str, tally: Tally) -> Iterator[Unit]:
    number = 0
    source: str | None = None
    for event, element in elements(data, name, ("header", "tu")):
        if local(element) == "header":
            source = _source(element, name)
        elif event == "end":
            number += 1
            unit = _unit(element, f"unit {number}", name, tally, source)
            if unit.texts:
                yield unit
            else:
                tally.count("units without text, left out")


def _source(element: etree._Element, name: str) -> str | None:
    """Return the language that a header or a unit states as the source's; None for any."""
    code = element.get("srclang", "*all*")
    where = f"{name}: line {element.sourceline}: srclang"
    return None if code.lower() == "*all*" else Tally().language(code, where)


def _unit(element: etree._Element, place: str, name: str, tally: Tally, source: str | None) -> Unit:
    facts: dict[str, str] = {}
    texts: dict[str, tuple[Segment, ...]] = {}
    codes: dict[str, str] = {}
    for child in element:
        kind = local(child)
        if kind == "prop":
            facts.setdefault(child.get("type", ""), child.text or "")
        elif kind == "tuv":
            where = f"{name}: line {child.sourceline} ({place})"
            code = child.get(LANG) or child.get("lang")
            lang = tally.language(code, where)
            if lang in texts:
                tally.count(
                    f"texts left out, beside another one in {lang} of their unit: {codes[lang]} is read"
                )
                continue
            segments = _text(child, lang, where, name, tally)
            if segments:
                texts[lang], codes[lang] = segments, str(code)
    score = next((facts[kind] for kind in _SCORES if kind in facts), None)
    own = _source(element, name) if element.get("srclang") else source
    langs = tuple(facts.get(LANGUAGES, "").split())
    return Unit(
        texts, place, tally.score(score), facts.get(DOCUMENT) or None, facts.get(DATE) or None, own, langs
    )


def _text(variant: etree._Element, lang: str, where: str, name: str, tally: Tally) -> tuple[Segment, ...]:
    spans = next(
        (child.text for child in variant if local(child) == "prop" and child.get("type") == SENTENCES), None
    )
    found = [child for child in variant if local(child) == "seg"]
    if len(found) != 1:
        raise InputError(f"{where}: {len(found)} elements <seg> in a text, where there is to be one")
    if len(found[0]):
        tally.count("texts with inline codes, which are left out")
    return cut(inner_text(found[0], name, _CODES), spans, lang, tally)

"""Files of translation tools (XLIFF 1.x and 2.x): units of a source text and its translation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.bitext.markup import LANG, as_unicode, check_prolog, elements, inner_text, local
from corpus.readers.bitext.units import Tally, Unit, cut, documents, peeked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml import etree

    from corpus.readers.base import AlignedSegments
    from corpus.readers.bitext.units import Segment

OWN, UNKNOWN = "urn:duizhao:bitext", "unknown"
"""Namespace of the attributes that `corpus.writers.bitext.xliff` puts on files and units.

Of files these are `date` and `original`, which is `UNKNOWN` where the source is not said to be the original;
of units `score`, `source` and `target`, the latter two the segments of either text (`units.cut`)."""

_CODES = ("bpt", "ept", "it", "ph", "x", "bx", "ex", "sc", "ec", "sm", "em")


def read_xliff(data: bytes, path: Path) -> Iterator[AlignedSegments]:
    """Yield the documents of a file of XLIFF 1.x or 2.x, one for each <file> in it that holds text.

    Where a unit was cut into segments, each is a bead of its own. A unit without a translation is a bead of
    its source only.

    Parameters
    ----------
    data, path
        See `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is broken, no XLIFF, or states no languages.
    """
    name = str(path)
    data = as_unicode(data, name)
    root = check_prolog(data, name, doctypes=("xliff",))
    if root != "xliff":
        raise InputError(f"{name}: no XLIFF: its outermost element is <{root}>, not <xliff>")
    tally = Tally()
    yield from documents(peeked(_units(data, name, tally), f"{name}: XLIFF without text", tally), tally)


@dataclass(slots=True)
class _File:
    """What is stated of the units of a <file>: the codes of its languages, by side, and more."""

    codes: dict[str, str | None] = field(default_factory=dict)
    document: str | None = None
    date: str | None = None
    original: str | None = None

    def begin(self, element: etree._Element) -> None:
        """Take what an element <xliff> or <file> states."""
        if local(element) == "xliff":
            self.codes = {"source": element.get("srcLang"), "target": element.get("trgLang")}
            return
        self.document = element.get("original") or element.get("id")
        self.date = element.get(f"{{{OWN}}}date")
        if element.get("source-language"):
            self.codes = {side: element.get(f"{side}-language") for side in ("source", "target")}
        self.original = element.get(f"{{{OWN}}}original") or self.codes.get("source")


def _units(data: bytes, name: str, tally: Tally) -> Iterator[Unit]:
    about = _File()
    for event, element in elements(data, name, ("xliff", "file", "trans-unit", "unit", "bin-unit")):
        kind = local(element)
        if event == "start":
            if kind in ("xliff", "file"):
                about.begin(element)
        elif kind == "bin-unit":
            tally.count("units that are no text, left out")
        elif kind in ("trans-unit", "unit"):
            yield from _unit(element, about, name, tally)


def _unit(element: etree._Element, about: _File, name: str, tally: Tally) -> Iterator[Unit]:
    called = element.get("id", "?")
    where = f"{name}: line {element.sourceline} (unit {called})"
    source = tally.language(about.codes.get("source"), where)
    original = None if about.original == UNKNOWN else source
    score = tally.score(element.get(f"{{{OWN}}}score"))
    found = [texts for texts in _pairs(element, about.codes, where, name, tally) if texts]
    for texts in found:
        yield Unit(texts, f"unit {called}", score, about.document, about.date, original, (source,))
    if not found:
        tally.count("units without text, left out")


def _pairs(
    unit: etree._Element, codes: Mapping[str, str | None], where: str, name: str, tally: Tally
) -> Iterator[dict[str, tuple[Segment, ...]]]:
    """Yield the texts of a unit, by language, for each segment of it."""
    parts = [child for child in unit if local(child) == "segment"] or [unit]  # those of XLIFF 2
    for part in parts:
        source, target = (next((c for c in part if local(c) == side), None) for side in ("source", "target"))
        if source is None:
            raise InputError(f"{where}: a unit without <source>")
        cut_up = [child for child in unit if local(child) == "seg-source"]  # of XLIFF 1.2
        if cut_up:
            yield from _marked(cut_up[0], target, codes, where, name, tally)
            continue
        texts: dict[str, tuple[Segment, ...]] = {}
        for side, element in (("source", source), ("target", target)):
            if element is None:
                continue
            lang = _language(element, side, codes, where, tally)
            spans = unit.get(f"{{{OWN}}}{side}") if len(parts) == 1 else None
            if len(element):
                tally.count("texts with inline codes, which are left out")
            segments = cut(inner_text(element, name, _CODES), spans, lang, tally)
            if segments and lang in texts:
                raise InputError(f"{where}: source and target are both in {lang}")
            if segments:
                texts[lang] = segments
        yield texts


def _marked(
    source: etree._Element, target: etree._Element | None, codes: Mapping[str, str | None], where: str,
    name: str, tally: Tally,
) -> Iterator[dict[str, tuple[Segment, ...]]]:  # fmt: skip
    """Yield the texts of the segments that a tool marked in source and target, by the number they share."""
    found: dict[str, dict[str, tuple[Segment, ...]]] = {}
    for side, element in (("source", source), ("target", target)):
        if element is None:
            continue
        lang = _language(element, side, codes, where, tally)
        marks = [mark for mark in element.iter("{*}mrk") if mark.get("mtype") == "seg"]
        whole = [("", element)] if not marks else [(mark.get("mid", ""), mark) for mark in marks]
        for called, mark in whole:
            segments = cut(inner_text(mark, name, _CODES), None, lang, tally)
            if segments:
                found.setdefault(called, {}).setdefault(lang, segments)
    yield from found.values()


def _language(
    element: etree._Element, side: str, codes: Mapping[str, str | None], where: str, tally: Tally
) -> str:
    return tally.language(element.get(LANG) or codes.get(side), f"{where}: {side}")

"""From a file's text to a document: its versions, their provenance and their sentences."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.cleaning.clean import are_balanced, clean_item, restore_repeats
from corpus.cleaning.dating import Basis, Dating, date_file_name, date_item
from corpus.cleaning.records import Cleaned, Dropped
from corpus.ingestion.manifest import Entry
from corpus.segmentation.sentences import Sentence, segment
from corpus.segmentation.versions import Part, Relation, split_versions
from corpus.text.agencies import agency_of
from corpus.text.languages import UNDETERMINED, detect_language, main_script
from corpus.text.spans import Span, ends_sentence, split_lines, uncovered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.cleaning.datelines import Dateline
    from corpus.text.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Version:
    """A document in one language.

    Attributes
    ----------
    lang
        ISO 639-1 code, ``und`` where it could not be told.
    relation
        ``original``, ``translation`` or ``unknown``.
    title, author, source, relay, page, url
        None where unknown. `source` is the agency or publisher whose text this is, `relay` the agency
        whose report it relays.
    date, date_basis
        The version's own date: a translation's is unknown unless it states one.
    sentences
        In order; a sentence's number in its version is its place here.
    repeats
        Offsets of paragraphs that were dropped since they stand in the version already.
    """

    lang: str
    relation: Relation
    title: str | None
    author: str | None
    source: str | None
    relay: str | None
    page: str | None
    url: str | None
    date: PartialDate | None
    date_basis: Basis | None
    sentences: tuple[Sentence, ...]
    repeats: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Overruled:
    """What the text, its manifest or its file's name says, and what an option put in its place.

    Attributes
    ----------
    what
        ``date``, ``source`` or ``lang``.
    found, stated
        What would hold without the option, and what the option states.
    """

    what: str
    found: str
    stated: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file read as a document.

    Attributes
    ----------
    versions
        In the order of the file.
    dropped
        What was left out, each with the number of the version it stood in, in the order of the file.
    captured
        The day a saved page was captured, None where unknown.
    rights
        Copyright notices found in the text or stated in the manifest.
    notes
        What a user should know of how the file was read.
    overruled
        What options were put in place of.
    translated
        Whether a marker line or a manifest says that the versions are translations of each other.
    """

    versions: tuple[Version, ...]
    dropped: tuple[tuple[int, Dropped], ...]
    captured: PartialDate | None
    rights: str | None
    notes: tuple[str, ...]
    overruled: tuple[Overruled, ...] = ()
    translated: bool = False


def read_document(
    text: str,
    name: str,
    entry: Entry | None = None,
    options: Entry | None = None,
    *,
    drop_repeats: bool = True,
) -> Document:
    """Read a text as a document with one version or several.

    Parameters
    ----------
    text
        The untouched file, decoded.
    name
        The file's name; a date in it serves where nothing else dates the document.
    entry
        What a manifest says; it outweighs the text, and a contradiction is noted.
    options
        Date, source and language that options state; they outweigh the entry's.
    drop_repeats
        Whether to drop what stands in the document already, of all its versions or of none.

    Returns
    -------
    Document
        Every character of `text` that is not white space is in a sentence or in `dropped`.
    """
    known, options = entry or Entry(), options or Entry()
    entry = known.override(options)
    stated = len(entry.versions) > 1 or entry.original is not None
    parts = split_versions(text, split_lines(text), stated=stated)
    cleaned = [clean_item(text, part.lines) for part in parts]
    if len(parts) > 1 and parts[0].marker is None and not _has_story(text, cleaned[0]):
        parts = _with_header(text, parts)
        cleaned = [clean_item(text, part.lines) for part in parts]
    if not (drop_repeats and are_balanced([_places(item) for item in cleaned if item.blocks])):
        for item in cleaned:
            restore_repeats(item)
    filled = [number for number, item in enumerate(cleaned) if item.blocks] or [0]
    reads = _told(text, [parts[number] for number in filled], [cleaned[number] for number in filled], entry)
    versions = tuple(_version(text, read, reads, entry, options, name) for read in reads)
    dropped = [
        (filled.index(n) if n in filled else 0, left)
        for n, item in enumerate(cleaned)
        for left in item.dropped
    ]
    dropped += [(0, Dropped(part.marker, "furniture")) for part in parts if part.marker is not None]
    dropped += [
        (0, Dropped(span, "furniture")) for span in _leftovers(text, versions, [d.span for _, d in dropped])
    ]
    notices = [notice for item in cleaned for notice in item.facts.notices]
    captures = [e.mention.certain for item in cleaned for e in item.facts.dates if e.kind == "capture"]
    notes = [note for item in cleaned for note in item.facts.notes]
    notes += [note for read in reads for note in _contradictions(read, reads, entry, options)]
    notes += _unused(entry, [read.lang for read in reads])
    return Document(
        versions=versions,
        dropped=tuple(sorted(dropped, key=lambda pair: pair[1].span.start)),
        captured=next((date for date in captures if date is not None), None),
        rights=entry.rights or "; ".join(notices) or None,
        notes=tuple(dict.fromkeys(notes)),
        overruled=_overruled(reads, versions, known, options, name),
        translated=stated or any(part.marker is not None for part in parts),
    )


def _places(item: Cleaned) -> tuple[list[int], list[int]]:
    return [block.span.start for block in item.blocks], [block.span.start for block in item.repeats]


def _has_story(text: str, item: Cleaned) -> bool:
    return any(
        block.kind == "paragraph" or ends_sentence(text[block.span.start : block.span.end])
        for block in item.blocks
    )


def _with_header(text: str, parts: Sequence[Part]) -> list[Part]:
    """Give a headline above the first marker to the version in its script, else to the first one."""
    header, rest = parts[0], list(parts[1:])
    scripts = [main_script("".join(text[span.start : span.end] for span in part.lines)) for part in parts]
    place = scripts[1:].index(scripts[0]) if scripts[0] in scripts[1:] else 0
    rest[place] = replace(rest[place], lines=header.lines + rest[place].lines)
    return rest


@dataclass(frozen=True, slots=True)
class _Read:
    """A version before its provenance is settled.

    `detected` is its language as the text shows it, `lang` as it is stated, if it is. `marked` if a marker
    line stands above it: what it says of itself is then its own. `labels` and `dated` are what the file says
    of it (`_witnesses`).
    """

    item: Cleaned
    detected: str
    lang: str
    relation: Relation
    marked: bool
    labels: Mapping[str, str] = field(default_factory=dict)
    dated: Dating = field(default_factory=Dating)


def _told(text: str, parts: Sequence[Part], items: Sequence[Cleaned], entry: Entry) -> list[_Read]:
    """Tell the language of each version, and which is the original."""
    detected = [
        detect_language("\n".join(text[block.span.start : block.span.end] for block in item.blocks))
        for item in items
    ]
    langs = [entry.lang] if entry.lang is not None and len(detected) == 1 else detected
    relations: list[Relation] = [part.relation for part in parts]
    if entry.original is not None and entry.original in langs:
        relations = ["original" if lang == entry.original else "translation" for lang in langs]
    reads = [
        _Read(item, found, lang, relation, part.marker is not None)
        for part, item, found, lang, relation in zip(parts, items, detected, langs, relations, strict=True)
    ]
    return [replace(read, labels=_labels(read, reads), dated=_text_date(read, reads)) for read in reads]


def _witnesses(read: _Read, reads: Sequence[_Read]) -> list[Cleaned]:
    """Return the parts of the file whose labels and dates are about a version, itself first.

    The labels at the top of a file describe the item that was published: above a translation, that is the
    original. Labels below a marker line are about what follows it.
    """
    if read.relation == "translation":
        return [read.item] if read.marked or len(reads) == 1 else []
    return [read.item, *(other.item for other in reads if other is not read and not other.marked)]


def _version(
    text: str, read: _Read, reads: Sequence[_Read], entry: Entry, options: Entry, name: str
) -> Version:
    shared, stated = _shared(read, reads, entry), entry.about(read.lang)
    labels = read.labels
    source, relay = _sources(read, reads, entry)
    dating = _dating(read, reads, entry, name, options)
    sentences = tuple(segment(text, read.item.blocks, read.lang))
    return Version(
        lang=read.lang,
        relation=read.relation,
        title=stated.title
        or shared.title
        or read.item.facts.labels.get("title")
        or _title(sentences, read.lang),
        author=stated.author or shared.author or labels.get("author"),
        source=source,
        relay=relay,
        page=stated.page or shared.page or labels.get("page"),
        url=stated.url or shared.url or labels.get("url"),
        date=dating.date,
        date_basis=dating.basis,
        sentences=sentences,
        repeats=tuple(_places(read.item)[1]),
    )


def _shared(read: _Read, reads: Sequence[_Read], entry: Entry) -> Entry:
    """Return what is stated of the document if it holds for a version.

    It holds for the original, and for a version that stands alone.
    """
    return entry if read.relation != "translation" or len(reads) == 1 else Entry()


def _sources(read: _Read, reads: Sequence[_Read], entry: Entry) -> tuple[str | None, str | None]:
    """Return a version's source, and whose report that relays: as stated, else as the text says."""
    shared, stated = _shared(read, reads, entry), entry.about(read.lang)
    source, relay = _agencies(read.item.facts.dateline, _source_name(read.labels.get("source")))
    return (
        _source_name(stated.source or shared.source) or source,
        _source_name(stated.relay or shared.relay) or relay,
    )


def _labels(read: _Read, reads: Sequence[_Read]) -> dict[str, str]:
    """Return what labels say of a version, its own before others'."""
    labels: dict[str, str] = {}
    for witness in reversed(_witnesses(read, reads)):
        labels |= witness.facts.labels
    return labels


def _overruled(
    reads: Sequence[_Read], versions: Sequence[Version], known: Entry, options: Entry, name: str
) -> tuple[Overruled, ...]:
    """Return what the text, a manifest or the file's name says otherwise than options, or more exactly."""
    found: list[Overruled] = []
    for read, version in zip(reads, versions, strict=True):
        date = _dating(read, reads, known, name).date
        # The day would be lost where an option names its year, though the two agree.
        if version.date_basis == "option" and date and not str(version.date).startswith(str(date)):
            found.append(Overruled("date", str(date), str(version.date)))
        source = _sources(read, reads, known)[0]
        if options.source and source and source != version.source:
            found.append(Overruled("source", source, str(version.source)))
        lang = known.lang if known.lang and len(reads) == 1 else read.detected
        if options.lang and lang not in (UNDETERMINED, version.lang):
            found.append(Overruled("lang", lang, version.lang))
    return tuple(found)


def _agencies(line: Dateline | None, label: str | None) -> tuple[str | None, str | None]:
    """Return source and relay: who printed an item, and whose report that is.

    A page or newspaper that says its name has taken the item from the agency of the dateline; otherwise
    that agency is the source, and may relay another.
    """
    if line is None:
        return label, None
    if label is None or label == line.agency:
        return line.agency, line.relay
    return label, line.agency or line.relay


def _source_name(label: str | None) -> str | None:
    """Return the agency that a source label names, or the label as it stands."""
    return None if label is None else agency_of(label) or label


def _title(sentences: Sequence[Sentence], lang: str) -> str | None:
    """Return the heading that opens a version; in Chinese, with the line of print it runs on to."""
    opening = list(itertools.takewhile(lambda sentence: sentence.kind == "heading", sentences[:2]))
    if not opening:
        return None
    runs_on = len(opening) == 2 and opening[1].span.line == opening[0].span.line + 1
    return "　".join(heading.text for heading in opening) if runs_on and lang == "zh" else opening[0].text


def _text_date(read: _Read, reads: Sequence[_Read]) -> Dating:
    witnesses = _witnesses(read, reads)
    evidence = [found for witness in witnesses for found in witness.facts.dates]
    datelines = [witness.facts.dateline for witness in witnesses if witness.facts.dateline is not None]
    years = {year for witness in witnesses for year in witness.facts.years}
    return date_item(evidence, datelines, years)


def _stated_date(read: _Read, reads: Sequence[_Read], entry: Entry) -> PartialDate | None:
    return entry.about(read.lang).date or _shared(read, reads, entry).date


def _dating(
    read: _Read, reads: Sequence[_Read], entry: Entry, name: str, options: Entry | None = None
) -> Dating:
    stated = _stated_date(read, reads, entry)
    if stated is not None:
        return Dating(stated, "option" if _by_option(read, entry, options) else "manifest")
    found = read.dated
    if found.date is None and read.relation != "translation":
        return date_file_name(name)
    return found


def _by_option(read: _Read, entry: Entry, options: Entry | None) -> bool:
    """Tell whether a date that is stated is an option's: a manifest's for the one version outweighs that."""
    return options is not None and options.date is not None and entry.about(read.lang).date is None


def _contradictions(read: _Read, reads: Sequence[_Read], entry: Entry, options: Entry) -> list[str]:
    """Say where the text and the manifest, or two places of the text, disagree; see `_overruled`."""
    notes: list[str] = []
    stated, found = _stated_date(read, reads, entry), read.dated.date
    disagree = stated is not None and found is not None and not found.agrees_with(stated)
    if disagree and not _by_option(read, entry, options):
        notes.append(f"dated {stated} as stated by the manifest; the text says {found}")
    evidence = [item for witness in _witnesses(read, reads) for item in witness.facts.dates]
    others = {
        str(item.mention.readings[0])
        for item in evidence
        if item.kind not in ("capture", "dateline")
        and found is not None
        and not any(reading.agrees_with(found) for reading in item.mention.readings)
    }
    if others:
        notes.append(f"dated {found}, but the text also gives {', '.join(sorted(others))}")
    agencies = {line.agency for line in read.item.facts.datelines}
    if len(agencies) > 1:
        named = ", ".join(sorted(agency or "unnamed" for agency in agencies))
        notes.append(f"datelines of several agencies ({named}): no source is taken from them")
    return notes


def _unused(entry: Entry, langs: Sequence[str]) -> list[str]:
    """Say what a manifest states of languages that the file does not hold."""
    named = [*entry.versions, *([entry.original] if entry.original else [])]
    return [
        f"the manifest speaks of text in {lang}; the file holds {', '.join(langs)}"
        for lang in dict.fromkeys(named)
        if lang not in langs
    ]


def _leftovers(text: str, versions: Sequence[Version], dropped: Sequence[Span]) -> list[Span]:
    """Return what is neither in a sentence nor dropped, so that nothing is lost without a trace."""
    kept = [sentence.span for version in versions for sentence in version.sentences]
    return [
        Span(span.start, span.end, text.count("\n", 0, span.start) + 1)
        for span in uncovered(text, [*kept, *dropped])
    ]


def document_id(path: str) -> str:
    """Return a document's id: the stem of its file's name."""
    return PurePath(path).stem

"""What is known of a version: what options, manifests, its text, its file's own data and its name say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corpus.cleaning.dating import Dating, date_file_name, date_item
from corpus.ingestion.manifest import Entry
from corpus.text.agencies import agency_of
from corpus.text.languages import UNDETERMINED, detect_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.cleaning.datelines import Dateline
    from corpus.cleaning.records import Cleaned
    from corpus.ingestion.reading.document import Version
    from corpus.segmentation.versions import Part, Relation
    from corpus.text.dates import PartialDate


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
class Reading:
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


def tell_versions(
    text: str, parts: Sequence[Part], items: Sequence[Cleaned], entry: Entry, metadata: Entry
) -> list[Reading]:
    """Tell the language of each version, and which is the original."""
    detected = [
        detect_language("\n".join(text[block.span.start : block.span.end] for block in item.blocks))
        for item in items
    ]
    if metadata.lang is not None and detected == [UNDETERMINED]:
        detected = [metadata.lang]
    langs = [entry.lang] if entry.lang is not None and len(detected) == 1 else detected
    relations: list[Relation] = [part.relation for part in parts]
    if entry.original is not None and entry.original in langs:
        relations = ["original" if lang == entry.original else "translation" for lang in langs]
    reads = [
        Reading(item, found, lang, relation, part.marker is not None)
        for part, item, found, lang, relation in zip(parts, items, detected, langs, relations, strict=True)
    ]
    return [
        replace(read, labels=_labels(read, reads), dated=_text_date(read, reads, metadata)) for read in reads
    ]


def _witnesses(read: Reading, reads: Sequence[Reading]) -> list[Cleaned]:
    """Return the parts of the file whose labels and dates are about a version, itself first.

    The labels at the top of a file describe the item that was published: above a translation, that is the
    original. Labels below a marker line are about what follows it.
    """
    if read.relation == "translation":
        return [read.item] if read.marked or len(reads) == 1 else []
    return [read.item, *(other.item for other in reads if other is not read and not other.marked)]


def shared_facts(read: Reading, reads: Sequence[Reading], entry: Entry) -> Entry:
    """Return what is stated of the document if it holds for a version.

    It holds for the original, and for a version that stands alone.
    """
    return entry if read.relation != "translation" or len(reads) == 1 else Entry()


def sources(
    read: Reading, reads: Sequence[Reading], entry: Entry, metadata: Entry
) -> tuple[str | None, str | None]:
    """Return a version's source, and whose report that relays: as stated, as the text or the file says."""
    shared, stated = shared_facts(read, reads, entry), entry.about(read.lang)
    source, relay = _agencies(read.item.facts.dateline, _source_name(read.labels.get("source")))
    return (
        _source_name(stated.source or shared.source)
        or source
        or _source_name(shared_facts(read, reads, metadata).source),
        _source_name(stated.relay or shared.relay) or relay,
    )


def _labels(read: Reading, reads: Sequence[Reading]) -> dict[str, str]:
    """Return what labels say of a version, its own before others'."""
    labels: dict[str, str] = {}
    for witness in reversed(_witnesses(read, reads)):
        labels |= witness.facts.labels
    return labels


def overruled(
    reads: Sequence[Reading],
    versions: Sequence[Version],
    known: Entry,
    options: Entry,
    metadata: Entry,
    name: str,
) -> tuple[Overruled, ...]:
    """Return what the text, a manifest or the file's name says otherwise than options, or more exactly."""
    found: list[Overruled] = []
    for read, version in zip(reads, versions, strict=True):
        date = dating(read, reads, known, metadata, name).date
        # The day would be lost where an option names its year, though the two agree.
        if version.date_basis == "option" and date and not str(version.date).startswith(str(date)):
            found.append(Overruled("date", str(date), str(version.date)))
        source = sources(read, reads, known, metadata)[0]
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


def _text_date(read: Reading, reads: Sequence[Reading], metadata: Entry) -> Dating:
    witnesses = _witnesses(read, reads)
    evidence = [found for witness in witnesses for found in witness.facts.dates]
    datelines = [witness.facts.dateline for witness in witnesses if witness.facts.dateline is not None]
    years = {year for witness in witnesses for year in witness.facts.years}
    if metadata.date is not None:
        years.add(metadata.date.year)
    return date_item(evidence, datelines, years)


def _stated_date(read: Reading, reads: Sequence[Reading], entry: Entry) -> PartialDate | None:
    return entry.about(read.lang).date or shared_facts(read, reads, entry).date


def dating(
    read: Reading,
    reads: Sequence[Reading],
    entry: Entry,
    metadata: Entry,
    name: str,
    options: Entry | None = None,
) -> Dating:
    """Return a version's date: as stated, or as the text, the file's name or its own data say.

    Of these three the first that says one counts, but the file's own data may make it more exact: they may
    be of the file rather than of the text in it.
    """
    stated = _stated_date(read, reads, entry)
    if stated is not None:
        return Dating(stated, "option" if _by_option(read, entry, options) else "manifest")
    found, own = _found_date(read, name), shared_facts(read, reads, metadata).date
    if own is None:
        return found
    within = found.date is None or (found.date.first <= own.first and own.last <= found.date.last)
    return Dating(own, "metadata") if within and own != found.date else found


def _found_date(read: Reading, name: str) -> Dating:
    """Return a version's date by its text, or by the file's name."""
    if read.dated.date is None and read.relation != "translation":
        return date_file_name(name)
    return read.dated


def _by_option(read: Reading, entry: Entry, options: Entry | None) -> bool:
    """Tell whether a date that is stated is an option's: a manifest's for the one version outweighs that."""
    return options is not None and options.date is not None and entry.about(read.lang).date is None


def contradictions(
    read: Reading, reads: Sequence[Reading], entry: Entry, options: Entry, metadata: Entry, name: str
) -> list[str]:
    """Say where the text and the manifest, the file's own data or another place of it disagree."""
    notes: list[str] = []
    stated, found = _stated_date(read, reads, entry), read.dated.date
    disagree = stated is not None and found is not None and not found.agrees_with(stated)
    if disagree and not _by_option(read, entry, options):
        notes.append(f"dated {stated} as stated by the manifest; the text says {found}")
    if stated is None:
        notes += _against_metadata(read, reads, metadata, name)
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


def _against_metadata(read: Reading, reads: Sequence[Reading], metadata: Entry, name: str) -> Iterator[str]:
    """Say where the text, or the name of its file, disagrees with the file's own data."""
    found, own = _found_date(read, name), shared_facts(read, reads, metadata).date
    if own is not None and found.date is not None and not found.date.agrees_with(own):
        by = "its file's name" if found.basis == "inferred" else "the text"
        yield f"dated {found.date} as {by} says; the file's own data say {own}"
    if metadata.lang not in (None, read.detected) and len(reads) == 1:
        yield f"it reads as {read.detected}; the file's own data say {metadata.lang}"


def unused(entry: Entry, langs: Sequence[str]) -> list[str]:
    """Say what a manifest states of languages that the file does not hold."""
    named = [*entry.versions, *([entry.original] if entry.original else [])]
    return [
        f"the manifest speaks of text in {lang}; the file holds {', '.join(langs)}"
        for lang in dict.fromkeys(named)
        if lang not in langs
    ]

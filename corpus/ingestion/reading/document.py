"""From a file's text to a document: its versions, their provenance and their sentences."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from corpus.cleaning.clean import are_balanced, clean_item, restore_repeats
from corpus.cleaning.records import Cleaned, Dropped
from corpus.ingestion.manifest import Entry
from corpus.ingestion.reading.provenance import (
    Overruled,
    Reading,
    contradictions,
    dating,
    overruled,
    shared_facts,
    sources,
    tell_versions,
    unused,
)
from corpus.segmentation.sentences import Sentence, segment
from corpus.segmentation.versions import Part, Relation, split_versions
from corpus.text.languages import main_script
from corpus.text.spans import Span, ends_sentence, split_lines, uncovered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.cleaning.dating import Basis
    from corpus.documents.imported_beads import ImportedBead
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
    beads
        Those that the file states.
    """

    versions: tuple[Version, ...]
    dropped: tuple[tuple[int, Dropped], ...]
    captured: PartialDate | None
    rights: str | None
    notes: tuple[str, ...]
    overruled: tuple[Overruled, ...] = ()
    translated: bool = False
    beads: tuple[ImportedBead, ...] = ()


def read_document(
    text: str,
    name: str,
    entry: Entry | None = None,
    options: Entry | None = None,
    *,
    metadata: Entry | None = None,
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
    metadata
        What the file's own data say, beside the text: it holds where nothing else is known, and a
        contradiction is noted.
    drop_repeats
        Whether to drop what stands in the document already, of all its versions or of none.

    Returns
    -------
    Document
        Every character of `text` that is not white space is in a sentence or in `dropped`.
    """
    known, options = entry or Entry(), options or Entry()
    entry, metadata = known.override(options), metadata or Entry()
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
    filled_parts = [parts[number] for number in filled]
    reads = tell_versions(text, filled_parts, [cleaned[number] for number in filled], entry, metadata)
    versions = tuple(_version(text, read, reads, entry, options, metadata, name) for read in reads)
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
    notes += [note for read in reads for note in contradictions(read, reads, entry, options, metadata, name)]
    notes += unused(entry, [read.lang for read in reads])
    return Document(
        versions=versions,
        dropped=tuple(sorted(dropped, key=lambda pair: pair[1].span.start)),
        captured=next((date for date in captures if date is not None), None),
        rights=entry.rights or "; ".join(notices) or metadata.rights,
        notes=tuple(dict.fromkeys(notes)),
        overruled=overruled(reads, versions, known, options, metadata, name),
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


def _version(
    text: str,
    read: Reading,
    reads: Sequence[Reading],
    entry: Entry,
    options: Entry,
    metadata: Entry,
    name: str,
) -> Version:
    shared, stated = shared_facts(read, reads, entry), entry.about(read.lang)
    labels, own = read.labels, shared_facts(read, reads, metadata)
    source, relay = sources(read, reads, entry, metadata)
    dated = dating(read, reads, entry, metadata, name, options)
    sentences = tuple(segment(text, read.item.blocks, read.lang))
    return Version(
        lang=read.lang,
        relation=read.relation,
        title=stated.title
        or shared.title
        or read.item.facts.labels.get("title")
        or _title(sentences, read.lang)
        or own.title,
        author=stated.author or shared.author or labels.get("author") or own.author,
        source=source,
        relay=relay,
        page=stated.page or shared.page or labels.get("page"),
        url=stated.url or shared.url or labels.get("url") or own.url,
        date=dated.date,
        date_basis=dated.basis,
        sentences=sentences,
        repeats=tuple(_places(read.item)[1]),
    )


def _title(sentences: Sequence[Sentence], lang: str) -> str | None:
    """Return the heading that opens a version; in Chinese, with the line of print it runs on to."""
    opening = list(itertools.takewhile(lambda sentence: sentence.kind == "heading", sentences[:2]))
    if not opening:
        return None
    runs_on = len(opening) == 2 and opening[1].span.line == opening[0].span.line + 1
    return "　".join(heading.text for heading in opening) if runs_on and lang == "zh" else opening[0].text


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

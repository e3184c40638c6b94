"""Aligned segments that a file holds, as a document whose sentences they are, and its beads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.limits import MAX_TEXT
from corpus.cleaning.dating import date_file_name
from corpus.documents.imported_beads import imported_beads
from corpus.ingestion.manifest import Entry
from corpus.ingestion.reading.document import Document, Version
from corpus.ingestion.reading.metadata import metadata_of
from corpus.ingestion.reading.provenance import Overruled
from corpus.readers.base import Extract, Locus
from corpus.segmentation.sentences import Sentence
from corpus.text.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.cleaning.dating import Basis
    from corpus.readers.base import AlignedSegments
    from corpus.segmentation.versions import Relation
    from corpus.text.dates import PartialDate


def imported_document(
    aligned: AlignedSegments,
    path: str,
    name: str,
    entry: Entry,
    options: Entry,
    metadata: Mapping[str, str] | None = None,
) -> tuple[Extract, Document]:
    """Return aligned segments as a document: a version a language, a sentence a segment, nothing cut anew.

    Parameters
    ----------
    aligned
        What a file holds.
    path, name
        The file, for messages; its name, for a date in it.
    entry, options, metadata
        As in `corpus.ingestion.reading.document.read_document`; the latter as the file and its archive
        state it.

    Returns
    -------
    tuple
        The text that the sentences' offsets point into, a segment a line and the versions parted by an empty
        one; and the document.

    Raises
    ------
    InputError
        If there is no text, or too much.
    """
    langs = [lang for lang, segments in aligned.segments.items() if segments]
    if not langs:
        raise InputError(f"{path}: no text in it")
    text, sentences, loci = _laid_out(aligned, langs)
    if len(text) > MAX_TEXT:
        raise InputError(f"{path}: a text of more than {MAX_TEXT:,} characters; cut it into several files")
    found, notes = metadata_of({**aligned.stated, **(metadata or {})})
    original = entry.override(options).original or aligned.original
    versions = [
        _version(lang, _relation(lang, original, langs), sentences[lang], entry, options, found, name)
        for lang in langs
    ]
    document = Document(
        versions=tuple(versions),
        dropped=(),
        captured=None,
        rights=entry.rights or found.rights,
        notes=(*aligned.notes, *notes, *_alone(aligned, langs), *_contradicted(aligned, entry, langs)),
        overruled=_overruled(versions, entry, options, found, name),
        translated=len(langs) > 1,
        beads=tuple(imported_beads(aligned, langs, original)),
    )
    return Extract(text, tuple(loci), aligned.stated, aligned.part, aligned.notes), document


def _alone(aligned: AlignedSegments, langs: Sequence[str]) -> list[str]:
    part = f"{aligned.part}: " if aligned.part else ""
    return [f"{part}text in {langs[0]} only: nothing is aligned"] if len(langs) == 1 else []


def _laid_out(
    aligned: AlignedSegments, langs: Sequence[str]
) -> tuple[str, dict[str, tuple[Sentence, ...]], list[Locus]]:
    """Return all segments as one text, and where in it, and in the file, each stands."""
    parts: list[str] = []
    loci: list[Locus] = []
    sentences: dict[str, tuple[Sentence, ...]] = {}
    at, line = 0, 1
    for lang in langs:
        own: list[Sentence] = []
        segments = aligned.segments[lang]
        places = aligned.places.get(lang) or ("",) * len(segments)
        paragraphs = aligned.paragraphs.get(lang) or range(len(segments))
        for segment, place, paragraph in zip(segments, places, paragraphs, strict=True):
            own.append(Sentence(paragraph, "paragraph", segment, Span(at, at + len(segment), line)))
            if place:
                loci.append(Locus(at, at + len(segment), place))
            parts.append(f"{segment}\n")
            at += len(segment) + 1
            line += 1 + segment.count("\n")
        parts.append("\n")
        at, line = at + 1, line + 1
        sentences[lang] = tuple(own)
    return "".join(parts), sentences, loci


def _relation(lang: str, original: str | None, langs: Sequence[str]) -> Relation:
    if original not in langs:
        return "unknown"
    return "original" if lang == original else "translation"


def _version(
    lang: str, relation: Relation, sentences: tuple[Sentence, ...], entry: Entry, options: Entry,
    found: Entry, name: str,
) -> Version:  # fmt: skip
    """Return a version; what is stated of the document holds for all but translations."""
    known = entry.override(options)
    shared = known if relation != "translation" else Entry()
    stated = known.about(lang)
    own = found if relation != "translation" else Entry()
    date, basis = _dated(lang, relation, entry, options, found, name)
    return Version(
        lang=lang,
        relation=relation,
        title=stated.title or shared.title or own.title,
        author=stated.author or shared.author or own.author,
        source=stated.source or shared.source or own.source,
        relay=stated.relay or shared.relay,
        page=stated.page or shared.page,
        url=stated.url or shared.url or own.url,
        date=date,
        date_basis=basis,
        sentences=sentences,
    )


def _dated(
    lang: str, relation: Relation, entry: Entry, options: Entry, found: Entry, name: str
) -> tuple[PartialDate | None, Basis | None]:
    """Return a version's date, and where it is from: see `corpus.ingestion.reading.provenance.dating`."""
    if (date := entry.about(lang).date) is not None:
        return date, "manifest"
    if relation == "translation":
        return None, None
    for date, basis in ((options.date, "option"), (entry.date, "manifest"), (found.date, "metadata")):
        if date is not None:
            return date, basis  # type: ignore[return-value]
    dated = date_file_name(name)
    return dated.date, dated.basis


def _overruled(
    versions: Sequence[Version], entry: Entry, options: Entry, found: Entry, name: str
) -> tuple[Overruled, ...]:
    out = []
    for version in versions:
        date, _ = _dated(version.lang, version.relation, entry, Entry(), found, name)
        if version.date_basis == "option" and date and not str(version.date).startswith(str(date)):
            out.append(Overruled("date", str(date), str(version.date)))
        source = entry.about(version.lang).source or entry.source or found.source
        if options.source and source and source != version.source:
            out.append(Overruled("source", source, str(version.source)))
    return tuple(out)


def _contradicted(aligned: AlignedSegments, entry: Entry, langs: Sequence[str]) -> list[str]:
    """Say what a manifest states of languages that the file does not hold, or says otherwise."""
    named = [*entry.versions, *([entry.original] if entry.original else [])]
    notes = [
        f"the manifest speaks of text in {lang}; the file holds {', '.join(langs)}"
        for lang in dict.fromkeys(named)
        if lang not in langs
    ]
    if entry.original and aligned.original and entry.original != aligned.original:
        notes.append(f"the manifest calls {entry.original} the original; the file says {aligned.original}")
    return notes

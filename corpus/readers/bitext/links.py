"""Links between the sentences of two files: OPUS XCES (cesAlign), and InterText or TCA2 (linkGrp)."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from corpus.base.errors import InputError
from corpus.base.files import is_file
from corpus.base.limits import MAX_SHEET
from corpus.readers.base import AlignedSegments
from corpus.readers.bitext.markup import LANG, as_unicode, check_prolog, elements, inner_text, local
from corpus.readers.bitext.units import Tally
from corpus.readers.packed.archives import ArchiveReader, archive_kind, container_of
from corpus.text.joining import separator
from corpus.text.languages import UNDETERMINED, detect_language, is_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml import etree

_XCES, _INTERTEXT = "cesAlign", "linkGrp"
_GZIP = b"\x1f\x8b"
_FOLDERS = ("", "xml", "raw")  # where OPUS puts the documents, seen from the file of links
_PARAGRAPHS = ("p", "head", "div", "body", "text")
_CODE = re.compile(r"(?:^|[./_])([A-Za-z]{2})(?:[-_][A-Za-z0-9]+)?(?=[./_]|$)")


class _Link(NamedTuple):
    """The ids of the sentences of either side, the source first, with the score if there is one."""

    src: tuple[str, ...]
    tgt: tuple[str, ...]
    score: float | None


@dataclass(slots=True)
class _Group:
    """The links between two documents, by the names the file has for them."""

    src: str
    tgt: str
    links: list[_Link] = field(default_factory=list)


class _Text(NamedTuple):
    """A document's name, its sentences by id, in order, the paragraph each is in, and ids of empty ones."""

    called: str
    lang: str
    texts: dict[str, str]
    paragraphs: tuple[int, ...]
    empty: frozenset[str]
    date: str | None


def read_links(data: bytes, path: Path) -> Iterator[AlignedSegments]:
    """Yield the documents of a file of links: one for each pair of files that it names.

    These are looked for beside it and in the folders below (``xml/zh/a.xml``, ``zh/a.xml.gz``), never
    elsewhere. OPUS names the source's sentences first, InterText those of the target (``toDoc``). Sentences
    that are in no link have no counterpart.

    Parameters
    ----------
    data, path
        See `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is broken, or none of the pairs can be read. Where some can, the others are named in the notes
        of the last one.
    """
    name = str(path)
    data = as_unicode(data, name)
    root = check_prolog(data, name, doctypes=(_XCES, _INTERTEXT))
    if root not in (_XCES, _INTERTEXT):
        raise InputError(f"{name}: no links between sentences: its outermost element is <{root}>")
    tally = Tally()
    unread: list[str] = []
    archives = ArchiveReader()
    waiting: AlignedSegments | None = None
    several = False
    seen: dict[str, int] = {}
    for group in _groups(data, name, tally):
        try:
            made = _aligned(group, path, tally, seen, archives)
        except InputError as error:
            unread.append(str(error))
            continue
        if waiting is not None:
            several = True
            yield waiting
        waiting = made
    if waiting is None:
        raise InputError(unread[0] if unread else f"{name}: it names no texts, or links nothing")
    notes = (*tally.notes(), *(f"left out: {reason}" for reason in unread))
    part = waiting.part if several else None
    yield replace(waiting, part=part, notes=notes)


def linked_files(data: bytes, path: Path) -> tuple[Path, ...]:
    """Return the files that a file of links names and that are there; empty if it cannot be read."""
    name = str(path)
    found: list[Path] = []
    archives = ArchiveReader()
    try:
        data = as_unicode(data, name)
        if check_prolog(data, name, doctypes=(_XCES, _INTERTEXT)) not in (_XCES, _INTERTEXT):
            return ()
        for _, element in elements(data, name, ("linkGrp",)):
            for side in ("fromDoc", "toDoc"):
                try:
                    found.append(_file(element.get(side, ""), path, archives))
                except InputError:
                    continue  # the reader says so
    except InputError:
        return ()
    return tuple(dict.fromkeys(found))


def _groups(data: bytes, name: str, tally: Tally) -> Iterator[_Group]:
    group: _Group | None = None
    turned = False  # InterText puts the second document first
    for event, element in elements(data, name, (_XCES, _INTERTEXT, "link")):
        kind = local(element)
        if event == "start" and kind == _XCES:
            turned = False
        elif event == "start" and kind == _INTERTEXT:
            turned = element.getparent() is None
            group = _Group(element.get("fromDoc", ""), element.get("toDoc", ""))
        elif event == "end" and kind == "link" and group is not None:
            group.links.append(_link(element, name, tally, turned=turned))
        elif event == "end" and kind == _INTERTEXT and group is not None:
            yield group
            group = None


def _link(element: etree._Element, name: str, tally: Tally, *, turned: bool) -> _Link:
    first, semicolon, second = element.get("xtargets", "").partition(";")
    if not semicolon:
        raise InputError(f'{name}: line {element.sourceline}: a link without xtargets="…;…"')
    if turned:
        first, second = second, first
    score = tally.score(element.get("certainty") or element.get("score"))
    return _Link(tuple(first.split()), tuple(second.split()), score)


def _aligned(
    group: _Group, path: Path, tally: Tally, seen: dict[str, int], archives: ArchiveReader
) -> AlignedSegments:
    wanted = ({k for link in group.links for k in link.src}, {k for link in group.links for k in link.tgt})
    sides = [
        _text(_file(called, path, archives), called, ids, archives)
        for called, ids in zip((group.src, group.tgt), wanted, strict=True)
    ]
    src, tgt = sides
    if src.lang == tgt.lang:
        raise InputError(f"{path}: {group.src} and {group.tgt} are both in {src.lang}")
    numbers = [{called: at for at, called in enumerate(side.texts)} for side in sides]
    beads: list[dict[str, tuple[int, ...]]] = []
    scores: list[float | None] = []
    used: dict[str, set[int]] = {side.lang: set() for side in sides}
    for link in group.links:
        bead = {
            side.lang: own
            for side, known, ids in zip(sides, numbers, (link.src, link.tgt), strict=True)
            if (own := _numbers(ids, known, side.empty, f"{path}: a link to {side.called}"))
        }
        if any(set(own) & used[lang] for lang, own in bead.items()):
            tally.count("links to a sentence that another link has, left out")
        elif bead:
            beads.append(bead)
            scores.append(link.score)
            for lang, own in bead.items():
                used[lang].update(own)
    part = group.src
    seen[part] = seen.get(part, 0) + 1
    return AlignedSegments(
        segments={side.lang: tuple(side.texts.values()) for side in sides},
        beads=tuple(beads),
        scores=tuple(scores),
        places={side.lang: tuple(f"sentence {called}" for called in side.texts) for side in sides},
        paragraphs={side.lang: side.paragraphs for side in sides},
        stated={"date": src.date} if src.date else {},
        part=part if seen[part] == 1 else f"{part}~{seen[part]}",
    )


def _numbers(
    ids: tuple[str, ...], known: Mapping[str, int], empty: frozenset[str], where: str
) -> tuple[int, ...]:
    if missing := [called for called in ids if called not in known and called not in empty]:
        raise InputError(f"{where} names sentence {missing[0]}, which it does not have")
    return tuple(sorted({known[called] for called in ids if called in known}))


def _file(called: str, links: Path, archives: ArchiveReader) -> Path:
    """Return the file that a file of links means, in its own folder or below."""
    if not called.strip():
        raise InputError(f"{links}: it does not name both of its texts (fromDoc, toDoc)")
    container = container_of(links)
    single = container is not None and archive_kind(container.name) in ("gzip", "zstd")
    base = container.parent if container is not None and single else links.parent
    top = base.resolve()
    for folder in _FOLDERS:
        for ending in ("", ".gz"):
            name = (
                called
                if not ending
                else called.removesuffix(".gz")
                if called.endswith(".gz")
                else called + ending
            )
            try:
                file = (base / folder / name).resolve()
            except (OSError, ValueError, RuntimeError):
                continue
            if not file.is_relative_to(top):
                raise InputError(
                    f"{links}: it names {called}, which is not in its folder or below; nothing else is read"
                )
            if is_file(file) or (container_of(file) is not None and archives.exists(file)):
                return file
    raise InputError(f"{links}: it names {called}, which is not in its folder or below: put it there")


def _text(file: Path, called: str, wanted: set[str], archives: ArchiveReader) -> _Text:
    """Read the sentences of a document: its elements <s>, and others that links name."""
    name = str(file)
    data = as_unicode(_unpacked(archives.read(file), name), name)
    check_prolog(data, name)
    texts: dict[str, str] = {}
    empty: set[str] = set()
    paragraphs: list[int] = []
    paragraph, lang, date = 0, None, None
    begun = False
    for kind, element in _sentences(data, name, wanted):
        if kind == "lang":
            lang = lang or element.get(LANG) or element.get("lang")
            date = element.get("date")
        elif kind == "break":
            paragraph += begun
            begun = False
        else:
            key = _id(element)
            if key is None:
                raise InputError(f"{name}: line {element.sourceline}: a sentence without an id")
            if key in texts or key in empty:
                raise InputError(f"{name}: line {element.sourceline}: two sentences have the id {key}")
            if (text := _words(element, name)) == "":
                empty.add(key)
                continue
            texts[key] = text
            paragraphs.append(paragraph)
            begun = True
    if not texts:
        raise InputError(f"{name}: no sentence with an id in it")
    told = _language(lang, called, texts)
    return _Text(called, told, texts, tuple(paragraphs), frozenset(empty), date)


def _sentences(data: bytes, name: str, wanted: set[str]) -> Iterator[tuple[str, etree._Element]]:
    """Yield sentences in order, breaks between paragraphs, and the outermost element as ``lang``."""
    tags = _sentence_tags(data, name, wanted)
    for event, element in elements(data, name, tuple({*_PARAGRAPHS, *tags})):
        kind = local(element)
        if element.getparent() is None and event == "start":
            yield "lang", element
        if kind in tags:
            if event == "end":
                yield "sentence", element
        else:
            yield "break", element


def _sentence_tags(data: bytes, name: str, wanted: set[str]) -> tuple[str, ...]:
    """Return the names of the elements that are sentences: <s>, unless none is and links name others."""
    if next(islice(elements(data, name, ("s",)), 1), None) is not None:
        return ("s",)
    found = {
        local(element)
        for event, element in elements(data, name, ("*",))
        if event == "start" and _id(element) in wanted
    }
    return tuple(sorted(found - {"text", "body"}))


def _id(element: etree._Element) -> str | None:
    return element.get("id") or element.get("{http://www.w3.org/XML/1998/namespace}id")


def _words(sentence: etree._Element, name: str) -> str:
    """Return a sentence's text; of one that is cut into words, these joined as their language does."""
    words = [inner_text(word, name).strip() for word in sentence.iter("{*}w")]
    return separator(words, None).join(filter(None, words)) if words else inner_text(sentence, name).strip()


def _language(stated: str | None, called: str, texts: Mapping[str, str]) -> str:
    """Return a document's language: as it states, as its name says (``zh/a.xml``), or by its text."""
    if stated is not None:
        return Tally().language(stated, called)
    codes = [code.lower() for code in _CODE.findall(called) if is_language(code)]
    told = detect_language("\n".join(islice(texts.values(), 200)))
    if codes and (told == UNDETERMINED or told in codes or len(codes) == 1):
        return told if told in codes else codes[0]
    if told == UNDETERMINED:
        raise InputError(f'{called}: its language is not stated; say it: <text xml:lang="en">')
    return told


def _unpacked(data: bytes, name: str) -> bytes:
    """Return a file's bytes, unpacked if they are gzip's."""
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, MAX_SHEET)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{name}: broken gzip data: {error}") from None
    if unpacker.unconsumed_tail:
        raise InputError(f"{name}: more than {MAX_SHEET:,} bytes when unpacked")
    return out

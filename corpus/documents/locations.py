"""A place in a document, as results name it, and the passage that stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard

import polars as pl

from corpus.base.errors import CorpusError, InputError
from corpus.base.files import digest
from corpus.base.resources import seeds_dir
from corpus.documents.catalogue import find_document, paragraphs
from corpus.documents.counterparts import counterparts
from corpus.documents.subcorpus import dated_versions
from corpus.readers.base import Extract
from corpus.readers.extraction import PLAIN, extract
from corpus.readers.packed.archives import read_place
from corpus.readers.registry import TEXT
from corpus.store.schemas import TO
from corpus.store.snapshot import Snapshot, snapshot
from corpus.text.decoding import decode

if TYPE_CHECKING:
    from corpus.readers.base import AlignedSegments
    from corpus.store.workspace import Workspace

_PLACE = re.compile(r"(?P<doc>.+):(?P<line>L)?(?P<number>\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document's untouched file.

    Attributes
    ----------
    doc_id
        The document.
    number
        A code-point offset, or a one-based number of a line.
    is_line
        Which of the two.
    named
        The place in the file's own terms, if it was asked for so; `number` is then where the text there
        begins.
    """

    doc_id: str
    number: int
    is_line: bool
    named: str | None = None

    def __str__(self) -> str:
        """Return the place as `find_place` reads it."""
        return f"{self.doc_id}:{self.named or ('L' if self.is_line else '') + str(self.number)}"


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands at a place.

    Attributes
    ----------
    place
        Where; of a line in the middle of a sentence, the line that the sentence begins on.
    version
        The version it is in: the columns of `versions`, and `file`.
    sentences
        The sentence there and some before and after it: sentence, paragraph, kind, text, line, start,
        end, place, and `here`, true of the one at the place.
    paragraph
        The paragraph it is in, whole: a row of `show.paragraphs`.
    counterparts
        The other side of each bead of that sentence: lang, text, score, bead (`matches.COUNTERPARTS`).
    snapshot
        Of the workspace.
    """

    place: Place
    version: dict[str, Any]
    sentences: pl.DataFrame
    paragraph: dict[str, Any]
    counterparts: list[dict[str, Any]]
    snapshot: Snapshot


def find_place(workspace: Workspace, name: str) -> Place | None:
    """Read ``DOC:1234`` (an offset), ``DOC:L33`` (a line) or ``DOC:page 3``; None for the name of a document.

    The last is a place in the terms of the document's file, as results give it, or the beginning of one.

    Raises
    ------
    CorpusError
        If there is no such document, or the name is the beginning of several, or there is no such place.
    """
    match = _PLACE.fullmatch(name)
    documents = workspace.scan("documents").filter(pl.col("doc_id") == name)
    if ":" not in name or documents.select(pl.len()).collect().item():
        return None
    if match is not None:
        return Place(find_document(workspace, match["doc"]), int(match["number"]), match["line"] is not None)
    return _named_place(workspace, name)


def _named_place(workspace: Workspace, name: str) -> Place | None:
    """Read a place in the terms of a document's file; None where no document is named before a colon."""
    for colon in re.finditer(":", name):
        doc, place = name[: colon.start()], name[colon.end() :].strip()
        try:
            doc_id = find_document(workspace, doc)
        except CorpusError:
            continue
        sentences = workspace.scan("sentences").filter(
            pl.col("doc_id") == doc_id, pl.col("place").is_not_null()
        )
        places = sentences.sort("start").select("place", "start").collect()
        sought = re.compile(rf"(?:\A|{TO}){re.escape(place)}(?![\w.])", re.IGNORECASE)
        start = next((start for held, start in places.iter_rows() if sought.search(held)), None)
        if start is not None:
            return Place(doc_id, start, is_line=False, named=place)
        if places.is_empty():
            raise CorpusError(f"{doc_id}: a plain text; places in it are {doc_id}:1234 and {doc_id}:L33")
        first, last = places["place"].first(), places["place"].last()
        raise CorpusError(f"{doc_id}: no sentence stands at {place!r}; its places are {first!r} to {last!r}")
    return None


def passage_at(workspace: Workspace, place: Place, *, context: int = 2) -> Passage:
    """Return the sentence at a place, with `context` sentences before and after it.

    On a line where no sentence begins, that is the one that goes on there (`settled`).

    Raises
    ------
    CorpusError
        If no sentence stands there; the message says what does.
    """
    workspace = workspace.pin()
    place = settled(workspace, place)
    sentences = _sentences(workspace, place)
    here = sentences.filter(_stands_there(place)).sort("start").head(1)
    if here.is_empty():
        raise CorpusError(_what_stands_there(workspace, place, sentences))
    key = here.row(0, named=True)
    number, version = key["sentence"], key["version"]
    near = (
        sentences.filter(
            (pl.col("version") == version) & pl.col("sentence").is_between(number - context, number + context)
        )
        .sort("sentence")
        .select(
            "sentence",
            "paragraph",
            "kind",
            "text",
            "line",
            "start",
            "end",
            "place",
            here=pl.col("sentence") == number,
        )
    )
    versions = dated_versions(workspace).filter(
        (pl.col("doc_id") == place.doc_id) & (pl.col("version") == version)
    )
    aligned = counterparts(workspace, here)
    return Passage(
        place=place,
        version=versions.row(0, named=True),
        sentences=near,
        paragraph=paragraphs(workspace, place.doc_id).row(
            by_predicate=(pl.col("version") == version) & (pl.col("paragraph") == key["paragraph"]),
            named=True,
        ),
        counterparts=aligned["counterparts"].to_list()[0] if len(aligned) else [],
        snapshot=snapshot(workspace),
    )


def settled(workspace: Workspace, place: Place) -> Place:
    """Return a place, or if it is a line in the middle of a sentence, the line which that begins on.

    Which sentence goes on over a line is looked up in the file; without it, or if it is not the one that
    was read, the place is returned as it is.
    """
    if not place.is_line:
        return place
    workspace = workspace.pin()
    sentences = _sentences(workspace, place)
    if sentences.filter(_stands_there(place)).height:
        return place
    text = _untouched(workspace, place.doc_id)
    lines = [] if text is None else list(_LINE.finditer(text))
    if not 0 < place.number <= len(lines):
        return place
    start, end = lines[place.number - 1].span("line")
    over = sentences.filter((pl.col("start") < end) & (pl.col("end") > start)).sort("start")
    return place if over.is_empty() else replace(place, number=over["line"][0])


_LINE = re.compile(r"(?P<line>[^\r\n]*)(?:\r\n|\r|\n|\Z)")


def _sentences(workspace: Workspace, place: Place) -> pl.DataFrame:
    return workspace.scan("sentences").filter(pl.col("doc_id") == place.doc_id).collect()


def _untouched(workspace: Workspace, doc_id: str) -> str | None:
    """Return the text that a document's offsets point into, None if its file is gone or not what was read."""
    columns = ("file", "part", "format", "content", "encoding", "seed")
    document = workspace.scan("documents").filter(pl.col("doc_id") == doc_id).select(columns).collect()
    about = document.row(0, named=True)
    if about["file"] is None:
        return None
    beside = seeds_dir().parent if about["seed"] else workspace.path.resolve().parent
    path = beside / about["file"]
    try:
        data = read_place(path)
        if digest(data) != about["content"]:
            return None
        form = about["format"] or TEXT
        if form in PLAIN:
            return decode(data, about["file"], about["encoding"])
        found = extract(data, path, about["encoding"], form)
        return next((item.text for item in found if _holds(item, about["part"])), None)
    except InputError:
        return None


def _holds(item: Extract | AlignedSegments, part: str | None) -> TypeGuard[Extract]:
    """Whether a document is a text, or one of the news items in it, whose offsets are that one's."""
    return isinstance(item, Extract) and (
        item.part in (part, None) or (part or "").startswith(f"{item.part}.")
    )


def _stands_there(place: Place) -> pl.Expr:
    if place.is_line:
        return pl.col("line") == place.number
    return (pl.col("start") <= place.number) & (pl.lit(place.number) < pl.col("end"))


def _what_stands_there(workspace: Workspace, place: Place, sentences: pl.DataFrame) -> str:
    dropped = workspace.scan("dropped").filter((pl.col("doc_id") == place.doc_id) & _stands_there(place))
    left_out = dropped.collect()
    if len(left_out):
        reason = left_out["reason"][0]
        return f"{place}: left out of the text ({reason}); see: `show({place.doc_id!r}, dropped=True)`"
    column = "line" if place.is_line else "start"
    what = "sentence begins on that line" if place.is_line else "sentence stands at that offset"
    before = sentences.filter(pl.col(column) <= place.number).sort(column).tail(1)
    after = sentences.filter(pl.col(column) > place.number).sort(column).head(1)
    mark = "L" if place.is_line else ""
    near = [f"{place.doc_id}:{mark}{row[column]}" for row in (*before.to_dicts(), *after.to_dicts())]
    return f"{place}: no {what}; the nearest: {', '.join(near) or 'none'}"

"""A place in a document, as results name it, and the passage that stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.errors import CorpusError
from corpus.matches import counterparts
from corpus.selection import dated_versions
from corpus.show import find_document, paragraphs
from corpus.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from corpus.workspace import Workspace

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
    """

    doc_id: str
    number: int
    is_line: bool

    def __str__(self) -> str:
        """Return the place as `find_place` reads it."""
        return f"{self.doc_id}:{'L' if self.is_line else ''}{self.number}"


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands at a place.

    Attributes
    ----------
    place
        Where.
    version
        The version it is in: the columns of `versions`, and `file`.
    sentences
        The sentence there and some before and after it: sentence, paragraph, kind, text, line, start,
        end, and `here`, true of the one at the place.
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
    """Read ``DOC:1234`` (an offset) or ``DOC:L33`` (a line); None for the name of a document.

    Raises
    ------
    CorpusError
        If there is no such document, or the name is the beginning of several.
    """
    match = _PLACE.fullmatch(name)
    documents = workspace.scan("documents").filter(pl.col("doc_id") == name)
    if match is None or documents.select(pl.len()).collect().item():
        return None
    return Place(find_document(workspace, match["doc"]), int(match["number"]), match["line"] is not None)


def passage_at(workspace: Workspace, place: Place, *, context: int = 2) -> Passage:
    """Return the sentence at a place, with `context` sentences before and after it.

    Raises
    ------
    CorpusError
        If no sentence stands there; the message says what does.
    """
    workspace = workspace.pin()
    sentences = workspace.scan("sentences").filter(pl.col("doc_id") == place.doc_id).collect()
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
            "sentence", "paragraph", "kind", "text", "line", "start", "end", here=pl.col("sentence") == number
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


def _stands_there(place: Place) -> pl.Expr:
    if place.is_line:
        return pl.col("line") == place.number
    return (pl.col("start") <= place.number) & (pl.lit(place.number) < pl.col("end"))


def _what_stands_there(workspace: Workspace, place: Place, sentences: pl.DataFrame) -> str:
    dropped = workspace.scan("dropped").filter((pl.col("doc_id") == place.doc_id) & _stands_there(place))
    left_out = dropped.collect()
    if len(left_out):
        reason = left_out["reason"][0]
        return f"{place}: left out of the text ({reason}); see: corpus show {place.doc_id} --dropped"
    column = "line" if place.is_line else "start"
    what = "sentence begins on that line" if place.is_line else "sentence stands at that offset"
    before = sentences.filter(pl.col(column) <= place.number).sort(column).tail(1)
    after = sentences.filter(pl.col(column) > place.number).sort(column).head(1)
    mark = "L" if place.is_line else ""
    near = [f"{place.doc_id}:{mark}{row[column]}" for row in (*before.to_dicts(), *after.to_dicts())]
    return f"{place}: no {what}; the nearest: {', '.join(near) or 'none'}"

"""A document to be read side by side: the beads of a pair of versions, a stretch of them at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.documents.bitext import workspace_sides
from corpus.documents.subcorpus import dated_versions
from corpus.store.beads import PAIR, beads_of
from corpus.store.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.documents.bitext import Side
    from corpus.store.schemas import DataType
    from corpus.store.workspace import Workspace

_SENTENCES = pl.List(
    pl.Struct(
        {
            "sentence": pl.Int32,
            "text": pl.String,
            "line": pl.Int32,
            "start": pl.Int64,
            "heading": pl.Boolean,
            "begins": pl.Boolean,
        }
    )
)
_READ: dict[str, DataType] = {
    "number": pl.Int32,
    "score": pl.Float64,
    "flags": pl.List(pl.String),
    "src": _SENTENCES,
    "tgt": _SENTENCES,
}
READ = pl.Schema(_READ)
"""One row a bead, in order: its number, score and flags, and the sentences of both sides.

Of a version that is not aligned, one row a paragraph: `number` is the paragraph's, `score` null, `tgt` empty.
`begins` says that a sentence is the first of its paragraph; `start` is a code-point offset into the file."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two versions side by side, or one alone: a document and the number of its version each.

    Attributes
    ----------
    src, tgt
        Document and version; `tgt` is None where nothing is aligned with `src`.
    src_lang, tgt_lang
        Their languages.
    """

    src: tuple[str, int]
    tgt: tuple[str, int] | None
    src_lang: str
    tgt_lang: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of a document.

    Attributes
    ----------
    doc_id
        The document.
    about
        Its row of the table of documents.
    versions
        All versions of the documents that are read, with what is known of them (`dated_versions`).
    pairs, pair
        What can be put side by side, and which of these is.
    rows
        `READ`.
    first, total
        The place of the first row among all, and how many there are.
    snapshot
        Of the workspace.
    """

    doc_id: str
    about: dict[str, Any]
    versions: tuple[dict[str, Any], ...]
    pairs: tuple[Pairing, ...]
    pair: int
    rows: pl.DataFrame
    first: int
    total: int
    snapshot: Snapshot


def read_stretch(
    workspace: Workspace,
    doc_id: str,
    *,
    pair: int = 0,
    first: int = 0,
    count: int = 100,
    line: int | None = None,
) -> Reading:
    """Return a stretch of a document, side by side with what it is aligned with.

    Parameters
    ----------
    workspace, doc_id
        Where, and which document.
    pair
        Which of `Reading.pairs`; the last there is, if there are fewer.
    first, count
        The place of the first bead, and how many.
    line
        A line of the document's file: the stretch begins a little before the sentence that stands there.
    """
    workspace = workspace.pin()
    beads = beads_of(workspace, [doc_id]).collect().sort(*PAIR, "bead")
    own = pl.col("tgt_doc") == pl.col("doc_id")
    names = (
        beads.select(*PAIR, own=own)
        .unique(maintain_order=True)
        .sort("own", descending=True, maintain_order=True)
    )
    documents = {doc_id, *beads["doc_id"], *beads["tgt_doc"]}
    sides = workspace_sides(workspace, documents)
    dated = dated_versions(workspace).filter(pl.col("doc_id").is_in(sorted(documents)))
    versions = dated.sort("doc_id", "version").to_dicts()
    pairs = [
        Pairing((src, one), (tgt, other), sides[src, one].lang, sides[tgt, other].lang)
        for src, one, tgt, other in names.select(PAIR).iter_rows()
        if (src, one) in sides and (tgt, other) in sides
    ]
    aligned = {side for one in pairs for side in (one.src, one.tgt)}
    pairs += [
        Pairing(key, None, side.lang, None)
        for key, side in sorted(sides.items())
        if key[0] == doc_id and key not in aligned
    ]
    chosen = min(max(pair, 0), len(pairs) - 1)
    rows = _rows(pairs[chosen], beads, sides) if pairs else []
    if line is not None and pairs:
        first = _place_of(line, doc_id, pairs[chosen], rows)
    first = min(max(first, 0), max(len(rows) - 1, 0))
    stretch = pl.DataFrame(rows[first : first + count], schema=READ)
    about = workspace.scan("documents").filter(pl.col("doc_id") == doc_id).collect().row(0, named=True)
    return Reading(
        doc_id, about, tuple(versions), tuple(pairs), max(chosen, 0), stretch, first, len(rows),
        snapshot(workspace),
    )  # fmt: skip


_BEFORE = 3  # beads shown before the one that is looked for


def _place_of(line: int, doc_id: str, pair: Pairing, rows: Sequence[dict[str, Any]]) -> int:
    """Return the place of the row a little before the one with the last sentence up to a line."""
    names = [name for name, key in (("src", pair.src), ("tgt", pair.tgt)) if key and key[0] == doc_id]
    best, found = -1, 0
    for place, row in enumerate(rows):
        for sentence in [one for name in names for one in row[name]]:
            if best < sentence["line"] <= line:
                best, found = sentence["line"], place
    return max(0, found - _BEFORE)


def _rows(pair: Pairing, beads: pl.DataFrame, sides: dict[tuple[str, int], Side]) -> list[dict[str, Any]]:
    src = sides[pair.src]
    if pair.tgt is None:
        return _paragraphs(src)
    tgt = sides[pair.tgt]
    own = beads.filter(
        (pl.col("doc_id") == pair.src[0])
        & (pl.col("src_version") == pair.src[1])
        & (pl.col("tgt_doc") == pair.tgt[0])
        & (pl.col("tgt_version") == pair.tgt[1])
    )
    columns = ("bead", "score", "flags", "src_ids", "tgt_ids")
    return [
        {"number": number, "score": score, "flags": flags, "src": _of(src, ids), "tgt": _of(tgt, others)}
        for number, score, flags, ids, others in own.select(columns).iter_rows()
    ]


def _of(side: Side, ids: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "sentence": k,
            "text": side.sentences[k],
            "line": side.spans[k][0],
            "start": side.spans[k][1],
            "heading": side.headings[k],
            "begins": k == 0 or side.paragraphs[k] != side.paragraphs[k - 1],
        }
        for k in ids
    ]


def _paragraphs(side: Side) -> list[dict[str, Any]]:
    held: dict[int, list[int]] = {}
    for k, paragraph in enumerate(side.paragraphs):
        held.setdefault(paragraph, []).append(k)
    return [
        {"number": number, "score": None, "flags": [], "src": _of(side, ids), "tgt": []}
        for number, ids in held.items()
    ]

"""The table of aligned pairs: beads with the text of both sides and its provenance, and its TSV form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

import align
from corpus.base.errors import CorpusError
from corpus.documents.bitext import Side, workspace_sides
from corpus.store.beads import PAIR, beads_of, scan_beads
from corpus.store.schemas import PROVENANCE, DataType
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from align import Bead
    from corpus.store.workspace import Workspace


_PAIR: dict[str, DataType] = {
    "doc_id": pl.String,
    "date": pl.String,
    "src_lang": pl.String,
    "tgt_lang": pl.String,
    "src": pl.String,
    "tgt": pl.String,
    "score": pl.Float64,
    "bead": pl.String,
    "src_ids": pl.List(pl.Int32),
    "tgt_ids": pl.List(pl.Int32),
    "flags": pl.List(pl.String),
}
PAIRS = pl.Schema(
    _PAIR
    | {"tgt_doc": pl.String}
    | {f"{side}_{name}": kind for side in ("src", "tgt") for name, kind in PROVENANCE.items()}
)
"""Aligned pairs, one row a bead, null beads included.

`date` is the source side's, or of what is linked else the target's, null where unknown; `src` and `tgt` the
text of the bead's sentences; `bead` like ``2:1``; `src_ids`, `tgt_ids` zero-based sentence numbers; the
`src_…` and `tgt_…` columns the provenance of each side, with code-point offsets into its file. `doc_id` is
the document of the source side and `tgt_doc` that of the target: the same, or one that is linked with it."""

COLUMNS = tuple(_PAIR)
"""The columns of a TSV file unless others are asked for."""


def pair_rows(
    doc_id: str, src: Side, tgt: Side, beads: Iterable[Bead], *, tgt_doc: str | None = None
) -> list[dict[str, Any]]:
    """Return the rows of `PAIRS` for the beads of two sides, of one document or of two."""
    rows = []
    for bead in beads:
        row: dict[str, Any] = {
            "doc_id": doc_id,
            "date": src.about.get("date"),
            "src_lang": src.lang,
            "tgt_lang": tgt.lang,
            "score": bead.score,
            "bead": f"{len(bead.src)}:{len(bead.tgt)}",
            "src_ids": list(bead.src),
            "tgt_ids": list(bead.tgt),
            "flags": list(bead.flags),
            "tgt_doc": tgt_doc or doc_id,
        }
        for name, side, ids in (("src", src, bead.src), ("tgt", tgt, bead.tgt)):
            row[name] = passage_text(
                [side.sentences[i] for i in ids], [side.paragraphs[i] for i in ids], side.lang
            )
            row |= {f"{name}_{key}": side.about.get(key) for key in PROVENANCE}
            if ids:
                line, start, _ = side.spans[ids[0]]
                row |= {f"{name}_line": line, f"{name}_start": start, f"{name}_end": side.spans[ids[-1]][2]}
                row[f"{name}_place"] = side.places[ids[0]] if side.places else None
        rows.append(row)
    return rows


def pairs_frame(doc_id: str, src: Side, tgt: Side, beads: Iterable[Bead]) -> pl.DataFrame:
    """Return the beads of two sides as a table (`PAIRS`)."""
    return pl.DataFrame(pair_rows(doc_id, src, tgt, beads), schema=PAIRS)


def without_nulls(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that have text on both sides."""
    return pairs.filter((pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0))


def unpaired(pairs: pl.DataFrame) -> str:
    """Say how many sentences of each side are in no pair; empty where all are, or null beads were left out.

    Parameters
    ----------
    pairs
        With the columns ``src_ids`` and ``tgt_ids``, null beads included.
    """
    told = []
    for side, other, called in (("src_ids", "tgt_ids", "source"), ("tgt_ids", "src_ids", "target")):
        count = int(pairs[side].list.len().sum())
        alone = int(pairs.filter(pl.col(other).list.len() == 0)[side].list.len().sum())
        if alone:
            told.append(f"{alone} of {count} {called} sentences unpaired")
    return "".join(f"; {one}" for one in told)


def chosen(pairs: pl.DataFrame, columns: Sequence[str], *, nulls: bool) -> pl.DataFrame:
    """Return some columns of pairs, with or without null beads.

    Raises
    ------
    CorpusError
        If there is no such column, or one is named twice.
    """
    if len(set(columns)) < len(columns):
        raise CorpusError(f"a column is named twice: {', '.join(columns)}")
    if unknown := [column for column in columns if column not in pairs.columns]:
        raise CorpusError(f"no column {', '.join(unknown)}; there are {', '.join(pairs.columns)}")
    return (pairs if nulls else without_nulls(pairs)).select(columns)


def workspace_pairs(workspace: Workspace, doc_ids: Iterable[str] | None = None) -> pl.DataFrame:
    """Return the pairs that a workspace's documents, or some of them, were aligned to (`PAIRS`).

    Of a document that is linked, those with the other documents are among them.
    """
    return numbered_pairs(workspace, doc_ids).drop("number")


def numbered_pairs(workspace: Workspace, doc_ids: Iterable[str] | None = None) -> pl.DataFrame:
    """Return `workspace_pairs`, before them the column `number`: that of the bead in the table of beads."""
    workspace = workspace.pin()
    table = scan_beads(workspace) if doc_ids is None else beads_of(workspace, doc_ids)
    # A document's own versions before what it is linked with.
    own = pl.col("tgt_doc") != pl.col("doc_id")
    beads = table.collect().sort("doc_id", own, "tgt_doc", "src_version", "tgt_version", "bead")
    sides = workspace_sides(workspace, {*beads["doc_id"].unique(), *beads["tgt_doc"].unique()})
    rows: list[dict[str, Any]] = []
    for (doc_id, src, tgt_doc, tgt), group in beads.group_by(PAIR, maintain_order=True):
        made = [
            align.Bead(tuple(src_ids), tuple(tgt_ids), score, tuple(flags))
            for src_ids, tgt_ids, score, flags in group.select(
                "src_ids", "tgt_ids", "score", "flags"
            ).iter_rows()
        ]
        pair = sides[str(doc_id), int(src)], sides[str(tgt_doc), int(tgt)]
        numbered = pair_rows(str(doc_id), *pair, made, tgt_doc=str(tgt_doc))
        if doc_id != tgt_doc:  # whichever of the two is dated
            numbered = [row | {"date": row["date"] or row["tgt_date"]} for row in numbered]
        rows += [row | {"number": number} for number, row in zip(group["bead"], numbered, strict=True)]
    return pl.DataFrame(rows, schema={"number": pl.Int32, **PAIRS})

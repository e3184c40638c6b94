"""The table of aligned pairs: beads with the text of both sides and its provenance, and its TSV form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

import align
from align.beads import other_reading
from corpus.base.errors import CorpusError
from corpus.documents.bitext import Side, workspace_sides
from corpus.store.beads import PAIR, beads_of, scan_beads
from corpus.store.schemas import PROVENANCE, DataType
from corpus.text.joining import passage_text, segment_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    | dict.fromkeys(("tgt_doc", "aligner", "src_segments", "tgt_segments"), pl.String)
    | {f"{side}_{name}": kind for side in ("src", "tgt") for name, kind in PROVENANCE.items()}
)
"""Aligned pairs, one row a bead, null beads included.

`date` is the source side's, or of what is linked else the target's, null where unknown; `src` and `tgt` the
text of the bead's sentences; `bead` like ``2:1``; `src_ids`, `tgt_ids` zero-based sentence numbers; the
`src_…` and `tgt_…` columns the provenance of each side, with code-point offsets into its file. `doc_id` is
the document of the source side and `tgt_doc` that of the target: the same, or one that is linked with it.
`aligner` is what made the bead, ``imported`` of one that came in with its document, null of files that are in
no workspace. `src_segments` and `tgt_segments` say where the sentences stand in `src` and `tgt`
(`corpus.text.joining.segment_spans`)."""

COLUMNS = tuple(_PAIR)
"""The columns of a TSV file unless others are asked for."""

NUMBERED = pl.Schema(dict(PAIRS.items()) | dict.fromkeys(("number", "src_version", "tgt_version"), pl.Int32))
"""`PAIRS`, and which beads and versions they are.

`number` is a bead's number in the table of beads, `src_version` and `tgt_version` the versions of `doc_id`
and `tgt_doc` that it is of."""


class Bitext(NamedTuple):
    """Two versions that are aligned with each other.

    Attributes
    ----------
    doc_id, src_version
        Document and version of the source side.
    tgt_doc, tgt_version
        Those of the target side: of the same document, or of one that is linked with it.
    src, tgt
        The sides, each with all its sentences.
    pairs
        Their beads in order (`PairBatch.pairs`), null beads among them.
    """

    doc_id: str
    src_version: int
    tgt_doc: str
    tgt_version: int
    src: Side
    tgt: Side
    pairs: pl.DataFrame


@dataclass(frozen=True, slots=True)
class PairBatch:
    """The pairs of some documents, and the texts they are of: as much as is held in memory at a time.

    Attributes
    ----------
    pairs
        `NUMBERED`, and perhaps columns besides, such as `review`. Null beads are among them. The beads of two
        versions stand together and in order, and are in one batch.
    sides
        The versions, by document and number. A bitext has source and target as `pairs` has them, whichever
        was the original.
    part
        What the documents were drawn for, such as ``train``; empty where nothing is parted.
    """

    pairs: pl.DataFrame
    sides: Mapping[tuple[str, int], Side]
    part: str = ""

    def bitexts(self) -> Iterator[Bitext]:
        """Yield the pairs of versions, each with its beads."""
        for (doc_id, src, tgt_doc, tgt), group in self.pairs.group_by(PAIR, maintain_order=True):
            one, other = (str(doc_id), int(src)), (str(tgt_doc), int(tgt))
            yield Bitext(*one, *other, self.sides[one], self.sides[other], group)


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
            row[f"{name}_segments"] = segment_spans(row[name], ids, side.sentences)
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


def pair_batch(doc_id: str, src: Side, tgt: Side, beads: Iterable[Bead]) -> PairBatch:
    """Return the beads of two sides that are in no workspace: versions 0 and 1 of one document."""
    pairs = pairs_frame(doc_id, src, tgt, beads).with_row_index("number")
    numbers = (pl.col("number"), pl.lit(0).alias("src_version"), pl.lit(1).alias("tgt_version"))
    rows = pairs.with_columns(one.cast(pl.Int32) for one in numbers)
    return PairBatch(rows.select(NUMBERED.names()), {(doc_id, 0): src, (doc_id, 1): tgt})


def without_nulls(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that have text on both sides."""
    return pairs.filter((pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0))


@dataclass(slots=True)
class PairCounts:
    """How much there is in pairs.

    Attributes
    ----------
    pairs
        Beads with text on both sides.
    sentences, alone
        Sentences of the source and of the target, and how many of them are in no pair.
    """

    pairs: int = 0
    sentences: tuple[int, int] = (0, 0)
    alone: tuple[int, int] = (0, 0)

    def add(self, pairs: pl.DataFrame) -> None:
        """Count some more.

        Parameters
        ----------
        pairs
            With the columns ``src_ids`` and ``tgt_ids``, null beads included.
        """
        src, tgt = (pl.col(name).list.len().cast(pl.Int64) for name in ("src_ids", "tgt_ids"))
        counted = pairs.select(
            ((src > 0) & (tgt > 0)).sum(),
            src=src.sum(), tgt=tgt.sum(),
            src_alone=src.filter(tgt == 0).sum(), tgt_alone=tgt.filter(src == 0).sum(),
        ).row(0)  # fmt: skip
        self.pairs += counted[0]
        self.sentences = self.sentences[0] + counted[1], self.sentences[1] + counted[2]
        self.alone = self.alone[0] + counted[3], self.alone[1] + counted[4]

    def merge(self, other: PairCounts) -> None:
        """Add what was counted elsewhere."""
        self.pairs += other.pairs
        self.sentences = self.sentences[0] + other.sentences[0], self.sentences[1] + other.sentences[1]
        self.alone = self.alone[0] + other.alone[0], self.alone[1] + other.alone[1]

    def unpaired(self) -> str:
        """Say how many sentences of each side are in no pair; empty where all are, or nulls were left out."""
        called = zip(self.alone, self.sentences, ("source", "target"), strict=True)
        return "".join(
            f"; {alone} of {count} {side} sentences unpaired" for alone, count, side in called if alone
        )


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
    return all_pairs(workspace, doc_ids).pairs.select("number", *PAIRS.names())


def all_pairs(workspace: Workspace, doc_ids: Iterable[str] | None = None) -> PairBatch:
    """Return all pairs at once, or those of some documents with any document, and their texts."""
    workspace = workspace.pin()
    return _batch(workspace, scan_beads(workspace) if doc_ids is None else beads_of(workspace, doc_ids))


def pair_batches(
    workspace: Workspace, doc_ids: Iterable[str] | None = None, *, size: int = 20_000
) -> Iterator[PairBatch]:
    """Yield the pairs that a workspace's documents were aligned to, some documents at a time.

    Parameters
    ----------
    workspace
        Pinned, if it is to be read a second time.
    doc_ids
        Documents of source sides; None for all.
    size
        How many beads a batch has, about: those of a document stay together.
    """
    workspace = workspace.pin()
    counts = workspace.scan("beads").group_by("doc_id").len().collect().sort("doc_id")
    if doc_ids is not None:
        counts = counts.filter(pl.col("doc_id").is_in(pl.Series(list(doc_ids), dtype=pl.String).implode()))
    ends = counts.select(batch=(pl.col("len").cum_sum() - 1) // size)
    for part in counts.with_columns(ends).partition_by("batch", maintain_order=True):
        ids = part["doc_id"].implode()
        yield _batch(workspace, scan_beads(workspace).filter(pl.col("doc_id").is_in(ids)))


def _batch(workspace: Workspace, table: pl.LazyFrame) -> PairBatch:
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
        versions = {"src_version": src, "tgt_version": tgt}
        for number, aligner, row in zip(group["bead"], group["aligner"], numbered, strict=True):
            # Of what is linked, whichever of the two is dated.
            date = row["date"] if doc_id == tgt_doc else row["date"] or row["tgt_date"]
            rows.append(row | versions | {"number": number, "aligner": aligner, "date": date})
    return PairBatch(pl.DataFrame(rows, schema=NUMBERED), sides)


def other_readings(pairs: pl.DataFrame) -> pl.Series:
    """Return what each bead of a document could as well be, ``6:6; 7:7``, null where it is not tied.

    Parameters
    ----------
    pairs
        All of its pairs, in order.

    Returns
    -------
    polars.Series
        Of the name `other`.
    """
    told: list[str | None] = [None] * len(pairs)
    sides = pairs.select("src_ids", "tgt_ids", "flags").iter_rows()
    beads = [align.Bead(tuple(src), tuple(tgt), flags=tuple(flags)) for src, tgt, flags in sides]
    for number in range(len(beads)):
        if (reading := other_reading(beads, number)) is not None:
            ids = [[",".join(map(str, side)) for side in (bead.src, bead.tgt)] for bead in reading[1]]
            told[number] = "; ".join(map(":".join, ids))
    return pl.Series("other", told, dtype=pl.String)

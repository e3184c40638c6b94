"""The table of aligned pairs: beads with the text of both sides and its provenance, and its TSV form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import CorpusError
from corpus.store.schemas import SIDE, DataType, schema
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from align import Bead


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
_PROVENANCE = {f"{side}_{name}": kind for side in ("src", "tgt") for name, kind in SIDE.items()}

PAIRS = schema(_PAIR | _PROVENANCE)
"""Aligned pairs, one row a bead, null beads included.

`date` is the source side's, null where that is unknown; `src` and `tgt` the text of the
bead's sentences; `bead` like ``2:1``; `src_ids`, `tgt_ids` zero-based sentence numbers; the `src_…` and
`tgt_…` columns the provenance of each side, with code-point offsets into its file."""

COLUMNS = (
    "doc_id",
    "date",
    "src_lang",
    "tgt_lang",
    "src",
    "tgt",
    "score",
    "bead",
    "src_ids",
    "tgt_ids",
    "flags",
)
"""The columns of a TSV file unless others are asked for."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an alignment: the sentences of a version.

    Attributes
    ----------
    lang
        ISO 639-1 code, or ``und``.
    sentences
        Their texts.
    spans
        Line, start and end of each in its file.
    paragraphs
        Number of the paragraph or heading each is in.
    headings
        Whether each is a heading.
    about
        The version's provenance, by the names of `tables.SCHEMAS["versions"]`, and its file.
    """

    lang: str
    sentences: Sequence[str]
    spans: Sequence[tuple[int, int, int]]
    paragraphs: Sequence[int]
    headings: Sequence[bool]
    about: dict[str, Any]

    def units(self) -> list[int]:
        """Return the paragraph of each sentence as the aligner counts them: headings in a row are one."""
        numbers: list[int] = []
        for place, paragraph in enumerate(self.paragraphs):
            goes_on = place > 0 and (
                paragraph == self.paragraphs[place - 1] or (self.headings[place] and self.headings[place - 1])
            )
            numbers.append(numbers[-1] + (not goes_on) if numbers else 0)
        return numbers


def pair_rows(doc_id: str, src: Side, tgt: Side, beads: Iterable[Bead]) -> list[dict[str, Any]]:
    """Return the rows of `PAIRS` for the beads of two sides."""
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
        }
        for name, side, ids in (("src", src, bead.src), ("tgt", tgt, bead.tgt)):
            row[name] = passage_text(
                [side.sentences[i] for i in ids], [side.paragraphs[i] for i in ids], side.lang
            )
            row |= {f"{name}_{key}": side.about.get(key) for key in SIDE}
            if ids:
                line, start, _ = side.spans[ids[0]]
                row |= {f"{name}_line": line, f"{name}_start": start, f"{name}_end": side.spans[ids[-1]][2]}
        rows.append(row)
    return rows


def pairs_frame(doc_id: str, src: Side, tgt: Side, beads: Iterable[Bead]) -> pl.DataFrame:
    """Return the beads of two sides as a table (`PAIRS`)."""
    return pl.DataFrame(pair_rows(doc_id, src, tgt, beads), schema=PAIRS)


def without_nulls(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that have text on both sides."""
    return pairs.filter((pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0))


def to_tsv(
    pairs: pl.DataFrame, *, columns: Sequence[str] = COLUMNS, header: bool = True, nulls: bool = False
) -> str:
    """Write pairs as tab-separated values: UTF-8 text, LF, no quoting.

    Tabs and line breaks in text are spaces, unknown values empty, scores have four decimals, sentence
    ids are separated by spaces and flags by commas.

    Parameters
    ----------
    pairs
        `PAIRS`, and perhaps columns besides, such as `review` (`corpus.quality.reviews.with_verdicts`).
    columns
        Which, and in which order.
    header
        Whether the first line names the columns.
    nulls
        Whether to write null beads.

    Raises
    ------
    CorpusError
        If there is no such column.
    """
    if len(set(columns)) < len(columns):
        msg = f"a column is named twice: {', '.join(columns)}"
        raise CorpusError(msg)
    if unknown := [column for column in columns if column not in pairs.columns]:
        msg = f"no column {', '.join(unknown)}; there are {', '.join(pairs.columns)}"
        raise CorpusError(msg)
    if not nulls:
        pairs = without_nulls(pairs)
    written = pairs.select(
        pl.col("score").map_elements(lambda score: f"{score:.4f}", return_dtype=pl.String)
        if column == "score"
        else pl.col(column).cast(pl.List(pl.String)).list.join("," if column == "flags" else " ")
        if isinstance(pairs.schema[column], pl.List)
        else pl.col(column)
        .cast(pl.String)
        .str.replace_all(r"[\t\r\n\x0b\x0c\x{85}\x{2028}\x{2029}]+", " ")
        .fill_null("")
        for column in columns
    )
    lines = ["\t".join(columns)] if header else []
    lines += ["\t".join(row) for row in written.iter_rows()]
    return "".join(f"{line}\n" for line in lines)

"""Any table as tab-separated values: UTF-8 text, LF, no quoting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.documents.pairs import COLUMNS, chosen
from corpus.writers.output import encoded
from corpus.writers.records import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from corpus.documents.pairs import PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

IDS = (
    "doc_id", "tgt_doc", "src_lang", "tgt_lang", "bead", "src_ids", "tgt_ids", "score", "flags",
    "src_file", "src_start", "src_end", "tgt_file", "tgt_start", "tgt_end",
)  # fmt: skip
"""What tells where pairs are without repeating them: who has the files has the texts."""

_BREAKS = r"[\t\r\n\x0b\x0c\x{85}\x{2028}\x{2029}]+"


def frame_tsv(frame: pl.DataFrame) -> str:
    """Write a table as TSV.

    Tabs and line breaks in text are spaces, unknown values empty, numbers that are no integers have up
    to six significant digits, lists are separated by `` | ``, and the parts of a list's item by ``: ``.
    """
    columns = [_text(frame[name]) for name in frame.columns]
    lines = ["\t".join(frame.columns)]
    lines += ["\t".join(row) for row in zip(*columns, strict=True)]
    return "".join(f"{line}\n" for line in lines)


def flattened(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with nested columns as the texts that `frame_tsv` writes."""
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    texts = [pl.Series(name, list(_text(frame[name])), dtype=pl.String) for name in nested]
    return pl.DataFrame(frame).with_columns(texts)


def stating(rows: pl.DataFrame, about: Mapping[str, Any], *, beads: bool = False) -> pl.DataFrame:
    """Append to a table what it takes to check a figure of it, the same in each row.

    A table is passed on without the command that made it; JSON says this once.

    Parameters
    ----------
    rows
        The table, which has no column called like one of these.
    about
        What the JSON of the same result says: of `pattern`, `forms` (what was looked for), `once` and
        `snapshot` (`corpus.store.snapshot.Snapshot.to_dict`) what there is; anything else is left aside.
    beads
        Whether the figures rest on what is aligned, too.

    Returns
    -------
    polars.DataFrame
        With `pattern`, `forms` (separated by `` | ``), `once` and `snapshot` last, of which the latter is
        like ``texts 86d51a2655e5 beads 3c839507700e``.
    """
    stated = {name: about[name] for name in ("pattern", "forms", "once") if name in about}
    if "forms" in stated:
        stated["forms"] = " | ".join(stated["forms"])
    if "snapshot" in about:
        parts = ("texts", "beads") if beads else ("texts",)
        stated["snapshot"] = " ".join(
            f"{part} {about['snapshot'][part]}" for part in parts if about["snapshot"][part]
        )
    kinds = {"once": pl.Boolean}
    return rows.with_columns(
        pl.lit(value, dtype=kinds.get(name, pl.String)).alias(name) for name, value in stated.items()
    )


def _text(column: pl.Series) -> Iterable[str]:
    if column.dtype.is_float():
        return ["" if value is None else f"{value:.6g}" for value in column]
    if isinstance(column.dtype, pl.List):
        column = pl.Series([_joined(items) for items in column.to_list()], dtype=pl.String)
    return column.cast(pl.String).str.replace_all(_BREAKS, " ").fill_null("")


def _joined(items: list[object] | None) -> str | None:
    if items is None:
        return None
    parts = (
        ": ".join(map(_plain, item.values())) if isinstance(item, dict) else _plain(item) for item in items
    )
    return " | ".join(parts)


def _plain(value: object) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def plain(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with lists as texts: sentence numbers separated by spaces, flags by commas."""
    return pairs.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join("," if name == "flags" else " ")
        for name, kind in pairs.schema.items()
        if isinstance(kind, pl.List)
    )


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
    written = plain(chosen(pairs, columns, nulls=nulls)).select(
        pl.col(column).map_elements(lambda score: f"{score:.4f}", return_dtype=pl.String).fill_null("")
        if column == "score"
        else pl.col(column).cast(pl.String).str.replace_all(_BREAKS, " ").fill_null("")
        for column in columns
    )
    lines = ["\t".join(columns)] if header else []
    lines += ["\t".join(row) for row in written.iter_rows()]
    return "".join(f"{line}\n" for line in lines)


def write_tsv(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as `to_tsv` has them."""
    columns = columns_of(options, COLUMNS if options.text else IDS)
    header = options.header
    with out.open() as file:
        for batch in batches:
            file.write(encoded(to_tsv(batch.pairs, columns=columns, header=header, nulls=options.nulls)))
            header = False


def write_ids(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write numbers, places and scores, and no text."""
    write_tsv(batches, out, replace(options, text=False))

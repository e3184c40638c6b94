"""Pairs as JSON: an array of objects, or an object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from corpus.documents.pairs import PAIRS, chosen
from corpus.writers.output import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from corpus.documents.pairs import PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

TEXTS = ("src", "tgt", "src_title", "tgt_title")
"""The columns that hold text: what is left out where texts may not be passed on."""


def columns_of(options: WriteOptions, usual: Sequence[str]) -> list[str]:
    """Return the columns that are asked for, else the usual ones; no texts if none may be written."""
    names = options.columns or usual
    return [name for name in names if options.text or name not in TEXTS]


def written_score(score: float | None) -> str:
    """Return a score with four decimals; nothing for a bead that came in without one."""
    return "" if score is None else f"{score:.4f}"


def write_json(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as an array of objects, with all their columns unless some are named."""
    with out.open() as file:
        before = b"["
        for row in _rows(batches, options):
            text = json.dumps(row, ensure_ascii=False, indent=2, default=str)
            file.write(before + encoded("\n" + "\n".join(f"  {line}" for line in text.split("\n"))))
            before = b","
        file.write(b"[]\n" if before == b"[" else b"\n]\n")


def write_jsonl(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as an object a line, with all their columns unless some are named."""
    with out.open() as file:
        for row in _rows(batches, options):
            file.write(encoded(json.dumps(row, ensure_ascii=False, default=str) + "\n"))


def _rows(batches: Iterable[PairBatch], options: WriteOptions) -> Iterator[dict[str, Any]]:
    columns = columns_of(options, PAIRS.names())
    for batch in batches:
        yield from chosen(batch.pairs, columns, nulls=options.nulls).iter_rows(named=True)

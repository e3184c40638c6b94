"""A table as a sheet of a spreadsheet (.xlsx): texts as texts, and long ones broken into lines."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.pairs import chosen, without_nulls
from corpus.writers.output import xml_text
from corpus.writers.tsv import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_MOST = 32_767  # characters of a cell, of UTF-16


def frame_xlsx(frame: pl.DataFrame, widths: Mapping[str, int]) -> bytes:
    """Write a table as the one sheet of a spreadsheet, the first row of which stays in sight.

    Parameters
    ----------
    frame
        Of texts and numbers; unknown values are empty cells. No text is taken for a formula, a link or a
        number.
    widths
        Of columns, in characters; others have the usual one.

    Raises
    ------
    ValueError
        If a text is longer than a cell may be.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        heading = book.add_format({"bold": True})
        for column, name in enumerate(frame.columns):
            sheet.set_column(column, column, widths.get(name, 9), wrapped)
            sheet.write_string(0, column, name, heading)
            for row, value in enumerate(frame[name].to_list(), start=1):
                if isinstance(value, str):
                    if len(value.encode("utf-16-le")) // 2 > _MOST:
                        raise ValueError(f"row {row + 1}: a text of {len(value)} characters is too long")
                    sheet.write_string(row, column, value, wrapped)
                elif value is not None:
                    sheet.write_number(row, column, value, wrapped)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


_REVIEWED = (
    "right", "number", "src", "tgt", "note", "score", "flags", "src_ids", "tgt_ids", "doc_id", "langs", "key",
)  # fmt: skip
"""The columns of a table of beads to be reviewed: `corpus.quality.bead_tables` reads them again."""

_WIDTHS = {"src": 60, "tgt": 60, "note": 24, "doc_id": 20, "flags": 16, "key": 14} | dict.fromkeys(
    ("right", "number", "score"), 8
)
_COLOURS = {"type": "3_color_scale"} | {
    f"{point}_{name}": value
    for point, at, colour in (("min", 0, "#F4B6B0"), ("mid", 0.6, "#FBE7A8"), ("max", 1, "#B9DFB6"))
    for name, value in (("type", "num"), ("value", at), ("color", colour))
}
_CHOICE = {
    "validate": "list",
    "source": ["1", "0"],
    "error_type": "warning",  # a word or a tick is understood, too
    "input_title": "Is the pair right?",
    "input_message": "1 for right, 0 for wrong",
}
_LAST_ROW = 1_048_576
_MARKS = {"set": "1", "right": "1", "wrong": "0"}


def write_xlsx(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write pairs as a spreadsheet for reviewers, row by row.

    The heading stays in sight, columns have filters, scores are coloured from red (0) to green (1). Without
    other columns it is a table of beads: `right` is to be marked with 1 or 0, sentences may be moved between
    cells, and ``corpus review FILE.xlsx`` takes it again. No text is taken for a formula, a link or a number.

    Raises
    ------
    CorpusError
        If a text is longer than a cell may be, or there are more rows than a sheet may have.
    """
    import xlsxwriter

    columns = options.columns or _REVIEWED
    made = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with out.open() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, **made})
        try:
            last = _fill(book, batches, columns, options)
        except BaseException:
            book.fileclosed = True  # nothing is to be written any more, and nothing to be warned of
            raise
        sheet = book.worksheets()[0]
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)
        if "score" in columns and last:
            at = columns.index("score")
            sheet.conditional_format(1, at, last, at, _COLOURS)
        if "right" in columns and last:
            at = columns.index("right")
            sheet.data_validation(1, at, last, at, _CHOICE)
        book.set_properties({"title": options.title, "comments": _comments(options)})
        book.close()


def _comments(options: WriteOptions) -> str:
    return "; ".join([options.tool, *(f"{name}: {said}" for name, said in options.about.items())])


def _fill(book: Any, batches: Iterable[PairBatch], columns: Sequence[str], options: WriteOptions) -> int:  # noqa: ANN401
    """Write heading and rows; return the number of the last row, the heading being 0."""
    sheet = book.add_worksheet("pairs")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    score = book.add_format({"valign": "top", "num_format": "0.00"})
    heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
    for at, name in enumerate(columns):
        sheet.set_column(at, at, _WIDTHS.get(name, 12), wrapped)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, heading)
    at_row = 0
    for row in _cells(batches, columns, options):
        at_row += 1
        if at_row >= _LAST_ROW:
            raise CorpusError(
                f"more than {_LAST_ROW - 1:,} rows, the most of a sheet: choose fewer, or write a .csv"
            )
        for at, value in enumerate(row):
            if isinstance(value, str):
                if len(value.encode("utf-16-le", "surrogatepass")) // 2 > _MOST:
                    raise CorpusError(
                        f"row {at_row + 1}: {len(value)} characters are too many for a cell: write a .csv"
                    )
                sheet.write_string(at_row, at, xml_text(value), wrapped)
            elif value is not None:
                sheet.write_number(at_row, at, value, score if columns[at] == "score" else wrapped)
    return at_row


def _cells(
    batches: Iterable[PairBatch], columns: Sequence[str], options: WriteOptions
) -> Iterator[Sequence[Any]]:
    for batch in batches:
        if columns != _REVIEWED:
            yield from plain(chosen(batch.pairs, columns, nulls=options.nulls)).iter_rows()
            continue
        for bitext in batch.bitexts():
            yield from _reviewed(bitext, options)


def _reviewed(bitext: Bitext, options: WriteOptions) -> Iterator[Sequence[Any]]:
    """Yield the rows of a table of beads: a line a sentence in a cell, so that it is seen where to cut."""
    langs = f"{bitext.src.lang}-{bitext.tgt.lang}"
    if bitext.tgt_doc != bitext.doc_id:
        langs += f" {bitext.tgt_doc}"
    pairs = bitext.pairs if options.nulls else without_nulls(bitext.pairs)
    for row in pairs.with_columns(pl.col("score").round(4)).iter_rows(named=True):
        src, tgt = (
            "\n".join(" ".join(side.sentences[k].split()) for k in row[ids])
            for side, ids in ((bitext.src, "src_ids"), (bitext.tgt, "tgt_ids"))
        )
        yield (
            _MARKS.get(row.get("review") or "", ""), row["number"], src, tgt, row.get("note") or "",
            row["score"], ",".join(row["flags"]), " ".join(map(str, row["src_ids"])),
            " ".join(map(str, row["tgt_ids"])), bitext.doc_id, langs, row.get("key") or "",
        )  # fmt: skip

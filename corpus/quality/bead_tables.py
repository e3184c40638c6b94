"""A document's beads as a table to be edited: rows joined, cells moved, beads marked; and read again.

Sentences are told by their texts, which a table is about, not by numbers, which nobody moves along: each
side's cells are looked for in the order of the rows. What is no run of whole sentences in that order is not
understood, and nothing is changed of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from align import Bead
from corpus.alignment.constraints import runs_of
from corpus.base.errors import CorpusError, InputError
from corpus.base.formulas import guarded
from corpus.quality.bead_specs import aligned_pairs
from corpus.quality.corrections import put_beads
from corpus.quality.judgement_tables import COLUMN, read_mark, read_rows
from corpus.quality.review_store import TABLE, review_id
from corpus.quality.reviews import Recorded, Review, record, unquoted
from corpus.store.beads import PAIR, beads_of
from corpus.writers.tsv import frame_tsv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.documents.bitext import Side
    from corpus.quality.bead_specs import AlignedPair
    from corpus.store.workspace import Workspace

KEY = "key"
"""The column by which a table of beads is known: a digest of what the row was when it was written."""

COLUMNS = (
    COLUMN, "number", "src", "tgt", "note", "score", "flags", "src_ids", "tgt_ids", "doc_id", "langs", KEY,
)  # fmt: skip
"""The columns of a table of beads. `right`, `src`, `tgt` and `note` are there to be edited."""

_WIDTHS = {"src": 60, "tgt": 60, "note": 24, "flags": 16, "number": 8, "score": 8, COLUMN: 8}
_NEEDED = ("src", "tgt", "doc_id", "langs", KEY)


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not understood.

    Attributes
    ----------
    row
        Its number in the file, the heading being row 1.
    column
        The cell.
    why
        What is the matter with it.
    """

    row: int
    column: str
    why: str


@dataclass(slots=True)
class Taken:
    """What became of a table.

    Attributes
    ----------
    set
        Beads that were set, by document: ``003_…: 3,4:5``.
    undone
        Beads that were set before, and are not any more.
    verdicts
        What became of the marks.
    problems
        Rows that were not understood.
    missing
        How many sentences of the documents are in no row that was understood: they are left as they were.
    """

    set: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    verdicts: Recorded = field(default_factory=Recorded)
    problems: list[Problem] = field(default_factory=list)
    missing: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that was understood."""

    number: int
    cells: dict[str, str]
    bead: Bead


def bead_table(workspace: Workspace, doc_id: str, *, separator: str = " ") -> pl.DataFrame:
    """Return a document's beads as a table to be edited (`COLUMNS`).

    Parameters
    ----------
    workspace, doc_id
        Where, and of which document.
    separator
        Put between two sentences of a cell, so that it is seen where it can be cut.

    Raises
    ------
    CorpusError
        If the document is not aligned.
    """
    workspace = workspace.pin()
    scored = beads_of(workspace, [doc_id]).collect()
    known = {row["review"]: row for row in workspace.table(TABLE).iter_rows(named=True)}
    rows: list[dict[str, Any]] = []
    for pair in aligned_pairs(workspace, doc_id):
        own = scored.filter(*(pl.col(key) == name for key, name in zip(PAIR, pair.sides, strict=True)))
        facts = {
            number: (score, flags)
            for number, score, flags in own.select("bead", "score", "flags").iter_rows()
        }
        for number, bead in pair.beads.items():
            key = review_id(pair.doc_id, *pair.text(bead))
            said = known.get(key)
            mark = "" if said is None else "1" if said["right"] else "0"
            rows.append({
                COLUMN: mark, "number": number, "src": _cell(pair.src, bead.src, separator),
                "tgt": _cell(pair.tgt, bead.tgt, separator), "note": (said or {}).get("note") or "",
                "score": _rounded(facts[number][0]), "flags": ",".join(facts[number][1]),
                "src_ids": " ".join(map(str, bead.src)), "tgt_ids": " ".join(map(str, bead.tgt)),
                "doc_id": pair.doc_id, "langs": pair.name, KEY: key,
            })  # fmt: skip
    if not rows:
        raise CorpusError(f"{doc_id}: no beads; to align it, if it holds two languages: `align()`")
    return pl.DataFrame(rows, schema_overrides={"number": pl.Int32, "score": pl.Float64}).select(COLUMNS)


def _cell(side: Side, ids: Sequence[int], separator: str) -> str:
    return separator.join(" ".join(side.sentences[k].split()) for k in ids)


def bead_file(workspace: Workspace, doc_id: str, form: str) -> bytes:
    """Return a document's beads as a file to be edited, ``tsv`` or ``xlsx``; see `bead_table`.

    Raises
    ------
    CorpusError
        If the document is not aligned, or a text is too long for a cell of a spreadsheet.
    """
    if form == "xlsx":
        from corpus.writers.xlsx import frame_xlsx

        try:
            return frame_xlsx(bead_table(workspace, doc_id, separator="\n"), _WIDTHS)
        except ValueError as error:
            raise CorpusError(f"{doc_id}: {error} for a cell of a spreadsheet: write a .tsv") from None
    table = bead_table(workspace, doc_id)
    texts = pl.col(pl.String).map_elements(guarded, return_dtype=pl.String)
    return frame_tsv(table.with_columns(texts)).encode("utf-8", "surrogatepass")


def is_bead_table(data: bytes, name: str) -> bool:
    """Tell whether a file is a table of beads, not one of marks alone."""
    try:
        rows = read_rows(data, name, ())
    except InputError:
        return False
    return bool(rows) and KEY in rows[0][1]


def take_bead_table(
    workspace: Workspace, data: bytes, name: str, *, note: str | None = None, by: str | None = None
) -> Taken:
    """Take what was changed in a table of beads.

    A row whose texts are not those it was written with is a bead that a person set; the others' marks are
    judgements. Rows that are empty on both sides are passed over.

    Parameters
    ----------
    workspace
        Where.
    data, name
        The file: `bead_file`, edited.
    note, by
        For rows that say none.

    Raises
    ------
    InputError
        If a column is missing.
    """
    rows = [(number, row) for number, row in read_rows(data, name, _NEEDED)]
    taken = Taken()
    groups: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
    last = ("", "")
    for number, row in rows:
        last = (row["doc_id"].strip() or last[0], row["langs"].strip() or last[1])  # a row that was put in
        groups.setdefault(last, []).append((number, row))
    judged: list[Review] = []
    for (doc_id, langs), group in groups.items():
        pairs = [
            pair
            for pair in aligned_pairs(workspace, doc_id)
            if pair.doc_id == doc_id and langs in (pair.name, f"{pair.src.lang}-{pair.tgt.lang}")
        ]
        if len(pairs) != 1:
            which = f"{doc_id or 'a document'} in {langs or 'two languages'}"
            why = f"no beads of {which} are here: {len(group)} rows left aside"
            taken.problems.append(Problem(group[0][0], "doc_id", why))
            continue
        judged += _take_group(workspace, pairs[0], group, taken, note, by)
    if judged:
        taken.verdicts = record(workspace, judged)
    taken.problems.sort(key=lambda problem: problem.row)
    return taken


def _take_group(
    workspace: Workspace,
    pair: AlignedPair,
    group: list[tuple[int, dict[str, str]]],
    taken: Taken,
    note: str | None,
    by: str | None,
) -> list[Review]:
    """Set the beads that rows of one document were changed to; return the judgements of the others."""
    understood = _understood(pair, group, taken.problems)
    held = {
        (side, k) for row in understood for side, ids in enumerate((row.bead.src, row.bead.tgt)) for k in ids
    }
    taken.missing += len(pair.src.sentences) + len(pair.tgt.sentences) - len(held)
    changed: dict[Bead, str | None] = {}
    judged: list[Review] = []
    for row in understood:
        texts = pair.text(row.bead)
        remark = unquoted(row.cells.get("note", "")) or note
        try:
            right = read_mark(row.cells.get(COLUMN, ""), "")
        except InputError as error:
            taken.problems.append(Problem(row.number, COLUMN, str(error).removeprefix(": ")))
            continue
        if row.cells[KEY].strip() == review_id(pair.doc_id, *texts):
            if right is not None:
                judged.append(Review(pair.doc_id, *texts, right, remark, row.cells.get("by") or by))
        elif right is False and not row.cells[KEY].strip():
            taken.problems.append(Problem(row.number, COLUMN, "a new row that is marked wrong says nothing"))
        else:
            # A mark that was there before is of what the row was.
            changed[row.bead] = remark
    current = set(pair.beads.values())
    was_set = {bead for bead in changed if bead in current and _is_set(workspace, pair, bead)}
    new = [bead for bead in changed if bead not in was_set]
    if new:
        done = put_beads(workspace, pair, new, [], replace=True, note=changed, by=by)
        taken.set += [f"{pair.doc_id}: {spec}" for spec in done.set]
        taken.undone += [f"{pair.doc_id}: {spec}" for spec in done.undone]
    return judged


def _is_set(workspace: Workspace, pair: AlignedPair, bead: Bead) -> bool:
    key = review_id(pair.doc_id, *pair.text(bead))
    rows = (
        workspace.scan(TABLE).filter(pl.col("review") == key).select("places").collect()["places"].to_list()
    )
    return any(rows)


def _understood(
    pair: AlignedPair, group: list[tuple[int, dict[str, str]]], problems: list[Problem]
) -> list[_Row]:
    """Return the rows of which both cells are runs of sentences, in the order of the texts."""
    readers = _Cells(pair.src), _Cells(pair.tgt)
    rows = []
    for number, cells in group:
        if not cells["src"].strip() and not cells["tgt"].strip():
            continue
        found: list[tuple[int, ...]] = []
        for name, reader in zip(("src", "tgt"), readers, strict=True):
            ids, why = reader.read(cells[name], cells.get(f"{name}_ids", ""))
            found.append(ids)
            if why is not None:
                problems.append(Problem(number, name, why))
                found = []
                break
        if found:
            for reader, ids in zip(readers, found, strict=True):
                reader.passed(ids)
            rows.append(_Row(number, cells, Bead(found[0], found[1])))
    return rows


class _Cells:
    """Finds the cells of a side among its sentences, in order."""

    def __init__(self, side: Side) -> None:
        self._runs = runs_of(side)
        self._whole = "".join("".join(sentence.split()) for sentence in side.sentences)
        self._next = 0
        self._lost = False

    def passed(self, ids: Sequence[int]) -> None:
        """Go on after the sentences of a row that was understood."""
        if ids:
            self._next, self._lost = ids[-1] + 1, False

    def read(self, cell: str, hint: str) -> tuple[tuple[int, ...], str | None]:
        """Return a cell's sentences; or why there are none.

        Parameters
        ----------
        cell
            Its text.
        hint
            The numbers that the row had: where a text stands several times, the one meant.
        """
        if not cell.strip():
            return (), None
        everywhere = self._runs.find(cell) or self._runs.find(unquoted(cell))
        ahead = [ids for ids in everywhere if ids[0] >= self._next]
        same = [ids for ids in ahead if " ".join(map(str, ids)) == " ".join(hint.split())]
        if len(same) == 1 or len(ahead) == 1 or (ahead and not self._lost):
            return (same or ahead)[0], None
        self._lost = True
        if ahead:
            return (), "this text stands several times, and the row above was not understood either"
        if everywhere:
            return (), "this text comes before that of a row above: beads follow the order of both texts"
        if "".join(cell.split()) in self._whole:
            return (), "this is a part of a sentence: beads are made of whole ones"
        return (), "the document has no such text here; it is changed in its file, not in this table"


def _rounded(score: float | None) -> float | None:
    """Return a score as tables have it; None of a bead that came in without one."""
    return None if score is None else round(score, 4)

"""Reviews: a user's judgements of beads, kept in the workspace and found again when it is aligned anew.

A review is of what was judged, a document's two texts, and not of a bead's number: whatever alignment they
come out of as one bead again, that bead is reviewed. Beads that a person set (`corpus.quality.corrections`)
are reviews that say where they stand. Nothing can make a review again, so nothing loses one: they stay when
their document goes, and are kept twice (`corpus.quality.review_store`).
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import CorpusError, InputError
from corpus.documents.pairs import numbered_pairs, other_readings, workspace_pairs
from corpus.quality.judgement_tables import COLUMN, read_mark, read_rows
from corpus.quality.review_store import REVIEWS, TABLE, read_copy, review_id
from corpus.store.schemas import SCHEMAS
from corpus.text.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.store.workspace import Workspace

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_VERSIONS = pl.concat_str("src_lang", pl.lit("-"), "tgt_lang").alias("versions")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")

LISTED = pl.Schema(
    dict(SCHEMAS["reviews"].items())
    | {
        "state": pl.String,
        "bead": pl.String,
        "score": pl.Float64,
        "src_ids": pl.List(pl.Int32),
        "tgt_ids": pl.List(pl.Int32),
    }
)
"""Reviews, by document and in the order of the text: the table, and what it is a review of now.

`state` is ``aligned``; ``not aligned``, where no bead of the document has these two texts any more; or ``no
document``. `bead`, `score` and sentence numbers are those of the bead now, null where there is none."""

LISTED_TSV = [
    COLUMN, "src", "tgt", "bead", "score", "doc_id", "src_ids", "tgt_ids",
    "note", "by", "date", "places", "state", "review",
]  # fmt: skip
"""The columns of a list of reviews as a file, which `read_reviews` and ``corpus calibrate`` read."""


@dataclass(frozen=True, slots=True)
class Review:
    """A judgement of a bead.

    Attributes
    ----------
    doc_id, src, tgt
        What was judged: the document, and the texts of both sides.
    right
        Whether each side translates the other, and nothing is missing or too much.
    note, by
        What was remarked and who judged, if said; kept as one line (`one_line`).
    date
        The day, in UTC, ISO 8601; None for today.
    places
        Of a bead that a person set, where it stands (`corpus.alignment.constraints.place_of`); else none.
    """

    doc_id: str
    src: str
    tgt: str
    right: bool
    note: str | None = None
    by: str | None = None
    date: str | None = None
    places: tuple[str, ...] = ()

    @property
    def review(self) -> str:
        """See `review_id`."""
        return review_id(self.doc_id, self.src, self.tgt)


@dataclass(slots=True)
class Recorded:
    """What became of judgements.

    Attributes
    ----------
    new, changed, same
        Ids of reviews that are new, that say another thing than before, and that say the same.
    older
        Ids of those that were left as they were, since what was given is of an earlier day.
    unaligned
        Ids of those of texts that are no bead of their document now.
    unmarked
        Rows of a file without a mark.
    unknown
        Rows left out because the workspace has no such document, by the document they name.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    unaligned: list[str] = field(default_factory=list)
    unmarked: int = 0
    unknown: dict[str, int] = field(default_factory=dict)


def document_beads(workspace: Workspace, doc_id: str) -> pl.DataFrame:
    """Return a document's beads (`PAIRS`), null beads included, and what was judged of them.

    `number` is a bead's number in the table of beads; `review` the id of what there is to judge, and
    `right`, `note`, `by` and `reviewed` (a date) are null where nobody did; `set` says whether a person made
    the bead; `other` is what a bead with the flag ``tied`` could as well be, else null.
    """
    return judged_pairs(workspace, [doc_id])


def judged_pairs(workspace: Workspace, doc_ids: Iterable[str]) -> pl.DataFrame:
    """Return the beads of several documents as `document_beads` those of one."""
    workspace = workspace.pin()
    pairs = with_ids(numbered_pairs(workspace, doc_ids))
    known = workspace.scan(TABLE).select(
        "review", "right", "note", "by", reviewed="date", set=pl.col("places").list.len() > 0
    )
    joined = pairs.join(known.collect(), on="review", how="left", maintain_order="left")
    return joined.with_columns(pl.col("set").fill_null(value=False), other_readings(joined))


def verdicts_of(workspace: Workspace, doc_id: str) -> dict[tuple[int, str], str]:
    """Return what was said of a document's beads, by number and the text of either side (`with_verdicts`)."""
    if workspace.scan(TABLE).filter(pl.col("doc_id") == doc_id).select(pl.len()).collect().item() == 0:
        return {}
    rows = with_verdicts(workspace, numbered_pairs(workspace, [doc_id])).filter(
        pl.col("review").is_not_null()
    )
    named = rows.select("number", "src", "tgt", "review").iter_rows()
    return {(number, text): said for number, *texts, said in named for text in texts}


def bead_named(workspace: Workspace, doc_id: str, name: str) -> dict[str, Any]:
    """Return one of a document's beads, a row of `document_beads`.

    Parameters
    ----------
    workspace, doc_id
        Where, and of which document.
    name
        The bead's number, as `corpus show DOC:L33` shows it, too; or, where a document is aligned in
        several languages, the language of the target and the number: ``en:5``; where it is linked with
        several documents, the id of the other one, or how it begins: ``b:5``; where several of its versions
        are aligned with one, both languages: ``ru-en:5``.

    Raises
    ------
    CorpusError
        If no bead, or several, are called so.
    """
    beads = document_beads(workspace, doc_id)
    if beads.is_empty():
        raise CorpusError(f"{doc_id}: no beads; to align it, if it holds two languages: `align()`")
    match = re.fullmatch(r"(?:(?P<with>[^:]+):)?(?P<number>\d+)", name)
    if match is None:
        raise CorpusError(f"{name!r} is no bead; beads are numbers, which this shows: `review({doc_id!r})`")
    matching = beads.filter(pl.col("number") == int(match["number"]))
    if match["with"] is not None:
        other, with_ = _other(doc_id), match["with"]
        begins = (other != doc_id) & other.str.starts_with(with_)
        linked = matching.filter((pl.col("tgt_lang") == with_) | _VERSIONS.eq(with_) | begins)
        exact = linked.filter(other == with_)
        matching = linked if exact.is_empty() else exact
    if len(matching) == 1:
        return matching.row(0, named=True)
    which = ", ".join(sorted(names_of_beads(matching, doc_id)))
    what = f"{len(matching)} beads {name}; say which: {which}" if len(matching) else f"no bead {name}"
    raise CorpusError(f"{doc_id}: {what}; to see them: `review({doc_id!r})`")


def names_of_beads(beads: pl.DataFrame, doc_id: str) -> list[str]:
    """Return what `bead_named` calls each of some beads of a document (`document_beads`)."""
    rows = beads.select("number", "tgt_lang", _other(doc_id), _VERSIONS).rows()
    numbers = Counter(number for number, *_ in rows)
    langs = Counter((number, lang) for number, lang, *_ in rows)
    names = []
    for number, lang, other, versions in rows:
        with_ = lang if langs[number, lang] == 1 else versions if other == doc_id else other
        names.append(str(number) if numbers[number] == 1 else f"{with_}:{number}")
    return names


def _other(doc_id: str) -> pl.Expr:
    """Return the document that a document's bead is with: itself, where the bead is of two versions of it."""
    return pl.when(pl.col("doc_id") == doc_id).then("tgt_doc").otherwise("doc_id").alias("other")


def verdicts_by_number(workspace: Workspace, doc_id: str) -> dict[tuple[str, str, str, int], str]:
    """Return what was said of a document's beads, by both documents, target language and number."""
    if workspace.state().rows(TABLE) == 0:
        return {}
    rows = with_verdicts(workspace, numbered_pairs(workspace, [doc_id])).filter(
        pl.col("review").is_not_null()
    )
    keys = rows.select("doc_id", "tgt_doc", "tgt_lang", "number", "review").iter_rows()
    return {(src, tgt, lang, number): said for src, tgt, lang, number, said in keys}


def with_ids(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the column `review`: the id of what there is to judge."""
    ids = [review_id(*row) for row in pairs.select("doc_id", "src", "tgt").iter_rows()]
    return pairs.with_columns(review=pl.Series(ids, dtype=pl.String))


def with_verdicts(workspace: Workspace, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the column `review`: ``set``, ``right``, ``wrong``, or null where nobody judged."""
    return with_judgements(workspace, pairs).drop("key", "note")


def with_judgements(workspace: Workspace, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the columns `key` (the id of what there is to judge), `review` and `note`."""
    verdict = (
        pl.when(~pl.col("right"))
        .then(pl.lit("wrong"))
        .when(pl.col("places").list.len() > 0)
        .then(pl.lit("set"))
        .when("right")
        .then(pl.lit("right"))
    )
    known = workspace.scan(TABLE).select(key="review", review=verdict, note="note").collect()
    return with_ids(pairs).rename({"review": "key"}).join(known, on="key", how="left", maintain_order="left")


def list_reviews(workspace: Workspace) -> pl.DataFrame:
    """Return all reviews, and what each is a review of now (`LISTED`)."""
    workspace = workspace.pin()
    kept = workspace.table(TABLE)
    doc_ids = kept["doc_id"].unique()
    beads = (
        with_ids(workspace_pairs(workspace, doc_ids))
        .with_row_index("order")
        .select("review", "bead", "score", "src_ids", "tgt_ids", "order")
        .unique("review", keep="first", maintain_order=True)
    )
    wanted = pl.col("doc_id").is_in(doc_ids.implode())
    documents = workspace.scan("documents").filter(wanted).select("doc_id").collect()["doc_id"]
    state = (
        pl.when(pl.col("bead").is_not_null())
        .then(pl.lit("aligned"))
        .when(pl.col("doc_id").is_in(documents.implode()))
        .then(pl.lit("not aligned"))
        .otherwise(pl.lit("no document"))
    )
    listed = kept.join(beads, on="review", how="left").with_columns(state=state)
    return listed.sort("doc_id", "order", "review", nulls_last=True).select(LISTED.names())


def record(workspace: Workspace, reviews: Iterable[Review]) -> Recorded:
    """Keep judgements, each in place of an earlier one of the same texts.

    One that says the same as before keeps its date, and its note and name unless others are given.
    One that is dated, and earlier than the one that is there, is left out: of two the later counts; of one
    day, what is given last. So are those of documents that the workspace does not hold. Both are counted.
    """
    done = Recorded()
    given = list(reviews)
    with workspace.change() as change:
        documents = set(workspace.scan("documents").select("doc_id").collect()["doc_id"])
        known = {row["review"]: row for row in workspace.table(TABLE).iter_rows(named=True)}
        judged = {review.doc_id for review in given} & documents
        beads = set(with_ids(workspace_pairs(workspace, judged))["review"])
        for review in given:
            if review.doc_id not in documents:
                done.unknown[review.doc_id] = done.unknown.get(review.doc_id, 0) + 1
                continue
            before = known.get(review.review)
            if before is not None and review.date is not None and review.date < (before["date"] or ""):
                done.older.append(review.review)
                continue
            row = _row(review, before)
            which = done.new if before is None else done.same if before == row else done.changed
            which.append(row["review"])
            if row["review"] not in beads:
                done.unaligned.append(row["review"])
            known[row["review"]] = row
        if done.new or done.changed:
            REVIEWS.put(change, list(known.values()))
    return done


def _row(review: Review, before: dict[str, Any] | None) -> dict[str, Any]:
    """Return the row of a review, with what an earlier one that says the same knows."""
    row = asdict(review) | {"review": review.review, "places": list(review.places) or None}
    row |= {name: one_line(row[name] or "") or None for name in ("note", "by")}
    today = datetime.now(tz=UTC).date().isoformat()
    if before is not None and before["right"] == review.right:
        row |= {name: row[name] or before[name] for name in ("note", "by", "date", "places")}
        row |= {name: before[name] for name in ("src", "tgt")}
    return row | {"date": row["date"] or today}


def one_line(text: str) -> str:
    """Return a text with a space for line breaks, tabs and other control characters, as TSV needs it."""
    return _BREAKS.sub(" ", text).strip()


def read_reviews(
    workspace: Workspace, data: bytes, name: str, *, note: str | None = None, by: str | None = None
) -> tuple[list[Review], int]:
    """Read judgements from a file of marked beads.

    Parameters
    ----------
    workspace
        Of beads that it has, the texts are taken from it: spreadsheets change quotation marks.
    data, name
        A TSV as ``corpus calibrate --sample`` or ``corpus review --list --tsv`` writes it, or what a
        spreadsheet makes of that. It has the columns ``right`` (see `corpus.quality.judgement_tables`),
        ``doc_id``, ``src`` and ``tgt``, and perhaps ``note``, ``by`` and ``date``. Or a workspace's
        ``reviews-….jsonl``.
    note, by
        For rows that say none.

    Returns
    -------
    reviews, unmarked
        The judgements, and how many rows have none.

    Raises
    ------
    InputError
        If a column is missing, or a mark or a date cannot be read; the message names the line.
    """
    if name.casefold().endswith(".jsonl") or data.removeprefix(BOM_UTF8).startswith(b"{"):
        return _of_copy(data, name, note, by), 0
    marked: list[Review] = []
    unmarked = 0
    for number, row in read_rows(data, name, (COLUMN, "doc_id", "src", "tgt")):
        where = f"{name}: line {number}"
        right = read_mark(row[COLUMN], where)
        if right is None:
            unmarked += 1
            continue
        remark, who = unquoted(row.get("note", "")) or note, row.get("by") or by
        date = _day(row.get("date"), where)
        places = tuple(place for part in row.get("places", "").split("|") if (place := part.strip()))
        marked.append(
            Review(row["doc_id"], row["src"], row["tgt"], right, remark, who, date, places if right else ())
        )
    beads = with_ids(workspace_pairs(workspace, {review.doc_id for review in marked}))
    texts = {row["review"]: row for row in beads.select("review", "src", "tgt").iter_rows(named=True)}
    reviews = []
    for review in marked:
        plain = replace(review, src=unquoted(review.src), tgt=unquoted(review.tgt))
        known = texts.get(review.review) or texts.get(plain.review)
        reviews.append(replace(review, src=known["src"], tgt=known["tgt"]) if known else review)
    return reviews, unmarked


def _of_copy(data: bytes, name: str, note: str | None, by: str | None) -> list[Review]:
    """Read the judgements of another workspace, or of one that was lost."""
    return [
        Review(
            row["doc_id"], row["src"], row["tgt"], row["right"], row["note"] or note, row["by"] or by,
            _day(row["date"], f"{name}: line {number}"), tuple(row["places"] or ()),
        )
        for number, row in read_copy(data, name)
    ]  # fmt: skip


def _day(date: str | None, where: str) -> str | None:
    """Return a date if it is a day, None for none (InputError for anything else)."""
    if not date:
        return None
    with suppress(CorpusError):
        if _DATE.fullmatch(date) and parse_date(date):
            return date
    raise InputError(f"{where}: a date is like 2024-02-07, not {date[:40]!r}")


def unquoted(cell: str) -> str:
    """Return a cell as it was before a spreadsheet put it in quotation marks, doubling those in it.

    One with single marks inside never was in a spreadsheet: its outer marks are its own.
    """
    cell = cell.strip()
    inner = cell[1:-1]
    wrapped = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', "")
    return inner.replace('""', '"') if wrapped else cell


def take_back(workspace: Workspace, names: Sequence[str]) -> list[str]:
    """Do away with reviews, by their ids or beginnings of them; return the ids.

    Raises
    ------
    CorpusError
        If there is none that begins so, or several do; nothing is changed then.
    """
    known = workspace.table(TABLE)["review"].to_list()
    ids = [_only(name, known) for name in names]
    with workspace.change() as change:
        REVIEWS.put(change, workspace.table(TABLE).filter(~pl.col("review").is_in(ids)).to_dicts())
    return list(dict.fromkeys(ids))


def _only(name: str, ids: Sequence[str]) -> str:
    matching = [known for known in ids if name and known.startswith(name.casefold())]
    if len(matching) != 1:
        what = f"is the beginning of {len(matching)} reviews" if matching else "is no review"
        raise CorpusError(f"{name!r} {what}; to see their ids: `review(list=True)`")
    return matching[0]

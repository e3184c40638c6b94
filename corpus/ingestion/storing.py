"""Put documents that were read into a workspace's tables, each in place of the one that it was before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from corpus.documents.word_counts import put_counts
from corpus.ingestion.renames import known_documents
from corpus.ingestion.rows import candidate_ids, with_other_text
from corpus.store import schemas
from corpus.store.beads import beads_as_imported, hide_beads
from corpus.store.integrity import LOST
from corpus.store.paragraphs import paragraph_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus.ingestion.discovery import FoundFile
    from corpus.ingestion.reading.provenance import Overruled
    from corpus.ingestion.report import IngestReport
    from corpus.store.workspace import Workspace


class Readable(Protocol):
    """A document that was read (`corpus.ingestion.reading.loading.Read`), here or elsewhere."""

    @property
    def file(self) -> FoundFile:
        """Where it was found."""
        ...

    @property
    def about(self) -> Mapping[str, Any]:
        """What is known of the file."""
        ...

    @property
    def part(self) -> str | None:
        """Its name among the documents of the file."""
        ...

    @property
    def dated(self) -> bool:
        """Whether a version of it has a date."""
        ...

    @property
    def overruled(self) -> Sequence[Overruled]:
        """What options were put in place of."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What a user should know of it."""
        ...

    def tables(self, doc_id: str) -> dict[str, pl.DataFrame]:
        """Return its rows in the workspace's tables and in `counts`, under an id."""
        ...


@dataclass(frozen=True, slots=True)
class New:
    """A document that was read.

    Attributes
    ----------
    read
        What it is.
    came
        Its id if it was in another place, or is to have this one whatever its place.
    left
        Whether the document that was in this place is not there any more.
    """

    read: Readable
    came: str | None = None
    left: bool = False


def store(workspace: Workspace, reads: Sequence[New], report: IngestReport, gone: Sequence[str] = ()) -> None:
    """Add documents, each in place of the one that it was before, if it was there.

    Parameters
    ----------
    workspace, reads
        Where to, and what.
    report
        What is done is added to it.
    gone
        Ids of documents to remove: parts that their files hold no more.
    """
    if not reads:
        return
    seeds = all(new.read.file.seed for new in reads)
    made = [new.read.tables("") for new in reads]  # before anything is locked
    with workspace.change() as change:
        seeded = workspace.scan("documents").filter("seed").select("doc_id").collect()["doc_id"].to_list()
        if seeds and change.before.rows("documents") > len(seeded):
            return  # another process has put in documents of the user's
        # Seeds stand in for a corpus that is not there yet.
        hidden = [*gone] if seeds else [*gone, *seeded]
        report.removed += gone
        for name in schemas.OF_DOCUMENTS:
            if name != "beads":
                change.hide(name, hidden)
        rows: dict[str, list[pl.DataFrame]] = {}
        replaced: list[str] = []
        ids = _ids(workspace, reads, report)
        for new, tables, (doc_id, known) in zip(reads, made, ids, strict=True):
            read = new.read
            replaced += [doc_id] if known else []
            if not known and not read.dated:
                report.undated.append(doc_id)
                report.undated_files.append(read.file.path)
            report.overruled += [(doc_id, overruled) for overruled in read.overruled]
            report.notes += [f"{read.file.path}: {note}" for note in read.notes]
            for name, table in tables.items():
                rows.setdefault(name, []).append(table.with_columns(doc_id=pl.lit(doc_id)))
        put_counts(change, replaced, pl.concat(rows.pop("counts")))
        added = {name: pl.concat(parts) for name, parts in rows.items()}
        added["paragraphs"] = paragraph_rows(added["sentences"].lazy()).collect()
        other = with_other_text(workspace, replaced, added)
        hide_beads(change, workspace, [*other, *hidden])
        same = pl.Series([*set(replaced) - set(other)], dtype=pl.String).implode()
        change.add("beads", beads_as_imported(added["imported"].filter(~pl.col("doc_id").is_in(same))))
        displaced = _displaced(workspace, reads, added["documents"]["doc_id"])
        documents = pl.concat([added.pop("documents"), displaced])
        change.replace("documents", [*replaced, *displaced["doc_id"]], documents)
        for name, table in added.items():
            change.replace(name, replaced, table)


def _displaced(workspace: Workspace, reads: Sequence[New], stored: pl.Series) -> pl.DataFrame:
    """Return the rows, without a place, of documents whose place the files of others have taken.

    Their own file may turn up in a later batch, or a later run; `stored` are those that did in this one.
    """
    taken = {new.read.file.place: new.read.about["content"] for new in reads if new.came or new.left}
    if not taken:
        return schemas.empty("documents")
    now = pl.LazyFrame(list(taken.items()), schema={"file": pl.String, "now": pl.String}, orient="row")
    rows = (
        workspace.scan("documents").filter(~pl.col("seed")).join(now, on="file", maintain_order="left_right")
    )
    # Where the bytes are the same, they are other parts of the file.
    others = (
        rows.filter(~pl.col("doc_id").is_in(stored.implode()), pl.col("content").ne_missing(pl.col("now")))
        .drop("now")
        .collect()
    )
    return others.with_columns(file=pl.lit(None, dtype=pl.String))


def _ids(workspace: Workspace, reads: Sequence[New], report: IngestReport) -> Iterator[tuple[str, bool]]:
    """Yield the id of each document, and whether it is there already; report which are new."""
    seeds = all(new.read.file.seed for new in reads)
    known = known_documents(workspace, "file", [new.read.file.place for new in reads])
    ids = {(row["file"], row["part"]): row["doc_id"] for row in known if row["seed"] == seeds}
    names = [name for new in reads for name in candidate_ids(new.read.file.place, new.read.part)]
    named = [row for row in known_documents(workspace, "doc_id", names) if seeds or not row["seed"]]
    taken = {row["doc_id"] for row in named}
    homeless = {row["doc_id"] for row in named if row["file"] is None and row["fingerprint"].startswith(LOST)}
    for new in reads:
        file = new.read.file
        candidates = candidate_ids(file.place, new.read.part)
        resident = None if new.left else ids.get((file.place, new.read.part))
        doc_id = new.came or resident
        if doc_id is None and candidates[0] in homeless:
            homeless.discard(candidates[0])
            doc_id = resident = candidates[0]
        if doc_id is not None:
            (report.changed if doc_id == resident else report.moved).append(doc_id)
            if doc_id != resident:
                report.notes.append(f"{file.path}: moved here; it is still {doc_id}")
            yield doc_id, True
            continue
        doc_id = next(name for name in candidates if name not in taken)
        taken.add(doc_id)
        report.new.append(doc_id)
        if doc_id != candidates[0]:
            report.notes.append(
                f"{file.path}: another document is called {candidates[0]}; this one is {doc_id}"
            )
        yield doc_id, False

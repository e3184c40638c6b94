"""Repair a workspace: make again what is derived, read documents again, keep what cannot be made again."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.converted import damaged_models, models_folder
from corpus.base.errors import CorpusError, WorkspaceError
from corpus.documents.links import LINKS
from corpus.ingestion.ingest import read_again, remove
from corpus.ingestion.seeds import ingest_seeds
from corpus.quality.review_store import REVIEWS
from corpus.store import schemas, segments
from corpus.store.beads import hide_beads, scan_beads
from corpus.store.copies import restore_copies
from corpus.store.integrity import LOST, Fault
from corpus.store.integrity import check as check_workspace
from corpus.store.locking import locked
from corpus.store.paragraphs import paragraph_rows
from corpus.store.row_checksums import APPENDING
from corpus.store.state import COPY, NAME, parse_state, write_state
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.base.progress import Progress
    from corpus.search.ranking import Mode
    from corpus.store.state import State
    from corpus.store.transaction import Change

_KEPT = {kept.table: kept for kept in (REVIEWS, LINKS)}
_MOST_NAMED = 20
_WEIGHTS = "weights"
_LOST = "its record was lost to a damaged file, its text was not; ingest its file again"


def check(workspace: Workspace, *, progress: Progress | None = None) -> list[Fault]:
    """Verify a workspace (`corpus.store.integrity.check`), and the models that its results come from.

    Of models it is what was made ready of them in the user's cache, which all workspaces share.
    """
    models = [Fault(str(file), reason, "model", file.parent.name) for file, reason in damaged_models()]
    return [*check_workspace(workspace, progress=progress), *models]


def repair(workspace: Workspace, faults: Sequence[Fault]) -> list[str]:
    """Repair what `corpus.store.integrity.check` found, as far as it can be.

    A damaged model is made ready again when it is needed. A damaged state is taken from its copy. Damaged
    files of the index and damaged embeddings are dropped, and made again; so are the beads in a damaged
    segment, and what is known of reprints when it is asked for next. Damaged weights of the user's cannot be
    made again: the beads that they made are kept, and nothing is aligned until weights are named. Reviews and
    links are taken from their copy, or the copy made again; what neither holds whole is kept aside. What is
    written twice is taken from the other file. Of a segment of documents both of whose files are damaged,
    and of a damaged one of versions, sentences or what was dropped, the documents are read again from
    their files; paragraphs are made again of sentences.
    Where a list of the documents that are gone is damaged, those stay gone that other tables lack.
    Where a file is gone, what is left of its document is kept, and it is marked as incomplete until
    the file is ingested again. An interruption leaves a workspace that can be repaired again.

    Parameters
    ----------
    workspace
        Where.
    faults
        From `check`, here or of `corpus.store.integrity`.

    Returns
    -------
    list of str
        What was done, and what is left to the user.

    Raises
    ------
    WorkspaceError
        If the state is damaged and there is no whole copy of it; the message says what to do, and how to
        keep the reviews.
    """
    done: list[str] = []
    for name in sorted({fault.name for fault in faults if fault.kind == "model"}):
        shutil.rmtree(models_folder() / name, ignore_errors=True)
        done.append(f"{name}: removed; it is made ready again when it is needed")
    if any(fault.kind == "state" for fault in faults):
        _restore_state(workspace)
        done.append(f"{NAME}: restored from its copy")
        done += [line for kept in _KEPT.values() for line in kept.recover(workspace)]
        faults = check(workspace)
    if any(fault.kind == "copy" for fault in faults):
        with locked(workspace.path):
            write_state(workspace.path, workspace.state())
        done.append(f"{COPY}: made again")
    if copied := restore_copies(workspace, {fault.file for fault in faults if fault.kind == "segment"}):
        done += copied
        faults = check(workspace)
    done += _restore_kept(workspace, faults)
    faults = [fault for fault in faults if fault.name not in _KEPT]
    made_by, indexed = _index_encoder(workspace), "removed" in workspace.state().files
    unweighted = _lacks_weights(workspace, faults)
    for name in sorted({fault.name for fault in faults if fault.kind == "embeddings"}):
        without_keys = all(fault.file == f"{name}/keys" for fault in faults if fault.name == name)
        done.append(_mend_embeddings(workspace.path / name, without_keys=without_keys))
    if any(fault.kind in ("segment", "file", "rows", "index") for fault in faults):
        done += _drop_damaged(workspace, faults)
    if any(fault.kind in ("segment", "rows", "incomplete") for fault in faults):
        done += _read_incomplete(workspace)
    if unweighted:  # to align now would be to put the work of other weights in place of the user's
        done.append("weights: lost, beads kept; name your weights again: `align(weights=FILE)`")
    elif any(fault.kind in ("file", "embeddings", "index") or fault.name == "beads" for fault in faults):
        done += _rebuild(workspace, made_by, indexed=indexed)
    return done


def _restore_kept(workspace: Workspace, faults: Sequence[Fault]) -> list[str]:
    """Restore what a user said, each of its table or its copy."""
    done: list[str] = []
    for name, kept in _KEPT.items():
        if damaged := [fault.file for fault in faults if fault.name == name]:
            done += kept.restore(workspace, damaged)
    return done


def _mend_embeddings(folder: Path, *, without_keys: bool) -> str:
    """Cut off vectors whose keys are lost, or do away with embeddings that are damaged otherwise."""
    name = f"{folder.parent.name}/{folder.name}"
    keys, vectors, checksums = (folder / part for part in ("keys", "vectors", "checksums"))
    if not (without_keys and keys.exists()):
        shutil.rmtree(folder, ignore_errors=True)
        return f"{name}: removed; vectors are made again when they are needed"
    row = vectors.stat().st_size // max(checksums.stat().st_size // 4, 1)
    count = keys.stat().st_size // 16
    for file, size in ((keys, 16), (vectors, row), (checksums, 4)):
        os.truncate(file, count * size)
    (folder / APPENDING).unlink(missing_ok=True)
    return f"{name}: {count} vectors kept; the others are made again when they are needed"


def _lacks_weights(workspace: Workspace, faults: Sequence[Fault]) -> bool:
    """Tell whether weights are damaged that the user named, rather than those that ship."""
    shipped = workspace.state().about.get(_WEIGHTS, {}).get("shipped", False)
    return not shipped and any((fault.kind, fault.name) == ("file", _WEIGHTS) for fault in faults)


def _restore_state(workspace: Workspace) -> None:
    try:
        state = parse_state((workspace.path / COPY).read_bytes(), workspace.path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        folder = workspace.path
        old = Path(f"{folder.resolve()}.old")
        msg = (
            f"{folder / NAME} is damaged or gone, and so is its copy ({error}): move the folder away, say to "
            f"{old}, and ingest again"
        )
        if (reviews := REVIEWS.newest_copy(folder)) is not None:
            file = str(old / reviews.name)
            msg += f"; to keep its reviews, then: `review({file!r}, workspace={str(folder)!r})`"
        if (links := LINKS.newest_copy(folder)) is not None:
            msg += f"; to keep its links: `link(file={str(old / links.name)!r}, workspace={str(folder)!r})`"
        raise WorkspaceError(msg) from None
    with locked(workspace.path):
        write_state(workspace.path, state)


def _index_encoder(workspace: Workspace) -> str | None:
    about = workspace.state().about
    return next((about[name].get("encoder") for name in about if name.startswith("index")), None)


def _drop_damaged(workspace: Workspace, faults: Sequence[Fault]) -> list[str]:
    """Do without damaged files, and mark the documents that lose text by it; in one change."""
    damaged = {fault.file for fault in faults if fault.kind == "segment"}
    if not _lacks_weights(workspace, faults):
        damaged |= _beads_of_lost_lists(workspace.state(), damaged, "beads")
    damaged |= _beads_of_lost_lists(workspace.state(), damaged, "imported")
    done = [f"{fault.file}: dropped" for fault in faults if fault.kind in ("segment", "file")]
    unweighted = _lacks_weights(workspace, faults)
    with workspace.change() as change:
        damaged_tables = {fault.name for fault in faults if fault.kind == "segment"}
        lost_tables, lost_lists = _lost(change.before, damaged)
        salvaged = _salvage(workspace, change.before, damaged)
        dropped = {fault.name for fault in faults if fault.kind in ("file", "index")}
        for name in dropped:
            change.drop_file(name)
        if any(name.startswith(("rows-", "index-")) for name in dropped) and "removed" not in dropped:
            noted = change.before.about.get("removed", {})  # what remains is no longer of all texts
            change.note("removed", {key: value for key, value in noted.items() if key == "cut_by"})
        if unweighted:  # `corpus.alignment.settings.workspace_weights` asks for weights, takes no others
            change.note(_WEIGHTS, {"shipped": False, "lost": True})
        change.drop_segments(damaged)
        if damaged_tables & {"minhashes", "reprints"}:  # one is nothing without the other
            for name in ("minhashes", "reprints"):
                change.put_table(name, schemas.empty(name))
            done.append("reprints: dropped; corpus reprints makes them again")
        whole = Workspace(workspace.path, change.state())
        ids = {name: _ids(whole, name) for name in schemas.OF_DOCUMENTS}
        if "documents" in lost_lists:
            whole_tables = {"versions", "sentences"} - lost_tables - lost_lists
            done += _hide_removed(change, whole, ids, whole_tables)
        broken, unaligned, unfit = _misfits(faults)
        # All rows of a document in a table stand in one segment: it lost all of them or none.
        torn = ids["documents"] & (
            (ids["documents"] - ids["versions"]) | (ids["documents"] - ids["sentences"]) | broken
        )
        marked = torn | (ids["documents"] - ids["dropped"] if "dropped" in lost_tables else set())
        marked |= _of_formats(whole) - ids["imported"] if "imported" in lost_tables else set()
        orphans = (ids["versions"] & ids["sentences"]) - ids["documents"]
        if {"versions", "sentences"} <= lost_lists and "documents" not in lost_tables:
            orphans = set()  # no record is lost: these were removed
        known = whole.scan("documents").filter(pl.col("doc_id").is_in(_series(marked).implode())).collect()
        rows = pl.concat(
            [
                known.unique("doc_id", keep="first").with_columns(
                    fingerprint=LOST + pl.col("fingerprint").str.strip_prefix(LOST)
                ),
                _orphan_rows(orphans, salvaged),
            ]
        )
        change.replace("documents", marked, rows)
        beside = set(segments.read(scan_beads(whole).select(pl.col("tgt_doc").unique()), "beads")["tgt_doc"])
        gone = (ids["beads"] | beside) - ids["documents"] - orphans
        hide_beads(change, whole, torn | unaligned | gone)
        for name in (
            "versions",
            "sentences",
            "dropped",
            "imported",
            "counts",
        ):  # what is left of a document that is not there
            change.hide(name, ids[name] - ids["documents"] - orphans)
        change.hide("paragraphs", torn | unfit | (ids["paragraphs"] - ids["documents"] - orphans))
        done += _make_paragraphs(workspace, change)
    return done


def _beads_of_lost_lists(state: State, damaged: set[str], table: str) -> set[str]:
    """Return the segments of a table of beads that lost the list of what is gone of them.

    What it named may be beads of a text that was changed and not aligned again, which no other table tells
    from those that count: all of them are made again.
    """
    return {
        segment.stored.file
        for segment in state.segments(table)
        if segment.gone is not None and segment.gone.file in damaged
    }


def _of_formats(workspace: Workspace) -> set[str]:
    """Return the documents that are not of plain text: these may have come in with their beads."""
    found = workspace.scan("documents").filter(pl.col("format").is_not_null()).select("doc_id")
    return set(segments.read(found, "documents")["doc_id"])


def _misfits(faults: Sequence[Fault]) -> tuple[set[str], set[str], set[str]]:
    """Return the documents with rows that do not fit: what was read, the beads, and the paragraphs."""
    misfits: dict[str, set[str]] = {}
    for fault in faults:
        if fault.kind == "rows":
            misfits.setdefault(fault.name, set()).update(fault.doc_ids)
    of_beads, of_paragraphs = misfits.pop("beads", set()), misfits.pop("paragraphs", set())
    return set().union(*misfits.values()), of_beads, of_paragraphs


def _hide_removed(
    change: Change, repaired: Workspace, ids: dict[str, set[str]], whole: set[str]
) -> list[str]:
    """Hide the documents again that were removed, and of which the list of those gone is lost."""
    back = _come_back(repaired, ids, whole)
    change.hide("documents", back)
    ids["documents"] -= back
    if back:
        return [f"removed before, and still: {_listed(sorted(back))}"]
    if not whole:
        return ["documents that you removed may be back: to see them, `show()`; then `rm()`"]
    return []


def _make_paragraphs(workspace: Workspace, change: Change) -> list[str]:
    """Make the paragraphs that are lacking of the sentences that are there."""
    repaired = Workspace(workspace.path, change.state())
    lacking = repaired.scan("sentences").join(repaired.scan("paragraphs"), on="doc_id", how="anti")
    made = segments.read(paragraph_rows(lacking), "sentences")
    change.add("paragraphs", made)
    return [] if made.is_empty() else ["paragraphs: made again of the sentences"]


def _lost(state: State, damaged: set[str]) -> tuple[set[str], set[str]]:
    """Return the tables that lose rows with damaged files, and those that lose a list of what is gone."""
    rows: set[str] = set()
    lists: set[str] = set()
    for name, table in state.tables.items():
        for segment in table:
            if segment.stored.file in damaged:
                rows.add(name)
            elif segment.gone is not None and segment.gone.file in damaged:
                lists.add(name)
    return rows, lists


def _come_back(workspace: Workspace, ids: dict[str, set[str]], whole: set[str]) -> set[str]:
    """Return the documents that were removed, and seem to be there as the list of those gone is lost.

    Every document has versions and sentences, but for those that an earlier repair marked: what is in no
    table of these that is whole was removed.
    """
    if not whole:
        return set()
    incomplete = workspace.scan("documents").filter(pl.col("fingerprint").str.starts_with(LOST))
    marked = set(segments.read(incomplete.select("doc_id"), "documents")["doc_id"])
    return ids["documents"].difference(marked, *(ids[name] for name in whole))


def _salvage(workspace: Workspace, state: State, damaged: set[str]) -> pl.DataFrame:
    """Return doc_id, file and options of documents, as far as damaged files can still be read."""
    columns = ["doc_id", "file", "stated", "seed"]
    frames = [schemas.empty("documents").select(columns)]
    for segment in state.segments("documents"):
        if segment.stored.file not in damaged:
            continue
        for stored in (segment.stored, segment.copy):
            with suppress(OSError, pl.exceptions.PolarsError):
                if stored is not None:
                    frame = pl.scan_parquet(workspace.path / stored.file, glob=False)
                    frames.append(frame.select(columns).collect())
    return pl.concat(frames).unique("doc_id")


def _orphan_rows(doc_ids: set[str], salvaged: pl.DataFrame) -> pl.DataFrame:
    """Return rows for documents whose own are lost; what is not known of them is null."""
    known = {row["doc_id"]: row for row in salvaged.iter_rows(named=True)}
    rows = [
        {"stated": "{}", "file": None, "seed": False}
        | known.get(doc_id, {})
        | {"doc_id": doc_id, "fingerprint": LOST, "notes": [_LOST]}
        for doc_id in sorted(doc_ids)
    ]
    return schemas.frame("documents", rows)


def _read_incomplete(workspace: Workspace) -> list[str]:
    """Read again the documents that lost text, from files that are still there."""
    known = workspace.scan("documents").select("doc_id", "file", "fingerprint", "seed").collect()
    lost = pl.col("fingerprint").str.starts_with(LOST)
    marked = known.filter(lost)
    if known.filter(~pl.col("seed") & ~lost).is_empty() and _are_seeds(workspace, marked):
        remove(workspace, known["doc_id"].to_list())
        ingest_seeds(workspace)
        return ["the seed documents: read again"]
    again, left = read_again(workspace, marked["doc_id"].to_list())
    before = dict(marked.select("doc_id", "fingerprint").iter_rows())
    documents = workspace.scan("documents").filter(pl.col("doc_id").is_in(_series(again).implode()))
    after = documents.select("doc_id", "fingerprint").collect()
    other = [doc_id for doc_id, mark in after.iter_rows() if before[doc_id] != LOST + mark]
    outcomes = {
        "read again from the file": again,
        "not what it was, in its file or in what a manifest says of it": other,
        "incomplete; ingest again, or `rm()`": left,
    }
    return [f"{what}: {_listed(items)}" for what, items in outcomes.items() if items]


def _listed(items: Sequence[str]) -> str:
    more = f"; and {len(items) - _MOST_NAMED} more" if len(items) > _MOST_NAMED else ""
    return "; ".join(items[:_MOST_NAMED]) + more


def _are_seeds(workspace: Workspace, marked: pl.DataFrame) -> bool:
    """Tell whether documents are the seeds; by their versions where their own records are lost."""
    if marked.is_empty() or marked["file"].is_not_null().any():
        return bool(marked["seed"].all()) and not marked.is_empty()
    with TemporaryDirectory() as folder:
        seeds = Workspace(Path(folder) / "seeds")
        ingest_seeds(seeds)
        own, theirs = (space.table("versions").sort("doc_id", "version") for space in (workspace, seeds))
    return own.equals(theirs)


def _rebuild(workspace: Workspace, encoder: str | None, *, indexed: bool) -> list[str]:
    """Align and index again, and see that no sentence is missing from the index."""
    from corpus.alignment.incremental import align_missing
    from corpus.search.index.builder import count_missing
    from corpus.search.searcher import open_searcher

    try:
        align_missing(workspace)
        if encoder is None and not indexed:
            return ["alignments: made again"]
        mode: Mode = "lexical" if encoder is None else "hybrid"
        open_searcher(workspace, mode=mode, encoder=encoder or "use")
        if lacking := count_missing(workspace):
            return [f"not made again: {lacking} sentences still lack in the index; ingest them anew"]
    except CorpusError as error:
        return [f"not made again yet: {error}"]
    return ["alignments and index: made again"]


def _ids(workspace: Workspace, name: str) -> set[str]:
    return set(segments.read(workspace.scan(name).select(pl.col("doc_id").unique()), name)["doc_id"])


def _series(doc_ids: Iterable[str]) -> pl.Series:
    return pl.Series("doc_id", list(doc_ids), dtype=pl.String)

"""Verify a workspace: that each file is what was written, and that tables fit each other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from corpus.base.errors import FormatError, WorkspaceError
from corpus.store import schemas, segments
from corpus.store.paragraphs import paragraph_rows
from corpus.store.row_checksums import APPENDING, row_checksums
from corpus.store.state import COPY, HINT, NAME, copy_fault, has_damaged_format, read_state, verify
from corpus.store.workspace import EMBEDDINGS, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from corpus.base.progress import Progress
    from corpus.store.state import Segment, State


Kind = Literal["state", "copy", "segment", "file", "embeddings", "rows", "index", "incomplete", "model"]

LOST = "lost "
"""What the fingerprint of a document begins with whose text is incomplete since a repair."""

_MOST_NAMED = 5
_TOGETHER = 200_000  # sentences whose rows are compared with each other at a time
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a workspace.

    Attributes
    ----------
    file
        The file, or ``table of …`` for what is wrong between files.
    reason
        What is wrong with it.
    kind
        ``state`` (`workspace.json`), its ``copy``, ``segment`` of a table, another ``file``, ``embeddings``,
        ``rows`` that do not fit those of other tables, an ``index`` that is not of the sentences that it
        was made of, documents that are ``incomplete`` since a repair, or a ``model`` as it was made ready in
        the user's cache (`corpus.base.converted`).
    name
        The table, or what the file was put under.
    doc_ids
        The documents concerned, where they are known.
    """

    file: str
    reason: str
    kind: Kind
    name: str = ""
    doc_ids: tuple[str, ...] = ()


def check(workspace: Workspace, *, progress: Progress | None = None) -> list[Fault]:
    """Verify a workspace: every file's size, checksum and readability, and references between tables.

    Parameters
    ----------
    workspace
        One that does not exist has nothing wrong with it.
    progress
        Called with how many files are verified, and how many there are.

    Returns
    -------
    list
        What is wrong; empty if nothing is. References are checked where all files are whole.

    Raises
    ------
    FormatError
        If another version of the toolkit wrote it: this one cannot tell what is wrong with it.
    """
    try:
        state = read_state(workspace.path)
    except FormatError:
        if has_damaged_format(workspace.path):
            return [Fault(NAME, "damaged: its format is not what was written", "state")]
        raise
    except WorkspaceError as error:
        return [Fault(NAME, str(error).partition(": ")[2].partition("; ")[0], "state")]
    workspace = Workspace(workspace.path, state)
    faults = _files(workspace, state, progress)
    if not faults:
        faults += [*_references(workspace), *_index(workspace)]
    if reason := copy_fault(workspace.path, state):
        faults.append(Fault(COPY, reason, "copy"))
    return [*faults, *_embeddings(workspace.path / EMBEDDINGS)]


def _files(workspace: Workspace, state: State, progress: Progress | None) -> list[Fault]:
    """Find files that are not what was written."""
    faults: list[Fault] = []
    parts = [(name, segment) for name, table in state.tables.items() for segment in table]
    total = len(parts) + len(state.files)
    for number, (name, segment) in enumerate(parts, start=1):
        faults += _segment(workspace, name, segment)
        if progress is not None:
            progress(number, total)
    for number, (name, stored) in enumerate(state.files.items(), start=len(parts) + 1):
        try:
            verify(workspace.path, stored)
        except WorkspaceError as error:
            faults.append(Fault(stored.file, _reason(error), "file", name))
        if progress is not None:
            progress(number, total)
    return faults


def _segment(workspace: Workspace, name: str, segment: Segment) -> Iterator[Fault]:
    damaged = False
    for stored in [*segment.files(), *([] if segment.copy is None else [segment.copy])]:
        try:
            verify(workspace.path, stored)
        except WorkspaceError as error:
            yield Fault(stored.file, _reason(error), "segment", name)
            damaged |= stored != segment.copy
    if damaged:
        return
    try:
        # Reading every column finds what was written wrong.
        table = segments.scan(workspace.path, name, [segment]).select(pl.len(), pl.all().null_count())
        rows = int(table.collect(engine="streaming")["len"][0])
    except (WorkspaceError, OSError, pl.exceptions.PolarsError) as error:
        yield Fault(segment.stored.file, _reason(error), "segment", name)
    else:
        if rows != segment.live:
            reason = f"{rows} rows count, {segment.live} were written"
            yield Fault(segment.stored.file, reason, "segment", name)


def _reason(error: Exception) -> str:
    text = str(error).removesuffix(f"; {HINT}")
    return text.partition(": ")[2] if isinstance(error, WorkspaceError) else f"unreadable: {text}"


def _references(workspace: Workspace) -> Iterator[Fault]:
    """Find rows that do not fit those of other tables."""
    read = {name: workspace.scan(name) for name in schemas.OF_DOCUMENTS}
    ids = {name: table.select("doc_id").unique() for name, table in read.items()}
    yield from _lack(ids["documents"], ids["versions"], "documents", "have no version")
    yield from _lack(ids["documents"], ids["sentences"], "documents", "have no sentence")
    read["beads"] = read["beads"].with_columns(src_doc="doc_id", tgt_doc=pl.coalesce("tgt_doc", "doc_id"))
    apart = read["beads"].join(ids["documents"], left_on="tgt_doc", right_on="doc_id", how="anti")
    apart = apart.filter(pl.col("tgt_doc") != pl.col("doc_id")).select("doc_id").unique()
    yield from _found(apart, "beads", "are with documents that are not there")
    for name in ("versions", "paragraphs", "dropped", "beads"):
        yield from _lack(ids[name], ids["documents"], name, "are of documents that are not there")
    misfits: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for first, last in _ranges(read["sentences"]):
        for name, what, rows in _misfits(read, first, last):
            misfits.setdefault((name, what), []).append(rows.select("doc_id").collect(engine="streaming"))
    for (name, what), parts in misfits.items():
        yield from _found(pl.concat(parts).lazy(), name, what)
    incomplete = read["documents"].filter(pl.col("fingerprint").str.starts_with(LOST)).select("doc_id")
    reason = "lost text to a damaged file; ingest their files again"
    yield from _found(incomplete, "documents", reason, kind="incomplete")


def _ranges(sentences: pl.LazyFrame) -> Iterator[tuple[str | None, str | None]]:
    """Yield first and last document of stretches that are looked at together; None is no bound.

    What is held at a time is what is in one of them, whatever the size of the corpus.
    """
    held = sentences.group_by("doc_id").len().collect(engine="streaming").sort("doc_id")
    stretch = (pl.col("len").cum_sum() - pl.col("len")) // _TOGETHER
    firsts = held.with_columns(stretch=stretch).group_by("stretch").agg(pl.col("doc_id").min())
    bounds: list[str] = firsts["doc_id"].sort().to_list()[1:]
    yield from zip([None, *bounds], [*bounds, None], strict=True)


def _within(doc_id: str, first: str | None, beyond: str | None) -> pl.Expr:
    within = pl.lit(value=True)
    if first is not None:
        within &= pl.col(doc_id) >= first
    if beyond is not None:
        within &= pl.col(doc_id) < beyond
    return within


def _misfits(
    every: Mapping[str, pl.LazyFrame], first: str | None, beyond: str | None
) -> Iterator[tuple[str, str, pl.LazyFrame]]:
    """Yield what may be wrong with rows of some documents: table, what, and the rows of which it is."""
    key = ["doc_id", "version"]
    read = {name: table.filter(_within("doc_id", first, beyond)) for name, table in every.items()}
    versions = read["versions"].select(key)
    places = read["sentences"].select(*key, "sentence")
    lost = places.select(key).unique().join(versions.unique(), on=key, how="anti")
    yield "sentences", "are of versions that are not there", lost
    for name, table in (
        ("documents", read["documents"].select("doc_id")),
        ("versions", versions),
        ("sentences", places),
        ("paragraphs", read["paragraphs"].select(*key, "paragraph")),
    ):
        yield name, "are there twice", table.filter(pl.struct(pl.all()).is_duplicated())
    ordered = read["sentences"].select(
        *key,
        wrong=(pl.col("start") < 0)
        | (pl.col("end") <= pl.col("start"))
        | (pl.col("start") < pl.col("end").shift(1).over(key, order_by="sentence")),
        number=pl.col("sentence") != pl.int_range(pl.len()).over(key, order_by="sentence"),
    )
    yield "sentences", "have offsets that are empty or out of order", ordered.filter("wrong")
    yield "sentences", "are not numbered from 0 without a gap", ordered.filter("number")
    yield "paragraphs", "do not fit the sentences in them", _paragraphs(read["paragraphs"], read["sentences"])
    for side in ("src", "tgt"):
        place = [f"{side}_doc", f"{side}_version", f"{side}_ids"]
        beads = every["beads"].filter(_within(place[0], first, beyond))
        pairs = beads.select(pl.col("doc_id").alias("of"), *place).explode(place[2], empty_as_null=False)
        lacking = pairs.join(places, left_on=place, right_on=[*key, "sentence"], how="anti")
        yield "beads", f"have {side} sentences that are not there", lacking.select(doc_id="of")


def _index(workspace: Workspace) -> Iterator[Fault]:
    """Find an index that says to be of the texts as they are, and lacks sentences or has others."""
    state = workspace.state()
    if state.about.get("removed", {}).get("tables") != state.files_digest("sentences", "versions"):
        return  # texts were added or removed since, or there is none: the next search sees to that
    folders = [stored.file for name, stored in state.files.items() if name.startswith("rows-")]
    try:
        rows = [pl.scan_parquet(workspace.path / file / "rows.parquet", glob=False) for file in folders]
        held = pl.concat(
            [one.select("text_id") for one in rows] or [pl.LazyFrame(schema={"text_id": pl.Int64})]
        )
        if (removed := workspace.file("removed")) is not None:
            held = held.join(pl.scan_parquet(removed, glob=False), on="text_id", how="anti")
        wanted = workspace.scan("sentences").select("text_id").unique()
        ids = [np.sort(one.collect(engine="streaming")["text_id"].to_numpy()) for one in (wanted, held)]
        lacking, extra = _count_without(ids[0], ids[1]), _count_without(ids[1], ids[0])
    except (OSError, pl.exceptions.PolarsError) as error:
        yield Fault("index", f"unreadable: {error}", "index", "removed")
        return
    if lacking or extra:
        reason = f"{lacking} sentences of the texts are not in it, {extra} in it are of no text"
        yield Fault("index", reason, "index", "removed")


def _count_without(ids: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> int:
    """Return how many of some numbers, ascending, are not among others that ascend."""
    if not len(others):
        return len(ids)
    places = np.minimum(np.searchsorted(others, ids), len(others) - 1)
    return int((others[places] != ids).sum())


def _paragraphs(stored: pl.LazyFrame, sentences: pl.LazyFrame) -> pl.LazyFrame:
    """Return paragraphs that do not enclose the sentences in them, all of these and no others.

    What has no sentence is another fault.
    """
    stored = stored.join(sentences.select("doc_id").unique(), on="doc_id", how="semi")
    made = paragraph_rows(sentences)
    lacking, extra = (
        one.join(other, on=other.collect_schema().names(), how="anti").select("doc_id")
        for one, other in ((made, stored), (stored, made))
    )
    return pl.concat([lacking, extra])


def _lack(rows: pl.LazyFrame, others: pl.LazyFrame, name: str, what: str) -> Iterator[Fault]:
    keys = rows.collect_schema().names()
    yield from _found(rows.join(others.unique(), on=keys, how="anti"), name, what)


def _found(rows: pl.LazyFrame, name: str, what: str, kind: Kind = "rows") -> Iterator[Fault]:
    found = rows.select("doc_id").collect(engine="streaming")["doc_id"]
    if len(found):
        doc_ids = found.unique().sort().to_list()
        more = f" and {len(doc_ids) - _MOST_NAMED} more" if len(doc_ids) > _MOST_NAMED else ""
        reason = f"{len(found)} {what}: {', '.join(doc_ids[:_MOST_NAMED])}{more}"
        yield Fault(f"table of {name}", reason, kind, name, tuple(doc_ids))


def _embeddings(folder: Path) -> Iterator[Fault]:
    """Find embeddings that are not those that were kept, or are no unit vectors (nor zero)."""
    for cache in sorted(path for path in folder.glob("*") if path.is_dir()):
        vectors, keys, checksums = (cache / part for part in ("vectors", "keys", "checksums"))
        name = f"{EMBEDDINGS}/{cache.name}"
        if not keys.exists() and not vectors.exists():
            continue  # of a process that was killed before anything was kept
        try:
            identity = (cache / "encoder.json").read_bytes().removesuffix(b"\n")
            whole = cache.name.endswith(f"-{blake2b(identity, digest_size=6).hexdigest()}")
            dim = int(json.loads(identity)["dim"]) if whole else 0
        except (OSError, ValueError, KeyError, TypeError) as error:
            yield Fault(f"{name}/encoder.json", f"unreadable: {error}", "embeddings", name)
            continue
        if not whole:
            yield Fault(f"{name}/encoder.json", "damaged: not what was written", "embeddings", name)
            continue
        try:
            if not keys.exists() and not _complete_rows(cache, 1):
                continue
            count = keys.stat().st_size // 16
            rows = max(count, _complete_rows(cache, vectors.stat().st_size // (4 * dim)))
            for path, size in ((vectors, 4 * dim), (checksums, 4), (keys, 16)):
                if path.stat().st_size < rows * size:
                    reason = f"truncated: {rows} rows belong in it"
                    yield Fault(f"{name}/{path.name}", reason, "embeddings", name)
                    break
            else:
                yield from _wrong_rows(name, keys, vectors, checksums, dim) if count else ()
        except OSError as error:
            file = f"{name}/{Path(error.filename or keys).name}"
            yield Fault(file, error.strerror or str(error), "embeddings", name)


def _complete_rows(cache: Path, rows: int) -> int:
    """Return how many rows had a key: not those that a killed process did not come to the end of."""
    try:
        return int((cache / APPENDING).read_text(encoding="ascii", errors="replace"))
    except FileNotFoundError:
        return rows
    except ValueError:
        return 0


def _wrong_rows(name: str, keys: Path, vectors: Path, checksums: Path, dim: int) -> Iterator[Fault]:
    """Find rows that are not what was kept (`corpus.encoders.embedding_cache`)."""
    count = keys.stat().st_size // 16
    words = np.memmap(keys, dtype="<u8", mode="r", shape=(count, 2))
    matrix = np.memmap(vectors, dtype="<f4", mode="r", shape=(count, dim))
    sums = np.memmap(checksums, dtype="<u4", mode="r", shape=(count,))
    changed = wrong = 0
    for at in range(0, count, _CHUNK):
        part = slice(at, at + _CHUNK)
        changed += int((row_checksums(words[part], matrix[part]) != sums[part]).sum())
        with np.errstate(all="ignore"):
            norm = np.linalg.norm(matrix[part], axis=1)
        wrong += int((~((np.abs(norm - 1) < 0.01) | (norm == 0))).sum())
    if changed or wrong:
        reason = f"{max(changed, wrong)} rows are no embeddings, or not those that were kept"
        yield Fault(f"{name}/vectors", reason, "embeddings", name)

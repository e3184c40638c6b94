"""Aligned pairs: beads made for a workspace's bilingual documents or for two files, and their table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

import align
from corpus import tables
from corpus.document import document_id
from corpus.encoders import load_encoder
from corpus.errors import CorpusError
from corpus.ingestion import ingest_seeds
from corpus.pairs import PAIRS, Side, pair_rows, pairs_frame
from corpus.resources import models_dir
from corpus.sides import read_sides, workspace_sides

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.workspace import Workspace

Progress = Callable[[int, int], None]


@cache
def load_weights() -> align.Weights:
    """Read the aligner's weights that ship with the toolkit."""
    return align.Weights.from_dict(json.loads(_weights_file().read_text("utf-8")))


@cache
def aligner_name(encoder: str) -> str:
    """Return what makes beads, as the table of beads names it: encoder, and a digest of the weights."""
    return f"{encoder} {hashlib.sha256(_weights_file().read_bytes()).hexdigest()[:8]}"


def _weights_file() -> Path:
    return models_dir() / "aligner" / "default.json"


def align_sides(src: Side, tgt: Side, *, encoder: Encoder | str = "use") -> list[align.Bead]:
    """Align two sides with the shipped weights.

    The weights were trained, and scores calibrated, on the vectors of one encoder (`load_weights`). With
    another they serve as they are: beads are usually right, but a score is a ranking, not a probability.
    """
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    return align.align(
        src.sentences,
        tgt.sentences,
        encoder=encoder,
        weights=replace(load_weights(), encoder=encoder.name),
        src_lang=None if src.lang == "und" else src.lang,
        tgt_lang=None if tgt.lang == "und" else tgt.lang,
        src_paragraphs=src.units(),
        tgt_paragraphs=tgt.units(),
    )


def ensure_documents(workspace: Workspace) -> None:
    """Give an empty workspace the seed documents."""
    if not workspace.state().rows("documents"):
        ingest_seeds(workspace)


def align_workspace(
    workspace: Workspace, *, encoder: Encoder | str = "use", progress: Progress | None = None
) -> pl.DataFrame:
    """Align every bilingual document of a workspace that is not aligned yet; return all pairs.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    encoder
        An encoder, or the name of one, which is loaded only if there is something to align.
    progress
        Called after each document.

    Returns
    -------
    polars.DataFrame
        `PAIRS`.

    Raises
    ------
    CorpusError
        If no document holds text in two languages.
    """
    align_missing(workspace, encoder=encoder, progress=progress)
    several, single = count_documents(workspace)
    if not several:
        msg = (
            f"no document holds text in two languages ({single} in one); "
            "to align two files with each other: corpus align SRC TGT"
        )
        raise CorpusError(msg)
    return workspace_pairs(workspace)


def align_missing(
    workspace: Workspace, *, encoder: Encoder | str = "use", progress: Progress | None = None
) -> None:
    """Align the bilingual documents of a workspace that are not aligned yet, if there are any.

    Documents are aligned and stored in batches: an interruption keeps what is aligned by then, and a
    process that is killed loses one batch. Nothing is locked while documents are aligned. See
    `align_workspace`.
    """
    ensure_documents(workspace)
    aligner = aligner_name(encoder if isinstance(encoder, str) else encoder.name)
    missing = missing_pairs(workspace, aligner)
    done = 0
    for batch in _batches(missing):
        made: list[_Aligned] = []
        sides = workspace_sides(workspace, {doc_id for doc_id, _, _ in batch})
        try:
            for doc_id, src, tgt in batch:
                if (doc_id, src) not in sides or (doc_id, tgt) not in sides:
                    continue  # removed since it was listed
                pair = sides[doc_id, src], sides[doc_id, tgt]
                made.append(_Aligned(doc_id, src, tgt, *pair, align_sides(*pair, encoder=encoder)))
                done += 1
                if progress is not None:
                    progress(done, len(missing))
        except KeyboardInterrupt:
            _store(workspace, made, aligner)
            raise
        _store(workspace, made, aligner)


# Sentences aligned, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A pair of versions, and the beads made of it."""

    doc_id: str
    src_version: int
    tgt_version: int
    src: Side
    tgt: Side
    beads: list[align.Bead]


def _batches(pairs: pl.DataFrame) -> Iterator[list[tuple[str, int, int]]]:
    """Cut pairs of versions into batches of so many sentences, the pairs of a document together."""
    batch: list[tuple[str, int, int]] = []
    size = 0
    for (doc_id,), group in pairs.group_by(["doc_id"], maintain_order=True):
        if batch and size + int(group["sentences"].sum()) > _BATCH:
            yield batch
            batch, size = [], 0
        versions = group.select("src_version", "tgt_version").iter_rows()
        batch += [(str(doc_id), src, tgt) for src, tgt in versions]
        size += int(group["sentences"].sum())
    if batch:
        yield batch


def _store(workspace: Workspace, made: Sequence[_Aligned], aligner: str) -> None:
    """Keep beads, but of texts that were changed while they were aligned."""
    if not made:
        return
    docs = {item.doc_id for item in made}
    with workspace.change() as change:
        now = workspace_sides(workspace, docs)
        fresh = [
            item
            for item in made
            if _same_text(item.src, now.get((item.doc_id, item.src_version)))
            and _same_text(item.tgt, now.get((item.doc_id, item.tgt_version)))
        ]
        keys = ["doc_id", "src_version", "tgt_version"]
        again = pl.DataFrame(
            [(item.doc_id, item.src_version, item.tgt_version) for item in fresh],
            schema={key: tables.SCHEMAS["beads"][key] for key in keys},
            orient="row",
        )
        docs = {item.doc_id for item in fresh}
        others = (
            workspace.scan("beads")
            .filter(pl.col("doc_id").is_in(pl.Series(list(docs), dtype=pl.String).implode()))
            .join(again.lazy(), on=keys, how="anti", maintain_order="left")
            .collect()
        )
        rows = [
            row
            for item in fresh
            for row in tables.bead_rows(item.doc_id, item.src_version, item.tgt_version, item.beads, aligner)
        ]
        change.replace("beads", docs, pl.concat([others, tables.frame("beads", rows)]).sort("doc_id"))


def _same_text(one: Side, other: Side | None) -> bool:
    def aligned(side: Side) -> tuple[object, ...]:
        return side.lang, side.sentences, side.paragraphs, side.headings

    return other is not None and aligned(one) == aligned(other)


def missing_pairs(workspace: Workspace, aligner: str) -> pl.DataFrame:
    """Return the pairs of versions that an aligner has not aligned.

    Returns
    -------
    polars.DataFrame
        doc_id, src_version, tgt_version, and the count of both versions' sentences; by document.
    """
    keys = ["doc_id", "src_version", "tgt_version"]
    several = workspace.scan("versions").filter(pl.len().over("doc_id") > 1)
    versions = several.select("doc_id", "version", "relation").collect()
    # The source is the original, else the first version.
    sources = (
        versions.sort("doc_id", pl.col("relation") != "original", "version")
        .unique("doc_id", keep="first", maintain_order=True)
        .select("doc_id", src_version="version")
    )
    pairs = (
        versions.select("doc_id", tgt_version="version")
        .join(sources, on="doc_id")
        .filter(pl.col("src_version") != pl.col("tgt_version"))
    )
    done = workspace.scan("beads").filter(pl.col("aligner") == aligner).select(keys).unique().collect()
    counts = (
        workspace.scan("sentences")
        .select("doc_id", "version")
        .join(versions.lazy().select("doc_id", "version"), on=["doc_id", "version"])
        .group_by("doc_id", "version")
        .len()
        .collect()
    )
    missing = pairs.join(done, on=keys, how="anti")
    for side in ("src", "tgt"):  # a version without sentences has no counterpart
        missing = missing.join(
            counts.rename({"version": f"{side}_version", "len": side}), on=["doc_id", f"{side}_version"]
        )
    return missing.select(*keys, sentences=pl.col("src") + pl.col("tgt")).sort(keys)


def workspace_pairs(workspace: Workspace) -> pl.DataFrame:
    """Return the pairs that a workspace's documents were aligned to (`PAIRS`)."""
    workspace = workspace.pin()
    beads = workspace.table("beads").sort("doc_id", "src_version", "tgt_version", "bead")
    sides = workspace_sides(workspace, beads["doc_id"].unique())
    rows = []
    for (doc_id, src, tgt), group in beads.group_by(
        ["doc_id", "src_version", "tgt_version"], maintain_order=True
    ):
        made = [
            align.Bead(tuple(src_ids), tuple(tgt_ids), score, tuple(flags))
            for src_ids, tgt_ids, score, flags in group.select(
                "src_ids", "tgt_ids", "score", "flags"
            ).iter_rows()
        ]
        rows += pair_rows(str(doc_id), sides[str(doc_id), int(src)], sides[str(doc_id), int(tgt)], made)
    return pl.DataFrame(rows, schema=PAIRS)


def beads_text(pairs: pl.DataFrame) -> str:
    """Write pairs as gold files have beads: ``[0, 1]:[2]``, one a line, null beads included."""
    ids = pairs.select("src_ids", "tgt_ids").iter_rows()
    return align.format_beads(align.Bead(tuple(src), tuple(tgt)) for src, tgt in ids)


def count_documents(workspace: Workspace) -> tuple[int, int]:
    """Return how many documents of a workspace hold several languages, and how many hold one."""
    counts = workspace.scan("versions").group_by("doc_id").len().collect()
    several = counts.filter(pl.col("len") > 1)
    return len(several), len(counts) - len(several)


def align_files(
    src: Path | str,
    tgt: Path | str | None = None,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    lines: bool = False,
    encoding: str | None = None,
    encoder: Encoder | str = "use",
) -> pl.DataFrame:
    """Align two files, or the two versions in one; see `corpus.sides.read_sides` for how they are read.

    Returns
    -------
    polars.DataFrame
        `PAIRS`; `doc_id` is the stem of the source file's name.

    Raises
    ------
    InputError
        If a file cannot be read, or one file is given that does not hold two languages.
    """
    sides = read_sides(src, tgt, src_lang=src_lang, tgt_lang=tgt_lang, lines=lines, encoding=encoding)
    return pairs_frame(document_id(str(src)), *sides, align_sides(*sides, encoder=encoder))

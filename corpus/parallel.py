"""Aligned pairs: beads made for a workspace's bilingual documents or for two files, and their table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

import align
from corpus import tables
from corpus.document import document_id
from corpus.encoders import load_encoder
from corpus.errors import CorpusError, WorkspaceError
from corpus.ingestion import ingest_seeds
from corpus.pairs import PAIRS, Side, pair_rows, pairs_frame
from corpus.sides import read_sides, workspace_sides
from corpus.weights import parse_weights, shipped_weights, weights_digest, weights_text

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.workspace import Workspace

Progress = Callable[[int, int], None]

_WEIGHTS = "weights"  # what a workspace calls the file of weights it keeps


def aligner_name(encoder: str, weights: align.Weights) -> str:
    """Return what makes beads, as the table of beads names it: encoder, and a digest of the weights."""
    return f"{encoder} {weights_digest(weights)}"


def workspace_weights(workspace: Workspace) -> align.Weights:
    """Return the weights a workspace was last told to align with, those that ship if never.

    Raises
    ------
    WorkspaceError
        If the file of weights in the workspace is damaged.
    """
    state = workspace.state()
    file = workspace.file(_WEIGHTS)
    if file is None or state.about.get(_WEIGHTS, {}).get("shipped"):
        return shipped_weights()
    try:
        return parse_weights(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{file}: damaged or unreadable ({error}); name weights again: corpus align --weights FILE"
        raise WorkspaceError(msg) from None


def align_sides(
    src: Side, tgt: Side, *, encoder: Encoder | str = "use", weights: align.Weights | None = None
) -> list[align.Bead]:
    """Align two sides.

    Parameters
    ----------
    src, tgt
        The sides.
    encoder
        An encoder, or the name of one.
    weights
        Of the aligner; otherwise those that ship. These were trained, and scores calibrated, on the vectors
        of one encoder. With another they serve as they are: beads are usually right, but a score is a
        ranking, not a probability.

    Raises
    ------
    CorpusError
        If weights are given that belong to another encoder.
    """
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    if weights is None:
        weights = replace(shipped_weights(), encoder=encoder.name)
    check_encoder(weights, encoder.name)
    return align.align(
        src.sentences,
        tgt.sentences,
        encoder=encoder,
        weights=weights,
        src_lang=None if src.lang == "und" else src.lang,
        tgt_lang=None if tgt.lang == "und" else tgt.lang,
        src_paragraphs=src.units(),
        tgt_paragraphs=tgt.units(),
    )


def check_encoder(weights: align.Weights, encoder: str) -> None:
    """Refuse weights that are another encoder's (CorpusError)."""
    if weights.encoder != encoder:
        msg = (
            f"these weights are for the encoder {weights.encoder}, not {encoder}: "
            f"say --encoder {weights.encoder}, or train weights for {encoder} with corpus train-aligner"
        )
        raise CorpusError(msg)


def ensure_documents(workspace: Workspace) -> None:
    """Give an empty workspace the seed documents."""
    if workspace.table("documents").is_empty():
        ingest_seeds(workspace)


def align_workspace(
    workspace: Workspace,
    *,
    encoder: Encoder | str = "use",
    weights: align.Weights | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Align every bilingual document of a workspace that is not aligned yet; return all pairs.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    encoder
        An encoder, or the name of one, which is loaded only if there is something to align.
    weights
        Of the aligner, which the workspace keeps from now on; otherwise those it keeps, or those that ship.
        What other weights aligned is aligned again.
    progress
        Called after each document.

    Returns
    -------
    polars.DataFrame
        `PAIRS`.

    Raises
    ------
    CorpusError
        If no document holds text in two languages, or weights are given that belong to another encoder.
    """
    align_missing(workspace, encoder=encoder, weights=weights, progress=progress)
    several, single = count_documents(workspace)
    if not several:
        msg = (
            f"no document holds text in two languages ({single} in one); "
            "to align two files with each other: corpus align SRC TGT"
        )
        raise CorpusError(msg)
    return workspace_pairs(workspace)


def align_missing(
    workspace: Workspace,
    *,
    encoder: Encoder | str = "use",
    weights: align.Weights | None = None,
    progress: Progress | None = None,
) -> None:
    """Align the bilingual documents of a workspace that are not aligned yet, if there are any.

    An interruption keeps what is aligned by then. See `align_workspace`.
    """
    ensure_documents(workspace)
    name = encoder if isinstance(encoder, str) else encoder.name
    if weights is not None:
        check_encoder(weights, name)
        _keep_weights(workspace, weights)
    kept = workspace_weights(workspace)
    scorer = kept if kept.encoder == name else None  # those that ship serve any encoder, if less well
    aligner = aligner_name(name, scorer or shipped_weights())
    if not _missing_pairs(workspace, aligner):
        return
    rows: list[dict[str, Any]] = []
    interrupted = False
    with workspace.change() as change:
        missing = _missing_pairs(workspace, aligner)  # again, now that nobody else can change it
        sides = workspace_sides(workspace)
        done: list[tuple[str, int, int]] = []
        try:
            for number, (doc_id, src, tgt) in enumerate(missing, start=1):
                beads = align_sides(sides[doc_id, src], sides[doc_id, tgt], encoder=encoder, weights=scorer)
                rows += tables.bead_rows(doc_id, src, tgt, beads, aligner)
                done.append((doc_id, src, tgt))
                if progress is not None:
                    progress(number, len(missing))
        except KeyboardInterrupt:
            interrupted = True
        keys = ["doc_id", "src_version", "tgt_version"]
        again = pl.DataFrame(done, schema={key: tables.SCHEMAS["beads"][key] for key in keys}, orient="row")
        others = workspace.table("beads").join(again, on=keys, how="anti", maintain_order="left")
        change.put_table("beads", pl.concat([others, tables.frame("beads", rows)]))
    if interrupted:
        raise KeyboardInterrupt


def _keep_weights(workspace: Workspace, weights: align.Weights) -> None:
    """Note in a workspace what it is aligned with from now on."""
    with suppress(WorkspaceError):  # what is damaged is replaced
        if weights == workspace_weights(workspace):
            return
    with workspace.change() as change:
        about = {"shipped": weights == shipped_weights()}
        change.put_file(_WEIGHTS, "json", weights_text(weights).encode(), about)


def _missing_pairs(workspace: Workspace, aligner: str) -> list[tuple[str, int, int]]:
    """Return the pairs of versions that this aligner has not aligned."""
    beads = workspace.table("beads").filter(pl.col("aligner") == aligner)
    done = set(beads.select("doc_id", "src_version", "tgt_version").unique().iter_rows())
    with_text = set(workspace.table("sentences").select("doc_id", "version").unique().iter_rows())
    return [
        (doc_id, src, tgt)
        for doc_id, src, tgt in _version_pairs(workspace.table("versions"))
        if (doc_id, src, tgt) not in done and {(doc_id, src), (doc_id, tgt)} <= with_text
    ]


def workspace_pairs(workspace: Workspace) -> pl.DataFrame:
    """Return the pairs that a workspace's documents were aligned to (`PAIRS`)."""
    workspace = workspace.pin()
    sides = workspace_sides(workspace)
    rows: list[dict[str, Any]] = []
    beads = workspace.table("beads").sort("doc_id", "src_version", "tgt_version", "bead")
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


def _version_pairs(versions: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Yield (document, source version, target version); the source is the original, else the first."""
    for (doc_id,), group in versions.sort("doc_id", "version").group_by(["doc_id"], maintain_order=True):
        if len(group) < 2:
            continue
        originals = group.filter(pl.col("relation") == "original")
        source = int((originals if len(originals) else group)["version"][0])
        for target in group["version"]:
            if target != source:
                yield str(doc_id), source, int(target)


def count_documents(workspace: Workspace) -> tuple[int, int]:
    """Return how many documents of a workspace hold several languages, and how many hold one."""
    counts = workspace.table("versions").group_by("doc_id").len()
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
    weights: align.Weights | None = None,
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
    CorpusError
        If weights are given that belong to another encoder.
    """
    sides = read_sides(src, tgt, src_lang=src_lang, tgt_lang=tgt_lang, lines=lines, encoding=encoding)
    beads = align_sides(*sides, encoder=encoder, weights=weights)
    return pairs_frame(document_id(str(src)), *sides, beads)

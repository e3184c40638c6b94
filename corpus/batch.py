"""Align the same-named files of two folders, in parallel, taking up where an earlier run stopped."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import align
from corpus.encoders.parallel import processors
from corpus.errors import CorpusError, InputError
from corpus.files import read_bytes, write_atomically
from corpus.parallel import align_sides
from corpus.sides import read_side

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How the files are read, aligned and written.

    See `corpus.sides.read_side`, `corpus.parallel.align_sides` and `corpus.pairs.to_tsv`.
    """

    src_lang: str | None = None
    tgt_lang: str | None = None
    lines: bool = False
    encoding: str | None = None
    encoder: str = "use"
    weights: align.Weights | None = None
    beads: bool = False
    columns: tuple[str, ...] = ()
    header: bool = True
    nulls: bool = False


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What was aligned, what had been, what has no counterpart, and what failed, by file name."""

    aligned: tuple[str, ...]
    kept: tuple[str, ...]
    unpaired: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def align_folders(
    src: Path,
    tgt: Path,
    out: Path,
    options: BatchOptions,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> BatchReport:
    """Align every file of a folder with the file of the same name in another.

    Each pair has one output file, of the same name, in `out`; one that is there already is kept, so that
    an interrupted run goes on where it stopped. A file that cannot be read is reported, and the others
    are aligned.

    Raises
    ------
    InputError
        If no two files have the same name.
    """
    names, unpaired = _paired_names(src, tgt)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"cannot write the folder {out}: {error.strerror}"
        raise CorpusError(msg) from None
    missing = [name for name in names if not (out / name).exists()]
    failed: list[tuple[str, str]] = []
    # Spawned, not forked: threads of numpy's libraries do not survive a fork.
    pool = ProcessPoolExecutor(min(processors(), len(missing) or 1), mp_context=get_context("spawn"))
    try:
        tasks = {
            pool.submit(_align_one, src / name, tgt / name, out / name, options): name for name in missing
        }
        for number, task in enumerate(as_completed(tasks), start=1):
            reason = task.result()
            if reason is not None:
                failed.append((tasks[task], reason))
            if progress is not None:
                progress(number, len(missing))
    finally:
        pool.shutdown(cancel_futures=True)
    failed_names = {name for name, _ in failed}
    return BatchReport(
        aligned=tuple(name for name in missing if name not in failed_names),
        kept=tuple(name for name in names if name not in missing),
        unpaired=tuple(unpaired),
        failed=tuple(sorted(failed)),
    )


def _paired_names(src: Path, tgt: Path) -> tuple[list[str], list[str]]:
    src_names, tgt_names = (
        {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
        for folder in (src, tgt)
    )
    if not src_names & tgt_names:
        msg = f"{src} and {tgt}: no two files have the same name"
        raise InputError(msg)
    return sorted(src_names & tgt_names), sorted(src_names ^ tgt_names)


def _align_one(src: Path, tgt: Path, out: Path, options: BatchOptions) -> str | None:
    """Align one pair of files in a process of its own; return what went wrong, if anything."""
    from corpus.document import document_id
    from corpus.pairs import COLUMNS, pairs_frame, to_tsv

    try:
        sides = [
            read_side(read_bytes(path), str(path), lang=lang, lines=options.lines, encoding=options.encoding)
            for path, lang in ((src, options.src_lang), (tgt, options.tgt_lang))
        ]
        beads = align_sides(*sides, encoder=options.encoder, weights=options.weights)
        if options.beads:
            text = align.format_beads(beads)
        else:
            pairs = pairs_frame(document_id(src.name), sides[0], sides[1], beads)
            text = to_tsv(
                pairs, columns=options.columns or COLUMNS, header=options.header, nulls=options.nulls
            )
        write_atomically(out, text.encode("utf-8", "surrogatepass"))
    except CorpusError as error:
        return str(error)
    return None

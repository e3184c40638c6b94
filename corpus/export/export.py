"""Write a workspace's aligned pairs: chosen, parted, counted, and said what they rest on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import IO, TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.pair_selection import BatchSelection, PairFilter
from corpus.documents.pairs import PairCounts, pair_batches
from corpus.export.datasheet import Tally, card, datasheet, rights_of
from corpus.export.split import SEED, split_works, without_shared
from corpus.quality.reviews import with_judgements
from corpus.reuse.reprints import update_reprints
from corpus.store.beads import PAIR, scan_beads
from corpus.store.snapshot import snapshot
from corpus.writers.base import WriteOptions, base_of, check_options, formats, matched_ending, write_into
from corpus.writers.output import Illegal, encoded, output_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from corpus.base.progress import Progress
    from corpus.documents.pairs import PairBatch
    from corpus.export.split import Split
    from corpus.store.workspace import Workspace
    from corpus.writers.base import Format
    from corpus.writers.output import Output

SHEETED = ("parquet", "dataset", "texts")
"""Formats that are given a datasheet unless it is not wanted: those in which a corpus is passed on."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes
    ----------
    counts
        How many pairs, and sentences in none.
    left_out
        How many pairs were left out, by the reason.
    parts
        How many works and pairs are in each part; empty where nothing was parted.
    files
        What was written: files, or what several are called after, or folders.
    replaced
        How many characters of the pairs XML cannot hold: written as U+FFFD, where the format is XML.
    """

    counts: PairCounts
    left_out: dict[str, int] = field(default_factory=dict)
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    replaced: int = 0


def export_pairs(
    workspace: Workspace,
    target: Path | str,
    form: str,
    *,
    wanted: PairFilter | None = None,
    options: WriteOptions | None = None,
    shares: Mapping[str, float] | None = None,
    seed: int = SEED,
    sheet: bool | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the pairs that a workspace is aligned to, as many at a time as some documents have.

    Parameters
    ----------
    workspace
        Aligned (`corpus.alignment.incremental.align_missing`).
    target, form
        Where to, and the name of the format; see `corpus.writers.base.write_pairs`.
    wanted
        Which pairs; otherwise all that were not judged wrong.
    options
        What is asked of the writer. What the pairs rest on is added.
    shares
        Of parts to be written apart (`corpus.export.split.read_shares`): ``pairs.train.tsv``, in a folder
        ``train/``. A pair that stands in several parts is written in the last one only.
    seed
        By which works are parted.
    sheet
        Whether to write a datasheet: ``datasheet.md`` in a folder, ``NAME.datasheet.md`` beside a file. None
        for the formats of `SHEETED` only. The format ``dataset`` has it in its card, README.md.
    progress
        Called with how many beads are written.

    Raises
    ------
    CorpusError
        If there are no pairs in the languages wanted, no such column, or the place cannot be written; if
        there are fewer works than parts. Nothing is written then.
    """
    wanted = PairFilter() if wanted is None else wanted
    options = WriteOptions() if options is None else options
    check_options(form, options)
    if str(target) == "-" and (shares or sheet):
        raise CorpusError("parts and a datasheet are files: name where they go, not -")
    if shares and workspace.pinned is None:
        update_reprints(workspace)
    workspace = workspace.pin()
    split = split_works(workspace, shares, seed=seed) if shares else None
    selection = select_batches(workspace, wanted, split, progress=progress)
    made = _made(workspace, wanted, split, shares, seed)
    told = {name: said for name, said in made.items() if name in ("aligner", "snapshot", "filters")}
    options = replace(options, about=told | options.about)
    tallies = {name: Tally() for name in (split.parts if split else ("",))}
    illegal = Illegal(nulls=options.nulls)
    with_sheet = form in SHEETED and str(target) != "-" if sheet is None else sheet
    with ExitStack() as stack:
        place = _Place(target, formats()[form], stack)
        outs = {name: place.part(name) for name in tallies}
        runs = groupby(selection, key=lambda batch: batch.part)
        part, run = next(runs, (None, iter(())))
        for name, tally in tallies.items():  # in the order in which batches come; a part may have none
            batches: Iterator[PairBatch] = run if part == name else iter(())
            counted = tally.count(batches)
            found = illegal.counted(counted) if formats()[form].xml else counted
            write_into(found, outs[name], form, options)
            if part == name:
                part, run = next(runs, (None, iter(())))
        works = split.works if split else {}
        if with_sheet:
            told = made | {"left out": _listed(selection.left_out) or "nothing"}
            text = datasheet(workspace, tallies, title=options.title, made=told, works=works)
            if form == "dataset":
                paths = {name: f"{name}/pairs.parquet" if name else "pairs.parquet" for name in tallies}
                rights = rights_of(workspace, set().union(*(one.documents for one in tallies.values())))
                text = card(text, tallies, paths, rights=rights)
            with place.sheet("README.md" if form == "dataset" else "datasheet.md") as file:
                file.write(encoded(text))
    counts = PairCounts()
    for tally in tallies.values():
        counts.merge(tally.counts)
    parts = {name: (works[name], tally.counts.pairs) for name, tally in tallies.items()} if split else {}
    return Exported(counts, selection.left_out, parts, tuple(place.files), illegal.count)


class _Place:
    """Where the parts of an export and its datasheet go; all comes to stand there when the stack ends."""

    def __init__(self, target: Path | str, form: Format, stack: ExitStack) -> None:
        self._target = target
        self._form = form
        self._stack = stack
        self._folder: Output | None = None
        self.files: list[str] = []
        if form.shape == "folder":
            self._folder = self._open(target, "folder")

    def _open(self, target: Path | str, shape: str) -> Output:
        self.files += [] if str(target) == "-" else [str(target)]
        return self._stack.enter_context(output_to(target, shape, binary=self._form.binary))

    def part(self, name: str) -> Output:
        """Return where a part goes; the whole, if it has no name."""
        if self._folder is not None:
            return _Inside(self._folder, name) if name else self._folder
        if str(self._target) == "-":
            return self._open("-", self._form.shape)
        base = base_of(self._target, self._form)
        if not name:
            return self._open(base, self._form.shape)
        if self._form.shape == "files":
            return self._open(base.with_name(f"{base.name}.{name}"), "files")
        ending = matched_ending(base, self._form) or base.suffix
        stem = base.name[: len(base.name) - len(ending)] if ending else base.name
        return self._open(base.with_name(f"{stem}.{name}{ending}"), "file")

    def sheet(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Open the datasheet."""
        if self._folder is not None:
            return self._folder.open(name)
        base = base_of(self._target, self._form)
        ending = matched_ending(base, self._form) or (base.suffix if self._form.shape == "file" else "")
        stem = base.name[: len(base.name) - len(ending)] if ending else base.name
        return self._open(base.with_name(f"{stem}.{name}"), "file").open()


@dataclass(frozen=True, slots=True)
class _Inside:
    """A folder in a folder that is written."""

    folder: Output
    name: str

    def open(self, name: str = "") -> AbstractContextManager[IO[bytes]]:
        return self.folder.open(f"{self.name}/{name}")


def select_batches(
    workspace: Workspace, wanted: PairFilter, split: Split | None = None, *, progress: Progress | None = None
) -> BatchSelection:
    """Return the pairs of a workspace that are asked for, in batches, with what was judged of them.

    Raises
    ------
    CorpusError
        If there are pairs, but none in the languages wanted.
    """
    total = workspace.state().rows("beads")
    parts = split.parts if split is not None else {"": None}

    def batches() -> Iterator[PairBatch]:
        done = 0
        for name, doc_ids in parts.items():
            for batch in pair_batches(workspace, doc_ids):
                yield replace(batch, pairs=with_judgements(workspace, batch.pairs), part=name)
                done += len(batch.pairs)
                if progress is not None:
                    progress(min(done, total), total)

    def alone(batch: PairBatch) -> tuple[PairBatch, int]:
        assert split is not None
        pairs, count = without_shared(batch.pairs, batch.part, split.shared)
        return replace(batch, pairs=pairs), count

    others = {} if split is None else {"that stand in another part, too": alone}
    return BatchSelection(batches, wanted, bead_languages(workspace), others)


def bead_languages(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the pairs of languages that a workspace is aligned in, source and target."""
    pairs = scan_beads(workspace).select(PAIR).unique()
    for side, doc in (("src", "doc_id"), ("tgt", "tgt_doc")):
        names = {"doc_id": doc, "version": f"{side}_version", "lang": side}
        langs = workspace.scan("versions").select(pl.col(name).alias(new) for name, new in names.items())
        pairs = pairs.join(langs, on=[doc, f"{side}_version"])
    return [*pairs.select("src", "tgt").unique().collect().sort("src", "tgt").iter_rows()]


def _made(
    workspace: Workspace,
    wanted: PairFilter,
    split: Split | None,
    shares: Mapping[str, float] | None,
    seed: int,
) -> dict[str, str]:
    """Return what an export is made with, by name."""
    aligners = scan_beads(workspace).select(pl.col("aligner").unique().sort()).collect()["aligner"]
    made = {
        "tool": WriteOptions().tool,
        "day": datetime.now(tz=UTC).date().isoformat(),
        "aligner": ", ".join(aligners),
        "snapshot": _snapshot(workspace),
        "filters": _filters(wanted),
    }
    if split is not None and shares is not None:
        named = ", ".join(f"{name} {share:.4g}" for name, share in shares.items())
        made["parts"] = f"{named}; whole works, seed {seed}"
    return made


def _snapshot(workspace: Workspace) -> str:
    """Return the state of texts and beads, as messages have it."""
    taken = snapshot(workspace).to_dict()
    return " ".join(f"{name} {taken[name]}" for name in ("texts", "beads") if taken[name])


def _filters(wanted: PairFilter) -> str:
    said = [
        f"in {'-'.join(wanted.langs)}" if wanted.langs else "",
        f"with a score of {wanted.min_score:g} or more" if wanted.min_score else "",
        f"without the flags {', '.join(wanted.no_flags)}" if wanted.no_flags else "",
        "each two texts once" if wanted.dedup else "",
        "" if wanted.keep_wrong else "not judged wrong",
    ]
    return "; ".join(filter(None, said)) or "none"


def _listed(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in left_out.items())

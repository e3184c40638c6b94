"""Align the files of two folders that have one name, in parallel, taking up where an earlier run stopped.

A record in the folder of the outputs says what each was made of (`corpus.alignment.journal`). What is up to
date is kept, what was made of something else is made anew, and a file that this did not write, or that
was changed since, is left alone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Literal, TypeAlias

import align
from corpus.alignment.align import align_sides
from corpus.alignment.journal import Made, held_record, read_record, write_record
from corpus.alignment.settings import aligner_name
from corpus.alignment.sources import read_pair
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError, InputError
from corpus.base.files import digest, json_digest, read_bytes, write_atomically
from corpus.documents.named_pairs import pair_folders
from corpus.execution.executor import as_done
from corpus.execution.processes import Processes
from corpus.ingestion.reading.loading import READER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor


_SAVE_EVERY = 2.0  # seconds of work that a killed run may have to do again


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How the files are read, aligned and written.

    See `corpus.alignment.sources.read_side`, `corpus.alignment.align.align_sides` and
    `corpus.writers.tsv.to_tsv`.
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
    moved: bool = True


@dataclass(frozen=True, slots=True)
class _Task:
    """A pair of files to align; its output has the name."""

    name: str
    src: Path
    tgt: Path
    options: BatchOptions


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What was done with each file, by name.

    Attributes
    ----------
    made, remade, kept
        Aligned for the first time; aligned again, since files, options or aligner are not what they were;
        up to date.
    left
        Not up to date, or not known to be, and left as they are: there is no record of them, or they were
        changed since they were made.
    unpaired
        In one of the folders only.
    failed
        With the reason.
    """

    made: tuple[str, ...]
    remade: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]
    unpaired: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def align_folders(
    src: Path,
    tgt: Path,
    out: Path,
    options: BatchOptions,
    *,
    pattern: str | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> BatchReport:
    """Align every file of a folder with the file of the same name in another, or but for its language.

    Each pair has one output file in `out`, with the name of the source. An interrupted run goes on where it
    stopped. A file that cannot be read is reported, and the others are aligned.

    Parameters
    ----------
    src, tgt, out, options
        Where from, where to, and how.
    pattern
        Where the name stands, and where the language (`corpus.documents.named_pairs.pair_names`).
    executor
        Whose workers align, which have to see both folders; None for processes of this machine.
    progress
        Called after each pair.

    Raises
    ------
    InputError
        If no two files have the same name, or `out` is one of the folders.
    CorpusError
        If `out` cannot be written, or its record cannot be read.
    """
    if out.resolve() in (src.resolve(), tgt.resolve()):
        raise InputError(
            f"{out}: the results would stand in the place of the files that are aligned; name another folder"
        )
    partners, unpaired = _paired_names(src, tgt, pattern)
    names = sorted(partners)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"cannot write the folder {out}: {error.strerror}") from None
    record = read_record(out)
    settings = _how(options)
    wanted = {
        name: Made(settings, _content(src / name), _content(tgt / other)) for name, other in partners.items()
    }
    states = {name: _state(out / name, wanted[name], record.get(name)) for name in names}
    todo = {name: partners[name] for name in names if states[name] in ("missing", "stale")}
    failed: dict[str, str] = {}
    made: dict[str, bytes] = {}  # but not yet written
    saved = monotonic()
    try:
        for number, (name, result) in enumerate(
            _align_all(src, tgt, todo, options, executor or Processes()), start=1
        ):
            if isinstance(result, bytes):
                made[name] = result
            else:
                failed[name] = result
            if monotonic() - saved > _SAVE_EVERY:
                failed |= _store(out, made, wanted, states)
                made, saved = {}, monotonic()
            if progress is not None:
                progress(number, len(todo))
    finally:
        failed |= _store(out, made, wanted, states)

    def named(state: State) -> tuple[str, ...]:
        return tuple(name for name in names if states[name] == state and name not in failed)

    return BatchReport(
        made=named("missing"),
        remade=named("stale"),
        kept=named("current"),
        left=named("foreign"),
        unpaired=tuple(unpaired),
        failed=tuple(sorted(failed.items())),
    )


def _how(options: BatchOptions) -> str:
    """Return a short digest of aligner and options, the same for all outputs."""
    weights = options.weights or replace(shipped_weights(), encoder=options.encoder)
    rest = asdict(replace(options, weights=None))
    return f"{aligner_name(options.encoder, weights)} {json_digest([rest, READER])[:8]}"


def _content(file: Path) -> str:
    """Return a digest of a file, empty if it cannot be read; why not is said when it is aligned."""
    try:
        return digest(read_bytes(file))
    except InputError:
        return ""


State: TypeAlias = Literal["missing", "current", "stale", "foreign"]


def _state(out: Path, wanted: Made, recorded: Made | None) -> State:
    """Say what is to be done with an output."""
    if not out.exists():
        return "missing"
    if recorded is None:
        return "foreign"
    if recorded.before and _content(out) == recorded.before:
        return "stale"  # a run was killed that was about to replace it
    if recorded.is_of(wanted):
        return "current"  # whatever a user may have changed in it
    return "stale" if _content(out) == recorded.out else "foreign"


def _store(
    out: Path, made: Mapping[str, bytes], wanted: Mapping[str, Made], states: dict[str, State]
) -> dict[str, str]:
    """Write outputs, and record what they were made of; return those that cannot be written, with the reason.

    The record has the digests of an output and of what it replaces before it is written: of a killed run,
    both are known for its own, and anything else is a user's. What has been changed or made by others
    since `found` is left, and `found` says so.
    """
    failed: dict[str, str] = {}
    if not made:
        return failed
    with held_record(out) as record:
        now = {name: _state(out / name, wanted[name], record.get(name)) for name in made}
        states |= {name: state for name, state in now.items() if state in ("current", "foreign")}
        todo = [name for name in made if now[name] in ("missing", "stale")]
        done = {name: replace(wanted[name], out=digest(made[name])) for name in todo}
        write_record(out, record | {name: replace(done[name], before=_content(out / name)) for name in todo})
        for name in todo:
            try:
                write_atomically(out / name, made[name])
            except CorpusError as error:
                failed[name] = str(error)
            else:
                record[name] = done[name]
        write_record(out, record)
    return failed


def _align_all(
    src: Path, tgt: Path, names: Mapping[str, str], options: BatchOptions, executor: Executor
) -> Iterator[tuple[str, bytes | str]]:
    """Align pairs of files by workers; yield name, and the output or what went wrong."""
    src, tgt = src.absolute(), tgt.absolute()
    tasks = [_Task(name, src / name, tgt / other, options) for name, other in names.items()]
    with executor.workers(len(tasks)) as workers:
        for task, result in as_done(workers, _align_one, tasks):
            yield task.name, result


def _paired_names(src: Path, tgt: Path, pattern: str | None) -> tuple[dict[str, str], list[str]]:
    """Return the name of the target by that of the source, and the names of files without a partner."""
    src_names, tgt_names = (
        {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
        for folder in (src, tgt)
    )
    pairs, alone = pair_folders(src_names, tgt_names, pattern)
    if not pairs:
        raise InputError(
            f"{src} and {tgt}: no two files have the same name, nor one but for a language's code; to say "
            "where the name stands: `pattern='{name}.{lang}.txt'`"
        )
    return dict(pairs), alone


def _align_one(task: _Task) -> bytes | str:
    """Align one pair of files; return the output, or what went wrong."""
    from corpus.documents.pairs import COLUMNS, pairs_frame
    from corpus.ingestion.reading.document import document_id
    from corpus.writers.tsv import to_tsv

    options = task.options
    try:
        files = (
            (read_bytes(path), str(path), lang)
            for path, lang in ((task.src, options.src_lang), (task.tgt, options.tgt_lang))
        )
        sides = read_pair(*files, lines=options.lines, encoding=options.encoding)
        beads = align_sides(*sides, encoder=options.encoder, weights=options.weights, moved=options.moved)
        if options.beads:
            text = align.format_beads(beads)
        else:
            pairs = pairs_frame(document_id(task.src.name), sides[0], sides[1], beads)
            text = to_tsv(
                pairs, columns=options.columns or COLUMNS, header=options.header, nulls=options.nulls
            )
    except CorpusError as error:
        return str(error)
    return text.encode("utf-8", "surrogatepass")

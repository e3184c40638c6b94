"""The command that aligns documents and files."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import (
    progress_bar,
    say,
    say_if_seeds,
    say_if_uncalibrated,
    this_command,
    workspace_option,
)
from corpus.cli.output import check_output, put_pairs, put_text

if TYPE_CHECKING:
    import polars as pl

    from align import Weights
    from corpus.alignment.folders import BatchOptions
    from corpus.documents.pairs import PairBatch
    from corpus.execution.executor import Executor
    from corpus.store.workspace import Workspace


_MOST_NAMED = 10


def align(
    src: Annotated[str | None, typer.Argument(metavar="[SRC]", help="Source file, or - for stdin.")] = None,
    tgt: Annotated[
        str | None,
        typer.Argument(metavar="[TGT]", help="Target file; without it, SRC holds both languages."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write TSV to FILE, or to stdout for -."),
    ] = None,
    src_lang: opt.SrcLang = None,
    tgt_lang: opt.TgtLang = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="SRC and TGT hold one sentence a line; clean nothing.")
    ] = False,
    columns: opt.Columns = None,
    header: opt.Header = True,
    nulls: opt.Nulls = False,
    moved: opt.Moved = None,
    beads: Annotated[
        bool, typer.Option("--beads", help="Write beads, as gold files have them: [0, 1]:[2].")
    ] = False,
    encoding: opt.Encoding = None,
    langs: Annotated[
        str | None,
        typer.Option(
            "--langs", metavar="A-B,…", help="Align these languages, too, in every work that has both: zh-en."
        ),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Put SRC and TGT into the workspace, and link them.")
    ] = False,
    pattern: opt.NamePattern = None,
    realign: Annotated[
        list[str] | None,
        typer.Option(
            "--realign",
            metavar="DOC",
            help="Align anew a document that came in aligned; all for each such one.",
        ),
    ] = None,
    as_imported: Annotated[
        list[str] | None,
        typer.Option(
            "--as-imported", metavar="DOC", help="Go back to the pairs that DOC came in with; all for each."
        ),
    ] = None,
    encoder: opt.AlignerEncoder = None,
    weights: opt.Weights = None,
    executor: opt.Executor = None,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Align sentences with their translations.

    Without files: every document of the workspace that holds two languages, and all that is linked (corpus
    link), or the seeds if nothing is ingested. In a work of more than two languages --langs says which pairs
    are wanted besides, from now on. A terminal gets two columns to read, a pipe or -o FILE gets TSV. Of two
    folders, files of the same name are aligned, or of one but for the code of a language (b.zh.txt and
    b.en.txt; --pattern), each into a file with the source's name in -o FOLDER. Run again, it keeps what is up
    to date there, makes anew what was made of other files, options, weights or encoder, and leaves alone
    what it has no record of, or what was changed since.

    What came in aligned (TMX, XLIFF, tables …) keeps its pairs, which no aligner made, until --realign names
    the document; --as-imported goes back to them.

    A passage that stands in another place in the translation is a pair with the flag moved; a workspace
    remembers --no-moved.

    Beads that a person set (corpus review) are kept, and those judged wrong are not proposed again.

    A workspace keeps the --encoder and the --weights it was aligned with, for the next align, export and
    similar. --encoder use goes back to that encoder; --weights shipped to the weights that ship, and their
    encoder, use.

    \b
    Examples:
      corpus align
      corpus align -o aligned.tsv
      corpus align article.zh.txt article.en.txt
      corpus align article.zh.txt article.en.txt --keep   # so that searches and exports have them, too
      corpus align zh/ en/ -o aligned/
      corpus align book.de book.fr --lines --src-lang de --tgt-lang fr -o - | less
      corpus align --weights my.json -o aligned.tsv
      corpus align --realign memory       # a document that corpus ingest memory.tmx made
    """
    from corpus.execution.executor import executor_named

    src_lang, tgt_lang = (code and _language_code(code) for code in (src_lang, tgt_lang))
    scorer = None if weights is None else _read_weights(weights)
    files = _Files(src, tgt, src_lang, tgt_lang, lines, encoding, encoder, scorer, moved)
    workers = executor_named(executor)
    if files.are_folders:
        given = {"--keep": keep, "--langs": langs, "--realign": realign, "--as-imported": as_imported}
        if ignored := [name for name, value in given.items() if value]:
            raise CorpusError(
                f"{', '.join(ignored)}: not for two folders; to have their files in the workspace: "
                "corpus ingest SRC TGT, corpus link --by-name, corpus align"
            )
        files.align_folders(
            out, pattern, workers, beads=beads, columns=opt.column_names(columns), header=header, nulls=nulls
        )
        return
    files.check()
    check_output(out, src, tgt)
    _check_use(files, pattern, langs, beads=beads, keep=keep)
    if src is not None and (realign or as_imported):
        raise CorpusError("--realign and --as-imported are of the workspace's documents, not of files")
    files.begin()
    from corpus.store.workspace import open_workspace

    space = open_workspace(workspace)
    if src is None:
        anew = _Imported(tuple(realign or ()), tuple(as_imported or ()))
        what = _align_workspace(space, encoder, scorer, langs, anew, workers, moved=moved)
        batch = _all_pairs(space, columns)
    else:
        batch = files.align_and_keep(space, workspace_option(workspace)) if keep else files.align()
        what = src if tgt is None else f"{src} and {tgt}"
    if beads:
        from corpus.writers.beads import to_beads

        put_text(to_beads(batch.pairs), out)
        return
    put_pairs(batch, what, out, columns, header=header, nulls=nulls, as_json=as_json)
    if src is None and out not in (None, "-"):
        say(f'next: {this_command()} similar "local industry"{workspace_option(workspace)}')


def _language_code(name: str) -> str:
    from corpus.text.languages import language_code

    return language_code(name)


def _read_weights(path: str) -> Weights:
    from corpus.alignment.weights import read_weights

    return read_weights(path)


@dataclass(frozen=True, slots=True)
class _Files:
    """Files or folders to be aligned, and how."""

    src: str | None
    tgt: str | None
    src_lang: str | None
    tgt_lang: str | None
    lines: bool
    encoding: str | None
    encoder: str | None
    weights: Weights | None
    moved: bool | None

    @property
    def are_folders(self) -> bool:
        return all(name is not None and Path(name).is_dir() for name in (self.src, self.tgt))

    def check(self) -> None:
        """Say which is no file, before anything is said of other things."""
        from corpus.base.files import read_bytes

        paths = [Path(name) for name in (self.src, self.tgt) if name is not None and name != "-"]
        for path in sorted(paths, key=Path.exists):  # what is not there first, as where one is a folder
            if not path.is_file():
                read_bytes(path)  # which says why it cannot be read

    def begin(self) -> None:
        """Begin to load the encoder, if it is to be the usual one: part of it loads beside what comes next.

        What comes next are imports, of polars and of the aligner, which take longer than all that remains.
        """
        if self.src is not None and self.encoder is None and self.weights is None:
            # The encoder has threads of its own, and the search has one; those that numpy's library would
            # start wait for work by running. It reads this when numpy is imported.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            from corpus.encoders import load_encoder

            load_encoder()

    def align(self) -> PairBatch:
        """Align two files, or the two versions in one."""
        from corpus.alignment.align import align_file_pair
        from corpus.encoders.registry import DEFAULT

        encoder = self._checked_encoder()
        assert self.src is not None
        batch = align_file_pair(
            self.src, self.tgt, src_lang=self.src_lang, tgt_lang=self.tgt_lang, lines=self.lines,
            encoding=self.encoding, encoder=encoder, weights=self.weights, moved=self.moved is not False,
        )  # fmt: skip
        if self.weights is not None or encoder == DEFAULT:
            _say_if_unlike(batch.pairs, encoder, "the pairs are written all the same")
        return batch

    def align_and_keep(self, space: Workspace, option: str) -> PairBatch:
        """Align two files that are put into the workspace, which a command that is advised names so."""
        from corpus.alignment.keep import align_and_keep
        from corpus.encoders.registry import DEFAULT

        if self.src is None or self.tgt is None or "-" in (self.src, self.tgt) or self.lines:
            raise CorpusError("--keep is for two files of text: corpus align SRC TGT --keep")
        with progress_bar("aligning") as progress:
            batch = align_and_keep(
                space, Path(self.src), Path(self.tgt), src_lang=self.src_lang, tgt_lang=self.tgt_lang,
                encoding=self.encoding, encoder=self.encoder, weights=self.weights, moved=self.moved,
                progress=progress,
            )  # fmt: skip
        encoder = self.encoder or DEFAULT
        if len(batch.pairs) and (self.weights is not None or encoder == DEFAULT):
            names = batch.pairs.select("doc_id", "tgt_doc").row(0)
            back = f"{this_command()} link --remove {' '.join(names)}{option}"
            _say_if_unlike(batch.pairs, encoder, f"they are linked all the same; to take that back: {back}")
        return batch

    def align_folders(
        self, out: str | None, pattern: str | None, executor: Executor | None, *, beads: bool,
        columns: tuple[str, ...], header: bool, nulls: bool,
    ) -> None:  # fmt: skip
        """Align the files of two folders, each pair into a file."""
        from corpus.alignment.folders import BatchOptions

        options = BatchOptions(
            src_lang=self.src_lang, tgt_lang=self.tgt_lang, lines=self.lines, encoding=self.encoding,
            encoder=self._checked_encoder(), weights=self.weights, beads=beads, columns=columns,
            header=header, nulls=nulls, moved=self.moved is not False,
        )  # fmt: skip
        _align_folders(Path(self.src or ""), Path(self.tgt or ""), out, options, pattern, executor)

    def _checked_encoder(self) -> str:
        from corpus.alignment.settings import check_encoder
        from corpus.encoders.registry import DEFAULT

        encoder = DEFAULT if self.encoder is None else self.encoder
        if self.weights is None:
            say_if_uncalibrated(encoder)
        else:
            check_encoder(self.weights, encoder)
        return encoder


def _check_use(files: _Files, pattern: str | None, langs: str | None, *, beads: bool, keep: bool) -> None:
    """Refuse options that are for something else."""
    if pattern is not None:
        raise CorpusError("--pattern is for two folders")
    if files.src is not None and langs is not None:
        raise CorpusError("--langs is for the workspace; of two files: --src-lang, --tgt-lang")
    given = {"--beads": beads, "--lines": files.lines, "--src-lang": files.src_lang,
             "--tgt-lang": files.tgt_lang, "--keep": keep}  # fmt: skip
    if files.src is None and (ignored := [name for name, value in given.items() if value]):
        raise CorpusError(f"{', '.join(ignored)}: for files, not for the workspace: corpus align SRC TGT")


class _Imported(NamedTuple):
    """Documents that came in aligned, which are to be aligned anew, or go back to what came in."""

    realign: tuple[str, ...]
    back: tuple[str, ...]


def _align_workspace(
    space: Workspace,
    encoder: str | None,
    weights: Weights | None,
    langs: str | None,
    anew: _Imported,
    executor: Executor | None,
    *,
    moved: bool | None,
) -> str:
    """Align what is bilingual or linked in the workspace; return what the pairs are from."""
    from corpus.alignment.incremental import align_missing, check_alignable
    from corpus.documents.link_tables import read_langs

    say_if_seeds(space)
    say_if_another_encoders(space, encoder, weights)
    wanted = None if langs is None else read_langs(langs.split(","))
    with progress_bar("aligning") as progress:
        align_missing(
            space, encoder=encoder, weights=weights, langs=wanted, wrong=True, realign=anew.realign,
            as_imported=anew.back, moved=moved, executor=executor, progress=progress,
        )  # fmt: skip
    check_alignable(space)
    say_unlike(space)
    return _what_is_aligned(space)


def _what_is_aligned(space: Workspace) -> str:
    """Say how many documents and links the pairs of a workspace are from."""
    from corpus.alignment.incremental import count_documents
    from corpus.documents.links import linked_pairs

    count, alone = count_documents(space)
    links = len(linked_pairs(space))
    left_out = f" ({alone} in one language left out)" if alone else ""
    said = [f"{count} document{'' if count == 1 else 's'}"] if count or not links else []
    said += [f"{links} link{'' if links == 1 else 's'}"] if links else []
    return " and ".join(said) + left_out


def say_if_another_encoders(
    workspace: Workspace, encoder: str | None = None, weights: Weights | None = None
) -> None:
    """Say that a workspace's scores are no probabilities where its weights are another encoder's."""
    from corpus.alignment.settings import workspace_encoder, workspace_scorer

    if weights is None:
        encoder = workspace_encoder(workspace) if encoder is None else encoder
        if workspace_scorer(workspace, encoder).encoder != encoder:
            say_if_uncalibrated(encoder)


def say_unlike(workspace: Workspace) -> None:
    """Say which documents' versions were left unpaired, and how to have them paired all the same."""
    from corpus.alignment.likeness import unlike_in

    unlike = unlike_in(workspace)
    if unlike:
        some = ", ".join(unlike[:_MOST_NAMED]) + (" …" if len(unlike) > _MOST_NAMED else "")
        say(
            f"{some}: the versions do not look like translations of each other, and are left unpaired; if "
            "they are, say so in a manifest (original = …) or with a line Translation: between them"
        )


def _say_if_unlike(pairs: pl.DataFrame, encoder: str, what: str) -> None:
    from corpus.alignment.likeness import likeness
    from corpus.encoders import load_encoder

    if not likeness(pairs, load_encoder(encoder)).is_translation:
        say(f"these versions do not look like translations of each other; {what}")


def _all_pairs(workspace: Workspace, columns: str | None) -> PairBatch:
    """Return all pairs, with the column review if that is asked for, or a column that is not there.

    The error about the latter then names it, too.
    """
    from corpus.documents.pairs import PAIRS, all_pairs
    from corpus.quality.reviews import with_verdicts

    batch = all_pairs(workspace)
    if set(opt.column_names(columns)) <= set(PAIRS.names()):
        return batch
    return replace(batch, pairs=with_verdicts(workspace, batch.pairs))


def _align_folders(
    src: Path, tgt: Path, out: str | None, options: BatchOptions, pattern: str | None,
    executor: Executor | None,
) -> None:  # fmt: skip
    from corpus.alignment.folders import align_folders

    if out is None or out == "-":
        raise CorpusError(
            "of two folders, each pair of files has an output file: name a folder for them with -o"
        )
    with progress_bar("aligning") as progress:
        report = align_folders(
            src, tgt, Path(out), options, pattern=pattern, executor=executor, progress=progress
        )
    for name in report.unpaired:
        say(f"skipped {name}: in one of the folders only")
    for name, reason in report.failed:
        say(f"skipped {name}: {reason}")
    if report.left:
        some = ", ".join(report.left[:_MOST_NAMED]) + (" …" if len(report.left) > _MOST_NAMED else "")
        say(
            f"left as they are, since there is no record of what they were made of, or they were changed "
            f"since: {some}; delete those that are to be made anew"
        )
    counts = {
        "made": report.made, "made anew": report.remade, "kept": report.kept, "left as they are": report.left,
        "unpaired": report.unpaired, "failed": report.failed,
    }  # fmt: skip
    always = ("made", "kept", "failed")
    said = [f"{len(names)} {what}" for what, names in counts.items() if names or what in always]
    say(f"{out}: {', '.join(said)}")
    if report.failed:
        raise typer.Exit(1)

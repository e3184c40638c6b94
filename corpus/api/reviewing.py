"""Judging and correcting beads, and taking along what is left: part of the class `Corpus`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.api.arguments import names_of
from corpus.api.base import CorpusBase
from corpus.base.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from align.training.study import Trained
    from corpus.api.arguments import AnyPath, Several
    from corpus.quality.bead_tables import Taken
    from corpus.quality.calibration import Recalibrated
    from corpus.quality.review_merge import Merged


class Reviewing(CorpusBase):
    """What a `Corpus` knows of its beads from a person, and its pairs for others."""

    def review(
        self,
        doc: str,
        bead: int | str | None = None,
        verdict: str | bool | None = None,  # noqa: FBT001 - said after the bead, as the command has it
        *,
        set: str | None = None,  # noqa: A002 - as the command has it
        merge_next: bool = False,
        split: str | None = None,
        move: str | None = None,
        to: int | str | None = None,
        other: bool = False,
        undo: bool = False,
        note: str | None = None,
        by: str | None = None,
    ) -> pl.DataFrame:
        """Judge a bead of a document, or put it right; without either, show the document's beads.

        What is set every later alignment keeps, and what is around it is aligned anew at once.

        Parameters
        ----------
        doc
            A document's id, or the beginning of it.
        bead
            The bead's number; ``en:5`` where the document is aligned in several languages.
        verdict
            ``right`` or ``wrong``, or whether it is right.
        set
            The bead that it should be, ``3,4:5``: source sentences, target sentences. See
            `corpus.quality.corrections.set_bead`.
        merge_next
            Join it with the bead after it.
        split
            Its first part, or all parts with ``;`` between.
        move, to
            A sentence, ``en7``, and the bead to move it into.
        other
            Take the other reading of a bead with the flag ``tied``.
        undo
            Take back that it was set, or else judged.
        note, by
            What to remark, and who judges.

        Returns
        -------
        polars.DataFrame
            See `corpus.quality.reviews.document_beads`: all beads of the document; after a correction those
            that are new.

        Raises
        ------
        CorpusError
            If there is no such bead, or what it should be contradicts the texts or what was set before.
        """
        from corpus.documents.catalogue import find_document
        from corpus.quality import corrections, reviews
        from corpus.quality.bead_specs import Correction
        from corpus.quality.judgement_tables import read_mark

        space = self._looked_at(refresh=False)
        doc_id = find_document(space, doc)
        space = self.workspace
        change = Correction(
            set=set, merge_next=merge_next, split=split, move=move, to=None if to is None else str(to),
            other=other, undo=undo,
        )  # fmt: skip
        if change.name is not None:
            if verdict is not None:
                msg = f"a verdict, and `{change.name}`: a bead that is put right need not be judged"
                raise CorpusError(msg)
            name = None if bead is None else str(bead)
            return corrections.correct(space, doc_id, name, change, note=note, by=by).beads
        if verdict is not None:
            right = verdict if isinstance(verdict, bool) else read_mark(verdict, f"{doc} {bead}")
            if right is None or bead is None:
                msg = f"{doc} {bead}: which bead, and is it right or wrong?"
                raise CorpusError(msg)
            row = reviews.bead_named(space, doc_id, str(bead))
            reviews.record(space, [reviews.Review(row["doc_id"], row["src"], row["tgt"], right, note, by)])
        return reviews.document_beads(space, doc_id)

    def reviews(self) -> pl.DataFrame:
        """List the judgements of beads (`corpus.quality.reviews.LISTED`)."""
        from corpus.quality.reviews import list_reviews

        return list_reviews(self.workspace)

    def next_to_review(self, k: int = 10) -> pl.DataFrame:
        """Return the least certain beads that nobody judged yet, over all documents.

        See `corpus.quality.review_queue.next_beads`.
        """
        from corpus.quality.review_queue import next_beads

        return next_beads(self._looked_at(refresh=False), k)

    def write_beads(self, doc: str, file: AnyPath) -> None:
        """Write a document's beads as a table to be edited, ``.xlsx`` or ``.tsv``.

        Raises
        ------
        CorpusError
            If there is no such document, it is not aligned, or the file is there already.
        """
        from corpus.base.files import write_atomically
        from corpus.documents.catalogue import find_document
        from corpus.quality.bead_tables import bead_file

        path = Path(file)
        form = path.suffix.lower().removeprefix(".")
        if form not in ("tsv", "xlsx"):
            msg = f"{file}: a table of beads is .tsv or .xlsx"
            raise CorpusError(msg)
        if path.exists():
            msg = f"{file} is there already, and may hold changes: name another file, or remove it"
            raise CorpusError(msg)
        space = self._looked_at(refresh=False)
        write_atomically(path, bead_file(space, find_document(space, doc), form))

    def take_beads(self, file: AnyPath, *, note: str | None = None, by: str | None = None) -> Taken:
        """Take what was changed in a table of beads, or marked in it; see `corpus.quality.bead_tables`.

        Raises
        ------
        InputError
            If the file cannot be read, or lacks a column.
        """
        from corpus.base.files import read_bytes
        from corpus.quality.bead_tables import take_bead_table

        return take_bead_table(self.workspace, read_bytes(Path(file)), str(file), note=note, by=by)

    def calibrate(self, file: AnyPath) -> Recalibrated:
        """Fit scores to the reviews, and write the weights with them; see `corpus.quality.calibration`.

        ``c.align(weights=file)`` takes them.

        Raises
        ------
        InputError
            If fewer than twenty beads were judged.
        """
        from corpus.alignment.settings import workspace_encoder, workspace_scorer
        from corpus.alignment.weights import write_weights
        from corpus.quality.calibration import recalibrate
        from corpus.quality.judged_beads import reviewed_beads

        pairs = self._align()
        scorer, encoder = workspace_scorer(self.workspace), workspace_encoder(self.workspace)
        with self._progress("aligning without reviews") as progress:
            marked, _ = reviewed_beads(self.workspace, pairs, scorer, encoder=encoder, progress=progress)
        made = recalibrate(marked, scorer, "the workspace's reviews")
        write_weights(Path(file), made.weights)
        return made

    def train_aligner(self, file: AnyPath, *, strength: float = 1.0, seed: int = 7) -> Trained:
        """Train the aligner on beads that were set or judged right, and write the weights.

        See `corpus.quality.training.train_on_reviews`; ``c.align(weights=file)`` takes them.

        Raises
        ------
        CorpusError
            If no bead of the alignment was set or judged right.
        """
        from align.training.study import Recipe
        from corpus.alignment.weights import write_weights
        from corpus.quality.training import train_on_reviews

        recipe = Recipe(strength=strength, seed=seed)
        with self._progress("training") as progress:
            trained = train_on_reviews(self._looked_at(refresh=False), recipe=recipe, progress=progress)
        write_weights(Path(file), trained.weights)
        return trained

    def merge_reviews(self, other: AnyPath) -> Merged:
        """Take over the reviews of another workspace; those that contradict one's own are listed only.

        Raises
        ------
        WorkspaceError
            If there is no workspace.
        """
        from corpus.base.errors import EmptyWorkspaceError
        from corpus.quality.review_merge import merge_reviews
        from corpus.store.workspace import open_workspace

        theirs = open_workspace(other)
        if not theirs.exists():
            raise EmptyWorkspaceError(theirs.path, "no workspace there")
        with self._progress("aligning") as progress:
            return merge_reviews(self.workspace, theirs, progress=progress)

    def export(
        self,
        file: AnyPath,
        *,
        form: str | None = None,
        columns: Sequence[str] | None = None,
        header: bool = True,
        nulls: bool = False,
        langs: str | None = None,
        min_score: float = 0.0,
        no_flags: Several = (),
        dedup: bool = False,
        keep_wrong: bool = False,
        moved: bool = True,
        text: bool = True,
        split: str | None = None,
        seed: int = 7,
        datasheet: bool | None = None,
        title: str | None = None,
        refresh: bool = True,
    ) -> int:
        """Write the aligned pairs to a file, in the format that its ending names; return how many.

        What is written comes to stand there whole, or not at all.

        Parameters
        ----------
        file
            A file, or for some formats a folder, or what several files are called after.
        form
            The format, one of `corpus.writers.base.formats`; otherwise the one that the ending names.
        columns
            Which, and in which order; otherwise those that the format usually has.
        header, nulls
            Whether to name the columns in a first line, and to write sentences without a counterpart.
        langs
            Two codes, ``zh-en``: pairs in these languages, the first as source, whatever was the original.
        min_score, no_flags, dedup, keep_wrong
            See `corpus.documents.pair_selection.PairFilter`: what was judged wrong is left out unless it is
            to be kept.
        moved
            Whether to keep pairs whose sides stand in different places.
        text
            Whether to write the texts, or only where they are.
        split, seed
            Parts to be written apart, whole works each: ``train=.9,dev=.05,test=.05``; and by which number
            works are parted. See `corpus.export.split`.
        datasheet
            Whether to say in a file beside it what it holds, what it was made with, and of rights. None for
            some formats only; see `corpus.export.export.export_pairs`.
        title
            What to call the whole.
        refresh
            See `pairs`.

        Raises
        ------
        CorpusError
            If there is no writer for the ending, no such column, flag or pair of languages, or the file
            cannot be written.
        """
        from corpus.documents.pair_selection import pair_filter
        from corpus.export.export import export_pairs
        from corpus.export.split import read_shares
        from corpus.writers.base import WriteOptions, format_of

        name = format_of(Path(file), name=form)
        wanted = pair_filter(
            langs=langs, min_score=min_score, no_flags=names_of(no_flags, "no_flags"), dedup=dedup,
            keep_wrong=keep_wrong, moved=moved,
        )  # fmt: skip
        options = WriteOptions(tuple(columns or ()), header=header, nulls=nulls, text=text)
        if title is not None:
            options = replace(options, title=title)
        shares = read_shares(split) if split is not None else None
        if refresh:
            self._ensure_aligned()
        space = self.workspace if refresh else self._looked_at(refresh=False)
        done = export_pairs(
            space, Path(file), name, wanted=wanted, options=options, shares=shares, seed=seed, sheet=datasheet
        )
        return done.counts.pairs

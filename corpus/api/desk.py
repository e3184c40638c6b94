"""Methods of `Corpus` for work on one text: put it in, read it side by side, judge it bead by bead."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.api.base import CorpusBase
from corpus.api.tables import Table
from corpus.base.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from corpus.api.base import Progressing
    from corpus.documents.reading import Reading
    from corpus.ingestion.report import IngestReport
    from corpus.quality.bead_specs import Correction
    from corpus.quality.steps import Step
    from corpus.store.locking import Holder


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A bead to be judged, with what is around it.

    Attributes
    ----------
    bead
        The bead (`corpus.quality.reviews.document_beads`), and `name`, by which `Corpus.judge` knows it.
    before, after
        Beads of the same two texts before and after it, in order, with names, too.
    judged, total
        How many beads of the workspace were judged, and how many there are.
    numbers
        Where in source and target numbers stand that the other lacks
        (`corpus.quality.number_marks.differing_numbers`).
    sentences
        Where in source and target each of their sentences stands (code points, the end exclusive).
    """

    bead: dict[str, Any]
    before: tuple[dict[str, Any], ...]
    after: tuple[dict[str, Any], ...]
    judged: int
    total: int
    numbers: tuple[list[tuple[int, int]], list[tuple[int, int]]]
    sentences: tuple[list[tuple[int, int]], list[tuple[int, int]]]


class WorkingAtADesk(CorpusBase):
    """What one does who has the text in front of them."""

    def reporting(self, progress: Progressing) -> Self:
        """Return the same corpus, which says elsewhere how far it is; see `Corpus`."""
        other = copy(self)
        other._progress = progress  # noqa: SLF001 - its own kind
        return other

    def add_texts(self, texts: Mapping[str, bytes | str], **stated: Any) -> IngestReport:  # noqa: ANN401
        """Keep texts in the workspace's folder, and read them; what cannot be read is skipped and reported.

        Parameters
        ----------
        texts
            By their names, which become those of files in the folder `texts`: content, or its bytes.
        stated
            ``date``, ``source``, ``lang`` and ``encoding`` of all of them; see `Corpus.ingest`.

        Raises
        ------
        InputError
            If none of them can be read.
        """
        from corpus.ingestion.kept_texts import keep_text
        from corpus.ingestion.report import IngestReport, Skipped

        skipped: list[Skipped] = []
        kept = []
        for name, text in texts.items():
            data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
            try:
                kept.append((name, *keep_text(self.workspace, name, data)))
            except InputError as error:
                skipped.append(Skipped(name, str(error)))
        report = IngestReport(skipped=skipped)
        if not kept:
            raise InputError("; ".join(one.reason for one in skipped) or "no text is given")
        try:
            report = self.ingest([path for _, path, _ in kept], **stated)  # type: ignore[attr-defined]
        except InputError:  # one of them: the others are read
            report = IngestReport()
            for name, path, is_new in kept:
                try:
                    _join(report, self.ingest([path], **stated))  # type: ignore[attr-defined]
                except InputError as error:
                    skipped.append(Skipped(name, str(error)))
                    if is_new:
                        path.unlink()
            if not (report.new or report.changed or report.moved or report.unchanged):
                raise InputError("; ".join(one.reason for one in skipped)) from None
        report.skipped += [one for one in skipped if one not in report.skipped]
        return report

    def use_seeds(self) -> None:
        """Give an empty workspace the seed documents; they make room for the first texts of one's own.

        Raises
        ------
        WorkspaceError
            If there are texts in the workspace.
        """
        from corpus.base.errors import WorkspaceError
        from corpus.ingestion.seeds import ingest_seeds

        if self.workspace.state().rows("documents"):
            raise WorkspaceError(
                "there are texts in this workspace already: `ingest(seeds=True)` adds to them"
            )
        ingest_seeds(self.workspace)

    def add_pair(
        self,
        src: tuple[str, str],
        tgt: tuple[str, str],
        *,
        src_lang: str | None = None,
        tgt_lang: str | None = None,
    ) -> str:
        """Keep two texts that translate each other, link and align them; return the id of the first.

        Parameters
        ----------
        src, tgt
            Name and content of each.
        src_lang, tgt_lang
            Their languages; otherwise told from the texts.

        Raises
        ------
        InputError
            If one cannot be read; neither is kept then.
        """
        from corpus.alignment.keep import align_and_keep
        from corpus.ingestion.kept_texts import keep_text

        kept = []
        try:
            for name, text in (src, tgt):
                kept.append(keep_text(self.workspace, name, text.encode("utf-8", "surrogatepass")))
            with self._progress("aligning") as progress:
                pairs = align_and_keep(
                    self.workspace, kept[0][0], kept[1][0], src_lang=src_lang, tgt_lang=tgt_lang,
                    progress=progress,
                ).pairs  # fmt: skip
        except InputError:
            for path, is_new in kept:
                if is_new:
                    path.unlink(missing_ok=True)
            raise
        if pairs.is_empty():
            raise CorpusError("the two texts are kept, and no sentence of either has a counterpart")
        return str(pairs["doc_id"][0])

    def read(
        self, doc: str, *, pair: int = 0, first: int = 0, count: int = 100, line: int | None = None
    ) -> tuple[Reading, list[str | None]]:
        """Return a stretch of a document side by side with its translation, and what was judged of each bead.

        Parameters
        ----------
        doc
            Its id, or the beginning of it.
        pair, first, count, line
            See `corpus.documents.reading.read_stretch`.

        Returns
        -------
        Reading, list
            The stretch; and for each of its rows ``set``, ``right``, ``wrong``, or None.

        Raises
        ------
        CorpusError
            If there is no such document.
        """
        from corpus.documents.catalogue import find_document
        from corpus.documents.reading import read_stretch
        from corpus.quality.reviews import verdicts_by_number

        space = self._looked_at(refresh=False)
        doc_id = find_document(space, doc)
        found = read_stretch(space, doc_id, pair=pair, first=first, count=count, line=line)
        if not found.pairs or found.pairs[found.pair].tgt is None:
            return found, [None] * len(found.rows)
        said = verdicts_by_number(space, doc_id)
        chosen = found.pairs[found.pair]
        assert chosen.tgt is not None
        lang = str(chosen.tgt_lang)
        keys = [(chosen.src[0], chosen.tgt[0], lang, number) for number in found.rows["number"]]
        return found, [said.get(key) for key in keys]

    def next_to_judge(self, skip: int = 0, *, context: int = 2) -> ToJudge | None:
        """Return the least certain bead that nobody judged, after passing over some, with what is around it.

        None where every bead was judged, or passed over.

        Raises
        ------
        CorpusError
            If nothing is aligned.
        """
        from corpus.quality.review_queue import next_beads

        space = self._looked_at(refresh=False)
        found = next_beads(space, skip + 1)
        if len(found) <= skip:
            return None
        return self._to_judge(found.row(skip, named=True), context)

    def to_judge(self, doc: str, bead: str, *, context: int = 2) -> ToJudge:
        """Return one bead of a document, judged or not, with what is around it.

        Raises
        ------
        CorpusError
            If there is no such bead.
        """
        from corpus.documents.catalogue import find_document
        from corpus.quality.reviews import bead_named

        space = self._looked_at(refresh=False)
        return self._to_judge(bead_named(space, find_document(space, doc), bead), context)

    def _to_judge(self, row: dict[str, Any], context: int) -> ToJudge:
        from corpus.quality.number_marks import differing_numbers
        from corpus.quality.review_queue import count_judged
        from corpus.quality.reviews import document_beads, names_of_beads

        beads = document_beads(self.workspace, row["doc_id"])
        beads = beads.with_columns(name=pl.Series(names_of_beads(beads, row["doc_id"]), dtype=pl.String))
        same = beads.filter(
            (pl.col("doc_id") == row["doc_id"])
            & (pl.col("tgt_doc") == row["tgt_doc"])
            & (pl.col("tgt_lang") == row["tgt_lang"])
            & (pl.col("src_lang") == row["src_lang"])
        ).sort("number")
        rows = same.to_dicts()
        at = next(place for place, one in enumerate(rows) if one["number"] == row["number"])
        judged, total = count_judged(self.workspace)
        return ToJudge(
            rows[at], tuple(rows[max(0, at - context) : at]), tuple(rows[at + 1 : at + 1 + context]),
            judged, total, differing_numbers(rows[at]["src"], rows[at]["tgt"]), self._places(rows[at]),
        )  # fmt: skip

    def _places(self, row: dict[str, Any]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return where in the texts of a bead its sentences stand."""
        from corpus.quality.bead_specs import aligned_pairs
        from corpus.search.passages import places_in

        key = (row["doc_id"], row["tgt_doc"], row["src_lang"], row["tgt_lang"])
        for pair in aligned_pairs(self.workspace, row["doc_id"]):
            if (pair.doc_id, pair.tgt_doc, pair.src.lang, pair.tgt.lang) == key:
                src, tgt = (
                    list(places_in(row[name], [side.sentences[k] for k in row[f"{name}_ids"]]))
                    for name, side in (("src", pair.src), ("tgt", pair.tgt))
                )
                return src, tgt
        return [], []

    def judge(
        self,
        doc: str,
        bead: str,
        verdict: bool | Correction,  # noqa: FBT001 - said after the bead, as `review` has it
        *,
        note: str | None = None,
        by: str | None = None,
    ) -> Step:
        """Judge or correct a bead, as `Corpus.review` does, and return what `take_back` needs to undo it.

        Parameters
        ----------
        doc, bead, note, by
            See `Corpus.review`.
        verdict
            Whether it is right; or what is to become of it.
        """
        from corpus.documents.catalogue import find_document
        from corpus.quality import corrections, reviews
        from corpus.quality.steps import reviews_of, step_between

        named = find_document(self._looked_at(refresh=False), doc)
        row = reviews.bead_named(self.workspace, named, bead)
        doc_id = row["doc_id"]  # a linked document may be named, whose beads are the other one's
        before = reviews_of(self.workspace, doc_id)
        if isinstance(verdict, bool):
            reviews.record(
                self.workspace, [reviews.Review(doc_id, row["src"], row["tgt"], verdict, note, by)]
            )
        else:
            corrections.correct(self.workspace, named, bead, verdict, note=note, by=by)
        return step_between(doc_id, before, reviews_of(self.workspace, doc_id))

    def take_back(self, step: Step) -> None:
        """Undo what `judge` did.

        Raises
        ------
        CorpusError
            If what it said was changed since.
        """
        from corpus.quality.steps import take_step_back

        take_step_back(self.workspace, step)

    def refuse(self, a: str, b: str) -> int:
        """Say that two documents are no translations of each other; return whether that is new, 1 or 0.

        `pair` does not propose them again.
        """
        from corpus.documents.catalogue import find_document
        from corpus.mining.refusals import refuse

        space = self._looked_at(refresh=False)
        return refuse(self.workspace, [(find_document(space, a), find_document(space, b))])

    def allow(self, a: str, b: str) -> bool:
        """Take a refusal back; return whether there was one."""
        from corpus.mining.refusals import allow

        return allow(self.workspace, a, b)

    def refusals(self) -> Table:
        """List the pairs of documents that were refused (`corpus.mining.refusals.REFUSALS`)."""
        from corpus.mining.refusals import refusals

        return self._table(refusals(self.workspace), self.workspace)

    def lock_holder(self) -> Holder | None:
        """Return the other process that is changing the workspace now, None if none is."""
        from corpus.store.locking import lock_holder

        return lock_holder(self.workspace.path)


def align_written(
    src: str, tgt: str, *, src_lang: str | None = None, tgt_lang: str | None = None, nulls: bool = False
) -> Table:
    """Clean, cut and align two texts as they are written, without a file; nothing is kept.

    Parameters
    ----------
    src, tgt
        The texts.
    src_lang, tgt_lang
        Their languages' codes; otherwise told from the texts.
    nulls
        Whether to list sentences without a counterpart, too.

    Returns
    -------
    Table
        `corpus.documents.pairs.PAIRS`. Its `about` has unlike: whether the texts do not look like
        translations of each other.

    Raises
    ------
    InputError
        If one holds no sentence, or several languages.
    """
    from corpus.alignment.align import align_sides
    from corpus.alignment.likeness import likeness
    from corpus.alignment.sources import read_pair
    from corpus.documents.pairs import pairs_frame, without_nulls
    from corpus.encoders import load_encoder

    files = [
        (text.encode("utf-8", "surrogatepass"), name, lang)
        for text, name, lang in ((src, "the first text", src_lang), (tgt, "the second text", tgt_lang))
    ]
    sides = read_pair(files[0], files[1], encoding="utf-8")
    encoder = load_encoder("use")
    found = pairs_frame("", *sides, align_sides(*sides, encoder=encoder))
    return Table.of(
        found if nulls else without_nulls(found), result=found,
        unlike=not likeness(found, encoder).is_translation,
    )  # fmt: skip


def _join(report: IngestReport, other: IngestReport) -> None:
    for name in (
        "new",
        "undated",
        "undated_files",
        "overruled",
        "changed",
        "moved",
        "unchanged",
        "skipped",
        "notes",
    ):
        getattr(report, name).extend(getattr(other, name))
    report.linked += other.linked

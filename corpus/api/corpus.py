"""The class `Corpus`: a workspace folder, with a method for every command; and `align_texts` without one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.api.aligning import Aligning
from corpus.api.arguments import NONE, date_of, paths_of, selection_of, variants_of
from corpus.api.counting import Counting
from corpus.api.desk import WorkingAtADesk
from corpus.api.looking import Looking
from corpus.api.reviewing import Reviewing
from corpus.api.tables import Table
from corpus.api.time import FollowingTime
from corpus.base.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import align
    from align.encoder import Encoder
    from corpus.api.arguments import AnyDate, AnyPath, Several
    from corpus.api.base import Refreshed
    from corpus.documents.subcorpus import Selection
    from corpus.ingestion.report import IngestReport
    from corpus.search.searcher import Searcher
    from corpus.text.variants import Variants

HIT_COLUMNS = (
    "rank", "score", "date", "lang", "source", "doc_id", "line", "text", "translation", "file", "start",
    "end",
)  # fmt: skip
"""The columns of a search's hits unless details are asked for."""


class Corpus(Aligning, Looking, Counting, FollowingTime, Reviewing, WorkingAtADesk):
    """A corpus in a folder: texts read into it, aligned, searched and counted.

    >>> from corpus import Corpus
    >>> c = Corpus("archive")
    >>> c.ingest("articles/")
    >>> c.search("local industry", k=10)

    Methods have the names and arguments of the commands. Those that look make what is missing first
    (documents not aligned, sentences not in the index) unless ``refresh=False``. Results are polars frames,
    ready for ``write_csv``, that say what they rest on (`corpus.api.tables.Table`).
    """

    def ingest(
        self,
        *paths: AnyPath | Iterable[AnyPath],
        date: AnyDate | None = None,
        source: str | None = None,
        lang: str | None = None,
        manifest: AnyPath | None = None,
        encoding: str | None = None,
        fix_mojibake: bool = False,
        seeds: bool = False,
    ) -> IngestReport:
        """Read files into the corpus: clean, date, and cut into sentences.

        Unchanged files are passed over, changed ones replaced, moved ones known by their content.

        Parameters
        ----------
        paths
            Files, or folders of them, one by one or in lists.
        date, source, lang, encoding
            Facts that hold for all of them, over what the texts say; remembered until ``none`` takes them
            back.
        manifest
            A manifest (TOML), instead of the folders' own.
        fix_mojibake
            Whether to put right text that was read in a wrong encoding before it was saved (``Ã©``).
        seeds
            The seed documents, too, as texts like any other.

        Returns
        -------
        IngestReport
            What is new, changed, unchanged, and skipped with the reason.

        Raises
        ------
        InputError
            If a file that was named cannot be read, or there is nothing to ingest.
        TypeError
            If something is no path.
        """
        from corpus.ingestion.ingest import ingest
        from corpus.ingestion.manifest import Entry
        from corpus.ingestion.seeds import seed_files
        from corpus.text.decoding import fixed

        stated = {"date": date, "source": source, "lang": lang, "encoding": encoding}
        forget = [
            name for name, value in stated.items() if isinstance(value, str) and value.casefold() == NONE
        ]
        entry = Entry(
            date=None if "date" in forget else date_of(date),
            source=None if "source" in forget else source,
            lang=None if "lang" in forget else lang,
        )
        said = None if "encoding" in forget else encoding
        files = paths_of(paths) + (seed_files() if seeds else [])
        if not files:
            msg = "nothing to ingest: name files or folders"
            raise CorpusError(msg)
        with self._progress("reading") as progress:
            return ingest(
                self.workspace,
                files,
                stated=entry,
                manifest=None if manifest is None else Path(manifest),
                encoding=fixed(said) if fix_mojibake else said,
                forget=forget,
                executor=self._executor,
                progress=progress,
            )

    def index(self, *, encoder: Encoder | str = "use") -> Refreshed:
        """Make now what searches need: align, encode and index, find reprints, count terms.

        A search does so, too, if it has not been done.

        Parameters
        ----------
        encoder
            For searching, or its name.

        Returns
        -------
        Refreshed
            What was missing.
        """
        return self.refresh(files=False, encoder=encoder)

    def remove(self, *docs: str) -> list[str]:
        """Remove documents by their ids, or the beginnings of these; return the ids.

        Files that they were read from, and reviews, are not touched.
        """
        from corpus.documents.catalogue import find_document
        from corpus.ingestion.ingest import remove

        ids = list(dict.fromkeys(find_document(self.workspace, doc) for doc in docs))
        remove(self.workspace, ids)
        return ids

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
        per_decade: int | None = None,
        mode: str = "hybrid",
        variants: AnyPath | Variants | None = None,
        threshold: float | None = None,
        window: int = 3,
        encoder: Encoder | str = "use",
        details: bool = False,
        refresh: bool = True,
    ) -> Table:
        """Find passages like a query, in all languages and decades.

        Parameters
        ----------
        query
            A word, a phrase or a passage, in any language.
        k
            How many results at most.
        lang, since, until, doc, source
            What to search; see `concordance`.
        per_decade
            So many results of each decade instead.
        mode
            ``dense`` (meaning), ``lexical`` (words) or ``hybrid`` (both).
        variants
            See `concordance`.
        threshold
            The least score, but for passages that hold the query word for word; otherwise the encoder's.
        window
            Sentences to show together at most.
        encoder
            An encoder, or the name of one.
        details
            Whether to return all columns of `corpus.search.results.HITS`.
        refresh
            Make what is missing first: align, encode, index. Otherwise what is there is searched.

        Returns
        -------
        Table
            Best first: `HIT_COLUMNS`. `line`, `start` and `end` are those of the sentence found in `file`.
            `about` has threshold, close (how many of them reach it), best (the nearest passage's score),
            undated, searched, variants, and meant (the query, where a word of it that stands nowhere is
            nearly one of the corpus's).

        Raises
        ------
        CorpusError
            If the query is empty, the selection is refused, or there is no such mode.
        """
        from corpus.search.query import check_query

        check_query(query)
        where = selection_of(lang, since, until, doc, source)
        searcher = self.searcher(mode=mode, encoder=encoder, variants=variants, within=where, refresh=refresh)
        found = searcher.find(
            query, threshold=threshold, k=k, per_decade=per_decade, within=where, window=window
        )
        return Table.of(
            found.hits if details else found.hits.select(HIT_COLUMNS), found.snapshot, result=found,
            query=query, threshold=found.threshold, close=found.close, best=found.best, undated=found.undated,
            searched=found.searched, variants=[variant.name for variant in found.variants],
            meant=found.meant,
        )  # fmt: skip

    similar = search

    def searcher(
        self,
        *,
        mode: str = "hybrid",
        encoder: Encoder | str = "use",
        variants: AnyPath | Variants | None = None,
        within: Selection | None = None,
        refresh: bool = True,
    ) -> Searcher:
        """Open the corpus for many searches, as it is now (`corpus.search.searcher.Searcher.find`).

        Parameters
        ----------
        mode, encoder, variants, refresh
            See `search`.
        within
            What is to be searched, so that what is refused is refused before anything is made.

        Raises
        ------
        CorpusError
            If the selection is refused, or there is no such mode.
        """
        from corpus.documents.subcorpus import select_versions
        from corpus.search.passages import Passages
        from corpus.search.ranking import MODES
        from corpus.search.searcher import open_searcher

        chosen = next((one for one in MODES if one == mode), None)
        if chosen is None:
            msg = f"`mode={mode!r}`: there are {', '.join(MODES)}"
            raise CorpusError(msg)
        space = self._looked_at(refresh=False)
        if within is not None:
            select_versions(space, within)
        with self._progress("building") as progress:
            found = open_searcher(
                self.workspace if refresh else space, mode=chosen, encoder=encoder,
                variants=variants_of(variants), refresh=refresh, executor=self._executor,
                progress=progress,
            )  # fmt: skip
        if refresh and self._count_terms(always=False):
            return replace(found, passages=Passages(self.workspace.pin()))
        return found


def align_texts(
    src: Sequence[str] | AnyPath,
    tgt: Sequence[str] | AnyPath | None = None,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    lines: bool = False,
    encoding: str | None = None,
    encoder: Encoder | str = "use",
    weights: AnyPath | align.Weights | None = None,
    nulls: bool = False,
    details: bool = False,
) -> Table:
    """Align two lists of sentences, two files, or the two versions in one file; nothing is kept.

    Parameters
    ----------
    src, tgt
        Lists of sentences, or paths of files. With one path, a file that holds two languages.
    src_lang, tgt_lang
        Their languages' codes; otherwise told from the texts.
    lines, encoding
        Of files: whether each line is a sentence; and their encoding.
    encoder, weights
        To align with; otherwise those that ship.
    nulls, details
        See `Corpus.align`.

    Returns
    -------
    Table
        See `Corpus.align`; of lists, `doc_id` is empty. `corpus.alignment.likeness.likeness` tells of its
        `result`, all columns and null beads, whether the texts look like translations.

    Raises
    ------
    InputError
        If a file cannot be read, or one file does not hold two languages.
    TypeError
        If one is a list and the other a path, or a list holds something else than texts.
    """
    from corpus.alignment.align import align_files, align_sides
    from corpus.alignment.sources import side_of_sentences
    from corpus.alignment.weights import read_weights
    from corpus.documents.pairs import COLUMNS, chosen, pairs_frame, without_nulls
    from corpus.writers.tsv import plain

    scorer = read_weights(weights) if isinstance(weights, str | Path) else weights
    if isinstance(src, str | Path) and (tgt is None or isinstance(tgt, str | Path)):
        found = align_files(
            src, tgt, src_lang=src_lang, tgt_lang=tgt_lang, lines=lines, encoding=encoding,
            encoder=encoder, weights=scorer,
        )  # fmt: skip
    elif isinstance(src, str | Path) or tgt is None or isinstance(tgt, str | Path):
        msg = "align two lists of sentences or two files, not a list with a file, or a list alone"
        raise TypeError(msg)
    else:
        sides = (side_of_sentences(src, src_lang), side_of_sentences(tgt, tgt_lang))
        found = pairs_frame("", *sides, align_sides(*sides, encoder=encoder, weights=scorer))
    kept = found if nulls else without_nulls(found)
    rows = kept if details else plain(chosen(kept, COLUMNS, nulls=True))
    return Table.of(rows, result=found)

"""Methods of `Corpus` that look for a pattern, and count words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from corpus.api.arguments import pattern_of, selection_of, stop_list_of
from corpus.api.base import CorpusBase
from corpus.api.tables import Table
from corpus.text.tokens import version as tokens_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from align.encoder import Encoder
    from corpus.api.arguments import AnyDate, AnyPath, Several
    from corpus.linguistics.frequencies import StopList
    from corpus.linguistics.patterns import Pattern
    from corpus.text.variants import Variants


class Counting(CorpusBase):
    """What a corpus linguist asks."""

    def concordance(
        self,
        pattern: str | Pattern,
        *,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
        regex: bool = False,
        variants: AnyPath | Variants | None = None,
        sort: str = "date",
        sample: int | None = None,
        seed: int = 0,
        once: bool = False,
        refresh: bool = True,
    ) -> Table:
        """Show every match of a pattern in its context, with the translation of its sentence.

        Parameters
        ----------
        pattern
            A word or a phrase, in which ``*`` stands for the rest of a word.
        lang, since, until, doc, source
            Where to look: a language's code; dates, known in part or whole; documents and sources by name.
        regex
            Whether the pattern is a regular expression of the library `regex`.
        variants
            A file of forms of one thing to look for together, or ``none``; otherwise the workspace's, or
            those that ship.
        sort
            ``L1`` … ``L9``, ``R1`` … ``R9``, ``node``, ``date`` or ``doc``.
        sample, seed
            Take so many matches at random, and which.
        once
            Show a sentence that stands in several places at its earliest only.
        refresh
            Compare sentences that were not compared yet; otherwise nothing is made.

        Returns
        -------
        Table
            `corpus.linguistics.concordance.LINES`, one row a match; `about` has matches, documents, searched,
            repeats, undated, unaligned.

        Raises
        ------
        CorpusError
            If the pattern, the sorting or the selection is refused.
        """
        from corpus.linguistics.concordance import concordance

        where = selection_of(lang, since, until, doc, source)
        space = self._looked_at(refresh=refresh, once=once)
        wanted = pattern_of(pattern, space, regex=regex, variants=variants)
        with self._progress("looking") as progress:
            found = concordance(
                space,
                wanted,
                selection=where,
                sort=sort,
                sample=sample,
                seed=seed,
                once=once,
                progress=progress,
            )
        return Table.of(
            found.lines, found.snapshot, pattern=wanted.query, forms=wanted.forms, matches=found.matches,
            documents=found.documents, searched=found.searched, once=found.once, repeats=found.repeats,
            undated=found.undated, unaligned=found.unaligned,
        )  # fmt: skip

    def words(
        self,
        *,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
        n: int = 1,
        stems: bool = False,
        min_count: int = 2,
        stop: AnyPath | Iterable[str] | StopList | None = None,
        k: int = 0,
        once: bool = False,
        refresh: bool = True,
    ) -> Table:
        """Count the words of each language, or runs of words: how often, where, how evenly.

        Parameters
        ----------
        lang, since, until, doc, source, once, refresh
            See `concordance`.
        n
            How many words a run has.
        stems
            Count stems: factory and factories are one.
        min_count
            Leave out what is found less often.
        stop
            Words to leave out: a list, a file, or ``none``; otherwise each language's function words.
        k
            How many of each language, the commonest first; 0 for all.

        Returns
        -------
        Table
            `corpus.linguistics.frequencies.WORDS`; `about` has sizes (lang, documents, words, types),
            repeats, undated.
        """
        from corpus.linguistics.frequencies import word_list

        where, left_out = selection_of(lang, since, until, doc, source), stop_list_of(stop)
        space = self._looked_at(refresh=refresh, once=once)
        with self._progress("counting words") as progress:
            found = word_list(
                space, selection=where, size=n, stems=stems, stop=left_out, least=min_count, once=once,
                progress=progress,
            )  # fmt: skip
        return Table.of(
            _first(found.words, k), found.snapshot, words=tokens_version(), sizes=found.sizes.to_dicts(),
            once=found.once, repeats=found.repeats, undated=found.undated,
        )  # fmt: skip

    def collocates(
        self,
        pattern: str | Pattern,
        *,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
        regex: bool = False,
        variants: AnyPath | Variants | None = None,
        span: int = 5,
        min_count: int = 2,
        sort: str = "g2",
        stop: AnyPath | Iterable[str] | StopList | None = None,
        k: int = 0,
        once: bool = False,
        refresh: bool = True,
    ) -> Table:
        """List the words that stand near a pattern more often than chance has it.

        Parameters
        ----------
        pattern, lang, since, until, doc, source, regex, variants, once, refresh
            See `concordance`.
        span
            So many words before and after a match are near, within its sentence.
        min_count
            Leave out what is near less often.
        sort
            ``g2`` (Dunning's log-likelihood), ``log_dice`` or ``near``.
        stop, k
            See `words`.

        Returns
        -------
        Table
            `corpus.linguistics.collocations.COLLOCATES`; `about` has sizes (lang, matches, near, words),
            repeats, undated.
        """
        from corpus.linguistics.collocations import collocates

        where, left_out = selection_of(lang, since, until, doc, source), stop_list_of(stop)
        space = self._looked_at(refresh=refresh, once=once)
        wanted = pattern_of(pattern, space, regex=regex, variants=variants)
        with self._progress("counting words") as progress:
            found = collocates(
                space, wanted, selection=where, span=span, least=min_count, sort=sort, stop=left_out,
                once=once, progress=progress,
            )  # fmt: skip
        return Table.of(
            _first(found.words, k), found.snapshot, pattern=wanted.query, forms=wanted.forms,
            words=tokens_version(), sizes=found.sizes.to_dicts(), once=found.once, repeats=found.repeats,
            undated=found.undated,
        )  # fmt: skip

    def terms(
        self,
        pattern: str | Pattern | None = None,
        *,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
        regex: bool = False,
        min_score: float = 0.9,
        min_count: int = 2,
        min_g2: float = 6.63,
        k: int = 0,
        once: bool = True,
        encoder: Encoder | str | None = None,
        refresh: bool = True,
    ) -> Table:
        """Propose pairs of terms that translate each other, from aligned sentences.

        Parameters
        ----------
        pattern
            Only pairs in which a term holds this.
        lang, since, until, doc, source
            Of the original's side.
        regex, once, refresh
            See `concordance`; what is not aligned is aligned first.
        min_score, min_count, min_g2
            Leave out beads that score less, pairs in fewer beads, weaker pairs.
        k
            How many of each pair of languages; 0 for all.
        encoder
            To align with, from now on.

        Returns
        -------
        Table
            `corpus.linguistics.terms.TERMS`, the strongest first; `about` has beads, excluded, repeats,
            count (of pairs, before `k`).

        Raises
        ------
        CorpusError
            If no bead passes.
        """
        from corpus.alignment.incremental import align_missing
        from corpus.linguistics.patterns import compile_pattern
        from corpus.linguistics.term_linking import Limits
        from corpus.linguistics.terms import term_pairs

        where, limits = selection_of(lang, since, until, doc, source), Limits(min_score, min_count, min_g2)
        wanted = compile_pattern(pattern, as_regex=regex) if isinstance(pattern, str) else pattern
        if refresh:
            with self._progress("aligning") as progress:
                align_missing(self.workspace, encoder=encoder, executor=self._executor, progress=progress)
        space = self._looked_at(refresh=refresh, once=once)
        with self._progress("counting terms") as progress:
            found = term_pairs(
                space, selection=where, pattern=wanted, limits=limits, once=once, executor=self._executor,
                progress=progress,
            )  # fmt: skip
        ways = found.pairs.group_by("src_lang", "tgt_lang", maintain_order=True)
        return Table.of(
            found.pairs if k == 0 else ways.head(k), found.snapshot,
            pattern=wanted.query if wanted else None, forms=wanted.forms if wanted else (),
            limits=asdict(limits), beads=found.beads, excluded=found.excluded, once=found.once,
            repeats=found.repeats, count=len(found.pairs),
        )  # fmt: skip


def _first(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    return rows if count == 0 else rows.group_by("lang", maintain_order=True).head(count)

"""Methods of `Corpus` that follow a pattern through time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corpus.api.arguments import NONE, cuts_of, pattern_of, selection_of
from corpus.api.base import CorpusBase
from corpus.api.tables import Table
from corpus.base.errors import CorpusError
from corpus.text.tokens import version as tokens_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from align.encoder import Encoder
    from corpus.api.arguments import AnyDate, AnyPath, Several
    from corpus.diachrony.timeline import Timeline
    from corpus.diachrony.trace import Trace
    from corpus.linguistics.patterns import Pattern
    from corpus.text.variants import Variants


class FollowingTime(CorpusBase):
    """What a historian asks."""

    def timeline(
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
        dense: bool = False,
        threshold: float | None = None,
        encoder: Encoder | str | None = None,
        by: str = "decade",
        cut: str | Iterable[AnyDate] | None = None,
        once: bool = False,
        refresh: bool = True,
    ) -> Table:
        """Count a pattern over time, by language, with what was searched.

        Parameters
        ----------
        pattern, lang, since, until, doc, source, regex, variants, once, refresh
            See `concordance`.
        dense, threshold, encoder
            Count sentences whose cosine with the pattern reaches a threshold instead of matches, and under
            which encoder.
        by
            Bins: ``decade``, ``year`` or ``month``.
        cut
            Begin a bin at each of these dates instead.

        Returns
        -------
        Table
            `corpus.diachrony.timeline.TIMELINE`: bins in order, then partial dates, then the undated; a bin
            without documents says so, which is not zero. `about` has forms, repeats, undated, similar.

        Raises
        ------
        CorpusError
            If the pattern, the bins or the selection are refused.
        """
        from corpus.diachrony.timeline import similar_timeline
        from corpus.diachrony.timeline import timeline as count

        where = selection_of(lang, since, until, doc, source)
        how: dict[str, Any] = {"selection": where, "by": by, "cuts": cuts_of(cut), "once": once}
        space = self._looked_at(refresh=refresh, once=once)
        forms: tuple[str, ...] = ()
        query = pattern if isinstance(pattern, str) else pattern.query
        if not dense and (threshold is not None or encoder is not None):
            msg = "`threshold=SCORE` and `encoder=NAME` are of similar sentences: say `dense=True`, too"
            raise CorpusError(msg)
        if dense:
            check_dense(query, regex=regex, variants=variants)
            with self._progress("comparing") as progress:
                found = similar_timeline(
                    space, query, encoder=encoder or "use", threshold=threshold, progress=progress, **how
                )
        else:
            wanted = pattern_of(pattern, space, regex=regex, variants=variants)
            forms = wanted.forms
            with self._progress("counting words") as progress:
                found = count(space, wanted, progress=progress, **how)
        return Table.of(found.rows, found.snapshot, result=found, **_about_time(found, query, forms))

    def trace(
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
        by: str = "year",
        cut: str | Iterable[AnyDate] | None = None,
        k: int = 1,
        part: str = "forms",
        once: bool = False,
        refresh: bool = True,
    ) -> Table:
        """Follow how the wording of one thing moves through time.

        Parameters
        ----------
        pattern, lang, since, until, doc, source, regex, variants, by, cut, once, refresh
            See `timeline`.
        k
            So many pairs of passages between two bins.
        part
            Which table to return: ``forms`` (how often each form stands in each bin), ``near`` (passages of
            neighbouring bins that share most words), ``only`` (words that stand with it in one bin only),
            ``keyness``, or ``rows``, the timeline.

        Returns
        -------
        Table
            The table asked for; the others are those of its `result` (`corpus.diachrony.trace.Trace`).

        Raises
        ------
        CorpusError
            If there is no such table, or the pattern, the bins or the selection are refused.
        """
        from corpus.diachrony.trace import trace as follow

        if part not in TRACED:
            msg = f"`part={part!r}`: there are {', '.join(TRACED)}"
            raise CorpusError(msg)
        where, cuts = selection_of(lang, since, until, doc, source), cuts_of(cut)
        space = self._looked_at(refresh=refresh, once=once)
        wanted = pattern_of(pattern, space, regex=regex, variants=variants)
        with self._progress("counting words") as progress:
            found = follow(
                space, wanted, selection=where, by=by, cuts=cuts, most=k, once=once, progress=progress
            )
        about = _about_time(found, wanted.query, wanted.forms)
        about |= {name: getattr(found, name) for name in ("absent", "unborne", "sampled")}
        return Table.of(getattr(found, part), found.snapshot, result=found, **about)


TRACED = ("forms", "near", "only", "keyness", "rows")
"""The tables of a trace."""


def check_dense(query: str, *, regex: bool, variants: AnyPath | Variants | None) -> None:
    """Raise CorpusError for what says nothing where sentences are compared by meaning."""
    if regex or variants not in (None, NONE):
        other = "`regex=True`" if regex else "`variants=FILE`"
        msg = f"{other} and `dense=True`: choose one; by meaning, a pattern is compared as it stands"
        raise CorpusError(msg)
    if "*" in query:
        msg = "* stands for nothing with `dense=True`: write the pattern as it would stand in a text"
        raise CorpusError(msg)


def _about_time(found: Timeline | Trace, query: str, forms: tuple[str, ...]) -> dict[str, Any]:
    level = getattr(found, "level", None)
    return {
        "pattern": query,
        "forms": forms,
        "similar": level and asdict(level),
        "words": tokens_version(),
        "once": found.once,
        "repeats": found.rows["repeats"].sum(),
        "undated": found.undated,
    }

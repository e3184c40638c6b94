"""Methods of `Corpus` about what translates what: links, pairing, alignment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.api.arguments import langs_of
from corpus.api.base import CorpusBase

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    import align
    from align.encoder import Encoder
    from corpus.api.arguments import AnyPath, Languages
    from corpus.api.tables import Table
    from corpus.documents.links import Linked


class Aligning(CorpusBase):
    """What a translator asks."""

    def link(
        self,
        *docs: str,
        original: str | None = None,
        langs: str | None = None,
        note: str | None = None,
        by: str | None = None,
        file: AnyPath | None = None,
        by_name: bool = False,
        pattern: str | None = None,
    ) -> Linked:
        """Say that documents are translations of each other, one work; kept until `unlink` takes it back.

        Parameters
        ----------
        docs
            Two or more, by their ids, the beginnings of these, or their files: the first is linked with each
            of the others.
        original
            The one that the others translate.
        langs
            Of documents that hold several languages, which versions are meant: ``zh-en``.
        note, by
            What to remark, and who says so.
        file
            A table of links instead (CSV or TSV with the columns a and b), or a workspace's
            ``links-….jsonl``.
        by_name
            Link the documents whose files have one name in several languages: ``b.zh.txt`` and ``b.en.txt``.
        pattern
            Where the name and the language stand, for `by_name`: ``{lang}/{name}.txt``.

        Returns
        -------
        corpus.documents.links.Linked
            Ids of links that are new, changed and the same.

        Raises
        ------
        CorpusError
            If there is no such document, or a document is linked with itself.
        """
        from corpus.base.files import read_bytes
        from corpus.documents.link_tables import links_by_name, links_of, read_links
        from corpus.documents.links import add_links

        space = self.workspace
        if file is not None:
            links = read_links(space, read_bytes(Path(file)), str(file))
        elif by_name:
            links, _ = links_by_name(space, pattern)
        else:
            links = links_of(space, docs, original=original, langs=langs_of(langs), note=note, by=by)
        return add_links(space, links)

    def unlink(self, *docs: str) -> list[str]:
        """Take back the links between two documents, and the pairs made by them; return their ids.

        Raises
        ------
        CorpusError
            If they are not linked.
        """
        from corpus.documents.link_tables import linked_names
        from corpus.documents.links import remove_links

        return remove_links(self.workspace, [linked_names(self.workspace, docs)])

    def links(self) -> pl.DataFrame:
        """List the links, and how each stands now (`corpus.documents.links.LISTED`)."""
        from corpus.documents.links import list_links

        return list_links(self.workspace)

    def pair(self, *, langs: Languages | None = None, threshold: float = 0.5, accept: bool = False) -> Table:
        """Find out which documents that are not linked translate each other.

        Parameters
        ----------
        langs
            Pairs of languages like ``zh-en`` to look at; otherwise all there are.
        threshold
            The least probability of what is accepted.
        accept
            Make links of it.

        Returns
        -------
        Table
            `corpus.mining.proposals.PROPOSALS`, what is accepted first, the likeliest first.

        Raises
        ------
        CorpusError
            If there are no two languages.
        """
        from corpus.mining import proposals

        with self._progress("comparing documents") as progress:
            found = proposals.propose(
                self.workspace, langs=langs_of(langs), threshold=threshold, executor=self._executor,
                progress=progress,
            )  # fmt: skip
        if accept:
            proposals.accept(self.workspace, found)
        return self._table(found, self.workspace.pin())

    def mine(self, *, langs: Languages | None = None, min_score: float = 0.5, aligned: bool = False) -> Table:
        """Find sentences that translate each other in documents that do not.

        Parameters
        ----------
        langs
            Pairs of languages like ``zh-en`` to look at, source first; otherwise all there are.
        min_score
            The least probability that two sentences translate each other, 0 to 1.
        aligned
            Whether to look within bilingual and linked documents, too.

        Returns
        -------
        Table
            `corpus.mining.mine.MINED`, the likeliest first: texts, places, score and why.

        Raises
        ------
        CorpusError
            If there are no two languages, or a score is none.
        """
        from corpus.mining.mine import mine

        with self._progress("mining sentences") as progress:
            found = mine(
                self.workspace, langs=langs_of(langs), min_score=min_score, aligned=aligned,
                executor=self._executor, progress=progress,
            )  # fmt: skip
        return self._table(found, self.workspace.pin())

    def align(
        self,
        *,
        encoder: Encoder | str | None = None,
        weights: AnyPath | align.Weights | None = None,
        langs: Languages | None = None,
        realign: Sequence[str] | str = (),
        as_imported: Sequence[str] | str = (),
        moved: bool | None = None,
        nulls: bool = False,
        details: bool = False,
    ) -> Table:
        """Align what is bilingual or linked and not aligned yet; return all pairs.

        Parameters
        ----------
        encoder, weights
            To align with from now on; otherwise those that the workspace was last aligned with.
        langs
            Pairs of languages like ``zh-en``, source first, that are to be aligned in every work that has
            both, besides what is linked; from now on, until others are named.
        realign, as_imported
            Documents that came in aligned (translation memories, XLIFF, tables), which keep their pairs
            otherwise: to be aligned anew, or to go back to the pairs they came in with. ``all`` is each.
        moved
            Whether passages that stand in another place in the translation are looked for (flag ``moved``),
            from now on; otherwise as before, at first they are.
        nulls
            Whether to list sentences without a counterpart, too.
        details
            Whether to return all columns of `corpus.documents.pairs.PAIRS`, lists as lists.

        Returns
        -------
        Table
            One row a bead: doc_id, date, src_lang, tgt_lang, src, tgt, score (0 to 1), bead (``2:1``),
            src_ids and tgt_ids (sentence numbers, separated by spaces), flags (by commas). Its
            ``about["unlike"]`` names the documents whose versions do not look like translations of each
            other: they are left unpaired, unless a marker line or a manifest says that they are.

        Beads that were set (`review`) are kept, and those judged wrong not proposed again.

        Raises
        ------
        CorpusError
            If no document holds text in two languages, and none is linked.
        """
        from corpus.alignment.weights import read_weights

        chosen = read_weights(weights) if isinstance(weights, str | Path) else weights
        found = self._align(
            encoder, chosen, langs=langs_of(langs), wrong=True, realign=realign, as_imported=as_imported,
            moved=moved,
        )  # fmt: skip
        return self._pairs(found, nulls=nulls, details=details)

    def pairs(self, *, nulls: bool = False, details: bool = False, refresh: bool = True) -> Table:
        """Return the aligned pairs; see `align` for the columns.

        Parameters
        ----------
        nulls, details
            See `align`.
        refresh
            Align what is not aligned yet; otherwise the pairs are those there are, perhaps none.
        """
        from corpus.documents.pairs import workspace_pairs

        if refresh:
            return self._pairs(self._align(), nulls=nulls, details=details)
        return self._pairs(workspace_pairs(self._looked_at(refresh=False)), nulls=nulls, details=details)

    def _pairs(self, found: pl.DataFrame, *, nulls: bool, details: bool) -> Table:
        from corpus.alignment.likeness import unlike_documents
        from corpus.documents.pairs import COLUMNS, chosen, without_nulls
        from corpus.writers.tsv import plain

        kept = found if nulls else without_nulls(found)
        rows = kept if details else plain(chosen(kept, COLUMNS, nulls=True))
        return self._table(rows, self.workspace.pin(), unlike=unlike_documents(found))

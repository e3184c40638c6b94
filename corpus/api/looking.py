"""Methods of `Corpus` that show what is there: documents, sentences, places, reprints, citations, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.api.arguments import names_of, selection_of
from corpus.api.base import CorpusBase
from corpus.base.errors import CorpusError

if TYPE_CHECKING:
    from corpus.api.arguments import AnyDate, Several
    from corpus.api.tables import Table
    from corpus.documents.citations import Item
    from corpus.documents.locations import Passage
    from corpus.maintenance.status import Status
    from corpus.store.integrity import Fault


class Looking(CorpusBase):
    """What a reader asks."""

    def documents(self) -> Table:
        """List the documents, one row a version.

        Returns
        -------
        Table
            doc_id, version, lang, relation, date, date_basis, source, title, sentences (how many).
        """
        from corpus.documents.catalogue import list_documents

        space = self._looked_at(refresh=False)
        return self._table(list_documents(space), space)

    def sentences(
        self,
        *,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
    ) -> Table:
        """List sentences with their places, in the order of the texts.

        Parameters
        ----------
        lang, since, until, doc, source
            Of which texts; see `Corpus.concordance`.

        Returns
        -------
        Table
            doc_id, version, sentence, lang, date, text, kind, paragraph, file, line, start, end, place:
            `start` and `end` are code-point offsets into the file, the end exclusive; `place` is in the
            file's own terms, null of plain text.
        """
        from corpus.documents.subcorpus import select_versions
        from corpus.store.schemas import KEYS, PART

        space = self._looked_at(refresh=False)
        selected = select_versions(space, selection_of(lang, since, until, doc, source))
        versions = selected.versions.select(*PART, "lang", "date", "file").lazy()
        rows = space.scan("sentences").join(versions, on=PART, nulls_equal=True).sort(*KEYS, "sentence")
        columns = ["sentence", "lang", "date", "text", "kind", "paragraph", "file", "line", "start"]
        columns += ["end", "place"]
        return self._table(rows.select(*KEYS, *columns).collect(), space, undated=selected.undated)

    def dropped(self, doc: str) -> Table:
        """List what cleaning left out of a document: version, line, start, end, reason, text.

        Raises
        ------
        CorpusError
            If there is no such document.
        """
        from corpus.documents.catalogue import dropped, find_document

        space = self._looked_at(refresh=False)
        return self._table(dropped(space, find_document(space, doc)), space)

    def show(self, place: str) -> Passage:
        """Return what stands at a place, ``DOC:1234`` (an offset) or ``DOC:L33`` (a line).

        Raises
        ------
        CorpusError
            If there is no such place; a document without a place is `sentences`' to show.
        """
        from corpus.documents.locations import find_place, passage_at

        space = self._looked_at(refresh=False)
        found = find_place(space, place)
        if found is None:
            msg = f"{place!r} names a document, and no place in it: like {place}:L33 or {place}:1234"
            raise CorpusError(msg)
        return passage_at(space, found)

    def cite(
        self,
        *places: str,
        lang: str | None = None,
        since: AnyDate | None = None,
        until: AnyDate | None = None,
        doc: Several | None = None,
        source: Several | None = None,
    ) -> list[Item]:
        """Return CSL-JSON items of documents and places, or of all that the arguments select.

        `corpus.writers.bibtex.to_bibtex` makes BibTeX of them.

        Raises
        ------
        CorpusError
            If there is no such document or place, or nothing to cite.
        """
        from corpus.documents.citations import cite

        space = self._looked_at(refresh=False)
        return cite(space, names_of(places, "place"), selection_of(lang, since, until, doc, source))

    def lexicon(self, word: str | None = None, *, lang: str | None = None, to: str | None = None) -> Table:
        """Look a word up in all that searches across languages go by, or list the lexicons there are.

        Those are the lexicons that ship, names spelt by rule, the terms that the workspace's aligned beads
        pair, `variants.toml`, and `lexicon.tsv`, where pairs can be added and forbidden.

        Parameters
        ----------
        word
            A word or phrase; without one, the lexicons are listed.
        lang, to
            Codes of its language, and of that of translations; otherwise any.

        Returns
        -------
        Table
            `corpus.lexicons.entries.ENTRIES`; without a word `corpus.lexicons.entries.LEXICONS`.

        Raises
        ------
        CorpusError
            If there is no lexicon from or into such a language, or `lexicon.tsv` is wrong.
        """
        from corpus.lexicons.entries import entries_of, lexicons_in_use

        space = self._looked_at(refresh=False)
        if word is not None:
            return self._table(entries_of(space, word, lang=lang, to=to), space)
        rows = lexicons_in_use(space)
        for code in filter(None, (lang, to)):
            rows = rows.filter((pl.col("lang") == code) | (pl.col("to") == code))
        return self._table(rows, space)

    def reprints(
        self, doc: str | None = None, *, threshold: float = 0.7, documents: int = 2, refresh: bool = True
    ) -> Table:
        """List passages that stand in several documents, word for word or lightly edited.

        Parameters
        ----------
        doc
            Only what stands in this document, too.
        threshold
            Least share of character n-grams in common, 0.5 to 1; 1 is word for word.
        documents
            In how many documents, at least.
        refresh
            Compare sentences that were not compared yet.

        Returns
        -------
        Table
            `corpus.reuse.clusters.HISTORIES`, one row a place, in order of time.
        """
        from corpus.documents.catalogue import find_document
        from corpus.reuse.clusters import histories

        space = self._looked_at(refresh=refresh, once=True).pin()
        doc_id = None if doc is None else find_document(space, doc)
        found = histories(space, threshold=threshold, documents=documents, doc_id=doc_id)
        return self._table(found, space)

    def status(self, *, encoder: str | None = None) -> Status:
        """Count what the workspace holds, and what is stale; nothing is made.

        Parameters
        ----------
        encoder
            What alignments are compared with; otherwise the one the workspace was last aligned with.
        """
        from corpus.maintenance.status import status

        return status(self.workspace, encoder=encoder)

    def check(self, *, repair: bool = False) -> list[Fault]:
        """Verify every file of the workspace; return what is wrong, after mending what can be, if asked to.

        Raises
        ------
        EmptyWorkspaceError
            If there is no workspace.
        """
        from corpus.base.errors import EmptyWorkspaceError
        from corpus.maintenance.repair import check
        from corpus.maintenance.repair import repair as mend

        if not self.workspace.exists():
            raise EmptyWorkspaceError(self.workspace.path, "no workspace there")
        with self._progress("checking") as progress:
            faults = check(self.workspace, progress=progress)
        if repair and faults:
            mend(self.workspace, faults)
            faults = check(self.workspace)
        return faults

    def lookup(self, doc: str) -> dict[str, Any]:
        """Return a document's row of the table of documents, by its id or the beginning of it."""
        from corpus.documents.catalogue import document, find_document

        space = self._looked_at(refresh=False)
        return document(space, find_document(space, doc))[0]

"""What a search looks through and shows: sentences of selected versions, and the beads they are in.

Nothing is read whole but the list of versions: of sentences and beads, a query reads what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.documents.subcorpus import Selection, dated_versions, of_parts, select_versions, with_quotations
from corpus.reuse.reprints import reprint_groups
from corpus.search.index.places import Places, read_places
from corpus.store.beads import beads_of, both_ways
from corpus.store.schemas import KEYS, PART, SENTENCE
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.search.index.segment import Ids
    from corpus.store.workspace import Workspace

UNKNOWN_DECADE = "unknown"


@dataclass(frozen=True)
class Passages:
    """The passages of a workspace, which must be pinned.

    Attributes
    ----------
    workspace
        Where they are.
    """

    workspace: Workspace

    @cached_property
    def versions(self) -> pl.DataFrame:
        """All versions, and what they quote, with their provenance, `file` and `decade`.

        A translation that has no date of its own has its original's, and says so in `date_basis`.
        """
        decade = (pl.col("date_first").dt.year() // 10 * 10).cast(pl.String).add("s")
        versions = with_quotations(self.workspace, dated_versions(self.workspace))
        return versions.with_columns(decade=decade.fill_null(UNKNOWN_DECADE))

    @cached_property
    def langs(self) -> list[str]:
        """The language of every version, and of what it quotes."""
        return self.versions["lang"].to_list()

    def count(self, versions: pl.DataFrame) -> int:
        """Return how many versions of documents there are among rows of `versions`."""
        return self._every if versions is self.versions else versions.select(KEYS).n_unique()

    @cached_property
    def _every(self) -> int:
        return self.versions.select(KEYS).n_unique()

    @cached_property
    def reprints(self) -> dict[int, tuple[int, ...]]:
        """Of every sentence that is reprinted with light changes, the `text_id` of all its forms."""
        if not self.workspace.state().rows("reprints"):
            return {}
        groups = reprint_groups(self.workspace).group_by("group").agg("text_id")
        return {text_id: tuple(members) for members in groups["text_id"] for text_id in members}

    def passing(self, within: Selection) -> pl.DataFrame:
        """Return the versions that pass a selection (CorpusError if it names what is not there)."""
        if within == Selection():
            return self.versions
        if within not in self._passing:
            passed = select_versions(self.workspace, within).versions.select(PART)
            self._passing[within] = self.versions.join(
                passed, on=PART, how="semi", nulls_equal=True, maintain_order="left"
            )
        return self._passing[within]

    @cached_property
    def _passing(self) -> dict[Selection, pl.DataFrame]:
        return {}

    def ids(self, versions: pl.DataFrame) -> Ids:
        """Return the `text_id` of the sentences of some versions, each once."""
        return self._of(versions).select(pl.col("text_id").unique()).collect()["text_id"].to_numpy()

    def count_undated(self, within: Selection) -> int:
        """Return how many sentences a selection by date leaves out because no date is known for them."""
        if within.since is None and within.until is None:
            return 0
        undated = self.passing(replace(within, since=None, until=None)).filter(pl.col("date_first").is_null())
        if undated.is_empty():
            return 0
        return int(self._of(undated).select(pl.len()).collect().item())

    def places(self, ids: Sequence[int], versions: pl.DataFrame) -> pl.DataFrame:
        """Return where some sentences stand in some versions.

        Parameters
        ----------
        ids
            Their `text_id`.
        versions
            Rows of `versions`.

        Returns
        -------
        polars.DataFrame
            The columns of `sentences` and `versions`; of aligned sentences, `bead` and which `side` of it.
        """
        wanted = pl.col("text_id").is_in(list(ids))
        if self._asked:  # to ask once, all ids are read; to ask again, they are put in order
            documents = self._places_of_all.of(ids)
            wanted &= pl.col("doc_id").is_in(documents.implode())
        self._asked.append(len(ids))
        found = self.workspace.scan("sentences").filter(wanted).collect()
        doc_ids = found["doc_id"].unique()
        beads = self._sentence_beads(doc_ids.to_list())
        # Of many versions a join would make a table each time.
        versions = versions.filter(pl.col("doc_id").is_in(doc_ids.implode()))
        return found.join(versions, on=PART, nulls_equal=True, maintain_order="left").join(
            beads, on=SENTENCE, how="left", maintain_order="left"
        )

    @cached_property
    def _places_of_all(self) -> Places:
        return read_places(self.workspace)

    @cached_property
    def _asked(self) -> list[int]:
        return []

    def beside(self, ids: Sequence[int], versions: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
        """Return which sentences of other versions some sentences are aligned with.

        Parameters
        ----------
        ids
            `text_id` of sentences.
        versions, others
            Rows of `versions`: where these stand, and where those.

        Returns
        -------
        polars.DataFrame
            text_id, other_id (of a sentence of `others`), score (of the bead), text and lang (of the sentence
            of `ids`): the best bead of each pair of texts, in the order of the tables.
        """
        scanned = self.workspace.scan("sentences")
        found = (
            scanned.filter(pl.col("text_id").is_in(list(ids)))
            .join(versions.lazy().select(*PART, "lang"), on=PART, nulls_equal=True, maintain_order="left")
            .select("text_id", *KEYS, "sentence", "text", "lang")
            .collect()
        )
        sides = (
            both_ways(beads_of(self.workspace, found["doc_id"].unique()), "score")
            .rename({"ids": "sentence", "other_ids": "other"})
            .explode("sentence")
            .explode("other")
            .drop_nulls(["sentence", "other"])
            .drop("side")
            .with_columns(pl.col("score").fill_null(1.0))  # came in without one: whoever made it was sure
            .collect()
        )
        documents = sides["other_doc"].unique().implode()
        counterparts = (
            scanned.filter(pl.col("doc_id").is_in(documents))
            .join(others.lazy().select(PART), on=PART, nulls_equal=True, how="semi", maintain_order="left")
            .select(other_doc="doc_id", other_version="version", other="sentence", other_id="text_id")
            .collect()
        )
        return (
            found.join(sides, on=SENTENCE, maintain_order="left")
            .join(counterparts, on=["other_doc", "other_version", "other"], maintain_order="left")
            .sort("score", descending=True, maintain_order=True)
            .unique(["text_id", "other_id"], keep="first", maintain_order=True)
            .select("text_id", "other_id", "score", "text", "lang")
        )

    def lang(self, doc_id: str, version: int) -> str:
        """Return the language of a version."""
        of_document = self.versions.filter((pl.col("doc_id") == doc_id) & pl.col("quoted").is_null())
        return str(of_document.filter(pl.col("version") == version)["lang"].item())

    def sentences(self, doc_ids: Iterable[str]) -> dict[tuple[str, int], pl.DataFrame]:
        """Return the sentences of some documents, in order, by document and version."""
        found = (
            self.workspace.scan("sentences").filter(pl.col("doc_id").is_in(sorted(set(doc_ids)))).collect()
        )
        parts = found.sort(SENTENCE).partition_by(KEYS, as_dict=True)
        return {(str(doc_id), int(version)): part for (doc_id, version), part in parts.items()}

    def _of(self, versions: pl.DataFrame) -> pl.LazyFrame:
        return of_parts(self.workspace.scan("sentences").select("text_id", *PART), versions)

    def _sentence_beads(self, doc_ids: Sequence[str]) -> pl.DataFrame:
        """Return which bead, and which side of it, each aligned sentence of some documents is in."""
        beads = beads_of(self.workspace, doc_ids).filter(
            (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
        )
        told = ("bead", "src_version", "tgt_doc", "tgt_version", "src_ids", "tgt_ids")
        beads = beads.with_columns(told=pl.struct(*told, src_doc="doc_id"))
        # An original aligned with two translations is in two beads; the first stands for it.
        return (
            both_ways(beads, "told")
            .select(*KEYS, sentence="ids", bead="told", side="side")
            .explode("sentence")
            .unique(SENTENCE, keep="first", maintain_order=True)
            .collect()
        )


def joined(sentences: pl.DataFrame, lang: str) -> str:
    """Return the text of consecutive sentences of a version."""
    return passage_text(sentences["text"].to_list(), sentences["paragraph"].to_list(), lang)


def places_in(text: str, sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each of some sentences stands in a text that was joined from them: start, end.

    Only white space is between them, so the first place after the sentence before is the one, though
    the same words may stand further up.
    """
    places, end = [], 0
    for sentence in sentences:
        start = text.index(sentence, end)
        end = start + len(sentence)
        places.append((start, end))
    return places


def bead_of(row: dict[str, Any]) -> tuple[Any, ...] | None:
    """Return what tells the bead that a row of `Passages.places` is in from others; None if it is in none."""
    bead = row["bead"]
    keys = ("src_doc", "src_version", "tgt_doc", "tgt_version", "bead")
    return bead and tuple(bead[name] for name in keys)

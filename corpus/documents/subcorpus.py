"""What a count or a concordance is made over: the versions that pass, and their sentences in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.catalogue import find_document
from corpus.documents.links import linked_pairs
from corpus.store.schemas import KEYS, PART
from corpus.text.agencies import agency_of
from corpus.text.languages import meant_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.base.progress import Progress
    from corpus.documents.links import LinkedPair
    from corpus.store.workspace import Workspace
    from corpus.text.dates import PartialDate


_DATES = ("date", "date_first", "date_last")
BATCH = 100_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which versions to count. A date known in part passes where its interval overlaps.

    Attributes
    ----------
    lang
        Language code.
    since, until
        First and last date.
    docs
        Document ids, or beginnings of ids that are one document's; none is all.
    sources
        Names, or parts of names, of the source or of the agency relayed, whatever their case, or any
        name the agency goes by; none is all.
    """

    lang: str | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None
    docs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """The versions that pass.

    Attributes
    ----------
    versions
        The columns of `versions` and `file`, by document and version. A translation that has no date
        of its own has its original's, and `date_basis` says ``original``. A version that quotes text in
        another language has a row for that, too: `quoted` and `lang` name it (`corpus.store.schemas.PART`).
    undated
        How many versions are left out because the selection is by date and they have none.
    """

    versions: pl.DataFrame
    undated: int = 0


def select_versions(workspace: Workspace, selection: Selection | None = None) -> Selected:
    """Return the versions that a selection lets pass.

    Raises
    ------
    CorpusError
        If the selection names a document, a language or a source that is not there, or contradicts
        itself.
    """
    within = selection or Selection()
    if within.since and within.until and within.since.first > within.until.last:
        raise CorpusError(f"`since` {within.since} is after `until` {within.until}")
    versions = with_quotations(workspace, dated_versions(workspace))
    if within.lang is not None:
        _refuse_unknown_language(versions, within.lang)
        versions = versions.filter(pl.col("lang") == within.lang)
    if within.docs:
        wanted = [find_document(workspace, name) for name in within.docs]
        versions = versions.filter(pl.col("doc_id").is_in(wanted))
    if within.sources:
        versions = _of_sources(versions, within.sources)
    undated = 0
    if within.since is not None or within.until is not None:
        undated = versions.filter(pl.col("date_first").is_null()).select(KEYS).n_unique()
    if within.since is not None:
        versions = versions.filter(pl.col("date_last") >= within.since.first)
    if within.until is not None:
        versions = versions.filter(pl.col("date_first") <= within.until.last)
    return Selected(versions.sort(PART), undated)


def dated_versions(workspace: Workspace) -> pl.DataFrame:
    """Return all versions with their file, translations without a date under their original's.

    An original may be another document, which is linked (`corpus.documents.links`): what is not said of the
    `relation` of either in its own file or manifest is taken from the link.
    """
    files = workspace.scan("documents").select("doc_id", "file")
    linked, beside = _by_links(workspace)
    versions = (
        workspace.scan("versions")
        .join(linked.lazy(), on=KEYS, how="left", maintain_order="left")
        .with_columns(
            relation=pl.when(relation="unknown").then(pl.coalesce("linked", "relation")).otherwise("relation")
        )
        .drop("linked")
    )
    own = (
        versions.filter(pl.col("relation") == "original")
        .sort(KEYS)
        .unique("doc_id", keep="first", maintain_order=True)
    )
    others = beside.lazy().join(own.rename({"doc_id": "of"}).drop("version"), on="of", maintain_order="left")
    originals = (
        pl.concat([own.select("doc_id", *_DATES), others.select("doc_id", *_DATES)])
        .unique("doc_id", keep="first", maintain_order=True)
        .select("doc_id", *(pl.col(name).alias(f"original_{name}") for name in _DATES))
    )
    by_original = pl.col("date").is_null() & pl.col("original_date").is_not_null()
    return (
        versions.join(files, on="doc_id")
        .join(originals, on="doc_id", how="left")
        .with_columns(
            date_basis=pl.when(by_original).then(pl.lit("original")).otherwise("date_basis"),
            **{name: pl.coalesce(name, f"original_{name}") for name in _DATES},
        )
        .drop(f"original_{name}" for name in _DATES)
        .collect()
    )


def _by_links(workspace: Workspace) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the relation that links state of versions, and for translations the document of the original.

    The tables have doc_id, version and linked; doc_id and of.
    """
    relations: dict[tuple[str, int], str] = {}
    originals: dict[str, str] = {}
    pairs = linked_pairs(workspace)
    for pair in pairs:
        for side, other in ((pair.src, pair.tgt), (pair.tgt, pair.src)):
            if pair.original == side[0]:
                relations.setdefault(side, "original")
                relations[other] = "translation"  # though it may be the original of a third
                originals.setdefault(other[0], side[0])
    for doc_id, direct in originals.copy().items():  # the first of all
        first, seen = direct, {doc_id}
        while first in originals and first not in seen:
            seen.add(first)
            first = originals[first]
        originals[doc_id] = first
    _through_translations(pairs, relations, originals)
    relation = pl.DataFrame(
        [(*side, stated) for side, stated in relations.items()],
        schema={"doc_id": pl.String, "version": pl.Int32, "linked": pl.String},
        orient="row",
    )
    of = pl.DataFrame([*originals.items()], schema={"doc_id": pl.String, "of": pl.String}, orient="row")
    return relation, of


def _through_translations(
    pairs: Sequence[LinkedPair], relations: dict[tuple[str, int], str], originals: dict[str, str]
) -> None:
    """Add what is linked with a translation: whichever was made of the other, both have one original."""
    undirected = [(pair.src, pair.tgt) for pair in pairs if pair.original is None]
    open_ends = [*undirected, *((tgt, src) for src, tgt in undirected)]
    found = True
    while found:
        found = False
        for known, other in open_ends:
            of = originals.get(known[0])
            if of not in (None, other[0]) and other[0] not in originals and other not in relations:
                relations[other], originals[other[0]], found = "translation", of, True


def with_quotations(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    """Return versions with the column `quoted`, and a row more for each language that one quotes."""
    quoted = workspace.scan("sentences").filter(pl.col("quoted").is_not_null()).select(PART).unique()
    others = versions.drop("lang").join(quoted.collect(), on=KEYS).with_columns(lang="quoted")
    own = versions.with_columns(quoted=pl.lit(None, dtype=pl.String))
    return pl.concat([own, others.select(own.columns)]).sort(PART)


def _refuse_unknown_language(versions: pl.DataFrame, lang: str) -> None:
    languages = versions["lang"].unique().sort().to_list()
    if lang not in languages:
        msg = f"no text in {lang!r} here; languages are {', '.join(languages)}"
        meant = meant_code(lang)
        raise CorpusError(f"{msg}; did you mean {meant}?" if meant in languages else msg)


def is_from(names: Sequence[str]) -> pl.Expr:
    """Return an expression: the source or relayed agency has one of these names.

    An agency may be called by any of its names.
    """
    passes = pl.lit(value=False)
    for name in names:
        agency = agency_of(name) or name
        for column in ("source", "relay"):
            passes |= pl.col(column).str.to_lowercase().str.contains(agency.lower(), literal=True)
    return passes.fill_null(value=False)


def _of_sources(versions: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    passed = versions.filter(is_from(names))
    if passed.is_empty():
        known = versions["source"].drop_nulls().unique().sort().to_list()
        raise CorpusError(
            f"no text from {' or '.join(map(repr, names))} here; sources are {', '.join(known) or 'unknown'}"
        )
    return passed


def of_parts(sentences: pl.LazyFrame, versions: pl.DataFrame) -> pl.LazyFrame:
    """Return the rows of `sentences` that are in some versions, in their order.

    Parameters
    ----------
    sentences
        Columns of `sentences`, `PART` among them.
    versions
        As `select_versions` returns them: of a version only what is in the language of its row counts.
    """
    keys = versions.select(PART).lazy()
    return sentences.join(keys, on=PART, how="semi", nulls_equal=True, maintain_order="left")


def sentence_batches(
    workspace: Workspace,
    versions: pl.DataFrame,
    columns: Sequence[str],
    *,
    where: pl.Expr | None = None,
    without: pl.DataFrame | None = None,
    size: int = BATCH,
    progress: Progress | None = None,
) -> Iterator[pl.DataFrame]:
    """Yield the sentences of some versions, so many at a time, in the order of the table.

    The table is read once, from its beginning to its end, and no more than some batches are held.

    Parameters
    ----------
    workspace
        Pinned, if it may be changed meanwhile.
    versions
        With `doc_id`, `version` and `quoted`.
    columns
        Of `sentences`, besides the keys, `sentence` and `quoted`.
    where
        Only sentences of which this is true.
    without
        Sentences to leave out, by doc_id, version and sentence.
    progress
        Called with how many sentences are done with, of how many.
    """
    table = of_parts(workspace.scan("sentences"), versions)
    if without is not None and len(without):
        places = [*KEYS, "sentence"]
        table = table.join(without.select(places).lazy(), on=places, how="anti", maintain_order="left")
    total = int(table.select(pl.len()).collect(engine="streaming").item())
    done = 0
    for batch in table.select(*PART, "sentence", *columns).collect_batches(chunk_size=size):
        done += len(batch)
        passed = batch if where is None else batch.filter(where)
        if len(passed):
            yield passed
        if progress is not None:
            progress(done, total)

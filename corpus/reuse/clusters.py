"""Reprint histories: each passage that stands in several documents, with its places in order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from corpus.documents.subcorpus import dated_versions
from corpus.reuse.minhash import similarity
from corpus.reuse.reprints import THRESHOLD, reprint_groups
from corpus.store.paragraphs import paragraphs_of
from corpus.store.schemas import PROVENANCE, DataType
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.store.workspace import Workspace

_HISTORIES: dict[str, DataType] = {
    "passage": pl.Int32,
    "similarity": pl.Float64,
    "lang": pl.String,
    "doc_id": pl.String,
    "version": pl.Int32,
    "first_sentence": pl.Int32,
    "sentences": pl.Int32,
    "paragraphs": pl.Int32,
    "text": pl.String,
}
HISTORIES = pl.Schema(_HISTORIES | PROVENANCE)
"""Passages that stand in several documents, one row a place; passages in the most documents first, and
their places in order of time, undated ones last.

`passage` numbers the passages from 1. `sentences` is how many it has here, and `paragraphs` how many
paragraphs and headings of this document are in it from beginning to end. `similarity` is that of the text
here to the earliest (1 where they differ in marks, case and spacing only). `date` is the version's, or of a
translation without one its original's (`date_basis` is ``original`` then). `start` and `end` are offsets into
`file`."""

_Place: TypeAlias = tuple[str, int, int]


def histories(
    workspace: Workspace, *, threshold: float = THRESHOLD, documents: int = 2, doc_id: str | None = None
) -> pl.DataFrame:
    """List the passages that stand in several documents, as they are or lightly edited.

    Sentences that follow each other in all the places that they stand in are one passage. Sentences beside
    them in their paragraph, too short to be compared, belong to it if they are the same in all these places.
    A passage may be in a group through another, without being as similar as `threshold` to the earliest.

    Parameters
    ----------
    workspace
        `corpus.reuse.reprints.update_reprints` has to have seen its sentences.
    threshold
        The least similarity of a pair of sentences that counts as reprinted, 0.5 to 1.
    documents
        In how many documents, at least, a passage has to stand.
    doc_id
        Only passages that stand in this document, among others.

    Returns
    -------
    polars.DataFrame
        `HISTORIES`.

    Raises
    ------
    CorpusError
        If the threshold is not in its range.
    """
    workspace = workspace.pin()
    sentences = _repeated(workspace, threshold, documents)
    places: dict[int, list[_Place]] = {}
    for group, *place in sentences.select("group", "doc_id", "version", "sentence").iter_rows():
        places.setdefault(group, []).append(tuple(place))
    short = {_place(row): row for row in _short(workspace, sentences).iter_rows(named=True)}
    rows = {_place(row): row for row in sentences.iter_rows(named=True)} | short
    groups = _with_short(places.values(), rows, short)
    wholes = _paragraphs(workspace, sentences)
    versions = dated_versions(workspace).join(sentences, on="doc_id", how="semi")
    abouts = {(row["doc_id"], row["version"]): row for row in versions.to_dicts()}
    passages = [
        sorted(
            (_passage([rows[place] for place in run], abouts, wholes) for run in zip(*chain, strict=True)),
            key=_time,
        )
        for chain in _chains(groups)
        if doc_id is None or any(place[0] == doc_id for place in chain[0])
    ]
    passages.sort(key=lambda passage: (-len({row["doc_id"] for row in passage}), _time(passage[0])))
    listed: list[dict[str, Any]] = []
    for number, passage in enumerate(passages, start=1):
        earliest = passage[0]["text"]
        for row in passage:
            del row["date_first"]
            listed.append(row | {"passage": number, "similarity": similarity(earliest, row["text"])})
    return pl.DataFrame(listed, schema=HISTORIES)


def _repeated(workspace: Workspace, threshold: float, documents: int) -> pl.DataFrame:
    """Return the sentences that stand in several documents, with the group each is in."""
    compared = workspace.scan("minhashes").drop_nulls("bands").select("text_id")
    groups = reprint_groups(workspace, threshold).lazy()
    return (
        workspace.scan("sentences")
        .select("doc_id", "version", "sentence", "text_id")
        .join(compared, on="text_id", how="semi")
        .join(groups, on="text_id", how="left")
        .with_columns(group=pl.coalesce("group", "text_id"))
        .filter(pl.col("doc_id").n_unique().over("group") >= documents)
        .drop("text_id")
        .join(workspace.scan("sentences"), on=["doc_id", "version", "sentence"])
        .collect()
        .sort("doc_id", "version", "sentence")
    )


def _place(row: Mapping[str, Any]) -> _Place:
    return row["doc_id"], row["version"], row["sentence"]


def _short(workspace: Workspace, sentences: pl.DataFrame) -> pl.DataFrame:
    """Return the sentences that were too short to compare, of the paragraphs that sentences stand in."""
    keys = ["doc_id", "version", "paragraph"]
    uncompared = workspace.scan("minhashes").filter(pl.col("bands").is_null()).select("text_id")
    beside = workspace.scan("sentences").join(sentences.select(keys).unique().lazy(), on=keys, how="semi")
    return beside.join(uncompared, on="text_id", how="semi").collect()


def _with_short(
    groups: Iterable[Sequence[_Place]],
    rows: Mapping[_Place, Mapping[str, Any]],
    short: Mapping[_Place, Mapping[str, Any]],
) -> list[Sequence[_Place]]:
    """Return groups of places, and those of short sentences that stand beside one in all of its places."""
    known = {frozenset(group) for group in groups}
    new = list(known)
    while new:
        group = new.pop()
        for by in (-1, 1):
            beside = _moved(group, by)
            same_paragraph = all(
                place in short and rows[place]["paragraph"] == rows[_moved_place(place, -by)]["paragraph"]
                for place in beside
            )
            if same_paragraph and len({short[place]["text_id"] for place in beside}) == 1:
                new += [beside] if beside not in known else []
                known.add(beside)
    return [sorted(group) for group in known]


def _moved(group: Iterable[_Place], by: int) -> frozenset[_Place]:
    return frozenset(_moved_place(place, by) for place in group)


def _moved_place(place: _Place, by: int) -> _Place:
    doc_id, version, sentence = place
    return doc_id, version, sentence + by


def _paragraphs(workspace: Workspace, sentences: pl.DataFrame) -> dict[_Place, tuple[int, int]]:
    """Return the first sentence and the one after the last of each paragraph that sentences stand in."""
    keys = ["doc_id", "version", "paragraph"]
    doc_ids = sentences["doc_id"].unique()
    paragraphs = paragraphs_of(workspace, doc_ids).join(sentences, on=keys, how="semi")
    rows = paragraphs.select(*keys, "sentence", end=pl.col("sentence") + pl.col("sentences")).iter_rows()
    return {(doc_id, version, paragraph): (start, end) for doc_id, version, paragraph, start, end in rows}


def _chains(groups: Iterable[Sequence[_Place]]) -> list[list[Sequence[_Place]]]:
    """Join groups of places into runs: groups that follow each other in every place that they stand in."""
    by_places = {frozenset(group): sorted(group) for group in groups}
    chains: list[list[Sequence[_Place]]] = []
    for group in by_places.values():
        if _moved(group, -1) in by_places:
            continue  # it goes on what another begins
        chain: list[Sequence[_Place]] = [group]
        while (following := by_places.get(_moved(chain[-1], 1))) is not None:
            chain.append(following)
        chains.append(chain)
    return chains


def _passage(
    rows: Sequence[Mapping[str, Any]],
    abouts: Mapping[tuple[str, int], Mapping[str, Any]],
    wholes: Mapping[_Place, tuple[int, int]],
) -> dict[str, Any]:
    """Return one place of a passage: consecutive sentences, as a row of `HISTORIES`."""
    first, last = rows[0], rows[-1]
    about = abouts[first["doc_id"], first["version"]]
    row = {name: about[name] for name in HISTORIES if name in about} | {
        name: first[name] for name in ("doc_id", "version", "line", "start", "place")
    }
    paragraphs = {wholes[row["doc_id"], row["version"], row["paragraph"]] for row in rows}
    text = passage_text([row["text"] for row in rows], [row["paragraph"] for row in rows], about["lang"])
    return row | {
        "text": text,
        "end": last["end"],
        "first_sentence": first["sentence"],
        "sentences": len(rows),
        "paragraphs": sum(
            first["sentence"] <= start and end <= last["sentence"] + 1 for start, end in paragraphs
        ),
        "date_first": about["date_first"],
    }


def _time(row: Mapping[str, Any]) -> tuple[Any, ...]:
    date = row["date_first"]
    return (date is None, str(date or ""), row["doc_id"], row["start"])

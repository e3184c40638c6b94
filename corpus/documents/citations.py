"""Citations of documents and of places in them: CSL-JSON items, and BibTeX made of them.

What is unknown is left out, a date stays as partial as it is, and every item says in its note which
file, which code points of it and which state of the workspace it stands for.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.links import linked_pairs
from corpus.documents.locations import Passage, Place, find_place, passage_at
from corpus.documents.subcorpus import Selection, dated_versions, select_versions
from corpus.store.beads import beads_of
from corpus.store.schemas import KEYS
from corpus.store.snapshot import snapshot
from corpus.text.dates import parse_date
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.store.workspace import Workspace

Item = dict[str, Any]
"""A CSL-JSON item (citation-style-language/schema, csl-data.json)."""


@dataclass(frozen=True, slots=True)
class _Original:
    """What a translation says of its original."""

    key: str
    about: Mapping[str, Any]


def cite(workspace: Workspace, names: Sequence[str], selection: Selection) -> list[Item]:
    """Return the items of documents and places, each once; without names, of what a selection holds.

    Parameters
    ----------
    names
        Documents, and places as `find_place` reads them.
    selection
        Of the documents; places are cited in any case.

    Raises
    ------
    CorpusError
        If there is no such document or place, or nothing to cite.
    """
    workspace = workspace.pin()
    places = [find_place(workspace, name) for name in names]
    documents = [name for name, place in zip(names, places, strict=True) if place is None]
    items = [item for place in places if place is not None for item in cite_place(workspace, place)]
    if documents or not names:
        items += cite_documents(workspace, replace(selection, docs=(*selection.docs, *documents)))
    return list({item["id"]: item for item in items}.values())


def cite_documents(workspace: Workspace, selection: Selection | None = None) -> list[Item]:
    """Return an item a version; of a translation it names the original.

    Raises
    ------
    CorpusError
        If the selection holds nothing.
    """
    workspace = workspace.pin()
    selected = select_versions(workspace, selection).versions.select(KEYS).unique()
    versions = dated_versions(workspace).join(selected, on=KEYS, how="semi", maintain_order="left")
    versions = _with_captured(workspace, versions)
    if versions.is_empty():
        raise CorpusError("no document to cite: the selection holds none")
    originals = _originals(workspace)
    taken = f"snapshot {snapshot(workspace).texts}"
    return [_item(row, originals.get(row["doc_id"]), [], taken) for row in versions.iter_rows(named=True)]


def cite_place(workspace: Workspace, place: Place) -> list[Item]:
    """Return the item of the version at a place, and of each version that the sentence is aligned with.

    The notes give the code points of the sentences on each side, and the bead with its score.

    Raises
    ------
    CorpusError
        If no sentence stands there.
    """
    workspace = workspace.pin()
    passage = passage_at(workspace, place, context=0)
    own: _Cited = ((place.doc_id, passage.version["version"]), passage.sentences.row(0, named=True), [])
    sides = [own, *_bead_sides(workspace, passage)]
    by_version: dict[tuple[str, int], tuple[dict[str, Any], list[str]]] = {}
    for version, span, notes in sides:
        known_span, known_notes = by_version.setdefault(version, (dict(span), []))
        known_span["start"] = min(known_span["start"], span["start"])
        known_span["end"] = max(known_span["end"], span["end"])
        known_notes += notes
    originals = _originals(workspace)
    documents = pl.Series([doc_id for doc_id, _ in by_version], dtype=pl.String).implode()
    # The document's own versions, then what is linked with it.
    versions = dated_versions(workspace).filter(pl.col("doc_id").is_in(documents))
    rows = _with_captured(workspace, versions).sort(
        pl.col("doc_id") != place.doc_id, "doc_id", "version", maintain_order=True
    )
    taken = snapshot(workspace)
    state = f"snapshot {taken.texts}" + (f", beads {taken.beads}" if taken.beads else "")
    items = []
    for row in rows.iter_rows(named=True):
        if (key := (row["doc_id"], row["version"])) in by_version:
            span, notes = by_version[key]
            points = f"code points {span['start']}–{span['end']}"
            places = f"{span['place']} ({points} of the text in it)" if span["place"] else points
            item = _item(row, originals.get(row["doc_id"]), [places, *dict.fromkeys(notes)], state)
            item["id"] += f"-{span['start']}"
            items.append(item)
    return items


_Cited: TypeAlias = "tuple[tuple[str, int], dict[str, Any], list[str]]"
"""A document and its version's number, the span that is cited of it (start, end), and notes on it."""


def _bead_sides(workspace: Workspace, passage: Passage) -> list[_Cited]:
    """Return both sides of each bead that a passage's sentence is in, null beads left out."""
    own = (passage.place.doc_id, passage.version["version"])
    here = passage.sentences["sentence"][0]
    beads = beads_of(workspace, [own[0]]).collect()
    documents = pl.concat([beads["doc_id"], beads["tgt_doc"]]).unique().implode()
    sentences = workspace.scan("sentences").filter(pl.col("doc_id").is_in(documents)).collect()
    cited: list[_Cited] = []
    for row in beads.iter_rows(named=True):
        sides = {
            (row["doc_id"], row["src_version"]): row["src_ids"],
            (row["tgt_doc"], row["tgt_version"]): row["tgt_ids"],
        }
        if here not in sides.get(own, []) or not all(sides.values()):
            continue
        kind = f"{len(row['src_ids'])}:{len(row['tgt_ids'])}"
        note = f"bead {row['bead']} ({kind}), score {row['score']:.4f}, aligner {row['aligner']}"
        for (doc_id, number), ids in sides.items():
            span = sentences.filter(
                (pl.col("doc_id") == doc_id) & (pl.col("version") == number) & pl.col("sentence").is_in(ids)
            )
            about = {"start": span["start"].min(), "end": span["end"].max()}
            place = span.sort("start")["place"].first()
            cited.append(((doc_id, number), about | {"place": place}, [note]))
    return cited


def _with_captured(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    documents = (
        workspace.scan("documents")
        .select("doc_id", "captured", "rights", "encoding", "format", "part")
        .collect()
    )
    rows = versions.join(documents, on="doc_id", maintain_order="left").sort(KEYS)
    return _with_namesakes(workspace, rows)


def _with_namesakes(workspace: Workspace, versions: pl.DataFrame) -> pl.DataFrame:
    """Add what else would have a version's key: `alike`, `twins` (see `_key`)."""
    everything = workspace.scan("versions").select("doc_id", "version", "lang")
    ids = everything.select("doc_id").unique().with_columns(lower=pl.col("doc_id").str.to_lowercase())
    alike = ids.select("doc_id", alike=pl.len().over("lower") > 1)
    twins = everything.select("doc_id", "version", twins=pl.len().over("doc_id", "lang") > 1)
    return (
        versions.lazy()
        .join(alike, on="doc_id", how="left", maintain_order="left")
        .join(twins, on=["doc_id", "version"], how="left", maintain_order="left")
        .collect()
    )


def _originals(workspace: Workspace) -> dict[str, _Original]:
    rows = dated_versions(workspace).filter(pl.col("relation") == "original").sort(KEYS)
    rows = _with_namesakes(workspace, rows)
    originals: dict[str, _Original] = {}
    for row in rows.iter_rows(named=True):
        originals.setdefault(row["doc_id"], _Original(_key(row), row))
    for pair in linked_pairs(workspace):  # what is linked may be a translation of another document
        for doc_id in (pair.src[0], pair.tgt[0]):
            if pair.original in originals and doc_id != pair.original:
                originals.setdefault(doc_id, originals[pair.original])
    return originals


def _key(row: Mapping[str, Any]) -> str:
    """Return an id that BibTeX takes for a key: the document's, marks changed, and the language.

    A mark of the document's id is added where two would become one, to BibTeX also if they differ in
    capitals only (`alike`); the number of the version, where others have its language (`twins`).
    """
    doc_id = row["doc_id"]
    plain = re.sub(r"[^\w.-]+", "_", doc_id)
    if plain != doc_id or row["alike"]:
        plain += "-" + hashlib.sha256(doc_id.encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return f"{plain}-{row['lang']}" + (f"-v{row['version']}" if row["twins"] else "")


def _item(row: Mapping[str, Any], original: _Original | None, notes: Sequence[str], state: str) -> Item:
    """Return the item of a version: a row of `dated_versions` with `captured`, `rights` and `encoding`."""
    is_translation = row["relation"] == "translation"
    own_date = None if row["date_basis"] == "original" else row["date"]
    item: Item = {
        "id": _key(row),
        "type": "article-newspaper",
        "title": row["title"],
        "translator" if is_translation else "author": _literal(row["author"]),
        "container-title": row["source"],
        "page": row["page"],
        "URL": _address(row["url"]),
        "language": known_lang(row["lang"]),
        "issued": _date_parts(own_date),
        "accessed": _date_parts(row["captured"]),
        "archive_location": row["file"],
    }
    remarks = []
    if is_translation and original is not None:
        item |= {
            "original-title": original.about["title"],
            "original-author": _literal(original.about["author"]),
            "original-date": _date_parts(original.about["date"]),
        }
        remarks.append(f"translation of {original.key}")
    elif row["relation"] == "original":
        remarks.append("original")
    if row["relay"]:
        remarks.append(f"relays {row['relay']}")
    remarks.append(_of_date(row))
    part = f"{row['part']} in " if row["part"] else ""
    remarks += [f"{part}file {row['file']} ({row['encoding'] or row['format']})", *notes, state]
    item["note"] = "; ".join(remarks)
    return {name: value for name, value in item.items() if value is not None}


def _of_date(row: Mapping[str, Any]) -> str:
    if row["date_basis"] == "original":
        return "date of the translation unknown"
    if row["date"] is None:
        return "date unknown"
    basis = {
        "stated": "stated in the text",
        "manifest": "from a manifest",
        "option": "as given when it was ingested",
        "inferred": "inferred",
        "metadata": "from the file's own data",
    }
    return f"date {basis.get(row['date_basis'], row['date_basis'] or 'of unknown basis')}"


def _literal(name: str | None) -> list[dict[str, str]] | None:
    """Return a name as it stands: which part of it is the family's is not known."""
    return [{"literal": name}] if name else None


def _address(url: str | None) -> str | None:
    """Return an address with a scheme: without one, readers of PDF take it for a file."""
    return f"http://{url}" if url and re.match(r"[a-z][a-z0-9+.-]*:", url, re.IGNORECASE) is None else url


def _date_parts(date: str | None) -> dict[str, list[list[int]]] | None:
    """Return a date of CSL-JSON; days from one to another are two lists of parts."""
    if not date:
        return None
    known = parse_date(date)
    ends = [known] if known.until is None else [known, known.until]
    return {
        "date-parts": [[part for part in (end.year, end.month, end.day) if part is not None] for end in ends]
    }

"""Links: a user's word that two documents are one work, kept in the workspace and followed when files change.

A link is of two documents, and of a version in each. Documents that are linked, or linked with the same one,
are a work. Nothing can make a link again, so nothing loses one: it stays when a document goes, marked, and
holds again when its text is back, under whatever name.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import CorpusError
from corpus.store.beads import hide_pairs, scan_beads
from corpus.store.kept import Kept
from corpus.store.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.store.workspace import Workspace

_DIGITS = 12


def link_id(row: Mapping[str, Any]) -> str:
    """Return a digest of what is linked, whichever is named first: twelve hexadecimal digits."""
    sides = sorted([row[side], row.get(f"{side}_lang") or ""] for side in ("a", "b"))
    data = json.dumps(sides).encode("utf-8", "surrogatepass")
    return sha256(data).hexdigest()[:_DIGITS]


_NEEDED = frozenset({"link", "a", "b"})


def _is_sound(row: Mapping[str, Any]) -> bool:
    texts = all(isinstance(row[name], str) for name in _NEEDED)
    others = all(value is None or isinstance(value, str) for value in row.values())
    return texts and others and link_id(row) == row["link"]


LINKS = Kept("links", "link", ("link",), _NEEDED, _is_sound)

LISTED = pl.Schema(
    dict(SCHEMAS["links"].items()) | {"state": pl.String, "a_now": pl.String, "b_now": pl.String}
)
"""Links, by their documents, and how each stands now.

`a_now` and `b_now` are the documents that hold these texts now, null where none does. `state` is ``linked``;
``changed``, where a text is not what it was when it was linked; ``no document``, where one is missing; or
``no version``, where there is none in the language meant."""


@dataclass(frozen=True, slots=True)
class Link:
    """A user's word that two documents are one work.

    Attributes
    ----------
    a, b
        Ids of documents.
    original
        That of the two which the other translates; None if neither does, or it is not known.
    a_lang, b_lang
        The language of the version meant; None for whichever fits: the original, or the first in another
        language than the other side.
    note, by
        What was remarked and who says so, if said.
    """

    a: str
    b: str
    original: str | None = None
    a_lang: str | None = None
    b_lang: str | None = None
    note: str | None = None
    by: str | None = None

    @property
    def link(self) -> str:
        """See `link_id`."""
        return link_id({"a": self.a, "b": self.b, "a_lang": self.a_lang, "b_lang": self.b_lang})


@dataclass(slots=True)
class Linked:
    """Ids of links that are new, that say another thing than before, and that say the same."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two versions that are linked, as they are now.

    Attributes
    ----------
    row
        The link's, of the table.
    src, tgt
        Document and version of each side, the link's `a` first.
    langs
        Their languages.
    original
        The document of the two that the other translates, if that is known.
    """

    row: Mapping[str, Any]
    src: tuple[str, int]
    tgt: tuple[str, int]
    langs: tuple[str, str]
    original: str | None


def add_links(workspace: Workspace, links: Iterable[Link]) -> Linked:
    """Keep links, each in place of an earlier one of the same documents.

    The original comes first, if it is known when a link is made; and so it stays, for reviews are of beads
    that have a first side.

    Raises
    ------
    CorpusError
        If a document is linked with itself, there is no such one, or it has no version in the language meant;
        nothing is changed then.
    """
    done = Linked()
    given = list(links)
    with workspace.change() as change:
        known = {row["link"]: row for row in workspace.table("links").iter_rows(named=True)}
        texts = _texts(workspace, {doc for link in given for doc in (link.a, link.b)})
        versions = _versions(workspace, texts)
        for link in given:
            _check(link, versions)
            before = known.get(link.link) or _only_known(link, known.values())
            row = _row(link, before, texts, versions)
            which = done.new if before is None else done.same if before == row else done.changed
            which.append(row["link"])
            known[row["link"]] = row
        if done.new or done.changed:
            LINKS.put(change, list(known.values()))
    return done


def _only_known(link: Link, rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the only link of two documents, for one that does not say which versions it means."""
    if link.a_lang is not None or link.b_lang is not None:
        return None
    same = [row for row in rows if {row["a"], row["b"]} == {link.a, link.b}]
    return same[0] if len(same) == 1 else None


def _check(link: Link, versions: Mapping[str, Sequence[_Version]]) -> None:
    if link.a == link.b:
        raise CorpusError(f"{link.a}: a document cannot be linked with itself")
    if link.original not in (None, link.a, link.b):
        raise CorpusError(f"the original is one of the two that are linked, not {link.original!r}")
    for doc, lang in ((link.a, link.a_lang), (link.b, link.b_lang)):
        if doc not in versions:
            raise CorpusError(f"no document {doc!r} in this workspace; to read its file in: `ingest(FILE)`")
        if lang is not None and lang not in (held := [version.lang for version in versions[doc]]):
            raise CorpusError(f"{doc}: no text in {lang!r}; it is in {', '.join(held)}")


def _row(
    link: Link,
    before: Mapping[str, Any] | None,
    texts: Mapping[str, str],
    versions: Mapping[str, Sequence[_Version]],
) -> dict[str, Any]:
    """Return the row of a link, with what an earlier one of the same documents knows."""
    if before is None:
        originals = [
            doc for doc in (link.a, link.b) if any(one.relation == "original" for one in versions[doc])
        ]
        turned = (link.original or (originals[0] if len(originals) == 1 else link.a)) == link.b
    else:
        turned = before["a"] != link.a
    a, b = (link.b, link.a) if turned else (link.a, link.b)
    langs = (link.b_lang, link.a_lang) if turned else (link.a_lang, link.b_lang)
    known = before or {"link": link.link}
    if before is not None:
        langs = before["a_lang"], before["b_lang"]
    return {
        "link": known["link"],
        "a": a,
        "b": b,
        "a_lang": langs[0],
        "b_lang": langs[1],
        "original": link.original or known.get("original"),
        "a_text": texts[a],
        "b_text": texts[b],
        "note": link.note or known.get("note"),
        "by": link.by or known.get("by"),
        "date": known.get("date") or datetime.now(tz=UTC).date().isoformat(),
    }


def remove_links(workspace: Workspace, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Do away with the links between documents, and with the beads that rest on them; return their ids.

    Raises
    ------
    CorpusError
        If two documents are not linked; nothing is changed then.
    """
    with workspace.change() as change:
        rows = workspace.table("links").to_dicts()
        gone: list[str] = []
        for a, b in pairs:
            found = [row["link"] for row in rows if {row["a"], row["b"]} == {a, b}]
            if not found:
                raise CorpusError(f"{a} and {b} are not linked; to see what is: `link()`")
            gone += found
        LINKS.put(change, [row for row in rows if row["link"] not in gone])
        left = Works(_resolved(workspace, [row for row in rows if row["link"] not in gone]))
        across = scan_beads(workspace).filter(pl.col("doc_id") != pl.col("tgt_doc"))
        apart = [
            (doc, tgt)
            for doc, tgt in across.select("doc_id", "tgt_doc").unique().collect().iter_rows()
            if left.of(doc) != left.of(tgt)
        ]
        hide_pairs(change, workspace, apart)
    return list(dict.fromkeys(gone))


def list_links(workspace: Workspace) -> pl.DataFrame:
    """Return all links, and how each stands now (`LISTED`)."""
    workspace = workspace.pin()
    rows = workspace.table("links").sort("a", "b", "link").to_dicts()
    now = _now(workspace, rows)
    texts = _texts(workspace, {doc for doc in now.values() if doc is not None})
    pairs = {pair.row["link"] for pair in _resolved(workspace, rows)}
    for row in rows:
        row["a_now"], row["b_now"] = (now[row[side], row[f"{side}_text"]] for side in ("a", "b"))
        same = all(texts.get(row[f"{side}_now"]) == row[f"{side}_text"] for side in ("a", "b"))
        if row["a_now"] is None or row["b_now"] is None:
            row["state"] = "no document"
        elif row["link"] not in pairs:
            row["state"] = "no version"
        else:
            row["state"] = "linked" if same else "changed"
    return pl.DataFrame(rows, schema=LISTED)


def linked_pairs(workspace: Workspace) -> list[LinkedPair]:
    """Return the pairs of versions that are linked and there."""
    if not workspace.state().rows("links"):
        return []
    return _resolved(workspace, workspace.table("links").sort("a", "b", "link").to_dicts())


def unchanged(workspace: Workspace, links: Iterable[str]) -> list[str]:
    """Return those of some links, by their ids, whose documents hold what they held when they were linked."""
    wanted = set(links)
    pairs = [pair for pair in linked_pairs(workspace) if pair.row["link"] in wanted] if wanted else []
    texts = _texts(workspace, {doc for pair in pairs for doc in (pair.src[0], pair.tgt[0])}) if pairs else {}
    return [
        pair.row["link"]
        for pair in pairs
        if texts.get(pair.src[0]) == pair.row["a_text"] and texts.get(pair.tgt[0]) == pair.row["b_text"]
    ]


def linked_documents(workspace: Workspace) -> pl.DataFrame:
    """Return the ids of the documents that are linked with one that is there: doc_id."""
    pairs = linked_pairs(workspace)
    ids = sorted({doc for pair in pairs for doc in (pair.src[0], pair.tgt[0])})
    return pl.DataFrame({"doc_id": pl.Series(ids, dtype=pl.String)})


class Works:
    """Which documents are one work, by what is linked."""

    def __init__(self, pairs: Iterable[LinkedPair]) -> None:
        self._above: dict[str, str] = {}
        for pair in pairs:
            one, other = sorted((self.of(pair.src[0]), self.of(pair.tgt[0])))
            if one != other:
                self._above[other] = one

    def of(self, doc_id: str) -> str:
        """Return the document that stands for a document's work: the first by its id."""
        while (above := self._above.get(doc_id)) is not None:
            doc_id = above
        return doc_id

    def members(self, doc_ids: Iterable[str]) -> dict[str, list[str]]:
        """Return some documents by the one that stands for their work."""
        works: dict[str, list[str]] = defaultdict(list)
        for doc_id in doc_ids:
            works[self.of(doc_id)].append(doc_id)
        return works


@dataclass(frozen=True, slots=True)
class _Version:
    version: int
    lang: str
    relation: str


def _resolved(workspace: Workspace, rows: Sequence[Mapping[str, Any]]) -> list[LinkedPair]:
    now = _now(workspace, rows)
    versions = _versions(workspace, {doc for doc in now.values() if doc is not None})
    pairs: list[LinkedPair] = []
    seen: set[frozenset[tuple[str, int]]] = set()
    for row in rows:
        a, b = (now[row[side], row[f"{side}_text"]] for side in ("a", "b"))
        if a is None or b is None or a == b:
            continue
        chosen = _chosen(versions[a], versions[b], row)
        if chosen is None:
            continue
        one, other = chosen
        key = frozenset({(a, one.version), (b, other.version)})
        if key not in seen:
            seen.add(key)
            original = {row["a"]: a, row["b"]: b}.get(row["original"])
            if original is None and (one.relation == "original") != (other.relation == "original"):
                original = a if one.relation == "original" else b
            sides = (a, one.version), (b, other.version)
            pairs.append(LinkedPair(row, *sides, (one.lang, other.lang), original))
    return pairs


def _chosen(
    a: Sequence[_Version], b: Sequence[_Version], row: Mapping[str, Any]
) -> tuple[_Version, _Version] | None:
    """Return the versions that a link means: the first pair in two languages, else the first."""
    ones, others = (
        [one for one in versions if row[f"{side}_lang"] in (None, one.lang)]
        for side, versions in (("a", a), ("b", b))
    )
    pairs = [(one, other) for one in ones for other in others]
    return next((pair for pair in pairs if pair[0].lang != pair[1].lang), pairs[0] if pairs else None)


def _versions(workspace: Workspace, doc_ids: Iterable[str]) -> dict[str, list[_Version]]:
    """Return the versions of documents by their ids, originals first."""
    wanted = pl.Series(list(doc_ids), dtype=pl.String).implode()
    found = (
        workspace.scan("versions")
        .filter(pl.col("doc_id").is_in(wanted))
        .select("doc_id", "version", "lang", "relation")
        .collect()
        .sort("doc_id", pl.col("relation") != "original", "version")
    )
    versions: dict[str, list[_Version]] = defaultdict(list)
    for doc_id, *about in found.iter_rows():
        versions[doc_id].append(_Version(*about))
    return versions


def _now(workspace: Workspace, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str | None], str | None]:
    """Return by id and digest the document of that id, else the only one with that text, else None."""
    sides = {(row[side], row[f"{side}_text"]) for row in rows for side in ("a", "b")}
    ids = pl.Series([doc for doc, _ in sides], dtype=pl.String).implode()
    documents = workspace.scan("documents").select("doc_id")
    there = set(documents.filter(pl.col("doc_id").is_in(ids)).collect()["doc_id"])
    if all(doc in there for doc, _ in sides):
        return {(doc, text): doc for doc, text in sides}
    holders = _holders(workspace)
    return {
        (doc, text): doc
        if doc in there
        else held[0]
        if text is not None and len(held := holders.get(text, [])) == 1
        else None
        for doc, text in sides
    }


def _holders(workspace: Workspace) -> dict[str, list[str]]:
    """Return the documents by the digests of what they hold; read once while the texts are as they are."""
    key = f"{workspace.path.resolve()} {workspace.state().files_digest('sentences')}"
    if key not in _known_holders:
        found: dict[str, list[str]] = defaultdict(list)
        for doc, text in _texts(workspace).items():
            found[text].append(doc)
        _known_holders.clear()
        _known_holders[key] = found
    return _known_holders[key]


_known_holders: dict[str, dict[str, list[str]]] = {}


def _texts(workspace: Workspace, doc_ids: Iterable[str] | None = None) -> dict[str, str]:
    """Return a digest of what each document, or each of some, holds: of its sentences in order."""
    sentences = workspace.scan("sentences").select("doc_id", "version", "sentence", "text_id")
    if doc_ids is not None:
        wanted = pl.Series(list(doc_ids), dtype=pl.String).implode()
        sentences = sentences.filter(pl.col("doc_id").is_in(wanted))
    held = (
        sentences.sort("doc_id", "version", "sentence")
        .group_by("doc_id", maintain_order=True)
        .agg("version", "text_id")
        .collect()
    )
    return {
        doc: sha256(json.dumps([versions, texts]).encode()).hexdigest()[:_DIGITS]
        for doc, versions, texts in held.iter_rows()
    }

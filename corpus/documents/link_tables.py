"""Links as tables that a user writes, and documents by the names that such a table calls them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError, InputError
from corpus.documents.catalogue import find_document
from corpus.documents.links import LINKS, Link
from corpus.documents.named_pairs import pair_names
from corpus.text.decoding import decode
from corpus.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.store.workspace import Workspace

COLUMNS = ("a", "b", "original", "a_lang", "b_lang", "note", "by", "date", "state", "link")
"""The columns of a list of links as a file, of which `read_links` needs the first two."""


def find_linked(workspace: Workspace, name: str) -> str:
    """Return the id of a document by its id, the beginning of one, or its file.

    The file is named as it was ingested, by the end of that, or by another path to the same place.

    Raises
    ------
    CorpusError
        If there is none, or several.
    """
    documents = workspace.scan("documents").select("doc_id", "file")
    plain = name.removeprefix("./")
    of_file = documents.filter((pl.col("file") == plain) | pl.col("file").str.ends_with(f"/{plain}"))
    if len(found := of_file.collect()["doc_id"]) == 1:
        return str(found[0])
    called = pl.col("file").str.ends_with(Path(name).name)
    there = [
        doc_id
        for doc_id, file in documents.filter(called).collect().iter_rows()
        if Path(file).resolve() == Path(name).resolve()
    ]
    return there[0] if len(there) == 1 else find_document(workspace, name)


def read_links(workspace: Workspace, data: bytes, name: str) -> list[Link]:
    """Read links from a table, or from the ``links-….jsonl`` of a workspace.

    Parameters
    ----------
    workspace
        Of the documents, which the table names by id, by the beginning of one, or by their files.
    data, name
        A table with the columns ``a`` and ``b``, and perhaps ``original``, ``a_lang``, ``b_lang``, ``note``
        and ``by``, separated by commas, tabs or semicolons; and what to call it. Where it has a column
        ``accepted``, as the proposals of pairing have, only rows in which that says yes are read.

    Raises
    ------
    InputError
        If a column is missing, or a line names what is not there; the message has its number.
    """
    if name.casefold().endswith(".jsonl"):
        return [_link(workspace, row, where) for where, row in _of_copy(data, name)]
    text = decode(data, name).removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=head.count))
    columns = [(column or "").strip().casefold() for column in rows.fieldnames or []]
    if not {"a", "b"} <= set(columns):
        raise InputError(
            f"{name}: the first line names the columns, a and b among them, not {', '.join(columns)}"
        )
    rows.fieldnames = columns
    try:
        found = [(f"{name}: line {rows.line_num}", row) for row in rows]
    except csv.Error as error:
        raise InputError(f"{name}: line {rows.line_num}: {error}") from None
    rows_of_links: Sequence[tuple[str, Mapping[str, str | None]]] = [
        (where, row) for where, row in found if any(row.values())
    ]
    if "accepted" in columns:
        rows_of_links = _accepted(workspace, rows_of_links)
    return [_link(workspace, row, where) for where, row in rows_of_links]


def _accepted(
    workspace: Workspace, rows: Sequence[tuple[str, Mapping[str, str | None]]]
) -> list[tuple[str, Mapping[str, str | None]]]:
    """Return the proposals that are accepted; the language only of documents that hold several."""
    counts = workspace.scan("versions").group_by("doc_id").len().filter(pl.col("len") > 1).collect()
    several = set(counts["doc_id"])
    taken: list[tuple[str, Mapping[str, str | None]]] = []
    for where, row in rows:
        said = (row["accepted"] or "").strip().casefold()
        if said not in _YES | _NO:
            raise InputError(
                f"{where}: accepted is {said!r}; it is one of {', '.join(sorted(_YES | _NO - {''}))}"
            )
        if said in _YES:
            plain = {f"{side}_lang": None for side in ("a", "b") if row[side] not in several}
            taken.append((where, {**row, **plain}))
    return taken


_YES, _NO = frozenset({"true", "yes", "1", "x"}), frozenset({"false", "no", "0", ""})
_SEPARATORS = "\t;,"


def linked_names(workspace: Workspace, names: Sequence[str]) -> tuple[str, str]:
    """Return the ids of two documents that are linked, which may be gone since.

    Raises
    ------
    CorpusError
        If they are not two, or nothing linked is called so.
    """
    if len(names) != 2:
        raise CorpusError("a link is between two documents: name both")
    rows = workspace.table("links").select("a", "b")
    known = pl.concat([rows["a"], rows["b"]]).unique()
    a, b = (name if name in known else find_linked(workspace, name) for name in names)
    return a, b


def links_of(
    workspace: Workspace,
    names: Sequence[str],
    *,
    original: str | None = None,
    langs: Sequence[tuple[str, str]] | None = None,
    note: str | None = None,
    by: str | None = None,
) -> list[Link]:
    """Return links of the original, or else the first of some documents, with each of the others.

    Parameters
    ----------
    workspace, names
        Where, and the documents (`find_linked`).
    original
        One of them.
    langs
        One pair of languages: of the versions meant, in the order of the names.
    note, by
        See `Link`.

    Raises
    ------
    CorpusError
        If they are fewer than two, or the original is none of them.
    """
    ids = list(dict.fromkeys(find_linked(workspace, name) for name in names))
    if len(ids) < 2:
        raise CorpusError("name two documents, or more, that are translations of each other")
    first = ids[0] if original is None else find_linked(workspace, original)
    if first not in ids:
        raise CorpusError(f"the original is one of the documents that are linked, not {first}")
    if langs is not None and (len(langs), len(ids)) != (1, 2):
        raise CorpusError("`langs` says which versions of two documents are meant: one pair of languages")
    spoken = dict(zip(ids, langs[0], strict=True)) if langs else {}
    return [
        Link(first, other, first if original else None, spoken.get(first), spoken.get(other), note, by)
        for other in ids
        if other != first
    ]


def read_langs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of languages (InputError if one is not like ``zh-en``)."""
    pairs = []
    for name in names:
        codes = name.strip().split("-")
        if len(codes) != 2 or not all(codes):
            raise InputError(f"{name.strip()!r}: a pair of languages is like zh-en, the source first")
        pairs.append((language_code(codes[0]), language_code(codes[1])))
    return pairs


def links_by_name(workspace: Workspace, pattern: str | None = None) -> tuple[list[Link], list[str]]:
    """Return links between documents whose files have one name in several languages.

    Parameters
    ----------
    workspace
        Of the documents.
    pattern
        See `corpus.documents.named_pairs.pair_names`.

    Returns
    -------
    links, alone
        Links of the first language, by its code, with each of the others; and the files whose name has one of
        these languages, and that have no partner.
    """
    ids = dict(
        workspace.scan("documents")
        .filter(pl.col("file").is_not_null())
        .select("file", "doc_id")
        .sort("file")
        .collect()
        .iter_rows()
    )
    named = pair_names(ids, pattern)
    links = []
    for files in named.groups.values():
        first, *others = files.values()
        links += [Link(ids[first], ids[other], note="by name") for other in others]
    return links, list(named.alone)


def _of_copy(data: bytes, name: str) -> list[tuple[str, Mapping[str, str | None]]]:
    rows: list[tuple[str, Mapping[str, str | None]]] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            row = LINKS.parse(line)
            if row is None:
                raise InputError(
                    f"{name}: line {number}: no link, or damaged; take the line out to keep the others"
                )
            rows.append((f"{name}: line {number}", row))
    return rows


def _link(workspace: Workspace, row: Mapping[str, str | None], where: str) -> Link:
    cells = {key: (value or "").strip() if isinstance(value, str) else "" for key, value in row.items()}
    try:
        a, b = (find_linked(workspace, cells[side]) for side in ("a", "b"))
        original = cells.get("original")
        langs = [cells.get(f"{side}_lang") or None for side in ("a", "b")]
        return Link(
            a,
            b,
            original=find_linked(workspace, original) if original else None,
            a_lang=langs[0] and language_code(langs[0]),
            b_lang=langs[1] and language_code(langs[1]),
            note=cells.get("note") or None,
            by=cells.get("by") or None,
        )
    except CorpusError as error:
        raise InputError(f"{where}: {error}") from None

"""What formats of aligned texts share: the beads wanted, names of files, what XML can hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from corpus.base.errors import CorpusError
from corpus.writers.output import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from corpus.documents.pairs import Bitext

_UNNAMED = re.compile(r'[\x00-\x1f<>:"/\\|?*\x7f]')


def wanted_rows(bitext: Bitext, *, nulls: bool) -> Iterator[dict[str, Any]]:
    """Yield the beads of two versions as rows, null beads only if they are wanted."""
    for row in bitext.pairs.iter_rows(named=True):
        if nulls or (row["src_ids"] and row["tgt_ids"]):
            yield row


def xml(text: str) -> str:
    """Return a text as XML holds it between tags and in attributes: nothing of it is lost in reading."""
    return escape(xml_text(text), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;"})


def number(score: float | None) -> str | None:
    """Return a score with all its digits; None for none."""
    return None if score is None else repr(score)


def one_pair(known: tuple[str, str] | None, bitext: Bitext, name: str) -> tuple[str, str]:
    """Return the languages of an export, of which some formats hold one pair only.

    Raises
    ------
    CorpusError
        If they are other ones than before.
    """
    langs = bitext.src.lang, bitext.tgt.lang
    if known is not None and known != langs:
        raise CorpusError(
            f"{name} holds one pair of languages; here are {'-'.join(known)} and {'-'.join(langs)}: "
            f"say which, as in `langs={'-'.join(langs)!r}`"
        )
    return langs


class Names:
    """Names of files for documents: no two alike, none that a system refuses."""

    def __init__(self) -> None:
        self._given: dict[object, str] = {}
        self._taken: set[str] = set()

    def of(self, key: tuple[str, int], lang: str) -> tuple[str, bool]:
        """Return the name for a version of a document, and whether it is new."""
        if key in self._given:
            return self._given[key], False
        stem = _UNNAMED.sub("_", key[0]).strip(". ")[:120] or "_"
        name, count = stem, 1
        while f"{lang}/{name}".casefold() in self._taken:
            count += 1
            name = f"{stem}~{count}"
        self._taken.add(f"{lang}/{name}".casefold())
        self._given[key] = name
        return name, True

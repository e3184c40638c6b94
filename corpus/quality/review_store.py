"""The table of reviews, which is kept twice, and what tells a review from others."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.store.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "reviews"
_NEEDED = frozenset({"review", "doc_id", "src", "tgt", "right"})
_DIGITS = 12


def review_id(doc_id: str, src: str, tgt: str) -> str:
    """Return a digest of what is judged: twelve hexadecimal digits.

    Spaces do not count, which files and spreadsheets change, nor which of the two is the source.
    """
    sides = sorted(" ".join(text.split()) for text in (src, tgt))
    data = json.dumps([doc_id, *sides]).encode()
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


def _is_sound(row: Mapping[str, Any]) -> bool:
    texts = [row[name] for name in ("doc_id", "src", "tgt")]
    others = [value for name, value in row.items() if name not in _NEEDED | {"places"}]
    places = row.get("places") or []
    return (
        all(isinstance(text, str) for text in texts)
        and all(value is None or isinstance(value, str) for value in others)
        and isinstance(places, list)
        and all(isinstance(place, str) for place in places)
        and isinstance(row["right"], bool)
        and review_id(*texts) == row["review"]
    )


REVIEWS = Kept(TABLE, "review", ("doc_id", "review"), _NEEDED, _is_sound)


def read_copy(data: bytes, name: str) -> list[tuple[int, dict[str, Any]]]:
    """Read a copy of reviews strictly, with the line of each.

    Raises
    ------
    InputError
        If a line is no review; the message names it.
    """
    rows = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            row = REVIEWS.parse(line)
            if row is None:
                raise InputError(
                    f"{name}: line {number}: no review, or damaged; take the line out to keep the others"
                )
            rows.append((number, row))
    return rows

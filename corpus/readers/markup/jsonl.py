"""JSON lines: an object a line, each a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.readers.base import Extract, Locus
from corpus.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT_FIELD = "text"
STATED_FIELDS = ("title", "author", "date", "source", "url", "lang", "rights")
NAME_FIELD = "id"


def read_jsonl(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the documents of a file; see `corpus.readers.base.Reader`.

    The text is in the field ``text``; ``title``, ``author``, ``date``, ``source``, ``url``, ``lang`` and
    ``rights`` are what is stated of it, other fields are passed over. A document is called by its field
    ``id``, or by the number of its line, which is its place. Lines that hold no such object are noted.
    """
    lines = decode(data, str(path)).removeprefix("\ufeff").split("\n")
    wrong: list[str] = []
    waiting: Extract | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        read = _read(line, number)
        if isinstance(read, str):
            wrong.append(read)
            continue
        if waiting is not None:
            yield waiting
        waiting = read
    notes = (f"{len(wrong)} lines are not read: {'; '.join(wrong[:_MOST_NAMED])}",) if wrong else ()
    if waiting is None:
        raise InputError(
            f'{path}: no line of it is an object like {{"text": "…", "title": "…", "date": "1959-05-20"}}'
            f"{': ' if wrong else ''}{'; '.join(wrong[:_MOST_NAMED])}"
        )
    yield Extract(waiting.text, waiting.loci, waiting.stated, waiting.part, notes)


_MOST_NAMED = 5


def _read(line: str, number: int) -> Extract | str:
    """Return the document on a line, or why there is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"line {number} is no JSON ({error})"
    if not isinstance(row, dict) or not isinstance(text := row.get(TEXT_FIELD), str) or not text.strip():
        return f"line {number} has no field {TEXT_FIELD!r} with a text"
    stated = {name: _value(row[name]) for name in STATED_FIELDS if row.get(name) is not None}
    name = row.get(NAME_FIELD)
    part = str(name).strip() if isinstance(name, (str, int)) and not isinstance(name, bool) else ""
    return Extract(text, (Locus(0, len(text), f"line {number}"),), stated, part or str(number))


def _value(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

"""Take the texts out of a file of any format, as the same bytes give them each time."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError, InputError
from corpus.base.limits import MAX_DOCUMENT, MAX_PARTS, MAX_TEXT
from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.registry import TEXT, format_named, format_of, format_paired, reader
from corpus.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN = frozenset({TEXT, "markdown"})
"""Formats whose text is the decoded file itself."""

# Characters that no text holds, and that a table or a terminal would choke on.
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def extract(
    data: bytes, path: Path, encoding: str | None = None, form: str | None = None
) -> Iterator[Extract | AlignedSegments]:
    """Yield the documents in a file, each with a name of its own among them.

    Parameters
    ----------
    data, path
        The file.
    encoding
        Of its text, where it is stated; otherwise it is told from the bytes.
    form
        Its format (`corpus.readers.registry.formats`); otherwise told from its content and its name.

    Raises
    ------
    InputError
        If it is empty, cannot be read, holds no text, a text of more than `corpus.base.limits.MAX_TEXT` code
        points or more than `MAX_PARTS` texts, or if what reads its format is not installed.
    """
    form = form or format_paired(path) or format_of(data, path.name)
    read = reader(form, str(path))
    if encoding is not None:
        data = decode(data, str(path), encoding).encode()
        if form not in PLAIN:  # a mark at its start outweighs what a file may say of itself
            data = codecs.BOM_UTF8 + data.removeprefix(codecs.BOM_UTF8)
    names: set[str | None] = set()
    try:
        for item in read(data, path):
            part = _other_name(item.part and _cleaned(item.part).strip(), names)
            names.add(part)
            _check(item, path, len(names))
            yield item if form in PLAIN and part == item.part else replace(_without_controls(item), part=part)
    except (CorpusError, OSError):
        raise
    except Exception as error:  # what a library makes of a broken file can be anything
        reason = " ".join(str(error).split())[:300] or "no reason given"
        raise InputError(f"{path}: cannot be read as {form}: {type(error).__name__}: {reason}") from error
    if not names:
        raise InputError(f"{path}: no text in it")


def most_bytes(name: str) -> int:
    """Return how many bytes a file may have at most, by its name: one of text fewer than others."""
    return MAX_TEXT if format_named(name) in PLAIN else MAX_DOCUMENT


def _check(item: Extract | AlignedSegments, path: Path, number: int) -> None:
    if number > MAX_PARTS:
        raise InputError(f"{path}: more than {MAX_PARTS:,} texts; cut it into several files")
    if isinstance(item, Extract) and len(item.text) > MAX_TEXT:
        raise InputError(f"{path}: a text of more than {MAX_TEXT:,} characters; cut it into several files")


def _without_controls(item: Extract | AlignedSegments) -> Extract | AlignedSegments:
    """Return a document without characters that no table and no terminal can take, each as a space."""
    stated = {name: _cleaned(value) for name, value in item.stated.items()}
    notes = tuple(map(_cleaned, item.notes))
    if isinstance(item, AlignedSegments):
        return replace(item, stated=stated, notes=notes)
    loci = item.loci
    if any(_NO_TEXT.search(locus.place) for locus in loci):
        loci = tuple(replace(locus, place=_cleaned(locus.place)) for locus in loci)
    return replace(item, text=_cleaned(item.text), loci=loci, stated=stated, notes=notes)


def _cleaned(text: str) -> str:
    return _NO_TEXT.sub(" ", text) if _NO_TEXT.search(text) else text


def _other_name(part: str | None, names: set[str | None]) -> str | None:
    """Return a part's name, with a number if another one is called so."""
    if part not in names:
        return part
    stem, number = part or "", 2
    while (name := f"{stem}~{number}".lstrip("~")) in names:
        number += 1
    return name

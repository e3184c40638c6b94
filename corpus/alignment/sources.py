"""The sides of an alignment: versions of a workspace's documents, or files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from corpus.base.errors import InputError
from corpus.base.files import read_input
from corpus.cleaning.clean import are_balanced
from corpus.documents.bitext import Side
from corpus.store.schemas import PROVENANCE
from corpus.text.decoding import decode
from corpus.text.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.ingestion.reading.document import Version

_SAMPLE_LINES = 2000


def read_sides(
    src: Path | str,
    tgt: Path | str | None,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    lines: bool = False,
    encoding: str | None = None,
) -> tuple[Side, Side]:
    """Read the two sides of an alignment from two files, or from one that holds two versions.

    Parameters
    ----------
    src, tgt
        Paths, or ``-`` for standard input.
    src_lang, tgt_lang
        The language of each; of a file with several versions, the version.
    lines, encoding
        See `read_side`.

    Raises
    ------
    InputError
        If a file cannot be read, or one file is given that does not hold two languages.
    """
    data = read_input(src)
    if tgt is not None:
        files = (data, str(src), src_lang), (read_input(tgt), str(tgt), tgt_lang)
        return read_pair(*files, lines=lines, encoding=encoding)
    if lines:
        raise InputError("`lines` takes two files, one of each language")
    from corpus.ingestion.reading.document import (
        read_document,  # not at the top: what is in a workspace is read already
    )

    document = read_document(decode(data, str(src), encoding), Path(src).name)
    # The original first, where that is known.
    versions = sorted(document.versions, key=lambda version: version.relation != "original")
    first = next((v for v in versions if v.lang == (src_lang or v.lang) and v.lang != tgt_lang), None)
    second = next((v for v in versions if v.lang == (tgt_lang or v.lang) and v is not first), None)
    if first is None or second is None:
        held = ", ".join(version.lang for version in versions)
        raise InputError(f"{src}: holds text in {held} only; name the file of the other language as well")
    return _side_of(first, str(src)), _side_of(second, str(src))


File: TypeAlias = tuple[bytes, str, str | None]
"""A file's bytes, what to call it, and its language if that is stated."""


def read_pair(src: File, tgt: File, *, lines: bool = False, encoding: str | None = None) -> tuple[Side, Side]:
    """Read two files as the sides of an alignment, each as `read_side` does.

    What one of them repeats is dropped of both or of neither.

    Raises
    ------
    InputError
        As `read_side` does.
    """
    if lines:
        one, other = (
            read_side(data, name, lang=lang, lines=True, encoding=encoding) for data, name, lang in (src, tgt)
        )
        return one, other
    versions = [_only_version(*file, encoding) for file in (src, tgt)]
    if not are_balanced([_places(version) for version in versions]):
        versions = [_only_version(*file, encoding, drop_repeats=False) for file in (src, tgt)]
    return _side_of(versions[0], src[1]), _side_of(versions[1], tgt[1])


def _places(version: Version) -> tuple[list[int], Sequence[int]]:
    begins = {sentence.paragraph: sentence.span.start for sentence in reversed(version.sentences)}
    return sorted(begins.values()), version.repeats


def read_side(
    data: bytes,
    name: str,
    *,
    lang: str | None = None,
    lines: bool = False,
    encoding: str | None = None,
) -> Side:
    """Read one side of an alignment from a file's bytes.

    Parameters
    ----------
    data, name
        The file's bytes, and what to call it.
    lang
        Its language; of a file with several versions, the version in it.
    lines
        Take the file as one sentence a line, split on LF only, and clean nothing. Blank lines keep
        their number.
    encoding
        See `corpus.text.decoding.decode`.

    Raises
    ------
    InputError
        If the file cannot be read, or holds several versions and `lang` does not choose one.
    """
    if lines:
        return _read_lines(decode(data, name, encoding), name, lang)
    return _side_of(_only_version(data, name, lang, encoding), name)


def _only_version(
    data: bytes, name: str, lang: str | None, encoding: str | None, *, drop_repeats: bool = True
) -> Version:
    from corpus.ingestion.manifest import Entry
    from corpus.ingestion.reading.document import read_document

    text = decode(data, name, encoding)
    document = read_document(text, name, Entry(lang=lang), drop_repeats=drop_repeats)
    chosen = [version for version in document.versions if lang in (None, version.lang)]
    if len(chosen) != 1:
        held = ", ".join(version.lang for version in document.versions)
        which = "say which with `src_lang` or `tgt_lang`" if lang is None else f"not in {lang}"
        raise InputError(f"{name}: holds text in {held}; {which}")
    return chosen[0]


def side_of_sentences(sentences: Sequence[str], lang: str | None = None) -> Side:
    """Return sentences as a side; their language is told from them unless it is said.

    Raises
    ------
    TypeError
        If something in it is no text.
    """
    if wrong := [item for item in sentences if not isinstance(item, str)]:
        msg = f"a sentence is a str, not {type(wrong[0]).__name__}: {wrong[0]!r}"
        raise TypeError(msg)
    return _read_lines("\n".join(" ".join(item.split()) for item in sentences), "", lang)


def _side_of(version: Version, name: str) -> Side:
    if not version.sentences:
        raise InputError(f"{name}: no text in it, only what is printed around one")
    about: dict[str, Any] = {key: getattr(version, key, None) for key in PROVENANCE}
    about |= {"date": None if version.date is None else str(version.date), "file": name}
    spans = [sentence.span for sentence in version.sentences]
    return Side(
        lang=version.lang,
        sentences=[sentence.text for sentence in version.sentences],
        spans=[(span.line, span.start, span.end) for span in spans],
        paragraphs=[sentence.paragraph for sentence in version.sentences],
        headings=[sentence.kind == "heading" for sentence in version.sentences],
        about=about,
    )


def _read_lines(text: str, name: str, lang: str | None) -> Side:
    lines = text.removesuffix("\n").split("\n")
    spans: list[tuple[int, int, int]] = []
    position = 0
    for number, line in enumerate(lines, start=1):
        spans.append((number, position, position + len(line)))
        position += len(line) + 1
    sentences = [line.removeprefix("\ufeff").strip() for line in lines]
    sample = "\n".join(sentences[:_SAMPLE_LINES])
    about = {"file": name, "relation": "unknown"}
    return Side(
        lang or detect_language(sample), sentences, spans, [0] * len(lines), [False] * len(lines), about
    )

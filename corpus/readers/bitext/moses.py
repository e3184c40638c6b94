"""Moses pairs: files that differ by their languages' codes only, and are aligned line by line."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.files import is_file, read_bytes
from corpus.base.limits import MAX_FILE
from corpus.readers.bitext.units import Tally, Unit, cut, documents, peeked
from corpus.text.decoding import decode
from corpus.text.languages import is_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.readers.base import AlignedSegments

IDS = ".ids"
"""Ending of the file that says which sentences of which documents the lines are."""


def moses_files(path: Path) -> tuple[Path, ...]:
    """Return the files that a file is aligned with, itself among them, by language; empty if there are none.

    These stand beside it and differ in their ending, the code of a language: ``news.zh``, ``news.en``.
    """
    if not _code(path):
        return ()
    try:
        changed = path.parent.stat().st_mtime_ns
    except OSError:
        return ()
    found = _by_stem(path.parent, changed).get(path.stem, ())
    return found if len(found) > 1 and path in found else ()


@lru_cache(maxsize=4)
def _by_stem(folder: Path, _changed: int) -> dict[str, tuple[Path, ...]]:
    """Return the files of a folder that are called by languages, by the rest of their names."""
    found: dict[str, tuple[Path, ...]] = {}
    if not folder.is_dir():  # an archive
        return {}
    for file in sorted(folder.iterdir()):
        if _code(file) and is_file(file):
            found[file.stem] = (*found.get(file.stem, ()), file)
    return found


def moses_others(_data: bytes, path: Path) -> tuple[Path, ...]:
    """Return the other files that are read with one: of the other languages, and of ids."""
    others = tuple(file for file in moses_files(path) if file != path)
    ids = path.with_suffix(IDS)
    return (*others, ids) if others and is_file(ids) else others


def _code(path: Path) -> str | None:
    """Return the language that a file's ending names."""
    code = path.suffix.removeprefix(".")
    stem = code.replace("_", "-").split("-")[0]
    return stem.lower() if len(stem) == 2 and is_language(stem) else None


def read_moses(data: bytes, path: Path) -> Iterator[AlignedSegments]:
    """Yield the documents of files that are aligned line by line, of which one is given.

    A file ``news.ids`` beside them is read as OPUS writes it: a line a pair, with the names of both documents
    and the numbers of their sentences; a fifth column is taken for the score, and the sixth and the seventh
    say where the sentences part (`corpus.writers.bitext.moses`).

    Raises
    ------
    InputError
        If there are no such files beside it, or they differ in their number of lines.
    """
    name = str(path)
    files = moses_files(path)
    if not files:
        raise InputError(
            f"{name}: by its ending {path.suffix} one text of a pair aligned line by line, and there is "
            f"no other beside it, such as {path.stem}.en; to read it as plain text, name it {path.name}.txt"
        )
    tally = Tally()
    lines: dict[str, list[str]] = {}
    for file in files:
        held = data if file == path else read_bytes(file, MAX_FILE)
        lang = tally.language(file.suffix.removeprefix("."), str(file))
        if lang in lines:
            raise InputError(f"{file}: another file beside it is in {lang}, too; rename one of them")
        lines[lang] = _lines(decode(held, str(file)))
    counts = {lang: len(found) for lang, found in lines.items()}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{count:,} in {lang}" for lang, count in counts.items())
        raise InputError(
            f"{name}: files aligned line by line are to have as many lines each; there are {told}"
        )
    units = _units(lines, _facts(path, counts), tally)
    yield from documents(peeked(units, f"{name}: no text in it", tally), tally)


def _lines(text: str) -> list[str]:
    lines = text.removeprefix("\ufeff").split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if not lines[-1] else lines)]


def _facts(path: Path, counts: dict[str, int]) -> list[list[str]]:
    """Return the cells of the file of ids, a row a line; empty if there is none that fits."""
    file = path.with_suffix(IDS)
    if not is_file(file):
        return []
    rows = [line.split("\t") for line in _lines(decode(read_bytes(file, MAX_FILE), str(file)))]
    count = next(iter(counts.values()))
    if len(rows) != count or any(len(row) < 4 for row in rows):
        raise InputError(
            f"{file}: it is to have a line for each of the {count:,} of the texts, with four columns; it "
            f"has {len(rows):,} lines; correct or delete it"
        )
    return rows


def _units(lines: dict[str, list[str]], facts: list[list[str]], tally: Tally) -> Iterator[Unit]:
    langs = list(lines)
    if facts:  # of the two documents named first comes the source
        first = facts[0][0].replace("\\", "/").split("/")[0].lower()
        langs.sort(key=lambda lang: lang != first)
    for at in range(len(lines[langs[0]])):
        row = facts[at] if facts else []
        spans = dict(zip(langs, row[5:7], strict=False)) if len(langs) == 2 else {}
        texts = {
            lang: segments
            for lang in langs
            if (segments := cut(lines[lang][at], spans.get(lang) or None, lang, tally))
        }
        if not texts:
            tally.count("empty lines, left out")
            continue
        document = row[0].partition("/")[2] or row[0] if row else None
        score = tally.score(row[4]) if len(row) > 4 else None
        yield Unit(texts, f"line {at + 1}", score, document, langs=tuple(langs))

"""A text a document, and a table of what is known of each: for AntConc, Voyant, quanteda and their kind."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from corpus.base.formulas import guarded
from corpus.documents.pairs import without_nulls
from corpus.store.schemas import PROVENANCE
from corpus.text.joining import passage_text
from corpus.writers.output import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.bitext import Side
    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_ABOUT = [name for name in PROVENANCE if name not in ("line", "start", "end")]
_HEAD = ("text", "doc_id", "version", "lang", *_ABOUT, "sentences", "characters")
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST = 100  # characters of a name, and at most twice as many bytes: 255 is the most that systems take


def write_texts(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write a folder of plain texts (UTF-8, LF).

    ``zh/DOC.txt`` is a document's whole text in a language, a line a paragraph, if any pair of it is
    wanted; ``aligned/zh-en/DOC.zh.txt`` and ``DOC.en.txt`` are its pairs, a line each, so that line N of one
    translates line N of the other; ``metadata.csv`` tells of each text what is known.
    """
    names = _Names()
    rows: list[list[str]] = []
    written: set[tuple[str, int]] = set()
    for batch in batches:
        for bitext in batch.bitexts():
            pairs = bitext.pairs if options.nulls else without_nulls(bitext.pairs)
            if pairs.is_empty():
                continue
            for doc_id, version, side in (
                (bitext.doc_id, bitext.src_version, bitext.src),
                (bitext.tgt_doc, bitext.tgt_version, bitext.tgt),
            ):
                if (doc_id, version) in written:
                    continue
                written.add((doc_id, version))
                name = names.free(side.lang, doc_id, "txt")
                text = plain_text(side)
                with out.open(name) as file:
                    file.write(encoded(text))
                rows.append(_row(name, doc_id, version, side, text))
            _write_aligned(bitext, pairs.iter_rows(named=True), out, names)
    table = io.StringIO(newline="")
    csv.writer(table, lineterminator="\n").writerows([[*_HEAD], *sorted(rows)])
    with out.open("metadata.csv") as file:
        file.write(encoded(table.getvalue()))


def _write_aligned(bitext: Bitext, pairs: Iterable[dict[str, Any]], out: Output, names: _Names) -> None:
    langs = bitext.src.lang, bitext.tgt.lang
    # Both sides of one language would have one name.
    endings = langs if langs[0] != langs[1] else ("src", "tgt")
    called = bitext.doc_id if bitext.doc_id == bitext.tgt_doc else f"{bitext.doc_id} {bitext.tgt_doc}"
    base = names.free(f"aligned/{langs[0]}-{langs[1]}", called, "")
    texts = [(row["src"], row["tgt"]) for row in pairs]
    for side, ending in enumerate(endings):
        with out.open(f"{base}.{ending}.txt") as file:
            file.write(encoded("".join(" ".join(pair[side].split()) + "\n" for pair in texts)))


def plain_text(side: Side) -> str:
    """Return a version as plain text: a line a paragraph, an empty line after a heading."""
    lines: list[str] = []
    start = 0
    for end in range(1, len(side.sentences) + 1):
        if end == len(side.sentences) or side.paragraphs[end] != side.paragraphs[start]:
            text = passage_text(side.sentences[start:end], side.paragraphs[start:end], side.lang)
            lines.append(" ".join(text.splitlines()))
            if side.headings[start]:
                lines.append("")
            start = end
    return "".join(f"{line}\n" for line in lines)


def _row(name: str, doc_id: str, version: int, side: Side, text: str) -> list[str]:
    known = [side.about.get(key) for key in _ABOUT]
    cells = [name, doc_id, version, side.lang, *known, len(side.sentences), len(text)]
    return [guarded("" if cell is None else str(cell)) for cell in cells]


class _Names:
    """Names of files that every system takes, each given once, whatever documents are called."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def free(self, folder: str, doc_id: str, ending: str) -> str:
        plain = _UNFIT.sub("_", doc_id).strip(" .")[:_LONGEST]
        while len(plain.encode("utf-8", "surrogatepass")) > 2 * _LONGEST:
            plain = plain[:-1]
        base = plain = plain or "document"
        number = 2
        while f"{folder}/{base}".casefold() in self._given:
            base, number = f"{plain}-{number}", number + 1
        self._given.add(f"{folder}/{base}".casefold())
        return f"{folder}/{base}.{ending}" if ending else f"{folder}/{base}"

"""Translation memories (TMX 1.4b): a unit a pair of texts, which all translation tools read."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from corpus.readers.bitext.tmx import DATE, DOCUMENT, LANGUAGES, SCORE, SENTENCES
from corpus.writers.bitext.texts import number, wanted_rows, xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output


def write_tmx(batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
    """Write pairs as a translation memory.

    A unit names its document, that one's date, its score and where its sentences part, as properties; its
    source language is that of the original, where that is known. A null bead is a unit in one language.
    """
    program, _, version = options.tool.partition(" ")
    with out.open() as file:
        _put(
            file,
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
            f'<header creationtool="{xml(program)}" creationtoolversion="{xml(version)}" segtype="sentence" '
            f'o-tmf="{xml(program)}" adminlang="en" srclang="*all*" datatype="plaintext">\n',
        )
        for name, value in options.about.items():
            _put(file, f'<prop type="x-{xml(name)}">{xml(value)}</prop>\n')
        _put(file, "</header>\n<body>\n")
        for batch in batches:
            for bitext in batch.bitexts():
                for row in wanted_rows(bitext, nulls=options.nulls):
                    _put(file, _unit(bitext, row))
        _put(file, "</body>\n</tmx>\n")


def _put(file: IO[bytes], text: str) -> None:
    file.write(text.encode())


def _unit(bitext: Bitext, row: dict[str, Any]) -> str:
    side = next((s for s in (bitext.src, bitext.tgt) if s.about.get("relation") == "original"), None)
    facts = {
        DOCUMENT: bitext.doc_id,
        DATE: row["date"],
        SCORE: number(row["score"]),
        LANGUAGES: f"{bitext.src.lang} {bitext.tgt.lang}",
    }
    source = f' srclang="{xml(side.lang)}"' if side is not None else ""
    called = f"{bitext.doc_id}:{bitext.src.lang}-{bitext.tgt.lang}:{row['number']}"
    parts = [f'<tu tuid="{xml(called)}"{source}>\n']
    parts += [f'<prop type="{name}">{xml(value)}</prop>\n' for name, value in facts.items() if value]
    for name, of in (("src", bitext.src), ("tgt", bitext.tgt)):
        if row[f"{name}_ids"]:
            parts.append(
                f'<tuv xml:lang="{xml(of.lang)}"><prop type="{SENTENCES}">{row[f"{name}_segments"]}</prop>'
                f"<seg>{xml(row[name])}</seg></tuv>\n"
            )
    return "".join([*parts, "</tu>\n"])

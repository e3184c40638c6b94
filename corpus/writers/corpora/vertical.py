"""Pairs as two verticals, a token a line, which Sketch Engine and its kind make a parallel corpus of."""

from __future__ import annotations

from contextlib import ExitStack
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import escape

from corpus.base.errors import CorpusError
from corpus.text.tokens import tokenise
from corpus.writers.output import encoded, xml_text
from corpus.writers.records import written_score

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corpus.documents.bitext import Side
    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output


def write_vertical(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write a vertical a language: ``BASE.zh.vert`` and ``BASE.en.vert``.

    A line is a token with the form it is counted under; ``<g/>`` stands where no space was. The structures
    are ``doc``, ``align`` (a bead, numbered through both files: the Nth of one file translates the Nth of the
    other) and ``s``. Null beads, if wanted, are sentences outside of any ``align``, so that numbers stay
    those of pairs.

    Raises
    ------
    CorpusError
        If the pairs are in more than two languages.
    """
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}
        number = 0
        for batch in batches:
            for bitext in batch.bitexts():
                langs = bitext.src.lang, bitext.tgt.lang
                if langs[0] == langs[1]:
                    raise CorpusError(
                        f"{bitext.doc_id}: both sides are in {langs[0]}; a vertical has one language"
                    )
                if files and set(langs) != set(files):
                    raise CorpusError(
                        f"pairs in {'-'.join(files)} and in {'-'.join(langs)}: a pair of verticals has two "
                        f"languages; choose: `langs='{'-'.join(langs)}'`"
                    )
                for lang in langs:
                    if lang not in files:
                        files[lang] = stack.enter_context(out.open(f"{lang}.vert"))
                texts, number = _document(bitext, number, options)
                for lang, text in zip(langs, texts, strict=True):
                    files[lang].write(encoded(text))
        if not files:
            raise CorpusError("there are no pairs to write")


def _document(bitext: Bitext, number: int, options: WriteOptions) -> tuple[tuple[str, str], int]:
    """Return both sides of a pair of versions, and the number of its last bead."""
    sides = (bitext.src, "src_ids", bitext.doc_id), (bitext.tgt, "tgt_ids", bitext.tgt_doc)
    lines: tuple[list[str], list[str]] = ([], [])
    for row in bitext.pairs.iter_rows(named=True):
        paired = bool(row["src_ids"]) and bool(row["tgt_ids"])
        if not paired and not options.nulls:
            continue
        number += paired
        for (side, ids, _), into in zip(sides, lines, strict=True):
            if paired:
                flags = ",".join(flag.split(":")[0] for flag in row["flags"])
                about = {"n": number, "bead": row["bead"], "score": written_score(row["score"])}
                into.append(_tag("align", about | {"flags": flags}))
            for k in row[ids]:
                into.extend(_sentence(side, k))
            if paired:
                into.append("</align>")
    found = []
    for (side, _, doc_id), into in zip(sides, lines, strict=True):
        about = {name: side.about.get(name) for name in ("title", "author", "date", "source", "relation")}
        head = _tag("doc", {"id": doc_id, "lang": side.lang} | about)
        found.append("".join(f"{line}\n" for line in (head, *into, "</doc>")) if into else "")
    return (found[0], found[1]), number


def _sentence(side: Side, k: int) -> Iterator[str]:
    yield _tag("s", {"n": k, "heading": "yes" if side.headings[k] else None})
    yield from vertical_lines(side.sentences[k], side.lang)
    yield "</s>"


def vertical_lines(text: str, lang: str) -> Iterator[str]:
    """Yield the tokens of a text, a line each, marks among them, and ``<g/>`` where no space was between."""
    end = None
    for start, stop, normal in _pieces(text, lang):
        if end is not None and start == end:
            yield "<g/>"
        yield f"{_cell(text[start:stop])}\t{_cell(normal)}"
        end = stop


def _pieces(text: str, lang: str) -> Sequence[tuple[int, int, str]]:
    """Return start, end and counted form of the words of a text, and of each mark between them."""
    found: list[tuple[int, int, str]] = []
    at = 0
    for token in tokenise(text, lang):
        if token.start >= at:  # tokens never overlap unless a library makes them
            found += [(k, k + 1, text[k]) for k in range(at, token.start) if not text[k].isspace()]
            found.append((token.start, token.end, token.normal))
            at = token.end
    return found + [(k, k + 1, text[k]) for k in range(at, len(text)) if not text[k].isspace()]


def _cell(text: str) -> str:
    return escape(xml_text(" ".join(text.split())))


def _tag(name: str, attributes: dict[str, object]) -> str:
    # An attribute without a value is written, since a corpus's configuration lists them all.
    told = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{told}>"


def _value(value: object) -> str:
    """Return an attribute's value; readers of verticals know double quotation marks only."""
    return escape(xml_text(" ".join(str("" if value is None else value).split())), {'"': "&quot;"})

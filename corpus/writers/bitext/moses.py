"""Moses pairs: a file a language, aligned line by line, as systems of machine translation are trained on."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

from corpus.writers.bitext.texts import number, one_pair, wanted_rows
from corpus.writers.output import encoded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.pairs import PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")  # what some programs take for the end of a line


def write_moses(batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
    """Write pairs as ``BASE.zh``, ``BASE.en`` and ``BASE.ids``, a line a pair each.

    The latter has, as OPUS does, names of both documents and numbers of their sentences; then the score, and
    where the sentences of the source and of the target part (`segment_spans`). A line of a null bead is empty
    on one side. Line breaks, tabs and control characters in texts are spaces.

    Raises
    ------
    CorpusError
        If the pairs are in several pairs of languages.
    """
    langs: tuple[str, str] | None = None
    with ExitStack() as stack:
        files = []
        for batch in batches:
            for bitext in batch.bitexts():
                begun, langs = langs is not None, one_pair(langs, bitext, "a Moses pair")
                if not begun:
                    files = [stack.enter_context(out.open(name)) for name in (*langs, "ids")]
                docs = f"{langs[0]}/{bitext.doc_id}\t{langs[1]}/{bitext.tgt_doc}"
                for row in wanted_rows(bitext, nulls=options.nulls):
                    texts = [_BREAK.sub(" ", str(row[side])) for side in ("src", "tgt")]
                    ids = ["\t".join(" ".join(map(str, row[f"{side}_ids"])) for side in ("src", "tgt"))]
                    parts = [row["src_segments"], row["tgt_segments"]]
                    texts.append("\t".join((docs, *ids, number(row["score"]) or "", *parts)))
                    for file, text in zip(files, texts, strict=True):
                        file.write(encoded(f"{text}\n"))
        if langs is None:
            stack.enter_context(out.open("ids"))

"""How well passages of another language are found, beside those of the query's own.

    python bench/fairness.py --gold FOLDER [--src-lang zh --tgt-lang en] [--padding N]

The sentences of a gold set, both sides, become one corpus; `--padding` adds so many invented ones
(`bench/topics.py`), half in each language. Queries are sentences of 1:1 beads, and phrases from the middle
of them. A query's own sentence is passed over; then the other language says as much of the subject as its own.
Reported are, by mode and direction, the share of the first ten places that the other language has (a half
would be fair: the set is parallel), and how often the sentence's translation is among them.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from index_scale import put_tables
from topics import sentences

from corpus.quality.gold import read_gold, text_names
from corpus.search.searcher import Searcher, open_searcher
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = 10
EVERY = 8


def phrase(text: str, lang: str) -> str:
    """Return some words from the middle of a sentence: five, or eight characters."""
    if lang in ("zh", "ja"):
        start = max(0, len(text) // 2 - 4)
        return text[start : start + 8]
    words = text.split()
    start = max(0, len(words) // 2 - 2)
    return " ".join(words[start : start + 5])


def measure(
    searcher: Searcher, pairs: Sequence[tuple[str, str]], langs: tuple[str, str], *, short: bool
) -> None:
    """Print the table's rows of one kind of query."""
    for asked, other in ((0, 1), (1, 0)):
        share, found = [], []
        for pair in pairs:
            query = phrase(pair[asked], langs[asked]) if short else pair[asked]
            if not any(map(str.isalnum, query)):
                continue
            hits = searcher.find(query, k=FIRST + 1, window=1, threshold=-1.0).hits
            rows = [row for row in hits.iter_rows(named=True) if row["text"] != pair[asked]][:FIRST]
            share.append(np.mean([row["lang"] == langs[other] for row in rows]))
            found.append(any(row["text"] == pair[other] for row in rows))
        print(
            f"| {searcher.mode} | {'phrase' if short else 'sentence'} | {langs[asked]} | {np.mean(share):.0%} "
            f"| {np.mean(found):.0%} | {len(found)} |",
            flush=True,
        )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--src-lang", default="zh")
    parser.add_argument("--tgt-lang", default="en")
    parser.add_argument("--padding", type=int, default=0)
    args = parser.parse_args()
    langs = (args.src_lang, args.tgt_lang)
    written: list[tuple[str, str]] = []
    pairs: list[tuple[str, str]] = []
    for name in text_names(args.gold):
        text = read_gold(args.gold, name, src_lang=langs[0], tgt_lang=langs[1])
        sides = (text.src.sentences, text.tgt.sentences)
        written += [
            (lang, one) for lang, side in zip(langs, sides, strict=True) for one in side if one.strip()
        ]
        pairs += [
            (sides[0][bead.src[0]], sides[1][bead.tgt[0]])
            for bead in text.beads
            if len(bead.src) == len(bead.tgt) == 1
        ]
    written += islice(sentences(args.padding), args.padding)
    print(f"{len(written)} sentences, {len(pairs[::EVERY])} queries of each kind and language\n")
    print(f"| mode | query | language | first {FIRST} in the other | translation among them | queries |")
    print("|---|---|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / ".corpus")
        put_tables(workspace, written)
        for mode in ("dense", "hybrid"):
            searcher = open_searcher(workspace, mode=mode)
            for short in (False, True):
                measure(searcher, pairs[::EVERY], langs, short=short)


if __name__ == "__main__":
    main()

"""Pairs that are hard on writers: markup, formulas, marks that formats are made of, null beads, headings."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from align import Bead
from corpus.documents.bitext import Side
from corpus.documents.pairs import PairBatch, pair_batch

SOURCE = [
    "题目 <b>&amp;</b>", "=1+1", "第一句。", "第二句“引”，见https://example.org。", "控制\x02符与]]>和--。", "“𠀀”与é̀",
    "没有译文。",
]  # fmt: skip
TARGET = [
    "Title </script><script>alert(1)</script>", "+SUM(A1)", "Both sentences\tin one; see “it”.",
    "@control ]]> and -- {body} {title}.", '"Quoted", and <!-- not a comment', "לא תורגם",
]  # fmt: skip
BEADS = [
    Bead((0,), (0,), 0.99),
    Bead((1,), (1,), 0.42, ("low",)),
    Bead((2, 3), (2,), 0.8, ("numbers: 1 ≠ 2", "merge")),
    Bead((4,), (3,), 0.96),
    Bead((5,), (4,), 1.0),
    Bead((6,), ()),
    Bead((), (5,)),
]


def side(lang: str, sentences: list[str], **about: object) -> Side:
    starts = [sum(len(text) + 1 for text in sentences[:k]) for k in range(len(sentences))]
    spans = [
        (k + 1, start, start + len(text))
        for k, (start, text) in enumerate(zip(starts, sentences, strict=True))
    ]
    paragraphs = [k // 2 + (k > 0) for k in range(len(sentences))]
    headings = [k == 0 for k in range(len(sentences))]
    return Side(lang, sentences, spans, paragraphs, headings, dict(about))


def unscored(batch: PairBatch) -> PairBatch:
    """Return pairs as they come in from a file that states no scores."""
    return replace(batch, pairs=batch.pairs.with_columns(score=pl.lit(None, pl.Float64)))


def hostile(doc_id: str = "a <b> & c") -> PairBatch:
    src = side(
        "zh", SOURCE, title="书 <1>", author="=作者", date="1959-05", file="a b.txt", relation="original"
    )
    tgt = side(
        "en", TARGET, title='The "book"', date="about 1960", file="b.txt", url="https://example.org/?a=1&b=2"
    )
    return pair_batch(doc_id, src, tgt, BEADS)

"""The passage around a sentence that was found: the run of up to three sentences nearest to the query.

Sentences are indexed alone. Windows of all lengths would make the index three times as large, and a window
that is close to a query has a sentence that is. So windows are made for what is shown, from the encoder's
block embeddings (`align.encoder.Encoder.encode_blocks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from align.exact import exact_dots, quantised
from corpus.search.passages import places_in
from corpus.text.joining import passage_text
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from align.encoder import Encoder, Vectors
    from align.search import Floats

LONGEST = 3


@dataclass(frozen=True, slots=True)
class Window:
    """A run of sentences of one version.

    Attributes
    ----------
    numbers
        Their numbers in the version, in order.
    score
        Cosine of query and window.
    text
        The sentences, joined as their language does.
    spans
        Where each of them stands in `text`: start, end.
    line, start, end
        Where they are in the file.
    """

    numbers: tuple[int, ...]
    score: float
    text: str
    spans: tuple[tuple[int, int], ...]
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that was found, with what stands around it.

    Attributes
    ----------
    around
        Rows of `sentences`: the sentence and its neighbours in the version, in order.
    sentence
        Its number.
    lang
        Its language.
    """

    around: pl.DataFrame
    sentence: int
    lang: str


def best_windows(
    encoder: Encoder, query: Vectors, found: Sequence[Found], longest: int = LONGEST
) -> list[Window]:
    """Return, of each sentence found, the window that holds it and is nearest to a query.

    Of those equal on `align.exact.SCORE_GRID`, the shortest, and of these the first. What is in one language
    is encoded together: a call for each would take longer than what it computes.

    Parameters
    ----------
    encoder
        What made the query's vector.
    query
        Shape (1, dim).
    found
        The sentences.
    longest
        Sentences in a window at most, 1 or more.
    """
    near = [_neighbours(one.around.to_dicts(), one.sentence, longest) for one in found]
    windows: dict[int, Window] = {}
    for lang in sorted({one.lang for one in found}):
        chosen = [place for place, one in enumerate(found) if one.lang == lang]
        texts = [row["text"] for place in chosen for row in near[place]]
        blocks = encoder.encode_blocks(texts, min(longest, len(texts)), lang=known_lang(lang))
        scores = exact_dots(blocks.reshape(-1, encoder.dim), query).reshape(blocks.shape[:2])
        end = 0
        for place in chosen:
            start, end = end, end + len(near[place])
            # Runs that begin before `start` are of another passage: they are never looked at.
            windows[place] = _nearest(near[place], found[place].sentence, scores[:, start:end], lang)
    return [windows[place] for place in range(len(found))]


def _nearest(rows: list[dict[str, Any]], sentence: int, scores: Floats, lang: str) -> Window:
    """Return the best window of some neighbours, by the scores of all runs: row size less one, last row."""
    place = next(i for i, row in enumerate(rows) if row["sentence"] == sentence)
    runs = [
        (size, last)
        for size in range(1, len(scores) + 1)
        for last in range(place, min(place + size, len(rows)))
        if last - size + 1 >= 0
    ]
    size, last = max(runs, key=lambda run: (int(quantised(scores[run[0] - 1, run[1]])), -run[0], -run[1]))
    chosen = rows[last - size + 1 : last + 1]
    texts = [row["text"] for row in chosen]
    text = passage_text(texts, [row["paragraph"] for row in chosen], lang)
    return Window(
        numbers=tuple(row["sentence"] for row in chosen),
        score=float(np.float32(scores[size - 1, last])),
        text=text,
        spans=tuple(places_in(text, texts)),
        line=chosen[0]["line"],
        start=chosen[0]["start"],
        end=chosen[-1]["end"],
    )


def _neighbours(rows: list[dict[str, Any]], sentence: int, longest: int) -> list[dict[str, Any]]:
    """Return the sentences that may share a window with one: alike in kind and language, without a gap."""
    place = next(i for i, row in enumerate(rows) if row["sentence"] == sentence)
    first = last = place
    while first > 0 and place - first < longest - 1 and _go_together(rows[first - 1], rows[first]):
        first -= 1
    while last + 1 < len(rows) and last - place < longest - 1 and _go_together(rows[last], rows[last + 1]):
        last += 1
    return rows[first : last + 1]


def _go_together(one: dict[str, Any], two: dict[str, Any]) -> bool:
    alike = two["kind"] == one["kind"] and two["quoted"] == one["quoted"]
    return bool(alike and two["sentence"] == one["sentence"] + 1)

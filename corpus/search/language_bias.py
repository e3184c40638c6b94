"""How much nearer a query comes to sentences of its own language than to others, whatever they say.

Encoders place texts of one language closer together than their meaning warrants. What is the same for
all texts the encoder takes out itself (`corpus.encoders.centring`). What remains depends on the query and
on the corpus (names above all, which an encoder knows by their letters), and grows with the corpus: the
nearest of many sentences share more than the subject with a query. So it is measured for each query, by
how near the nearest of a sample of each language come. Languages that stay behind are lifted by
the difference, as the margins of bitext mining compare a pair with what is near either side of it
(Artetxe & Schwenk 2019, "Margin-based parallel corpus mining with multilingual sentence embeddings").

Sentences of another language may be further away because they speak of other things. A lift is wrong then,
which is why it is bounded; `bench/fairness.py` measures what it gains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.exact import exact_dots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from align.encoder import Vectors
    from align.search import Floats
    from corpus.search.index.segment import Segment
    from corpus.search.index.vector_index import Rows

LARGEST = 0.1
"""The most that a language is lifted by; parallel fiction would take .03 to .07 on average, ± .05."""

_SAMPLE = 1000  # sentences of a language
_NEAREST = 0.02  # a language comes as near as this share of them does
_FEWEST = 100  # sentences; of fewer, the nearest may well be what is looked for


def draw_samples(segments: Sequence[Segment], fewest: int = _FEWEST) -> dict[str, Vectors]:
    """Draw sentences of each language of an index; of the same texts, always the same.

    Parameters
    ----------
    segments
        With vectors.
    fewest
        Languages of fewer sentences are left out.

    Returns
    -------
    dict
        By language, the vectors of up to a thousand sentences, shape (n, dim); languages with too few to
        say anything are left out.
    """
    samples: dict[str, Vectors] = {}
    for lang in sorted({lang for segment in segments for lang in segment.languages}):
        rows = [_living(segment, lang) for segment in segments]
        ids = [segment.ids[part] for segment, part in zip(segments, rows, strict=True)]
        total = sum(map(len, ids))
        if total < fewest:
            continue
        # A text's id is a hash of it: the least are drawn at random, and are the same ones in whatever order
        # texts came and segments were made.
        count = min(total, _SAMPLE)
        last = np.partition(np.concatenate(ids), count - 1)[count - 1]
        samples[lang] = np.concatenate(
            [
                segment.vectors_of(part[own <= last])
                for segment, part, own in zip(segments, rows, ids, strict=True)
                if (own <= last).any()
            ]
        )
    return samples


def _living(segment: Segment, lang: str) -> Rows:
    """Return the rows of a segment in a language that are still in a document."""
    chosen = segment.of(lang)
    return np.flatnonzero(chosen if segment.alive is None else chosen & segment.alive)


def lifts(samples: Mapping[str, Vectors], query: Vectors) -> dict[str, float]:
    """Return what to add to the scores of each language for a query, where that is more than nothing.

    Parameters
    ----------
    samples
        From `draw_samples`.
    query
        Shape (1, dim), a unit row.

    Returns
    -------
    dict
        By language, 0 to `LARGEST`. Languages of few sentences are lifted, and lift others, in proportion.
    """
    near = {lang: _nearness(exact_dots(vectors, query)[:, 0]) for lang, vectors in samples.items()}
    if len(near) < 2:
        return {}
    first = max(near, key=lambda lang: near[lang])
    found = {
        lang: min(_weight(samples[lang]), _weight(samples[first])) * min(LARGEST, near[first] - value)
        for lang, value in near.items()
    }
    return {lang: float(lift) for lang, lift in found.items() if lift > 0}


def _nearness(scores: Floats) -> float:
    return float(np.quantile(scores, 1 - _NEAREST))  # which the few that are looked for do not move


def _weight(vectors: Vectors) -> float:
    return min(1.0, (len(vectors) - _FEWEST) / (_SAMPLE - _FEWEST))

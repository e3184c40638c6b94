"""Which passages of two times are most alike by their words, and the words that make them so."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from align.exact import exact_dots, quantised
from corpus.text.tokens import stop_words, tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from corpus.store.schemas import DataType

_LIKE: dict[str, DataType] = {
    "bin_before": pl.String,
    "bin_after": pl.String,
    "lang": pl.String,
    "score": pl.Float64,
    "shared": pl.List(pl.String),
    "before": pl.String,
    "place_before": pl.String,
    "aligned_before": pl.String,
    "date_before": pl.String,
    "after": pl.String,
    "place_after": pl.String,
    "aligned_after": pl.String,
    "date_after": pl.String,
}
LIKE = pl.Schema(_LIKE)
"""One row a pair of passages. `score` is the cosine of their weighted words, 0 to 1, those of the pattern
left out; `shared` are the words they share, at least two, the weightiest first, as they stand in the
later passage. A text that is compared by its counterpart in `lang` has its own language in `aligned_…`;
the place is its own. `date_…` is followed by ``(original)`` where a translation has no date of its own."""

_SHARED = 2  # one word that two headlines share would make them look alike


@dataclass(frozen=True, slots=True)
class View:
    """A passage as it is compared: itself, or what it is aligned with.

    Attributes
    ----------
    lang, text
        Of what is compared.
    place, date
        Of the passage.
    spans
        Where the pattern stands in the text; words there do not count.
    aligned_with
        The passage's own language, if the text is its counterpart.
    """

    lang: str
    text: str
    place: str
    date: str | None
    spans: tuple[tuple[int, int], ...] = ()
    aligned_with: str | None = None


def nearest(before: Sequence[View], after: Sequence[View], most: int) -> pl.DataFrame:
    """Return the most alike pairs, each passage once, of each language in which both have texts.

    Weights are (1 + ln tf) · ln(1 + N / df) over the passages compared, the cosine that of Salton and
    Buckley (1988). Stop words have no weight.

    Parameters
    ----------
    before, after
        At most some hundreds each: every pair is compared.
    most
        How many pairs a language, at most.

    Returns
    -------
    polars.DataFrame
        `LIKE`, without the names of the bins.
    """
    rows: list[dict[str, object]] = []
    for lang in sorted({view.lang for view in before} & {view.lang for view in after}):
        one = [view for view in before if view.lang == lang]
        other = [view for view in after if view.lang == lang]
        words = [_words(view) for view in (*one, *other)]
        vectors, vocabulary = _weighted([Counter(stem for stem, _ in pairs) for pairs in words])
        scores = exact_dots(vectors[: len(one)], vectors[len(one) :])
        present = (vectors > 0).astype(np.float32)
        scores[present[: len(one)] @ present[len(one) :].T < _SHARED] = 0
        for i, j in _best_pairs(scores, most):
            together = vectors[i] * vectors[len(one) + j]
            order = [int(k) for k in np.argsort(-quantised(together), kind="stable") if together[k] > 0]
            named = dict(reversed(words[len(one) + j]))
            rows.append(
                {
                    "lang": lang,
                    "score": float(scores[i, j]),
                    "shared": [named[vocabulary[k]] for k in order],
                    "before": one[i].text,
                    "place_before": one[i].place,
                    "aligned_before": one[i].aligned_with,
                    "date_before": one[i].date,
                    "after": other[j].text,
                    "place_after": other[j].place,
                    "aligned_after": other[j].aligned_with,
                    "date_after": other[j].date,
                }
            )
    return pl.DataFrame(rows, schema={name: kind for name, kind in LIKE.items() if "bin_" not in name})


def _words(view: View) -> list[tuple[str, str]]:
    """Return stem and form of the words that count."""
    stop = stop_words(view.lang)
    return [
        (token.normal, token.text.casefold())
        for token in tokenise(view.text, view.lang)
        if token.normal not in stop
        and not any(token.start < end and token.end > start for start, end in view.spans)
    ]


def _weighted(counts: Sequence[Counter[str]]) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Return the passages' word vectors, of unit length or zero, and the words."""
    vocabulary = sorted({word for counted in counts for word in counted})
    place = {word: number for number, word in enumerate(vocabulary)}
    vectors = np.zeros((len(counts), len(vocabulary)), dtype=np.float32)
    for row, counted in enumerate(counts):
        for word, n in counted.items():
            vectors[row, place[word]] = 1 + np.log(n)
    vectors *= np.log(1 + len(counts) / np.maximum(1, (vectors > 0).sum(axis=0)))
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=vectors, where=lengths > 0), vocabulary


def _best_pairs(scores: npt.NDArray[np.float64], most: int) -> list[tuple[int, int]]:
    """Return the best pairs, each row and column once, the best first.

    Of those equal on `align.exact.SCORE_GRID`, the one of the first row, and then of the first column.
    """
    pairs: list[tuple[int, int]] = []
    left = quantised(scores)
    while len(pairs) < most and left.size and left.max() > 0:
        i, j = np.unravel_index(int(np.argmax(left)), left.shape)
        pairs.append((int(i), int(j)))
        left[i, :] = left[:, j] = 0
    return pairs

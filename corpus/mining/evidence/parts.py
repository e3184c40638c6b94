"""Whether two sentences say the same from beginning to end: the vectors of their parts.

The vector of a sentence is that of what it is about, more than of what it says about it: of two sentences on
one subject, the one may say of it what the other does not. So each is cut into a few parts of as many words,
and each part is compared with the nearest of the other's, which had best be in the same place: languages
order clauses differently, but not at will.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from align.exact import on_grid
from corpus.text.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import Vectors
    from corpus.base.progress import Progress
    from corpus.mining.margin import Floats, Ints

PARTS = 3
"""Parts that a sentence is cut into."""

_SHORTEST = 2  # words of a part: a sentence that has fewer is compared as a whole
_DISPLACED = 0.1  # what a cosine counts less for each place that a part is off
_BATCH = 2048  # pairs whose parts are held at a time


def parts(text: str, lang: str) -> tuple[str, ...]:
    """Return the parts of a sentence, of as many words each; of a short one itself, as often.

    Parameters
    ----------
    text, lang
        A sentence, and the ISO 639-1 code of its language.
    """
    tokens = list(tokenise(text, lang))
    if len(tokens) < _SHORTEST * PARTS:
        return (text,) * PARTS
    cuts = [0, *(tokens[len(tokens) * part // PARTS].start for part in range(1, PARTS)), len(text)]
    return tuple(text[start:end].strip() for start, end in pairwise(cuts))


def nearness_of_parts(
    pairs: tuple[Ints, Ints],
    texts: tuple[Sequence[str], Sequence[str]],
    langs: tuple[str, str],
    encode: Callable[[Sequence[str], int], Vectors],
    progress: Progress | None = None,
) -> Floats:
    """Return the mean cosine of each part of two sentences and the nearest part of the other.

    A part in another place is that much farther.

    Parameters
    ----------
    pairs
        Numbers of the first sentence of each pair, and of the second: shape (n,).
    texts, langs
        The sentences of either language, and its ISO 639-1 code.
    encode
        Returns the vectors of texts of the first language (0) or the second (1): shape (len(texts), dim).
    progress
        Called with how many pairs are done, of how many.

    Returns
    -------
    Floats
        Shape (n,).

    Notes
    -----
    Holds the vectors of some thousand pairs at a time.
    """
    out = np.empty(len(pairs[0]))
    places = np.arange(PARTS)
    displaced = _DISPLACED * np.abs(places[:, None] - places)
    for start in range(0, len(out), _BATCH):
        batch = slice(start, start + _BATCH)
        one, other = (
            _vectors(
                [parts(texts[side][number], langs[side]) for number in pairs[side][batch].tolist()],
                side,
                encode,
            )
            for side in (0, 1)
        )
        near = np.einsum("nid,njd->nij", one, other) - displaced
        out[batch] = (near.max(axis=1) + near.max(axis=2)).mean(axis=1) / 2
        if progress is not None:
            progress(min(start + _BATCH, len(out)), len(out))
    return out


def _vectors(
    cut: Sequence[tuple[str, ...]], side: int, encode: Callable[[Sequence[str], int], Vectors]
) -> Floats:
    """Return the vectors of the parts of some sentences: shape (len(cut), PARTS, dim)."""
    numbers: dict[str, int] = {}
    rows = [[numbers.setdefault(part, len(numbers)) for part in own] for own in cut]
    return on_grid(encode([*numbers], side))[rows]

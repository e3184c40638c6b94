"""Candidates: texts that hold the nearest sentences, counted by how much nearer these are than others.

A sentence's nearest neighbours in the other language are compared by their margin (Artetxe & Schwenk 2019,
"Margin-based parallel corpus mining with multilingual sentence embeddings", ACL): the cosine over the mean of
what both sentences have with their nearest neighbours. Each sentence then votes for the texts that its
neighbours are in, as in document alignment by sentences (DAC, arXiv 2411.19096).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Vectors
    from corpus.mining.texts import Text

NEAREST = 8
"""Neighbours of a sentence that are looked at."""

MOST_CANDIDATES = 6
"""Texts that a text is compared with, those with the most votes."""

_FLAT = 20_000  # vectors; beyond, they are looked up by cells
_PROBED = 24  # cells
_LEARNT = 40  # vectors for each cell, to learn where it is


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is near to the sentences of texts in one language among those in another.

    Attributes
    ----------
    votes
        By the number of a text, those of texts in the other language and what they were given, the most
        first.
    density
        Of each text, the mean cosine of each sentence with its nearest neighbours, shape (sentences,): of
        those that were not looked up, the text's own mean.
    """

    votes: list[list[tuple[int, float]]]
    density: list[np.ndarray]


def neighbours(left: Sequence[Text], right: Sequence[Text]) -> tuple[Neighbours, Neighbours]:
    """Return the neighbours of texts in two languages in each other's, both ways."""
    asked = [_asked(texts) for texts in (left, right)]
    held = [_held(texts) for texts in (left, right)]
    cosines, owners = [], []
    for (queries, _), (vectors, owner) in zip(asked, reversed(held), strict=True):
        found, rows = _search(vectors, queries)
        cosines.append(found)
        owners.append(np.where(rows >= 0, owner[rows], -1))
    means = [found.mean(axis=1) for found in cosines]
    # What a neighbour has with its own nearest is known of those that were looked up only: the mean serves.
    typical = [float(mean.mean()) if len(mean) else 1.0 for mean in means]
    return (
        _counted(left, asked[0][1], cosines[0], owners[0], means[0], typical[1]),
        _counted(right, asked[1][1], cosines[1], owners[1], means[1], typical[0]),
    )


def _counted(
    texts: Sequence[Text],
    of: np.ndarray,
    cosines: np.ndarray,
    owners: np.ndarray,
    means: np.ndarray,
    typical: float,
) -> Neighbours:
    margins = cosines / np.maximum((means[:, None] + typical) / 2, 1e-6)
    votes: list[dict[int, float]] = [{} for _ in texts]
    for number, text in enumerate(of.tolist()):
        given = votes[text]
        seen: set[int] = set()
        for owner, margin in zip(owners[number].tolist(), margins[number].tolist(), strict=True):
            if owner >= 0 and owner not in seen:  # the nearest of a text's sentences votes for it
                seen.add(owner)
                given[owner] = given.get(owner, 0.0) + max(margin - 0.8, 0.0) ** 2
    ordered = [
        sorted(given.items(), key=lambda item: (-item[1], item[0]))[:MOST_CANDIDATES] for given in votes
    ]
    density = []
    starts = np.searchsorted(of, np.arange(len(texts) + 1))
    for number, text in enumerate(texts):
        own = means[starts[number] : starts[number + 1]]
        filled = np.full(len(text.sentences), own.mean() if len(own) else typical, dtype=np.float32)
        filled[text.asked] = own
        density.append(filled)
    return Neighbours(ordered, density)


def _asked(texts: Sequence[Text]) -> tuple[Vectors, np.ndarray]:
    """Return the vectors of the sentences that are looked up, and the number of the text of each."""
    vectors = np.concatenate([text.vectors[text.asked] for text in texts])
    return vectors, np.repeat(np.arange(len(texts)), [len(text.asked) for text in texts])


def _held(texts: Sequence[Text]) -> tuple[Vectors, np.ndarray]:
    """Return the vectors of all sentences, and the number of the text of each."""
    vectors = np.concatenate([text.vectors for text in texts])
    return vectors, np.repeat(np.arange(len(texts)), [len(text.sentences) for text in texts])


def _search(vectors: Vectors, queries: Vectors) -> tuple[np.ndarray, np.ndarray]:
    """Return the cosines with, and rows of, the nearest vectors of each query."""
    import faiss

    count, dim = vectors.shape
    index: Any = faiss.IndexFlatIP(dim)
    if count > _FLAT:
        cells = int(min(4 * count**0.5, count / _LEARNT))
        index = faiss.IndexIVFFlat(index, dim, cells, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter = 8
        index.train(vectors[:: max(1, count // (_LEARNT * cells))])
        index.nprobe = _PROBED
    index.add(vectors)
    found, rows = index.search(queries, min(NEAREST, count))
    return np.where(rows >= 0, found, 0.0), rows

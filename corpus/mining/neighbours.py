"""Candidates: texts that hold the nearest sentences, counted by how much nearer these are than others.

A sentence's nearest neighbours in the other language are compared by their margin (Artetxe & Schwenk 2019,
"Margin-based parallel corpus mining with multilingual sentence embeddings", ACL): the cosine over the mean of
what both sentences have with their nearest neighbours. Each sentence then votes for the texts that its
neighbours are in, as in document alignment by sentences (DAC, arXiv 2411.19096).

What was looked up once is used again: of texts that are as they were, only what is new is compared with their
sentences. The result is what looking up everything gives, as long as no cells are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from align.exact import exact_dots, on_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Vectors
    from corpus.base.progress import Progress
    from corpus.mining.texts import Text

Ints = npt.NDArray[np.int32]

NEAREST = 8
"""Neighbours of a sentence that are looked at."""

MOST_CANDIDATES = 6
"""Texts that a text is compared with, those with the most votes."""

_FLAT = 100_000  # different sentences; beyond, they are looked up by cells
_PROBED = 24  # cells
_LEARNT = 40  # vectors for each cell, to learn where it is
_SPARE = 8  # asked for beyond `NEAREST`, lest rounding decide which are the nearest
_NOISE = 1e-5  # of a product that is not exact
_BATCH = 4096  # sentences looked up at a time


@dataclass(frozen=True, slots=True)
class Lookups:
    """The nearest sentences of texts in one language among those of texts in another, nearest first.

    Attributes
    ----------
    of
        The number of the text that each sentence is of, shape (n,), ascending.
    cosines
        Shape (n, `NEAREST`); where there are fewer sentences, the rest is zero.
    texts, places
        Which text a neighbour is in, and which sentence of it, of the same shape; -1 where there is none.
    """

    of: Ints
    cosines: Vectors
    texts: Ints
    places: Ints

    def means(self) -> Vectors:
        """Return the mean cosine of each sentence with its neighbours, shape (n,)."""
        there = (self.texts >= 0).sum(axis=1)
        return np.asarray(self.cosines.sum(axis=1) / np.maximum(there, 1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Known:
    """What was looked up before, and the texts it was of, by their `Text.key`."""

    asked: Sequence[str]
    held: Sequence[str]
    lookups: Lookups


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


def neighbours(
    left: Sequence[Text],
    right: Sequence[Text],
    lookups: tuple[Lookups, Lookups] | None = None,
) -> tuple[Neighbours, Neighbours]:
    """Return the neighbours of texts in two languages in each other's, both ways.

    Parameters
    ----------
    left, right
        The texts.
    lookups
        Of the sentences of either among those of the other (`look_up`), if they are known.
    """
    ours, theirs = lookups or (look_up(left, right), look_up(right, left))
    means = ours.means(), theirs.means()
    # What a neighbour has with its own nearest is known of those that were looked up only: the mean serves.
    typical = [float(mean.mean()) if len(mean) else 1.0 for mean in means]
    return (
        _counted(left, len(right), ours, means[0], typical[1]),
        _counted(right, len(left), theirs, means[1], typical[0]),
    )


def look_up(
    asked: Sequence[Text],
    held: Sequence[Text],
    known: Known | None = None,
    progress: Progress | None = None,
) -> Lookups:
    """Look the sentences of texts up among those of texts in another language.

    Parameters
    ----------
    asked, held
        The texts whose sentences are looked up (`Text.asked`), and those they are looked up among; each in
        the order of their documents, which decides between neighbours that are equally near.
    known
        What was found before, of these texts or others.
    progress
        Called with how many sentences are looked up, of how many.
    """
    of = np.repeat(np.arange(len(asked), dtype=np.int32), [len(text.asked) for text in asked])
    found = Lookups(
        of,
        np.zeros((len(of), NEAREST), np.float32),
        np.full((len(of), NEAREST), -1, np.int32),
        np.full((len(of), NEAREST), -1, np.int32),
    )
    queries = _rounded(np.concatenate([text.vectors[text.asked] for text in asked]))
    fresh = np.arange(len(held))
    rows = np.arange(len(of))
    if known is not None:
        rows, fresh = _taken_over(found, asked, held, known)
    done = np.ones(len(of), np.bool_)
    done[rows] = False
    if len(fresh) and done.any():
        _compare_new(found, queries, np.flatnonzero(done), _Held(held, fresh))
    if len(rows):
        _search(found, queries, rows, _Held(held, np.arange(len(held))), progress)
    return found


def _taken_over(
    found: Lookups, asked: Sequence[Text], held: Sequence[Text], known: Known
) -> tuple[np.ndarray, np.ndarray]:
    """Fill in what is known; return the rows it is not known of, and the texts that it does not know."""
    now = {text.key: number for number, text in enumerate(held)}
    moved = np.array([*(now.get(key, -1) for key in known.held), -1], dtype=np.int32)
    before = {key: number for number, key in enumerate(known.asked)}
    starts = np.searchsorted(known.lookups.of, np.arange(len(known.asked) + 1))
    sources = np.full(len(found.of), -1)
    own = np.searchsorted(found.of, np.arange(len(asked) + 1))
    for number, text in enumerate(asked):
        if (place := before.get(text.key)) is not None:
            sources[own[number] : own[number + 1]] = np.arange(starts[place], starts[place + 1])
    rows = np.flatnonzero(sources >= 0)
    texts = known.lookups.texts[sources[rows]]
    current = moved[texts]  # -1 is the last one: nothing
    whole = ~((texts >= 0) & (current < 0)).any(axis=1)  # no neighbour is gone
    rows = rows[whole]
    found.texts[rows] = current[whole]
    found.cosines[rows] = known.lookups.cosines[sources[rows]]
    found.places[rows] = known.lookups.places[sources[rows]]
    missing = np.ones(len(found.of), np.bool_)
    missing[rows] = False
    told = set(known.held)
    fresh = [number for number, text in enumerate(held) if text.key not in told]
    if sum(len(held[number].sentences) for number in fresh) > _FLAT:
        return np.arange(len(found.of)), np.arange(len(held))
    return np.flatnonzero(missing), np.array(fresh, dtype=np.int64)


class _Held:
    """The sentences of some texts, each different one once, and where it stands first.

    Attributes
    ----------
    vectors
        Shape (n, dim).
    texts, places
        Shape (n, `NEAREST`): the texts it stands in, and where there; -1 beyond the last. Of a sentence that
        stands oftener, the first serve, as no more neighbours are looked at.
    """

    def __init__(self, held: Sequence[Text], chosen: np.ndarray) -> None:
        numbers: dict[str, int] = {}
        stands: list[list[tuple[int, int]]] = []
        for text in chosen.tolist():
            for place, sentence in enumerate(held[text].sentences):
                number = numbers.setdefault(sentence, len(stands))
                if number == len(stands):
                    stands.append([])
                if len(stands[number]) < NEAREST:
                    stands[number].append((text, place))
        self.texts = np.full((len(stands), NEAREST), -1, np.int32)
        self.places = np.full((len(stands), NEAREST), -1, np.int32)
        for number, own in enumerate(stands):
            for at, (text, place) in enumerate(own):
                self.texts[number, at] = text
                self.places[number, at] = place
        self.vectors = _rounded(np.stack([held[own[0][0]].vectors[own[0][1]] for own in stands]))


def _compare_new(found: Lookups, queries: Vectors, rows: np.ndarray, new: _Held) -> None:
    """Compare sentences whose neighbours are known with those of new texts; the nearest stay."""
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        near = queries[part] @ new.vectors.T
        least = np.where(found.texts[part, -1] >= 0, found.cosines[part, -1] - _NOISE, -np.inf)
        close = near >= least[:, None]
        for at in np.flatnonzero(close.any(axis=1)).tolist():
            chosen = np.flatnonzero(close[at])
            if len(chosen) > NEAREST + _SPARE:
                chosen = np.sort(chosen[np.argsort(-near[at, chosen], kind="stable")[: NEAREST + _SPARE]])
            exact = exact_dots(queries[part[at]][None], new.vectors[chosen])[0]
            _put(
                found,
                part[at : at + 1],
                np.concatenate([found.cosines[part[at]], np.repeat(exact, NEAREST).astype(np.float32)])[None],
                np.concatenate([found.texts[part[at]], new.texts[chosen].ravel()])[None],
                np.concatenate([found.places[part[at]], new.places[chosen].ravel()])[None],
            )


def _search(
    found: Lookups, queries: Vectors, rows: np.ndarray, held: _Held, progress: Progress | None
) -> None:
    """Look sentences up among all."""
    index = _index(held.vectors)
    wanted = min(NEAREST + _SPARE, len(held.vectors))
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        _, near = index.search(np.ascontiguousarray(queries[part]), wanted)
        cosines = np.empty(near.shape, np.float32)
        own = queries[part].astype(np.float64)
        for at in range(wanted):  # exact sums: the same whatever else is looked up
            cosines[:, at] = (own * held.vectors[near[:, at]]).sum(axis=1)
        texts, places = held.texts[near], held.places[near]
        texts[near < 0] = -1
        wide = int((texts >= 0).sum(axis=2).max(initial=1))
        size = (len(part), wanted * wide)
        _put(
            found,
            part,
            np.repeat(cosines, wide, axis=1),
            texts[:, :, :wide].reshape(size),
            places[:, :, :wide].reshape(size),
        )
        if progress is not None:
            progress(min(start + _BATCH, len(rows)), len(rows))


def _rounded(vectors: Vectors) -> Vectors:
    """Round to `align.exact.VECTOR_GRID`, in single precision, which has just the bits for it."""
    for start in range(0, len(vectors), _BATCH):
        vectors[start : start + _BATCH] = on_grid(vectors[start : start + _BATCH])
    return vectors


def _put(found: Lookups, rows: np.ndarray, cosines: Vectors, texts: Ints, places: Ints) -> None:
    """Keep the nearest of what was found for some rows: of equals the first of the first text."""
    keys = np.where(texts >= 0, -cosines, np.inf)
    order = np.lexsort((places, texts, keys), axis=-1)[:, :NEAREST]
    chosen = np.take_along_axis(texts, order, axis=1)
    width = order.shape[1]
    found.texts[rows, :width] = chosen
    found.places[rows, :width] = np.where(chosen >= 0, np.take_along_axis(places, order, axis=1), -1)
    found.cosines[rows, :width] = np.where(chosen >= 0, np.take_along_axis(cosines, order, axis=1), 0.0)


def _index(vectors: Vectors) -> Any:  # noqa: ANN401 - untyped
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
    return index


def _counted(
    texts: Sequence[Text], others: int, lookups: Lookups, means: Vectors, typical: float
) -> Neighbours:
    margins = lookups.cosines / np.maximum((means[:, None] + typical) / 2, 1e-6)
    given = np.maximum(margins - 0.8, 0.0) ** 2
    owners = lookups.texts
    votes = owners >= 0
    for at in range(1, NEAREST):  # the nearest of a text's sentences votes for it
        votes[:, at] &= (owners[:, :at] != owners[:, at, None]).all(axis=1)
    pairs = (lookups.of[:, None].astype(np.int64) * others + owners)[votes]
    keys, numbers = np.unique(pairs, return_inverse=True)
    sums = np.bincount(numbers, weights=given[votes], minlength=len(keys))
    voters, voted = keys // max(others, 1), keys % max(others, 1)
    order = np.lexsort((voted, -sums, voters))
    ordered: list[list[tuple[int, float]]] = [[] for _ in texts]
    for number, owner, votes_for in zip(
        voters[order].tolist(), voted[order].tolist(), sums[order].tolist(), strict=True
    ):
        if len(ordered[number]) < MOST_CANDIDATES:
            ordered[number].append((owner, votes_for))
    density = []
    starts = np.searchsorted(lookups.of, np.arange(len(texts) + 1))
    for number, text in enumerate(texts):
        own = means[starts[number] : starts[number + 1]]
        filled = np.full(len(text.sentences), own.mean() if len(own) else typical, dtype=np.float32)
        filled[text.asked] = own
        density.append(filled)
    return Neighbours(ordered, density)

"""The forward pass of Universal Sentence Encoder (multilingual, v3), in numpy.

The network (Chidambaram et al. 2019, Yang et al. 2020, the convolutional variant): a token's embedding is
projected to three times 256 and normalised; three branches of two stacked convolutions (widths 2, 3 and 5,
each with a rectifier and a residual) run over the sentence; embedding and branches together, 1280 numbers,
are normalised again; their sum over the tokens, divided by the root of their number, goes through a linear
map and a small residual head.

Two things make it quick. What a token contributes before any neighbour is seen, the projection and its
products with the first convolution's matrices, depends on the token alone: it is computed once for each
token met and kept (`TokenRows`). And everything between the normalised features and the head is linear, so
features are summed first and mapped afterwards; the same sums are what makes embeddings of blocks cheap.

Matrix products are in fixed point (`corpus.encoders.fixed`), so that they are the same on every processor.
What is not a product is numpy's own arithmetic, the same wherever the same numpy runs, but for the hyperbolic
tangent, which is computed in double precision so that what processors differ by is rounded away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from corpus.encoders.fixed import product, rounded
from corpus.encoders.use.passes import PAD, Span, chunks, layout, passes_of
from corpus.encoders.use.weights import CHUNKS, ORDERS
from corpus.execution.threads import by_rows, parallel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.encoders.use.tokenizer import Ids
    from corpus.encoders.use.weights import FixedWeights, Matrix
    from corpus.execution.threads import Run


_EMBED, _BRANCH = 512, 256
_CONV = _BRANCH * len(ORDERS)
# Left context of each branch; and for each offset of the window, the branches that see it. Branches are
# ordered by width, so those that see an offset are always the last ones.
_LEFT = {2: 0, 3: 1, 5: 2}
_OFFSETS = (0, 1, -1, 2, -2)
_EPS = np.float32(1e-12)
_RUNS_A_PRODUCT = 16
_TOKENS_A_TASK = 128  # a short text has a few hundred
# What normalised features, and what the hidden layer, is rounded to. The sums of a pass of features are then
# exact in float64, and the products of the hidden layer with the second convolutions, of columns of
# `HIDDEN_BITS`, where a window of it is no longer than 512: four times what has been seen.
_GRID = 2.0**-20
_HIDDEN_GRID = 2.0**-19


@dataclass
class TokenRows:
    """What each token contributes whatever its neighbours, computed when the token is first met.

    Slot 0 is the padding between sentences: all zero. When the table is full it starts afresh, so its size
    is bounded; with the vocabulary of a text this happens rarely.

    Attributes
    ----------
    slot
        Slot of each piece, 0 where it has none; shape (pieces,).
    embedding, projected
        Shapes (capacity, 512) and (capacity, 768).
    shifted
        Per window offset, the products with the first convolutions' matrices of the branches that see it.
    total, square
        Sum, and sum of squares, of the embedding: shape (capacity,).
    """

    weights: FixedWeights
    capacity: int
    used: int = 1
    slot: npt.NDArray[np.int32] = field(init=False)
    embedding: Matrix = field(init=False)
    projected: Matrix = field(init=False)
    shifted: dict[int, Matrix] = field(init=False)
    total: Matrix = field(init=False)
    square: Matrix = field(init=False)

    def __post_init__(self) -> None:
        # np.zeros maps pages that take no memory until a token fills them.
        self.slot = np.zeros(self.weights.table.shape[0], dtype=np.int32)
        self.embedding = np.zeros((self.capacity, _EMBED), dtype=np.float32)
        self.projected = np.zeros((self.capacity, _CONV), dtype=np.float32)
        self.total = np.zeros(self.capacity, dtype=np.float32)
        self.square = np.zeros(self.capacity, dtype=np.float32)
        self.shifted = {
            offset: np.zeros((self.capacity, _BRANCH * _branches_seeing(offset)), dtype=np.float32)
            for offset in _OFFSETS
        }

    def ensure(self, ids: Ids, run: Run) -> None:
        """Compute the rows of those tokens that have none; at most `capacity` - 1 different ones.

        Parameters
        ----------
        ids
            Tokens, any number of times each.
        run
            Runs the parts of the work, perhaps at the same time.
        """
        wanted = np.unique(ids)
        missing = wanted[self.slot[wanted] == 0]
        if self.used + len(missing) > self.capacity:
            self.slot[:] = 0
            self.used = 1
            missing = wanted
        first = self.used
        parts = range(0, len(missing), _TOKENS_A_TASK)
        run(lambda i: self._fill(missing[i : i + _TOKENS_A_TASK], first + i), parts)
        self.used += len(missing)
        self.slot[missing] = np.arange(first, self.used, dtype=np.int32)

    def _fill(self, pieces: Ids, first: int) -> None:
        slots = slice(first, first + len(pieces))
        weights = self.weights
        block = pieces % CHUNKS
        embedding = self.embedding[slots]
        np.multiply(weights.table[pieces], weights.scale[block, None], out=embedding)
        embedding += weights.lo[block, None]
        projected = self.projected[slots]
        projected[:] = _layer_norm(product(embedding, weights.matrices["project"]) + weights.project_bias)
        projected *= weights.project_gain
        projected += weights.project_shift
        self.total[slots] = embedding.sum(axis=1)
        self.square[slots] = np.einsum("ij,ij->i", embedding, embedding)
        for offset, table in self.shifted.items():
            for branch, order in enumerate(ORDERS):
                place = offset + _LEFT[order]
                if 0 <= place < order:
                    source = projected[:, branch * _BRANCH : (branch + 1) * _BRANCH]
                    target = branch * _BRANCH - (_CONV - table.shape[1])
                    table[slots, target : target + _BRANCH] = product(
                        source, weights.matrices[f"first.{order}.{place}"]
                    )
        # The bias is added once a place: with the token of the place itself.
        self.shifted[0][slots] += weights.first_bias


def _branches_seeing(offset: int) -> int:
    return sum(0 <= offset + _LEFT[order] < order for order in ORDERS)


def _layer_norm(x: Matrix) -> Matrix:
    x = x - x.mean(axis=1, keepdims=True)
    x *= _inverse_deviation(np.einsum("ij,ij->i", x, x) / np.float32(x.shape[1]))[:, None]
    return x


def _inverse_deviation(variance: Matrix) -> Matrix:
    inverse: Matrix = np.reciprocal(np.sqrt(variance + _EPS))
    return inverse


class UseNetwork:
    """Sums of token features, and the head that turns a sum into a sentence vector.

    Parameters
    ----------
    weights
        The model's arrays.
    capacity
        For how many tokens to keep what they contribute (15 kB each); more than a pass is long.
    """

    def __init__(self, weights: FixedWeights, capacity: int = 12288) -> None:
        self._weights = weights
        self._rows = TokenRows(weights, capacity)
        self._lock = Lock()

    def sums(self, spans: Sequence[Span]) -> Matrix:
        """Sum the features of each span's tokens, from cut to cut.

        Parameters
        ----------
        spans
            Spans with n parts together. Tokens more than `REACH` away from the wanted ones make no
            difference; where `ids` ends closer than that, the text is taken to end there.

        Returns
        -------
        Matrix
            Shape (n, 1280), float32: normalised features, before the gain, the shift and the map of the
            output layer. Being linear, those may wait until sums have been added up: see `mapped`.
        """
        parts = sum(len(span.cuts) - 1 for span in spans)
        out = np.zeros((parts, _EMBED + _CONV), dtype=np.float32)
        with self._lock, parallel() as run:
            for passes in chunks(passes_of(spans), self._rows.capacity - 1):
                self._rows.ensure(np.concatenate([span.ids for _, group in passes for span in group]), run)
                results = run(lambda task: self._pass(task[1]), passes)
                for (owners, _), result in zip(passes, results, strict=True):
                    if owners[0] == owners[-1]:
                        # One part, perhaps of one that was too long for a pass.
                        out[owners[0]] += result.sum(axis=0)
                    else:
                        out[owners] = result
        return out

    def mapped(self, sums: Matrix) -> Matrix:
        """Map sums of features (n, 1280) to the sentence space (n, 512), without each token's bias."""
        return by_rows(lambda part: product(part, self._weights.matrices["output"]), sums)

    def vectors(self, sums: Matrix, tokens: npt.NDArray[np.int64]) -> Matrix:
        """Turn sums of features into unit sentence vectors.

        Parameters
        ----------
        sums
            As `mapped` gives them, or sums of such: shape (n, 512).
        tokens
            How many tokens went into each sum, at least one; shape (n,).

        Returns
        -------
        Matrix
            Shape (n, 512), float32, unit rows.
        """
        return by_rows(self._vectors, sums, tokens.astype(np.float32)[:, None])

    def _vectors(self, sums: Matrix, count: Matrix) -> Matrix:
        x = np.asarray((sums + count * self._weights.bias) / np.sqrt(count), dtype=np.float32)
        head = self._weights.matrices
        y = product(x, head["p1"])
        y += product(np.maximum(product(x, head["d0"]), 0), head["d1"])
        np.maximum(y, 0, out=y)
        z = product(y, head["p3"])
        z += product(np.maximum(product(y, head["d2"]), 0), head["d3"])
        z = np.tanh(z, dtype=np.float64).astype(np.float32)
        unit: Matrix = z / np.sqrt(np.maximum(np.einsum("ij,ij->i", z, z), _EPS))[:, None]
        return unit

    def _pass(self, spans: Sequence[Span]) -> Matrix:
        """Sum the normalised features of each span, before gain and map: shape (n, 1280)."""
        slots, rows, counts = layout(spans, self._rows.slot)
        hidden = self._first_convolution(slots)
        slots = slots[rows]
        features = np.empty((len(rows), _EMBED + _CONV), dtype=np.float32)
        np.take(self._rows.embedding, slots, axis=0, out=features[:, :_EMBED], mode="clip")
        conv = features[:, _EMBED:]
        self._second_convolution(hidden, rows, conv)

        width = np.float32(features.shape[1])
        mean = (self._rows.total[slots] + conv.sum(axis=1)) / width
        square = (self._rows.square[slots] + np.einsum("ij,ij->i", conv, conv)) / width
        scale = _inverse_deviation(np.maximum(square - mean * mean, 0))
        return _weighted_sums(features, scale, scale * mean, counts)

    def _first_convolution(self, slots: npt.NDArray[np.int32]) -> Matrix:
        """Add up, for every place of the layout, what each token of its window contributes: (n, 768)."""
        rows = self._rows
        inner = slice(PAD, len(slots) - PAD)
        hidden = np.zeros((len(slots), _CONV), dtype=np.float32)
        total = hidden[inner]
        for offset in _OFFSETS:
            table = rows.shifted[offset]
            seen = slots[PAD + offset : len(slots) - PAD + offset]
            total[:, _CONV - table.shape[1] :] += np.take(table, seen, axis=0, mode="clip")
        np.maximum(total, 0, out=total)
        total += rows.projected[slots[inner]]
        # Outside a sentence there is nothing, not the response to nothing.
        hidden[slots == 0] = 0
        return hidden

    def _second_convolution(self, hidden: Matrix, rows: npt.NDArray[np.intp], out: Matrix) -> None:
        """Run the second convolutions where they are wanted: `rows` of the layout, into `out` (n, 768)."""
        weights = self._weights
        on_grid = rounded(hidden, _HIDDEN_GRID)
        for i, order in enumerate(ORDERS):
            columns = slice(i * _BRANCH, (i + 1) * _BRANCH)
            branch = on_grid[:, columns]
            windows = as_strided(
                branch,
                shape=(len(branch) - order + 1, order, _BRANCH),
                strides=(branch.strides[0], *branch.strides),
                writeable=False,
            )
            window = windows[rows - _LEFT[order]].reshape(len(rows), order * _BRANCH)
            matrix = weights.matrices[f"second.{order}"]
            result = (window @ matrix.numbers * matrix.units).astype(np.float32)
            result += weights.second_bias[columns]
            np.maximum(result, 0, out=result)
            result += hidden[rows, columns]
            out[:, columns] = result


def _weighted_sums(features: Matrix, scale: Matrix, offset: Matrix, counts: npt.NDArray[np.intp]) -> Matrix:
    """Sum `features * scale - offset` over runs of `counts` rows: shape (len(counts), width).

    A few runs at a time, as a matrix product: it reads the features once, at the speed of memory. What is
    summed is on a grid, and its sums are exact. The features are overwritten.
    """
    features *= scale[:, None]
    features -= offset[:, None]
    out = np.empty((len(counts), features.shape[1]), dtype=np.float32)
    ends = np.cumsum(counts)
    for i in range(0, len(counts), _RUNS_A_PRODUCT):
        some = counts[i : i + _RUNS_A_PRODUCT]
        stop = int(ends[i + len(some) - 1])
        start = stop - int(some.sum())
        chooser = np.zeros((len(some), stop - start))
        chooser[np.repeat(np.arange(len(some)), some), np.arange(stop - start)] = 1.0
        out[i : i + len(some)] = chooser @ rounded(features[start:stop], _GRID)
    return out

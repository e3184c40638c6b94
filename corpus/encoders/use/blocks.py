"""Embeddings of every run of consecutive sentences, from sums over each sentence.

A sentence vector of this network is head(sum of token features / root of their number), and a token's
features depend on at most `REACH` tokens to either side. So within a block nearly all tokens have the
features that they have in the running text, and a block's sum is the sum of its sentences' sums in the
running text, but for its first and last few tokens, which see the begin or the end mark where the running
text has more text. For a block of sentences i..j, then,

    sum(i..j) = C[i] + ... + C[j] + S[i] + E[j]

with C[i] the features of sentence i's tokens in the running text; S[i] the features of the begin mark and
of what follows it up to `REACH` tokens into the text, less what those tokens have in the running text; and
E[j] the same at the end. S and E look across the boundary into the next sentence where one is shorter than
that, so the identity holds exactly for any block of at least 2 * REACH tokens: the tokens that see the
begin mark are then different from those that see the end mark. Shorter blocks are simply encoded.

Where sentences are joined without a space, a sentence's first piece may differ between the beginning of a
text (which the tokenizer starts with a space) and its middle. Then S replaces the pieces that differ. And a
piece may span two sentences: blocks with such a seam inside are encoded, too. With that the identity is
exact for every block, up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.encoders.use.passes import REACH, Span
from corpus.encoders.use.tokenizer import BEGIN, END

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.encoders.use.network import UseNetwork
    from corpus.encoders.use.tokenizer import Ids
    from corpus.encoders.use.weights import Matrix

_SUMS = 6
_NOTHING = Span(np.zeros(0, dtype=np.int32), (0, 0))
# Sums of features wait for each other before they are mapped; this bounds their number.
_SENTENCES_AT_ONCE = 1024
_BLOCKS_AT_ONCE = 1024

_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Stream:
    """The running text: its pieces, where sentences begin in it, and how each begins when it stands first.

    Attributes
    ----------
    ids
        All pieces, one sentence after the other.
    begins
        Where each sentence begins, and the end: shape (n + 1,).
    heads
        The pieces that a sentence begins with when it stands first, where they differ from the running ones.
    replaced
        How many of the running pieces the head stands for; shape (n,).
    """

    ids: Ids
    begins: _Counts
    heads: list[Ids]
    replaced: _Counts


def block_vectors(
    network: UseNetwork,
    isolated: Sequence[Ids],
    running: Sequence[Ids],
    seams: npt.NDArray[np.bool_],
    k: int,
    encode: Callable[[list[tuple[int, int]]], Matrix],
) -> Matrix:
    """Embed every run of 1..k consecutive sentences, none of them empty.

    Parameters
    ----------
    network
        The network.
    isolated, running
        Pieces of each of the n sentences when it stands first in a text, and when it follows another.
    seams
        Whether a piece spans sentence i and the next: shape (n - 1,).
    k
        Longest run, at least 1.
    encode
        Embeds blocks, given by first and last sentence, as the texts they are: shape (blocks, 512).

    Returns
    -------
    Matrix
        Shape (k, n, 512): row [m - 1, i] is the run of m sentences that ends at sentence i; zero where there
        is none.
    """
    n = len(isolated)
    out = np.zeros((k, n, 512), dtype=np.float32)
    if n == 0:
        return out
    stream = _stream(isolated, running)
    inner, start, end = _parts(network, stream)
    head_tokens = np.array([len(head) for head in stream.heads]) - stream.replaced
    # A block this long is told by its parts; the head's pieces are not counted, being replaced.
    enough = 2 * REACH + stream.replaced
    seams_before = np.concatenate(([0], np.cumsum(seams)))
    body = np.zeros_like(inner)
    # Several lengths at once, so that the network's matrices are read once for a short text.
    lengths = max(1, _BLOCKS_AT_ONCE // n)
    for shortest in range(1, min(k, n) + 1, lengths):
        told: list[tuple[_Counts, _Counts, Matrix, _Counts]] = []
        short: list[tuple[_Counts, _Counts]] = []
        for m in range(shortest, min(shortest + lengths, k + 1, n + 1)):
            first = np.arange(n - m + 1)
            last = first + m - 1
            # body[i] grows to the sum over the m sentences that begin at i.
            body[: n - m + 1] += inner[m - 1 :]
            tokens = stream.begins[last + 1] - stream.begins[first]
            exact = (tokens >= enough[first]) & (seams_before[last] == seams_before[first])
            i, j = first[exact], last[exact]
            told.append((i, j, body[i] + start[i] + end[j], tokens[exact] + 2 + head_tokens[i]))
            short.append((first[~exact], last[~exact]))
        i, j, sums, counts = map(np.concatenate, zip(*told, strict=True))
        if len(i):
            out[j - i, j] = network.vectors(sums, counts)
        i, j = map(np.concatenate, zip(*short, strict=True))
        if len(i):
            out[j - i, j] = encode(list(zip(i.tolist(), j.tolist(), strict=True)))
    return out


def spread(compact: Matrix, kept: npt.NDArray[np.intp], n: int) -> Matrix:
    """Give the blocks of n sentences from the blocks of those that are not empty.

    A block that begins or ends with an empty sentence is the block without it.

    Parameters
    ----------
    compact
        Shape (k, len(kept), d).
    kept
        Which sentences are not empty, in order.
    n
        How many sentences there are.

    Returns
    -------
    Matrix
        Shape (k, n, d); zero where all sentences of a block are empty.
    """
    k = len(compact)
    out = np.zeros((k, n, compact.shape[2]), dtype=np.float32)
    for m in range(1, min(k, n) + 1):
        last = np.arange(m - 1, n)
        low = np.searchsorted(kept, last - m + 1, side="left")
        high = np.searchsorted(kept, last, side="right") - 1
        some = high >= low
        out[m - 1, last[some]] = compact[(high - low)[some], high[some]]
    return out


def _stream(isolated: Sequence[Ids], running: Sequence[Ids]) -> _Stream:
    heads, replaced = [], []
    for alone, follows in zip(isolated, running, strict=True):
        limit = min(len(alone), len(follows))
        differ = np.flatnonzero(alone[len(alone) - limit :] != follows[len(follows) - limit :])
        same = limit - 1 - int(differ[-1]) if len(differ) else limit
        heads.append(alone[: len(alone) - same])
        replaced.append(len(follows) - same)
    begins = np.zeros(len(running) + 1, dtype=np.int64)
    np.cumsum([len(ids) for ids in running], out=begins[1:])
    return _Stream(np.concatenate(running), begins, heads, np.array(replaced, dtype=np.int64))


def _parts(network: UseNetwork, stream: _Stream) -> tuple[Matrix, Matrix, Matrix]:
    """Return C, S and E of every sentence: shape (n, 512) each."""
    parts = []
    n = len(stream.heads)
    for first in range(0, n, _SENTENCES_AT_ONCE):
        sentences = range(first, min(first + _SENTENCES_AT_ONCE, n))
        spans = [span for i in sentences for span in _spans(stream, i)]
        opening, closing, begin, middle, end, alone = (
            network.sums(spans).reshape(len(sentences), _SUMS, -1).transpose(1, 0, 2)
        )
        # Either begin, middle and end are the sentence, or it is short, and summed on its own.
        long = np.array([_is_long(stream, i) for i in sentences])[:, None]
        sentence = np.where(long, begin + middle + end, alone)
        parts.append([network.mapped(part) for part in (sentence, opening - begin, closing - end)])
    inner, starts, ends = (np.concatenate(part) for part in zip(*parts, strict=True))
    return inner, starts, ends


def _is_long(stream: _Stream, i: int) -> bool:
    """Tell whether the tokens that S and E are about do not overlap, nor leave the sentence."""
    return bool(stream.begins[i + 1] - stream.begins[i] >= stream.replaced[i] + 2 * REACH)


def _spans(stream: _Stream, i: int) -> tuple[Span, ...]:
    """List what is summed for sentence i.

    The opening, and the closing, of a text made of it; then of the running text the tokens that the opening
    replaces, those between, and those that the closing replaces; then all of it, if it is short.
    """
    ids, head = stream.ids, stream.heads[i]
    begin, stop = int(stream.begins[i]), int(stream.begins[i + 1])
    kept = begin + int(stream.replaced[i])
    changed = min(kept + REACH, len(ids))
    final = max(stop - REACH, 0)
    opening = np.concatenate(([BEGIN], head, ids[kept : changed + REACH]))
    closing = np.concatenate((ids[max(stop - 2 * REACH, 0) : stop], [END]))
    around = (
        Span(opening, (0, 1 + len(head) + changed - kept)),
        Span(closing, (len(closing) - 1 - (stop - final), len(closing))),
    )
    if _is_long(stream, i):
        return (*around, _within(ids, begin, changed, final, stop), _NOTHING)
    return (
        *around,
        _within(ids, begin, changed),
        _NOTHING,
        _within(ids, final, stop),
        _within(ids, begin, stop),
    )


def _within(ids: Ids, *cuts: int) -> Span:
    """Take a span of the running text, with the context that its features depend on."""
    low = max(cuts[0] - REACH, 0)
    return Span(ids[low : cuts[-1] + REACH], tuple(cut - low for cut in cuts))

"""How much of two texts an alignment pairs: a quick one, and a close one where that leaves a doubt.

Quick is an alignment of the sentences' vectors alone: nothing is encoded, a run of sentences is the direction
of the sum of theirs, and words are not looked at. That takes a fifth of the time. Of translations, and of
texts that have nothing to do with each other, the shares are those of the whole aligner but for .02 in the
mean. Two reports of one event it takes for each other too readily: what is between is aligned once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

import align
from corpus.encoders import load_encoder
from corpus.execution.executor import Inline, in_order
from corpus.execution.processes import Processes
from corpus.execution.threads import processors
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from align.encoder import Encoder, Vectors
    from corpus.base.progress import Progress

_Task: TypeAlias = "tuple[tuple[tuple[Encoded, Encoded], ...], align.Weights, str]"

_TOGETHER = 16  # pairs given to a process at a time
_FEW = 64  # pairs; processes would take longer to start
_DOUBTFUL = 0.05, 0.85  # shares that a quick alignment does not decide


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text and its vectors.

    Attributes
    ----------
    lang
        ISO 639-1 code, or ``und``.
    sentences
        None blank.
    vectors
        Shape (len(sentences), dim), unit rows.
    paragraphs
        The number of the paragraph of each (`corpus.documents.bitext.counted_paragraphs`), if known.
    """

    lang: str
    sentences: Sequence[str]
    vectors: Vectors
    paragraphs: Sequence[int] = ()


def paired_shares(
    pairs: Iterable[tuple[Encoded, Encoded]],
    count: int,
    weights: align.Weights,
    encoder: str,
    progress: Progress | None = None,
) -> list[float]:
    """Return `paired_share` of each pair; of many, in processes.

    Parameters
    ----------
    pairs, count
        The texts, and how many pairs there are: a few at a time are taken, so that they need not be in memory
        all at once.
    weights
        Of the aligner, and the encoder that made the vectors.
    encoder
        Its name: it is loaded where there is a doubt.
    progress
        Called with how many pairs are done, of how many.
    """
    left = iter(pairs)
    tasks = ((part, weights, encoder) for part in iter(lambda: tuple(islice(left, _TOGETHER)), ()))
    executor = Processes() if count >= _FEW and processors() > 1 else Inline()
    shares: list[float] = []
    with executor.workers(-(-count // _TOGETHER)) as workers:
        for _, found in in_order(workers, _shares, tasks):
            shares += found
            if progress is not None:
                progress(len(shares), count)
    return shares


def _shares(task: _Task) -> list[float]:
    pairs, weights, encoder = task
    return [paired_share(src, tgt, weights, lambda: load_encoder(encoder)) for src, tgt in pairs]


def paired_share(
    src: Encoded, tgt: Encoded, weights: align.Weights, encoder: Callable[[], Encoder] | None = None
) -> float:
    """Return what of two texts is likely paired, 0 to 1, as `corpus.alignment.likeness.Likeness.share` is.

    Parameters
    ----------
    src, tgt
        The texts.
    weights
        Of the aligner.
    encoder
        Gives the encoder where there is a doubt; None leaves it at the quick alignment.
    """
    if not len(src.sentences) or not len(tgt.sentences):
        return 0.0
    blocks = run_vectors(src, weights.max_block), run_vectors(tgt, weights.max_block)
    share = _share(src, tgt, _beads(src, tgt, weights, blocks=blocks))
    if encoder is None or not _DOUBTFUL[0] < share < _DOUBTFUL[1]:
        return share
    return _share(src, tgt, _beads(src, tgt, weights, encoder=encoder()))


def _beads(
    src: Encoded,
    tgt: Encoded,
    weights: align.Weights,
    *,
    blocks: tuple[Vectors | None, Vectors | None] = (None, None),
    encoder: Encoder | None = None,
) -> list[align.Bead]:
    return align.align(
        src.sentences,
        tgt.sentences,
        weights=weights,
        encoder=encoder,
        src_lang=known_lang(src.lang),
        tgt_lang=known_lang(tgt.lang),
        src_blocks=blocks[0],
        tgt_blocks=blocks[1],
        src_paragraphs=src.paragraphs or None,
        tgt_paragraphs=tgt.paragraphs or None,
        threads=1,
    )


def _share(src: Encoded, tgt: Encoded, beads: Sequence[align.Bead]) -> float:
    paired = [bead for bead in beads if not bead.is_null]
    shares = []
    for text, ids in ((src, [bead.src for bead in paired]), (tgt, [bead.tgt for bead in paired])):
        lengths = list(map(len, text.sentences))
        likely = sum(bead.score * lengths[k] for bead, own in zip(paired, ids, strict=True) for k in own)
        shares.append(likely / sum(lengths))
    return sum(shares) / 2


def run_vectors(text: Encoded, most: int) -> Vectors:
    """Return vectors of runs of up to so many sentences, as `align.encoder.Encoder.encode_blocks` does.

    A sentence counts in a run by the root of its length.

    Returns
    -------
    Vectors
        Shape (most, n, dim), float32: row [k - 1, i] is the run of k sentences that ends at i.
    """
    lengths = np.array([len(sentence) for sentence in text.sentences], np.float32)
    weighted = text.vectors * np.sqrt(lengths)[:, None]
    runs = np.zeros((most, *weighted.shape), np.float32)
    total = np.zeros_like(weighted)
    for k in range(most):
        total[k:] += weighted[: len(weighted) - k]
        norms = np.linalg.norm(total[k:], axis=1, keepdims=True)
        runs[k, k:] = total[k:] / np.maximum(norms, 1e-9)
    return runs

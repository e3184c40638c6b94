"""From two lists of sentences to beads."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from align.anchors import anchors
from align.beads import MOVED, TIED, Bead
from align.flags import bead_flags
from align.paths.bars import bars_of
from align.paths.corridor import find_path
from align.paths.moved import find_moved
from align.paths.omissions import look_again
from align.paths.records import NO_BARS, Found, Habits
from align.paths.windows import (
    first_habits,
    learn_habits,
    refine_habits,
    search_windows,
    signs,
)
from align.relatedness import SURE, relatedness, text_signs
from align.scoring.blocks import encode_text, given_blocks
from align.scoring.ends import encode_ends
from align.scoring.features import FIRST_MATCH, STEPS
from align.scoring.paragraphs import paragraph_numbers
from align.scoring.text import read_text, relate_texts
from align.scoring.words import encode_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import Encoder, Vectors
    from align.paths.bars import Bars
    from align.scoring.blocks import Halves
    from align.scoring.text import Text
    from align.search import Floats, Ints
    from align.weights import Weights


def align(
    src: Sequence[str],
    tgt: Sequence[str],
    *,
    weights: Weights,
    encoder: Encoder | None = None,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    src_blocks: Vectors | Halves | None = None,
    tgt_blocks: Vectors | Halves | None = None,
    src_paragraphs: Sequence[int] | None = None,
    tgt_paragraphs: Sequence[int] | None = None,
    breaks: Sequence[tuple[int, int]] = (),
    fixed: Sequence[Bead] = (),
    forbidden: Sequence[Bead] = (),
    moved: bool = False,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> list[Bead]:
    """Align the sentences of two texts that are translations of each other.

    Parameters
    ----------
    src, tgt
        Sentences in order. Blank ones (white space only) are never matched: a blank inside a bead's
        range belongs to that bead, any other is a null bead of its own.
    weights
        The scorer.
    encoder
        Makes the embeddings; may be left out where both `src_blocks` and `tgt_blocks` are given.
    src_lang, tgt_lang
        ISO 639-1 codes, passed to the encoder.
    src_blocks, tgt_blocks
        Embeddings made before, shape (k, n, dim) as :meth:`Encoder.encode_blocks` returns them, with
        k at least ``weights.max_block`` and n counting blank sentences. In half precision they are used as
        they are, else copied into it.
    src_paragraphs, tgt_paragraphs
        Number of the paragraph that each sentence is in, ascending, where known: a bead that reaches over
        the end of one is less likely. Lines of one headline count as one paragraph.
    breaks
        Places (i, j) that no bead crosses: i source and j target sentences come before. Ascending.
    fixed
        Beads that a person made, of any size, null beads too, in any order: they are in the result as they
        are, and the rest is aligned around them. Their scores and flags are not looked at, but for ``moved``:
        those with it may cross others.
    forbidden
        Beads that are wrong, and not proposed. (A null bead is, where there is nothing else left.)
    moved
        Whether what is left over on both sides is compared once more, and passages that stand in another
        place on the other side are reported as beads with the flag ``moved``.
    threads
        How many the library of linear algebra may use in the search, whose products are small: with one, no
        thread waits for others. Otherwise as many as it is set to. The encoder's are its own.
    progress
        Called now and then with the share done, 0..1.

    Returns
    -------
    list of Bead
        Every sentence of both sides in exactly one bead, in order; beads with the flag ``moved`` stand where
        their source does. Fixed beads with two sides have the score 1.0.

    Raises
    ------
    ValueError
        If neither encoder nor embeddings are given, if shapes do not fit, if the weights belong to
        another encoder, if breaks are out of range or out of order, or if fixed beads do not fit the texts or
        each other, or are forbidden.

    Notes
    -----
    Time and memory grow linearly with the number of sentences.
    """
    if encoder is not None and encoder.name != weights.encoder:
        raise ValueError(f"weights are for encoder {weights.encoder!r}, not {encoder.name!r}")
    _check_breaks(breaks, len(src), len(tgt))
    held = anchors(fixed, breaks, len(src), len(tgt))
    _check_forbidden(fixed, forbidden)
    kept = tuple(
        [k for k, text in enumerate(texts) if text.strip() and k not in alone]
        for texts, alone in zip((src, tgt), held.alone, strict=True)
    )
    report = _Progress(progress, 3 * (len(kept[0]) + len(kept[1])))
    left = _read(src, kept[0], encoder, src_lang, src_blocks, weights, report.add)
    right = _read(tgt, kept[1], encoder, tgt_lang, tgt_blocks, weights, report.add)
    left, right = relate_texts(left, right)
    left = replace(left, paragraphs=paragraph_numbers(src_paragraphs, kept[0]))
    right = replace(right, paragraphs=paragraph_numbers(tgt_paragraphs, kept[1]))
    both = _Both(left, right, (kept[0], kept[1]), bars_of(forbidden, (kept[0], kept[1]), held.alone))
    beads: list[Bead] = []
    start = 0, 0
    with nullcontext() if threads is None else threadpool_limits(threads, user_api="blas"):
        for stop in [*breaks, (len(src), len(tgt))]:
            beads += _stretch(both, held.between(start, stop), weights, report.add, moved=moved)
            start = stop
    report.finish()
    return _with_moved(held.with_nulls(beads), held.moved)


@dataclass(frozen=True, slots=True)
class _Both:
    """The two texts, without blanks and what is known to have no counterpart.

    Attributes
    ----------
    src, tgt
        The texts.
    kept
        The caller's numbers of their sentences.
    bars
        Where no bead may be.
    """

    src: Text
    tgt: Text
    kept: tuple[list[int], list[int]]
    bars: Bars

    def cell(self, place: tuple[int, int]) -> tuple[int, int]:
        """Return how many sentences of each text come before a place in the caller's."""
        return int(np.searchsorted(self.kept[0], place[0])), int(np.searchsorted(self.kept[1], place[1]))

    def follows(self, side: int, number: int) -> bool:
        """Whether nothing stood between a sentence and the one before it."""
        own = self.kept[side]
        return number > 0 and own[number - 1] + 1 == own[number]


def _stretch(
    both: _Both,
    gaps: Sequence[tuple[tuple[int, int], tuple[int, int], Bead | None]],
    weights: Weights,
    progress: Callable[[int], None],
    *,
    moved: bool,
) -> list[Bead]:
    """Align a stretch between two breaks, gap by gap between the beads that are to be kept.

    What is particular to the texts is learnt of all of it: gaps are too short to show.
    """
    (i0, j0), (i1, j1) = both.cell(gaps[0][0]), both.cell(gaps[-1][1])
    src, tgt = both.src.part(i0, i1), both.tgt.part(j0, j1)
    habits = None
    if len(gaps) > 1 and len(src) and len(tgt):
        path = find_path(src.blocks.centred(), tgt.blocks.centred())
        habits = _learn_habits(src, tgt, path, weights)
    found: list[list[Found]] = []
    for start, stop, anchor in gaps:
        (a, b), (c, d) = both.cell(start), both.cell(stop)
        parts = src.part(a - i0, c - i0, own=False), tgt.part(b - j0, d - j0, own=False)
        beads, habits = find_beads(*parts, weights, progress, habits, both.bars.part((a, b), (c, d)))
        found.append([replace(one, i=one.i + a, j=one.j + b) for one in beads])
        if anchor is not None:
            (a, b), (c, d) = both.cell(_start(anchor)), both.cell(_stop(anchor))
            progress(c - a + d - b)
    assert habits is not None
    every = [one for part in found for one in part]
    # Who sets a bead with two sides says that the texts belong together.
    apart = len(gaps) == 1
    doubts = Doubts(weights, text_signs(both.src, both.tgt, every, len(src) + len(tgt)) if apart else None)
    scores = iter(doubts.scores(every, signs(every)).tolist())
    out: list[Bead] = []
    for (start, stop, anchor), part in zip(gaps, found, strict=True):
        made = [_bead(one, both, habits, next(scores)) for one in part]
        out += _restore_blanks(made, both.kept, start, stop)
        if anchor is not None:
            out.append(_kept_bead(anchor, both, habits))
    if moved:
        out = _with_moved(out, _moved(both, every, habits, doubts))
    return out


class Doubts:
    """Scores of a stretch's beads, lowered where the texts look unrelated or figures differ.

    Parameters
    ----------
    weights
        Whose calibration, and whose coefficients.
    signs_of_text
        What :func:`align.relatedness.text_signs` gives; None where nothing tells.
    """

    def __init__(self, weights: Weights, signs_of_text: Floats | None) -> None:
        self.weights = weights
        self._related = min(1.0, relatedness(signs_of_text, weights.relatedness) / SURE)

    def scores(self, found: Sequence[Found], of_beads: Floats) -> Floats:
        """Give the scores of beads, shape (b,), from themselves and their signs."""
        contradicted = np.array([one.contradicted for one in found], dtype=np.float64)
        kept = self._related * self.weights.contradicted**contradicted
        return np.asarray(self.weights.calibration.scores(of_beads) * kept)


def _moved(both: _Both, found: Sequence[Found], habits: Habits, doubts: Doubts) -> list[Bead]:
    """Find the passages of a stretch that stand in another place on the other side."""
    # How much is left out of the whole says nothing about what is left over.
    usual = replace(habits, prior=(0.0, 0.0))

    def search(src: Text, tgt: Text, start: tuple[int, int], stop: tuple[int, int]) -> list[Found]:
        return find_beads(src, tgt, doubts.weights, lambda _: None, usual, both.bars.part(start, stop))[0]

    beads = []
    for one in find_moved(both.src, both.tgt, found, both.follows, doubts.scores, search):
        bead = _bead(replace(one.bead, tied=""), both, habits, one.score)
        ids = [tuple(own[k] for k in side) for own, side in zip(both.kept, (bead.src, bead.tgt), strict=True)]
        beads.append(Bead(ids[0], ids[1], bead.score, (*bead.flags, MOVED)))
    return beads


def _with_moved(beads: Sequence[Bead], moved: Sequence[Bead]) -> list[Bead]:
    """Put beads found across where their source stands, instead of the null beads of their sentences."""
    first = {bead.src[0]: bead for bead in moved}
    gone = {i for bead in moved for i in bead.src}, {j for bead in moved for j in bead.tgt}
    out: list[Bead] = []
    for bead in beads:
        if not bead.is_null or (gone[0].isdisjoint(bead.src) and gone[1].isdisjoint(bead.tgt)):
            out.append(bead)
        elif bead.src and bead.src[0] in first:
            out.append(first[bead.src[0]])
    return out


def find_beads(
    src: Text,
    tgt: Text,
    weights: Weights,
    progress: Callable[[int], None],
    habits: Habits | None = None,
    bars: Bars = NO_BARS,
) -> tuple[list[Found], Habits]:
    """Align two texts without blanks and breaks; what is found is numbered from their start.

    Habits are learnt of these texts unless they are given.
    """
    n, m = len(src), len(tgt)
    if not n or not m:
        progress(n + m)
        return [Found(0, i + 1, 0, 0.0) for i in range(n)] + [
            Found(1, 0, j + 1, 0.0) for j in range(m)
        ], habits or first_habits(src, tgt)
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    habits = habits or _learn_habits(src, tgt, path, weights)
    look = partial(look_again, model=weights.omissions)
    return search_windows(src, tgt, path, habits, weights.features, progress, bars, look), habits


def _learn_habits(src: Text, tgt: Text, path: Ints, weights: Weights) -> Habits:
    habits = learn_habits(src, tgt, path)
    if not weights.omissions:  # weights of before score as they did
        return habits
    return refine_habits(src, tgt, path, habits, weights.features)


class _Progress:
    """Adds up what is done and passes on the share."""

    def __init__(self, report: Callable[[float], None] | None, total: int) -> None:
        self._report = report
        self._total = max(1, total)
        self._done = 0

    def add(self, count: int) -> None:
        self._done += count
        if self._report is not None:
            self._report(min(1.0, self._done / self._total))

    def finish(self) -> None:
        self.add(max(0, self._total - self._done))


def _check_breaks(breaks: Sequence[tuple[int, int]], n: int, m: int) -> None:
    before = (0, 0)
    for i, j in breaks:
        if not (before[0] <= i <= n and before[1] <= j <= m):
            raise ValueError(f"break ({i}, {j}) is out of order or outside {n} x {m} sentences")
        before = (i, j)


def _check_forbidden(fixed: Sequence[Bead], forbidden: Sequence[Bead]) -> None:
    barred = {(bead.src, bead.tgt) for bead in forbidden}
    for bead in fixed:
        if (bead.src, bead.tgt) in barred:
            raise ValueError(f"the bead {list(bead.src)}:{list(bead.tgt)} is both fixed and forbidden")


def prepare(
    sentences: Sequence[str],
    encoder: Encoder,
    lang: str | None,
    max_block: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Text:
    """Embed and measure the sentences of a text, none of them blank."""
    blocks = encode_text(sentences, encoder, max_block, lang, progress)
    words, ends = encode_words(sentences, encoder, lang), encode_ends(sentences, encoder, lang)
    progress(len(sentences))
    return read_text(sentences, blocks, words, ends)


def _read(
    texts: Sequence[str],
    kept: list[int],
    encoder: Encoder | None,
    lang: str | None,
    blocks: Vectors | Halves | None,
    weights: Weights,
    progress: Callable[[int], None],
) -> Text:
    """Embed, if need be, and measure the sentences that are not blank."""
    sentences = [texts[i] for i in kept]
    if blocks is None:
        if encoder is None:
            raise ValueError("align needs an encoder, or the embeddings of both sides")
        return prepare(sentences, encoder, lang, weights.max_block, progress)
    if blocks.ndim != 3 or blocks.shape[0] < weights.max_block or blocks.shape[1] != len(texts):
        raise ValueError(
            f"embeddings of shape {blocks.shape} do not fit {len(texts)} sentences in blocks of "
            f"1 to {weights.max_block}"
        )
    progress(2 * len(kept))
    words = None if encoder is None else encode_words(sentences, encoder, lang)
    ends = None if encoder is None else encode_ends(sentences, encoder, lang)
    return read_text(sentences, given_blocks(blocks, kept, weights.max_block), words, ends)


def _bead(found: Found, both: _Both, habits: Habits, score: float) -> Bead:
    """Make the bead with its flags, in numbers of the sentences that were searched."""
    a, b = STEPS[found.kind].tolist()
    src, tgt = (found.i - a, found.i), (found.j - b, found.j)
    if found.kind < FIRST_MATCH:
        return Bead(tuple(range(*src)), tuple(range(*tgt)))
    flags = bead_flags(both.src, both.tgt, src, tgt, habits, score)
    if found.tied:
        flags = (*flags, f"{TIED}: {found.tied}")
    return Bead(tuple(range(*src)), tuple(range(*tgt)), score, flags)


def _kept_bead(anchor: Bead, both: _Both, habits: Habits) -> Bead:
    """Give a bead that a person made the score of what is certain, and its flags."""
    (a, b), (c, d) = both.cell(_start(anchor)), both.cell(_stop(anchor))
    flags = bead_flags(both.src, both.tgt, (a, c), (b, d), habits, 1.0) if a < c and b < d else ()
    return Bead(anchor.src, anchor.tgt, 1.0, flags)


def _start(bead: Bead) -> tuple[int, int]:
    return bead.src[0], bead.tgt[0]


def _stop(bead: Bead) -> tuple[int, int]:
    return bead.src[-1] + 1, bead.tgt[-1] + 1


def _restore_blanks(
    beads: list[Bead], kept: tuple[list[int], list[int]], start: tuple[int, int], stop: tuple[int, int]
) -> list[Bead]:
    """Give back the caller's numbers of sentences between two places, and give those left out a bead."""
    src_kept, tgt_kept = kept
    out: list[Bead] = []
    i, j = start
    for bead in beads:
        first_i = src_kept[bead.src[0]] if bead.src else i
        first_j = tgt_kept[bead.tgt[0]] if bead.tgt else j
        out += [Bead((k,), ()) for k in range(i, first_i)] + [Bead((), (k,)) for k in range(j, first_j)]
        i = src_kept[bead.src[-1]] + 1 if bead.src else i
        j = tgt_kept[bead.tgt[-1]] + 1 if bead.tgt else j
        src = tuple(range(first_i, i)) if bead.src else ()
        tgt = tuple(range(first_j, j)) if bead.tgt else ()
        out.append(Bead(src, tgt, bead.score, bead.flags))
    rest = [Bead((k,), ()) for k in range(i, stop[0])] + [Bead((), (k,)) for k in range(j, stop[1])]
    return out + rest

"""Training the scorer on gold alignments, and testing what was trained on texts left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from align.aligner import prepare
from align.beads import Bead
from align.paths.corridor import find_path
from align.paths.windows import learn_habits, open_window, signs
from align.scoring.features import FIRST_MATCH, NAMES, PRIOR, STEPS
from align.scoring.text import relate_texts
from align.training.chain import ChainField, candidates, fit, vector_of
from align.weights import Weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from align.encoder import Encoder
    from align.paths.records import Found
    from align.scoring.text import Text
    from align.search import Floats
    from align.training.chain import Candidates

STIFFNESS: Final[Mapping[str, float]] = {"prior_null": 100.0, "prior_more": 100.0}
"""How much more strongly some weights are held to :data:`.features.PRIOR`: a handful of gold texts says
next to nothing about how bead types vary between texts, while 1 is what Bayes' rule asks for."""

NULL_RATES: Final = (0.0, 0.05, 0.15)
"""Shares of beads that lose a side: each gold text is trained on once for each."""


SHORT: Final = (10, 14)
"""Gold beads of a short text, at least and at most: an article's."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of texts with its gold alignment.

    Attributes
    ----------
    src, tgt, src_lang, tgt_lang
        Sentences, and their languages.
    gold
        Beads.
    partial
        Whether gold is of some sentences only: what is proposed for others is then neither right nor wrong.
    """

    src: tuple[str, ...]
    tgt: tuple[str, ...]
    gold: tuple[Bead, ...]
    src_lang: str | None = None
    tgt_lang: str | None = None
    partial: bool = False

    def told(self, found: Sequence[Found]) -> np.ndarray:
        """Say of which beads found gold tells whether they are right: bool, shape (len(found),)."""
        src = {i for bead in self.gold for i in bead.src}
        tgt = {j for bead in self.gold for j in bead.tgt}
        return np.array(
            [
                not self.partial or not (src.isdisjoint(ids[0]) and tgt.isdisjoint(ids[1]))
                for ids in map(ids_of, found)
            ],
            dtype=bool,
        )


def cut_sentences(example: Example, rate: float, rng: np.random.Generator) -> Example:
    """Leave sentences out of one side, so that their counterparts become null beads.

    Gold texts hold few null beads to learn from. Runs of one to six beads lose their source or their
    target side, single ones most often.

    Parameters
    ----------
    rate
        Expected share of beads that lose a side.
    """
    sizes, odds = np.arange(1, 7), np.array([0.6, 0.2, 0.05, 0.05, 0.05, 0.05])
    mean = float(sizes @ odds)
    matches = [bead for bead in example.gold if not bead.is_null]
    lost: tuple[set[int], set[int]] = (set(), set())
    k = 0
    while k < len(matches):
        run = 0
        if rng.random() < rate / mean:
            run = int(rng.choice(sizes, p=odds))
            which = int(rng.integers(2))
            for bead in matches[k : k + run]:
                lost[which].update(bead.tgt if which else bead.src)
        k += run + 1
    kept = [
        [i for i in range(len(side)) if i not in gone]
        for side, gone in zip((example.src, example.tgt), lost, strict=True)
    ]
    number = [{old: new for new, old in enumerate(ids)} for ids in kept]
    gold: list[Bead] = []
    for bead in example.gold:
        src = tuple(number[0][i] for i in bead.src if i in number[0])
        tgt = tuple(number[1][j] for j in bead.tgt if j in number[1])
        if src and tgt:
            gold.append(Bead(src, tgt))
        else:
            gold += [Bead((i,), ()) for i in src] + [Bead((), (j,)) for j in tgt]
    return replace(
        example,
        src=tuple(example.src[i] for i in kept[0]),
        tgt=tuple(example.tgt[j] for j in kept[1]),
        gold=tuple(gold),
    )


def short_texts(example: Example, rng: np.random.Generator, *, whole: bool = False) -> list[Example]:
    """Cut a text into short ones, and leave a run of sentences out of one side of each.

    A text has as many beads as :data:`SHORT` says, and loses a run of one to five sides: what a translator
    or an editor leaves out of an article; none, if they are to stay `whole`. Stretches whose gold beads leave
    a sentence out, or cross, are passed over.
    """
    out = []
    start = 0
    while len(example.gold) - start >= SHORT[0]:
        count = min(int(rng.integers(SHORT[0], SHORT[1] + 1)), len(example.gold) - start)
        run = int(rng.integers(1, 6))
        which, at = int(rng.integers(2)), int(rng.integers(0, count - run + 1))
        cut = stretch(example, start, count, {} if whole else dict.fromkeys(range(at, at + run), which))
        out += [cut] if cut is not None else []
        start += count
    return out


def faced_text(example: Example, rng: np.random.Generator) -> Example | None:
    """Leave out sentences so that what only one side has faces what only the other has.

    So do lines that belong to a page, not to its text. Every 25 to 44 beads one to three lose one side, and
    one to three right after them the other.

    Returns
    -------
    Example or None
        None if the text is short, or :func:`stretch` takes it for none.
    """
    lost: dict[int, int] = {}
    start = int(rng.integers(0, 15))
    while len(example.gold) - start >= SHORT[0]:
        first, second = (int(size) for size in rng.integers(1, 4, 2))
        which = int(rng.integers(2))
        lost |= {start + k: which if k < first else 1 - which for k in range(first + second)}
        start += int(rng.integers(25, 45))
    return stretch(example, 0, len(example.gold), lost) if lost else None


def stretch(
    example: Example, start: int, count: int, lost: Mapping[int, int] | None = None
) -> Example | None:
    """Take some gold beads of a text as a text of their own.

    Parameters
    ----------
    start, count
        The first gold bead, and how many.
    lost
        The side that beads lose, 0 for the source, 1 for the target, by their numbers from the first.

    Returns
    -------
    Example or None
        None if the beads cross or leave a sentence between them out.
    """
    beads = example.gold[start : start + count]
    sides = [[i for bead in beads for i in bead.src], [j for bead in beads for j in bead.tgt]]
    if not all(ids and ids == list(range(ids[0], ids[0] + len(ids))) for ids in sides):
        return None
    src: list[str] = []
    tgt: list[str] = []
    gold: list[Bead] = []
    for k, bead in enumerate(beads):
        side = (lost or {}).get(k)
        src_ids = range(len(src), len(src) + (0 if side == 0 else len(bead.src)))
        tgt_ids = range(len(tgt), len(tgt) + (0 if side == 1 else len(bead.tgt)))
        src += [example.src[i] for i in bead.src if side != 0]
        tgt += [example.tgt[j] for j in bead.tgt if side != 1]
        if src_ids and tgt_ids:
            gold.append(Bead(tuple(src_ids), tuple(tgt_ids)))
        else:
            gold += [Bead((i,), ()) for i in src_ids] + [Bead((), (j,)) for j in tgt_ids]
    return replace(example, src=tuple(src), tgt=tuple(tgt), gold=tuple(gold))


def tiny_texts(example: Example, rng: np.random.Generator) -> list[Example]:
    """Take one text of one to five gold beads out of every twelve."""
    out = []
    for start in range(0, len(example.gold) - 11, 12):
        cut = stretch(example, start, int(rng.integers(1, 6)))
        out += [cut] if cut is not None else []
    return out


def with_nulls(
    examples: Sequence[Example], seed: int, rates: Sequence[float] = NULL_RATES
) -> list[list[Example]]:
    """Each example at every null rate; the same seed gives the same cuts."""
    return [
        [
            example if not rate else cut_sentences(example, rate, np.random.default_rng([seed, k, r]))
            for r, rate in enumerate(rates)
        ]
        for k, example in enumerate(examples)
    ]


def read_example(example: Example, encoder: Encoder, max_block: int) -> tuple[Text, Text]:
    """Embed both sides of an example; none of their sentences may be blank."""
    if not all(text.strip() for text in chain(example.src, example.tgt)):
        raise ValueError("a gold text holds a blank sentence: leave it out, and renumber")
    return relate_texts(
        prepare(example.src, encoder, example.src_lang, max_block),
        prepare(example.tgt, encoder, example.tgt_lang, max_block),
    )


def collect(texts: Sequence[tuple[Text, Text]], golds: Sequence[Sequence[Bead]]) -> list[Candidates]:
    """Features of the beads worth considering in each pair of texts, under the hand-set weights.

    Parameters
    ----------
    texts, golds
        Pairs of texts as :func:`read_example` makes them, and their gold beads.
    """
    vector = vector_of(PRIOR)
    out = []
    for (src, tgt), gold in zip(texts, golds, strict=True):
        path = find_path(src.blocks.centred(), tgt.blocks.centred())
        habits = learn_habits(src, tgt, path)
        window = open_window(src, tgt, path, (0, 0), (len(src), len(tgt)), habits)
        out.append(candidates(window, gold, vector))
    return out


def train(
    collected: Sequence[Candidates],
    *,
    encoder: str,
    encoder_version: str,
    strength: float = 1.0,
    max_block: int = 4,
    drop: Sequence[str] = (),
    prior: Mapping[str, float] | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Weights:
    """Fit the weights of all features to gold alignments.

    Parameters
    ----------
    collected
        What :func:`collect` gives.
    encoder, encoder_version
        What the texts were embedded with, to be recorded.
    strength
        Of the pull towards `prior`.
    max_block
        Longest run of sentences that was encoded.
    drop
        Names of features to do without.
    prior
        Weights to start from and to be drawn to; otherwise :data:`.features.PRIOR`.
    provenance
        To be recorded.

    Returns
    -------
    Weights
        Uncalibrated.
    """
    used = np.array([name not in drop for name in NAMES])
    field = ChainField(collected)

    def loss(point: Floats) -> tuple[float, Floats]:
        value, gradient = field.loss(np.where(used, point, 0.0))
        return value, np.where(used, gradient, 0.0)

    start = np.where(used, vector_of(PRIOR if prior is None else prior), 0.0)
    stiffness = np.array([STIFFNESS.get(name, 1.0) for name in NAMES])
    vector = fit(loss, start, strength * stiffness, start)
    return Weights(
        encoder=encoder,
        encoder_version=encoder_version,
        features={
            name: round(float(value), 4)
            for name, value in zip(NAMES, vector, strict=True)
            if name not in drop
        },
        max_block=max_block,
        provenance=dict(provenance or {}),
    )


def judged(
    found: Sequence[Found], example: Example
) -> tuple[Floats, np.ndarray, np.ndarray, tuple[Found, ...]]:
    """Gather data for a calibration from the beads found that are not null.

    Returns
    -------
    signs, right, draws, beads
        Their signs, whether gold has each, whether it holds a sentence that gold says has no counterpart, and
        they themselves.
    """
    exact = {(bead.src, bead.tgt) for bead in example.gold}
    lone = (
        {i for bead in example.gold if not bead.tgt for i in bead.src},
        {j for bead in example.gold if not bead.src for j in bead.tgt},
    )
    shape = signs(list(found))
    right = np.array([ids_of(one) in exact for one in found], dtype=bool)
    draws = np.array(
        [not all(own.isdisjoint(ids) for own, ids in zip(lone, ids_of(one), strict=True)) for one in found],
        dtype=bool,
    )
    matched = np.array([one.kind >= FIRST_MATCH for one in found], dtype=bool) & example.told(found)
    beads = tuple(one for one, is_matched in zip(found, matched, strict=True) if is_matched)
    return shape[matched], right[matched], draws[matched], beads


def ids_of(found: Found) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sentence ids of a bead found."""
    a, b = STEPS[found.kind].tolist()
    return tuple(range(found.i - a, found.i)), tuple(range(found.j - b, found.j))


__all__ = [
    "NULL_RATES",
    "SHORT",
    "Example",
    "collect",
    "cut_sentences",
    "faced_text",
    "ids_of",
    "judged",
    "read_example",
    "short_texts",
    "stretch",
    "tiny_texts",
    "train",
    "with_nulls",
]

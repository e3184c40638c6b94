"""Short texts cut out of gold ones, for the second look and the calibration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from align.training.train import faced_text, read_example, short_texts, tiny_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from align.scoring.text import Text
    from align.training.train import Example

REPEATS: Final = 3
"""How many times each text is cut into short ones."""

STRANGE: Final = frozenset({"strangers", "neighbours", "stretches"})
"""Kinds of pairs of texts that do not belong together."""

_STRANGERS: Final = 48  # pairs a text
_LONGEST: Final = 5  # sentences of a stranger
_NEIGHBOURS: Final = (("neighbours", 24, 1, _LONGEST), ("stretches", 12, 6, 12))
"""Pairs a text of each kind, and their sentences, at least and at most."""
_APART: Final = (0.3, 0.7)  # of a text, between neighbours
_ROOM: Final = 8  # how often the longest of neighbours fits a text at least


@dataclass(frozen=True, slots=True)
class Brief:
    """A short text with its translation, or two that do not belong together (:data:`STRANGE`), embedded."""

    kind: str
    example: Example
    texts: tuple[Text, Text]


def brief_texts(example: Example, encoder: Encoder, max_block: int, rng: np.random.Generator) -> list[Brief]:
    """Cut a text into short ones.

    ``short`` lose a run of sentences, ``plain`` do not, ``tiny`` are of few beads. ``faced`` is the whole
    text with runs left out on both sides, one beside the other (`align.training.train.faced_text`).
    """
    cut = [("short", one) for _ in range(REPEATS) for one in short_texts(example, rng)]
    cut += [("plain", one) for one in short_texts(example, rng, whole=True)]
    cut += [("tiny", one) for _ in range(REPEATS) for one in tiny_texts(example, rng)]
    faced = faced_text(example, rng)
    cut += [("faced", faced)] if faced is not None else []
    return [Brief(kind, one, read_example(one, encoder, max_block)) for kind, one in cut]


def strangers(
    examples: Sequence[Sequence[Example]], k: int, encoder: Encoder, max_block: int, seed: int
) -> list[Brief]:
    """Pair stretches of a text's source with stretches of the target of another text, if there is one.

    Each is of one to five sentences.
    """
    others = [q for q in range(len(examples)) if q != k]
    rng = np.random.default_rng([seed, k, 1])
    out = []
    for _ in range(_STRANGERS if others else 0):
        one, other = examples[k][0], examples[int(rng.choice(others))][0]
        sides = [_stretch(text, rng) for text in (one.src, other.tgt)]
        pair = replace(one, src=sides[0], tgt=sides[1], gold=(), tgt_lang=other.tgt_lang)
        out.append(Brief("strangers", pair, read_example(pair, encoder, max_block)))
    return out


def neighbours(example: Example, encoder: Encoder, max_block: int, rng: np.random.Generator) -> list[Brief]:
    """Pair stretches of a text's source with stretches of its translation that stand in another place.

    The same people and things are spoken of, but other things are said: what is hardest to tell from a
    translation. ``neighbours`` are of one to five sentences, ``stretches`` of six to twelve. A text must be
    long enough that the two cannot overlap.
    """
    sizes = len(example.src), len(example.tgt)
    out = []
    for kind, pairs, least, most in _NEIGHBOURS:
        for _ in range(pairs if min(sizes) >= _ROOM * most else 0):
            length = rng.integers(least, most + 1, 2)
            start = int(rng.integers(0, sizes[0] - length[0] + 1))
            away = (start / sizes[0] + float(rng.uniform(*_APART))) % 1
            other = min(int(away * sizes[1]), int(sizes[1] - length[1]))
            sides = example.src[start : start + length[0]], example.tgt[other : other + length[1]]
            pair = replace(example, src=sides[0], tgt=sides[1], gold=())
            out.append(Brief(kind, pair, read_example(pair, encoder, max_block)))
    return out


def _stretch(text: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
    size = min(int(rng.integers(1, _LONGEST + 1)), len(text))
    start = int(rng.integers(0, len(text) - size + 1))
    return tuple(text[start : start + size])


__all__ = ["REPEATS", "STRANGE", "Brief", "brief_texts", "neighbours", "strangers"]

"""Training of the second look: sentences without a counterpart that beads have drawn in, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from align.calibrate import logistic_regression
from align.paths.corridor import find_path
from align.paths.omissions import SIGNS, find_edges
from align.paths.usual import usual
from align.paths.windows import learn_habits, open_window, refine_habits, search_window
from align.scoring.features import FIRST_MATCH, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.beads import Bead
    from align.paths.omissions import Edge
    from align.paths.records import Found
    from align.scoring.text import Text
    from align.search import Floats
    from align.weights import Weights

Edges: TypeAlias = "tuple[Floats, np.ndarray]"
"""Signs, shape (e, len(SIGNS)), and whether each sentence has no counterpart, shape (e,)."""

RIDGE = 10.0
"""Of the coefficients of standardised signs. Trained on text-berg alone and held ten times less, the second
look splits too much of mac-dev, a free translation in other languages."""


def collect_edges(src: Text, tgt: Text, gold: Sequence[Bead], weights: Weights) -> Edges:
    """Gather the sentences at the edges of the beads that weights find in a text.

    A sentence that has its counterpart elsewhere is passed over. Where one has none, what is asked of the
    bead without it is gathered, too.

    Returns
    -------
    signs, spare
        Shape (e, len(SIGNS)), and shape (e,), bool: whether the sentence has no counterpart.
    """
    path = find_path(src.blocks.centred(), tgt.blocks.centred())
    habits = refine_habits(src, tgt, path, learn_habits(src, tgt, path), weights.features)
    window = open_window(src, tgt, path, (0, 0), (len(src), len(tgt)), habits)
    searched = search_window(window, weights.features)
    here = usual(window, searched)
    counterparts = _counterparts(gold)
    kinds = [None, *(bead.kind for bead in searched.found), None]
    signs: list[Floats] = []
    spare: list[bool] = []
    for k, bead in enumerate(searched.found):
        around = (kinds[k], kinds[k + 2])
        while bead.kind >= FIRST_MATCH:
            loose = None
            for edge in find_edges(window, searched, bead, around, here):
                known = counterparts[edge.side].get(edge.sentence)
                if known is None or (known and not known & _others(bead, edge)):
                    continue
                signs.append(edge.signs)
                spare.append(not known)
                loose = edge if not known else loose
            if loose is None:
                break
            bead = loose.rest  # noqa: PLW2901
            around = (around[0], loose.side) if loose.last else (loose.side, around[1])
    return np.array(signs).reshape(len(signs), len(SIGNS)), np.array(spare, dtype=bool)


def _counterparts(gold: Sequence[Bead]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Counterparts of every sentence of each side that gold mentions."""
    return (
        {i: {*bead.tgt} for bead in gold for i in bead.src},
        {j: {*bead.src} for bead in gold for j in bead.tgt},
    )


def _others(bead: Found, edge: Edge) -> set[int]:
    """Sentences on the other side of a bead."""
    a, b = STEPS[bead.kind].tolist()
    return {*range(bead.j - b, bead.j)} if edge.side == 0 else {*range(bead.i - a, bead.i)}


def pooled_edges(parts: Sequence[Edges]) -> Edges:
    """Put edges of several texts together."""
    none = np.zeros((0, len(SIGNS))), np.zeros(0, dtype=bool)
    return (
        np.concatenate([none[0], *(signs for signs, _ in parts)]),
        np.concatenate([none[1], *(spare for _, spare in parts)]),
    )


def fit_omissions(signs: Floats, spare: np.ndarray) -> dict[str, float]:
    """Fit the second look.

    Parameters
    ----------
    signs, spare
        As :func:`collect_edges` gives them.

    Returns
    -------
    dict
        Coefficient of every sign; empty if there are not both kinds of sentences, twenty of each.
    """
    if min(spare.sum(), (~spare).sum()) < 20:
        return {}
    mean, scale = signs.mean(axis=0), signs.std(axis=0)
    mean[0], scale[0] = 0.0, 1.0  # the intercept
    scale[scale < 1e-9] = 1.0
    ridge = np.full(len(SIGNS), RIDGE)
    ridge[0] = 1e-6
    verdicts, prior = spare.astype(np.float64), np.zeros(len(SIGNS))
    fitted = logistic_regression((signs - mean) / scale, verdicts, ridge, prior) / scale
    fitted[0] -= float((fitted[1:] * mean[1:]).sum())
    return {name: round(float(value), 4) for name, value in zip(SIGNS, fitted, strict=True)}


__all__ = ["Edges", "collect_edges", "fit_omissions", "pooled_edges"]

"""What each evidence of a search is worth, and whether the probabilities of its hits are those of being right.

    python bench/relevance_study.py --gold FOLDER [--parallel PAIR=FILE…] [--queries N] [--plot FILE]

Weights are fitted as `word_search.py --train` fits them, on one half of the sets, with all evidence and without each
in turn; the figures are of the other half, means over all sets and directions. Then, by the weights that ship: the
first three texts of the other language for each query, by how probable they are said to be, and the share that is
what is sought. Nobody looked for other answers, so a text that is about a word and is not its sentence's translation
counts as wrong: of questions, whose answers are marked, little is missed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
from reliability import draw
from word_search import ByRelevance, Set, fit, load_sets, measure, training_rows, training_sets

from align import calibration_error
from corpus.base.files import write_atomically
from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.search.relevance.evidence import FEATURES
from corpus.search.relevance.model import Relevance, shipped_relevance

BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
KINDS = {"word": "word ", "phrase": "phrase ", "mAP@20": "mAP@20 ", "other among ten": "other in 10 "}


class Without(ByRelevance):
    """Scores with one evidence fewer."""

    def __init__(self, model: Relevance, column: int | None) -> None:
        super().__init__(model)
        self.column = column

    def __call__(self, texts, query, lang):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204, D102
        evidence, words, cosines = texts.evidence(query, lang)
        if self.column is not None:
            evidence = evidence.copy()
            evidence[:, self.column] = 0
        return self.model.probabilities(evidence, words, texts.size) + 1e-6 * cosines


def ablate(training: list[tuple[Set, list]], sets: list[Set]) -> None:  # type: ignore[type-arg]
    """Print the figures without each evidence."""
    rows = [row for one, absent in training for row in training_rows(one, absent)]
    print("without          " + "  ".join(f"{name:>15}" for name in KINDS))
    for column in (None, *range(len(FEATURES))):
        fewer = rows
        if column is not None:
            fewer = [(np.where(np.arange(len(FEATURES)) == column, 0, e), y, w, s) for e, y, w, s in rows]
        scorer = Without(fit(fewer), column)
        figures = defaultdict(list)
        for one in sets:
            for key, value in measure(one, scorer).items():
                for name, start in KINDS.items():
                    if key.startswith(start):
                        figures[name].append(value)
        name = "nothing" if column is None else FEATURES[column]
        print(f"{name:<16} " + "  ".join(f"{np.mean(figures[kind]):>15.3f}" for kind in KINDS), flush=True)


def calibration(sets: list[Set], plot: Path | None) -> None:
    """Print how often the first texts of the other language are what is sought, by their probability."""
    model = shipped_relevance()
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in sets:
        for asked in one.asked:
            other = next((code for code in asked.sought if code != asked.lang), None)
            if other is None:
                continue
            evidence, words, _ = one.texts.evidence(asked.query, asked.lang)
            scores = model.probabilities(evidence, words, one.texts.size)
            rows = one.texts.of[other]
            for row in rows[np.argsort(-scores[rows], kind="stable")[:3]]:
                found[asked.kind].append((float(scores[row]), int(row) in asked.sought[other]))
    for kind, items in found.items():
        scores = np.array([score for score, _ in items])
        right = np.array([is_right for _, is_right in items])
        print(
            f"{kind}: {len(items)} texts, expected calibration error {calibration_error(scores, right):.3f}"
        )
        for low, high in pairwise(BINS):
            inside = (scores >= low) & (scores < high + (high == 1))
            if inside.any():
                print(f"  {low:.1f}–{high:.1f}: {inside.sum():>5} texts, said {scores[inside].mean():.2f}, "
                      f"right {right[inside].mean():.2f}")  # fmt: skip
        if kind == "question" and plot is not None:
            write_atomically(
                plot, draw(scores, right, things="texts", right_ones="texts that hold the answer").encode()
            )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--parallel", nargs="*", default=[], metavar="PAIR=FILE")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "duizhao-word-search")
    options = parser.parse_args()
    cache = EmbeddingCache(options.cache, load_encoder("use"))
    sets = load_sets(options.gold, options.parallel, 1, cache, options.queries)
    calibration(sets, options.plot)
    training = training_sets(load_sets(options.gold, options.parallel, 0, cache, options.queries), 400)
    ablate(training, sets)


if __name__ == "__main__":
    main()

"""Cells of an index's parts, learnt in each part anew or once for all: what is found, and what it costs.

    python bench/cells.py 200000 [--part 66000]

Sentences are invented (`bench/topics.py`) and really encoded with `use`. Each part's vectors are put into an inverted
file whose cells were learnt from a sample of its own, and into one with the cells of the first part. Printed are
recall@10 of the merged answers against all vectors, processor time, and how near vectors are to the centre of
their cell: in other parts, and in a part of one language whose cells were learnt from the other.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np
from topics import sentences

from corpus.encoders import load_encoder
from corpus.search.index import vector_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import Role, Vectors


def encoded(texts: Sequence[tuple[str, str]], role: Role = "passage") -> Vectors:
    """Return a vector a sentence."""
    encoder = load_encoder("use")
    found = np.empty((len(texts), encoder.dim), np.float32)
    for lang in ("zh", "en"):
        rows = [row for row, (own, _) in enumerate(texts) if own == lang]
        for start in range(0, len(rows), 4096):
            part = rows[start : start + 4096]
            found[part] = encoder.encode([texts[row][1] for row in part], role=role, lang=lang)
    return found


def timed(function: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a function returns, and the processor time that it took."""
    start = time.process_time()
    return function(), round(time.process_time() - start, 3)


def trained(part: Vectors) -> Any:  # noqa: ANN401
    """Return an empty inverted file whose cells are learnt from a sample of a part."""
    return vector_index._trained(lambda rows: part[rows], len(part), part.shape[1])


def like(other: Any) -> Any:  # noqa: ANN401
    """Return an empty inverted file with the cells and scales of another."""
    index = vector_index.inverted_file(faiss.clone_index(other.quantizer), other.d, other.nlist)
    index.sq, index.is_trained = other.sq, True
    return index


def filled(index: Any, part: Vectors) -> Any:  # noqa: ANN401
    """Put the vectors of a part into an inverted file."""
    vector_index.add_all(index, lambda rows: part[rows], len(part), 65_536)
    return index


def fit(index: Any, part: Vectors) -> float:  # noqa: ANN401
    """Return how near vectors are to the nearest centre, on average of a sample."""
    sample = part[np.random.default_rng(3).choice(len(part), 2000, replace=False)]
    return round(float(index.quantizer.search(sample, 1)[0].mean()), 3)


def recall(indexes: Sequence[Any], parts: Sequence[Vectors], queries: Vectors) -> float:
    """Return how many of the ten nearest, merged over parts, are among the ten nearest of all vectors."""
    held = []
    for query in queries:
        exact = np.sort(np.concatenate([part @ query for part in parts]))[-10]
        scores: list[tuple[float, float]] = []
        for index, part in zip(indexes, parts, strict=True):
            found = vector_index.nearest(index, query[None], 10)
            scores += zip(found.scores.tolist(), (part[found.rows] @ query).tolist(), strict=True)
        best = sorted(scores, reverse=True)[:10]
        held.append(np.mean([score >= exact - 1e-6 for _, score in best]))
    return round(float(np.mean(held)), 4)


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--part", type=int, default=66_000)
    options = parser.parse_args()
    texts = list(sentences(options.count, seed=1))
    vectors = encoded(texts)
    queries = encoded(list(sentences(6000, seed=77))[::30], role="query")
    starts = range(0, options.count - options.part + 1, options.part)
    parts = [vectors[start : start + options.part] for start in starts]
    own, learning = timed(lambda: [trained(part) for part in parts])
    _, filling = timed(lambda: [filled(index, part) for index, part in zip(own, parts, strict=True)])
    once = [own[0], *(filled(like(own[0]), part) for part in parts[1:])]
    told = {"parts": len(parts), "cells": own[0].nlist, "processor s a part: learning": learning / len(parts),
            "filling": filling / len(parts), "recall@10: own cells": recall(own, parts, queries),
            "once": recall(once, parts, queries), "fit: own": [fit(*pair) for pair in zip(own, parts, strict=True)],
            "of the first": [fit(own[0], part) for part in parts]}  # fmt: skip
    chinese = np.array([lang == "zh" for lang, _ in texts[: options.part]])
    only = trained(parts[0][chinese])
    told["fit: learnt of Chinese"] = {"zh": fit(only, parts[0][chinese]), "en": fit(only, parts[0][~chinese])}
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    faiss.omp_set_num_threads(1)
    main()

"""Train the weights that mine sentence pairs, and measure how well pairs are found.

    python bench/mining.py train GOLD MANUAL     # writes models/mining/mining.json
    python bench/mining.py test GOLD MANUAL      # each set by weights trained on the other sets (but for the first look)
    python bench/mining.py others GOLD MANUAL    # as test, the same texts in other languages, which nothing was chosen by
    python bench/mining.py halves GOLD MANUAL    # half of the texts of each set, by weights of all other halves
    python bench/mining.py ceiling GOLD MANUAL   # what the encoder alone makes of each set
    python bench/mining.py scale GOLD 10000 20000 40000

GOLD holds the gold sets `mac-dev`, `text-berg` and `xquad-r`, MANUAL the pages of Debian's package debian-handbook
(usr/share/doc/debian-handbook/html). See mining_sets.py: one sentence in forty has its translation on the other side.
The subject, the people and the places are the same throughout, and what has no translation has been said a few pages
on. Sentences of the other sets are added. Besides, a quarter as many sentences as are hidden have a near duplicate in
their translation's place: one figure, or one name, is another. Several draws make a set.

`scale` mines sentences put together of two Chinese ones and their English translations, drawn at random, with vectors
that are a mixture of theirs: time, and peak memory of the process, by sentences a side.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from mining_sets import HIDDEN, OTHERS, Collection, chapters, draws, family
from pairing import gold_items, lengths_of

from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.mining.evidence.sentences import AGAINST, NEARNESS, SAID
from corpus.mining.margin import Candidates, Sentences, candidates
from corpus.mining.model import (
    AGAINST_USUAL,
    Logistic,
    PairingModel,
    against_usual,
    fit,
    read_pairing,
    usual_of,
)
from corpus.mining.sentences import Bitext, first_look, look_closely, one_to_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.mining.sentences import Looked

OUT = Path(__file__).parents[1] / "models" / "mining" / "mining.json"
ENCODER = load_encoder("use")
STEP = 20_000  # invented sentences at a time
SCATTER = 0.012  # of the numbers of a vector, around a mixture of two


CACHE = EmbeddingCache(Path(gettempdir()) / "duizhao-bench-mining", ENCODER)  # from run to run


def bitext(made: Collection) -> Bitext:
    """Give sentences their vectors, each encoded once."""
    sides = []
    for lang, texts in zip(made.langs, made.texts, strict=True):
        matrix = CACHE.encode(texts, lang=lang).vectors
        sides.append(Sentences(len(texts), matrix.shape[1], partial(taken_from, matrix)))
    return Bitext(made.langs, made.texts, (sides[0], sides[1]), partial(words_of, made.langs))


def taken_from(matrix: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return some rows."""
    return np.asarray(matrix[numbers])


def words_of(langs: tuple[str, str], words: Sequence[str], side: int) -> np.ndarray:
    """Return the vectors of words or parts of sentences, each encoded once."""
    return CACHE.encode(words, lang=langs[side]).vectors


Look: TypeAlias = "tuple[Collection, Looked]"
EVERYTHING = PairingModel(Logistic({"cosine": 0.0}, 30.0), Logistic({"cosine": 0.0}, 30.0), "use", {})


def rows_of(features: dict[str, np.ndarray]) -> list[dict[str, float]]:
    """Return the evidence of each pair."""
    return [
        dict(zip(features, row, strict=True))
        for row in zip(*(v.tolist() for v in features.values()), strict=True)
    ]


def rights(found: Candidates, made: Collection) -> list[bool]:
    """Tell of each pair whether it is right."""
    return [pair in made.right for pair in zip(found.src.tolist(), found.tgt.tolist(), strict=True)]


def first_of(collections: list[Collection], lengths: dict[str, float]) -> PairingModel:
    """Train the first look, which all candidates are given."""
    model = replace(EVERYTHING, lengths=lengths)
    rows: list[dict[str, float]] = []
    right: list[bool] = []
    for made in collections:
        found, near = first_look(bitext(made), model)
        rows += rows_of(near)
        right += rights(found, made)
    return replace(model, first=fit(rows, right, NEARNESS, AGAINST))


def looks(collections: list[Collection], model: PairingModel) -> list[Look]:
    """Look closely at what passes the first look."""
    return [(made, look_closely(bitext(made), model)) for made in collections]


def train(looked: list[Look], model: PairingModel) -> PairingModel:
    """Train the closer look on what was looked at."""
    model = replace(model, usual=usual_of([one.features for _, one in looked]))
    rows: list[dict[str, float]] = []
    right: list[bool] = []
    for made, one in looked:
        rows += rows_of(one.features | against_usual(one.features, model.usual))
        right += rights(one.found, made)
    above = [f"{name} above usual" for name in AGAINST_USUAL]
    return replace(model, confirmed=fit(rows, right, (*NEARNESS, "parts", *SAID, *above), AGAINST))


def measure(looked: list[Look], model: PairingModel) -> dict[str, float | str]:
    """Return precision, recall and F1 at a probability of .5, and the calibration error of what is taken."""
    hits = wrong = total = near = altered = 0
    scores: list[float] = []
    right: list[bool] = []
    for made, one in looked:
        found = one.found
        every = model.confirmed.probabilities(one.features | against_usual(one.features, model.usual))
        taken = one_to_one(found.src, found.tgt, every)
        pairs = [(int(found.src[k]), int(found.tgt[k])) for k in taken]
        total += len(made.right)
        altered += len(made.altered)
        for pair, score in zip(pairs, every[taken].tolist(), strict=True):
            scores.append(score)
            right.append(pair in made.right)
            if score >= 0.5:
                hits += pair in made.right
                wrong += pair not in made.right
                near += pair in made.altered
    precision, recall = hits / max(hits + wrong, 1), hits / max(total, 1)
    plain = hits / max(hits + wrong - near, 1)
    values, truth = np.array(scores), np.array(right)
    error = 0.0
    for low in np.arange(0.0, 1.0, 0.1):
        inside = (values >= low) & ((values < low + 0.1) | (low >= 0.9)) & (values >= 0.05)
        if inside.any():
            error += inside.sum() / (values >= 0.05).sum() * abs(values[inside].mean() - truth[inside].mean())
    best = best_f1(values, truth, total)
    return {
        "hidden": total, "precision": round(precision, 3), "recall": round(recall, 3),
        "F1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "F1 but for altered ones": round(2 * plain * recall / max(plain + recall, 1e-9), 3),
        "F1 at the best threshold": round(best, 3), "near duplicates taken": f"{near} of {altered}",
        "calibration error": round(float(error), 3),
    }  # fmt: skip


def ceiling(collections: list[Collection]) -> dict[str, float]:
    """Return how often the encoder has the true partner first, and among the first four, in either direction.

    And the best F1 of the margin alone, and of what is among the candidates if all were told right.
    """
    first = four = total = 0
    margins: list[float] = []
    right: list[bool] = []
    for made in collections:
        found = candidates(*bitext(made).sentences, least=0.0)
        places = {pair: k for k, pair in enumerate(zip(found.src.tolist(), found.tgt.tolist(), strict=True))}
        total += len(made.right)
        four += sum(pair in places for pair in made.right)
        first += sum(pair in places and found.lead[places[pair]] > 0 for pair in made.right)
        taken = one_to_one(found.src, found.tgt, found.margin)
        margins += found.margin[taken].tolist()
        right += [(int(found.src[k]), int(found.tgt[k])) in made.right for k in taken]
    recall = four / total
    return {
        "hidden": total, "first both ways": round(first / total, 3), "among four": round(recall, 3),
        "oracle F1": round(2 * recall / (1 + recall), 3),
        "best F1 of the margin": round(best_f1(np.array(margins), np.array(right), total), 3),
    }  # fmt: skip


def best_f1(scores: np.ndarray, right: np.ndarray, total: int) -> float:
    """Return F1 at the threshold that is best for it."""
    hits = np.cumsum(right[np.argsort(-scores, kind="stable")])
    return float((2 * hits / (np.arange(1, len(hits) + 1) + total)).max()) if len(hits) else 0.0


def main() -> None:
    """Read the arguments, and train or measure."""
    task, folder, *arguments = sys.argv[1:]
    gold = Path(folder)
    if task == "scale":
        for count in map(int, arguments):
            scale(gold, count)
        return
    sets = chapters(gold, Path(arguments[0]))
    lengths = lengths_of(gold_items(gold))
    if task == "ceiling":
        for name in sets:
            print(f"{name}: {json.dumps(ceiling(draws(sets, name, 9)))}", flush=True)
        return
    chosen = {name: texts for name, (_, texts) in sets.items()}
    held, every = chosen, sets
    if task == "others":
        others = chapters(gold, Path(arguments[0]), *OTHERS)
        held = {name: texts for name, (_, texts) in others.items() if name not in sets}
        every = sets | others
    if task == "halves":
        subjects = sorted({text.subject for texts in chosen.values() for text in texts})
        held = {
            name: [text for text in texts if text.subject in subjects[::2]] for name, texts in chosen.items()
        }
        chosen = {
            name: [text for text in texts if text.subject not in subjects[::2]]
            for name, texts in chosen.items()
        }
    made = {name: draws(sets, name, 1, texts) for name, texts in chosen.items()}
    model = first_of([one for own in made.values() for one in own], lengths)
    looked = {name: looks(own, model) for name, own in made.items()}
    if task != "train":
        for name, texts in held.items():
            rest = [
                one
                for other, own in looked.items()
                for one in own
                if task == "halves" or family(other) != family(name)
            ]
            found = measure(looks(draws(every, name, 9, texts), model), train(rest, model))
            print(f"{name}: {json.dumps(found)}", flush=True)
        return
    model = train([one for own in looked.values() for one in own], model)
    OUT.parent.mkdir(exist_ok=True)
    content = {
        "made by": "python bench/mining.py train GOLD MANUAL",
        "made of": {name: sum(len(text.beads) for text in texts) for name, (_, texts) in sets.items()},
        "encoder": model.encoder,
        "lengths": model.lengths,
        "usual": model.usual,
        "first": {"weights": model.first.weights, "bias": model.first.bias},
        "confirmed": {"weights": model.confirmed.weights, "bias": model.confirmed.bias},
    }
    OUT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def scale(gold: Path, count: int) -> None:
    """Mine mixtures of sentences, of which one in forty has its translation; print time and peak memory."""
    rng = np.random.default_rng(count)
    sets = chapters(gold, None)
    beads = [bead for name in ("mac-dev", "xquad-r zh-en") for text in sets[name][1] for bead in text.beads]
    langs = ("zh", "en")
    texts = [[bead[side] for bead in beads] for side in (0, 1)]
    vectors = [ENCODER.encode(own, lang=lang) for own, lang in zip(texts, langs, strict=True)]
    with TemporaryDirectory() as folder:
        files = [Path(folder) / lang for lang in langs]
        made: tuple[list[str], list[str]] = ([], [])
        for start in range(0, count, STEP):
            size = min(STEP, count - start)
            drawn = [(*rng.integers(len(beads), size=(2, size)), rng.uniform(0.5, 0.9, size)) for _ in langs]
            for one, other in zip(*drawn, strict=True):
                other[::HIDDEN] = one[::HIDDEN]
            for side, (first, second, share) in enumerate(drawn):
                mixed = share[:, None] * vectors[side][first] + (1 - share)[:, None] * vectors[side][second]
                mixed += rng.normal(size=mixed.shape) * SCATTER
                mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
                with files[side].open("ab") as out:
                    out.write(mixed.astype(np.float32).tobytes())
                made[side].extend(
                    f"{texts[side][a]} {texts[side][b][: len(texts[side][b]) // 2]}"
                    for a, b in zip(first.tolist(), second.tolist(), strict=True)
                )
        sides = [Sentences(count, ENCODER.dim, partial(mapped, file, count)) for file in files]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        model = read_pairing(OUT)
        both = Bitext(langs, made, (sides[0], sides[1]), partial(words_of, langs))
        began, processor = time.perf_counter(), time.process_time()
        looked = look_closely(both, model, progress=progress if sys.stderr.isatty() else None)
        scores = model.confirmed.probabilities(looked.features)
        taken = one_to_one(looked.found.src, looked.found.tgt, scores)
        right = np.count_nonzero((looked.found.src == looked.found.tgt) & (looked.found.src % HIDDEN == 0))
        print(
            f"{count} sentences a side: {time.perf_counter() - began:.0f} s, of processor"
            f" {time.process_time() - processor:.0f} s; peak memory {before / 2**20:.2f} GB before,"
            f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB;"
            f" {len(looked.said)} pairs compared, {right} of {-(-count // HIDDEN)} hidden ones among them,"
            f" {np.count_nonzero(scores[taken] >= 0.5)} taken",
            flush=True,
        )


def progress(done: int, of: int) -> None:
    """Show on a terminal how far it is."""
    print(f"\r{done:,} of {of:,}", end="", file=sys.stderr)


def mapped(file: Path, count: int, numbers: np.ndarray) -> np.ndarray:
    """Read some vectors of a file, as the cache of embeddings does."""
    every = np.memmap(file, dtype=np.float32, mode="r", shape=(count, ENCODER.dim))
    return np.asarray(every[numbers])


if __name__ == "__main__":
    main()

"""Train the weights that mine sentence pairs, and measure how well pairs are found.

    python bench/mining.py train GOLD            # writes models/mining/mining.json
    python bench/mining.py test GOLD             # each set by weights trained on the other sets
    python bench/mining.py halves GOLD           # half of the texts of each set, by weights trained on all other halves
    python bench/mining.py scale 10000 20000 40000

GOLD holds the gold sets `mac-dev`, `text-berg` and `xquad-r`. Of their 1:1 beads, some are hidden among other sentences
of the same chapters, so that one sentence in forty has its translation on the other side: of all other beads one side
only is kept, drawn at random. The subject, the people and the places are the same throughout, and what has no
translation has been said a few pages on. Sentences of the other sets are added. Besides, a quarter as many beads as are
hidden have a near duplicate in their translation's place: one figure, or one name, is another. Several draws make a set.

`scale` mines invented vectors and sentences: time, and peak memory of the process, by sentences a side.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
from align_gold import LANGUAGES, read_set
from invented import Press
from pairing import gold_items, lengths_of

from corpus.encoders import load_encoder
from corpus.mining.margin import Candidates, Sentences
from corpus.mining.model import Logistic, PairingModel, fit, read_pairing
from corpus.mining.sentence_evidence import AGAINST, NEARNESS, SAID
from corpus.mining.sentences import Bitext, first_look, look_closely, one_to_one

OUT = Path(__file__).parents[1] / "models" / "mining" / "mining.json"
ALTERED = 4  # to so many beads that are hidden, one has a near duplicate in its translation's place
HIDDEN = 40  # of so many sentences one has its translation on the other side
DRAWS = 4
ENCODER = load_encoder("use")
STEP = 20_000  # invented sentences at a time
XQUAD = (("zh", "en"), ("de", "en"), ("ru", "en"), ("zh", "de"))


@dataclass(frozen=True)
class Chapter:
    """A text, its translation, and which sentences are beads."""

    subject: str
    beads: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def chapters(folder: Path) -> Sets:
    """Return the chapters of the gold sets, by set, with their languages."""
    found: Sets = {}
    for name in ("mac-dev", "text-berg"):
        texts = read_set(folder / name).examples
        made = [
            Chapter(
                f"{name} {number}",
                tuple(
                    (tuple(one.src[i] for i in bead.src), tuple(one.tgt[j] for j in bead.tgt))
                    for bead in one.gold
                ),
            )
            for number, one in enumerate(texts)
        ]
        found[name] = (LANGUAGES[name], made)
    for langs in XQUAD:
        articles = [
            json.loads((folder / "xquad-r" / f"{lang}.json").read_text("utf-8"))["data"] for lang in langs
        ]
        made = []
        for number, both in enumerate(zip(*articles, strict=True)):
            beads = [
                ((a.strip("\ufeff \n"),), (b.strip("\ufeff \n"),))
                for one, two in zip(*(side["paragraphs"] for side in both), strict=True)
                if len(one["sentences"]) == len(two["sentences"])
                for a, b in zip(one["sentences"], two["sentences"], strict=True)
            ]
            made.append(Chapter(f"xquad {number}", tuple(beads)))
        found[f"xquad-r {'-'.join(langs)}"] = (langs, made)
    return found


Sets: TypeAlias = "dict[str, tuple[tuple[str, str], list[Chapter]]]"
Noise: TypeAlias = "dict[str, list[str]]"


@dataclass(frozen=True)
class Collection:
    """Sentences of two languages, which of them are translations, and which are near duplicates of translations."""

    langs: tuple[str, str]
    texts: tuple[tuple[str, ...], tuple[str, ...]]
    right: frozenset[tuple[int, int]]
    altered: frozenset[tuple[int, int]]


def collection(
    langs: tuple[str, str], texts: list[Chapter], others: Noise, rng: np.random.Generator
) -> Collection:
    """Hide beads of some chapters among sentences of one side only, and sentences of other sets."""
    beads = [bead for text in texts for bead in text.beads]
    sides: tuple[dict[str, None], dict[str, None]] = ({}, {})
    names = [name for _, tgt in beads for sentence in tgt for name in NAME.findall(sentence)]
    plain = [k for k, bead in enumerate(beads) if len(bead[0]) == len(bead[1]) == 1]
    noise = [others.get(lang, []) for lang in langs]
    own = sum(len(bead[0]) + len(bead[1]) for bead in beads) // 2
    count = max(4, (own + sum(map(len, noise))) // 2 // HIDDEN)
    order = rng.permutation(plain).tolist()
    hidden, rest = set(order[:count]), order[count:]
    altered: dict[int, str] = {}
    for k in rest:
        if len(altered) < count // ALTERED and (other := changed(beads[k][1][0], names, rng)) is not None:
            altered[k] = other
    keyed: list[tuple[str, str]] = []
    near: list[tuple[str, str]] = []
    for k, (src, tgt) in enumerate(beads):
        if k in altered:
            near.append((src[0], altered[k]))
        elif k in hidden:
            keyed.append((src[0], tgt[0]))
        else:
            one = int(rng.integers(2))
            sides[one].update(dict.fromkeys((src, tgt)[one]))
    for side, extra, own_pairs in zip(sides, noise, zip(*keyed, *near, strict=True), strict=True):
        side.update(dict.fromkeys([*own_pairs, *extra]))
    places = [{text: n for n, text in enumerate(side)} for side in sides]
    numbers = [frozenset((places[0][a], places[1][b]) for a, b in pairs) for pairs in (keyed, near)]
    return Collection(langs, (tuple(sides[0]), tuple(sides[1])), numbers[0], numbers[1])


def noise_for(name: str, sets: Sets) -> Noise:
    """Return sentences of the other sets: of every second text in one language, of the others in the other."""
    asked = sets[name][0]
    found: Noise = {lang: [] for lang in asked}
    for other, (langs, texts) in sets.items():
        if other.split(maxsplit=1)[0] != name.split(maxsplit=1)[0]:
            for side, lang in enumerate(langs):
                if lang in asked:
                    chosen = texts[asked.index(lang) :: 2]
                    found[lang] += [s for text in chosen for bead in text.beads for s in bead[side]]
    return found


NAME = re.compile(r"(?<=[a-zéèäöü,] )[A-ZÉÄÖÜ][a-zéèäöüß]{3,}")
FIGURE = re.compile(r"\d{2,}")
WORDS = {
    "two": "five",
    "three": "seven",
    "four": "nine",
    "hundred": "thousand",
    "thousand": "hundred",
    "ten": "twenty",
}
WORDS |= {"deux": "cinq", "trois": "sept", "quatre": "neuf", "cent": "mille", "mille": "cent", "dix": "vingt"}
SMALL = re.compile(rf"\b({'|'.join(WORDS)})\b")


def changed(text: str, names: list[str], rng: np.random.Generator) -> str | None:
    """Return a sentence with one figure, else one name, that is another; None where there is neither."""
    if match := FIGURE.search(text):
        other = str(int(rng.integers(10 ** (len(match[0]) - 1), 10 ** len(match[0]))))
        return text[: match.start()] + other + text[match.end() :] if other != match[0] else None
    if match := SMALL.search(text):
        return text[: match.start()] + WORDS[match[0]] + text[match.end() :]
    match = NAME.search(text)
    if match is None:
        return None
    other = names[int(rng.integers(len(names)))]
    return None if other == match[0] else text.replace(match[0], other)


_KEPT: dict[tuple[str, str], np.ndarray] = {}


def bitext(made: Collection) -> Bitext:
    """Give sentences their vectors, each once in a run."""
    sides = []
    for lang, texts in zip(made.langs, made.texts, strict=True):
        if new := [text for text in texts if (lang, text) not in _KEPT]:
            _KEPT.update(zip([(lang, text) for text in new], ENCODER.encode(new, lang=lang), strict=True))
        matrix = np.stack([_KEPT[lang, text] for text in texts]).astype(np.float32)
        sides.append(Sentences(len(texts), matrix.shape[1], lambda rows, matrix=matrix: matrix[rows]))
    return Bitext(made.langs, made.texts, (sides[0], sides[1]))


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


def train(collections: list[Collection], lengths: dict[str, float]) -> PairingModel:
    """Train on collections: a first look at all candidates, then a closer one at what passes it."""
    model = replace(EVERYTHING, lengths=lengths)
    rows: list[dict[str, float]] = []
    right: list[bool] = []
    for made in collections:
        found, near = first_look(bitext(made), model)
        rows += rows_of(near)
        right += rights(found, made)
    model = replace(model, first=fit(rows, right, NEARNESS, AGAINST))
    rows, right = [], []
    for made in collections:
        looked = look_closely(bitext(made), model)
        rows += rows_of(looked.features)
        right += rights(looked.found, made)
    return replace(model, confirmed=fit(rows, right, (*NEARNESS, *SAID), AGAINST))


def measure(collections: list[Collection], model: PairingModel) -> dict[str, float]:
    """Return precision, recall and F1 at a probability of .5, and the calibration error of what is taken."""
    hits = wrong = total = near = altered = best_hits = 0
    scores: list[float] = []
    right: list[bool] = []
    for made in collections:
        looked = look_closely(bitext(made), model)
        found = looked.found
        every = model.confirmed.probabilities(looked.features) if len(found.src) else np.empty(0)
        taken = one_to_one(found.src, found.tgt, every)
        pairs = [(int(found.src[k]), int(found.tgt[k])) for k in taken]
        total += len(made.right)
        altered += len(made.altered)
        best_hits += sum(pair in made.right for pair in pairs)
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
    order = np.argsort(-values)
    precisions = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    recalls = np.cumsum(truth[order]) / max(total, 1)
    best = (
        float((2 * precisions * recalls / np.maximum(precisions + recalls, 1e-9)).max())
        if len(order)
        else 0.0
    )
    return {
        "hidden": total, "precision": round(precision, 3), "recall": round(recall, 3),
        "F1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "F1 but for altered ones": round(2 * plain * recall / max(plain + recall, 1e-9), 3),
        "F1 at the best threshold": round(best, 3), "near duplicates taken": f"{near} of {altered}",
        "calibration error": round(float(error), 3),
    }  # fmt: skip


def draws(sets: Sets, name: str, seed: int, texts: list[Chapter] | None = None) -> list[Collection]:
    """Return several collections of a set, or of some of its texts."""
    langs, own = sets[name]
    others = noise_for(name, sets)
    generators = [np.random.default_rng([seed, draw]) for draw in range(DRAWS)]
    return [collection(langs, own if texts is None else texts, others, rng) for rng in generators]


def main() -> None:
    """Read the arguments, and train or measure."""
    task, *arguments = sys.argv[1:]
    if task == "scale":
        for count in map(int, arguments):
            scale(count)
        return
    gold = Path(arguments[0])
    sets = chapters(gold)
    lengths = lengths_of(gold_items(gold))
    if task == "test":
        for name in sets:
            rest = [
                one for other in sets if other.split()[0] != name.split()[0] for one in draws(sets, other, 1)
            ]
            model = train(rest, lengths)
            print(f"{name}: {json.dumps(measure(draws(sets, name, 9), model))}", flush=True)
        return
    if task == "halves":
        subjects = sorted({text.subject for _, texts in sets.values() for text in texts})
        held = set(subjects[::2])
        kept = {
            name: [text for text in texts if text.subject not in held] for name, (_, texts) in sets.items()
        }
        model = train([one for name, texts in kept.items() for one in draws(sets, name, 1, texts)], lengths)
        for name, (_, texts) in sets.items():
            own = [text for text in texts if text.subject in held]
            print(f"{name}: {json.dumps(measure(draws(sets, name, 9, own), model))}", flush=True)
        return
    model = train([one for name in sets for one in draws(sets, name, 1)], lengths)
    OUT.parent.mkdir(exist_ok=True)
    content = {
        "made by": "python bench/mining.py train GOLD",
        "made of": {name: sum(len(text.beads) for text in texts) for name, (_, texts) in sets.items()},
        "encoder": model.encoder,
        "lengths": model.lengths,
        "first": {"weights": model.first.weights, "bias": model.first.bias},
        "confirmed": {"weights": model.confirmed.weights, "bias": model.confirmed.bias},
    }
    OUT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def scale(count: int) -> None:
    """Mine invented sentences, of which one in forty has its translation; print time and peak memory."""
    rng = np.random.default_rng(count)
    press = Press(count)
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("src", "tgt")]
        for start in range(0, count, STEP):
            size = min(STEP, count - start)
            vectors = rng.normal(size=(size, ENCODER.dim))
            others = rng.normal(size=vectors.shape)
            others[::HIDDEN] = vectors[::HIDDEN] + rng.normal(size=vectors[::HIDDEN].shape) * 0.7
            for file, made in zip(files, (vectors, others), strict=True):
                with file.open("ab") as out:
                    out.write(
                        (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32).tobytes()
                    )
        sides = [Sentences(count, ENCODER.dim, partial(mapped, file, count)) for file in files]
        texts = [[press._sentence() for _ in range(count)] for _ in files]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, processor = time.perf_counter(), time.process_time()
        looked = look_closely(
            Bitext(("de", "en"), (texts[0], texts[1]), (sides[0], sides[1])), read_pairing(OUT)
        )
        scores = looked.features["margin"]
        taken = one_to_one(looked.found.src, looked.found.tgt, scores)
        right = sum(looked.found.src[k] == looked.found.tgt[k] for k in taken if scores[k] > 1.3)
        print(
            f"{count} sentences a side: {time.perf_counter() - began:.0f} s, of processor"
            f" {time.process_time() - processor:.0f} s; peak memory {before / 2**20:.2f} GB before,"
            f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB;"
            f" found {right} of {-(-count // HIDDEN)}",
            flush=True,
        )


def mapped(file: Path, count: int, numbers: np.ndarray) -> np.ndarray:
    """Read some vectors of a file, as the cache of embeddings does."""
    return np.memmap(file, dtype=np.float32, mode="r", shape=(count, ENCODER.dim))[numbers]


if __name__ == "__main__":
    main()

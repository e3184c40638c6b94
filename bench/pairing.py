"""Train the weights that pair documents, and measure how well documents are paired.

    python bench/pairing.py train GOLD           # writes models/pairing/pairing.json
    python bench/pairing.py test GOLD            # each set by weights trained on the others
    python bench/pairing.py halves GOLD          # half of the texts of each set, by weights trained on the rest
    python bench/pairing.py pages FOLDER OTHER LANG OTHER_LANG [ITEMS]
    python bench/pairing.py news GOLD [HELP]     # 220 items a language, reprints and second agencies among them
    python bench/pairing.py scale 500 1000 2000

GOLD holds the gold sets `mac-dev`, `text-berg` and `xquad-r`. They are cut into items of some fifteen sentences, which
are neighbours in a chapter or an article: the same subject, people and places, and no translations of each other. Of
ten items one has no partner. Of the set "mixed", besides, one in ten is a round-up, which shares some sentences with
several items, one in ten shares a fifth to a half of its sentences with
an item (two agencies on one event), one in seven lacks sentences, one in fourteen is reprinted, and one in
fourteen stands on a page with two others. Dates are drawn: half of the items have one, those of partners are up to
three days apart. `pages` takes HTML manuals as bench/parallel_pages.py does; `scale` takes invented vectors.

`news`: what is to be told apart in an archive of news. Paragraphs of XQuAD-R (zh–en, de–en, ru–en), two an item, by
weights trained on the other gold sets; and of a manual in HELP, which has a folder a language (gimp-help-ko and
gimp-help-en: usr/share/gimp/2.0/help), ten sentences an item, by the weights that ship: up to 220 items, a tenth without
partner, a tenth reprinted but for a sentence or two. Of those without partner the other side has an
item of the same article: two agencies on one event; and, zh–en, those of two_agencies.toml. Reported are also how many
pairs were accepted of texts without partner, and how many pairs are of no translations at all.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from align_gold import LANGUAGES, read_set
from parallel_pages import in_script, paragraphs

from corpus.alignment.quick import Encoded, paired_share, paired_shares
from corpus.alignment.sources import side_of_sentences
from corpus.alignment.weights import shipped_weights
from corpus.encoders import load_encoder
from corpus.mining.evidence.documents import FEATURES
from corpus.mining.memory import Memory
from corpus.mining.model import ALIGNED, Logistic, PairingModel, fit, read_pairing
from corpus.mining.neighbours import Known, look_up
from corpus.mining.pairing import Pairing, accepted, pair_texts
from corpus.mining.texts import Text
from corpus.segmentation.boundaries import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.base.progress import Progress

SIZE = 15  # sentences of an item
DAY = date(1959, 1, 1)
OUT = Path(__file__).parents[1] / "models" / "pairing" / "pairing.json"
ENCODER = load_encoder("use")


@dataclass(frozen=True)
class Item:
    """A piece of a text, and its translation."""

    subject: str
    langs: tuple[str, str]
    sides: tuple[tuple[str, ...], tuple[str, ...]]


def cut(
    name: str, langs: tuple[str, str], beads: list[tuple[list[str], list[str]]], size: int = SIZE
) -> list[Item]:
    """Cut a text into items of so many source sentences."""
    items, src, tgt = [], list[str](), list[str]()
    for left, right in beads:
        src += left
        tgt += right
        if len(src) >= size:
            items.append(Item(name, langs, (tuple(src), tuple(tgt))))
            src, tgt = [], []
    return items


def gold_items(folder: Path) -> dict[str, list[Item]]:
    """Return the items of the gold sets, by set and languages."""
    found: dict[str, list[Item]] = {}
    for name in ("mac-dev", "text-berg"):
        langs = LANGUAGES[name]
        found[name] = [
            item
            for number, text in enumerate(read_set(folder / name).examples)
            for item in cut(
                f"{name} {number}", langs,
                [([text.src[i] for i in bead.src], [text.tgt[j] for j in bead.tgt]) for bead in text.gold],
            )
        ]  # fmt: skip
    for langs in (("zh", "en"), ("de", "en"), ("ru", "en"), ("zh", "de")):
        articles = [
            json.loads((folder / "xquad-r" / f"{lang}.json").read_text("utf-8"))["data"] for lang in langs
        ]
        items = []
        for number, both in enumerate(zip(*articles, strict=True)):
            beads = [
                ([a.strip("\ufeff \n")], [b.strip("\ufeff \n")])
                for one, two in zip(*(side["paragraphs"] for side in both), strict=True)
                if len(one["sentences"]) == len(two["sentences"])
                for a, b in zip(one["sentences"], two["sentences"], strict=True)
            ]
            items += cut(f"xquad {number}", langs, beads, 5 + 5 * (number % 3))
        found[f"xquad-r {'-'.join(langs)}"] = items
    return found


def page_items(folder: Path, other: Path, langs: tuple[str, str]) -> list[Item]:
    """Return items of the pages of a manual in two languages, as many sentences as there are up to `SIZE`."""
    items, seen = [], set[str]()
    for page in sorted(folder.rglob("*.html")):
        translated = other / page.relative_to(folder)
        if not translated.exists():
            continue
        one, two = paragraphs(page), paragraphs(translated)
        if len(one) != len(two):
            continue
        sides: tuple[list[str], list[str]] = ([], [])
        for a, b in zip(one, two, strict=True):
            if a and b and a != b and a not in seen and in_script(a, langs[0]) and in_script(b, langs[1]):
                seen.add(a)
                for side, text, lang in zip(sides, (a, b), langs, strict=True):
                    side += [text[start:end] for start, end in pieces(text, lang)]
            if len(sides[0]) >= SIZE:
                break
        if len(sides[0]) >= SIZE // 2:
            items.append(Item(page.name, langs, (tuple(sides[0]), tuple(sides[1]))))
    return items


def paragraph_items(folder: Path, langs: tuple[str, str]) -> list[Item]:
    """Return items of two paragraphs each of the articles of XQuAD-R, each of one article."""
    sides = [json.loads((folder / "xquad-r" / f"{lang}.json").read_text("utf-8"))["data"] for lang in langs]
    items = []
    for number, both in enumerate(zip(*sides, strict=True)):
        told = [
            [[s.strip("\ufeff \n") for s in one["sentences"]] for one in article["paragraphs"]]
            for article in both
        ]
        for k in range(0, len(told[0]), 2):
            one, other = (tuple(s for paragraph in side[k : k + 2] for s in paragraph) for side in told)
            items.append(Item(f"xquad {number}", langs, (one, other)))
    return items


def manual_items(folder: Path, other: Path, langs: tuple[str, str], size: int = 10) -> list[Item]:
    """Return items of so many sentences of the translated paragraphs of a manual, in their order."""
    items: list[Item] = []
    seen = set[str]()
    sides: tuple[list[str], list[str]] = ([], [])
    for page in sorted(folder.rglob("*.html")):
        translated = other / page.relative_to(folder)
        both = (paragraphs(page), paragraphs(translated)) if translated.exists() else ([], [])
        for a, b in zip(*both, strict=True) if len(both[0]) == len(both[1]) else ():
            if a and b and a != b and a not in seen and in_script(a, langs[0]) and in_script(b, langs[1]):
                seen.add(a)
                for side, text, lang in zip(sides, (a, b), langs, strict=True):
                    side += [text[start:end] for start, end in pieces(text, lang)]
            if len(sides[0]) >= size:
                items.append(Item(f"manual {len(items) // 4}", langs, (tuple(sides[0]), tuple(sides[1]))))
                sides = ([], [])
    return items


def agency_items() -> list[Item]:
    """Return what two agencies say of the same events: no translations."""
    events = tomllib.loads(Path(__file__).with_name("two_agencies.toml").read_text("utf-8"))["event"]
    return [
        Item(
            "agencies", ("zh", "en"), (tuple(one["zh"].split("\n")[1:-1]), tuple(one["en"].split("\n")[1:-1]))
        )
        for one in events
    ]


def news(items: list[Item], others: list[Item], rng: np.random.Generator) -> Collection:
    """Make texts of items: a tenth has only one side, of another tenth one side is reprinted.

    Of an item that has only one side, its neighbour of the same subject has only the other.
    """
    maker = Maker(items, rng)
    number, alone = 0, 0
    while number < len(items):
        kind = maker.draw({"alone": 0.05, "reprinted": 0.1})
        name = f"{number:04}"
        sides = [list(one) for one in items[number].sides]
        if kind == "alone" and number + 1 < len(items) and items[number].subject == items[number + 1].subject:
            side = int(rng.integers(2))
            maker.text(side, f"{name} alone", sides[side])
            maker.text(1 - side, f"{name} other agency", items[number + 1].sides[1 - side])
            number, alone = number + 2, alone + 2
            continue
        if kind == "reprinted":
            side = int(rng.integers(2))
            maker.text(side, f"{name} again", sides[side][: -int(rng.integers(1, 3))])
            maker.alike[f"{name} again"] = name
        for side in (0, 1):
            maker.text(side, name, sides[side])
        maker.right.add((name, name))
        number += 1
    for number, item in enumerate(others):
        for side in (0, 1):
            maker.text(side, f"agency {side} {number}", item.sides[side])
    return Collection((encoded(maker.sides[0]), encoded(maker.sides[1])), maker.right, maker.alike)


@dataclass
class Collection:
    """Texts in two languages, and which are translations: pairs of ids, those that are as good, those in part."""

    sides: tuple[list[Text], list[Text]]
    right: set[tuple[str, str]]
    alike: dict[str, str]


_KEPT: dict[tuple[str, str], np.ndarray] = {}


def encoded(texts: list[Text]) -> list[Text]:
    """Give texts their vectors, each sentence once."""
    lang = texts[0].lang
    new = list({s: None for text in texts for s in text.sentences if (lang, s) not in _KEPT})
    _KEPT.update(zip([(lang, s) for s in new], ENCODER.encode(new, lang=lang) if new else [], strict=True))
    return [replace(text, vectors=np.stack([_KEPT[lang, s] for s in text.sentences])) for text in texts]


KINDS = {
    "alone": 0.1, "round-up": 0.1, "other agency": 0.1, "abridged": 0.14, "reprinted": 0.06, "on a page": 0.06,
}  # fmt: skip
"""Shares of the kinds of items, of the set "mixed"; the others are whole, and have a partner."""


class Maker:
    """Makes texts of items, each of a kind that is drawn."""

    def __init__(self, items: list[Item], rng: np.random.Generator) -> None:
        self.items, self.rng = items, rng
        self.sides: tuple[list[Text], list[Text]] = ([], [])
        self.right: set[tuple[str, str]] = set()
        self.alike: dict[str, str] = {}
        self.days: tuple[date | None, date | None] = (None, None)

    def draw(self, kinds: dict[str, float]) -> str:
        """Draw the days of an item, and its kind."""
        day = DAY + timedelta(days=int(self.rng.integers(700))) if self.rng.random() < 0.5 else None
        self.days = (day, day and day + timedelta(days=int(self.rng.integers(4))))
        chosen, at = self.rng.random(), 0.0
        for kind, share in kinds.items():
            at += share
            if chosen < at:
                return kind
        return "whole"

    def add(self, number: int, kind: str) -> int:
        """Add the texts of an item; return how many items it took."""
        name, side = f"{number:04}", int(self.rng.integers(2))
        sides = [list(one) for one in self.items[number].sides]
        if kind == "alone":
            self.text(side, name, sides[side])
            return 1
        if kind == "on a page":
            return self._page(number, name, side)
        if kind == "round-up":
            near = self.items[number : number + 4]
            told = [s for one in near for s in one.sides[side][:: max(2, len(near))]]
            self.text(1 - side, name, sides[1 - side])
            self.text(side, f"{name} round-up", told)
            return 1
        if kind == "other agency":
            self.text(1 - side, name, sides[1 - side])
            self.text(side, f"{name} other agency", self._other_agency(number, side))
            return 2
        if kind == "abridged":
            sides[side] = self._abridged(sides[side])
        if kind == "reprinted":
            self.text(side, f"{name} again", sides[side][:-1])
            self.alike[f"{name} again"] = name
        for one in (0, 1):
            self.text(one, name, sides[one])
        self.right.add((name, name))
        return 1

    def text(self, side: int, name: str, sentences: list[str] | tuple[str, ...]) -> None:
        """Add a text."""
        none = np.zeros((0, 0), np.float32)
        lang, day = self.items[0].langs[side], self.days[side]
        self.sides[side].append(Text(name, 0, lang, tuple(sentences), none, day, day))

    def _other_agency(self, number: int, side: int) -> list[str]:
        """Tell what a fifth to a half of an item's sentences say, and for the rest what its neighbour says."""
        own = self.items[number].sides[side]
        other = self.items[min(number + 1, len(self.items) - 1)].sides[side]
        kept = self.rng.random(len(own)) < self.rng.uniform(0.2, 0.5)
        told = [
            s if keep else other[k] if k < len(other) else ""
            for k, (s, keep) in enumerate(zip(own, kept, strict=True))
        ]
        return [s for s in told if s]

    def _abridged(self, sentences: list[str]) -> list[str]:
        """Leave out fifteen to fifty per cent of some sentences, here and there or at the end."""
        count = max(3, int(len(sentences) * self.rng.uniform(0.5, 0.85)))
        kept = sorted(self.rng.permutation(len(sentences))[:count].tolist())
        return [sentences[k] for k in kept] if self.rng.random() < 0.5 else sentences[:count]

    def _page(self, number: int, name: str, side: int) -> int:
        """Put three items on a page, whose translations stand alone."""
        near = self.items[number : number + 3]
        self.text(side, f"{name} page", [s for one in near for s in one.sides[side]])
        for k, one in enumerate(near):
            self.text(1 - side, f"{name} {k}", one.sides[1 - side])
            pair = (f"{name} page", f"{name} {k}")
            self.right.add(pair if side == 0 else pair[::-1])
        return len(near)


def collection(items: list[Item], rng: np.random.Generator, *, mixed: bool) -> Collection:
    """Make texts of items, and know which are translations."""
    maker = Maker(items, rng)
    kinds = KINDS if mixed else {"alone": KINDS["alone"]}
    number = 0
    while number < len(items):
        number += maker.add(number, maker.draw(kinds))
    return Collection((encoded(maker.sides[0]), encoded(maker.sides[1])), maker.right, maker.alike)


@cache
def _aligned(a: tuple[str, ...], b: tuple[str, ...], langs: tuple[str, str]) -> float:
    sides = []
    for sentences, lang in zip((a, b), langs, strict=True):
        vectors = np.stack([_KEPT[lang, s] for s in sentences])
        units = side_of_sentences(sentences, lang).units()
        sides.append(Encoded(lang, sentences, vectors, units))
    return paired_share(sides[0], sides[1], shipped_weights(), lambda: ENCODER)


def confirm(pairs: Sequence[tuple[Text, Text]], progress: Progress | None = None) -> list[float]:  # noqa: ARG001
    """Align pairs of texts, each once in a run."""
    return [_aligned(tuple(a.sentences), tuple(b.sentences), (a.lang, b.lang)) for a, b in pairs]


def is_right(one: Pairing, made: Collection) -> bool:
    """Tell whether a pair is one of translations, a reprint being as good as what it reprints."""
    return tuple(made.alike.get(text.doc_id, text.doc_id) for text in (one.a, one.b)) in made.right


def lengths_of(sets: dict[str, list[Item]]) -> dict[str, float]:
    """Return characters that stand for one of English, by language; of some that no set has, by experience."""
    found = {"en": 1.0, "ko": 0.5, "ja": 0.48}
    for items in sorted(sets.values(), key=lambda one: "en" not in one[0].langs):
        langs = items[0].langs
        sums = [sum(len(s) for item in items for s in item.sides[side]) for side in (0, 1)]
        for own, other in ((0, 1), (1, 0)):
            if langs[own] not in found and langs[other] in found:
                found[langs[own]] = round(found[langs[other]] * sums[own] / sums[other], 3)
    found.setdefault("fr", found.get("de", 1.1))
    return found


EVERYTHING = PairingModel(Logistic({}, 30.0), Logistic({}, 30.0), "use", {})


def train(sets: dict[str, list[Item]], seeds: tuple[int, ...] = (1, 2)) -> PairingModel:
    """Train on collections made of sets."""
    lengths = lengths_of(sets)
    model = replace(EVERYTHING, lengths=lengths)
    rows: list[tuple[dict[str, float], bool]] = []
    made = [
        (collection(items, np.random.default_rng([seed, len(items)]), mixed=True))
        for items in sets.values()
        for seed in seeds
    ]
    for one in made:
        rows += [(pair.features(), is_right(pair, one)) for pair in pair_texts(*one.sides, model)]
    first = fit([row for row, _ in rows], [right for _, right in rows], FEATURES)
    model = replace(model, first=first)
    rows = []
    for one in made:
        for pair in pair_texts(*one.sides, model, confirm):
            if pair.share is not None:
                rows.append((pair.features(), is_right(pair, one)))
    confirmed = fit([row for row, _ in rows], [right for _, right in rows], (*FEATURES, *ALIGNED))
    return replace(model, confirmed=confirmed)


def measure(made: Collection, model: PairingModel) -> dict[str, float]:
    """Return precision, recall and F1 of what is accepted, and the calibration error of the scores."""
    began = time.process_time()
    pairs = pair_texts(*made.sides, model, confirm)
    took = time.process_time() - began
    taken = accepted(pairs)
    hits = {
        tuple(made.alike.get(name, name) for name in pair)
        for pair in taken
    }  # fmt: skip
    found = len(hits & made.right)
    wrong = len(taken) - sum(tuple(made.alike.get(n, n) for n in pair) in made.right for pair in taken)
    precision, recall = (len(taken) - wrong) / max(len(taken), 1), found / max(len(made.right), 1)
    likeliest: dict[str, Pairing] = {}
    for one in pairs:  # of each text the likeliest, which come first
        likeliest.setdefault(one.a.doc_id, one)
    scores = np.array([one.score for one in likeliest.values()])
    right = np.array([is_right(one, made) for one in likeliest.values()])
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        inside = (scores >= low) & ((scores < low + 0.1) | (low >= 0.9))
        error += inside.mean() * abs(scores[inside].mean() - right[inside].mean()) if inside.any() else 0
    return {
        "texts": len(made.sides[0]) + len(made.sides[1]), "pairs": len(made.right),
        "precision": round(precision, 4), "recall": round(recall, 4),
        "F1": round(2 * precision * recall / max(precision + recall, 1e-9), 4),
        "calibration error": round(float(error), 4), "seconds": round(took, 1),
    }  # fmt: skip


def report(name: str, items: list[Item], model: PairingModel) -> None:
    """Print figures of a set, plain and mixed."""
    for kind, mixed in (("a tenth without partner", False), ("mixed", True)):
        made = collection(items, np.random.default_rng(99), mixed=mixed)
        print(f"{name}, {kind}: {json.dumps(measure(made, model))}", flush=True)


def invented(count: int) -> tuple[list[Text], list[Text]]:
    """Return so many texts, in two languages, with vectors near to each other's, and a tenth without partner."""
    rng = np.random.default_rng(count)
    sides: tuple[list[Text], list[Text]] = ([], [])
    for number in range(count // 2):
        subject = rng.normal(size=512) * 0.7
        vectors = rng.normal(size=(SIZE, 512)) + subject
        for side, lang in enumerate(("zh", "en")):
            near = vectors + rng.normal(size=vectors.shape) * 0.6
            if side and number % 10 == 0:
                near = rng.normal(size=vectors.shape) + subject
            near /= np.linalg.norm(near, axis=1, keepdims=True)
            sentences = tuple(f"{lang} {number} {k}" for k in range(SIZE))
            sides[side].append(Text(f"{number:06}", 0, lang, sentences, near.astype(np.float32)))
    return sides


def measure_news(gold: Path, manual: Path | None) -> None:
    """Print figures of the set "news" in each pair of languages, and what was accepted that is wrong."""
    sets = gold_items(gold)
    model = train({name: items for name, items in sets.items() if not name.startswith("xquad")})
    tests = [
        (langs, paragraph_items(gold, langs), model) for langs in (("zh", "en"), ("de", "en"), ("ru", "en"))
    ]
    if manual is not None:
        items = manual_items(manual / "en", manual / "ko", ("en", "ko"))
        tests.append((("en", "ko"), items[:220], read_pairing(OUT)))
    for langs, items, weights in tests:
        made = news(items, agency_items() if langs == ("zh", "en") else [], np.random.default_rng(220))
        told = measure(made, weights)
        wrong = {
            pair: round(one.score, 2)
            for one in pair_texts(*made.sides, weights, confirm)
            for pair in [(one.a.doc_id, one.b.doc_id)]
            if one.score >= 0.5 and not is_right(one, made)
        }  # fmt: skip
        print(
            f"news {'-'.join(langs)}, {len(items)} items: {json.dumps(told)}; .5 or more and wrong: {wrong}",
            flush=True,
        )


def scale(count: int) -> dict[str, float]:
    """Pair invented texts, then all of them and one more; return what took how long."""
    left, right = invented(count)
    model, memory, weights = read_pairing(OUT), Memory(), shipped_weights()
    seconds = {"looked up": 0.0, "compared": 0.0, "aligned": 0.0}
    alignments = 0

    def aligned(pairs: Sequence[tuple[Text, Text]], progress: Progress | None) -> list[float]:
        nonlocal alignments
        alignments += len(pairs)
        began = spent()
        sides = ((Encoded(t.lang, t.sentences, t.vectors) for t in pair) for pair in pairs)
        shares = paired_shares(((a, b) for a, b in sides), len(pairs), weights, ENCODER.name, progress)
        seconds["aligned"] += spent() - began
        return shares

    began, clock = spent(), time.perf_counter()
    lookups = look_up(left[:-1], right), look_up(right, left[:-1])
    seconds["looked up"] = spent() - began
    keys = [text.key for text in left[:-1]], [text.key for text in right]
    memory.lookups = Known(keys[0], keys[1], lookups[0]), Known(keys[1], keys[0], lookups[1])
    began = spent()
    found = pair_texts(left[:-1], right, model, aligned, memory=memory)
    seconds["compared"] = spent() - began - seconds["aligned"]
    wall, alone = time.perf_counter() - clock, alignments
    began, clock = spent(), time.perf_counter()
    pair_texts(left, right, model, aligned, memory=memory)
    taken = accepted(found)
    told = {
        **seconds, "processor": sum(seconds.values()), "wall": wall, "alignments": alone,
        "accepted": len(taken), "wrong": sum(a != b for a, b in taken), "one more, processor": spent() - began,
        "one more, wall": time.perf_counter() - clock, "one more, alignments": alignments - alone,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    return {name: round(value, 1) for name, value in told.items()}


def spent() -> float:
    """Return the seconds of processor that this process and those it started have taken."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Read the arguments, and train or measure."""
    task, *arguments = sys.argv[1:]
    if task == "scale":
        for count in map(int, arguments):
            print(f"{count} texts: {json.dumps(scale(count))}", flush=True)
        return
    if task == "news":
        measure_news(Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else None)
        return
    if task == "pages":
        folder, other, *langs = arguments[:4]
        items = page_items(Path(folder), Path(other), (langs[0], langs[1]))
        items = items[: int(sys.argv[6]) if len(sys.argv) > 6 else 110]
        report(f"pages {'-'.join(langs)}, {len(items)} items", items, read_pairing(OUT))
        return
    sets = gold_items(Path(arguments[0]))
    if task == "test":
        for name, items in sets.items():
            rest = {other: some for other, some in sets.items() if other.split()[0] != name.split()[0]}
            report(name, items, train(rest))
        return
    if task == "halves":
        subjects = sorted({item.subject for items in sets.values() for item in items})
        held = set(subjects[::2])
        rest = {name: [item for item in items if item.subject not in held] for name, items in sets.items()}
        model = train({name: items for name, items in rest.items() if items})
        for name, items in sets.items():
            report(name, [item for item in items if item.subject in held], model)
        return
    model = train(sets)
    OUT.parent.mkdir(exist_ok=True)
    content = {
        "made by": "python bench/pairing.py train GOLD",
        "made of": {name: len(items) for name, items in sets.items()},
        "encoder": model.encoder,
        "lengths": model.lengths,
        "first": {"weights": model.first.weights, "bias": model.first.bias},
        "confirmed": {"weights": model.confirmed.weights, "bias": model.confirmed.bias},
    }
    OUT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

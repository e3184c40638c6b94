"""Sentences in two languages of which one in forty has its translation on the other side, as in the BUCC tasks.

They are made of the gold sets `mac-dev`, `text-berg` and `xquad-r`, and of a manual: the pages of Debian's
package debian-handbook (usr/share/doc/debian-handbook/html). Only 1:1 beads are used, as BUCC does, and none whose
text stands twice: of beads of other sizes (OCR has merged sentences of the yearbooks, translators those of novels),
and of sentences that the gold leaves without partner, parts translate each other, and no key says which.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import numpy as np
from align_gold import LANGUAGES, read_set
from parallel_pages import in_script

from corpus.segmentation.boundaries import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALTERED = 4  # to so many beads that are hidden, one has a near duplicate in its translation's place
HIDDEN = 40  # of so many sentences one has its translation on the other side
DRAWS = 4
MOST_NOISE = 600  # sentences of other sets a side
SHORTEST = 8  # characters of a sentence of a manual
MOST_UNLIKE = 1.6  # times what the lengths of a paragraph's sentences may be off their mean
XQUAD = (("zh", "en"), ("de", "en"), ("ru", "en"), ("zh", "de"))
MANUAL = (("zh", "en"), ("de", "fr"))
OTHERS = (("ru", "de"), ("zh", "ru")), (("fr", "en"), ("de", "en"), ("zh", "fr"))
"""Languages of the articles, and of the manual, that nothing was trained on or chosen by."""

LOCALES = {"zh": "zh-CN", "en": "en-US", "de": "de-DE", "fr": "fr-FR"}


@dataclass(frozen=True)
class Chapter:
    """A text and its translation: the 1:1 beads."""

    subject: str
    beads: tuple[tuple[str, str], ...]


Sets: TypeAlias = "dict[str, tuple[tuple[str, str], list[Chapter]]]"
Noise: TypeAlias = "dict[str, list[str]]"


def chapters(
    folder: Path,
    manual: Path | None,
    articles_in: Sequence[tuple[str, str]] = XQUAD,
    manual_in: Sequence[tuple[str, str]] = MANUAL,
) -> Sets:
    """Return the chapters of the gold sets, and of a manual, by set, with their languages."""
    found: Sets = {}
    for name in ("mac-dev", "text-berg"):
        texts = read_set(folder / name).examples
        beads = [
            [(one.src[b.src[0]], one.tgt[b.tgt[0]]) for b in one.gold if len(b.src) == len(b.tgt) == 1]
            for one in texts
        ]
        found[name] = _once([f"{name} {number}" for number in range(len(texts))], LANGUAGES[name], beads)
    for langs in articles_in:
        articles = [
            json.loads((folder / "xquad-r" / f"{lang}.json").read_text("utf-8"))["data"] for lang in langs
        ]
        beads = [
            [
                (a.strip("\ufeff \n"), b.strip("\ufeff \n"))
                for one, two in zip(*(side["paragraphs"] for side in both), strict=True)
                if len(one["sentences"]) == len(two["sentences"])
                and alike(one["sentences"], two["sentences"])
                for a, b in zip(one["sentences"], two["sentences"], strict=True)
            ]
            for both in zip(*articles, strict=True)
        ]
        found[f"xquad-r {'-'.join(langs)}"] = _once(
            [f"xquad {number}" for number in range(len(beads))], langs, beads
        )
    for langs in manual_in if manual is not None else ():
        folders = [manual / LOCALES[lang] for lang in langs]  # type: ignore[operator]
        english = {text for page in (manual / "en-US").glob("*.html") for text in _all(page)}  # type: ignore[operator]
        pages = [page for page in sorted(folders[0].glob("*.html")) if (folders[1] / page.name).exists()]
        beads = [_manual_beads(page, folders[1] / page.name, langs, english) for page in pages]
        found[f"handbook {'-'.join(langs)}"] = _once([page.stem for page in pages], langs, beads)
    return found


def _once(
    subjects: list[str], langs: tuple[str, str], texts: list[list[tuple[str, str]]]
) -> tuple[tuple[str, str], list[Chapter]]:
    """Make chapters of beads, without those of which either text stands twice."""
    counts = [Counter(bead[side] for beads in texts for bead in beads) for side in (0, 1)]
    return langs, [
        Chapter(subject, kept)
        for subject, beads in zip(subjects, texts, strict=True)
        if (kept := tuple(b for b in beads if counts[0][b[0]] == counts[1][b[1]] == 1))
    ]


class _Sections(HTMLParser):
    """Gathers the paragraphs of a page, by the number of the section that they are in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.into: list[str] = []
        self.heading: str | None = None
        self.depth = self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2", "h3", "h4"):
            self.heading = ""
        elif tag == "pre":
            self.code += 1
        elif tag == "div" and self.depth:
            self.depth += 1
        elif tag == "div" and dict(attrs).get("class") == "para":
            self.into.append("")
            self.depth = 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2", "h3", "h4") and self.heading is not None:
            number = re.search(r"\d+(?:\.\d+)+", self.heading)
            self.into = self.found.setdefault(number[0] if number else f"aside {len(self.found)}", [])
            self.heading = None
        elif tag == "pre":
            self.code -= 1
        elif tag == "div" and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.heading is not None:
            self.heading += data
        elif self.depth and not self.code:
            self.into[-1] += data


def sections(page: Path) -> dict[str, list[str]]:
    """Return the paragraphs of a page of the manual, by the number of their section."""
    parser = _Sections()
    parser.feed(page.read_text("utf-8", "replace"))
    return {name: [" ".join(text.split()) for text in texts] for name, texts in parser.found.items()}


def _all(page: Path) -> list[str]:
    return [text for texts in sections(page).values() for text in texts]


def _manual_beads(
    page: Path, other: Path, langs: tuple[str, str], english: set[str]
) -> list[tuple[str, str]]:
    """Return the sentences of paragraphs that were translated sentence by sentence, as far as that shows."""
    src, tgt = sections(page), sections(other)
    left = [english if lang != "en" else set() for lang in langs]  # what was not translated
    found = []
    for name in src:
        if len(src[name]) != len(tgt.get(name, ())):
            continue
        for one, two in zip(src[name], tgt[name], strict=True):
            if one and two and one not in left[0] and two not in left[1]:
                cut = [
                    [text[start:end].strip() for start, end in pieces(text, lang)]
                    for text, lang in zip((one, two), langs, strict=True)
                ]
                if len(cut[0]) == len(cut[1]) and alike(*cut):
                    found += [
                        (a, b)
                        for a, b in zip(*cut, strict=True)
                        if a != b
                        and min(len(a), len(b)) >= SHORTEST
                        and all(is_in(text, lang) for text, lang in zip((a, b), langs, strict=True))
                    ]
    return found


def alike(src: list[str], tgt: list[str]) -> bool:
    """Tell whether sentences are of like lengths, one by one: else some were cut or ordered in another way."""
    usual = sum(map(len, tgt)) / sum(map(len, src))
    return all(1 / MOST_UNLIKE < len(b) / len(a) / usual < MOST_UNLIKE for a, b in zip(src, tgt, strict=True))


def is_in(text: str, lang: str) -> bool:
    """Tell whether a sentence is in its language, rather than left in English."""
    english = lang == "en" or len(_ENGLISH.findall(text)) < 2
    return in_script(text, lang) and english


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
    spelt = Names([tgt for _, tgt in beads], langs)
    noise = [rng.permutation(np.array(others.get(lang, []), dtype=object))[:MOST_NOISE] for lang in langs]
    count = max(4, (len(beads) + sum(map(len, noise))) // 2 // HIDDEN)
    order = rng.permutation(len(beads)).tolist()
    hidden, rest = set(order[:count]), order[count:]
    altered: dict[int, str] = {}
    for k in rest:
        if (
            len(altered) < count // ALTERED
            and (other := spelt.changed(beads[k][0], beads[k][1], rng)) is not None
        ):
            altered[k] = other
    sides: tuple[list[str], list[str]] = ([], [])
    right: set[tuple[int, int]] = set()
    near: set[tuple[int, int]] = set()
    for k, bead in enumerate(beads):
        if k in hidden or k in altered:
            (near if k in altered else right).add((len(sides[0]), len(sides[1])))
            sides[0].append(bead[0])
            sides[1].append(altered.get(k, bead[1]))
        else:
            one = int(rng.integers(2))
            sides[one].append(bead[one])
    own = tuple(tuple(dict.fromkeys([*side, *extra])) for side, extra in zip(sides, noise, strict=True))
    return Collection(langs, (own[0], own[1]), frozenset(right), frozenset(near))


def noise_for(name: str, sets: Sets) -> Noise:
    """Return sentences of the other sets: of every second text in one language, of the others in the other.

    Which, is told by the text's name, as several sets may have it in the same language.
    """
    asked = sets[name][0]
    found: Noise = {lang: [] for lang in asked}
    for other, (langs, texts) in sets.items():
        if family(other) != family(name):
            for side, lang in enumerate(langs):
                if lang in asked:
                    chosen = [one for one in texts if crc32(one.subject.encode()) % 2 == asked.index(lang)]
                    found[lang] += [bead[side] for text in chosen for bead in text.beads]
    return found


def family(name: str) -> str:
    """Return what sets of the same texts in other languages have in common."""
    return name.split(maxsplit=1)[0]


def draws(sets: Sets, name: str, seed: int, texts: list[Chapter] | None = None) -> list[Collection]:
    """Return several collections of a set, or of some of its texts."""
    langs, own = sets[name]
    others = noise_for(name, sets)
    generators = [np.random.default_rng([seed, draw]) for draw in range(DRAWS)]
    return [collection(langs, own if texts is None else texts, others, rng) for rng in generators]


_NAME = re.compile(r"(?<=[\w,] )[A-ZÉÄÖÜ][a-zéèäöüß]{3,}")
_FIGURE = re.compile(r"\d{2,}")
_WORDS = {
    "two": "five", "three": "seven", "four": "nine", "hundred": "thousand", "thousand": "hundred", "ten": "twenty",
    "deux": "cinq", "trois": "sept", "quatre": "neuf", "cent": "mille", "mille": "cent", "dix": "vingt",
}  # fmt: skip
_ENGLISH = re.compile(r"\b(?:the|of|and|to|is|with|for|be|that|you)\b")
_SMALL = re.compile(rf"\b({'|'.join(_WORDS)})\b")


class Names:
    """What may be another name in a sentence of some texts.

    A name is what has a capital within a sentence and is never written without; where the other language is
    in Latin letters, too, it has the name as it is: what a translation has not kept is no name that it lacks.
    """

    def __init__(self, sentences: list[str], langs: tuple[str, str]) -> None:
        found = Counter(name for sentence in sentences for name in _NAME.findall(sentence))
        small = {word for sentence in sentences for word in re.findall(r"\b[^\W\d_A-Z]+\b", sentence)}
        self.known = sorted(name for name in found if name.lower() not in small)
        self.kept = not {"zh", "ru", "ko", "ja"} & set(langs)
        self.german = langs[1] == "de"  # any noun may have a capital

    def changed(self, src: str, tgt: str, rng: np.random.Generator) -> str | None:
        """Return a sentence with one figure, else one name, that is another; None where there is neither."""
        if match := _FIGURE.search(tgt):
            other = str(int(rng.integers(10 ** (len(match[0]) - 1), 10 ** len(match[0]))))
            return tgt[: match.start()] + other + tgt[match.end() :] if other != match[0] else None
        if match := _SMALL.search(tgt):
            return tgt[: match.start()] + _WORDS[match[0]] + tgt[match.end() :]
        names = [name for name in _NAME.findall(tgt) if name in self.known and (not self.kept or name in src)]
        if not names or self.german:
            return None
        other = self.known[int(rng.integers(len(self.known)))]
        return None if other == names[0] else tgt.replace(names[0], other)

"""What says that two sentences translate each other: vectors, words, figures, names, length."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import regex

from align.scoring.numerals import differing
from corpus.lexicons.sounds import han_keys, latin_keys
from corpus.lexicons.words import UNSPACED
from corpus.mining.evidence.sentence_words import LATIN, forms, holding, lookups
from corpus.mining.evidence.words import coverage, nearest_words
from corpus.mining.texts import name_spellings, syllables
from corpus.text.languages import NOT_LATIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from align.scoring.numerals import Quantity
    from corpus.mining.evidence.sentence_words import Read
    from corpus.mining.evidence.words import WordVectors
    from corpus.mining.margin import Candidates, Floats, Ints

NEARNESS = ("margin", "cosine", "lead", "crowded", "brevity", "length")
"""What the first look knows of a pair: its vectors and its texts' sizes."""

SAID = (
    "words", "coverage", "coverage of the other", "lacking", "figures", "figures differing",
    "numbers differing", "numbers exchanged", "names", "names missing", "kept", "kept missing",
)  # fmt: skip
"""What a second look adds, which takes the texts apart."""

AGAINST = frozenset(
    {
        "crowded", "brevity", "length", "lacking", "figures differing", "numbers differing",
        "numbers exchanged", "names missing", "kept missing",
    }
)  # fmt: skip
"""Evidence that speaks against a pair the more there is of it."""

_MOST = 3  # of differing figures and of names that count
_PREFIX = 5  # letters that two spellings of a name in Latin letters begin with
_HAN = regex.compile(r"\p{Han}{3,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What two sentences say: the evidence that their texts give.

    Attributes
    ----------
    words
        The share of either's words that have a translation in the other by a lexicon, 0 to 1; None where none
        counts.
    covered
        How much of either's words is in the other by lexicons and vectors (`corpus.mining.evidence.words`).
    lacking
        How many words' worth of both is not.
    shared, differing
        How many figures both have; and of those that one has and a translation keeps, the other lacks.
    loosely
        As `differing`, of all numbers from two on, whether a translation has to keep them or not.
    exchanged
        Of these, those that the other has others in place of: the fewer of both sides' own.
    names, missing
        How many names of one the other has, and lacks.
    kept, lost
        How many words that a translation keeps as they are the other has, and lacks.
    """

    words: tuple[float | None, float | None]
    covered: tuple[float, float]
    lacking: float
    shared: int
    differing: int
    loosely: int
    exchanged: int
    names: int
    missing: int
    kept: int
    lost: int

    def features(self) -> dict[str, float]:
        """Return the numbers that `SAID` names."""
        known = [0.35 if share is None else share for share in self.words]
        return {
            "words": sum(known) / 2,
            "coverage": sum(self.covered) / 2,
            "coverage of the other": min(self.covered),
            "lacking": math.log1p(self.lacking),
            "figures": min(self.shared, _MOST) / _MOST,
            "figures differing": min(self.differing, _MOST) / _MOST,
            "numbers differing": min(self.loosely, _MOST) / _MOST,
            "numbers exchanged": min(self.exchanged, _MOST) / _MOST,
            "names": min(self.names, _MOST) / _MOST,
            # Of a dozen names some are always spelt in a way that nothing tells; of one or two, none is.
            "names missing": self.missing / max(self.names + self.missing, 1),
            "kept": min(self.kept, _MOST) / _MOST,
            "kept missing": min(self.lost, _MOST) / _MOST,
        }


def compare(
    src: Read,
    tgt: Read,
    rarity: tuple[Mapping[str, float], Mapping[str, float]],
    vectors: tuple[WordVectors, WordVectors],
) -> Said:
    """Compare two sentences.

    Parameters
    ----------
    src, tgt
        In two languages.
    rarity, vectors
        Of the words of either language (`rarities`, `corpus.mining.evidence.words.word_vectors`).
    """
    only_src, only_tgt = differing(src.figures, tgt.figures)
    unshared = len(only_src) + len(only_tgt)
    certain = sum(one.certain for side in (src, tgt) for one in side.figures)
    met, missed = _names(src, tgt)
    told = lookups(src, tgt)
    words = [*src.words], [*tgt.words]
    near = nearest_words(words, vectors)
    covered, lacking = zip(*map(coverage, words, near, told, rarity), strict=True)
    kept = _kept(src, tgt), _kept(tgt, src)
    loosely = [len(side) for side in differing(_every(src), _every(tgt))]
    return Said(
        words=(_share(told[0], rarity[0]), _share(told[1], rarity[1])),
        covered=(covered[0], covered[1]),
        lacking=sum(lacking),
        shared=(certain - unshared + 1) // 2,
        differing=unshared,
        loosely=sum(loosely),
        exchanged=min(loosely),
        names=met,
        missing=missed,
        kept=kept[0][0] + kept[1][0],
        lost=kept[0][1] + kept[1][1],
    )


def _share(met: Mapping[str, bool], rarity: Mapping[str, float]) -> float | None:
    weights = {word: rarity.get(word, 1.0) for word in met}
    total = sum(weights.values())
    return sum(weights[word] for word, is_met in met.items() if is_met) / total if total else None


def _every(sentence: Read) -> list[Quantity]:
    """Return the numbers of a sentence from two on, as if a translation had to keep all of them."""
    return [replace(one, certain=True) for one in sentence.figures if max(one.values) >= 2]


def _kept(own: Read, other: Read) -> tuple[int, int]:
    """Return how many words that a translation keeps as they are the other has, and how many it lacks.

    They are all words in Latin letters in a language that has others, and between languages that both have
    Latin letters those with a capital that no lexicon translates.
    """
    if own.lang in NOT_LATIN:
        kept = [*own.latin]
    elif other.lang in NOT_LATIN:
        return 0, 0
    else:
        kept = [
            one
            for one, word in own.latin.items()
            if word[0].isupper()
            and not own.text.startswith(word)
            and not forms(word, own.lang, other.lang)
            and not forms(word.lower(), own.lang, other.lang)
        ]
    there = " ".join(other.latin)
    met = sum(one in other.latin or (len(one) >= _PREFIX and one[:_PREFIX] in there) for one in kept)
    return met, len(kept) - met


def _names(src: Read, tgt: Read) -> tuple[int, int]:
    """Return how many names of the side that has more of them the other has, and how many it lacks."""
    other, own = sorted((src, tgt), key=lambda side: (len(side.names), side.lang))
    if not own.names or not _tells_names(other):
        return 0, 0
    spelt = name_spellings(other.text, other.lang)
    missing = [
        name
        for name in own.names
        if not _is_spelt(name, spelt, other)
        and not any(holding(other, form) for form in forms(name, own.lang, other.lang))
    ]
    if missing and other.lang == "zh":
        sounds = _sounds(other.text)
        missing = [name for name in missing if not latin_keys(name) & sounds]
    return len(own.names) - len(missing), len(missing)


def _tells_names(other: Read) -> bool:
    """Tell whether names of other languages can be recognised in a sentence."""
    return other.lang in ("zh", "ko") or LATIN.search(other.text) is not None


def _is_spelt(name: str, spelt: frozenset[str], other: Read) -> bool:
    if name in spelt or name in other.latin or (other.lang == "zh" and name in syllables(other.text)):
        return True
    if other.lang in UNSPACED:
        return False
    return any(one.startswith(name[:_PREFIX]) for one in spelt) if len(name) >= _PREFIX else False


@lru_cache(maxsize=4096)
def _sounds(text: str) -> frozenset[str]:
    """Return the sounds of whatever may be a foreign name in a Chinese sentence."""
    return frozenset(
        key
        for run in _HAN.findall(text)
        for size in range(3, 7)
        for start in range(len(run) - size + 1)
        for key in han_keys(run[start : start + size])
    )


def nearness(found: Candidates, lengths: tuple[Ints, Ints], usual: tuple[float, float]) -> dict[str, Floats]:
    """Return the numbers that `NEARNESS` names, of pairs of sentences: shape (n,) each.

    Parameters
    ----------
    found
        n pairs.
    lengths
        Characters of the first sentence of each pair, and of the second: shape (n,).
    usual
        How many characters of either language stand for one of English.
    """
    own, other = (np.maximum(length, 1) / each for length, each in zip(lengths, usual, strict=True))
    return {
        "margin": np.minimum(found.margin, 2.0),
        "cosine": found.cosine,
        "lead": np.clip(found.lead, -0.3, 0.3),
        "crowded": found.density,
        "brevity": 1 / np.sqrt(np.maximum(np.minimum(own, other), 4.0)),
        "length": np.minimum(np.abs(np.log(own / other)), 2.0),
    }

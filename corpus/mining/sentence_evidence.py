"""What says that two sentences translate each other: vectors, words, figures, names, length."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import regex

from align.scoring.numerals import differing, quantities
from corpus.lexicons.inflection import base_forms, compound
from corpus.lexicons.lexicon import open_lexicon
from corpus.lexicons.sounds import han_keys, latin_keys
from corpus.lexicons.words import UNSPACED, content_terms, normal_form
from corpus.mining.texts import name_spellings, plain, syllables
from corpus.mining.word_evidence import coverage, nearest_words
from corpus.text.languages import NOT_LATIN
from corpus.text.tokens import stop_words, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from align.scoring.numerals import Quantity
    from corpus.mining.margin import Candidates, Floats, Ints
    from corpus.mining.word_evidence import WordVectors

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

_FORMS = 12  # translations of a word that are looked for, the likeliest
_MOST = 3  # of differing figures and of names that count
_STEM = 5  # letters of a word that longer ones may begin with, and be its derivations
_PREFIX = 5  # letters that two spellings of a name in Latin letters begin with
_CAPITALS = frozenset({"en", "fr", "es", "it", "pt", "nl"})  # languages in which names alone have them
_NAME = regex.compile(r"(?<=[\p{L}\p{N},;»”]\s)\p{Lu}[\p{L}’'-]{2,}")
_ELIDED = regex.compile(r"^[DLdl]['’](?=\p{Lu})|['’]s?$")
_CALENDAR = frozenset(
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]
)  # fmt: skip
"""What has a capital in English and is no name: a translation may have a figure for it."""

_LATIN = regex.compile(r"\p{Latin}")
_KEPT = regex.compile(r"\p{Latin}[\p{Latin}\d]{2,}")
_HAN = regex.compile(r"\p{Han}{3,}")

Forms: TypeAlias = "tuple[tuple[str, ...], ...]"


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence taken apart.

    Attributes
    ----------
    text, lang
        The sentence, and the language it is in.
    words
        Its words but for function words, as they stand, by their normal form (`corpus.text.tokens`).
    terms
        All of its words in that form.
    written
        In languages without spaces, the sentence without marks, in which words are looked for; else empty.
    figures
        The quantities in it.
    names
        Its names in Latin letters, told by their capitals, in plain small letters.
    latin
        Its words in Latin letters, as they stand, by their plain small letters: what may be kept as it is.
    """

    text: str
    lang: str
    words: Mapping[str, str]
    terms: frozenset[str]
    written: str
    figures: tuple[Quantity, ...]
    names: frozenset[str]
    latin: Mapping[str, str]


def read_sentence(text: str, lang: str) -> Read:
    """Take a sentence apart.

    Parameters
    ----------
    text
        A sentence.
    lang
        ISO 639-1 code of its language.
    """
    tokens = tokenise(text, lang)
    stops = _stop_words(lang)
    capitals = [_ELIDED.sub("", name) for name in _NAME.findall(text)] if lang in _CAPITALS else []
    return Read(
        text, lang,
        words={token.normal: token.text for token in tokens if token.normal not in stops},
        terms=frozenset(token.normal for token in tokens),
        written=normal_form(text, lang) if lang in UNSPACED else "",
        figures=tuple(quantities(text)),
        names=frozenset(name for name in map(plain, capitals) if len(name) >= 3) - _CALENDAR,
        latin=_latin(text),
    )  # fmt: skip


def _latin(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in _KEPT.findall(text):
        found.setdefault(plain(word) or word, word)
    return found


@lru_cache(maxsize=64)
def _stop_words(lang: str) -> frozenset[str]:
    return stop_words(lang)


def lookups(src: Read, tgt: Read) -> tuple[dict[str, bool], dict[str, bool]]:
    """Return of either sentence's words whether the other has a translation of them.

    Words that no lexicon has are among them only where the other sentence has them as they are.
    """
    forward, told = _looked_up(src, tgt)
    backward, told_back = _looked_up(tgt, src)
    # A lexicon may have a pair of words in one direction only.
    backward |= dict.fromkeys(told & tgt.words.keys(), True)
    forward |= dict.fromkeys(told_back & src.words.keys(), True)
    return forward, backward


def _looked_up(own: Read, other: Read) -> tuple[dict[str, bool], set[str]]:
    """Return whether the other sentence has a translation of each word, and the words of all these."""
    met: dict[str, bool] = {}
    told: set[str] = set()
    for word, written in own.words.items():
        if _is_same(word, other):
            met[word] = True
            told.add(word)
        elif forms := _forms(written, own.lang, other.lang):
            found = [terms for form in forms if (terms := _holding(other, form))]
            met[word] = bool(found)
            told.update(*found)
    return met, told


def _share(met: Mapping[str, bool], rarity: Mapping[str, float]) -> float | None:
    weights = {word: rarity.get(word, 1.0) for word in met}
    total = sum(weights.values())
    return sum(weights[word] for word, is_met in met.items() if is_met) / total if total else None


@lru_cache(maxsize=200_000)
def _forms(word: str, lang: str, other: str) -> Forms:
    """Return what a word may be in another language, as `Read` has it; nothing where no lexicon has it."""
    lexicon = open_lexicon(lang, other)
    if lexicon is None:
        return ()
    found = lexicon.translations(word)
    if not found:

        def known(form: str) -> bool:
            return bool(lexicon.translations(form))

        forms = base_forms(word, lang, known)[:1] or compound(word, lang, known) or ()
        found = [entry for form in forms for entry in lexicon.translations(form)]
    likeliest = sorted(found, key=lambda entry: -entry.weight)[:_FORMS]
    return tuple(dict.fromkeys(form for entry in likeliest if (form := _form(entry.word, other))))


def _form(word: str, lang: str) -> tuple[str, ...]:
    if lang in UNSPACED:
        written = normal_form(word, lang)
        return (written,) if written and written not in _stop_words(lang) else ()
    terms = content_terms(word, lang)
    return () if set(terms) <= _stop_words(lang) else terms


def _holding(sentence: Read, form: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a sentence that a translation is, nothing where it has not all of them.

    A word may go on where its translation ends: japan is in japanes, which are the stems of both.
    """
    if sentence.written:
        return form if form[0] in sentence.written else ()
    found = []
    for term in form:
        if term in sentence.terms:
            found.append(term)
        elif len(term) < _STEM or not (longer := sorted(t for t in sentence.terms if t.startswith(term))):
            return ()
        else:
            found.append(longer[0])
    return tuple(found)


def _is_same(word: str, other: Read) -> bool:
    """Tell whether a sentence has a word as it is: a name or a number in the same letters."""
    return word in other.terms and (word.isdigit() or (len(word) >= 3 and _LATIN.match(word) is not None))


def rarities(sentences: Iterable[Read]) -> dict[str, float]:
    """Return how telling each word of some sentences is: the logarithm of how few have it, at least .2."""
    counts: Counter[str] = Counter()
    size = 0
    for sentence in sentences:
        counts.update(sentence.words.keys())
        size += 1
    return {
        word: max(math.log((size + 1) / count) / math.log(size + 2), 0.2) for word, count in counts.items()
    }


@dataclass(frozen=True, slots=True)
class Said:
    """What two sentences say: the evidence that their texts give.

    Attributes
    ----------
    words
        The share of either's words that have a translation in the other by a lexicon, 0 to 1; None where none
        counts.
    covered
        How much of either's words is in the other by lexicons and vectors (`corpus.mining.word_evidence`).
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
        Of the words of either language (`rarities`, `corpus.mining.word_evidence.word_vectors`).
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
            and not _forms(word, own.lang, other.lang)
            and not _forms(word.lower(), own.lang, other.lang)
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
        and not any(_holding(other, form) for form in _forms(name, own.lang, other.lang))
    ]
    if missing and other.lang == "zh":
        sounds = _sounds(other.text)
        missing = [name for name in missing if not latin_keys(name) & sounds]
    return len(own.names) - len(missing), len(missing)


def _tells_names(other: Read) -> bool:
    """Tell whether names of other languages can be recognised in a sentence."""
    return other.lang in ("zh", "ko") or _LATIN.search(other.text) is not None


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

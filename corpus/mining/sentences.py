"""Sentence pairs among texts that are no translations of each other: candidates, evidence, one to one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from align.exact import quantised
from corpus.mining.evidence.parts import nearness_of_parts
from corpus.mining.evidence.sentence_words import rarities, read_sentence
from corpus.mining.evidence.sentences import SAID, compare, nearness
from corpus.mining.evidence.words import word_vectors
from corpus.mining.margin import candidates
from corpus.mining.model import against_usual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from align.encoder import Vectors
    from corpus.base.progress import Progress
    from corpus.mining.evidence.sentence_words import Read
    from corpus.mining.evidence.sentences import Said
    from corpus.mining.margin import Candidates, Floats, Ints, Sentences
    from corpus.mining.model import PairingModel

UNLIKELY = 0.01
"""Below this probability at the first look, a pair is not looked at more closely."""

_HELD = 100_000  # sentences of a language that are held taken apart; of more, some are taken apart again


@dataclass(frozen=True, slots=True)
class Bitext:
    """What is mined: the different sentences of two languages.

    Attributes
    ----------
    langs
        ISO 639-1 codes.
    texts
        The sentences of either language, none twice.
    sentences
        Their vectors.
    encode
        Returns the vectors of words or parts of sentences of the first language (0) or the second (1): shape
        (n, dim).
    """

    langs: tuple[str, str]
    texts: tuple[Sequence[str], Sequence[str]]
    sentences: tuple[Sentences, Sentences]
    encode: Callable[[Sequence[str], int], Vectors]


@dataclass(frozen=True, slots=True)
class Looked:
    """Pairs that were looked at closely, each once.

    Attributes
    ----------
    found
        The pairs, and how near their vectors are.
    features
        What the probability is made of, by name: shape (n,) each.
    said
        What the two texts of each say.
    """

    found: Candidates
    features: dict[str, Floats]
    said: Sequence[Said]


def first_look(
    bitext: Bitext,
    model: PairingModel,
    *,
    known: Callable[[Ints, Ints], npt.NDArray[np.bool_]] | None = None,
    unlikely: float = UNLIKELY,
    progress: Progress | None = None,
) -> tuple[Candidates, dict[str, Floats]]:
    """Return the pairs of sentences that may translate each other by their vectors and lengths.

    See `look_closely`. The evidence is returned by name: shape (n,) each. What is the same on both sides,
    letter by letter, is no translation, and left out.
    """
    found = candidates(*bitext.sentences, known=known, progress=progress)
    sizes = [
        np.fromiter(map(len, texts), np.int64, len(texts))[rows]
        for texts, rows in zip(bitext.texts, (found.src, found.tgt), strict=True)
    ]
    usual = [model.lengths.get(lang, 1.0) for lang in bitext.langs]
    near = nearness(found, (sizes[0], sizes[1]), (usual[0], usual[1]))
    chosen = model.first.probabilities(near) >= unlikely
    for place in np.flatnonzero(chosen).tolist():
        chosen[place] = not _is_copy(
            bitext.texts[0][int(found.src[place])], bitext.texts[1][int(found.tgt[place])]
        )
    return found.where(chosen), {name: values[chosen] for name, values in near.items()}


def _is_copy(one: str, other: str) -> bool:
    """Tell whether two texts have the same letters and digits: what is left as it is was not translated."""
    plain = ["".join(filter(str.isalnum, text)).casefold() for text in (one, other)]
    return plain[0] == plain[1]


def look_closely(
    bitext: Bitext,
    model: PairingModel,
    *,
    known: Callable[[Ints, Ints], npt.NDArray[np.bool_]] | None = None,
    unlikely: float = UNLIKELY,
    progress: Progress | None = None,
) -> Looked:
    """Return the pairs of sentences that may translate each other, with all the evidence.

    Parameters
    ----------
    bitext, model
        The sentences, and the weights of the evidence.
    known
        Tells which pairs to leave out (`corpus.mining.margin.candidates`).
    unlikely
        The least probability at the first look.
    progress
        Called with how many sentences are looked up, then of how many pairs the parts are compared, then the
        words, of how many.
    """
    found, near = first_look(bitext, model, known=known, unlikely=unlikely, progress=progress)
    near["parts"] = nearness_of_parts(
        (found.src, found.tgt), bitext.texts, bitext.langs, bitext.encode, progress
    )
    reads = [
        lru_cache(maxsize=_HELD)(partial(_read, texts, lang))
        for texts, lang in zip(bitext.texts, bitext.langs, strict=True)
    ]
    written: tuple[dict[str, str], dict[str, str]] = ({}, {})
    rarity = [
        rarities(_noting(read, np.unique(rows), words))
        for read, rows, words in zip(reads, (found.src, found.tgt), written, strict=True)
    ]
    vectors = word_vectors(written, bitext.encode)
    said: list[Said] = []
    rows: list[tuple[float, ...]] = []
    for number, (i, j) in enumerate(zip(found.src.tolist(), found.tgt.tolist(), strict=True), start=1):
        one = compare(reads[0](i), reads[1](j), (rarity[0], rarity[1]), vectors)
        said.append(one)
        features = one.features()
        rows.append(tuple(features[name] for name in SAID))
        if progress is not None and (number % 500 == 0 or number == len(found.src)):
            progress(number, len(found.src))
    told = np.array(rows, dtype=np.float64).reshape(len(rows), len(SAID))
    near |= {name: told[:, column] for column, name in enumerate(SAID)}
    return Looked(found, near | against_usual(near, model.usual), said)


def _read(texts: Sequence[str], lang: str, number: int) -> Read:
    return read_sentence(texts[number], lang)


def _noting(read: Callable[[int], Read], numbers: Ints, words: dict[str, str]) -> Iterator[Read]:
    """Yield sentences taken apart, and note how each of their words is first written."""
    for number in numbers.tolist():
        one = read(number)
        for word, written in one.words.items():
            words.setdefault(word, written)
        yield one


def one_to_one(src: Ints, tgt: Ints, scores: Floats) -> Ints:
    """Return which pairs are taken, the likeliest first, where no sentence is in two.

    Greedy, the likeliest first (competitive linking; Melamed 2000, "Models of translational equivalence among
    words"); of equals the one that comes first.
    """
    order = np.lexsort((tgt, src, -quantised(scores)))
    taken: list[int] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for place in order.tolist():
        i, j = int(src[place]), int(tgt[place])
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            taken.append(place)
    return np.array(taken, dtype=np.int64)

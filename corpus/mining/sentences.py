"""Sentence pairs among texts that are no translations of each other: candidates, evidence, one to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from align.exact import quantised
from corpus.mining.margin import candidates
from corpus.mining.sentence_evidence import SAID, compare, nearness, rarities, read_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from corpus.base.progress import Progress
    from corpus.mining.margin import Candidates, Floats, Ints, Sentences
    from corpus.mining.model import PairingModel
    from corpus.mining.sentence_evidence import Said

UNLIKELY = 0.01
"""Below this probability at the first look, a pair is not looked at more closely."""


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
    """

    langs: tuple[str, str]
    texts: tuple[Sequence[str], Sequence[str]]
    sentences: tuple[Sentences, Sentences]


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
        np.fromiter((len(texts[number]) for number in rows.tolist()), np.int64, len(rows))
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
        Called with how many sentences are looked up, then how many pairs compared, of how many.
    """
    found, near = first_look(bitext, model, known=known, unlikely=unlikely, progress=progress)
    read = [
        {number: read_sentence(texts[number], lang) for number in np.unique(rows).tolist()}
        for lang, texts, rows in zip(bitext.langs, bitext.texts, (found.src, found.tgt), strict=True)
    ]
    rarity = rarities(read[0].values()), rarities(read[1].values())
    said: list[Said] = []
    for number, (i, j) in enumerate(zip(found.src.tolist(), found.tgt.tolist(), strict=True), start=1):
        said.append(compare(read[0][i], read[1][j], rarity))
        if progress is not None and (number % 500 == 0 or number == len(found.src)):
            progress(number, len(found.src))
    rows = [one.features() for one in said]
    near |= {name: np.array([row[name] for row in rows], dtype=np.float64) for name in SAID}
    return Looked(found, near, said)


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

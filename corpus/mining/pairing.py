"""Pair texts in two languages: candidates by their sentences, then the evidence, then an alignment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from corpus.mining.evidence.documents import FEATURES, Evidence, compare, days_between
from corpus.mining.memory import Memory
from corpus.mining.model import ALIGNED
from corpus.mining.neighbours import Known, look_up, neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpus.base.progress import Progress
    from corpus.mining.model import Logistic, PairingModel
    from corpus.mining.texts import Text

Confirm: TypeAlias = "Callable[[Sequence[tuple[Text, Text]], Progress | None], Sequence[float]]"
"""Aligns pairs of texts and tells what is likely paired of each (`corpus.alignment.quick.paired_share`)."""

UNLIKELY, SURE = 0.02, 0.99
"""Below the one and from the other on, a pair is not aligned to be confirmed."""

FEW = 500
"""Of no more texts, none is sure by its sentences: what is usual between texts that say different things,
which margins are measured by, is not known of so few."""

_CONFIRMED = 2  # of a text, so many pairs are aligned, the likeliest
_MOST_SHARED = 0.25  # of what a part of a text matches there, what another part may match, too
_REPORTED = 50  # pairs compared between two reports


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two texts that may be translations of each other.

    Attributes
    ----------
    a, b
        The texts.
    evidence
        What says so.
    lead
        See `corpus.mining.evidence.documents.Evidence.features`.
    score
        The probability that they are, or that one is of a part of the other, 0 to 1.
    share
        What an alignment pairs of both; None where they were not aligned.
    """

    a: Text
    b: Text
    evidence: Evidence
    lead: float
    score: float
    share: float | None = None

    def features(self) -> dict[str, float]:
        """Return what the probability is made of, by name."""
        known = dict(zip(FEATURES, self.evidence.features(self.lead), strict=True))
        return known if self.share is None else known | dict(zip(ALIGNED, (self.share,), strict=True))


def pair_texts(
    left: Sequence[Text],
    right: Sequence[Text],
    model: PairingModel,
    confirm: Confirm | None = None,
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> list[Pairing]:
    """Return the pairs of texts in two languages that may be translations, each text's likeliest first.

    Parameters
    ----------
    left, right
        Texts in one language, and in another, none without sentences, in the order of their documents.
    model
        Weights of the evidence.
    confirm
        Aligns the likeliest; None leaves them as they are.
    progress
        Called with what is done, of how much: of the sentences looked up, either way, then of the pairs that
        are compared, then of those that are aligned.
    memory
        What is known of some of the texts from before; afterwards, what is known of all of them.

    Notes
    -----
    Besides looking up sentences, time grows linearly with the number of texts: each is compared with no more
    than `corpus.mining.neighbours.MOST_CANDIDATES` of its own choice, and aligned with two.
    """
    if not left or not right:
        return []
    memory = Memory() if memory is None else memory
    compared = _compared(left, right, model.ratio(left[0].lang, right[0].lang), memory, progress)
    pairs = [
        Pairing(left[i], right[j], evidence, lead, 0.0) for (i, j), evidence, lead in _with_leads(compared)
    ]
    found = dict(zip(compared, _scored(pairs, model.first), strict=True))
    if confirm is not None:
        likeliest = _likeliest(found, SURE if len(left) + len(right) > FEW else 1.0)
        chosen = [found[key] for key in likeliest]
        new = [one for one in chosen if (one.a.digest, one.b.digest) not in memory.shares]
        shares = confirm([(one.a, one.b) for one in new], progress)
        known = memory.shares | {
            (one.a.digest, one.b.digest): share for one, share in zip(new, shares, strict=True)
        }
        memory.changed |= bool(new)
        memory.shares = {key: known[key] for one in chosen for key in [(one.a.digest, one.b.digest)]}
        aligned = [replace(one, share=known[one.a.digest, one.b.digest]) for one in chosen]
        found |= dict(zip(likeliest, _scored(aligned, model.confirmed), strict=True))
    return sorted(found.values(), key=lambda one: (-one.score, one.a.doc_id, one.b.doc_id))


def _compared(
    left: Sequence[Text],
    right: Sequence[Text],
    ratio: float,
    memory: Memory,
    progress: Progress | None,
) -> dict[tuple[int, int], Evidence]:
    """Compare each text with its candidates, as far as that is not known; keep what is known now."""
    keys = [text.key for text in left], [text.key for text in right]
    known = memory.lookups or (None, None)
    lookups = (
        look_up(left, right, known[0], progress),
        look_up(right, left, known[1], progress),
    )
    memory.changed = [(one.asked, one.held) for one in memory.lookups] != [keys, keys[::-1]]
    memory.lookups = Known(keys[0], keys[1], lookups[0]), Known(keys[1], keys[0], lookups[1])
    ours, theirs = neighbours(left, right, lookups)
    pairs = {(i, j) for i, votes in enumerate(ours.votes) for j, _ in votes}
    pairs |= {(i, j) for j, votes in enumerate(theirs.votes) for i, _ in votes}
    densities = [
        [blake2b(one.tobytes(), digest_size=6).digest() for one in side.density] for side in (ours, theirs)
    ]
    before, memory.evidence = memory.evidence, {}
    compared: dict[tuple[int, int], Evidence] = {}
    for number, (i, j) in enumerate(sorted(pairs), start=1):
        a, b = left[i], right[j]
        key = a.digest, b.digest, (densities[0][i] + densities[1][j]).hex()
        evidence = before.get(key)
        if evidence is None:
            evidence = compare(a, b, (ours.density[i], theirs.density[j]), ratio)
        memory.evidence[key] = evidence
        compared[i, j] = replace(evidence, days=days_between(a, b))
        if progress is not None and (number % _REPORTED == 0 or number == len(pairs)):
            progress(number, len(pairs))
    return compared


def _scored(pairs: Sequence[Pairing], weights: Logistic) -> list[Pairing]:
    rows = [one.features() for one in pairs]
    names = list(weights.weights)
    columns = {name: np.array([row[name] for row in rows], np.float64) for name in names}
    scores = weights.probabilities(columns) if names else np.full(len(rows), weights.probability({}))
    return [replace(one, score=score) for one, score in zip(pairs, scores.tolist(), strict=True)]


def _with_leads(
    compared: Mapping[tuple[int, int], Evidence],
) -> list[tuple[tuple[int, int], Evidence, float]]:
    """Add to each pair how much closer it is than the next best of the side that is matched more."""
    best: dict[tuple[int, int], list[tuple[float, int]]] = defaultdict(list)
    for (i, j), evidence in compared.items():
        close = sum(evidence.close) / 2
        best[0, i].append((close, j))
        best[1, j].append((close, i))
    for ranked in best.values():
        ranked.sort(reverse=True)
    out = []
    for (i, j), evidence in compared.items():
        close = sum(evidence.close) / 2
        leads = []
        for key, other in (((0, i), j), ((1, j), i)):
            next_best = next((value for value, number in best[key] if number != other), 0.9)
            leads.append(close - next_best)
        one, two = evidence.matched
        lead = min(leads) if one == two else leads[int(two > one)]
        out.append(((i, j), evidence, lead))
    return out


def _likeliest(found: Mapping[tuple[int, int], Pairing], sure: float) -> list[tuple[int, int]]:
    """Return the pairs to align: of each text the likeliest, if they are likely at all and not sure."""
    ranked: dict[tuple[int, int], list[tuple[float, tuple[int, int]]]] = defaultdict(list)
    for key, one in found.items():
        if one.score >= UNLIKELY:
            ranked[0, key[0]].append((-one.score, key))
            ranked[1, key[1]].append((-one.score, key))
    likeliest = {key for ours in ranked.values() for _, key in sorted(ours)[:_CONFIRMED]}
    return sorted(key for key in likeliest if found[key].score <= sure)


def accepted(pairs: Sequence[Pairing], threshold: float = 0.5) -> dict[tuple[str, str], str]:
    """Return which pairs are taken, by their documents: ``whole``, or ``part`` of one to several.

    A pair is taken that reaches the threshold and is each one's best. Of a text that has its pair, others are
    taken besides whose best it is, if they match other parts of it than those that are taken.

    Parameters
    ----------
    pairs
        Each of two languages, in any order.
    threshold
        Of `Pairing.score`.
    """
    ordered = sorted(
        (one for one in pairs if one.score >= threshold),
        key=lambda one: (-one.score, one.evidence.days or 0, one.a.doc_id, one.b.doc_id),
    )
    best: dict[str, Pairing] = {}
    for one in ordered:
        for doc in (one.a.doc_id, one.b.doc_id):
            best.setdefault(doc, one)
    taken: dict[tuple[str, str], str] = {}
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in ordered:
        if _is_best(one, best):
            taken[_key(one)] = "whole"
            for text, span in zip((one.a, one.b), one.evidence.spans, strict=True):
                spans[text.doc_id] += [span] if span else []
    for one in ordered:
        for whole, part, span in zip((one.a, one.b), (one.b, one.a), one.evidence.spans, strict=True):
            first = best[whole.doc_id]
            if best[part.doc_id] is one and first is not one and _is_elsewhere(span, spans[whole.doc_id]):
                taken[_key(one)] = "part"
                if _key(first) in taken:  # what was taken for the whole is a part, too
                    taken[_key(first)] = "part"
    return taken


def _is_elsewhere(span: tuple[int, int] | None, taken: list[tuple[int, int]]) -> bool:
    """Tell whether a span is beside those that are taken; it is one of them, then."""
    if span is None or any(_shared(span, other) > _MOST_SHARED for other in taken):
        return False
    taken.append(span)
    return True


def _key(one: Pairing) -> tuple[str, str]:
    return one.a.doc_id, one.b.doc_id


def _is_best(one: Pairing, best: Mapping[str, Pairing]) -> bool:
    return best[one.a.doc_id] is one and best[one.b.doc_id] is one


def _shared(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the share of the shorter of two spans that is in the other."""
    both = min(one[1], other[1]) - max(one[0], other[0]) + 1
    return max(both, 0) / (min(one[1] - one[0], other[1] - other[0]) + 1)

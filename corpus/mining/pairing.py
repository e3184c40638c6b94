"""Pair texts in two languages: candidates by their sentences, then the evidence, then an alignment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from corpus.mining.evidence import FEATURES, Evidence, compare
from corpus.mining.model import ALIGNED
from corpus.mining.neighbours import neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpus.alignment.likeness import Likeness
    from corpus.base.progress import Progress
    from corpus.mining.model import PairingModel
    from corpus.mining.texts import Text

Confirm: TypeAlias = "Callable[[Text, Text], Likeness]"
"""Aligns two texts and tells how much they look like translations."""

UNLIKELY, SURE = 0.02, 0.99
"""Below the one and from the other on, a pair is not aligned to be confirmed."""

FEW = 500
"""Of no more texts, none is sure by its sentences: what is usual between texts that say different things,
which margins are measured by, is not known of so few."""

_CONFIRMED = 2  # of a text, so many pairs are aligned, the likeliest
_MOST_SHARED = 0.25  # of what a part of a text matches there, what another part may match, too


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
        See `corpus.mining.evidence.Evidence.features`.
    score
        The probability that they are, or that one is of a part of the other, 0 to 1.
    likeness
        Of their alignment; None where they were not aligned.
    """

    a: Text
    b: Text
    evidence: Evidence
    lead: float
    score: float
    likeness: Likeness | None = None

    def features(self) -> dict[str, float]:
        """Return what the probability is made of, by name."""
        known = dict(zip(FEATURES, self.evidence.features(self.lead), strict=True))
        if self.likeness is not None:
            close = self.likeness.closeness
            values = (self.likeness.share, 0.3 if close is None else close)
            known |= dict(zip(ALIGNED, values, strict=True))
        return known


def pair_texts(
    left: Sequence[Text],
    right: Sequence[Text],
    model: PairingModel,
    confirm: Confirm | None = None,
    progress: Progress | None = None,
) -> list[Pairing]:
    """Return the pairs of texts in two languages that may be translations, each text's likeliest first.

    Parameters
    ----------
    left, right
        Texts in one language, and in another, none without sentences.
    model
        Weights of the evidence.
    confirm
        Aligns the likeliest; None leaves them as they are.
    progress
        Called with how many pairs are compared or aligned, of how many.

    Notes
    -----
    Besides looking up sentences, time grows linearly with the number of texts: each is compared with no more
    than `corpus.mining.neighbours.MOST_CANDIDATES` of its own choice, and aligned with two.
    """
    if not left or not right:
        return []
    ours, theirs = neighbours(left, right)
    pairs = {(i, j) for i, votes in enumerate(ours.votes) for j, _ in votes}
    pairs |= {(i, j) for j, votes in enumerate(theirs.votes) for i, _ in votes}
    ratio = model.ratio(left[0].lang, right[0].lang)
    compared: dict[tuple[int, int], Evidence] = {}
    total = len(pairs) + _CONFIRMED * (len(left) if confirm else 0)
    for number, (i, j) in enumerate(sorted(pairs), start=1):
        compared[i, j] = compare(left[i], right[j], (ours.density[i], theirs.density[j]), ratio)
        if progress is not None and number % 50 == 0:
            progress(number, total)
    found = {
        (i, j): _scored(Pairing(left[i], right[j], evidence, lead, 0.0), model)
        for (i, j), evidence, lead in _with_leads(compared)
    }
    if confirm is not None:
        likeliest = _likeliest(found, SURE if len(left) + len(right) > FEW else 1.0)
        for number, key in enumerate(likeliest, start=1):
            one = found[key]
            found[key] = _scored(replace(one, likeness=confirm(one.a, one.b)), model)
            if progress is not None:
                progress(min(len(pairs) + number, total), total)
    if progress is not None:
        progress(total, total)
    return sorted(found.values(), key=lambda one: (-one.score, one.a.doc_id, one.b.doc_id))


def _scored(one: Pairing, model: PairingModel) -> Pairing:
    part = model.first if one.likeness is None else model.confirmed
    return replace(one, score=part.probability(one.features()))


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

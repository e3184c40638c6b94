"""One calibrated probability that two texts translate each other, or two sentences: logistic regression."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus.base.errors import InputError
from corpus.base.resources import models_dir

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ALIGNED = ("share",)
"""What an alignment adds to the evidence (`corpus.alignment.quick.paired_share`)."""


AGAINST = frozenset({"length", "days"})
"""Evidence that speaks against a pair the more there is of it."""

AGAINST_USUAL = ("cosine", "margin", "coverage")
"""Evidence of sentences that is also measured by what it is of wrong pairs of the same texts."""

_AS_MANY = 50  # candidates of the texts at hand that count as much as what is usual
_FAR = 3.0  # deviations above or below what is usual that count


@dataclass(frozen=True)
class Logistic:
    """A logistic regression.

    Attributes
    ----------
    weights
        What each feature is worth, by its name.
    bias
        The logarithm of the odds where all are nothing.
    """

    weights: Mapping[str, float]
    bias: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1."""
        return float(self.probabilities({name: np.asarray(value) for name, value in features.items()}))

    def probabilities(self, features: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.float64]:
        """Return the probabilities of many, 0 to 1, in the shape of the features."""
        odds = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        found: npt.NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return found


@dataclass(frozen=True)
class PairingModel:
    """The weights of the evidence, at a first look and at a closer one.

    Attributes
    ----------
    first, confirmed
        Of documents, what is known from their sentences alone, and with an alignment; of sentences, from
        their vectors and lengths alone, and with what they say.
    encoder
        Whose vectors they were trained on.
    lengths
        Characters that stand for one of English, by language.
    usual
        Of sentences, mean and standard deviation of some of the evidence of wrong pairs, by its name.
    """

    first: Logistic
    confirmed: Logistic
    encoder: str
    lengths: Mapping[str, float]
    usual: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def ratio(self, src: str, tgt: str) -> float:
        """Return how many characters of one language stand for one of another."""
        return self.lengths.get(tgt, 1.0) / self.lengths.get(src, 1.0)


@cache
def shipped_pairing() -> PairingModel:
    """Return the weights that ship."""
    return read_pairing(models_dir() / "pairing" / "pairing.json")


@cache
def shipped_mining() -> PairingModel:
    """Return the weights that ship, of sentences."""
    return read_pairing(models_dir() / "mining" / "mining.json")


def read_pairing(path: Path) -> PairingModel:
    """Read weights (InputError if they cannot be read)."""
    try:
        content = json.loads(path.read_text("utf-8"))
        parts = [Logistic(content[name]["weights"], content[name]["bias"]) for name in ("first", "confirmed")]
        usual = {name: (mean, spread) for name, (mean, spread) in content.get("usual", {}).items()}
        return PairingModel(parts[0], parts[1], content["encoder"], content["lengths"], usual)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: no weights of pairing, or damaged: {error}") from None


def fit(
    rows: Sequence[Mapping[str, float]],
    right: Sequence[bool],
    names: Sequence[str],
    against: frozenset[str] = AGAINST,
) -> Logistic:
    """Fit a logistic regression that is monotone in each evidence: less of it never makes a pair likelier.

    What would have to count the other way, as it is said by other evidence already, counts nothing.

    Parameters
    ----------
    rows, right
        Features of pairs by name, and whether they are translations.
    names
        Of the features.
    against
        Of these, those that speak against a pair.
    """
    kept = list(names)
    while True:
        found = _fitted(rows, right, kept)
        wrong = [name for name in kept if found.weights[name] * (-1 if name in against else 1) < 0]
        if not wrong:
            return found
        kept.remove(max(wrong, key=lambda name: abs(found.weights[name]) * _spread(rows, name)))


def _spread(rows: Sequence[Mapping[str, float]], name: str) -> float:
    return float(np.std([row[name] for row in rows]))


def _fitted(rows: Sequence[Mapping[str, float]], right: Sequence[bool], names: Sequence[str]) -> Logistic:
    """Fit by Newton's method, with a little ridge on standardised features."""
    values = np.array([[row[name] for name in names] for row in rows], dtype=np.float64)
    target = np.array(right, dtype=np.float64)
    mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), 1e-9)
    design = np.column_stack([(values - mean) / scale, np.ones(len(values))])
    ridge = np.diag([*[1.0] * len(names), 1e-6])
    weights = np.zeros(len(names) + 1)
    for _ in range(50):
        found = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (found - target) + ridge @ weights
        curve = (design * (found * (1 - found))[:, None]).T @ design + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    plain = weights[:-1] / scale
    return Logistic(
        {name: round(float(weight), 4) for name, weight in zip(names, plain, strict=True)},
        round(float(weights[-1] - plain @ mean), 4),
    )


def against_usual(
    features: Mapping[str, npt.NDArray[np.float64]], usual: Mapping[str, tuple[float, float]]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return evidence in standard deviations above what it is of wrong pairs: shape (n,) each.

    How near a free translation of a novel is, would be little for a manual. What wrong pairs have is known of
    any texts: a candidate that is second to another is wrong, with few exceptions. Of few such candidates,
    what is usual counts as so many more. More than three deviations tell no more: in texts of a few sentences
    any pair has a margin that is far above the usual.

    Parameters
    ----------
    features
        Of the candidates, by name, `lead` among them.
    usual
        Mean and standard deviation of wrong pairs in most texts, by name (`usual_of`).
    """
    wrong = features["lead"] < 0
    count = int(wrong.sum())
    found: dict[str, npt.NDArray[np.float64]] = {}
    for name in AGAINST_USUAL:
        mean, spread = usual.get(name, (0.0, 1.0))
        values = features[name][wrong]
        own = float(values.mean()) if count else 0.0
        squares = float(np.square(values - own).mean()) if count else 0.0
        share = count / (count + _AS_MANY)
        both = share * own + (1 - share) * mean
        variance = share * squares + (1 - share) * spread**2 + share * (1 - share) * (own - mean) ** 2
        above = (features[name] - both) / max(math.sqrt(variance), 1e-6)
        found[f"{name} above usual"] = np.clip(above, -_FAR, _FAR)
    return found


def usual_of(features: Sequence[Mapping[str, npt.NDArray[np.float64]]]) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of the evidence of wrong pairs (`against_usual`)."""
    found = {}
    for name in AGAINST_USUAL:
        values = np.concatenate([one[name][one["lead"] < 0] for one in features])
        found[name] = round(float(values.mean()), 4), round(float(values.std()), 4)
    return found

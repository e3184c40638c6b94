"""One calibrated probability of relevance, monotone in each evidence.

Logistic regression with weights that are not negative, so that more of any evidence never makes a passage
less probable. What an evidence is worth depends on the query's length: for one word, whether it stands there
is everything; of a question no passage has all words. So each weight is a mean of two, for short queries and
for long ones.

That one text of many comes near a query by chance is likelier than that one of few does. The weights are of
thousands of texts; the fewer there are below a thousand, the likelier each is what is meant.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.base.errors import InputError
from corpus.base.resources import models_dir
from corpus.search.relevance.evidence import FEATURES

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.search.relevance.evidence import Floats


FEW, FEWEST = 1000, 100
"""Texts from which on, and to which down, their number makes no difference: what was measured."""


@dataclass(frozen=True)
class Relevance:
    """Weights of the evidence.

    Attributes
    ----------
    short, long
        Shape (len(FEATURES),), none negative: in queries of one word, and in the limit of many.
    bias
        Of short queries, and of long ones.
    encoder
        Whose cosines it was trained on.
    of_few
        Log-odds that a text gains where there are fewer than `FEW`, for each factor of e.
    """

    short: Floats
    long: Floats
    bias: tuple[float, float]
    encoder: str = "use"
    of_few: float = 0.0

    def probabilities(self, evidence: Floats, words: int, texts: int = FEW) -> Floats:
        """Return the probability that each text is about the query: shape (n,), 0 to 1.

        Parameters
        ----------
        evidence
            From `corpus.search.relevance.evidence.features`: shape (n, len(FEATURES)).
        words
            How many words the query has, function words aside.
        texts
            How many there are to be told from, in all languages, whether or not they are looked at.
        """
        share = shortness(words)
        weights = share * self.short + (1 - share) * self.long
        odds = evidence @ weights + share * self.bias[0] + (1 - share) * self.bias[1]
        odds += self.of_few * math.log(FEW / min(max(texts, FEWEST), FEW))
        found: Floats = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
        return found


def shortness(words: int) -> float:
    """Return how much of a short query one of so many words is: 1 for one word, towards 0 for many."""
    return 1 / max(words, 1)


LIKELIER_THAN_NOT = 0.5
"""The least probability of a hit, unless another is asked for."""


@cache
def shipped_relevance() -> Relevance:
    """Return the weights that ship."""
    return read_relevance(models_dir() / "search" / "relevance.json")


def read_relevance(path: Path) -> Relevance:
    """Read weights.

    Raises
    ------
    InputError
        If the file is missing, or does not hold a weight that is not negative for each evidence.
    """
    try:
        held = json.loads(path.read_text("utf-8"))
        short, long = (
            np.array([held["weights"][name][column] for name in FEATURES], np.float32) for column in (0, 1)
        )
        bias = (float(held["bias"][0]), float(held["bias"][1]))
        of_few = float(held.get("of few", 0.0))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        msg = f"{path}: no weights of relevance: {error}"
        raise InputError(msg) from None
    if (short < 0).any() or (long < 0).any() or not 0 <= of_few < math.inf:
        msg = f"{path}: a weight is negative"
        raise InputError(msg)
    return Relevance(short, long, bias, str(held.get("encoder", "use")), of_few)

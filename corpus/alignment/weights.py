"""The aligner's weights as files: those that ship, and those a user trained or calibrated."""

from __future__ import annotations

import json
import math
from functools import cache
from itertools import pairwise
from pathlib import Path

import align
from align import relatedness
from align.paths.omissions import SIGNS
from align.scoring.features import ADDED, NAMES
from corpus.base.errors import InputError
from corpus.base.files import json_digest, read_bytes, write_atomically
from corpus.base.limits import MAX_BLOCK
from corpus.base.parsing import parse_json
from corpus.base.resources import models_dir
from corpus.text.decoding import decode

SHIPPED = "shipped"
"""What stands for the weights that ship, where a file could be named."""


@cache
def shipped_weights() -> align.Weights:
    """Read the weights that ship with the toolkit."""
    return read_weights(models_dir() / "aligner" / "default.json")


def read_weights(path: Path | str) -> align.Weights:
    """Read a file of weights, or those that ship for ``shipped``.

    Raises
    ------
    InputError
        If the file cannot be read, or holds something else.
    """
    if str(path) == SHIPPED:
        return shipped_weights()
    path = Path(path)
    try:
        return parse_weights(decode(read_bytes(path), str(path), "utf-8"))
    except ValueError as error:
        raise InputError(
            f"{path}: no weights of the aligner ({error}); train-aligner and calibrate make such files"
        ) from None


def parse_weights(text: str) -> align.Weights:
    """Read weights from JSON.

    Raises
    ------
    ValueError
        If it is none, of another format, or would give scores that are no probabilities: a number that is
        not finite, a feature that is not there, knots that do not ascend, `max_block` below one or above
        `corpus.base.limits.MAX_BLOCK`.
    """
    data = parse_json(text)
    if not isinstance(data, dict):
        raise ValueError("not an object of JSON")  # noqa: TRY004 - of the content, not of an argument
    try:
        weights = align.Weights.from_dict(data)
    except OverflowError as error:
        raise ValueError(str(error)) from None
    if mistake := _mistake(weights):
        raise ValueError(mistake)
    return weights


def _mistake(weights: align.Weights) -> str:
    """Say what of weights cannot be; empty if they can score."""
    calibration = weights.calibration
    if said := _misnamed(weights) or _out_of_range(weights):
        return said
    numbers = {
        "coefficients": calibration.coefficients,
        "features": weights.features.values(),
        "omissions": weights.omissions.values(),
        "relatedness": weights.relatedness.values(),
        "contradicted": (weights.contradicted,),
    }
    for name, values in numbers.items():
        if not all(map(math.isfinite, values)):
            return f"{name} has a number that is not finite"
    for name, knots in (("raw", calibration.raw), ("probability", calibration.probability)):
        # Written so that what is not a number is out of order, too.
        if not knots or not all(a <= b for a, b in pairwise((0.0, *knots, 1.0))):
            return f"the knots of the calibration ({name}) do not ascend from 0 to 1"
    if len(calibration.raw) != len(calibration.probability):
        return "the calibration has not as many probabilities as knots"
    return ""


def _out_of_range(weights: align.Weights) -> str:
    """Say which number of weights cannot be."""
    if not 1 <= weights.max_block <= MAX_BLOCK:
        return f"max_block is {weights.max_block}, not 1 to {MAX_BLOCK}"
    if not 0.0 <= weights.contradicted <= 1.0:
        return f"contradicted is {weights.contradicted}, not 0 to 1"
    return ""


def _misnamed(weights: align.Weights) -> str:
    """Say what weights lack, or have too much."""
    if missing := [name for name in NAMES if name not in weights.features and name not in ADDED]:
        return f"no weight of {', '.join(missing)}"
    if strange := [name for name in weights.omissions if name not in SIGNS]:
        return f"omissions has a coefficient of {', '.join(strange)}, which is no sign of them"
    if strange := [name for name in weights.relatedness if name not in relatedness.SIGNS]:
        return f"relatedness has a coefficient of {', '.join(strange)}, which is no sign of it"
    return ""


def weights_text(weights: align.Weights) -> str:
    """Return weights as the JSON that `parse_weights` reads."""
    return json.dumps(weights.to_dict(), indent=1, ensure_ascii=False) + "\n"


def write_weights(path: Path, weights: align.Weights) -> None:
    """Write a file of weights, whole or not at all (CorpusError if it cannot be written)."""
    write_atomically(path, weights_text(weights).encode())


def weights_digest(weights: align.Weights) -> str:
    """Return eight hexadecimal digits that tell weights, with calibration and provenance, from others."""
    return json_digest(weights.to_dict())[:8]
